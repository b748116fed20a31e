from __future__ import annotations

from pathlib import Path

import pooch
import pytest

from nndata import locations


def test_the_places_are_nndata_home_then_the_course_then_the_cache(home, tmp_path):
    folders = [place.folder for place in locations.places()]
    assert folders == [home, tmp_path / "datasets", tmp_path / "cache"]


@pytest.mark.parametrize("value", ["", None])
def test_without_nndata_home_the_course_comes_first(home, tmp_path, monkeypatch, value):
    if value is None:
        monkeypatch.delenv("NNDATA_HOME")
    else:
        monkeypatch.setenv("NNDATA_HOME", value)
    assert locations.places()[0].folder == tmp_path / "datasets"


def test_a_tilde_in_nndata_home_is_the_users_home(home, monkeypatch):
    monkeypatch.setenv("NNDATA_HOME", "~/data")
    assert locations.places()[0].folder == Path("~/data").expanduser()


def test_a_folder_that_is_two_places_is_looked_at_once(home, tmp_path, monkeypatch):
    monkeypatch.setenv("NNDATA_HOME", str(tmp_path / "datasets"))
    assert [place.label for place in locations.places()] == ["NNDATA_HOME", "your cache"]


def test_the_cache_is_the_one_that_pooch_would_use():
    assert locations.user_cache() == pooch.os_cache("nndata")


def test_in_a_checkout_the_folder_of_the_package_is_the_courses(tmp_path):
    package = tmp_path / "datasets" / "nndata"
    package.mkdir(parents=True)
    (tmp_path / "pyproject.toml").touch()
    assert locations.course_folder(package) == tmp_path.resolve() / "datasets"


@pytest.mark.parametrize("parent", ["site-packages", "datasets"])
def test_an_installed_package_has_no_course_folder(tmp_path, parent):
    package = tmp_path / parent / "nndata"
    package.mkdir(parents=True)
    if parent == "site-packages":
        (tmp_path / "pyproject.toml").touch()
    assert locations.course_folder(package) is None


def test_a_folder_that_does_not_exist_yet_is_writable_if_it_can_be_made(tmp_path):
    assert locations.writable(tmp_path / "a" / "b")


def test_a_file_is_no_writable_folder(tmp_path):
    (tmp_path / "file").touch()
    assert not locations.writable(tmp_path / "file" / "b")
