"""Each way in which a request can end, over real connections: what is kept, what is told."""

from __future__ import annotations

import asyncio
import gzip
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import httpx2
import pytest

from adapters.recording.lines import Loss
from adapters.transport.http import Answer, Bounds, HttpCall, HttpTransport
from adapters.transport.losses import FATES, Fate, Lost, fate_of
from adapters.transport.pacing import Pace, Rate
from tests.adapters.transport.misbehaving import (
    Behave,
    Kept,
    answer,
    answering,
    behaving,
    silent,
)

T = TypeVar("T")
CANCEL = HttpCall("POST", "/cancel-orders", body=b'{"orderIds":[1]}')
QUICK = Bounds(connect_s=0.3, answer_s=0.3, body_bytes_max=10_000)
NO_PACE: tuple[Rate, ...] = ()


def asked(behave: Behave, kept: Kept, bounds: Bounds = QUICK) -> Answer:
    """Send a cancel to a server that behaves like this."""

    async def run() -> Answer:
        async with behaving(behave) as url:
            return await sent_to(url, kept, bounds)

    return asyncio.run(run())


async def sent_to(url: str, kept: Kept, bounds: Bounds = QUICK) -> Answer:
    pace = Pace(NO_PACE, time.monotonic)
    transport = HttpTransport(url, kept, pace, {"X-API-Key": "canary-key"}, bounds)
    try:
        return await transport.send(CANCEL)
    finally:
        await transport.close()


async def hangs_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.transport.abort()


async def dribbles(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
    for _ in range(100):
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.05)


def test_an_answer_is_kept_as_it_came() -> None:
    kept = Kept()
    got = asked(answering(answer(b'{"a": 1.10}', "404 Not Found", "x-server-time: 7")), kept)
    assert (got.status, got.body, got.headers["x-server-time"]) == (404, b'{"a": 1.10}', "7")
    assert kept.kinds == ["Sent", "Received"]
    assert "canary" not in repr(kept.messages)


def test_a_packed_answer_is_unpacked() -> None:
    packed = gzip.compress(b'{"ok":true}')
    got = asked(answering(answer(packed, "200 OK", "content-encoding: gzip")), Kept())
    assert got.body == b'{"ok":true}'


@pytest.mark.parametrize(
    ("behave", "fate"),
    [
        pytest.param(silent, Fate.TIMEOUT, id="it never answers"),
        pytest.param(dribbles, Fate.TIMEOUT, id="it answers a byte at a time"),
        pytest.param(hangs_up, Fate.DISCONNECTED, id="it hangs up without a word"),
        pytest.param(answering(b"hello\r\n\r\n"), Fate.DISCONNECTED, id="it speaks no HTTP"),
        pytest.param(
            answering(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{"), Fate.DISCONNECTED,
            id="the answer is cut",
        ),
        pytest.param(answering(answer(b" " * 10_001)), Fate.UNREADABLE, id="it never ends"),
        pytest.param(
            answering(answer(gzip.compress(b" " * 5_000_000), "200 OK", "content-encoding: gzip")),
            Fate.UNREADABLE, id="it unpacks to far more than it is",
        ),
        pytest.param(
            answering(answer(b"no gzip", "200 OK", "content-encoding: gzip")), Fate.UNREADABLE,
            id="it is not packed as it says",
        ),
        pytest.param(
            answering(answer(b"x", "200 OK", "content-encoding: br")), Fate.UNREADABLE,
            id="it is packed in a way that was not asked for",
        ),
    ],
)  # fmt: skip
def test_a_request_that_left_may_have_been_done(behave: Behave, fate: Fate) -> None:
    kept = Kept()
    with pytest.raises(Lost) as lost:
        asked(behave, kept)
    assert lost.value.fate is fate
    assert lost.value.may_have_happened
    assert kept.kinds == ["Sent", "Loss"]
    loss = kept.messages[-1]
    assert isinstance(loss, Loss)
    assert loss.kind == fate.value


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("http://127.0.0.1:9", id="nobody listens"),
        pytest.param("http://no-such-host.invalid", id="no such name"),
        pytest.param("gopher://127.0.0.1", id="no such protocol"),
    ],
)
def test_a_request_that_never_left_was_not_done(url: str) -> None:
    kept = Kept()
    with pytest.raises(Lost) as lost:
        asyncio.run(sent_to(url, kept))
    assert lost.value.fate is Fate.NOT_SENT
    assert not lost.value.may_have_happened
    assert kept.kinds == ["Sent", "Loss"]


def test_nothing_leaves_that_cannot_be_stored() -> None:
    connected: list[bool] = []

    async def counting(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        del reader, writer
        connected.append(True)

    with pytest.raises(OSError, match="cannot be written"):
        asked(counting, Kept(refuses=True))
    assert connected == []


def test_ending_while_an_answer_is_awaited_leaves_the_outcome_unknown() -> None:
    kept = Kept()

    async def run() -> None:
        async with behaving(silent) as url:
            task = asyncio.create_task(sent_to(url, kept, Bounds()))
            while kept.kinds != ["Sent"]:  # noqa: ASYNC110 - another task makes it so
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.05)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(run())
    assert kept.kinds == ["Sent", "Loss"]


def every_kind(base: type[Exception]) -> list[type[Exception]]:
    return [base, *(kind for sub in base.__subclasses__() for kind in every_kind(sub))]


@pytest.mark.parametrize("kind", every_kind(httpx2.HTTPError), ids=lambda kind: kind.__name__)
def test_every_error_of_the_library_has_a_fate(kind: type[Exception]) -> None:
    fate = fate_of(kind.__new__(kind))
    assert fate is not None
    written = {
        "UnsupportedProtocol", "LocalProtocolError", "ConnectError", "ConnectTimeout",
        "PoolTimeout", "ProxyError",
    }  # fmt: skip
    assert (fate is Fate.NOT_SENT) == (kind.__name__ in written)


def test_every_fate_of_the_table_is_reached_and_other_errors_are_none() -> None:
    assert set(FATES.values()) == set(Fate)
    assert fate_of(KeyError("x")) is None


class Hand:
    """A clock that a test moves; sleeping moves it, too."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        monkeypatch.setattr("adapters.transport.pacing.asyncio.sleep", self.sleep)

    async def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds


def left_at(pace: Pace, hand: Hand, count: int) -> list[float]:
    async def run() -> list[float]:
        left: list[float] = []
        for _ in range(count):
            await pace.take()
            left.append(round(hand.now - 100, 3))
        return left

    return asyncio.run(run())


Paced = Callable[[], Awaitable[None]]


@pytest.mark.parametrize(
    ("rates", "left"),
    [
        pytest.param([], [0, 0, 0, 0, 0], id="a venue without limits"),
        pytest.param([Rate(2, 1)], [0, 0, 1, 1, 2], id="two within any second"),
        pytest.param([Rate(2, 1), Rate(3, 10)], [0, 0, 1, 10, 10], id="both limits hold"),
    ],
)
def test_messages_leave_as_fast_as_the_venue_allows(
    rates: list[Rate], left: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    hand = Hand(monkeypatch)
    assert left_at(Pace(rates, lambda: hand.now), hand, 5) == left


@pytest.mark.parametrize(
    ("head", "held"),
    [
        pytest.param(("429 Too Many", "retry-after: 7"), 7, id="refused for its number"),
        pytest.param(("503 Busy", "retry-after: 7"), 7, id="busy"),
        pytest.param(("200 OK", "retry-after: 7"), 0, id="done"),
        pytest.param(("429 Too Many", "retry-after: soon"), 0, id="not a number"),
        pytest.param(("429 Too Many", "retry-after: 9999"), 60, id="longer than is believed"),
    ],
)
def test_the_venue_says_when_to_come_again(head: tuple[str, str], held: float) -> None:
    now = [100.0]
    pace = Pace(NO_PACE, lambda: now[0])

    async def run() -> None:
        async with behaving(answering(answer(b"{}", *head))) as url:
            transport = HttpTransport(url, Kept(), pace, {}, QUICK)
            await transport.send(CANCEL)
            await transport.close()

    asyncio.run(run())
    now[0] += held
    asyncio.run(asyncio.wait_for(pace.take(), 1))
    if held:
        now[0] -= 0.5
        with pytest.raises(TimeoutError):
            asyncio.run(asyncio.wait_for(pace.take(), 0.05))
