"""The class report: its numbers, its page, and that it names nobody."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from click.testing import CliRunner

from nngrade.class_report.mistakes import MistakeCount, fingerprint, unreached
from nngrade.class_report.names import Names
from nngrade.class_report.page import render_report
from nngrade.class_report.statistics import (
    Bin,
    StageStatistics,
    first_tasks,
    gone,
    histogram,
    losing_ground,
    stage_statistics,
)
from nngrade.commands.main import main
from nngrade.course.stages import Course
from nngrade.errors import NngradeError
from nngrade.formats import json as json_file
from nngrade.formats.json import read_json
from nngrade.gradebook.journal import JOURNAL, Journal
from nngrade.results import CheckResult, SubmissionResult, as_document

STAGE = "stage01_sums"
LATER = "stage02_gradients"
SECRET = b"a secret that only tests know"


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NNGRADE_SECRET", SECRET.decode())


def check(
    name: str,
    message: str = "",
    *,
    points: float = 1,
    status: Any = None,
    description: str = "",
) -> CheckResult:
    """The result of a check; with a message it failed."""
    status = status or ("failed" if message else "passed")
    return CheckResult(
        id=name,
        task=name.partition(".")[0],
        description=description or f"About {name}.",
        points=points,
        score=0 if message else points,
        status=status,
        message=message,
        hint="",
        seconds=0.1,
    )


def submission(
    student: str, *checks: CheckResult, stage: str = STAGE, seconds: float = 1.0
) -> SubmissionResult:
    total = sum(one.points for one in checks)
    path = f"/course/submitted/{student}/{stage}/{stage}.ipynb"
    return SubmissionResult(
        student, stage, path, "graded", None, None, seconds, total, checks=checks
    )


def scored(student: str, score: int, stage: str = STAGE) -> SubmissionResult:
    """A submission with this many points of 10, all in one task."""
    lost = [check(f"a.{n}", "wrong") for n in range(10 - score)]
    return submission(
        student, *lost, *(check(f"a.{n}") for n in range(10 - score, 10)), stage=stage
    )


def failed(student: str, error: str = "not a notebook", stage: str = STAGE) -> SubmissionResult:
    path = f"/course/submitted/{student}/{stage}/{stage}.ipynb"
    error = f"submitted/{student}/{stage}/{stage}.ipynb: {error}"
    return SubmissionResult(student, stage, path, "failed", error, None, 0.0, 0)


def a_class() -> list[SubmissionResult]:
    """Five students of a stage of three tasks, each of whom stands for a kind of student."""
    blank = [
        check("a.visible", "a is not done yet", points=0),
        check("a.one", "a is not done yet", points=2, status="skipped"),
        check("b.one", "b is not done yet"),
        check("c.one", "c is not done yet"),
    ]
    return [
        submission(
            "q-right",
            check("a.visible", points=0), check("a.one", points=2), check("b.one"), check("c.one"),
            seconds=4,
        ),
        submission(
            "q-weak",
            check("a.visible", "not [1, 2]", points=0),
            check("a.one", "2 of 4 entries are wrong; the worst at [0] is 7", points=2),
            check("b.one", "first this must be right: a", status="skipped"),
            check("c.one"),
            seconds=2,
        ),
        submission("q-untouched", *blank, seconds=1),
        submission(
            "q-nothing",
            check("a.visible", "not [1, 3]", points=0),
            check("a.one", "every entry is wrong; the worst at [5] is -1e-9", points=2),
            check("b.one", "b is 3, which is not right"),
            check("c.one", "c is not done yet"),
            seconds=3,
        ),
        failed("q-broken"),
    ]  # fmt: skip


# The numbers.


def test_scores_are_those_of_what_was_graded():
    statistics = stage_statistics(STAGE, a_class())
    assert [one.score for one in statistics.graded] == [4, 1, 0, 0]
    assert statistics.mean == 1.25
    assert statistics.median == 0.5
    assert statistics.mean_share == 1.25 / 4
    assert statistics.perfect == 1
    assert statistics.max_score == 4
    assert statistics.median_seconds == 2.5
    assert [one.student for one in statistics.slowest(2)] == ["q-right", "q-nothing"]
    assert len(statistics.submissions) == 5


def test_each_kind_of_trouble_is_told():
    statistics = stage_statistics(STAGE, a_class())
    assert {one.student: one.trouble for one in statistics.submissions} == {
        "q-right": None,
        "q-weak": "weak start",
        "q-untouched": "untouched",
        "q-nothing": "no points",
        "q-broken": "not graded",
    }
    assert statistics.troubled == 4
    assert statistics.submissions[-1].error == "not a notebook"


def test_checks_are_counted_in_the_order_of_the_course():
    checks = stage_statistics(STAGE, a_class()).checks
    assert [(one.id, one.count, one.passed, one.failed, one.unreached) for one in checks] == [
        ("a.visible", 4, 1, 2, 1),
        ("a.one", 4, 1, 2, 1),
        ("b.one", 4, 1, 1, 2),
        ("c.one", 4, 2, 0, 2),
    ]
    (mistake,) = checks[1].mistakes
    assert mistake.count == 2
    assert mistake.example == "2 of 4 entries are wrong; the worst at [0] is 7"


def test_of_each_submission_and_task_the_first_failure_that_costs_points_counts():
    mistakes = stage_statistics(STAGE, a_class()).mistakes
    assert [(one.count, one.task, one.description) for one in mistakes] == [
        (2, "a", "About a.one."),
        (1, "b", "About b.one."),
    ]


def test_an_error_belongs_to_the_task_whose_code_stopped():
    message = "ValueError: no in your cell a, line 3"
    results = [submission("ann", check("a.one", message), check("b.one", message))]
    (mistake,) = stage_statistics(STAGE, results).mistakes
    assert (mistake.task, mistake.count) == ("a", 1)


def test_results_are_gone_through_once():
    assert len(stage_statistics(STAGE, iter(a_class())).submissions) == 5


def test_nothing_graded_has_no_mean():
    statistics = stage_statistics(STAGE, [failed("ann")])
    assert (statistics.mean, statistics.median, statistics.median_seconds) == (None, None, None)
    assert (statistics.max_score, statistics.mean_share, statistics.checks) == (0, 0, ())


def test_the_last_bin_holds_the_upper_end():
    bins = histogram([0, 1.9, 2, 19.5, 20, 20], 20)
    assert [one.count for one in bins] == [2, 1, 0, 0, 0, 0, 0, 0, 0, 3]
    assert bins[1] == Bin(2, 4, 1)
    assert [one.count for one in histogram([0.3, 0.6, 0.7], 1)] == [0, 0, 0, 1, 0, 0, 1, 1, 0, 0]
    assert histogram([], 0) == []


def test_first_tasks_are_a_third_and_one_at_least():
    assert first_tasks("a") == ["a"]
    assert first_tasks("aabbc") == ["a"]
    assert first_tasks("abcdefghi") == ["a", "b", "c"]
    assert first_tasks("") == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("w is 3.5, which is not right", "w is -1e+122, which is not right"),
        ("at [0, 1]: NaN", "at [7]: NaN"),
        ("found [0, 2, 4]", "found [0, 1, 2, 3, 4]"),
        ("W is\n[[1. 0.]\n [0. 2.]]", "W is\n[[1. 0. nan]]"),
        ("has shape (5,), but not (8, 2)", "has shape (3, 3), but not (4,)"),
        ("1 of 9 entries is wrong; the worst at [2] is 1", "every entry is wrong; the worst is 4"),
        ("x is NaN at [3] and in 2 more places; bad", "x is NaN at [0, 1]; bad"),
        ("dW with ['relu', 'elu']: bad", "dW with ['linear', 'relu', 'tanh']: bad"),
        ("KeyError in your cell fit, line 4", "KeyError in your cell fit, line 12"),
    ],
)
def test_equal_mistakes_have_one_fingerprint(one, other):
    assert fingerprint(one) == fingerprint(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("W1 is wrong", "W2 is wrong"),
        ("x is NaN at [3]", "x is wrong at [3]"),
        ("fit is not defined", "predict is not defined"),
        ("ValueError: 3", "TypeError: 3"),
    ],
)
def test_other_mistakes_have_other_fingerprints(one, other):
    assert fingerprint(one) != fingerprint(other)


def test_a_fingerprint_of_anything_is_soon_taken():
    for text in ("# , " * 5000, "[" * 20000, "'," * 9000, "1 of 2 entr" * 999, "-" * 9999):
        assert len(fingerprint(text)) <= 3000


def test_a_name_takes_precedence_over_the_message():
    counts = MistakeCount(lambda one: "sign" if "minus" in one.message else None)
    for message in ("x is 1", "minus one", "minus\ntwo", "y is minus", "x is 2"):
        counts.add(check("a.one", message))
    first, second = counts.most_frequent()
    assert (first.name, first.example, first.count) == ("sign", "minus one", 3)
    assert (second.name, second.example, second.count) == ("", "x is 1", 2)
    assert counts.most_frequent(1) == (first,)


def test_what_was_not_reached_is_no_mistake():
    assert unreached(check("a.one", "a is not done yet"))
    assert unreached(check("a.one", "a calls b, which is not done yet"))
    assert unreached(check("a.one", "first this must be right: b", status="skipped"))
    assert not unreached(check("a.one", "a is not defined"))


def stages(*scores: dict[str, int]) -> list[StageStatistics]:
    return [
        stage_statistics(f"stage{at}", [scored(who, score) for who, score in one.items()])
        for at, one in enumerate(scores, 1)
    ]


def test_losing_ground_is_told_against_the_class():
    # The last stage is hard for everybody; only ann falls behind by more than the others.
    found = losing_ground(
        stages(
            {"ann": 10, "bob": 5, "eva": 6, "one": 9},
            {"ann": 9, "bob": 6, "eva": 6},
            {"ann": 1, "bob": 3, "eva": 4},
        )
    )
    assert [one.student for one in found] == ["ann"]
    assert found[0].scores == (10, 9, 1)
    means = [0.75, 0.7, 8 / 30]
    assert found[0].change == pytest.approx((0.1 - means[2]) - (1 - means[0] + 0.9 - means[1]) / 2)


def test_a_stage_that_was_left_out_has_no_score():
    found = losing_ground(stages({"ann": 10, "bob": 5}, {"bob": 5}, {"ann": 0, "bob": 5}))
    assert [(one.student, one.scores) for one in found] == [("ann", (10, None, 0))]


def test_who_stopped_is_told_only_once_the_others_went_on():
    first = {"ann": 5, "bob": 5, "eva": 5, "ida": 5}
    assert gone(stages(first, {"ann": 5, "bob": 5})) == {"eva": "stage1", "ida": "stage1"}
    assert gone(stages(first, {"ann": 5})) == {}
    assert gone(stages(first)) == {}
    assert gone([]) == {}


# Names.


def test_numbers_give_nothing_away_and_stay():
    students = [f"s{n}" for n in range(20)]
    names = Names(students, SECRET)
    labels = [names.of(one) for one in students]
    assert sorted(labels) == sorted(f"student {n}" for n in range(1, 21))
    assert labels != sorted(labels, key=lambda label: int(label[8:]))
    assert labels == [Names(reversed(students), SECRET).of(one) for one in students]
    assert labels != [Names(students, SECRET + b"!").of(one) for one in students]
    assert names.of("unknown") == "unknown"


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("I am Ann.", "I am (name)."),
        ("ann_hw is wrong: cannot", "(name)_hw is wrong: cannot"),
        ("SCHMIDT2 and xschmidt2x", "(name) and x(name)x"),
        ("by eva.m@uni.edu and eva.m", "by (name) and (name)"),
        ("No such file: '/home/a b/data.csv'", "No such file: (path)"),
        ("in C:\\Users\\me\\x", "in (path)"),
        ("see ~/me/here, now", "see (path), now"),
        ("cannot open: my homework.ipynb", "cannot open: (path)"),
        ("the share is 2/3, not 1/2 / 3", "the share is 2/3, not 1/2 / 3"),
    ],
)
def test_messages_lose_names_and_paths(message, shown):
    students = ["ann", "schmidt2", "eva.m@uni.edu"]
    assert Names(students, SECRET).without(message) == shown
    assert Names(students, None).without(message) == message


# The page.

VOID = {"meta", "link", "br", "hr", "img", "input"}


class Page(HTMLParser):
    """A page that was read strictly: every element is closed, ids are unique."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.labels: set[str] = set()
        self.elements: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._take(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._take(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += f"{data} "

    def _take(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        assert len(values) == len(attrs), (tag, attrs)
        self.elements.append(tag)
        if "id" in values:
            assert values["id"] not in self.ids
            self.ids.add(values["id"] or "")
        if tag == "a":
            self.links.append(values["href"] or "")
        self.labels.update((values.get("aria-labelledby") or "").split())
        assert not any(name.startswith("on") for name in values)
        assert "src" not in values


def page_of(course: Course, results: list[SubmissionResult], named: bool = False) -> Page:
    return Page(html_of(course, results, named))


def html_of(course: Course, results: list[SubmissionResult], named: bool = False) -> str:
    by_stage: dict[str, list[SubmissionResult]] = {}
    for one in results:
        by_stage.setdefault(one.stage, []).append(one)
    statistics = [stage_statistics(stage, those) for stage, those in by_stage.items()]
    return render_report(course, statistics, course.root, named)


def two_stages() -> list[SubmissionResult]:
    later = [scored("q-right", 1, LATER), scored("q-weak", 9, LATER), failed("q-odd", stage="")]
    return a_class() + later


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize(
    "results",
    [
        two_stages(),
        a_class(),
        a_class()[:1],
        a_class()[2:3],
        [failed("q-one"), failed("q-two")],
        [failed("q-one", stage="")],
        [submission("q-one")],
        [failed("q-one"), scored("q-two", 5, LATER)],
    ],
)
def test_the_page_is_well_formed_and_its_links_lead_somewhere(course, results, named):
    page = page_of(course, results, named)
    for link in page.links:
        assert link.startswith("#")
        assert link[1:] in page.ids
    assert page.labels <= page.ids
    assert not {"script", "link", "img", "iframe"} & set(page.elements)
    headings = [int(one[1]) for one in page.elements if re.fullmatch("h[1-6]", one)]
    assert headings[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(headings))


def test_nothing_is_loaded_from_anywhere(course):
    text = html_of(course, two_stages())
    assert "http" not in text
    assert "url(" not in text
    assert "@import" not in text


def test_the_page_says_what_the_numbers_are(course):
    text = " ".join(page_of(course, two_stages()).text.split())
    for words in (
        "6 students",
        "Stage 1: ",
        "mean 1.2 of 4",
        "median 0.5",
        "2 × 2 of 4 entries are wrong; the worst at [0] is 7",
        "No task is done 1 student",
        "Something was tried, but nothing got points 1 student",
        "Less than half of the points of the first tasks: a 1 student",
        "Could not be graded 1 student",
        "Losing ground",
        "0 to 0.4 points: 2.",
        "Stage unknown",
    ):
        assert words in text


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7 * 7 }}", "\x1b[2J\x00"],
)
def test_hostile_text_is_shown_as_text(course, text):
    results = [
        submission(text, check("a.one", text, description=text), check(f"{text}.one", text)),
        failed(f"{text}2", text),
        failed("q-three", text, stage=text),
    ]
    page = page_of(course, results, named=True)
    assert not {"script", "img"} & set(page.elements)
    assert "49" not in page.text
    assert "\x1b" not in page.text
    if text.isprintable():
        assert text in page.text


def test_without_names_the_page_names_nobody(course):
    students = ["muster.erika", "4711001", "Ng", "o'brien", "x<y>", "max mustermann"]
    results = []
    for number, student in enumerate(students):
        message = f"{student} {student.upper()} '/home/{student}/x' {student}.csv"
        results += [
            submission(student, check("a.one", message), check("b.one")),
            submission(student, check(f"a.{number}", f"{number} {message}"), stage=LATER),
        ]
    results += [failed(student, f"{student}.docx is no notebook", "") for student in students]
    text = html_of(course, results)
    assert "student 6" in text
    for student in students:
        pattern = rf"(?<![^\W_]){re.escape(student)}(?![^\W_])"
        assert not re.search(pattern, Page(text).text, re.IGNORECASE)
        assert not re.search(pattern, text.replace("\n", " "), re.IGNORECASE)
    named = page_of(course, results, named=True).text
    assert all(student in named for student in students)


def test_with_names_they_lead_to_the_feedback_there_is(new_course: Course):
    root = new_course.root
    for student in ("q-weak", "q-odd #1"):
        page = root / "feedback" / student / STAGE / f"{STAGE}.html"
        page.parent.mkdir(parents=True)
        page.write_text("x")
    results = [*a_class(), scored("q-odd #1", 0), scored("../q-weak", 1), scored("q" * 999, 0)]
    links = [one for one in page_of(new_course, results, named=True).links if one[0] != "#"]
    assert {(root / unquote(one)).is_file() for one in links} == {True}
    assert f"feedback/q-odd%20%231/{STAGE}/{STAGE}.html" in links
    assert all(one[0] == "#" for one in page_of(new_course, results).links)


def test_the_template_comes_with_the_package():
    for package, name in (("formats", "report.css"), ("class_report", "report.html")):
        assert (files(f"nngrade.{package}") / "templates" / name).is_file()


# The command.


def run(course: Course, *arguments: object) -> Any:
    return CliRunner().invoke(main, ["--course", str(course.root), "report", *map(str, arguments)])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to be in."""
    path = tmp_path / "here"
    path.mkdir()
    monkeypatch.chdir(path)
    return path


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "results.json"
    path.write_text(json_file.render(two_stages()))
    return path


def test_a_report_is_made_of_a_results_file(course, document, folder):
    done = run(course, "--from", document)
    assert (done.exit_code, done.output) == (0, "The report is in report.html.\n")
    page = Page((folder / "report.html").read_text())
    assert "Stage unknown" in page.text
    assert "q-right" not in page.text


def test_a_report_may_be_of_one_stage_and_go_elsewhere(course, document, folder):
    assert run(course, "stage02", "--from", document).exit_code == 0
    assert [one.name for one in folder.iterdir()] == [f"report-{LATER}.html"]
    done = run(course, "stage01", "--from", document, "--output", folder / "x.html", "--names")
    assert "x.html" in done.output
    assert "q-right" in (folder / "x.html").read_text()


def test_a_report_is_made_of_the_journal(new_course: Course, folder):
    with Journal(new_course.root / JOURNAL) as journal:
        for one in a_class()[:4]:
            journal.add(one, "key")
            journal.written(one.student, one.stage, "key", "mark")
        journal.add(scored("q-unwritten", 3), "key")
    (new_course.root / "submitted/q-late" / STAGE).mkdir(parents=True)
    assert run(new_course, "--names").exit_code == 0
    text = (folder / "report.html").read_text()
    assert all(f"q-{who}" in text for who in ("right", "weak", "untouched", "nothing", "late"))
    assert "q-unwritten" not in text
    assert "it has no grade; `nngrade grade --gradebook` says why" in text
    assert "The stages" not in text
    assert "has no results of stage02_gradients yet" in run(new_course, "stage02").output


@pytest.mark.parametrize("arguments", [[], ["stage01"]])
def test_without_results_the_next_command_is_named(new_course: Course, folder, arguments):
    done = run(new_course, *arguments)
    assert done.exit_code == 2
    assert "run `nngrade grade --gradebook submitted/` first" in done.output
    assert not (new_course.root / JOURNAL).exists()
    with Journal(new_course.root / JOURNAL):
        pass
    done = run(new_course, *arguments)
    assert done.exit_code == 2
    assert "run `nngrade grade --gradebook submitted/` first" in done.output
    assert not list(folder.iterdir())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "not results of nngrade"),
        ("[1, 2]", "not results of"),
        ("[" * 100_000, "not results of"),
        ('{"cells": []}', "not results of"),
        ('{"version": 3, "submissions": []}', "of version 3; this nngrade reads versions 1 and 2"),
        ('{"version": 1, "submissions": []}', "no submissions in it"),
        ('{"version": 1, "submissions": 7}', "not as `nngrade grade --format json` writes"),
        (
            '{"version": 1, "submissions": [{"student": "x"}]}',
            "not as `nngrade grade --format json` writes",
        ),
    ],
)
def test_a_file_that_is_no_results_is_refused(course, folder, content, words):
    (folder / "x.json").write_text(content)
    done = run(course, "--from", "x.json")
    assert done.exit_code == 2
    assert words in done.output


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"student": 7}, "student: 7"),
        ({"seconds": float("nan")}, "seconds: nan"),
        ({"max_score": -1}, "max_score: -1"),
        ({"checks": {"a": 1}}, "nngrade grade --format json"),
        ({"checks": [{}]}, "nngrade grade --format json"),
        ({"notes": [None]}, "notes"),
    ],
)
def test_results_of_other_types_are_refused(tmp_path, change, words):
    record = as_document(a_class()[:1])
    record["submissions"][0].update(change)
    path = tmp_path / "x.json"
    path.write_text(json.dumps(record))
    with pytest.raises(NngradeError, match=re.escape(words)):
        read_json(path)


def test_results_are_read_as_they_were_written(document):
    assert read_json(document) == two_stages()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--from", "missing.json"], "missing.json: cannot be read (No such file or directory)"),
        (["stage7"], "there is no stage 'stage7'"),
        (["stage7", "--from", "results.json"], "no results of 'stage7'; there are: stage01_sums"),
        (["stage", "--from", "results.json"], "several stages match 'stage'"),
        (["--from", "results.json", "--output", "no/such/x.html"], "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_said(course, document, folder, arguments, words):
    (folder / "results.json").write_bytes(document.read_bytes())
    done = run(course, *arguments)
    assert done.exit_code == 2
    assert words in done.output
    assert "Traceback" not in done.output
