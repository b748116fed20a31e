"""Class runs that write grades into nbgrader's gradebook.

`class_run` grades a class, `journal` keeps every result, and `writer` writes the database and the
autograded notebooks. nbgrader itself loads `preprocessors`.
"""
