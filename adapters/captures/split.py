"""Lines out of chunks of bytes, in flat memory, however long a line may be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

LINE_BYTES_MAX = 16 << 20
"""A longer line is no message of any venue; it is skipped without being loaded."""
KEPT_BYTES = 1 << 16
"""How much is kept of a line that is too long."""

Numbered = tuple[int, bytes, bool]
"""The number of the line from 1, its bytes without the line feed, and whether that is all of it."""


def lines(chunks: Iterable[bytes], cap: int = LINE_BYTES_MAX) -> Iterator[Numbered]:
    """Every line with its number; of a line longer than `cap` only the first bytes."""
    number = 0
    held: list[bytes] = []
    size = 0  # of the unfinished line, all of it
    for chunk in chunks:
        first, *rest = chunk.split(b"\n")
        size += len(first)
        held.append(first)
        if not rest:
            held = _trimmed(held, size, cap)
            continue
        number += 1
        yield number, *_joined(held, size, cap)
        last = rest.pop()
        for line in rest:
            number += 1
            if len(line) <= cap:
                yield number, line, True
            else:
                yield number, line[: min(cap, KEPT_BYTES)], False
        size = len(last)
        held = _trimmed([last], size, cap)
    if size:
        yield number + 1, *_joined(held, size, cap)


def _trimmed(held: list[bytes], size: int, cap: int) -> list[bytes]:
    """What to hold of an unfinished line: once it is too long, no more than its first bytes."""
    return held if size <= cap else [b"".join(held)[: min(cap, KEPT_BYTES)]]


def _joined(held: list[bytes], size: int, cap: int) -> tuple[bytes, bool]:
    whole = size <= cap
    joined = b"".join(held)
    return (joined, True) if whole else (joined[: min(cap, KEPT_BYTES)], False)
