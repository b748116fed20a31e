"""Submissions: where they are found, whose they are, of which stage, and the program in each.

`walk` finds files, `identity` tells student and stage, `precedence` which of several counts; `find`
does all of that. `notebook_file` reads a notebook, `program` recovers the student's work from it.
"""
