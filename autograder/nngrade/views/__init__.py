"""Views of results: what people and programs get to see of a grading."""
