"""A report on a class: scores, frequent mistakes, and students who may need help."""
