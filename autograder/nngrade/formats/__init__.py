"""Output formats of grading results: for people, programs, students and gradebooks.

`registry` lists the formats; each has a module of its own name. `feedback` limits what students may
read, `target` writes documents whole or not at all, and `pages` holds what all HTML pages share.
"""
