"""Formulas in TeX as MathML, which browsers show without scripts."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import lru_cache
from xml.etree.ElementTree import Element

from latex2mathml.converter import convert_to_element
from markupsafe import Markup, escape

__all__ = ["formula"]

# More characters than any formula of a lesson; the converter calls itself for each brace.
LONGEST = 2_000
# What the converter makes of a lesson's formulas, and no more: students can have it make links,
# styles and classes.
_ELEMENTS = re.compile(
    "math|menclose|mfrac|mi|mmultiscripts|mn|mo|mover|mpadded|mphantom|mroot|mrow|mspace|msqrt|"
    "mstyle|msub|msubsup|msup|mtable|mtd|mtext|mtr|munder|munderover"
)
_ATTRIBUTES = re.compile(
    "accent|columnalign|display|displaystyle|fence|form|linethickness|mathvariant|maxsize|minsize|"
    "rowspacing|scriptlevel|separator|stretchy|width"
)
_TAG = re.compile(r"\\tag\s*\{([^{}]*)\}")
# The converter knows these delimiters, but not in another size.
_SIZED = re.compile(r"(\\[bB]igg?[lrm]?)\s*\\[lr](v|V)ert(?![A-Za-z])")
# Characters that TeX wants a backslash before, in text.
_ESCAPED = re.compile(r"\\([_%#&$])")
# Braces below and above a term, as the converter writes them, and as browsers stretch them.
_BRACES = str.maketrans(
    "\N{PRESENTATION FORM FOR VERTICAL RIGHT CURLY BRACKET}"
    "\N{PRESENTATION FORM FOR VERTICAL LEFT CURLY BRACKET}",
    "\N{BOTTOM CURLY BRACKET}\N{TOP CURLY BRACKET}",
)
# Words and lengths; none of hundreds of letters, which would make the page as wide.
_VALUE = re.compile(r"[A-Za-z]+|[+-]?(?:\d{1,2}(?:\.\d+)?|\.\d+)(?:em|ex|mu|pt|px|%)?")


def formula(tex: str, display: bool) -> Markup:
    """A formula as MathML; as its TeX source where it cannot be converted.

    Parameters
    ----------
    tex : str
        The source without its dollars.
    display : bool
        Whether it stands in a line of its own.
    """
    return _formula(tex, display) if len(tex) <= LONGEST else _source(tex, display)


@lru_cache(maxsize=4096)
def _formula(tex: str, display: bool) -> Markup:
    numbers = [number.strip() for number in _TAG.findall(tex)] if display else []
    plain = _SIZED.sub(lambda found: found[1] + ("|" if found[2] == "v" else r"\|"), tex)
    plain = _TAG.sub("", plain) if display else plain
    try:
        # Errors of all kinds: the converter has a class for some, and runs into the others.
        root = convert_to_element(plain, display="block" if display else "inline")
        made = "".join(_markup(root))
    except (Exception, RecursionError):
        return _source(tex, display)
    if "\\" in made:
        return _source(tex, display)  # a command that it does not know, which it spells out
    if not display:
        return Markup(made)
    number = "".join(f'<span class="number">({escape(one)})</span>' for one in numbers)
    return Markup(f'<span class="formula">{made}{number}</span>')


def _source(tex: str, display: bool) -> Markup:
    dollars = "$$" if display else "$"
    return Markup('<code class="tex">{}</code>').format(f"{dollars}{tex}{dollars}")


def _markup(element: Element) -> Iterator[str]:
    """An element and all in it; of what is not known, only its contents."""
    known = _ELEMENTS.fullmatch(element.tag) is not None
    if known:
        attributes = "".join(
            f' {name}="{value}"'
            for name, value in element.attrib.items()
            if _ATTRIBUTES.fullmatch(name) and all(map(_VALUE.fullmatch, value.split()))
        )
        yield f"<{element.tag}{attributes}>"
    # The converter writes characters as entities.
    text = html.unescape(element.text or "").translate(_BRACES)
    yield escape(_ESCAPED.sub(r"\1", text))
    before: Element | None = None
    for child in element:
        if _is(child, "+−") and before is not None and _is(before, "([{=<>≤≥≈,;·⋅×/→∈"):
            child.set("form", "prefix")  # a sign, with no space behind it
        yield from _markup(child)
        before = child
    if known:
        yield f"</{element.tag}>"
    yield escape(html.unescape(element.tail or ""))


def _is(element: Element, operators: str) -> bool:
    """Whether an element is one of some operators."""
    return element.tag == "mo" and html.unescape(element.text or "") in tuple(operators)
