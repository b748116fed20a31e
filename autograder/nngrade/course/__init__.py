"""A course on disk: its stages, each with a lesson, a reference, checks and planted answers."""
