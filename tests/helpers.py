"""What tests of several rooms use: readers that hold documents to their rules, and small makers."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, TypeVar
from unittest import mock
from xml.etree import ElementTree as ET

import jsonschema
from markdown_it import MarkdownIt

from nngrade.catalogue import diagnose
from nngrade.course.lesson import BEGIN_SOLUTION, END_SOLUTION
from nngrade.course.stages import Course, Stage
from nngrade.formats import json as json_file

STAGE = "stage01_sums"
_T = TypeVar("_T")
# A written answer, as a lesson has it.
WRITTEN = """\
# %% written="why_floats" points=2
# **In your own words.** Why does `total` give a float, and not an integer?
# ### BEGIN RUBRIC
# - 1 point: an array of integers would give an integer of NumPy's
# - 1 point: whoever calls it need not know which of the two it was
# ### END RUBRIC
# Two sentences are enough.

"""
RUBRIC = ("an array of integers would give", "whoever calls it need not know")
WRONG = "def total(values):\n    return float(np.sum(values)) + 1\n"


def one_in(number: int, answers: Sequence[_T]) -> list[_T]:
    """One in so many of a long list of answers; all of them where ``ALL_ANSWERS`` is set.

    The audit tries each answer; these tests take it through a worker, a diagnosis, or to checks
    that have changed since it was written, and would take half an hour for all.
    """
    return list(answers[:: 1 if all_answers() else number])


def all_answers() -> bool:
    """Whether ``ALL_ANSWERS`` is set."""
    return bool(os.environ.get("ALL_ANSWERS"))


def time_for_every_reason() -> AbstractContextManager[object]:
    """Lift the limits of a diagnosis: otherwise what is said last hangs on the machine's speed."""
    limits = ("CPU_SECONDS", "ENOUGH_SECONDS", "LENT_SECONDS")
    return mock.patch.multiple(diagnose, **dict.fromkeys(limits, 60.0))


def edit(path: Path, old: str, new: str) -> None:
    """Replace something that is in a file."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def let_shifted_change_its_arguments(checks: Path) -> None:
    edit(checks, ', "the result")', ', "the result", may_change=True)')


# What could be an order to a terminal, a spreadsheet, a browser, GitHub's runner, XML or Markdown.
HOSTILE = (
    "</failure>]]><script>alert(1)</script>\x1b[2J\x00\udc80\ufffe|`x`\n\n"
    "::stop-commands::x\n##[add-mask]1\r\n# A heading\n> @octocat #1 [a](http://evil) ![i](x) "
    "www.evil.example https://evil.example <img src=x onerror=alert(1)> $x$ %0A::error::y ~~~ "
    "</details>"
)


# The rules of junit-10.xsd of Jenkins' xunit plugin: what must be there, what may, what is inside.
JUNIT = {
    "testsuites": (set(), {"name", "time", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors"},
        {
            "group", "time", "skipped", "timestamp", "hostname", "id", "package", "file", "log",
            "url",
        },
        {"testsuite", "properties", "testcase", "system-out", "system-err"},
    ),
    "properties": (set(), set(), {"property"}),
    "property": ({"name", "value"}, set(), set()),
    "testcase": (
        {"name"},
        {"time", "classname", "group"},
        {"skipped", "error", "failure", "system-out", "system-err"},
    ),
    "failure": (set(), {"type", "message"}, set()),
    "error": (set(), {"type", "message"}, set()),
    "skipped": (set(), {"type", "message"}, set()),
    "system-out": (set(), set(), set()),
}  # fmt: skip


MIXED = {"failure", "error", "skipped", "system-out"}


SUREFIRE_TIME = r"(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]*)?"


def require_junit(text: str) -> ET.Element:
    """Read JUnit XML as strictly as Jenkins."""
    root = ET.fromstring(text.encode())
    assert root.tag in ("testsuites", "testsuite")
    for element in root.iter():
        required, optional, children = JUNIT[element.tag]
        assert required <= set(element.attrib) <= required | optional, element.tag
        assert {child.tag for child in element} <= children
        assert element.tag in MIXED or not (element.text or "").strip()
        if element.tag in ("testsuite", "testsuites") and "time" in element.attrib:
            assert re.fullmatch(SUREFIRE_TIME, element.attrib["time"])
    return root


# Gradescope. As https://gradescope-autograders.readthedocs.io/en/latest/specs/ has it: a score is
# given for all tests together or for each, formats and visibilities are words of a list.

VISIBILITY = {"enum": ["hidden", "after_due_date", "after_published", "visible"]}


TEXT_FORMAT = {"enum": ["text", "html", "simple_format", "md", "ansi"]}


GRADESCOPE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["tests"],
    "anyOf": [
        {"required": ["score"]},
        {"properties": {"tests": {"minItems": 1, "items": {"required": ["score"]}}}},
    ],
    "properties": {
        "score": {"type": "number"},
        "execution_time": {"type": "number"},
        "output": {"type": "string"},
        "output_format": TEXT_FORMAT,
        "test_output_format": TEXT_FORMAT,
        "test_name_format": TEXT_FORMAT,
        "visibility": VISIBILITY,
        "stdout_visibility": VISIBILITY,
        "extra_data": {"type": "object"},
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "score": {"type": "number"},
                    "max_score": {"type": "number"},
                    "status": {"enum": ["passed", "failed"]},
                    "name": {"type": "string"},
                    "name_format": TEXT_FORMAT,
                    "number": {"type": "string"},
                    "output": {"type": "string"},
                    "output_format": TEXT_FORMAT,
                    "tags": {"type": "array", "items": {"type": "string"}},
                    "visibility": VISIBILITY,
                    "extra_data": {"type": "object"},
                },
            },
        },
        "leaderboard": {"type": "array"},
    },
}


def require_gradescope(text: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(text)
    jsonschema.validate(document, GRADESCOPE)
    return document


# The runner's src/Runner.Common/ActionCommand.cs: a line that begins with :: is a command, and one
# with ##[ in it would be, if it were not.
COMMANDS = {
    "error", "warning", "notice", "debug", "group", "endgroup", "add-mask", "add-matcher",
    "remove-matcher", "stop-commands", "echo", "set-env", "set-output", "save-state", "add-path",
}  # fmt: skip


def commands_in(log: str) -> list[tuple[str, dict[str, str], str]]:
    """What GitHub's runner finds in a log: each command, its properties, its message."""
    found = []
    for raw in re.split(r"\r\n|\r|\n", log):
        line = raw.lstrip()
        end = line.find("::", 2)
        name, _, rest = line[2:end].partition(" ")
        if line.startswith("::") and end >= 0 and name in COMMANDS:
            pairs = [one.split("=", 1) for one in rest.strip().split(",") if one]
            properties = {key: _plain(value, "%3A:", "%2C,") for key, value in pairs}
            found.append((name, properties, _plain(line[end + 2 :])))
        elif old := re.search(r"##\[([\w-]+)", line):
            assert old[1] not in COMMANDS, line
    return found


def _plain(text: str, *more: str) -> str:
    for one in ("%0D\r", "%0A\n", *more, "%25%"):
        text = text.replace(one[:3], one[3:])
    return text


class Rendered(HTMLParser):
    """Markdown as a renderer of GitHub's dialect shows it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.cells: list[str] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        if tag == "td":
            self.cells.append("")
        if tag not in ("br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        if "td" in self.open:
            self.cells[-1] += data


OURS = {
    "h2", "table", "thead", "tbody", "tr", "th", "td", "ul", "li", "br", "details", "summary",
    "strong", "p",
}  # fmt: skip


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def valid(name: str, text: str) -> None:
    """Hold a document to the rules of its format."""
    schema = json.loads(json_file.schema())
    rules: dict[str, Callable[[str], Any]] = {
        "json": lambda one: jsonschema.validate(json.loads(one), schema),
        "junit": require_junit,
        "gradescope": require_gradescope,
        "github": commands_in,
        "html": Page,
        "markdown": Rendered,
    }
    assert text
    rules.get(name, rows)(text)


def index_answers(folder: Path) -> bool:
    """Whether pip can download anything here."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder]
    return subprocess.run([*command, "click"], capture_output=True).returncode == 0


def packed(files: Iterable[tuple[str, bytes | str]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return buffer.getvalue()


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


def telling(line: str) -> bool:
    """Whether a line is long enough to give something away rather than be said by anybody."""
    line = line.strip()
    return len(line) >= 12 and not line.startswith(("#", "import ", "from ", '"""', "def ", "@"))


def solution_lines(stage: Stage) -> Iterator[str]:
    for task in stage.lesson.tasks:
        inside = False
        for line in task.solution.source.splitlines():
            if line.strip() in (BEGIN_SOLUTION, END_SOLUTION):
                inside = line.strip() == BEGIN_SOLUTION
            elif inside and telling(line):
                yield line.strip()


def rubric_lines(stage: Stage) -> Iterator[str]:
    for cell in stage.lesson.of_kind("written"):
        yield from (line.strip() for line in cell.rubric.splitlines() if telling(line))


def secret_lines(course: Course) -> set[str]:
    """Lines of solutions, rubrics, checks, mistakes and alternatives that stand nowhere public."""
    lines: set[str] = set()
    for stage in course.stages:
        lines.update(solution_lines(stage))
        lines.update(rubric_lines(stage))
        for name in ("checks.py", "misconceptions.py", "alternatives.py"):
            path = stage.folder / name
            if path.exists():
                lines.update(
                    line.strip() for line in path.read_text().splitlines() if telling(line)
                )
    return lines - public_lines(course)


def public_lines(course: Course) -> set[str]:
    """What lessons say openly (given code, demos, visible tests, prose and hints)."""
    return {
        line.strip()
        for stage in course.stages
        for cell in stage.lesson.cells
        for line in (
            cell.source.splitlines()
            if cell.kind != "task"
            else cell.source.split(BEGIN_SOLUTION)[0].splitlines()
        )
    }
