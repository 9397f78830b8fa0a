"""One account of `breakwater run`: whoever holds its lease listens, looks up, compares.

The lease is the only thing that says who acts. It is kept beside the work and given up with it;
what we are about to say to the venue is stored only while it is ours (`adapters.eventlog.guarded`),
so that a process which was paused and wakes up too late says nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
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
from adapters.halting import Halt
from adapters.listening import Around, Feed, Listener
from adapters.live import recorder_of
from adapters.patience import Patience
from adapters.rereading import Missed, reread
from adapters.resolving import abandoned_told, look_ups, resolved, uncertain
from adapters.speaking import Line
from adapters.standing import Apps, Standing, Times, away

LOOK_S = 0.2
"""How often it is looked whether something is due, or the lease lost."""

log = structlog.get_logger()
T = TypeVar("T")


class AccountRun:
    """One account, from the moment that its lease is free until it is lost or we end."""

    def __init__(self, apps: Apps, line: Line, times: Times, ending: asyncio.Event) -> None:
        self._app = apps.comes
        self._jobs = apps.asks
        self._times = times
        self._holder = new_holder()
        self._ending = ending
        self._halt = Halt()
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
            except Exception as error:  # noqa: BLE001 - whatever stops one account stops no other
                self._stopped(error)
                await self._rest(patience.wait_s())
            await self._rest(self._times.lease_s / 3)

    def _waits(self) -> None:
        """Another process has the account: told once."""
        self.standing.trouble = None
        if not self._waiting:
            self._waiting = True
            log.info("another process has it", lease=self.lease_name)

    def _stopped(self, error: Exception) -> None:
        """Say why; what nobody could foresee is told with the lines that led there."""
        why = away(self._app.engine, error)
        self.standing.trouble = why or f"{type(error).__name__}: {error}"[:200]
        named = {"lease": self.lease_name, "why": self.standing.trouble}
        log.warning("an account stopped", **named, exc_info=None if why else error)

    async def _rest(self, seconds: float | None) -> None:
        """Wait, but not beyond the end."""
        try:
            async with asyncio.timeout(seconds):
                await self._ending.wait()
        except TimeoutError:
            pass

    async def _work(self, kept: Kept) -> None:
        standing = self.standing
        log.info("the lease is ours", lease=self.lease_name, token=kept.lease.token)
        self._halt = Halt()

        def may(connection: Connection) -> None:
            guard(connection, kept.lease)

        app, jobs = replace(self._app, guard=may), replace(self._jobs, guard=may)
        standing.feed = await asyncio.to_thread(feed_of, jobs, standing.line)
        standing.holds, standing.trouble = True, None
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
                self._halt.tell()
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
            if now >= reconcile_at:
                since = self.standing.feed.since
                lacks = await self._made_up(jobs, Missed(since=since), reconcile=True)
                wait_s = self._times.reconcile_s
                if lacks is not None:
                    wait_s = min(wait_s, self._times.resolve_s)
                reconcile_at = monotonic() + wait_s
            await asyncio.sleep(LOOK_S)

    async def _made_up(self, jobs: App, missed: Missed, *, reconcile: bool = False) -> str | None:
        line, carry_out = self.standing.line, self._halt.carry_out
        done = await self._in_turn(
            lambda: reread(jobs, line, missed, reconcile=reconcile, carry_out=carry_out)
        )
        if done.differences is not None:
            self.standing.differences = done.differences
        if done.lacks is not None:
            log.warning("not all could be read anew", lease=self.lease_name, why=done.lacks)
            return done.lacks
        log.info(
            "read anew",
            lease=self.lease_name,
            looked_up=done.looked_up,
            differences=done.differences,
        )
        return None

    def _resolved(self, jobs: App) -> None:
        """Ask about what was not asked about often enough; the rest is a human's."""
        standing, halt = self.standing, self._halt
        owner = standing.line.owner
        abandoned_told(jobs, owner)
        held = self._in_doubt(jobs)
        standing.given_up &= held
        if held - standing.given_up:
            with acting(jobs, owner) as free:
                if not free:
                    return
                left = resolved(jobs, standing.line, sleep=halt.wait, carry_out=halt.carry_out)
            if left.reached:
                standing.given_up = self._in_doubt(jobs)
        standing.uncertain = len(uncertain(jobs, owner))

    def _in_doubt(self, jobs: App) -> set[tuple[str, str]]:
        """Each order as it stands, each id in a cancel of unknown outcome that no order here has.

        An order of which something was heard since is another matter than it was before.
        """
        line = self.standing.line
        rows = uncertain(jobs, line.owner)
        names = {name for ask in look_ups(jobs, line.owner, line.codec) for name in ask.values}
        for row in rows:
            names -= {row["venue_order_id"], row["client_order_id"]}
        marks = {(str(row["order_key"]), str(row["updated_at"])) for row in rows}
        return marks | {(name, "") for name in names}

    async def _in_turn(self, job: Callable[[], T]) -> T:
        """In a thread, one job of the account at a time; a job that began is waited for."""
        async with self._turn:
            done = asyncio.create_task(asyncio.to_thread(job))
            try:
                return await asyncio.shield(done)
            except asyncio.CancelledError:
                await asyncio.wait({done})
                if (error := done.exception()) is not None:
                    log.debug("a job was given up", lease=self.lease_name, exc_info=error)
                raise


async def _lost(kept: Kept) -> None:
    """Raise once the lease may be over."""
    while not kept.lost.is_set():  # noqa: ASYNC110 - the keeper is a thread
        await asyncio.sleep(LOOK_S)
    kept.check()
