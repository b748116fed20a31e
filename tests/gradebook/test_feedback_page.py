"""The page of feedback on a submission: what it shows, and that opening it harms nobody."""

from __future__ import annotations

import base64
import json
import os
import re
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbgrader.api import Gradebook

from nngrade.course.failures import failures_of
from nngrade.course.stages import Course
from nngrade.gradebook import feedback_files, notebook_html
from nngrade.gradebook.feedback_files import Written, write_feedback
from nngrade.gradebook.feedback_page import digest_in, digest_of, render_page
from nngrade.gradebook.formulas import formula
from nngrade.gradebook.journal import JOURNAL, Journal
from nngrade.gradebook.marks import Mark, Marks
from nngrade.gradebook.notebook_html import cells_html
from nngrade.gradebook.release import SECRET
from nngrade.gradebook.writer import GradebookWriter
from nngrade.submissions.timestamp import TIMESTAMP
from tests.conftest import nngrade
from tests.formats.conftest import STUDENT, a_submission, check, submission
from tests.gradebook.conftest import RUN, run, submit, submit_text
from tests.helpers import HOSTILE, STAGE, Page, solution_lines

PNG = base64.b64encode(
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\0\0\0\0:~\x9bU\0\0\0\nIDATx\x9cc`\0\0\0\2\0\1"
    b"H\xaf\xa4q\0\0\0\0IEND\xaeB`\x82"
).decode()
SVG = base64.b64encode(b"<svg onload='alert(1)'/>").decode()
MARKS = [
    *"aw1 :/@#<>&\"'`*_~|\\$[](){}!-+=%,\n\r\t\x0b\x1b\x85\u2028\u202e\ud800\ufffe",
    "https://", "javascript:", "<!--", "-->", "]]>", "~~~", "```", "&lt;", "- ", "1. ", "> ", "---",
    "<details>", "</details>", "<summary>", "</summary>", "<b>", "</div>", "<script>", "$$", "    ",
    "\\frac{1}{", "\\href{javascript:x}{y}", "\\text{<b>}", "![x](", "<img src=x onerror=alert(1)>",
    "<a href='javascript:x'>", "|a|\n|-|\n", "\n\n",
]  # fmt: skip
ANYTHING = st.lists(st.sampled_from(MARKS), max_size=25).map("".join)


class Shown(Page):
    """A page that loads nothing, runs nothing, and leads nowhere but to the web and to itself."""

    def _take(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        source = values.pop("src", None)
        if source is not None:
            assert tag == "img"
            assert re.fullmatch("data:image/png;base64,[A-Za-z0-9+/=]+", source)
        for name in ("href", "style", "action", "srcset", "background", "xlink:href"):
            if name in values:
                assert (tag, name) in {("a", "href"), ("td", "style"), ("th", "style")}
        if tag == "a":
            assert re.match(r"#|https?://|mailto:", values["href"] or "", re.IGNORECASE)
        assert tag not in {
            "script", "link", "iframe", "object", "embed", "form", "input", "base", "video",
        }  # fmt: skip
        super()._take(tag, list(values.items()))


def notebook(*cells: dict[str, Any]) -> bytes:
    return json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5, "metadata": {}}).encode()


def markdown(source: object, **fields: Any) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": "x", "metadata": {}, "source": source, **fields}


def code(source: object, *outputs: dict[str, Any], name: str = "x") -> dict[str, Any]:
    return {
        "cell_type": "code", "id": "c", "metadata": {"nbgrader": {"grade_id": name}},
        "source": source, "outputs": list(outputs), "execution_count": None,
    }  # fmt: skip


def page(*cells: dict[str, Any], marks: Marks | None = None) -> str:
    one = submission("ann", check("x"))
    return render_page(one, "hints", marks or Marks(), notebook(*cells))


def shown(*cells: dict[str, Any]) -> Shown:
    return Shown(page(*cells))


def html(*cells: dict[str, Any]) -> str:
    return str(cells_html(notebook(*cells), {}))


# What is on the page


def test_reasons_stand_above_the_notebook() -> None:
    text = render_page(a_submission(), "hints", Marks(), notebook(code("mine = 1")))
    words = " ".join(Shown(text).text.split())
    assert words.index("An average is taken.") < words.index("The notebook") < words.index("mine")
    for one in ("off by 1", "Hint: Is it?", "Points were lost in total (5.5)."):
        assert one in words


def test_the_level_decides_what_is_told() -> None:
    for level, is_told in (("score", False), ("names", False), ("hints", True)):
        text = render_page(a_submission(), level, Marks(), None)  # type: ignore[arg-type]
        assert ("off by 1" in text) == is_told
        assert "total([1, 2])" not in text
    assert "total([1, 2])" in render_page(a_submission(), "examples", Marks(), None)


def test_what_people_decided_and_wrote_is_told() -> None:
    marks = Marks(
        (
            Mark("tests-total", 2.5, 3.0, 1.0, True, 0.5),
            Mark("written-why", 1.5, 2.0, None, True, 0.0),
        ),
        (("written-why", "Well <b>put</b>.\nAnd why \u202eso?"),),
        late_penalty=0.5,
        lateness="Handed in 1 hour late: 1 late day spent, 0 left; 0.5 points off.",
    )
    text = " ".join(Shown(page(marks=marks)).text.split())
    for words in (
        "2.5 of 1 points", "total : 2.5 of 3 points, 0.5 of them extra (by the checks: 1)",
        "1.5 of 2 points", "Handed in late: points taken off −0.5", "Altogether 3.5/3",
        "Handed in 1 hour late: 1 late day spent, 0 left; 0.5 points off.",
        "why Well <b>put</b>. And why \N{REPLACEMENT CHARACTER}so?",
    ):  # fmt: skip
        assert words in text, text


def test_a_written_answer_that_waits_for_a_person_has_no_total() -> None:
    marks = Marks((Mark("written-why", None, 2.0, None, False, 0.0),))
    text = " ".join(Shown(page(marks=marks)).text.split())
    assert "2 points, not graded yet" in text
    assert "Altogether" not in text
    assert "Handed in late" not in text


def test_the_points_of_a_task_stand_below_its_tests_and_lead_to_the_reasons() -> None:
    one = submission("ann", check("x", message="because"))
    tests = code("assert 1", {"output_type": "stream", "text": "old"}, name="tests-total")
    made = Shown(render_page(one, "hints", Marks(), notebook(tests)))
    assert "#submission-1-1" in made.links
    assert "submission-1-1" in made.ids
    assert "old" not in made.text
    assert "0 of 1 points" in made.text


def test_lessons_are_rendered_formulas_and_folded_hints_included(real_course: Course) -> None:
    for stage in real_course.stages:
        path = real_course.assignments / stage.name / f"{stage.name}.ipynb"
        text = render_page(submission("ann", check("x")), "hints", Marks(), path.read_bytes())
        made = Shown(text)
        assert 'class="tex"' not in text
        assert made.elements.count("math") > 10
        assert made.elements.count("details") > 15
        assert "&lt;details" not in text
        assert "<mo>&amp;" not in text
        assert all(link in ("", *(f"#{one}" for one in made.ids)) or "://" in link
                   for link in made.links)  # fmt: skip


def test_lines_of_a_formula_that_look_like_lists_and_headings_are_the_formula() -> None:
    text = html(markdown("Thus\n\n$$a\n- b\n= c \\tag{7}$$\n\nand $x_1$, $5 and $6 or \\$x."))
    assert text.count("<math") == 2
    assert '<span class="number">(7)</span>' in text
    assert not {"ul", "h1", "h2"} & set(Page(text).elements)
    assert "$5 and $6 or $x." in text


def test_a_formula_that_cannot_be_converted_stays_in_tex() -> None:
    for tex in (r"\nosuchcommand{x}", r"\left( x", "{" * 900, "x" * 3000):
        assert formula(tex, False) == f'<code class="tex">${tex}$</code>'
        assert formula(tex, True) == f'<code class="tex">$${tex}$$</code>'


def test_no_space_in_a_formula_makes_the_page_as_wide() -> None:
    for tex in (r"\hspace{9000em} x", r"\kern-900px x", r"\rule{9999pt}{1em}"):
        assert "width" not in formula(tex, False), tex
    assert '<mspace width="1em">' in formula(r"x \quad y", False)
    assert '<mspace width="-1.5em">' in formula(r"x \hspace{-1.5em} y", False)


def test_pictures_that_are_png_are_shown_and_no_others() -> None:
    def display(**data: str) -> dict[str, Any]:
        forms = {key.replace("_", "/"): value for key, value in data.items()}
        return {"output_type": "display_data", "data": forms, "metadata": {}}

    made = shown(
        code("show()", display(image_png=PNG, text_plain='a "picture"', text_html="<b>no</b>")),
        code("svg()", {"output_type": "display_data", "data": {"image/svg+xml": "<svg/>"}}),
        code("js()", {"output_type": "display_data", "data": {"application/javascript": "a()"}}),
        code("no()", display(image_png=SVG), display(image_png="%%%"), display(image_png="")),
        markdown(f"![here](data:image/png;base64,{PNG}) ![there](attachment:a.png)",
                 attachments={"a.png": {"image/png": PNG}}),
        markdown("![far](https://example.org/x.png) ![s](attachment:s.svg) ![n](attachment:none)",
                 attachments={"s.svg": {"image/svg+xml": SVG}}),
    )  # fmt: skip
    assert made.elements.count("img") == 3
    assert made.text.count("a picture that is not shown") == 3


def test_outputs_are_text() -> None:
    made = shown(
        code(
            "print(1)",
            {
                "output_type": "stream",
                "name": "stdout",
                "text": ["one\n", "two \x1b[31mred\x1b[0m"],
            },
            {"output_type": "execute_result", "data": {"text/plain": "<b>3</b>"}},
            {"output_type": "error", "ename": "E", "evalue": "e", "traceback": ["<i>E</i>: e"]},
        )
    )
    for words in ("one\ntwo red", "<b>3</b>", "<i>E</i>: e"):
        assert words in made.text


# What does harm elsewhere


@pytest.mark.parametrize(
    "text",
    [
        HOSTILE,
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<details open ontoggle=alert(1)>x</details>",
        "<details>\n\nnever closed",
        "</div></section></main>out",
        "</style><script>alert(1)</script>",
        "[x](javascript:alert(1)) [y](JaVaScRiPt:alert(1)) <javascript:alert(1)>",
        "[x](data:text/html;base64,PHNjcmlwdD4=) [y]( java\nscript:alert(1))",
        '[x](https://example.org/"onmouseover=alert(1)) [x]: javascript:a',
        '![x](javascript:alert(1)) !["><script>](x)',
        r"$\href{javascript:alert(1)}{x}$ $\text{<script>alert(1)</script>}$",
        r"$\style{background:url(https://example.org)}{x}$ $\class{skip}{y}$ $\cssId{content}{z}$",
        r"$$\tag{<script>} x$$ $<script>$ $&lt;script&gt;$",
        "\u202egnp.exe \u2066x\u2069 \x00\x07\x1b[2J \u200bx \ufeff \ud800 \udfff",
        "```python\n</code></pre><script>alert(1)</script>\n```",
        '```"><script>alert(1)</script>\nx\n```',
    ],
)
def test_what_a_student_writes_does_nothing(text: str) -> None:
    stream = {"output_type": "stream", "text": text}
    result = {"output_type": "display_data", "data": {"text/plain": text, "text/html": text}}
    one = replace(submission(text, check("x", message=text, hint=text)), notes=(text,), stage=text)
    marks = Marks((Mark(text, 1.0, 1.0, 1.0, True, 0.0),), ((text, text),))
    cells = [
        markdown(text), code(text, stream, result, name=text), code(f"# {text}"),
        {"cell_type": text, "source": text}, markdown([text, text], attachments={text: text}),
    ]  # fmt: skip
    made = render_page(one, "examples", marks, notebook(*cells))
    Shown(made)
    made.encode()  # no half of a pair is left
    assert not re.search(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ufeff]", made
    )
    assert made.count("<style>") == 1


@settings(max_examples=150, deadline=None)
@given(source=ANYTHING, other=ANYTHING)
def test_no_text_gets_out_of_its_cell(source: str, other: str) -> None:
    made = shown(markdown(source), code(other, {"output_type": "stream", "text": source}))
    assert made.elements.count("section") == 2
    assert made.elements.count("main") == 1


def test_the_page_forbids_scripts_and_whatever_is_elsewhere() -> None:
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page())
    assert policy.split("; ") == [
        "default-src 'none'", "img-src data:", "style-src 'unsafe-inline'", "base-uri 'none'",
        "form-action 'none'",
    ]  # fmt: skip
    assert "url(" not in page()
    assert "@import" not in page()


def test_nested_text_that_the_parser_would_leave_out_is_shown_as_it_is() -> None:
    for text in (">" * 60 + " deep", "\n".join(f"{'  ' * i}- deep {i}" for i in range(40))):
        assert text in shown(markdown(text)).text
    assert "quoted" in shown(markdown("> > quoted")).text


def test_ten_megabytes_of_output_are_cut_with_a_sentence() -> None:
    text = page(code("flood()", {"output_type": "stream", "text": "y" * 10_000_000}))
    assert len(text) < 60_000
    assert "9,990,000 more characters are not shown" in text
    text = page(
        *(code(f"x{i}", {"output_type": "stream", "text": "y" * 9_000}) for i in range(400))
    )
    assert len(text) < 1_500_000
    assert re.search(r"The page would be too long with the rest: \d+ more cells", text)


def test_a_long_cell_is_cut_and_many_cells_end() -> None:
    text = page(code("x = 1\n" * 20_000))
    assert len(text) < 100_000
    assert "It goes on: 70,000 more characters are not shown." in text
    text = page(*(code("") for _ in range(1_200)))
    assert "The page would be too long with the rest: 200 more cells." in text


def test_pictures_have_an_end() -> None:
    large = base64.b64encode(base64.b64decode(PNG) + bytes(1_500_000)).decode()
    output = {"output_type": "display_data", "data": {"image/png": large}}
    text = page(*(code("x", output) for _ in range(10)))
    assert text.count("<img") == notebook_html.ALL_PICTURES // len(large)


def test_a_small_file_is_no_picture_that_fills_the_memory() -> None:
    def sized(width: int, height: int) -> str:
        picture = bytearray(base64.b64decode(PNG))
        picture[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
        return base64.b64encode(picture).decode()

    for picture in (sized(30_000, 30_000), sized(2**31, 1), sized(0, 5), PNG[:24]):
        output = {"output_type": "display_data", "data": {"image/png": picture}}
        linked = markdown(f"![here](data:image/png;base64,{picture})")
        assert "img" not in shown(code("x", output), linked).elements
    output = {"output_type": "display_data", "data": {"image/png": sized(4_000, 3_000)}}
    assert "img" in shown(code("x", output)).elements


@pytest.mark.thorough
def test_text_that_is_slow_to_colour_does_not_hold_up_a_class() -> None:
    # Quadratic for the lexer; each is another one, so that none is known already.
    started = time.process_time()
    text = page(*(code(f"{i}" + "\n " * 9_000) for i in range(40)))
    assert time.process_time() - started < 15
    Shown(text)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"null", b"[]", b"{}", b'{"cells": 3}', b"[" * 200_000, b'{"cells": ' + b"9" * 9_999,
        b"\xff\xfe{", b'{"cells": [' + b'{"source": [' * 50_000,
    ],
)  # fmt: skip
def test_a_damaged_notebook_costs_only_itself(content: bytes) -> None:
    text = render_page(submission("ann", check("x", message="because")), "hints", Marks(), content)
    assert "because" in Shown(text).text
    assert "The notebook cannot be shown: its file is damaged." in text


@pytest.mark.parametrize(
    "cell",
    [
        None, 3, "x", [], {}, {"cell_type": "code"}, {"cell_type": [], "source": {}},
        {"cell_type": "code", "source": [1, None, "x"], "outputs": 7, "metadata": 7},
        {"cell_type": "code", "source": "x", "outputs": [1, {}, {"output_type": "error"}]},
        {"cell_type": "code", "source": "x", "metadata": {"nbgrader": 3, "jupyter": []}},
        {"cell_type": "code", "outputs": [{"output_type": "display_data", "data": []}]},
        {"cell_type": "markdown", "source": "![x](attachment:y)", "attachments": {"y": 3}},
    ],
)  # fmt: skip
def test_a_damaged_cell_costs_only_itself(cell: Any) -> None:
    assert "sound" in shown(cell, markdown("sound")).text


def test_a_name_that_means_harm_is_text() -> None:
    one = replace(submission(STUDENT, check("x")), stage='"><script>')
    assert "&lt;b&gt;" in str(render_page(one, "hints", Marks(), None))
    Shown(render_page(one, "hints", Marks(), None))


# Files


def class_of(course: Course) -> dict[str, Path]:
    """Three students, graded; where their pages are to be."""
    for student, answer in (("ann", None), ("bob", "+ 1"), ("dan", "* 2")):
        total = f"def total(values):\n    return float(np.sum(values)) {answer}\n"
        submit(course, student, {"total": total} if answer else None)
    run(course)
    return {
        student: course.root / "feedback" / student / STAGE / f"{STAGE}.html"
        for student in ("ann", "bob", "dan")
    }


def write_pages(course: Course, jobs: int = 1) -> dict[str, Written]:
    level = course.options.feedback_level
    with Journal(course.root / JOURNAL) as journal, GradebookWriter(course, level) as book:
        todo = [(path.name, STAGE) for path in sorted((course.root / "submitted").iterdir())]
        done = write_feedback(todo, book, journal, level, jobs, failures_of(course))
        return {one.student: one for one in done}


def test_only_what_changed_is_written(classroom: Course) -> None:
    pages = class_of(classroom)
    assert all(one.is_new for one in write_pages(classroom).values())
    long_ago = 1_000_000_000
    for path in pages.values():
        assert digest_in(path.read_bytes()) is not None
        assert (path.parent / TIMESTAMP).read_bytes()
        assert (path.parent / SECRET).read_bytes()
        os.utime(path, (long_ago, long_ago))
    assert not any(one.is_new or one.problem for one in write_pages(classroom).values())

    # A person grades, somebody deletes, nbgrader writes its own, and the notebook is another one.
    with Gradebook(f"sqlite:///{classroom.root}/gradebook.db", "nngrade") as book:
        grade = book.find_grade("tests-total", STAGE, STAGE, "ann")
        grade.manual_score, grade.needs_manual_grade = 0.25, False
        book.db.commit()
    (pages["bob"].parent / SECRET).unlink()
    done = write_pages(classroom)
    assert {student for student, one in done.items() if one.is_new} == {"ann"}
    assert (pages["bob"].parent / SECRET).exists()
    assert "(by the checks:" in pages["ann"].read_text()
    pages["bob"].write_text("<p>nbgrader's</p>")
    done = write_pages(classroom)
    assert {student for student, one in done.items() if one.is_new} == {"bob"}
    assert pages["dan"].stat().st_mtime == long_ago


def test_a_digest_is_of_all_that_is_on_a_page_and_of_nothing_else() -> None:
    one = a_submission()
    base = digest_of(one, "hints", Marks(), b"n")
    for other in (
        digest_of(replace(one, notes=("other",)), "hints", Marks(), b"n"),
        digest_of(replace(one, late_penalty=1.0), "hints", Marks(), b"n"),
        digest_of(one, "names", Marks(), b"n"),
        digest_of(one, "hints", Marks(late_penalty=1.0), b"n"),
        digest_of(one, "hints", Marks(lateness="late"), b"n"),
        digest_of(one, "hints", Marks(comments=(("a", "b"),)), b"n"),
        digest_of(one, "hints", Marks(), b"m"),
        digest_of(one, "hints", Marks(), None),
    ):
        assert other != base
    again = replace(one, seconds=9.0, path="elsewhere", output_bytes=3)
    again = replace(again, checks=tuple(replace(two, seconds=8.0) for two in one.checks))
    assert digest_of(again, "hints", Marks(), b"n") == base
    assert digest_in(render_page(one, "hints", Marks(), b"n", base).encode()) == base


def test_processes_write_what_one_writes(classroom: Course, monkeypatch: Any) -> None:
    pages = class_of(classroom)
    write_pages(classroom)
    alone = {student: path.read_bytes() for student, path in pages.items()}
    for path in pages.values():
        path.unlink()
    monkeypatch.setattr(feedback_files, "FEW", 2)
    monkeypatch.setattr(feedback_files, "GIVEN", 1)
    assert all(one.is_new for one in write_pages(classroom, jobs=2).values())
    assert {student: path.read_bytes() for student, path in pages.items()} == alone


def test_a_page_that_cannot_be_written_is_named_and_the_others_are_there(classroom: Course) -> None:
    pages = class_of(classroom)
    pages["bob"].parent.parent.mkdir(parents=True)
    pages["bob"].parent.write_text("in the way")
    done = write_pages(classroom)
    assert [student for student, one in done.items() if one.problem] == ["bob"]
    assert "cannot be written" in done["bob"].problem
    assert pages["ann"].exists()
    assert pages["dan"].exists()


def test_an_unexpected_exception_is_kept_for_the_staff(classroom: Course, monkeypatch: Any) -> None:
    pages = class_of(classroom)

    def render(result: Any, *others: Any) -> str:
        if result.student == "bob":
            raise ZeroDivisionError("a secret of the course")
        return "x"

    monkeypatch.setattr(feedback_files, "render_page", render)
    done = write_pages(classroom)
    assert "ZeroDivisionError" in done["bob"].problem
    assert "a secret" not in done["bob"].problem
    assert not pages["bob"].exists()
    assert pages["dan"].read_text() == "x"


@pytest.mark.thorough
def test_the_command_writes_pages_and_says_how_many(classroom: Course) -> None:
    submit(classroom, "ann")
    submit_text(classroom, "bob", "no notebook")
    done = nngrade(classroom.root, *RUN, "--feedback", ok=False)
    assert done.returncode == 2
    assert "1 page written." in done.stdout
    path = classroom.root / "feedback/ann" / STAGE / f"{STAGE}.html"
    Shown(path.read_text())
    assert not (classroom.root / "feedback/bob").exists()
    done = nngrade(classroom.root, *RUN, "--feedback", ok=False)
    assert "0 pages written, 1 up to date." in done.stdout


def test_feedback_needs_the_gradebook(classroom: Course) -> None:
    done = nngrade(classroom.root, "grade", "submitted", "--feedback", ok=False)
    assert done.returncode == 2
    assert "--feedback goes with --gradebook" in done.stderr


def test_no_hidden_line_is_on_a_page(classroom: Course) -> None:
    stage = classroom.stage(STAGE)
    submit(classroom, "bob", {task.name: "def x(): pass" for task in stage.lesson.tasks})
    run(classroom)
    write_pages(classroom)
    text = Shown((classroom.root / "feedback/bob" / STAGE / f"{STAGE}.html").read_text()).text
    squeezed = "".join(text.split())
    lines = [*solution_lines(stage)]
    assert lines
    for line in lines:
        assert "".join(line.split()) not in squeezed
    assert "HIDDENTESTS" not in squeezed
