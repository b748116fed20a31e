"""nbgrader's gradebook, and class runs that write into it.

`class_run` grades a class, `journal` keeps every result, `writer` writes database and autograded
notebooks; `preprocessors` are what nbgrader itself loads.
"""
