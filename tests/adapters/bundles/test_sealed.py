"""The file of a bundle: the same content makes the same bytes, and no change goes unnoticed."""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from adapters.bundles.sealed import Altered, read_sealed, sealed, unsealed

MANIFEST = {"is": "bundle", "of": "O1"}
RECORDS: list[dict[str, Any]] = [
    {"is": "line", "seq": number, "raw": f'{{"n": {number}}}'} for number in range(200)
]
DATA, DIGEST = sealed(MANIFEST, RECORDS)
ALTERATIONS = 10_000


def refused(path: Path, data: bytes, digest: str | None = None) -> str:
    """Why the bytes are refused."""
    path.write_bytes(data)
    with pytest.raises(Altered) as error:
        unsealed(path, digest)
    return str(error.value)


def test_what_was_sealed_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "a.bundle"
    path.write_bytes(DATA)
    found = unsealed(path, DIGEST)
    assert found.manifest == MANIFEST
    assert list(found.records) == RECORDS
    assert sealed(MANIFEST, RECORDS) == (DATA, DIGEST)


def flipped(data: bytearray, chance: random.Random) -> None:
    """One bit is another."""
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def cut(data: bytearray, chance: random.Random) -> None:
    """Some bytes are gone."""
    start = chance.randrange(len(data))
    del data[start : start + chance.randint(1, 40)]


def put_in(data: bytearray, chance: random.Random) -> None:
    """Some bytes are more."""
    at = chance.randrange(len(data) + 1)
    data[at:at] = chance.randbytes(chance.randint(1, 8))


def swapped(data: bytearray, chance: random.Random) -> None:
    """Two bytes that are not alike stand in each other's place."""
    first = chance.randrange(len(data))
    second = next(at for at in range(len(data)) if data[at] != data[first])
    data[first], data[second] = data[second], data[first]


def said_otherwise(data: bytearray, chance: random.Random) -> None:
    """The first line has a letter in another case, or another digit."""
    places = [at for at in range(data.index(b"\n")) if chr(data[at]).isalnum()]
    at = chance.choice(places)
    data[at] = ord(chr(data[at]).swapcase()) if chr(data[at]).isalpha() else data[at] ^ 1


CHANGES: list[Callable[[bytearray, random.Random], None]] = [
    flipped,
    cut,
    put_in,
    swapped,
    said_otherwise,
]


def test_no_alteration_goes_unnoticed() -> None:
    chance = random.Random(20261121)  # noqa: S311 - alterations that anyone can draw again
    unnoticed: list[str] = []
    for number in range(ALTERATIONS):
        data = bytearray(DATA)
        change = CHANGES[number % len(CHANGES)]
        change(data, chance)
        if bytes(data) == DATA:
            continue  # bytes that were put in beside the same bytes
        try:
            read_sealed(bytes(data), "a.bundle")
        except Altered:
            continue
        unnoticed.append(f"{number} {change.__name__}")
    assert unnoticed == []


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"", "no bundle of this program", id="nothing"),
        pytest.param(b"PK\x03\x04", "no bundle of this program", id="another kind of file"),
        pytest.param(DATA + b"\n", "bytes follow the first line", id="a byte more at the end"),
        pytest.param(DATA[:-1], "bytes follow the first line", id="a byte less"),
        pytest.param(DATA[:-1] + b"\0", "vouches for", id="another last byte"),
    ],
)
def test_the_reason_is_told(tmp_path: Path, data: bytes, reason: str) -> None:
    told = refused(tmp_path / "a.bundle", data)
    assert reason in told
    assert told.startswith("a.bundle: ")
    assert told.endswith("ask for the file again")


def resealed(content: bytes, packed: bytes) -> bytes:
    """A first line that fits these bytes."""
    hashes = sha256(content).hexdigest(), sha256(packed).hexdigest()
    line = f"breakwater-bundle 1 content=sha256:{hashes[0]} packed=sha256:{hashes[1]}"
    return f"{line} length={len(packed)}\n".encode() + packed


CONTENT = zlib.decompress(DATA[DATA.index(b"\n") + 1 :])


@pytest.mark.parametrize(
    ("packed", "reason"),
    [
        pytest.param(b"nothing packed", "cannot be unpacked", id="not packed"),
        pytest.param(zlib.compress(CONTENT) + b"more", "does not end", id="more behind it"),
        pytest.param(zlib.compress(CONTENT)[:-6], "does not end", id="torn"),
        pytest.param(zlib.compress(CONTENT[:-1]), "does not end", id="a torn last record"),
        pytest.param(zlib.compress(CONTENT.replace(b"O1", b"O2")), "its content", id="other"),
    ],
)
def test_a_first_line_made_to_fit_does_not_help(tmp_path: Path, packed: bytes, reason: str) -> None:
    assert reason in refused(tmp_path / "a.bundle", resealed(CONTENT, packed))


def test_a_bundle_made_anew_has_another_digest(tmp_path: Path) -> None:
    forged, other = sealed({**MANIFEST, "of": "O2"}, RECORDS)
    assert re.fullmatch("[0-9a-f]{64}", other)
    told = refused(tmp_path / "a.bundle", forged, DIGEST)
    assert f"not the bundle with the digest {DIGEST}" in told
