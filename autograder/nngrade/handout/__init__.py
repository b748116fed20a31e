"""The hand-out: the folder that students get, with notebooks, data and pinned requirements."""
