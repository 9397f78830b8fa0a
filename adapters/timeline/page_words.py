"""Words and values as content of a page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from adapters.timeline.spans import clock
from adapters.timeline.svg import Value, element, said
from domain.values import plain

_CODE = re.compile(r"`([^`]+)`")


def prose(words: str) -> str:
    """A sentence; what stands between backquotes is a command."""
    return _CODE.sub(r"<code>\1</code>", said(words))


def value(told: object) -> str:
    """A value of a record as people read it."""
    if isinstance(told, Decimal):
        return plain(told)
    if isinstance(told, datetime):
        return clock(told)
    return "" if told is None else str(told)


def heading(words: str, kind: str = "part") -> str:
    """The heading of a part of the page; of kind `screen` it is not on paper."""
    return element("h2", {"class": kind}, said(words))


def wide(name: str, inside: str) -> str:
    """What is wider than a small screen is scrolled, by the keyboard too."""
    about: dict[str, Value] = {
        "class": "scroll",
        "tabindex": 0,
        "role": "region",
        "aria-label": name,
    }
    return element("div", about, inside)


def facts(told: Sequence[tuple[str, object]]) -> str:
    """Names with their values; what nobody told is left out."""
    pairs = [
        element("dt", {}, said(name)) + element("dd", {}, said(value(one)))
        for name, one in told
        if one is not None
    ]
    return element("dl", {"class": "facts"}, *pairs)
