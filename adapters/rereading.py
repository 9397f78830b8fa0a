"""What a feed may not have told is read from the venue: replayed, listed, and asked order by order.

Everything goes through the recording, as if it had come by the feed. What the venue says is held
against our books as well, as a statement of its own time, as `breakwater reconcile` does it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import func, select

from adapters.bootstrap import App
from adapters.clients.client import Client, Told
from adapters.clients.port import Ask
from adapters.halting import CarryOut
from adapters.live import new_capture, recorder_of
from adapters.recording.recorder import exchange_name
from adapters.resolving import can_say
from adapters.speaking import TRY, Line
from adapters.statements.errors import NotAStatement
from adapters.transport.http import HttpCall
from domain.requests import ScopeKind
from domain.statement import Statement, StatementRow
from domain.values import NameKind
from projections import queries
from projections.queries import Only, Record
from projections.tables import orders

CAPTURES = "reread"
TAGS_MAX = 20
"""By so many tags of ours is asked for orders that nobody here has heard of."""
BACK = timedelta(minutes=1)
"""What changed is asked for from a little earlier on: the venue's clock is not ours."""
NOT_FOUND = 404


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """Since when the feed may have told us nothing, and after which of its messages."""

    since: datetime
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Reread:
    """What came of it. `lacks`: what the venue did not answer, and why; None when it did all."""

    lacks: str | None
    looked_up: int = 0
    differences: int | None = None
    """What the venue and our books do not agree on; None: they were not compared."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """Questions, their answers, and where those are recorded; `listing` are the first so many."""

    told: Sequence[Told]
    capture: str
    listing: int

    @property
    def lacks(self) -> str | None:
        bad = (one for one in self.told if not one.well and one.status != NOT_FOUND)
        return next(map(_lack, bad), None)


def _lack(told: Told) -> str:
    """A question without a good answer."""
    call = told.call
    asked = f"{call.method} {call.path}" if isinstance(call, HttpCall) else call.reference
    if told.refused_key:
        return f"{asked}: {told.status}, the venue does not take the key; {TRY}"
    return f"{asked}: {told.status if told.lost is None else told.lost}"


def reread(
    app: App,
    line: Line,
    missed: Missed,
    *,
    reconcile: bool = False,
    carry_out: CarryOut = asyncio.run,
) -> Reread:
    """Bring the books of an account to what its venue says now."""
    tags = _tags(app, line)
    listed = _asked(app, line, lambda client: _list_and_news(client, missed, tags), carry_out)
    if listed.lacks is not None:
        return Reread(listed.lacks)
    named: set[str] = set()
    if listed.listing:
        with _statement(app, line, listed) as statement:
            if statement is None:
                return Reread("the venue's list is none that can be read")
            named = _names(statement)
    left = tuple(
        name
        for order in _held(app, line)
        if (name := order["venue_order_id"]) is not None
        and name not in named
        and can_say(line.codec, ScopeKind.ORDERS, name)
    )
    if not left:
        differences = _compared(app, line, listed) if reconcile else None
        return Reread(None, differences=differences)
    asks = [Ask(ScopeKind.ORDERS, left)]
    asked = _asked(app, line, lambda client: client.look_up(asks), carry_out)
    differences = None
    if reconcile and asked.lacks is None:
        differences = _compared(app, line, listed if listed.listing else asked)
    return Reread(asked.lacks, len(left), differences)


async def _list_and_news(client: Client, missed: Missed, tags: Sequence[str]) -> Sequence[Told]:
    """The list first: what is told behind it is no part of the statement."""
    told = [*await client.read_open()]
    if missed.after is not None:
        replayed = await client.replay(missed.after)
        told.extend([] if replayed is None else [replayed])
    told.extend(await client.read_recent(missed.since - BACK))
    told.extend(await client.read_tagged(tags))
    return told


def _asked(
    app: App,
    line: Line,
    ask: Callable[[Client], Awaitable[Sequence[Told]]],
    carry_out: CarryOut,
) -> _Asked:
    with recorder_of(app) as recorder:
        session = recorder.session(line.owner, new_capture(line.owner, CAPTURES))

        async def answered() -> Sequence[Told]:
            async with line.client(session) as client:
                return await ask(client)

        told = carry_out(answered())
    app.runner.catch_up()
    lists = line.codec.open_orders()
    paths = [one.call.path for one in told if isinstance(one.call, HttpCall)]
    if not lists:
        return _Asked(told, session.capture, 0)
    return _Asked(told, session.capture, paths.count(lists[0].path))


@contextmanager
def _statement(app: App, line: Line, asked: _Asked) -> Generator[Statement | None]:
    """What the venue listed, or was asked for, as a statement; None for what is no list."""
    with TemporaryDirectory(prefix="breakwater-") as directory:
        path = Path(directory) / f"{asked.capture}.ndjson"
        with path.open("wb") as file:
            for number in range(1, (asked.listing or len(asked.told)) + 1):
                for kept in app.store.log.exchange_lines(asked.capture, exchange_name(number)):
                    file.write(kept.raw + b"\n")
        try:
            statement = app.statement(line.owner, [str(path)])
        except NotAStatement:
            statement = None
        yield statement


def _compared(app: App, line: Line, asked: _Asked) -> int | None:
    """How much the venue's word and our books as of then do not agree on; the run is recorded."""
    with _statement(app, line, asked) as statement:
        if statement is None or statement.own_time is None:
            return None
        return len(app.reconcile(statement, statement.own_time).differences)


def _names(statement: Statement) -> set[str]:
    return {
        name.value
        for told in statement.read()
        if isinstance(told, StatementRow)
        for name in told.names
        if name.kind is NameKind.VENUE
    }


def _held(app: App, line: Line) -> list[Record]:
    """The orders that may be live by our books."""
    with app.reading() as connection:
        only = Only(line.owner.venue, line.owner.account)
        return list(queries.order_list(connection, only, open_only=True))


def _tags(app: App, line: Line) -> Sequence[str]:
    """The tags of ours that were last heard of, whether or not an order with them is live."""
    if ScopeKind.USER_REF not in line.codec.capabilities.looks_up:
        return ()
    table, owner = orders.c, line.owner
    newest = (
        select(table.user_ref)
        .where(table.venue == owner.venue, table.account == owner.account)
        .where(table.user_ref.is_not(None))
        .group_by(table.user_ref)
        .order_by(func.max(table.updated_at).desc(), table.user_ref)
        .limit(TAGS_MAX)
    )
    with app.reading() as connection:
        return list(connection.execute(newest).scalars())
