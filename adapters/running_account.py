"""One account of `breakwater run`: whoever holds its lease listens, looks up, compares.

The lease is the only thing that says who acts. It is kept beside the work and given up with it;
what we are about to say to the venue is stored only while it is ours (`adapters.eventlog.guarded`),
so that a process which was paused and wakes up too late says nothing.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import random
from time import monotonic
from typing import TypeVar

import structlog
from sqlalchemy import Connection

from adapters.acting import acting
from adapters.bootstrap import App
from adapters.bootstrap_leases import Kept, LeaseLost, guard, keeping, leases_of, new_holder
from adapters.following_feeds import feed_of, on_the_book
from adapters.listening import Around, Feed, Listener
from adapters.live import recorder_of
from adapters.patience import Patience
from adapters.rereading import Missed, reread
from adapters.resolving import abandoned_told, resolved, uncertain
from adapters.speaking import Line
from projections.queries import Record

LOOK_S = 0.2
"""How often it is looked whether something is due, or the lease lost."""

log = structlog.get_logger()
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Times:
    """How often what is done, in seconds."""

    resolve_s: float = 30
    reconcile_s: float = 300
    lease_s: float = 15


@dataclass
class Standing:
    """How one account is doing."""

    line: Line
    feed: Feed
    holds: bool = False
    uncertain: int = 0
    differences: int | None = None
    trouble: str | None = None
    given_up: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    """Uncertain orders that the venue was asked about as often as it may be."""

    @property
    def well(self) -> bool:
        """We listen, or another process does."""
        return self.feed.open if self.holds else self.trouble is None

    @property
    def told(self) -> str:
        """In a word or two."""
        if not self.holds:
            return "waiting: another process has it" if self.trouble is None else self.trouble
        if self.feed.open:
            return "listening"
        return f"not heard for {self.feed.quiet_s:.0f} s: {self.feed.trouble or 'connecting'}"


@dataclass(frozen=True, slots=True)
class Apps:
    """The log for what comes in, and for what is asked: each is used by one thread at a time."""

    comes: App
    asks: App


class AccountRun:
    """One account, from the moment that its lease is free until it is lost or we end."""

    def __init__(self, apps: Apps, line: Line, times: Times, ending: asyncio.Event) -> None:
        self._app = apps.comes
        self._jobs = apps.asks
        self._times = times
        self._holder = new_holder()
        self._ending = ending
        self._halt = threading.Event()
        self._turn = asyncio.Lock()
        self._waiting = False
        self.standing = Standing(line, Feed(self._app.clock()))

    @property
    def lease_name(self) -> str:
        """What the lease of the account is called."""
        owner = self.standing.line.owner
        return f"run {owner.venue} {owner.account}"

    async def run(self) -> None:
        """Work whenever the lease can be had, until the process ends."""
        lasts = timedelta(seconds=self._times.lease_s)
        patience = Patience(random, longest_s=self._times.lease_s)
        while not self._ending.is_set():
            try:
                leases = leases_of(self._jobs)
                lease = await asyncio.to_thread(
                    leases.acquire, self.lease_name, self._holder, lasts
                )
                if lease is None:
                    self._waits()
                else:
                    self._waiting = False
                    with ExitStack() as stack:
                        kept = stack.enter_context(keeping(leases, lease, lasts))
                        try:
                            await self._work(kept)
                        finally:
                            await asyncio.to_thread(stack.pop_all().close)
                    patience.reset()
            except LeaseLost as error:
                log.warning("the lease is lost", lease=self.lease_name, why=str(error))
            except Exception as error:
                self.standing.trouble = f"{type(error).__name__}: {error}"[:200]
                log.warning("an account stopped", lease=self.lease_name, exc_info=error)
                await self._rest(patience.wait_s())
            await self._rest(self._times.lease_s / 3)

    def _waits(self) -> None:
        """Another process has the account: told once."""
        if not self._waiting:
            self._waiting = True
            log.info("another process has it", lease=self.lease_name)

    async def _rest(self, seconds: float | None) -> None:
        """Wait, but not beyond the end."""
        try:
            async with asyncio.timeout(seconds):
                await self._ending.wait()
        except TimeoutError:
            pass

    async def _work(self, kept: Kept) -> None:
        standing = self.standing
        standing.holds, standing.trouble = True, None
        log.info("the lease is ours", lease=self.lease_name, token=kept.lease.token)
        self._halt = threading.Event()

        def may(connection: Connection) -> None:
            guard(connection, kept.lease)

        app, jobs = replace(self._app, guard=may), replace(self._jobs, guard=may)
        standing.feed = await asyncio.to_thread(feed_of, jobs, standing.line)
        with ExitStack() as stack:
            recorder = stack.enter_context(recorder_of(app))
            around = Around(
                make_up=lambda missed: self._made_up(jobs, missed),
                on_the_book=lambda: asyncio.to_thread(on_the_book, jobs, standing.line.owner),
                clock=app.clock,
            )
            listener = Listener(standing.line, recorder, standing.feed, around, Patience(random))
            parts: list[asyncio.Task[object]] = [
                asyncio.create_task(listener.run(), name="listen"),
                asyncio.create_task(self._on_schedule(jobs), name="schedule"),
                asyncio.create_task(_lost(kept), name="lease"),
                asyncio.create_task(self._rest(None), name="end"),
            ]
            try:
                done, _ = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
                for part in done:
                    part.result()
            finally:
                standing.holds = False
                self._halt.set()
                for part in parts:
                    part.cancel()
                await asyncio.gather(*parts, return_exceptions=True)
                async with self._turn:  # what is under way ends before the lease is given up
                    await asyncio.to_thread(stack.pop_all().close)

    async def _on_schedule(self, jobs: App) -> None:
        """Ask about what is unknown, and compare, each in its time."""
        resolve_at, reconcile_at = monotonic(), monotonic() + self._times.reconcile_s
        while True:
            now = monotonic()
            if now >= resolve_at:
                await self._in_turn(lambda: self._resolved(jobs))
                resolve_at = monotonic() + self._times.resolve_s
            if now >= reconcile_at and self.standing.feed.open:
                since = self.standing.feed.since
                await self._made_up(jobs, Missed(since=since), reconcile=True)
                reconcile_at = monotonic() + self._times.reconcile_s
            await asyncio.sleep(LOOK_S)

    async def _made_up(self, jobs: App, missed: Missed, *, reconcile: bool = False) -> bool:
        line = self.standing.line
        done = await self._in_turn(lambda: reread(jobs, line, missed, reconcile=reconcile))
        if done.differences is not None:
            self.standing.differences = done.differences
        log.info(
            "read anew",
            lease=self.lease_name,
            whole=done.whole,
            looked_up=done.looked_up,
            differences=done.differences,
        )
        return done.whole

    def _resolved(self, jobs: App) -> None:
        """Ask about orders that were not asked about often enough; the rest is a human's."""
        standing = self.standing
        owner = standing.line.owner
        abandoned_told(jobs, owner)
        held = _marks(uncertain(jobs, owner))
        standing.given_up &= held
        if held - standing.given_up:
            with acting(jobs, owner) as free:
                if not free:
                    return
                left = resolved(jobs, standing.line, sleep=self._sleep)
            if left.reached and not self._halt.is_set():
                standing.given_up = _marks(left.left)
            held = _marks(left.left)
        standing.uncertain = len(held)

    def _sleep(self, seconds: float) -> None:
        """Wait in a job's thread, but not once it is to end."""
        self._halt.wait(seconds)

    async def _in_turn(self, job: Callable[[], T]) -> T:
        """In a thread, one job of the account at a time; a job that began is waited for."""
        async with self._turn:
            done = asyncio.create_task(asyncio.to_thread(job))
            try:
                return await asyncio.shield(done)
            except asyncio.CancelledError:
                await asyncio.wait({done})
                raise


def _marks(rows: Sequence[Record]) -> set[tuple[str, str]]:
    """Orders, each as it stands: one of which something was heard since is another matter."""
    return {(str(row["order_key"]), str(row["updated_at"])) for row in rows}


async def _lost(kept: Kept) -> None:
    """Raise once the lease may be over."""
    while not kept.lost.is_set():  # noqa: ASYNC110 - the keeper is a thread
        await asyncio.sleep(LOOK_S)
    kept.check()
