"""Canvas: its columns and the points."""

from __future__ import annotations

from nngrade.formats import canvas
from tests.formats.conftest import check, submission, ungraded
from tests.helpers import rows


def test_canvas_gets_its_columns_and_the_points():
    results = [
        submission("ann", check("x", score=1, points=2)),
        submission("ann", check("x", score=3, points=4), stage="stage02"),
        submission("Points Possible", check("x", points=2)),
        ungraded(),
    ]
    head, points, *students = rows(canvas.render(results))
    # lib/gradebook_importer.rb: columns by place, then one for each assignment.
    assert head == [
        "Student", "ID", "SIS User ID", "SIS Login ID", "Section", "stage01_sums", "stage02",
    ]  # fmt: skip
    assert points == ["Points Possible", "", "", "", "", "2", "4"]
    assert students == [
        ["ann", "", "", "ann", "", "1", "3"],
        # A name must not pass for the row of points.
        ["", "", "", "Points Possible", "", "0", ""],
    ]
