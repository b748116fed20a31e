"""A page on a class: its scores, its frequent mistakes, and who may need help."""
