"""The text of a CSV: unpacked, and decoded as the mapping says."""

from __future__ import annotations

import io
from typing import Any

from adapters.statements.csv_mapping import Mapping
from adapters.statements.ports import Chunks


class _Raw(io.RawIOBase):
    """Unpacked chunks as a stream that text can be read from."""

    def __init__(self, chunks: Chunks) -> None:
        super().__init__()
        self._chunks = iter(chunks)
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: Any, /) -> int:  # noqa: ANN401 - any writable buffer
        """Fill the buffer with what comes next; 0 at the end."""
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = memoryview(chunk)
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count


def text_of(chunks: Chunks, mapping: Mapping) -> io.TextIOWrapper:
    """The file as text; a line is what ends with any of the usual ends."""
    encoding = mapping.encoding
    if encoding.lower().replace("_", "-") in {"utf-8", "utf8"}:
        encoding = "utf-8-sig"
    # What cannot be decoded is no printable text either: only the row that has it is set aside.
    raw = io.BufferedReader(_Raw(chunks), 1 << 18)
    return io.TextIOWrapper(raw, encoding, errors="surrogateescape", newline="")
