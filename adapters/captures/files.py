"""Open recordings by what they hold: newline-delimited captures or HAR, plain or packed."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from adapters.captures import har, ndjson
from adapters.captures.redact import scrubbed
from adapters.captures.unpacking import KEPT_BYTES, Progress, Unpacked
from domain.wire import Item, SetAside

STDIN = "-"
HEAD_BYTES = 1 << 16

_STARTS_AS_HAR = re.compile(rb'\{\s*"log"\s*:')
_HOLDS_A_LINE = re.compile(rb'"capture"\s*:')
_HOLDS_A_LIST = re.compile(rb'"(orders|bets|trades|unmatched|matched|matchedBets|graded)"\s*:\s*\[')
_HOLDS_ROWS = re.compile(rb'"(orderId|betId|txID|quantity)"\s*:')
_HOLDS_A_LOG = re.compile(rb'"log"\s*:\s*\{')


def open_captures(
    paths: Iterable[str | Path],
    *,
    venue: str | None = None,
    account: str | None = None,
    progress: Progress | None = None,
) -> Iterator[Item]:
    """Every item of every file, one file after the other; `progress` counts over all of them."""
    done = 0
    for path in paths:
        last = 0

        def counted(read: int, before: int = done) -> None:
            nonlocal last
            last = read
            if progress is not None:
                progress(before + read)

        yield from open_capture(path, venue=venue, account=account, progress=counted)
        done += last


def open_capture(
    path: str | Path,
    *,
    venue: str | None = None,
    account: str | None = None,
    progress: Progress | None = None,
) -> Iterator[Item]:
    """The items of one file, or of standard input for `-`; `OSError` when it cannot be opened.

    `venue` and `account` say whose traffic a HAR holds when it does not tell; a capture tells
    always. `progress` is told the bytes read so far, as stored.
    """
    if str(path) == STDIN:
        yield from read_stream(
            STDIN, sys.stdin.buffer, venue=venue, account=account, progress=progress
        )
        return
    with Path(path).open("rb") as stream:
        yield from read_stream(str(path), stream, venue=venue, account=account, progress=progress)


def read_stream(
    source: str,
    stream: BinaryIO,
    *,
    venue: str | None = None,
    account: str | None = None,
    progress: Progress | None = None,
) -> Iterator[Item]:
    """The items of an open stream, HAR or newline-delimited, by its first bytes."""
    chunks = Unpacked(stream, progress)
    head = chunks.head(HEAD_BYTES)
    if is_list(head):
        reason = (
            "a venue's own list, not what was said on the wire; try "
            f"`breakwater reconcile VENUE --account ACCOUNT --statement {source}`"
        )
        yield SetAside(source, 1, reason, scrubbed(head[:KEPT_BYTES]))
        return
    if not is_har(head):
        yield from ndjson.read_unpacked(source, chunks)
        return
    held: list[bytes] = []
    size = 0
    for chunk in chunks:
        held.append(chunk)
        size += len(chunk)
        if size > har.HAR_BYTES_MAX:
            reason = f"a HAR longer than {har.HAR_BYTES_MAX} bytes"
            yield SetAside(source, 1, reason, scrubbed(held[0][:KEPT_BYTES]))
            return
    yield from har.read(source, b"".join(held), venue=venue, account=account)
    if chunks.fault is not None:
        yield SetAside(source, 0, chunks.fault.reason, chunks.fault.raw)


def is_list(head: bytes) -> bool:
    """Whether a file that begins so is a page of a venue's own list, as a user saves it."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if _HOLDS_A_LINE.search(text) is not None or is_har(head):
        return False
    holds = {b"[": _HOLDS_ROWS, b"{": _HOLDS_A_LIST}.get(text[:1])
    return holds is not None and holds.search(text) is not None


def is_har(head: bytes) -> bool:
    """Whether a file that begins so is a HAR: one JSON object with a `log`.

    A HAR on several lines begins with an incomplete first line, a capture with a whole one.
    """
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    try:
        whole = json.loads(head.partition(b"\n")[0], parse_float=str, parse_int=str)
    except (ValueError, RecursionError):
        if _STARTS_AS_HAR.match(head):
            return True
        log, line = _HOLDS_A_LOG.search(head), _HOLDS_A_LINE.search(head)
        return log is not None and (line is None or log.start() < line.start())
    return isinstance(whole, dict) and "log" in whole and "capture" not in whole
