"""Grade one submission: run its cells in a worker, run the checks, and report the results.

`grader` is the entry point. `checking` runs a hidden check, and `visible` a task's visible tests.
`session` and `student` call the student's functions, and `assertions` compare the returned values.
"""
