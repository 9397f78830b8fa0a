"""What cannot be published, or not to this stream: it says why, and nothing is lost or mixed up."""

from __future__ import annotations

import asyncio

import pytest
from nats.js.api import StreamConfig

from adapters.bootstrap_publishing import Publishing, Target, publications_of
from adapters.eventlog.errors import Unreachable
from adapters.jetstream.errors import Denied
from domain.ports import Conflict
from tests.adapters.jetstream.publishers import events, fill, log_of, once, whole
from tests.nats_server import NatsServer, at, consumed, received


@pytest.mark.parametrize(
    ("settings", "url", "error", "says"),
    [
        pytest.param(
            ("max_payload: 300",), "{}", Unreachable, "max_payload", id="events that are too large"
        ),
        pytest.param(
            ("authorization { user: a, password: b }",), "{}", Denied, "password", id="no password"
        ),
        pytest.param((), "nats://127.0.0.1:1", Unreachable, "try again", id="nobody is there"),
    ],
)
def test_what_cannot_be_published_says_why(  # noqa: PLR0913, PLR0917 - a table of cases
    tmp_path_factory: pytest.TempPathFactory,
    sqlite_url: str,
    settings: tuple[str, ...],
    url: str,
    error: type[Exception],
    says: str,
) -> None:
    server = NatsServer(tmp_path_factory.mktemp("other"), *settings)
    server.start()
    try:
        with log_of(sqlite_url) as app:
            fill(app, 1)
            target = Target(url.format(server.url), patience_s=0.5)
            with pytest.raises(error, match=says):
                once(app, target)
            assert all(one.position == 0 for one in publications_of(app))
    finally:
        server.kill()


def test_a_stream_of_somebody_else_is_left_alone(sqlite_url: str, server: NatsServer) -> None:
    async def foreign() -> None:
        async with at(server.url) as context:
            await context.add_stream(StreamConfig(name="THEIRS", subjects=["theirs.>"]))  # pyright: ignore[reportUnknownMemberType] - untyped options
            await context.publish("theirs.x", b"hello")

    asyncio.run(foreign())
    with log_of(sqlite_url) as app:
        fill(app, 1)
        with pytest.raises(Conflict, match="not published by this program"):
            once(app, Target(server.url, "THEIRS", patience_s=0.5))
        with pytest.raises(Conflict, match="takes theirs"):
            once(app, Target(server.url, "OURS", "theirs", patience_s=0.5))
    assert len(consumed(server.url, "THEIRS")) == 1


def test_an_emptied_stream_gets_what_is_new_or_everything_when_asked(
    sqlite_url: str, server: NatsServer
) -> None:
    async def emptied(*, gone: bool) -> None:
        async with at(server.url) as context:
            await (context.delete_stream if gone else context.purge_stream)("BREAKWATER")

    with log_of(sqlite_url) as app:
        before = fill(app, 1)
        once(app, Target(server.url))
        asyncio.run(emptied(gone=False))
        fill(app, 1, "more")
        once(app, Target(server.url))
        whole(consumed(server.url), events(app)[before:])
        asyncio.run(emptied(gone=True))
        with pytest.raises(Conflict, match="--from-start"):
            once(app, Target(server.url))
        once(app, Target(server.url, from_start=True))
        whole(consumed(server.url), events(app))
        assert once(app, Target(server.url, from_start=True))["published"] == 0


def test_a_server_that_remembers_what_was_emptied_is_waited_for(
    sqlite_url: str, server: NatsServer
) -> None:
    """Ids are remembered for the duplicate window, longer than the messages that had them."""
    said: list[str] = []

    async def story() -> None:
        config = StreamConfig(name="BREAKWATER", subjects=["breakwater.>"], duplicate_window=2)
        async with at(server.url) as context:
            await context.add_stream(config)  # pyright: ignore[reportUnknownMemberType] - untyped options
            with log_of(sqlite_url) as app:
                fill(app, 1)
                await Publishing(app, Target(server.url), said.append).run(once=True)
                await context.purge_stream("BREAKWATER")
                again = Target(server.url, from_start=True, patience_s=30)
                await Publishing(app, again, said.append).run(once=True)
                whole(await received(server.url), events(app))

    asyncio.run(story())
    assert any("for a repeat" in one for one in said)


def test_what_opens_the_server_is_not_shown() -> None:
    target = Target("nats://bot:hunter2@one:4222,tls://token@two")
    assert target.shown == "one:4222,two"
