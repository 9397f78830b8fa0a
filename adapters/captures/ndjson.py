"""Newline-delimited captures, read as a stream: one line in memory at a time, none of them lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from adapters.captures.exact import NotJson, parse
from adapters.captures.redact import may_hold_secret, redacted, scrubbed, written
from adapters.captures.shape import SEQ_MAX, TEXT_MAX, WrongShape, line_of
from adapters.captures.split import LINE_BYTES_MAX, lines
from adapters.captures.unpacking import Progress, Stream, Unpacked
from domain.wire import Item, Read, SetAside

_MARK = b"\xef\xbb\xbf"
_BLANK = b" \t\r\x0b\x0c"


def read(
    source: str,
    stream: Stream,
    *,
    progress: Progress | None = None,
    cap: int = LINE_BYTES_MAX,
) -> Iterator[Item]:
    """Every line of the stream as a message or set aside, in order; blank lines are passed over.

    `source` is what the file is called in what is set aside. `progress` is told how many bytes
    were taken from the stream. Only an error of the stream itself comes out as an exception.
    """
    return read_unpacked(source, Unpacked(stream, progress), cap=cap)


def read_unpacked(source: str, chunks: Unpacked, *, cap: int = LINE_BYTES_MAX) -> Iterator[Item]:
    """`read`, when the first bytes have been looked at already."""
    number = 0
    for number, raw, whole in lines(chunks, cap):
        if number == 1 and raw.startswith(_MARK):
            raw = raw[len(_MARK) :]  # noqa: PLW2901 - the mark is no part of the line
        if not whole:
            yield SetAside(source, number, f"longer than {cap} bytes", scrubbed(raw))
        elif text := raw.strip(_BLANK):
            yield item(source, number, text)
    if chunks.fault is not None:
        yield SetAside(source, number + 1, chunks.fault.reason, chunks.fault.raw)


def item(source: str, number: int, raw: bytes) -> Item:
    """One line, read or set aside."""
    record: Any = None
    try:
        record, named = parse(raw)
        line = line_of(record)
        if named or (line.http is not None and may_hold_secret(line.http)):
            clean = redacted(record)
            if clean != record:
                raw = written(clean)
                line = line_of(clean)
    except (NotJson, WrongShape) as error:
        return SetAside(source, number, str(error), scrubbed(raw), *_place(record))
    return Read(line, raw, number)


def _place(record: object) -> tuple[str | None, int | None]:
    """As much of the place in the capture as a line of the wrong shape tells."""
    if not isinstance(record, dict):
        return None, None
    fields = cast("dict[str, Any]", record)
    capture, seq = fields.get("capture"), fields.get("seq")
    named = isinstance(capture, str) and 0 < len(capture) <= TEXT_MAX
    numbered = type(seq) is int and 1 <= seq <= SEQ_MAX
    return (capture if named else None), (seq if numbered else None)
