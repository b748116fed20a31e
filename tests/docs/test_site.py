"""The documentation site: every page is on it, it builds strictly, and it loads nothing."""

from __future__ import annotations

import html
import re
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

import nndata
import nngrade
from nngrade.course.stages import Course
from tests.conftest import ROOT
from tests.helpers import secret_lines

DOCS = ROOT / "docs"


def in_toctree(page: Path) -> list[Path]:
    """The pages that a page lists, in its toctrees."""
    blocks = re.findall(r"^```\{toctree\}\n(.*?)^```", page.read_text(), re.M | re.S)
    lines = [line for block in blocks for line in block.splitlines()]
    entries = [line for line in lines if line and not line.startswith(":")]
    names = [re.sub(r".*<(.+)>", r"\1", entry) for entry in entries]
    return [page.parent / f"{name}.md" for name in names]


def test_every_page_is_listed_once():
    listed: list[Path] = []
    waiting = [DOCS / "index.md"]
    while waiting:
        waiting.extend(in_toctree(waiting[0]))
        listed.append(waiting.pop(0))
    assert sorted(listed) == sorted(DOCS.rglob("*.md"))


@pytest.mark.parametrize("page", sorted(DOCS.glob("*.md")), ids=lambda page: page.name)
def test_a_page_opens_with_its_title(page: Path):
    text = page.read_text()
    included = re.match(r"```\{include\} (\S+)\n```\n", text)
    if included:
        text = (page.parent / included[1]).read_text()
    assert text.startswith("# ")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as `make docs` builds it."""
    for name in ("sphinx", "myst_parser", "numpydoc", "pydata_sphinx_theme"):
        pytest.importorskip(name, reason="pip install -e '.[docs]' installs it")
    made = tmp_path_factory.mktemp("site")
    (options,) = re.findall(r"-m sphinx (.+) docs build/docs\n", (ROOT / "Makefile").read_text())
    assert {"--fail-on-warning", "--nitpicky", "--fresh-env"} <= set(options.split())
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", *options.split(), str(DOCS), str(made)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    return made


@pytest.mark.slow
def test_it_loads_nothing_from_elsewhere(site: Path):
    pages = [path for path in site.rglob("*.html") if "_static" not in path.parts]
    assert len(pages) > len(list(DOCS.rglob("*.md")))
    for page in pages:
        loading = re.findall(
            r"<(?:script|img|iframe|link|source|object)\b[^>]*", page.read_text(errors="replace")
        )
        assert any("site.css" in tag for tag in loading), page
        assert not [tag for tag in loading if re.search(r"=\"(https?:)?//", tag)], page
    for sheet in site.rglob("*.css"):
        assert not re.search(r"(url\(|@import )[\"']?(https?:)?//", sheet.read_text()), sheet


@pytest.mark.slow
def test_it_holds_no_secret(site: Path, real_course: Course):
    secrets = secret_lines(real_course)
    assert secrets
    for path in site.rglob("*"):
        if path.suffix in (".html", ".js", ".txt", ".md"):
            text = html.unescape(re.sub(r"<[^>]+>", "", path.read_text(errors="replace")))
            lines = {line.strip() for line in text.splitlines()}
            assert not lines & secrets, path
    assert not list(site.rglob("_downloads"))


@pytest.mark.slow
def test_every_public_name_is_documented(site: Path):
    from nndata import plots

    # Sphinx's list of what is documented: four lines of text, then one name a line, compressed.
    lines = zlib.decompress((site / "objects.inv").read_bytes().split(b"\n", 4)[4]).decode()
    documented = {line.split()[0] for line in lines.splitlines()}
    names = {f"nngrade.{name}" for name in nngrade.__all__ if name != "__version__"}
    names |= {f"nndata.{name}" for name in nndata.__all__}
    names |= {f"nndata.plots.{name}" for name in plots.__all__}
    assert names - documented == set()


@pytest.mark.slow
def test_links_to_files_of_the_repository_lead_to_pages_or_say_where_they_are(site: Path):
    overview = (site / "overview.html").read_text()
    assert 'href="term.html"' in overview
    assert 'href="contributing.html"' in overview
    assert "solutions/README.md</span>" in overview
    assert 'href="contributing.html"' in (site / "how-it-works.html").read_text()
