"""The documentation site, made by ``make docs``; it loads nothing from elsewhere."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
# The site is about this tree, whatever is installed.
sys.path[:0] = [str(ROOT / "autograder"), str(ROOT / "datasets")]

from nngrade import __version__  # noqa: E402

project = "nngrade"
author = "The nngrade authors"
project_copyright = f"2026 {author}"
version = release = __version__

extensions = [
    "myst_parser",
    "numpydoc",
    "sphinx.ext.autodoc",
]
exclude_patterns = ["conf.py"]
# `name` in a docstring is a link where the site has something of that name.
default_role = "py:obj"

myst_heading_anchors = 3

autodoc_member_order = "bysource"
# The docstrings name types, with shapes and units.
autodoc_typehints = "none"
autodoc_preserve_defaults = True
numpydoc_show_class_members = False
# Other projects' pages are not asked what they document: building takes no network.
nitpick_ignore_regex = [
    # Single backticks are for parameters, too, and for what has no page.
    ("py:obj", ".*"),
    (r"py:.*", r"(collections|matplotlib|numpy|os|pathlib|types|typing)\..*"),
]

html_theme = "pydata_sphinx_theme"
html_title = "nngrade"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_context = {"default_mode": "auto"}
html_show_sourcelink = False
html_copy_source = False
# They stand alone: there is nothing to list beside them.
html_sidebars = {"index": [], "overview": []}
html_theme_options: dict[str, Any] = {
    "logo": {"text": "nngrade"},
    "navbar_align": "left",
    "show_prev_next": False,
    "footer_start": ["copyright"],
    "footer_end": [],
    "secondary_sidebar_items": ["page-toc"],
}

# Pages of the site that are made of a file at the top of the repository.
PAGES = {
    "CHANGELOG.md": "changelog",
    "CODE_OF_CONDUCT.md": "code-of-conduct",
    "CONTRIBUTING.md": "contributing",
    "README.md": "overview",
    "SECURITY.md": "reporting",
}


class RepositoryLinks(SphinxTransform):
    """Links to files, written for readers of the repository, work on the site.

    A link to a page leads to the page; one to another file of the repository becomes its path.
    Nothing is copied into the site by being linked, least of all from ``solutions/``.
    """

    default_priority = 5

    def apply(self, **kwargs: Any) -> None:
        """Change the links of one page."""
        for link in list(self.document.findall(_is_link)):
            target, _, anchor = link["reftarget"].partition("#")
            if link["refdomain"] == "doc":
                # MyST takes a page for one of the site, wherever it is, and drops its ending.
                target, anchor = f"{target}.md", link.get("reftargetid") or ""
            path = _find(self.env.doc2path(self.env.docname), target)
            if path is None:
                continue  # Sphinx says that it does not exist.
            page = PAGES.get(path)
            if page is None and path.startswith("docs/") and path.endswith(".md"):
                page = path.removeprefix("docs/").removesuffix(".md")
            if page is None:
                link.replace_self(_told(link.astext(), path))
            else:
                _lead(link, page, anchor)


def _is_link(node: nodes.Node) -> bool:
    links = addnodes.pending_xref | addnodes.download_reference
    return isinstance(node, links) and node.get("reftype") == "myst"


def _find(page: str, target: str) -> str | None:
    """Which file of the repository a link means, from a page's folder or from the top."""
    for folder in (Path(page).parent, ROOT):
        path = (folder / target).resolve()
        if path.exists() and path.is_relative_to(ROOT):
            return path.relative_to(ROOT).as_posix()
    return None


def _told(text: str, path: str) -> list[nodes.Node]:
    """What stands in the place of a link to a file that is no page."""
    if "/" in text and path.endswith(f"/{text}"):
        return [nodes.literal(text, text)]
    told = nodes.literal(path, path)
    if text in (path, Path(path).name):
        return [told]
    return [nodes.Text(f"{text} ("), told, nodes.Text(")")]


def _lead(link: nodes.Element, page: str, anchor: str) -> None:
    """Make a link lead to a page of the site, or to a heading of it."""
    made = addnodes.pending_xref(
        "",
        *link.children,
        refdomain="doc",
        reftype="myst",
        refdoc=link.get("refdoc", ""),
        reftarget=page,
        reftargetid=anchor or None,
        refexplicit=True,
    )
    made.source, made.line = link.source, link.line
    link.replace_self(made)


def setup(app: Sphinx) -> dict[str, Any]:
    """Add what this file defines to Sphinx."""
    app.add_transform(RepositoryLinks)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
