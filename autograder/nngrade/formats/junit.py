"""Results as JUnit XML for Jenkins, GitLab and others, with one test suite per submission.

There is no single standard; this module follows the schema of Jenkins' xunit plugin
(``junit-10.xsd``).
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from nngrade.formats.feedback import explained
from nngrade.results import CheckResult, SubmissionResult
from nngrade.text import one_line, presentable

__all__ = ["render", "render_failure"]

# Outcomes of a check other than "passed", and the elements that JUnit has for them.
_ELEMENTS = {"failed": "failure", "error": "error", "timeout": "error", "skipped": "skipped"}


def render(results: Sequence[SubmissionResult]) -> str:
    """The results as the text of an XML file, with one test case per check."""
    return _text([_suite(result) for result in results])


def render_failure(reason: str) -> str:
    """The text of an XML file with a single test case: an error with the reason of the failure."""
    suite = ET.Element("testsuite", name="nngrade")
    _add_error(suite, "nngrade", "Grading finishes.", reason)
    return _text([_counted(suite)])


def _text(suites: list[ET.Element]) -> str:
    root = ET.Element("testsuites", name="nngrade")
    for key in ("tests", "failures", "errors"):
        root.set(key, str(sum(int(suite.get(key, "0")) for suite in suites)))
    root.extend(suites)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _suite(result: SubmissionResult) -> ET.Element:
    stage, student = result.stage or "stage unknown", one_line(result.student, 200)
    suite = ET.Element(
        "testsuite", name=f"{stage} ({student})", time=f"{result.seconds:.3f}", file=_path(result)
    )
    properties = ET.SubElement(suite, "properties")
    for name, value in (
        ("student", student),
        ("stage", result.stage),
        ("status", result.status),
        ("score", f"{result.score:.10g}"),
        ("max_score", f"{result.max_score:.10g}"),
        *(("note", one_line(note)) for note in result.remarks),
    ):
        ET.SubElement(properties, "property", name=name, value=value)
    if result.status == "failed":
        _add_error(suite, stage, "The notebook can be graded.", result.reason)
    for check, lines in explained(result.checks, each=True):
        _add_case(suite, result.stage, check, lines)
    return _counted(suite)


def _path(result: SubmissionResult) -> str:
    return one_line(result.path, 500)


def _add_case(suite: ET.Element, stage: str, check: CheckResult, lines: list[str]) -> None:
    case = ET.SubElement(
        suite,
        "testcase",
        classname=f"{stage}.{check.task}",
        name=one_line(check.description),
        time=f"{check.seconds:.3f}",
    )
    points = f"{check.score:g} of {check.points:g} points"
    if kind := _ELEMENTS.get(check.status):
        # Most viewers show a single line; the rest is a click away.
        message = one_line(" ".join(lines[:1])) or points
        element = ET.SubElement(case, kind, type=check.status, message=message)
        element.text = "\n".join(map(presentable, [*lines, points]))
    else:
        ET.SubElement(case, "system-out").text = points


def _add_error(suite: ET.Element, classname: str, name: str, reason: str) -> None:
    case = ET.SubElement(suite, "testcase", classname=classname, name=name, time="0")
    error = ET.SubElement(case, "error", type="error", message=one_line(reason))
    error.text = presentable(reason)


def _counted(suite: ET.Element) -> ET.Element:
    """The suite, with the number of its test cases by outcome."""
    suite.set("tests", str(len(suite.findall("testcase"))))
    for name, kind in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(name, str(len(suite.findall(f"testcase/{kind}"))))
    return suite
