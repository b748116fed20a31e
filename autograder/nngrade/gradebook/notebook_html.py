"""A notebook as HTML that can be opened by anybody, whoever wrote it.

Text is escaped, of HTML in Markdown only a few elements without attributes stay, links lead to the
web only, and pictures are PNGs that stand in the page. Nothing is run, and nothing is loaded.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import time
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markupsafe import Markup, escape
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from nngrade.gradebook.formulas import LONGEST as LONGEST_FORMULA
from nngrade.gradebook.formulas import formula
from nngrade.text import amount

__all__ = ["cells_html", "readable"]

# Seconds of processor time for making HTML of a notebook's cells; the rest stays plain text.
ENOUGH_SECONDS = 3.0
# Characters of a cell, or of an output, that are shown; characters and cells of a page; bytes of a
# picture, and of all pictures of a page; dots of a picture: browsers keep four bytes of each.
LONGEST_CELL, LONGEST_OUTPUT, LONGEST_PAGE, MOST_CELLS = 50_000, 10_000, 1_000_000, 1_000
LARGEST_PICTURE, ALL_PICTURES, MOST_DOTS = 2 * 2**20, 8 * 2**20, 20_000_000
# A longer one is hardly the course's: it is not kept, and its Markdown stays plain text.
LONGEST_KEPT = 20_000

# Control characters but tab and newline, marks that change the direction of writing or are not to
# be seen, and halves of surrogate pairs.
_UNREADABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_COLOURS = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_PLAIN_HTML = re.compile(
    r"&lt;(/?(?:details|summary|sub|sup|kbd|b|i|em|strong)|br ?/?)&gt;", re.IGNORECASE
)
_ELEMENT = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)[^<>]*>")
_WEB = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
_DATA = re.compile(r"data:image/png;base64,([A-Za-z0-9+/=\s]+)")


def readable(text: str) -> str:
    """Text in which each character that misleads, or cannot be seen, is a replacement character."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNREADABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def cells_html(
    content: bytes, grades: Mapping[str, Markup], left_out: Sequence[str] = ()
) -> Markup:
    """The cells of a notebook as HTML.

    Parameters
    ----------
    content : bytes
        A notebook file of format 4.
    grades : mapping of str to Markup
        What stands in the place of the outputs of grade cells, by the cells' ids.
    left_out : sequence of str
        Ids of cells that are not shown.

    Returns
    -------
    Markup
        The cells; where it is no notebook, a sentence that says so.
    """
    try:
        cells = json.loads(content.decode("utf-8", "replace"))["cells"]
        if not isinstance(cells, list):
            raise TypeError
    except (ValueError, LookupError, TypeError, RecursionError):
        return _note("The notebook cannot be shown: its file is damaged.")
    page = _Page(grades)
    for number, cell in enumerate(cells, 1):
        if number > MOST_CELLS or page.left <= 0:
            rest = amount(len(cells) - number + 1, "more cell")
            page.parts.append(_note(f"The page would be too long with the rest: {rest}."))
            break
        if isinstance(cell, dict) and _identifier(cell) not in left_out:
            page.add(cell)
    return Markup("\n").join(page.parts)


def _identifier(cell: Mapping[str, Any]) -> str:
    metadata = cell.get("metadata")
    known = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = known.get("grade_id") if isinstance(known, dict) else None
    return name if isinstance(name, str) else str(cell.get("id", ""))


class _Page:
    """The cells that were added, and how much more has room."""

    def __init__(self, grades: Mapping[str, Markup]) -> None:
        self.parts: list[Markup] = []
        self.left = LONGEST_PAGE
        self._pictures_left = ALL_PICTURES
        self._until = time.process_time() + ENOUGH_SECONDS
        self._grades = grades

    def add(self, cell: dict[str, Any]) -> None:
        """Add a cell with its outputs."""
        source, kind = _joined(cell.get("source")), cell.get("cell_type")
        shown = source[: min(LONGEST_CELL, self.left)]
        self.left -= len(shown)
        text = readable(shown)
        if len(text) > LONGEST_KEPT or time.process_time() > self._until:
            body = _text(text)
        elif kind == "markdown":
            body = self._markdown(text, cell.get("attachments"))
        else:
            body = _highlighted(text) if kind == "code" else _text(text)
        if len(shown) < len(source):
            body += _cut(len(source) - len(shown))
        name = _identifier(cell)
        if kind == "code":
            body = Markup('<div class="code">{}</div>').format(body)
            if _is_folded(cell):
                fold = "<details><summary>A cell that is folded away in the notebook</summary>{}"
                body = Markup(fold + "</details>").format(body)
            outputs = cell.get("outputs")
            if name in self._grades:
                body += self._grades[name]
            else:
                for output in outputs if isinstance(outputs, list) else ():
                    if isinstance(output, dict):
                        body += self._output(output)
        own = kind if kind in ("markdown", "code") else "raw"
        anchor = Markup(' id="cell-{}"').format(name) if name in self._grades else ""
        self.parts.append(Markup('<div class="cell {}"{}>{}</div>').format(own, anchor, body))

    def _markdown(self, text: str, attachments: object) -> Markup:
        if "](" in text or "]:" in text or isinstance(attachments, dict):
            found = attachments if isinstance(attachments, dict) else {}
            return _rendered(text, {"picture": lambda url: self._linked(url, found)})
        return _markdown(text)

    def _linked(self, url: str, attachments: Mapping[str, Any]) -> str | None:
        """A picture that Markdown names, as the page can hold it; None if it cannot."""
        if url.startswith("attachment:"):
            forms = attachments.get(url.removeprefix("attachment:"))
            return self._png(forms.get("image/png")) if isinstance(forms, dict) else None
        data = _DATA.fullmatch(url)
        return self._png(data[1]) if data else None

    def _output(self, output: dict[str, Any]) -> Markup:
        """An output: its picture if that is a PNG, else its text."""
        kind, data = output.get("output_type"), output.get("data")
        if kind == "stream":
            return self._printed(_joined(output.get("text")))
        if kind == "error":
            trace = output.get("traceback")
            lines = trace if isinstance(trace, list) else []
            return self._printed("\n".join(one for one in lines if isinstance(one, str)))
        if not isinstance(data, dict):
            return Markup("")
        plain = _joined(data.get("text/plain"))
        if picture := self._png(data.get("image/png")):
            alt = readable(plain[:400])
            return Markup('<img class="picture" alt="{}" src="{}">').format(alt, picture)
        return self._printed(plain)

    def _printed(self, text: str) -> Markup:
        shown = text[: max(0, min(LONGEST_OUTPUT, self.left))]
        self.left -= len(shown)
        if not text:
            return Markup("")
        made = Markup('<pre class="output">{}</pre>').format(readable(_COLOURS.sub("", shown)))
        return made + _cut(len(text) - len(shown)) if len(shown) < len(text) else made

    def _png(self, encoded: object) -> str | None:
        """A data URL of a PNG; None if it is none, or has no room."""
        text = "".join(_joined(encoded).split())
        if not text or len(text) > min(LARGEST_PICTURE, self._pictures_left):
            return None
        try:
            picture = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            return None
        if not picture.startswith(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR") or len(picture) < 24:
            return None
        width, height = (int.from_bytes(picture[at : at + 4], "big") for at in (16, 20))
        if not 0 < width * height <= MOST_DOTS:
            return None
        self._pictures_left -= len(text)
        return f"data:image/png;base64,{text}"


def _joined(text: object) -> str:
    """A multi-line text of a notebook file, which is one text or a list of lines."""
    if isinstance(text, list):
        return "".join(one for one in text if isinstance(one, str))
    return text if isinstance(text, str) else ""


def _is_folded(cell: Mapping[str, Any]) -> bool:
    metadata = cell.get("metadata")
    jupyter = metadata.get("jupyter") if isinstance(metadata, dict) else None
    return isinstance(jupyter, dict) and jupyter.get("source_hidden") is True


def _note(sentence: str) -> Markup:
    return Markup('<p class="note">{}</p>').format(sentence)


def _cut(count: int) -> Markup:
    return _note(f"It goes on: {count:,} more characters are not shown.")


def _text(text: str) -> Markup:
    return Markup('<pre class="plain">{}</pre>').format(text)


@lru_cache(maxsize=512)
def _highlighted(text: str) -> Markup:
    made = _lexer_and_formatter()
    tokens = made[0].get_tokens(text)
    parts: list[str] = []
    made[1].format(tokens, _Parts(parts))
    return Markup("<pre>{}</pre>").format(Markup("".join(parts).rstrip("\n")))


class _Parts:
    """The file to which a formatter writes."""

    def __init__(self, parts: list[str]) -> None:
        self.write = parts.append


@cache
def _lexer_and_formatter() -> tuple[Any, Any]:
    return PythonLexer(stripnl=False), HtmlFormatter(nowrap=True)


@lru_cache(maxsize=512)
def _markdown(text: str) -> Markup:
    """Markdown without pictures as HTML: that of a class is the same in most cells."""
    return _rendered(text, {})


def _rendered(text: str, env: dict[str, Any]) -> Markup:
    parser = _parser()
    tokens = parser.parse(text, env)
    if any(token.level >= parser.options["maxNesting"] - 2 for token in tokens):
        return _text(text)  # it leaves out what is nested deeper
    made = parser.renderer.render(tokens, parser.options, env)
    if env.get("has_html") and not _is_balanced(made):
        # What somebody did not close would take in all that comes behind it.
        made = parser.renderer.render(tokens, parser.options, {**env, "as_text": True})
    return Markup(made)


def _is_balanced(text: str) -> bool:
    open_elements: list[str] = []
    for found in _ELEMENT.finditer(text):
        name = found[2].lower()
        if name in ("br", "hr", "img"):
            continue
        if not found[1]:
            open_elements.append(name)
        elif not open_elements or open_elements.pop() != name:
            return False
    return not open_elements


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    # What a link may lead to is decided where it is written.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    parser.inline.ruler.before("escape", "formula", _inline_formula)
    parser.block.ruler.before(
        "fence",
        "formula",
        _block_formula,
        {"alt": ["paragraph", "reference", "blockquote", "list"]},
    )
    for name, rule in (
        ("formula", _render_formula),
        ("html_inline", _render_html),
        ("html_block", _render_html),
        ("link_open", _render_link),
        ("link_close", _render_link_end),
        ("image", _render_image),
        ("fence", _render_fence),
    ):
        parser.add_render_rule(name, rule)
    return parser


def _inline_formula(state: StateInline, silent: bool) -> bool:
    """Read ``$...$`` or ``$$...$$``; no space stands inside of its dollars."""
    start, text = state.pos, state.src
    if text[start] != "$":
        return False
    dollars = "$$" if text.startswith("$$", start) else "$"
    first = start + len(dollars)
    end = text.find(dollars, first, min(state.posMax, first + LONGEST_FORMULA))
    while end > 0 and text[end - 1] == "\\":
        end = text.find(dollars, end + 1, min(state.posMax, first + LONGEST_FORMULA))
    if end <= first:
        return False
    tex = text[first:end]
    if dollars == "$" and (tex != tex.strip() or text[end + 1 : end + 2].isdigit()):
        return False
    if not silent:
        token = state.push("formula", "", 0)
        token.content, token.markup = tex, dollars
    state.pos = end + len(dollars)
    return True


def _block_formula(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a formula from a line that begins with ``$$`` to one that ends with it.

    Its lines may begin as those of a list do, or of a heading.
    """
    first = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith("$$", first):
        return False
    for line in range(start, min(end, start + 100)):
        begin = state.bMarks[line] + state.tShift[line]
        row = state.src[begin : state.eMarks[line]]
        inner = row[2:] if line == start else row
        if not row.strip():
            return False
        if "$$" in inner:
            if not inner.rstrip().endswith("$$") or inner.count("$$") > 1:
                return False  # text goes on behind it: a paragraph
            if silent:
                return True
            tex = state.getLines(start, line + 1, state.blkIndent, False).strip()[2:-2]
            state.line = line + 1
            token = state.push("formula", "", 0)
            token.content, token.markup, token.block = tex, "$$", True
            token.map = [start, line + 1]
            return True
    return False


def _render_formula(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any
) -> str:
    token = tokens[index]
    made = formula(token.content.strip(), token.markup == "$$")
    return f"<p>{made}</p>\n" if token.block else made


def _render_html(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any
) -> str:
    """HTML as text, but for a few elements without attributes."""
    text = str(escape(tokens[index].content))
    if env.get("as_text"):
        return text
    made, count = _PLAIN_HTML.subn(r"<\1>", text)
    env["has_html"] = env.get("has_html") or count > 0
    return made


def _render_link(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any
) -> str:
    url = str(tokens[index].attrGet("href") or "")
    env["is_linked"] = _WEB.match(url) is not None
    if not env["is_linked"]:
        return ""  # to a file beside the notebook, say, or to a script
    return Markup('<a href="{}" rel="noopener noreferrer nofollow">').format(url)


def _render_link_end(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any
) -> str:
    return "</a>" if env["is_linked"] else ""  # a link holds no other


def _render_image(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any
) -> str:
    token = tokens[index]
    find = env.get("picture")
    source = find(str(token.attrGet("src") or "")) if find else None
    if source is None:
        return Markup('<span class="note">[a picture that is not shown: {}]</span>').format(
            token.content
        )
    return Markup('<img class="picture" alt="{}" src="{}">').format(token.content, source)


def _render_fence(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any
) -> str:
    token = tokens[index]
    return _highlighted(token.content) if token.info.strip() == "python" else _text(token.content)
