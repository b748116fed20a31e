"""Practice: a student's functions, gathered from all notebooks, and what they do together."""
