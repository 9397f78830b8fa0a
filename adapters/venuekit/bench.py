"""Where a venue is tested: its server on the loopback, our books, and accounts without a past."""

from __future__ import annotations

import asyncio
import itertools
import logging
import shutil
import tempfile
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import structlog

from adapters.bootstrap import App, opened
from adapters.cancel_report import reported
from adapters.cancelling import carried_out, plan_of
from adapters.clients.client import Address, Client, Paces, Told
from adapters.clients.port import Ask, Codec
from adapters.clock import utc_now
from adapters.live import new_capture, recorder_of
from adapters.paper.chance import Trigger
from adapters.paper.script import Script
from adapters.paper.venue import SimulatedVenue
from adapters.recording.lines import Intent
from adapters.resolving import Resolved, resolved
from adapters.settings import Settings
from adapters.simulating import application_of
from adapters.speaking import Line
from adapters.transport.pacing import Pace
from adapters.transport.recorded import Bounds, Recording
from adapters.venuekit.between import Between, Seen
from adapters.venuekit.books import Books, books_of
from adapters.venuekit.loopback import free_port, running
from adapters.venuekit.tape import Tape, read
from adapters.venuekit.venue import Sample, VenueUnderTest
from domain.requests import ScopeKind
from domain.values import Account
from projections.queries import Only

ACCOUNTS_MAX = 500
SEED = 7
INTENT = Intent("the kit", "to see what the venue makes of it")
SHORT = Bounds(connect_s=1, answer_s=0.4, body_bytes_max=1 << 20)
"""For answers that never come: what is waited for them is the kit's time."""
CALM = Bounds(connect_s=5, answer_s=15, body_bytes_max=1 << 20)
SECONDS_MAX = 10


@dataclass
class Bench:
    """A venue, served, with our books of it beside."""

    venue: VenueUnderTest
    sim: SimulatedVenue
    app: App
    port: int
    loop: asyncio.AbstractEventLoop
    directory: Path
    seen: dict[str, Seen] = field(default_factory=dict[str, Seen])
    _accounts: Any = field(default_factory=lambda: itertools.count(1))
    _numbers: Any = field(default_factory=lambda: itertools.count(1))

    def stand(self) -> Stand:
        """An account that nobody has used before."""
        number = next(self._accounts)
        assert number <= ACCOUNTS_MAX, "more scenarios than accounts"
        owner = Account(self.venue.name, self.venue.account(number))
        return Stand(self, owner, self.seen.setdefault(owner.account, Seen()))

    def number(self) -> int:
        """A number that no order has yet."""
        return int(next(self._numbers))

    def do(self, what: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever it gives
        """Something that the venue does by itself, in its own thread."""

        async def done() -> Any:  # noqa: ANN401 - whatever it gives
            return what()

        return asyncio.run_coroutine_threadsafe(done(), self.loop).result(SECONDS_MAX)

    def read(self, *tapes: Sequence[bytes]) -> Books:
        """What new books say of these recordings."""
        path = self.directory / f"books-{self.number()}.db"
        shutil.copy(self.directory / "empty.db", path)
        lines = [raw for tape in tapes for raw in tape]
        items = [read(raw, number) for number, raw in enumerate(lines, 1)]
        with opened(_settings(path), dialects={self.venue.name: self.venue.dialect}) as app:
            app.ingest([("tape", items)])
            return books_of(app, Only())


@dataclass
class Stand:
    """One account at the venue, and our side of it."""

    bench: Bench
    owner: Account
    seen: Seen
    codec: Codec = field(init=False)

    def __post_init__(self) -> None:
        self.codec = self.bench.venue.codec()

    @property
    def venue(self) -> VenueUnderTest:
        """What is tested."""
        return self.bench.venue

    @property
    def key(self) -> str:
        """What opens the account."""
        return self.venue.key(self.owner.account)

    def line(self, bounds: Bounds = CALM, *, port: int | None = None) -> Line:
        """A way to the venue. Its limits are kept where a scenario is about them, not here."""
        host = f"127.0.0.1:{port or self.bench.port}"
        path = self.venue.ws_path
        where = Address(f"http://{host}", None if path is None else f"ws://{host}{path}")
        paces = Paces(self.codec, time.monotonic)
        paces.cancels = paces.reads = paces.wide = Pace((), time.monotonic)
        return Line("kit", self.owner, self.codec, paces, bounds, where, self.key)

    # ------------------------------------------------------------ at the venue
    def faults(self, *told: Mapping[str, Any]) -> None:
        """What goes wrong from now on, with requests of this account alone."""
        mine = [{**fault, "account": self.owner.account} for fault in told]
        script = Script.model_validate({"fault": mine})
        triggers = [Trigger(n, fault, SEED) for n, fault in enumerate(script.fault, 1)]

        def set_up() -> None:
            self.bench.sim.faults.triggers = triggers

        self.bench.do(set_up)

    def matched(self, name: str, size: str) -> None:
        """A stranger takes a part of an order."""
        number = self._number(name)
        self.bench.do(lambda: self.bench.sim.book.match(number, Decimal(size)))

    def theirs(self) -> Mapping[str, Mapping[str, Any]]:
        """The venue's own books of the account, by the ids of its orders."""
        told: Mapping[str, Any] = self.bench.do(self.bench.sim.books)
        mine = (row for row in told["orders"] if row["account"] == self.owner.account)
        return {row["order_id"]: row for row in mine}

    def live(self) -> set[str]:
        """The ids of what is on the venue's book."""
        return {name for name, row in self.theirs().items() if Decimal(row["remaining"])}

    def _number(self, name: str) -> int:
        def found() -> int:
            for order, _ in self.bench.sim.book.everything():
                if self.venue.order_id(order.order_id) == name:
                    return order.order_id
            raise AssertionError(f"{name}: the server's books have no such order")

        number: int = self.bench.do(found)
        return number

    # ------------------------------------------------------------ over the wire
    def tape(self) -> Tape:
        """A recording that goes nowhere."""
        return Tape(self.owner, f"kit-{self.owner.account}-{self.bench.number()}")

    def place(
        self, count: int = 1, *, tape: Recording | None = None, market: int = 0, size: str = "100"
    ) -> list[str]:
        """Orders that rest, recorded (in our books, unless on a tape); their ids, oldest first."""
        before = set(self.theirs())
        samples = [
            Sample(self.owner.account, self.bench.number(), market, Decimal(size))
            for _ in range(count)
        ]

        async def sent(recording: Recording) -> Sequence[Told]:
            async with self.client(recording) as client:
                wanted = [self.venue.wanted(sample) for sample in samples]
                return await client.place(wanted, INTENT, lambda _told: None)

        told: Sequence[Told] = self._recorded(sent, tape)
        ids = [name for name in self.theirs() if name not in before]
        assert len(ids) == count, f"{count} orders were to be placed, {ids} are there: {told}"
        return ids

    def look_up(self, ids: Sequence[str], *, tape: Recording | None = None) -> Sequence[Told]:
        """Ask the venue how these orders stand."""

        async def asked(recording: Recording) -> Sequence[Told]:
            async with self.client(recording) as client:
                return await client.look_up([Ask(ScopeKind.ORDERS, tuple(ids))])

        told: Sequence[Told] = self._recorded(asked, tape)
        return told

    def say(self, ask: Ask, tape: Recording, bounds: Bounds = CALM) -> Sequence[Told]:
        """Send a cancel, recorded on a tape."""

        async def sent() -> Sequence[Told]:
            async with self.client(tape, bounds) as client:
                return await client.cancel([ask], INTENT, lambda _told: None)

        return asyncio.run(sent())

    def client(self, recording: Recording, bounds: Bounds = CALM) -> Client:
        """A client of the account."""
        return replace(self.line(), bounds=bounds).client(recording)

    def _recorded(self, act: Callable[[Recording], Any], tape: Recording | None) -> Any:  # noqa: ANN401 - whatever it gives
        if tape is not None:
            return asyncio.run(act(tape))
        app = self.bench.app
        with recorder_of(app) as recorder:
            session = recorder.session(self.owner, new_capture(self.owner, "kit"))
            told = asyncio.run(act(session))
        app.runner.catch_up()
        return told

    # ------------------------------------------------------------ as a command does it
    def cancel(
        self, *values: str, kind: ScopeKind = ScopeKind.ORDERS, line: Line | None = None
    ) -> Sequence[Mapping[str, Any]]:
        """What `breakwater cancel` does; a row for each order that was touched."""
        app, way = self.bench.app, line or self.line()
        plan = plan_of(app, self.owner, way.codec, Ask(kind, values))
        _, ids = carried_out(app, way, plan, INTENT, lambda _told: None)
        app.runner.catch_up()
        return reported(app, ids)

    def resolve(self, tries: int = 2) -> Resolved:
        """What `breakwater resolve` does, without its waits."""
        return resolved(self.bench.app, self.line(), tries, lambda _seconds: None)

    def ours(self) -> Books:
        """What our books say of the account."""
        return books_of(self.bench.app, Only(self.owner.venue, self.owner.account))


def _settings(path: Path) -> Settings:
    return Settings.model_validate(
        {"database_url": f"sqlite:///{path}", "durability": "normal", "workers": 1}
    )


@contextmanager
def quietly() -> Generator[None]:
    """What the server logs of each request stays out of what a run prints."""
    silent = structlog.make_filtering_bound_logger(logging.CRITICAL)
    structlog.configure(wrapper_class=silent)
    try:
        yield
    finally:
        structlog.reset_defaults()


@contextmanager
def bench(venue: VenueUnderTest) -> Generator[Bench]:
    """Serve a venue and open books beside it until the block ends."""
    sim = SimulatedVenue(
        venue.name,
        Script(),
        SEED,
        utc_now,
        lambda order: venue.order_id(order.order_id),
        venue.told,
    )
    accounts = [venue.account(number) for number in range(1, ACCOUNTS_MAX + 1)]
    keys = {account: venue.key(account) for account in accounts}
    whose = {key: account for account, key in keys.items()}
    application = application_of(sim, keys, venue.routes)
    seen: dict[str, Seen] = {}
    application.add_middleware(
        Between,
        whose=lambda texts: next((whose[text] for text in texts if text in whose), None),
        seen=lambda account: seen.setdefault(account, Seen()),
    )
    with tempfile.TemporaryDirectory(prefix="venuekit-") as place:
        directory = Path(place)
        dialects = {venue.name: venue.dialect}
        with opened(_settings(directory / "empty.db")):
            pass
        with (
            free_port() as port,
            running(application, port) as loop,
            opened(_settings(directory / "live.db"), dialects=dialects) as app,
        ):
            yield Bench(venue, sim, app, port, loop, directory, seen)
