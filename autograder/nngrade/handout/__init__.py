"""The hand-out: what students get, made of the lessons and of what they were tried with."""
