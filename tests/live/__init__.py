"""The notebook's answers: what is seen, what is said, and that nothing else changes."""
