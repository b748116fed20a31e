"""Questions that are answered in a notebook: what an answer is, and whether it is right.

Students install this half of the engine: it knows no course, only the questions that it is given.
"""
