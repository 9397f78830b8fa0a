"""One answer of the venue, taken apart: which documented list it is, its rows, and its pages' ties.

Rows stay the bytes that they are until their turn comes: a list of any length costs what its file
does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from adapters.statements.objects import fields_of
from domain.listing import Listing

Parse = Callable[[bytes], Any]
REFUSALS = ("error", "detail", "message", "code")
"""What an answer has in place of a list, when the venue refuses to give one."""


class NoList(Exception):
    """The value is none of the venue's lists; the text says what it is instead."""


@dataclass(frozen=True, slots=True)
class Body:
    """A list in an answer. `envelope` is the answer without the rows."""

    listing: Listing
    envelope: Mapping[str, Any]
    rows: Sequence[bytes]

    def told(self, way: Sequence[str]) -> object:
        """What stands in the envelope at the end of the way; None when nothing does."""
        value: object = self.envelope if way else None
        for step in way:
            value = fields_of(value).get(step)
        return value

    def has(self, way: Sequence[str]) -> bool:
        """Whether anything, be it null, stands at the end of the way."""
        *first, last = way or ("",)
        around = self.told(first) if first else self.envelope
        return last in fields_of(around)


def bodies(
    raw: bytes, listings: Sequence[Listing], parse: Parse, *, asked: bool = False
) -> Sequence[Body]:
    """The lists in an answer. `asked`: the listings are those of its request, not any of them.

    Raise `NoList` for what holds none of them, `ValueError` for what is no JSON.
    """
    text = raw.strip()
    if text[:1] == b"[":
        return [_bare(text, listings, parse)]
    if text[:1] != b"{":
        raise NoList("neither an object nor a list")
    found: list[Body] = []
    for listing in listings:
        if not listing.rows or any(one.listing.rows == listing.rows for one in found):
            continue
        body = _enveloped(text, listing, parse)
        if body is not None and (asked or _fits(body, listing, parse)):
            found.append(body)
    if not found and asked and not listings[0].rows:
        found.append(Body(listings[0], {}, [text]))
    if not found:
        raise NoList(_instead(parse(text)))
    return found


def loose(row: Mapping[str, Any], listings: Sequence[Listing]) -> Listing | None:
    """The list that a row which stands by itself is of."""
    return next((one for one in listings if one.states is None and _is_row(row, one)), None)


def _is_row(row: Mapping[str, Any], listing: Listing) -> bool:
    return listing.marks <= row.keys() and (listing.fits is None or listing.fits(row))


def elements(raw: bytes) -> list[bytes]:
    """The elements of a JSON list, as bytes."""
    return [bytes(element) for element in msgspec.json.decode(raw, type=list[msgspec.Raw])]


def _enveloped(raw: bytes, listing: Listing, parse: Parse) -> Body | None:
    """The body, when its rows stand where this list has them."""
    rows = raw
    for step in listing.rows:
        try:
            fields = msgspec.json.decode(rows, type=dict[str, msgspec.Raw])
        except msgspec.ValidationError:
            return None
        if step not in fields:
            return None
        rows = bytes(fields[step])
    if rows[:1] == b"n":
        rows = b"[]"  # null: no rows
    if rows[:1] != b"[":
        return None
    start = raw.find(rows)
    envelope = parse(raw[:start] + b"[]" + raw[start + len(rows) :] if start >= 0 else raw)
    return Body(listing, envelope, elements(rows))


def _fits(body: Body, listing: Listing, parse: Parse) -> bool:
    if not listing.needs <= body.envelope.keys():
        return False
    words = listing.states
    return words is None or all(_word(row, parse) in words for row in body.rows)


def _word(row: bytes, parse: Parse) -> str | None:
    try:
        value = parse(row)
    except ValueError:
        return None
    word = fields_of(value).get("status")
    return word.strip().upper() if isinstance(word, str) else None


def _bare(raw: bytes, listings: Sequence[Listing], parse: Parse) -> Body:
    rows = elements(raw)
    for listing in listings:
        body = Body(listing, {}, rows)
        if listing.bare and _fits(body, listing, parse) and _is_one_of(rows, listing, parse):
            return body
    raise NoList("a list, and not of orders or of their matches")


def _is_one_of(rows: Sequence[bytes], listing: Listing, parse: Parse) -> bool:
    """Some row has the marks of the list; a list without rows could be any."""
    for row in rows:
        try:
            value = parse(row)
        except ValueError:
            continue
        if _is_row(fields_of(value), listing):
            return True
    return not rows


def _instead(value: Mapping[str, Any]) -> str:
    words = next((name for name in REFUSALS if name in value), None)
    if words is not None:
        return f"a refusal of the venue's, {words}: {str(value[words])[:120]}"
    return f"an object with {', '.join(map(repr, list(value)[:6])) or 'nothing in it'}"
