"""A listener alone, over a real socket, with venues that take their time or say no."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from time import monotonic

import pytest
from websockets.asyncio.server import ServerConnection, serve

from adapters.clients.abp import AbpCodec
from adapters.clients.client import Address, Paces
from adapters.clock import utc_now
from adapters.listening import LOOK_S, Around, Feed, Listener
from adapters.patience import Patience
from adapters.recording.recorder import Recorder
from adapters.rereading import Missed
from adapters.speaking import Line
from adapters.transport.recorded import Bounds
from domain.values import Account
from tests.adapters.at_venues import quiet

__all__ = ["quiet"]
Behave = Callable[[ServerConnection], Awaitable[None]]
SILENCE_S = 2.0
ENOUGH_S = 10.0
pytestmark = pytest.mark.usefixtures("quiet")


class Lines:
    """A log in memory."""

    def __init__(self) -> None:
        self.kept: list[bytes] = []

    def store(self, raw: Sequence[bytes]) -> None:
        """Keep them."""
        self.kept += raw

    def settle(self) -> None:
        """Nothing follows."""

    def close(self) -> None:
        """Nothing is left."""


def line_to(port: int) -> Line:
    codec = AbpCodec()
    url = f"127.0.0.1:{port}"
    return Line(
        "desk",
        Account("abp", "acme"),
        codec,
        Paces(codec, monotonic),
        Bounds(connect_s=1, answer_s=5),
        Address(f"http://{url}", None, f"ws://{url}/ws"),
        "canary-key",
        beat_s=30,
        silence_s_max=SILENCE_S,
    )


def listened(behave: Behave, feed: Feed, lacks: Callable[[], str | None] = lambda: None) -> Lines:
    """Listen to a server that behaves like this until what may have been missed was read."""
    lines = Lines()

    async def run() -> None:
        over = asyncio.Event()

        async def make_up(_missed: Missed) -> str | None:
            if (why := lacks()) is not None:
                return why
            over.set()
            return None

        async def on_the_book() -> int:
            return 1

        async with serve(behave, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            around = Around(make_up, on_the_book, utc_now)
            patience = Patience(lambda: 0.0, first_s=0.05, longest_s=0.05)
            listener = Listener(line_to(port), recorder, feed, around, patience)
            task = asyncio.create_task(listener.run())
            try:
                async with asyncio.timeout(ENOUGH_S):
                    await over.wait()
            finally:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    recorder = Recorder(lambda: lines, utc_now)
    try:
        asyncio.run(run())
    finally:
        recorder.close()
    return lines


def test_a_venue_that_was_away_for_long_has_time_to_let_us_in() -> None:
    """It is silent since long before this connection, which is not this connection's fault."""

    async def slow(connection: ServerConnection) -> None:
        await connection.recv()
        await asyncio.sleep(2 * LOOK_S)
        await connection.send('{"type":"login_ok"}')
        await connection.wait_closed()

    feed = Feed(utc_now(), heard_at=monotonic() - 600)
    listened(slow, feed)
    assert (feed.connections, feed.trouble) == (1, None)


def test_a_connection_on_which_nothing_comes_is_given_up_however_lively_the_last_one_was() -> None:
    served = 0

    async def at_last(connection: ServerConnection) -> None:
        nonlocal served
        served += 1
        await connection.recv()
        if served > 1:
            await connection.send('{"type":"login_ok"}')
        await connection.wait_closed()

    feed = Feed(utc_now())
    lines = listened(at_last, feed)
    assert served == 2
    silences = [told for told in map(json.loads, lines.kept) if told["direction"] == "lost"]
    assert [told["error"]["kind"] for told in silences] == ["timeout"]
