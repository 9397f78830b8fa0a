"""The bytes of a file as they were written, whether it is plain, gzip or zstd.

The first bytes decide, not the name. Memory is bounded whatever the file holds: a chunk of output
never grows with the file or with how well it was compressed.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Protocol

import zstandard

CHUNK_BYTES = 1 << 18
ZSTD_STEP_BYTES = 1 << 10
"""zstd repeats a byte 131,072 times from four: small steps bound what one step can unpack, and
how much is lost before a damaged byte."""
KEPT_BYTES = 1 << 16
"""How much is kept of a piece that nobody can read."""
GZIP_MAGIC = b"\x1f\x8b"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
SKIPPABLE = range(0x184D2A50, 0x184D2A60)
_GZIP_ONLY = 31

Progress = Callable[[int], None]
"""Called with the bytes of the file (as stored, before unpacking) that were read so far."""


class Stream(Protocol):
    """Something that gives bytes: an open file, a pipe."""

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes; empty at the end."""
        ...


@dataclass(frozen=True, slots=True)
class Fault:
    """Why unpacking stopped before the end, and the first of the bytes that stay packed."""

    reason: str
    raw: bytes


class Unpacked:
    """Iterate over the unpacked chunks once; `fault` then says what stayed unread, if anything."""

    def __init__(self, stream: Stream, progress: Progress | None = None) -> None:
        self.fault: Fault | None = None
        self._stream = stream
        self._progress = progress
        self._count = 0
        self._chunks = self._unpack()

    def __iter__(self) -> Iterator[bytes]:
        return self._chunks

    def head(self, size: int) -> bytes:
        """The first bytes, at least `size` if there are as many; they are iterated over again."""
        held: list[bytes] = []
        for chunk in self._chunks:
            held.append(chunk)
            if sum(map(len, held)) >= size:
                break
        self._chunks = chain(held, self._chunks)
        return b"".join(held)

    def _unpack(self) -> Iterator[bytes]:
        pieces = self._pieces()
        first = b""
        for piece in pieces:
            first += piece
            if len(first) >= len(ZSTD_MAGIC):
                break
        if not first:
            return
        pieces = chain([first], pieces)
        if first.startswith(GZIP_MAGIC):
            yield from self._gunzip(pieces)
        elif _is_zstd(first):
            yield from self._unzstd(pieces)
        else:
            yield from pieces

    def _pieces(self) -> Iterator[bytes]:
        # A pipe gives what it has (read1); waiting for a full chunk would hold back live lines.
        read = getattr(self._stream, "read1", self._stream.read)
        while piece := read(CHUNK_BYTES):
            self._count += len(piece)
            if self._progress is not None:
                self._progress(self._count)
            yield piece

    def _gunzip(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        member = zlib.decompressobj(_GZIP_ONLY)
        for piece in pieces:
            data, out = piece, b""
            while data or len(out) == CHUNK_BYTES:
                if member.eof:
                    data = data.lstrip(b"\0")  # members may be padded with zeros
                    if not data:
                        break
                    member = zlib.decompressobj(_GZIP_ONLY)
                before = member.copy()  # an error takes the output of its call with it
                try:
                    out = member.decompress(data, CHUNK_BYTES)
                except zlib.error as error:
                    yield _until_damage(before.decompress, data)
                    self.fault = Fault(f"damaged gzip data: {error}", data[:KEPT_BYTES])
                    return
                if out:
                    yield out
                data = member.unused_data if member.eof else member.unconsumed_tail
        if not member.eof:
            self.fault = Fault("the gzip data is cut off", b"")

    def _unzstd(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        frame = zstandard.ZstdDecompressor().decompressobj()
        fed = False
        for piece in pieces:
            for start in range(0, len(piece), ZSTD_STEP_BYTES):
                data = piece[start : start + ZSTD_STEP_BYTES]
                while data:
                    if frame.eof:
                        frame = zstandard.ZstdDecompressor().decompressobj()
                    try:
                        out = frame.decompress(data)
                    except zstandard.ZstdError as error:
                        kept = piece[start : start + KEPT_BYTES]
                        self.fault = Fault(f"damaged zstd data: {error}", kept)
                        return
                    fed = True
                    if out:
                        yield out
                    data = frame.unused_data if frame.eof else b""
        if fed and not frame.eof:
            self.fault = Fault("the zstd data is cut off", b"")


def _until_damage(unpack: Callable[[bytes], bytes], data: bytes) -> bytes:
    """What comes out before the damaged byte; less than a chunk, as the damage is in this one."""
    out: list[bytes] = []
    try:
        for place in range(len(data)):
            out.append(unpack(data[place : place + 1]))  # noqa: PERF401 - kept when one fails
    except zlib.error:
        pass
    return b"".join(out)


def _is_zstd(first: bytes) -> bool:
    return first.startswith(ZSTD_MAGIC) or int.from_bytes(first[:4], "little") in SKIPPABLE
