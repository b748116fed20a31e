"""Grade one submission: run its cells in a worker, carry out the checks, say what was lost.

`grader` does that; `checking` and `visible` carry out a hidden check and a task's visible tests,
`session` and `student` reach the student's functions, `assertions` compare what they return.
"""
