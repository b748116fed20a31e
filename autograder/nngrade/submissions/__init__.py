"""Submissions: find them, determine their student and stage, and recover their programs.

`walk` finds files, `identity` determines student and stage, and `precedence` chooses among several
uploads; `find` combines them. `notebook_file` reads a notebook, and `program` recovers the
student's work from it.
"""
