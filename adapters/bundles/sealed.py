"""The file of a bundle: one line that vouches for the rest, then records, packed.

Nothing of the file is outside of what is vouched for: the first line has one spelling, its length
and hash are those of every byte that follows, and what is unpacked has a hash of its own, which is
the bundle's digest: the same content has the same digest, whatever packed it. Whoever makes a
bundle anew makes a new digest; so the digest is told when the bundle is made, to be kept apart.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

FORMAT = "breakwater-bundle 1"
UNPACKED_MAX = 4 << 30
"""Bytes; a longer bundle is none of ours."""
_HEAD = re.compile(
    rb"breakwater-bundle 1 content=sha256:([0-9a-f]{64}) packed=sha256:([0-9a-f]{64})"
    rb" length=([1-9][0-9]{0,18})\n"
)
_LEVEL = 9
_HEAD_MAX = 256


class Altered(ValueError):
    """The file is not the bundle that was made, or none at all."""


class Bundle(NamedTuple):
    """What a bundle holds: first what it tells of itself, then the records. `digest` is in hex."""

    manifest: Mapping[str, Any]
    records: Sequence[Mapping[str, Any]]
    digest: str


def sealed(manifest: Mapping[str, Any], records: Iterable[Mapping[str, Any]]) -> tuple[bytes, str]:
    """The bytes of a bundle, and its digest: the same records give the same bytes."""
    content = b"".join(map(_line, [manifest, *records]))
    digest = sha256(content).hexdigest()
    packed = zlib.compress(content, _LEVEL)
    head = (
        f"{FORMAT} content=sha256:{digest} packed=sha256:{sha256(packed).hexdigest()}"
        f" length={len(packed)}\n"
    )
    return head.encode() + packed, digest


def unsealed(path: Path, digest: str | None = None) -> Bundle:
    """What the file holds; `Altered` unless it is to the byte what was made.

    With `digest`, unless it is the very bundle that has it.
    """
    return read_sealed(path.read_bytes(), path.name, digest)


def read_sealed(data: bytes, name: str, digest: str | None = None) -> Bundle:
    """The same of bytes; `name` is what they are called in the reason."""
    content, found = _content(data, name)
    if digest is not None and digest != found:
        raise Altered(
            f"{name}: whole in itself, but not the bundle with the digest {digest}: it has "
            f"{found}; ask whoever made it for the file again"
        )
    first, *records = (json.loads(line, parse_float=str) for line in content.splitlines())
    return Bundle(first, records, found)


def _content(data: bytes, name: str) -> tuple[bytes, str]:
    again = "ask for the file again"
    found = _HEAD.match(data[:_HEAD_MAX])
    if found is None:
        raise Altered(f"{name}: no bundle of this program, or its first line was altered; {again}")
    digest, packed_digest, length = (part.decode() for part in found.groups())
    packed = data[found.end() :]
    if len(packed) != int(length):
        raise Altered(
            f"{name}: {len(packed)} bytes follow the first line, and it tells of {length}; {again}"
        )
    if sha256(packed).hexdigest() != packed_digest:
        raise Altered(f"{name}: its bytes are not those that its first line vouches for; {again}")
    unpacking = zlib.decompressobj()
    try:
        content = unpacking.decompress(packed, UNPACKED_MAX)
    except zlib.error as error:
        raise Altered(f"{name}: cannot be unpacked: {error}; {again}") from error
    if not unpacking.eof or unpacking.unused_data or not content.endswith(b"\n"):
        raise Altered(f"{name}: does not end where its content ends; {again}")
    if sha256(content).hexdigest() != digest:
        raise Altered(f"{name}: its content is not what its first line vouches for; {again}")
    return content, digest


def _line(record: Mapping[str, Any]) -> bytes:
    text = json.dumps(record, ensure_ascii=True, separators=(",", ":"), sort_keys=True)
    return text.encode() + b"\n"
