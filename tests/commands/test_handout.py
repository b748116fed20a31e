"""`nngrade handout`: which stages."""

from __future__ import annotations

from tests.conftest import nngrade


def test_the_stages_asked_for_are_handed_out_in_the_order_of_the_course(course, tmp_path):
    folder = tmp_path / "handout"
    nngrade(
        course.root, "handout", str(folder), "--stages", "stage02,stage01", "--stages", "stage02"
    )
    readme = (folder / "README.md").read_text()
    assert readme.index("Stage 1: Sums") < readme.index("Stage 2: Gradients")
    assert readme.count("Stage 2: Gradients") == 1


def test_a_stage_that_does_not_exist_is_named_and_nothing_is_written(course, tmp_path):
    run = nngrade(course.root, "handout", str(tmp_path / "h"), "--stages", "stage09", ok=False)
    assert run.returncode == 2
    assert "there is no stage 'stage09'" in run.stderr
    assert not (tmp_path / "h").exists()
