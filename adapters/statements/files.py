"""The files of a statement: opened again as often as they are read, and known by their hash."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from shutil import copyfileobj
from typing import BinaryIO

from adapters.statements.errors import NotAStatement
from adapters.statements.ports import Chunks

STDIN = "-"
DOCUMENT_BYTES_MAX = 1 << 29
"""One JSON value must be held whole; a larger list is better saved row by row."""
HEAD_BYTES = 1 << 16
MARK = b"\xef\xbb\xbf"

Unpack = Callable[[BinaryIO], Chunks]


@dataclass(frozen=True, slots=True)
class File:
    """A file of a statement, by the name that the user gave it."""

    name: str
    path: Path
    sha256: str

    @contextmanager
    def opened(self, unpack: Unpack) -> Generator[Chunks]:
        """The bytes in it, unpacked."""
        with self.path.open("rb") as stream:
            yield unpack(stream)

    def head(self, unpack: Unpack) -> bytes:
        """The first bytes, without the mark of UTF-8."""
        with self.opened(unpack) as chunks:
            return chunks.head(HEAD_BYTES).removeprefix(MARK)

    def whole(self, unpack: Unpack) -> tuple[bytes, str | None]:
        """All bytes, without the mark of UTF-8, and what is wrong with the end of them."""
        held: list[bytes] = []
        size = 0
        with self.opened(unpack) as chunks:
            for chunk in chunks:
                held.append(chunk)
                size += len(chunk)
                if size > DOCUMENT_BYTES_MAX:
                    raise NotAStatement(
                        f"{self.name}: one JSON value of more than {DOCUMENT_BYTES_MAX} bytes; "
                        f"save it row by row: jq -c '.orders[]' {self.name} > rows.ndjson"
                    )
            fault = chunks.fault
        return b"".join(held).removeprefix(MARK), None if fault is None else fault.reason


def file_of(path: str) -> File:
    """The file, hashed; standard input is kept in a temporary file, since it is read twice."""
    if path == STDIN:
        return File(STDIN, *_hashed(_kept()))
    return File(path, *_hashed(Path(path)))


def _hashed(path: Path) -> tuple[Path, str]:
    with path.open("rb") as stream:
        return path, file_digest(stream, "sha256").hexdigest()


_KEPT: list[tempfile.TemporaryDirectory[str]] = []
"""Removed when the program ends."""


def _kept() -> Path:
    place = tempfile.TemporaryDirectory(prefix="breakwater-")
    _KEPT.append(place)
    path = Path(place.name) / "statement"
    with path.open("wb") as kept:
        copyfileobj(sys.stdin.buffer, kept)
    return path
