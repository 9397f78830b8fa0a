from __future__ import annotations

import gzip
import io
import tracemalloc
from collections.abc import Callable

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from adapters.captures import ndjson
from adapters.captures.unpacking import CHUNK_BYTES, Unpacked
from domain.wire import SetAside

TEXT = b"".join(b"line %d\n" % number for number in range(20_000))


def zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(data)


SKIPPABLE = (0x184D2A50).to_bytes(4, "little") + (3).to_bytes(4, "little") + b"abc"


@pytest.mark.parametrize(
    "packed",
    [
        pytest.param(TEXT, id="plain"),
        pytest.param(gzip.compress(TEXT), id="gzip"),
        pytest.param(gzip.compress(TEXT[:999]) + gzip.compress(TEXT[999:]), id="gzip members"),
        pytest.param(gzip.compress(TEXT) + b"\0" * 512, id="gzip with padding"),
        pytest.param(gzip.compress(b"") + gzip.compress(TEXT), id="an empty gzip member first"),
        pytest.param(zstd(TEXT), id="zstd"),
        pytest.param(zstd(TEXT[:999]) + zstd(TEXT[999:]), id="zstd frames"),
        pytest.param(SKIPPABLE + zstd(TEXT) + SKIPPABLE, id="zstd with frames to skip"),
    ],
)
def test_the_bytes_come_out_whatever_they_were_packed_in(packed: bytes) -> None:
    unpacked = Unpacked(io.BytesIO(packed))
    assert unpacked.head(100)[:100] == TEXT[:100]
    assert b"".join(unpacked) == TEXT
    assert unpacked.fault is None


@pytest.mark.parametrize(
    ("packed", "least", "reason"),
    [
        pytest.param(gzip.compress(TEXT)[:-9], 0.9, "the gzip data is cut off", id="gzip cut"),
        pytest.param(zstd(TEXT)[:-9], 0.0, "the zstd data is cut off", id="zstd cut"),
        pytest.param(
            zstd(TEXT) + zstd(TEXT)[:20], 1.0, "the zstd data is cut off", id="second frame cut"
        ),
        pytest.param(
            gzip.compress(TEXT) + b"garbage", 1.0, "damaged gzip data", id="garbage after gzip"
        ),
        pytest.param(zstd(TEXT) + b"garbage", 1.0, "damaged zstd data", id="garbage after zstd"),
        pytest.param(
            gzip.compress(TEXT)[:-8] + b"\0" * 8, 1.0, "damaged gzip data", id="wrong checksum"
        ),
        pytest.param(b"\x1f\x8bnonsense", 0.0, "damaged gzip data", id="gzip by its magic only"),
    ],
)
def test_what_could_be_unpacked_is_read_and_the_rest_is_reported(
    packed: bytes, least: float, reason: str
) -> None:
    unpacked = Unpacked(io.BytesIO(packed))
    out = b"".join(unpacked)
    assert TEXT.startswith(out)
    assert len(out) >= least * len(TEXT)
    assert unpacked.fault is not None
    assert unpacked.fault.reason.startswith(reason)


def test_a_cut_file_gives_its_lines_and_then_one_piece_set_aside() -> None:
    items = list(ndjson.read("f.gz", io.BytesIO(gzip.compress(b"x\ny\n")[:-4])))
    reasons = [item.reason for item in items if isinstance(item, SetAside)]
    assert len(items) == len(reasons) == 3
    assert [item.number for item in items] == [1, 2, 3]
    assert reasons[-1] == "the gzip data is cut off"


@pytest.mark.parametrize(
    "pack", [pytest.param(gzip.compress, id="gzip"), pytest.param(zstd, id="zstd")]
)
def test_a_bomb_fills_no_memory(pack: Callable[[bytes], bytes]) -> None:
    packed = pack(b"\0" * 200_000_000)
    tracemalloc.start()
    size = sum(map(len, Unpacked(io.BytesIO(packed))))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size == 200_000_000
    assert peak < 160_000_000


@given(
    packed=st.one_of(
        st.binary(max_size=200).map(lambda tail: b"\x1f\x8b\x08" + tail),
        st.binary(max_size=200).map(lambda tail: b"\x28\xb5\x2f\xfd" + tail),
        st.binary(max_size=50).map(lambda tail: gzip.compress(TEXT[:500])[:-5] + tail),
        st.binary(max_size=50).map(lambda tail: zstd(TEXT[:500])[:-5] + tail),
        st.binary(max_size=50),
    )
)
def test_damaged_files_raise_nothing_and_are_never_read_as_whole(packed: bytes) -> None:
    list(ndjson.read("file", io.BytesIO(packed)))


def test_chunks_are_bounded() -> None:
    packed = gzip.compress(b"a" * 5_000_000)
    assert max(map(len, Unpacked(io.BytesIO(packed)))) <= CHUNK_BYTES
