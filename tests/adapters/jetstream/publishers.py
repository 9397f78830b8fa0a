"""Publishers for tests: in this process, or in one of their own that can be killed and paused."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from multiprocessing.process import BaseProcess
from typing import Any

from adapters.bootstrap import App, opened
from adapters.bootstrap_publishing import Publishing, Target
from adapters.publishing.cloudevents import Told, told
from adapters.settings import Settings
from tests.feeding import Feed, feed
from tests.nats_server import Received

LEASE_S = Decimal("0.4")
ACCOUNTS = (("canonical", "desk"), ("canonical", "a.b c*>é"), ("canonical", "night"))


def settings(url: str) -> Settings:
    """As a user has them, but quick: a lease that soon ends, a scratch database."""
    made = Settings(database_url=url, durability="normal")
    return made.model_copy(update={"publish_lease_s": LEASE_S})


@contextmanager
def log_of(url: str) -> Generator[App]:
    """The log, in this process."""
    with opened(settings(url)) as app:
        yield app


def fill(app: App, orders: int, name: str = "c") -> int:
    """Trade with each account; how many events the log has then."""
    recordings: list[Feed] = []
    for venue, account in ACCOUNTS:
        recording = Feed(f"{name}-{account}", venue=venue, account=account)
        for number in range(orders):
            ours, theirs = f"{name}{number}", f"{name}-v{number}"
            recording.place(ours).report("New", theirs, ours).trade(theirs, ours, f"e{ours}", "10")
        recordings.append(recording)
    feed(app, *recordings)
    return app.store.head()


def events(app: App) -> Sequence[Told]:
    """What has to be published, in order."""
    return [told(*row) for row in app.store.log.after(0, 1_000_000)]


def once(app: App, target: Target) -> dict[str, Any]:
    """Publish what is there."""
    return asyncio.run(Publishing(app, target, print).run(once=True))


def whole(got: Sequence[Received], due: Sequence[Told]) -> None:
    """The consumer has every position exactly once, in order, as it left the log."""
    assert [one.position for one in got] == [one.position for one in due]
    assert [one.headers["Nats-Msg-Id"] for one in got] == [one.event_id for one in due]
    assert [one.body for one in got] == [one.body for one in due]


def work(url: str, target: Target) -> None:
    """Publish until told to stop: a process of its own."""
    sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - it ends with the process
    with log_of(url) as app:
        asyncio.run(Publishing(app, target, lambda _: None).run(once=False))


def publisher(url: str, target: Target) -> BaseProcess:
    """A process that publishes; it begins quickly, for what it needs is imported already."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    process = context.Process(target=work, args=(url, target), daemon=True)
    process.start()
    return process
