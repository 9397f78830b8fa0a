"""Each way in which a frame can end, over real sockets: what is kept, what is told."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from http import HTTPStatus

import pytest
from websockets import exceptions as ws
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request, Response

from adapters.recording.lines import Intent, Loss, SocketFrame
from adapters.recording.recorder import Received, Sent
from adapters.transport.losses import SOCKET_FATES, Fate, Lost, socket_fate_of
from adapters.transport.pacing import Pace
from adapters.transport.recorded import Bounds
from adapters.transport.socket import SocketCall, SocketTransport
from tests.adapters.transport.misbehaving import Kept, answering, behaving, silent

Behave = Callable[[ServerConnection], Awaitable[None]]
QUICK = Bounds(connect_s=0.5, answer_s=0.3, body_bytes_max=10_000)
INTENT = Intent("ann", "the feed is stuck")


def call(reference: str = "r1") -> SocketCall:
    frame = json.dumps(["cancelAll", {"requestID": reference}]).encode()
    return SocketCall("orders", reference, frame)


async def sent_to(url: str, kept: Kept, *calls: SocketCall) -> list[bytes]:
    pace = Pace((), time.monotonic)
    transport = SocketTransport(url, kept, pace, {"authorization": "canary-key"}, QUICK)
    try:
        return [await transport.send(one, INTENT) for one in calls]
    finally:
        await transport.close()


def asked(behave: Behave, kept: Kept, *calls: SocketCall) -> list[bytes]:
    """Send to a server that behaves like this."""

    async def run() -> list[bytes]:
        async with serve(behave, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            return await sent_to(f"ws://127.0.0.1:{port}", kept, *(calls or (call(),)))

    return asyncio.run(run())


def answers(*frames: str) -> Behave:
    async def behave(connection: ServerConnection) -> None:
        async for _ in connection:
            for frame in frames:
                await connection.send(frame)

    return behave


async def says_nothing(connection: ServerConnection) -> None:
    async for _ in connection:
        pass


async def hangs_up(connection: ServerConnection) -> None:
    await connection.recv()
    connection.transport.abort()


async def says_goodbye(connection: ServerConnection) -> None:
    await connection.recv()
    await connection.close()


def test_an_answer_is_known_by_what_it_quotes_and_kept_as_it_came() -> None:
    kept = Kept()
    other, mine = '{"requestID":"r9","data":[]}', '{"requestID":"r1","data":[1.10]}'
    assert asked(answers("garbage", other, mine), kept) == [mine.encode()]
    first, *came = kept.messages
    assert isinstance(first, Sent)
    assert first.intent == INTENT
    frames = [item.message for item in came if isinstance(item, Received)]
    assert frames == [
        SocketFrame("orders", b"garbage", None),
        SocketFrame("orders", other.encode(), None),
        SocketFrame("orders", mine.encode(), "x1"),
    ]
    assert "canary" not in repr(kept.messages)


def test_one_connection_carries_all_and_a_new_one_is_made_when_it_ends() -> None:
    met: list[ServerConnection] = []

    async def behave(connection: ServerConnection) -> None:
        met.append(connection)
        async for frame in connection:
            reference = json.loads(frame)[1]["requestID"]
            await connection.send(json.dumps({"requestID": reference, "data": []}))
            if reference == "r2":
                await connection.close()
                return

    kept = Kept()

    async def run() -> None:
        async with serve(behave, "127.0.0.1", 0) as server:
            url = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            transport = SocketTransport(url, kept, Pace((), time.monotonic), {}, QUICK)
            await transport.send(call("r1"))
            await transport.send(call("r2"))
            await asyncio.sleep(0.1)
            await transport.send(call("r3"))
            await transport.close()

    asyncio.run(run())
    assert len(met) == 2
    assert kept.kinds == ["Sent", "Received"] * 3


def test_an_answer_that_comes_late_is_kept_as_the_answer_to_its_request() -> None:
    async def late(connection: ServerConnection) -> None:
        await connection.recv()
        await asyncio.sleep(0.5)
        await connection.send('{"requestID":"r1","data":[]}')
        await connection.send('{"requestID":"r2","data":[]}')
        await connection.recv()

    kept = Kept()

    async def run() -> None:
        async with serve(late, "127.0.0.1", 0) as server:
            url = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            transport = SocketTransport(url, kept, Pace((), time.monotonic), {}, QUICK)
            with pytest.raises(Lost):
                await transport.send(call("r1"))
            await transport.send(call("r2"))
            await transport.close()

    asyncio.run(run())
    assert kept.kinds == ["Sent", "Loss", "Sent", "Received", "Received"]
    came = [item.message for item in kept.messages if isinstance(item, Received)]
    assert [frame.exchange for frame in came] == ["x1", "x2"]


@pytest.mark.parametrize(
    ("behave", "fate"),
    [
        pytest.param(says_nothing, Fate.TIMEOUT, id="it never answers"),
        pytest.param(answers("{"), Fate.TIMEOUT, id="it answers what quotes nothing"),
        pytest.param(hangs_up, Fate.DISCONNECTED, id="it hangs up without a word"),
        pytest.param(says_goodbye, Fate.DISCONNECTED, id="it closes in order"),
        pytest.param(answers(" " * 10_001), Fate.DISCONNECTED, id="its frame is too large"),
    ],
)
def test_a_frame_that_left_may_have_been_done(behave: Behave, fate: Fate) -> None:
    kept = Kept()
    with pytest.raises(Lost) as lost:
        asked(behave, kept)
    assert lost.value.fate is fate
    assert lost.value.may_have_happened
    losses = [item for item in kept.messages if isinstance(item, Loss)]
    assert [loss.kind for loss in losses] == [fate.value]


@pytest.mark.parametrize("url", ["ws://127.0.0.1:9", "ws://no-such-host.invalid", "ftp://here"])
def test_a_frame_that_never_left_was_not_done(url: str) -> None:
    kept = Kept()
    with pytest.raises(Lost) as lost:
        asyncio.run(sent_to(url, kept, call()))
    assert lost.value.fate is Fate.NOT_SENT
    assert kept.kinds == ["Sent", "Loss"]


def test_a_venue_that_does_not_take_the_key_was_sent_nothing() -> None:
    def refuse(connection: ServerConnection, request: Request) -> Response:
        del request
        return connection.respond(HTTPStatus.UNAUTHORIZED, "no")

    async def run() -> None:
        async with serve(says_nothing, "127.0.0.1", 0, process_request=refuse) as server:
            await sent_to(f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}", Kept(), call())

    with pytest.raises(Lost, match="401") as lost:
        asyncio.run(run())
    assert lost.value.fate is Fate.NOT_SENT


@pytest.mark.parametrize(
    "behave",
    [
        pytest.param(silent, id="it never shakes hands"),
        pytest.param(answering(b"hello\r\n\r\n"), id="it speaks no HTTP"),
    ],
)
def test_without_a_handshake_nothing_was_sent(behave: Callable[..., Awaitable[None]]) -> None:
    async def run() -> None:
        async with behaving(behave) as url:
            await sent_to(url.replace("http", "ws"), Kept(), call())

    with pytest.raises(Lost) as lost:
        asyncio.run(run())
    assert lost.value.fate is Fate.NOT_SENT


def test_nothing_leaves_that_cannot_be_stored() -> None:
    met: list[ServerConnection] = []

    async def counting(connection: ServerConnection) -> None:
        met.append(connection)

    with pytest.raises(OSError, match="cannot be written"):
        asked(counting, Kept(refuses=True))
    assert met == []


def test_ending_while_an_answer_is_awaited_leaves_the_outcome_unknown() -> None:
    kept = Kept()

    async def run() -> None:
        async with serve(says_nothing, "127.0.0.1", 0) as server:
            url = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            task = asyncio.create_task(sent_to(url, kept, call()))
            await asyncio.sleep(0.15)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(run())
    assert kept.kinds == ["Sent", "Loss"]


def every_kind(base: type[Exception]) -> list[type[Exception]]:
    return [base, *(kind for sub in base.__subclasses__() for kind in every_kind(sub))]


LOSSES = [*every_kind(ws.WebSocketException), OSError, ConnectionResetError, TimeoutError, EOFError]


@pytest.mark.parametrize("kind", LOSSES, ids=lambda kind: kind.__name__)
def test_every_error_of_the_library_has_a_fate(kind: type[Exception]) -> None:
    error = kind.__new__(kind)
    assert socket_fate_of(error, opened=False) is Fate.NOT_SENT
    fate = socket_fate_of(error, opened=True)
    assert fate is not None
    ours = (
        ws.InvalidURI, ws.InvalidProxy, ws.InvalidHandshake, ws.InvalidState, ws.ConcurrencyError,
    )  # fmt: skip
    assert (fate is Fate.NOT_SENT) == issubclass(kind, ours)


def test_the_table_names_every_kind_of_the_library_and_other_errors_are_none() -> None:
    named = {
        kind for kind in every_kind(ws.WebSocketException) if issubclass(kind, tuple(SOCKET_FATES))
    }
    assert set(every_kind(ws.WebSocketException)) - named == {ws.WebSocketException}
    assert socket_fate_of(KeyError("x"), opened=True) is None
    assert socket_fate_of(KeyError("x"), opened=False) is None
