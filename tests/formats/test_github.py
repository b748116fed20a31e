"""GitHub's log: annotations, and no orders of others to the runner."""

from __future__ import annotations

import re

from nngrade.authoring.specimens import untouched
from nngrade.course.notebook import notebook_text
from nngrade.course.stages import Course
from nngrade.formats import github
from nngrade.results import Diagnosis
from tests.formats.conftest import a_class, a_submission, check, submission
from tests.helpers import HOSTILE, commands_in


def test_github_finds_only_our_own_commands():
    for text in (github.render(a_class()), github.render_failure(HOSTILE)):
        commands = commands_in(text)
        assert len(commands) == len(text.splitlines())
        assert {name for name, _, _ in commands} <= {"error", "notice"}
        for _, properties, _ in commands:
            assert set(properties) <= {"file", "line", "title"}


def test_github_gets_messages_as_they_are():
    messages = [message for _, _, message in commands_in(github.render([a_submission()]))]
    assert "off by 1\nAn average is taken.\nHint: Is it?" in messages
    assert any("%0A::error::y" in one for one in messages)


def test_github_shows_what_cost_most_and_one_notice_of_the_rest():
    checks = [check(f"c{n}", points=float(n), message=f"wrong by {n}") for n in range(1, 15)]
    *errors, (name, _, summary) = commands_in(github.render([submission("ann", *checks)]))
    assert [re.search(r"About c(\d+)", one["title"])[1] for _, one, _ in errors] == [
        str(n) for n in range(14, 4, -1)
    ]
    assert name == "notice"
    assert "0 of 105 points" in summary
    assert "4 more" in summary
    assert "About c4." in summary


def test_github_weighs_a_mistake_with_what_was_skipped_for_it():
    checks = [
        check("small", message="wrong", points=2.0),
        check("visible", task="shifted", id="shifted.visible", points=0.0, message="not done"),
        check("rest", task="shifted", id="shifted.rest", points=3.0, status="skipped"),
    ]
    (_, first, _), (_, second, _), _ = commands_in(github.render([submission("ann", *checks)]))
    assert first["title"].startswith("shifted: Not yet: About visible.")
    assert second["title"].startswith("total: Not yet: About small.")


def test_github_shows_mistakes_before_what_is_not_done():
    undone = [
        check("a", task=f"t{n}", id=f"t{n}.a", points=4.0, message=f"t{n} is not done yet")
        for n in range(12)
    ]
    mistake = check("b", points=1.0, message="off by 1")
    *errors, _ = commands_in(github.render([submission("ann", *undone, mistake)]))
    assert len(errors) == 10
    assert errors[0][2] == "off by 1"


def test_github_gives_one_annotation_to_one_reason():
    same = [check(f"c{n}", message="In your cell total, line 2, ...") for n in range(3)]
    other = check("d", message="off by 1", points=2.0)
    (_, first, _), (_, second, message), _ = commands_in(
        github.render([submission("ann", *same, other)])
    )
    # Three points were lost by it, two by the other.
    assert "About c0." in first["title"]
    assert "About d." in second["title"]
    assert message == "off by 1"


def test_github_tells_the_students_of_a_class_apart():
    class_ = [submission(name, check("wrong", message="off by 1")) for name in ("ann", "ben")]
    (_, first, _), (_, second, _), _ = commands_in(github.render(class_))
    assert first["title"] == "ann: total: Not yet: About wrong. (0/1)"
    assert second["title"] == "ben: total: Not yet: About wrong. (0/1)"


def test_github_shows_the_reason_of_each_task_before_a_second_of_one():
    known = Diagnosis("mean", None, "An average is taken.", "Is it?", "certain")
    checks = [
        check("visible_tests", message="1 + 2 is 3", points=0.0),
        check("a", message="off by 1", diagnosis=known),
        check("b", message="off by 2"),
        check("c", task="fit", id="fit.c", message="off by 3", points=0.5),
    ]
    *errors, _ = commands_in(github.render([submission("ann", *checks)]))
    assert [title["title"][:9] for _, title, _ in errors][:2] == ["total: No", "fit: Not "]
    assert "An average is taken." in errors[0][2]


def test_github_counts_what_many_have_lost():
    class_ = [submission(f"s{n}", check("wrong", message="off by 1")) for n in range(16)]
    *_, (_, _, summary) = commands_in(github.render(class_))
    assert "Not shown as annotations, 6 more:" in summary
    assert summary.endswith("- 6 × total: Not yet: About wrong. (0/1)")


def test_github_names_visible_tests_that_fail():
    visible = check("visible_tests", message="1 + 2 is 3", points=0.0, description="The tests.")
    (_, one, _), _ = commands_in(github.render([submission("ann", visible)]))
    assert one["title"] == "total: The visible tests in the notebook fail."


def test_github_finds_the_cell_in_the_repository(tmp_path, course: Course, monkeypatch):
    stage = course.stages[0]
    notebook = untouched(course, stage)
    path = tmp_path / "work, here/stage01_sums.ipynb"
    path.parent.mkdir()
    path.write_text(notebook_text(notebook))
    (number,) = [n for n, cell in enumerate(notebook["cells"], 1) if cell["id"] == "task-total"]
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    one = submission("ann", check("wrong", message="wrong", cell=number), path=str(path))
    (_, properties, _), _ = commands_in(github.render([one]))
    assert properties["file"] == "work, here/stage01_sums.ipynb"
    assert "def total(values)" in path.read_text().splitlines()[int(properties["line"]) - 1]


def test_github_shows_a_mistake_before_what_follows_from_it():
    because = Diagnosis(None, "follows", "fit goes wrong because of total.", "Mend it.", "certain")
    follower = check("a", task="fit", id="fit.a", points=4.0, diagnosis=because)
    mistake = check("b", points=1.0, message="off by 1")
    (_, first, _), (_, second, message), _ = commands_in(
        github.render([submission("ann", follower, mistake)])
    )
    assert first["title"].startswith("total: ")
    assert second["title"].startswith("fit: ")
    assert message.startswith("fit goes wrong because of total.")
