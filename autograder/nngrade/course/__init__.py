"""A course on disk: its stages, and for each the lesson, the reference, the checks, the answers."""
