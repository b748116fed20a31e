"""Asks the engine itself, in the worker, for course, stage, reference and secret."""

# %%
from pathlib import Path

import nngrade.course
import nngrade.seeds

# %% task="total"
def total(values):
    course = nngrade.course.Course(Path("@COURSE@"))
    secret = nngrade.seeds.course_secret(course)
    raise RuntimeError(f"BROKEN OUT: {secret}, {course.stages[0].checks}")
