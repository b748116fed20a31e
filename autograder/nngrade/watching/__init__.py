"""Watching a folder: grade submissions as they arrive, and write feedback into another folder."""
