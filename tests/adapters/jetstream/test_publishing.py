"""Every event once and in order, whatever becomes of the server, the publisher and its lease."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import time
from collections import Counter

import pytest
from nats.js.api import DiscardPolicy, StreamConfig

from adapters.bootstrap import App
from adapters.bootstrap_leases import LeaseLost
from adapters.bootstrap_publishing import Publishing, Target, publications_of
from adapters.jetstream.stream import connected
from adapters.jetstream.subjects import named
from domain.ports import Conflict
from tests.adapters.jetstream.publishers import (
    ACCOUNTS,
    events,
    fill,
    log_of,
    once,
    publisher,
    whole,
)
from tests.nats_server import NatsServer, at, awaited, consumed, received

KILLS = 24
WAIT_S_MAX = 60


def test_every_event_is_one_message_on_the_subject_of_its_account(
    database_url: str, server: NatsServer
) -> None:
    with log_of(database_url) as app:
        last = fill(app, 3)
        told = once(app, Target(server.url))
        due = events(app)
    got = consumed(server.url)
    whole(got, due)
    assert told["published"] == told["position"] == last == len(due)
    assert told["behind"] == 0
    for one in got:
        body = json.loads(one.body)
        start, venue, account = one.subject.split(".")
        assert (start, named(venue), named(account)) == (
            "breakwater",
            body["venue"],
            body["account"],
        )
        assert one.headers["Content-Type"] == "application/cloudevents+json"
        assert body["position"] == one.position
    assert {json.loads(one.body)["account"] for one in got} == {name for _, name in ACCOUNTS}
    assert told["subjects"] == Counter(one.subject for one in got)


def test_who_publishes_again_adds_what_is_new_and_nothing_else(
    database_url: str, server: NatsServer
) -> None:
    with log_of(database_url) as app:
        fill(app, 1)
        once(app, Target(server.url))
        assert once(app, Target(server.url))["published"] == 0
        before = app.store.head()
        last = fill(app, 2, "more")
        told = once(app, Target(server.url))
        assert (told["first_position"], told["position"]) == (before + 1, last)
        whole(consumed(server.url), events(app))
        (publication,) = publications_of(app)
        assert (publication.name, publication.position) == ("nats:BREAKWATER", last)


def test_events_follow_as_they_come_and_the_server_may_restart(
    database_url: str, server: NatsServer
) -> None:
    said: list[str] = []

    async def story() -> None:
        with log_of(database_url) as app:
            fill(app, 1)
            publishing = Publishing(app, Target(server.url), said.append)
            run = asyncio.create_task(publishing.run(once=False))
            for step in range(4):
                last = await asyncio.to_thread(fill, app, 2, f"s{step}")
                if step % 2:
                    server.kill()
                    last = await asyncio.to_thread(fill, app, 2, f"down{step}")
                    await asyncio.sleep(0.3)
                    await asyncio.to_thread(server.start)
                await arrived(server, last)
            publishing.stop()
            told = await run
            assert told["behind"] == 0
            whole(await received(server.url), events(app))

    asyncio.run(story())
    assert any("paused" in one for one in said)


async def until_said(said: list[str], words: str) -> None:
    """Return when the publisher has said so."""
    async with asyncio.timeout(WAIT_S_MAX):
        while not any(words in one for one in said):  # noqa: ASYNC110 - it only tells a list
            await asyncio.sleep(0.05)


async def arrived(server: NatsServer, last: int) -> None:
    """Return when the stream has so many messages."""
    until = time.monotonic() + WAIT_S_MAX
    while True:
        try:
            async with at(server.url) as context:
                state = (await context.stream_info("BREAKWATER")).state
        except Exception:  # noqa: BLE001 - it may not be there yet
            state = None
        if state is not None and state.messages == last:
            return
        assert time.monotonic() < until, f"{state} of {last}"
        await asyncio.sleep(0.05)


def test_a_publisher_killed_again_and_again_leaves_no_gap_and_no_repeat(
    database_url: str, server: NatsServer
) -> None:
    target = Target(server.url, in_flight_max=5)
    dice = random.Random(7)  # noqa: S311 - moments, not secrets
    with log_of(database_url) as app:
        last = fill(app, 300)
        reached: list[int] = []
        for _ in range(KILLS):
            process = publisher(database_url, target)
            due = position(app) + dice.randint(1, last // KILLS // 2)
            while position(app) < due:
                assert process.is_alive()
            process.kill()
            process.join()
            reached.append(position(app))
        assert reached[-1] < last, "each was killed in the middle of its work"
        finished(app, target)
        whole(consumed(server.url), events(app))
    assert len(set(reached)) == KILLS


def position(app: App) -> int:
    """How far the publisher has come."""
    return max((one.position for one in publications_of(app)), default=0)


def finished(app: App, target: Target) -> None:
    """Publish what is left, as soon as the lease of whoever was killed is over."""
    until = time.monotonic() + WAIT_S_MAX
    while True:
        try:
            once(app, target)
        except (Conflict, LeaseLost):  # ours ends too, when this machine is slow
            assert time.monotonic() < until
            time.sleep(0.05)
        else:
            return


def test_of_two_publishers_one_publishes_and_the_other_goes_on_when_it_is_killed(
    database_url: str, server: NatsServer
) -> None:
    target = Target(server.url, in_flight_max=3)
    with log_of(database_url) as app:
        first, second = publisher(database_url, target), publisher(database_url, target)
        last = fill(app, 20)
        awaited(arrived(server, last))
        with pytest.raises(Conflict, match="another process publishes"):
            once(app, target)
        first.kill()
        last = fill(app, 20, "more")
        awaited(arrived(server, last))
        second.terminate()
        second.join(10)
        assert second.exitcode == 0
        first.join()
        whole(consumed(server.url), events(app))


def test_a_publisher_that_was_paused_adds_nothing_when_it_wakes_up(
    database_url: str, server: NatsServer
) -> None:
    target = Target(server.url, in_flight_max=3)
    with log_of(database_url) as app:
        last = fill(app, 3)
        sleeper = publisher(database_url, target)
        awaited(arrived(server, last))
        assert sleeper.pid is not None
        with app.writing():  # so that it does not sleep while SQLite's one lock is its own
            os.kill(sleeper.pid, signal.SIGSTOP)
        fill(app, 30, "meanwhile")
        finished(app, target)
        os.kill(sleeper.pid, signal.SIGCONT)
        last = fill(app, 3, "later")
        awaited(arrived(server, last))
        sleeper.terminate()
        sleeper.join(10)
        whole(consumed(server.url), events(app))


def test_a_message_behind_another_than_the_last_is_refused_with_all_that_follow(
    sqlite_url: str, server: NatsServer
) -> None:
    """What a publisher sends that has lost its place: nothing of it gets in."""

    async def story() -> None:
        with log_of(sqlite_url) as app:
            fill(app, 2)
            publishing = Publishing(app, Target(server.url), print)
            await publishing.run(once=True)
            source = publishing.source
            messages = source.after(0)
            async with connected(server.url, "BREAKWATER", "breakwater") as stream:
                sent = await stream.send(messages, 3)
                assert sent.taken == 0
                assert "wrong last sequence" in (sent.trouble or "")
            whole(await received(server.url), events(app))

    asyncio.run(story())


def test_a_full_stream_pauses_it_and_nothing_is_lost(database_url: str, server: NatsServer) -> None:
    said: list[str] = []

    async def story() -> None:
        config = StreamConfig(
            name="BREAKWATER", subjects=["breakwater.>"], max_msgs=7, discard=DiscardPolicy.NEW
        )
        async with at(server.url) as context:
            await context.add_stream(config)  # pyright: ignore[reportUnknownMemberType] - untyped options
        with log_of(database_url) as app:
            last = fill(app, 4)
            publishing = Publishing(app, Target(server.url), said.append)
            run = asyncio.create_task(publishing.run(once=False))
            await arrived(server, 7)
            await until_said(said, "maximum messages exceeded")
            async with at(server.url) as context:
                config.max_msgs = 1_000
                await context.update_stream(config)  # pyright: ignore[reportUnknownMemberType] - untyped options
            await arrived(server, last)
            publishing.stop()
            await run
            whole(await received(server.url), events(app))

    asyncio.run(story())
