"""Pictures as text: elements whose every word is escaped, whoever said it."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML document may hold, escaped or not."""
_TURNED = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f]")
"""What turns the direction of the text after it: said by a venue, it would rearrange our page."""

Number = float | int
Value = str | Number


def safe(text: str) -> str:
    """The text without what a page cannot hold, or what would rearrange it."""
    return _TURNED.sub("\N{REPLACEMENT CHARACTER}", _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text))


def said(text: str) -> str:
    """The text as content of a page or picture."""
    return escape(safe(text))


def element(name: str, attributes: Mapping[str, Value], *inside: str) -> str:
    """One element; `inside` is elements, or text that `said` has made harmless."""
    told = "".join(f" {key}={quoteattr(safe(_value(value)))}" for key, value in attributes.items())
    return f"<{name}{told}>{''.join(inside)}</{name}>" if inside else f"<{name}{told}/>"


def line(x1: Number, y1: Number, x2: Number, y2: Number, kind: str) -> str:
    """A straight line of a class of the style."""
    return element("line", {"x1": x1, "y1": y1, "x2": x2, "y2": y2, "class": kind})


def text(x: Number, y: Number, words: str, kind: str, *, anchor: str = "start") -> str:
    """One line of text, its baseline at `y`."""
    attributes: dict[str, Value] = {"x": x, "y": y, "class": kind}
    if anchor != "start":
        attributes["text-anchor"] = anchor
    return element("text", attributes, said(words))


def polygon(points: Sequence[tuple[Number, Number]], kind: str, fill: str | None = None) -> str:
    """A closed shape; `fill` is a pattern."""
    told = " ".join(f"{_value(x)},{_value(y)}" for x, y in points)
    attributes = {"points": told, "class": kind}
    return element("polygon", attributes if fill is None else {**attributes, "fill": fill})


def picture(
    shape: tuple[Number, Number, Number], name: str, title: str, about: str, *inside: str
) -> str:
    """A whole picture, which says what it shows to whoever cannot see it.

    `shape` is where it begins on the drawing from above, its width and its height. `name` begins
    the ids in it, so that several pictures can stand on one page.
    """
    top, width, height = shape
    attributes: dict[str, Value] = {
        "xmlns": "http://www.w3.org/2000/svg",
        "viewBox": f"0 {_value(top)} {_value(width)} {_value(height)}",
        "width": width,
        "height": height,
        "role": "img",
        "aria-labelledby": f"{name}-title {name}-desc",
        "class": "picture",
    }
    return element(
        "svg",
        attributes,
        element("title", {"id": f"{name}-title"}, said(title)),
        element("desc", {"id": f"{name}-desc"}, said(about)),
        *inside,
    )


def wrapped(words: str, width: int, lines_max: int) -> list[str]:
    """The words in lines of so many characters at most; what does not fit ends in `…`."""
    return textwrap.wrap(
        safe(words), width, max_lines=lines_max, placeholder=" …", break_on_hyphens=False
    )


def _value(value: Value) -> str:
    """A number with at most two decimals: the same on every machine."""
    if isinstance(value, str):
        return value
    return f"{value:.2f}".rstrip("0").rstrip(".")
