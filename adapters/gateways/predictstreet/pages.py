"""Pages of a list, newest first, by an opaque cursor that says after which row the next begins."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from itertools import islice
from typing import TypeVar

from adapters.gateways.predictstreet.refusals import BAD_REQUEST, Declined

T = TypeVar("T")
_DIGITS_MAX = 24


def page_of(
    kind: str, rows: Iterable[tuple[int, T]], cursor: str | None, limit: int
) -> tuple[list[T], str | None]:
    """The next `limit` of these numbered rows (newest first), and where the one after begins."""
    before = None if cursor is None else _read(kind, cursor)
    rest = ((number, row) for number, row in rows if before is None or number < before)
    found = list(islice(rest, limit + 1))
    page = found[:limit]
    more = len(found) > limit
    return [row for _, row in page], _written(kind, page[-1][0]) if more else None


def _written(kind: str, number: int) -> str:
    return base64.urlsafe_b64encode(f"{kind}:{number}".encode()).decode().rstrip("=")


def _read(kind: str, cursor: str) -> int:
    """Where a cursor of this list leads; raise `Declined` for any other text."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        found = base64.urlsafe_b64decode(padded.encode("ascii")).decode("ascii")
    except (binascii.Error, UnicodeError) as error:
        raise _no_cursor() from error
    told, _, number = found.partition(":")
    if told != kind or not number.isdigit() or len(number) > _DIGITS_MAX:
        raise _no_cursor()
    return int(number)


def _no_cursor() -> Declined:
    return Declined(BAD_REQUEST, "bad_request", "cursor: not one that this list gave out")
