"""The notebook answers: each test cell says what it found, before the deadline.

``import nngrade.live`` switches it on, wherever IPython runs the notebook; elsewhere, as when the
notebook is graded, it does nothing. Nothing in here knows a hidden check or a right answer: what a
test cell expects is what stands in it.

In the notebook, `configure` changes how it answers, and `off` has IPython's own output back. A
lesson's questions are answered with `answer`; `identify` says whose numbers they ask for.
"""

from __future__ import annotations

from nngrade.live.asking import answer, identify, questions
from nngrade.live.hook import off, on
from nngrade.live.settings import configure

__all__ = ["answer", "configure", "identify", "off", "on", "questions"]

on()
