"""Feedback in a notebook's outputs: text, told once."""

from __future__ import annotations

from nngrade.gradebook.grade_outputs import grade_outputs
from nngrade.results import CheckResult, Diagnosis


def test_feedback_is_text_whatever_a_student_wrote() -> None:
    check = CheckResult(
        "f.c", "f", "All <is> well.", 2, 0, "failed", "<script>alert(1)</script>", "<b>", 0.0
    )
    page = grade_outputs([check], "hints")[0]["data"]["text/html"]
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "<b>" not in page


def test_that_a_task_is_not_done_is_said_once() -> None:
    visible, *rest = (
        CheckResult(f"f.{name}", "f", name, 1, 0, status, "f is not done yet", "", 0.0)
        for name, status in (("visible", "failed"), ("one", "skipped"), ("two", "skipped"))
    )
    for kind in ("text/html", "text/plain"):
        page = grade_outputs([visible, *rest], "hints")[0]["data"][kind]
        assert page.count("f is not done yet") == 1
        page = grade_outputs(rest, "hints")[0]["data"][kind]
        assert page.count("f is not done yet") == 1


def test_a_diagnosis_is_told_with_its_own_hint() -> None:
    told = Diagnosis("too_much", None, "One is added.", "Where is the 1 from?", "certain")
    check = CheckResult("f.c", "f", "All.", 2, 0, "failed", "wrong", "A hint.", 0.0, diagnosis=told)
    text = grade_outputs([check], "hints")[0]["data"]["text/plain"]
    assert text.splitlines()[1:] == [
        "    wrong",
        "    One is added.",
        "    Hint: Where is the 1 from?",
    ]
    assert "One is added" not in grade_outputs([check], "names")[0]["data"]["text/plain"]
