"""A row in words: how the order stood after it, what a client believed, what to look at."""

from __future__ import annotations

from collections.abc import Iterator

from adapters.timeline.lives import stood
from adapters.timeline.rows import Row, differ
from domain.values import plain


def after(row: Row) -> str:
    """How the order stood after it."""
    return "" if row.after is None else f"{stood(row.after)}, {row.after.status}"


def believed(row: Row) -> str:
    """What an attentive client must have believed then."""
    held = None if row.is_message else row.believed
    if held is None:
        return ""
    if held.remaining_min != held.remaining_max:
        return f"{plain(held.remaining_min)} to {plain(held.remaining_max)} may be live"
    return "the same" if held == row.after else f"{stood(held)}, {held.status}"


def looks(row: Row) -> Iterator[str]:
    """What is worth a second look, and what has become known since."""
    for found in row.marks:
        yield f"{found.mark}: {found.text}"
    seen, known = (None, None) if row.is_message else (row.believed, row.known_now)
    if seen is not None and known is not None and differ(seen, known):
        yield f"known since: {stood(known)}, {known.status}"
