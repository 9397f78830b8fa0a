"""What vouches for the rows beside the chain: how many there are, and a sum over all of them.

A seal is a count and the exclusive or of the SHA-256 of each row, so that rows may come in any
order and one may be exchanged for another without a look at the rest. There is one for the lines
of each capture and one for each of the other tables; the append moves them in the transaction of
their rows. Revision 0003 sealed what it found, with a copy of this page.
"""

from __future__ import annotations

from hashlib import sha256
from struct import Struct
from typing import Any, Final, Literal, NamedTuple

from adapters.eventlog.rows import NameRow, QuarantineRow

Sealed = Literal["wire", "names", "quarantine", "captures", "checkpoints"]
SEAL_BYTES: Final = 32
WHOLE: Final = 0
"""The part of a table that is sealed as a whole; the lines of a capture are the part of its id."""

_place = Struct(">3q").pack
_sizes = Struct(">4q").pack


class Seal(NamedTuple):
    """How many rows there are, and what they sum up to."""

    members: int
    mark: bytes


class Seals:
    """What one batch does to the seals."""

    def __init__(self) -> None:
        self._found: dict[tuple[Sealed, int], tuple[int, int]] = {}

    def add(self, table: Sealed, mark: int, part: int = WHOLE) -> None:
        """A row was added."""
        self.move(table, 1, mark, part)

    def exchange(self, table: Sealed, before: int, after: int, part: int = WHOLE) -> None:
        """A row was changed."""
        self.move(table, 0, before ^ after, part)

    def move(self, table: Sealed, members: int, mark: int, part: int = WHOLE) -> None:
        """So many more rows, and their marks, taken together."""
        count, total = self._found.get((table, part), (0, 0))
        self._found[table, part] = (count + members, total ^ mark)

    def rows(self) -> list[tuple[str, int, int, bytes]]:
        """Each seal that moves, in one order for all writers: table, part, members, mark."""
        if not self._found:
            return []  # a batch of events alone
        return [
            (*key, members, written(mark))
            for key, (members, mark) in sorted(self._found.items())
            if members or mark
        ]


def written(mark: int) -> bytes:
    """A mark as it is stored."""
    return mark.to_bytes(SEAL_BYTES)


def read(mark: bytes) -> int:
    """A mark as it is reckoned with."""
    return int.from_bytes(mark)


def line_mark(  # noqa: PLR0913, PLR0917 - the columns of a line, but for the bytes that its digest covers
    capture_id: int, seq: int, observed_at: int, exchange: str | None, outcome: str, digest: bytes
) -> int:
    """A wire line; the digest stands for its bytes. One for each line: it is made to be fast."""
    named = b"" if exchange is None else b"=" + exchange.encode()
    fixed = _place(capture_id, seq, observed_at)
    return int.from_bytes(sha256(fixed + digest + outcome.encode() + named).digest())


def name_mark(row: NameRow) -> int:
    """A name of a stream. One for each order or more: it is made to be fast."""
    venue, account, kind, name, stream = row
    texts = (venue.encode(), account.encode(), kind.encode(), name.encode())
    content = b"".join((_sizes(*map(len, texts)), *texts, stream.bytes))
    return int.from_bytes(sha256(content).digest())


def aside_mark(row: QuarantineRow) -> int:
    """Something that was set aside."""
    return row_mark(*row[:8], int(row.released))


def row_mark(*values: Any) -> int:  # noqa: ANN401 - what a driver gives for any column
    """A row of any table; `TypeError` for a value that no column of ours holds."""
    parts: list[bytes] = []
    for value in values:
        match value:
            case None:
                parts.append(b"-")
            case int():
                parts.append(b"%d;" % value)
            case str():
                text = value.encode()
                parts.append(b"t%d:%b" % (len(text), text))
            case bytes():
                parts.append(b"b%d:%b" % (len(value), value))
            case _:
                raise TypeError(f"{type(value).__name__} is no value of a row")
    return int.from_bytes(sha256(b"".join(parts)).digest())
