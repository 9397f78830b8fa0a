"""What our own books say of an account's feed: since when it was heard, and what depends on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, select

from adapters.bootstrap import App
from adapters.captures.ndjson import item
from adapters.clients.words import exact as body
from adapters.eventlog.schema import captures, wire
from adapters.listening import CAPTURES, OVERTAKEN_MAX, Feed
from adapters.speaking import Line
from domain.values import Account
from domain.wire import Read
from projections.tables import breaks, orders

SILENCE = "STR-09"
FRAMES_MAX = 500
"""So far back is looked for the last message of an account."""


def feed_of(app: App, line: Line) -> Feed:
    """The account's feed as it was left, by whichever process listened to it last."""
    app.runner.catch_up()
    feed = Feed(last_heard(app, line.owner), after=last_message(app, line))
    feed.silent = known_silence(app, line.owner)
    return feed


def last_message(app: App, line: Line) -> str | None:
    """The id of a message shortly before the last one that was recorded; None where none has one.

    Shortly before: the very last may have overtaken others.
    """
    conversation = line.codec.conversation("")
    found: str | None = None
    count = 0
    for frame in _frames(app, line):
        after = conversation.heard(frame).after
        if after is not None:
            found, count = after, count + 1
            if count == OVERTAKEN_MAX:
                break
    return found


def _frames(app: App, line: Line) -> Iterator[bytes]:
    """The newest frames of the account's feed, the last one first; a bounded number of them."""
    named = captures.c.name.startswith(f"{CAPTURES}-{line.owner.venue}-", autoescape=True)
    newest = (
        select(wire.c.raw)
        .join(captures, captures.c.id == wire.c.capture_id)
        .where(named)
        .order_by(wire.c.capture_id.desc(), wire.c.seq.desc())
        .limit(FRAMES_MAX)
    )
    with app.reading() as connection:
        for raw in connection.execute(newest).scalars():
            told = item("log", 0, bytes(raw))
            if isinstance(told, Read) and told.line.owner == line.owner and told.line.ws:
                yield body(told.line.ws.get("frame"))


def last_heard(app: App, owner: Account) -> datetime:
    """When anything was last learned of an order of the account; now, when nothing ever was."""
    table = orders.c
    query = select(func.max(table.updated_at)).where(
        table.venue == owner.venue, table.account == owner.account
    )
    with app.reading() as connection:
        found: datetime | None = connection.execute(query).scalar_one()
    return app.clock() if found is None else min(found, app.clock())


def on_the_book(app: App, owner: Account) -> int:
    """How many orders of the account may be live."""
    table = orders.c
    query = select(func.count()).where(
        table.venue == owner.venue, table.account == owner.account, table.is_open.is_(True)
    )
    with app.reading() as connection:
        return int(connection.execute(query).scalar_one())


def known_silence(app: App, owner: Account) -> bool:
    """A silence of the account's feed was told, and not yet that it is over."""
    table = breaks.c
    query = select(func.count()).where(
        table.venue == owner.venue,
        table.account == owner.account,
        table.code == SILENCE,
        table.closed_at.is_(None),
    )
    with app.reading() as connection:
        return bool(connection.execute(query).scalar_one())
