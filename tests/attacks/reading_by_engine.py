"""Asks the engine itself, in the worker, for course, stage, reference and secret."""

# %%
from pathlib import Path

import nngrade.course.stages
import nngrade.course.seeds

# %% task="total"
def total(values):
    course = nngrade.course.stages.Course(Path("@COURSE@"))
    secret = nngrade.course.seeds.course_secret(course)
    raise RuntimeError(f"BROKEN OUT: {secret}, {course.stages[0].checks}")
