"""What became of what we sent and have no answer to: ask the venue, then leave it to a human.

Nothing is ever sent again. A program that was killed left requests without answer or loss: their
loss is told by whoever acts for the account next. Then the venue is asked how each uncertain order
stands, some times with growing waits; what stays uncertain is in `orders --uncertain`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from uuid import UUID

from adapters.acting import acting
from adapters.bootstrap import App
from adapters.cancelling import CAPTURES
from adapters.clients.port import Ask, CannotSay, Codec
from adapters.halting import CarryOut
from adapters.live import new_capture, recorder_of
from adapters.recording.lines import Loss
from adapters.recording.recorder import Recorder, exchange_name
from adapters.speaking import Line
from adapters.transport.losses import Fate
from domain.requests import ScopeKind
from domain.values import Account
from projections import queries
from projections.queries import Only, Record
from projections.uncertain import uncertain_orders

TRIES = 4
WAIT_S = 0.5
"""Before the first question; each further wait is twice as long."""
WAIT_S_MAX = 30.0
LINES_READ = 500
ENDED = "the program that sent it ended before an answer was stored"
LOOKED_UP = "lookup"


@dataclass(frozen=True, slots=True)
class Resolved:
    """What asking has settled. `left` are the orders that stay uncertain, for a human."""

    asked: int
    left: tuple[Record, ...]
    reached: bool = True


def abandoned_told(app: App, owner: Account) -> int | None:
    """Tell the loss of every request whose program has ended; None while others act."""
    with acting(app, owner, alone=True) as alone:
        if not alone:
            return None
        app.runner.catch_up()
        with app.reading() as connection:
            waiting = queries.cancels_that_are(connection, owner, "open")
        places = [_place(app, record["cancel_id"]) for record in waiting]
        ours = [place for place in places if place[0].startswith(f"{CAPTURES}-")]
        lost = 0
        if ours:
            with recorder_of(app) as recorder:
                for capture, seq in ours:
                    lost += _told_lost(app, recorder, owner, capture, seq)
        return lost


def _place(app: App, cancel_id: str) -> tuple[str, int]:
    stream = UUID(cancel_id)
    first = app.store.histories([stream])[stream][0]
    return first.capture or "", first.seq or 0


def _told_lost(app: App, recorder: Recorder, owner: Account, capture: str, seq: int) -> int:
    """One loss, as the next line of the capture that ended; 0 when there is nothing to say."""
    exchange = next((name for name, first in _exchanges(app, capture) if first == seq), None)
    if exchange is None or len(app.store.log.exchange_lines(capture, exchange)) > 1:
        return 0
    session = recorder.session(owner, capture, _last_line(app, capture, seq))
    session.lost(Loss(exchange, Fate.DISCONNECTED.value, ENDED)).result()
    return 1


def _exchanges(app: App, capture: str) -> Iterator[tuple[str, int]]:
    """The exchanges of a capture of ours, each with the number of its first line."""
    for number in count(1):
        name = exchange_name(number)
        lines = app.store.log.exchange_lines(capture, name)
        if not lines:
            return
        yield name, min(line.seq for line in lines)


def _last_line(app: App, capture: str, seq: int) -> int:
    """The number of the capture's last line; it has no gaps, for we wrote it."""
    while True:
        known = app.store.log.known_lines(capture, range(seq, seq + LINES_READ))
        if len(known) < LINES_READ:
            return max(known)
        seq += LINES_READ


def resolved(
    app: App,
    line: Line,
    tries: int = TRIES,
    sleep: Callable[[float], None] = time.sleep,
    carry_out: CarryOut = asyncio.run,
) -> Resolved:
    """Ask how every uncertain order of the account stands until it is known, `tries` times.

    `sleep` and `carry_out` may raise when there is no time left.
    """
    asked, reached = 0, True
    wait = WAIT_S
    for _ in range(tries):
        asks = look_ups(app, line.owner, line.codec)
        if not asks:
            break
        sleep(wait)
        wait = min(2 * wait, WAIT_S_MAX)
        reached = _looked_up(app, line, asks, carry_out)
        asked += 1
        app.runner.catch_up()
    return Resolved(asked, uncertain(app, line.owner), reached)


def uncertain(app: App, owner: Account) -> tuple[Record, ...]:
    """The orders of the account that are in doubt."""
    with app.reading() as connection:
        return tuple(uncertain_orders(connection, Only(owner.venue, owner.account)))


def look_ups(app: App, owner: Account, codec: Codec) -> tuple[Ask, ...]:
    """What there is to ask for: uncertain orders, and asked ids that no order here has."""
    names: dict[ScopeKind, list[str]] = {ScopeKind.ORDERS: [], ScopeKind.REFERENCES: []}
    for order in uncertain(app, owner):
        if order["venue_order_id"] is not None:
            names[ScopeKind.ORDERS].append(order["venue_order_id"])
        elif order["client_order_id"] is not None:
            names[ScopeKind.REFERENCES].append(order["client_order_id"])
    names[ScopeKind.ORDERS].extend(_strangers(app, owner))
    return tuple(
        Ask(kind, kept)
        for kind, found in names.items()
        if kind in codec.capabilities.looks_up
        and (kept := tuple(name for name in dict.fromkeys(found) if can_say(codec, kind, name)))
    )


def _strangers(app: App, owner: Account) -> Sequence[str]:
    """Ids in cancels of unknown outcome that name no order of ours."""
    with app.reading() as connection:
        unknown = queries.cancels_that_are(connection, owner, "unknown")
        texts = [
            outcome["asked"]
            for record in unknown
            for outcome in record["outcomes"]
            if outcome["order_key"] is None and outcome["asked"] is not None
        ]
        only = Only(owner.venue, owner.account)
        return [text for text in texts if not queries.find_orders(connection, text, only)]


def can_say(codec: Codec, kind: ScopeKind, name: str) -> bool:
    """The venue finds orders by names of this kind and shape."""
    try:
        codec.look_ups(Ask(kind, (name,)))
    except CannotSay:
        return False
    return True


def _looked_up(app: App, line: Line, asks: Sequence[Ask], carry_out: CarryOut) -> bool:
    """Ask once; whether the venue could be reached."""
    with recorder_of(app) as recorder:
        session = recorder.session(line.owner, new_capture(line.owner, LOOKED_UP))

        async def asked() -> bool:
            async with line.client(session) as client:
                told = await client.look_up(asks)
            return not any(one.not_sent for one in told)

        return carry_out(asked())
