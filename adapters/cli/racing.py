"""`breakwater races`: what else might have become of an order whose messages crossed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any
from uuid import UUID

import typer

from adapters.bootstrap_races import BUCKETS, Ending, Race, Races, races_of
from adapters.cli.asking_orders import orders_named
from adapters.cli.context import app_of
from adapters.cli.exits import NotFound, several_called
from adapters.cli.listing import Column, Format, Json, Record, console, dumps, show
from adapters.cli.options import AccountName, Venue
from adapters.cli.progress import saying
from projections.queries import Only

MOST = 200
"""How many courses are tried, unless another number is asked for: some seconds."""
WAYS = {"sent": "→", "received": "←", "lost": "✗"}

MESSAGE_COLUMNS = (
    Column("#", "number", right=True),
    Column("seen", "at"),
    Column("happened", "occurred_at"),
    Column("", "way"),
    Column("what", "what"),
    Column("crossed", "with"),
    Column("endings left", "left", right=True),
)
ENDING_COLUMNS = (
    Column("books", "books"),
    Column("courses", "worlds", right=True),
    Column("status", "status"),
    *(Column(name, name, right=True) for name in BUCKETS),
    Column("certain", "certain"),
    Column("breaks", "codes"),
    Column("for example", "as_in"),
)


def races_command(
    context: typer.Context,
    order: Annotated[
        str, typer.Argument(help="Order key, venue's order id or client's reference.")
    ],
    venue: Venue = None,
    account: AccountName = None,
    most: Annotated[
        int, typer.Option(min=1, max=100_000, help="How many courses are tried; of more, a sample.")
    ] = MOST,
    as_json: Json = False,
) -> None:
    """Play the messages that crossed on the wire in every course that events may have taken.

    Tells which endings were possible, which one the books assumed, and what settled it.
    """
    with app_of(context) as app:
        found = orders_named(app, order, Only(venue=venue, account=account))
        if not found:
            raise NotFound(f"no order is called {order!r}; try `breakwater orders`")
        if len(found) > 1:
            raise several_called(order, found)
        with saying("playing the race") as doing:
            told = races_of(app, UUID(str(found[0]["order_key"])), most, doing)
    if as_json:
        typer.echo(dumps(_record(found[0], told)))
    else:
        _tables(told)


def _record(order: Mapping[str, Any], told: Races) -> dict[str, Any]:
    return {
        "order_key": order["order_key"],
        "venue": order["venue"],
        "account": order["account"],
        "venue_order_id": order["venue_order_id"],
        "messages": list(_messages(told)),
        "races": [_race(told, race) for race in told.races],
        "as_in_the_books": told.alike,
    }


def _race(told: Races, race: Race) -> dict[str, Any]:
    settled = race.settled_by
    return {
        "messages": [number + 1 for number in race.stretch],
        "crossed": [[a + 1, b + 1] for a, b in race.crossed],
        "worlds_tried": race.tried,
        "every_world": race.every,
        "endings": [
            {
                **ending.record,
                "worlds": ending.worlds,
                "assumed": ending.assumed,
                "example": [number + 1 for number in ending.example],
            }
            for ending in race.endings
        ],
        "endings_left": list(race.left),
        "settled_by": None if settled is None else _message(told, settled),
    }


def _messages(told: Races) -> Iterator[dict[str, Any]]:
    for number in range(len(told.messages)):
        yield _message(told, number)


def _message(told: Races, number: int) -> dict[str, Any]:
    row = told.messages[number]
    pairs = [pair for race in told.races for pair in race.crossed if number in pair]
    return {
        "number": number + 1,
        "capture": row.capture,
        "seq": row.seq,
        "at": row.observed_at,
        "occurred_at": row.occurred_at,
        "direction": row.direction,
        "what": row.what,
        "crossed": [a + b - number + 1 for a, b in pairs],
    }


def _tables(told: Races) -> None:
    left = {
        number: race.left[place]
        for race in told.races
        for place, number in enumerate(race.stretch, 1)
    }
    rows = [
        {
            **message,
            "way": WAYS[message["direction"]],
            "with": ", ".join(f"#{other}" for other in message["crossed"]),
            "left": left.get(message["number"] - 1),
        }
        for message in _messages(told)
    ]
    show(rows, Format.TABLE, (), MESSAGE_COLUMNS, "messages, as they were seen")
    for race in told.races:
        first, last = race.stretch[0] + 1, race.stretch[-1] + 1
        title = f"endings of the race from #{first} to #{last}"
        show(map(_ending_row, race.endings), Format.TABLE, (), ENDING_COLUMNS, title)
        for sentence in _sentences(told, race):
            _say(sentence)
    if not told.races:
        _say("No message crossed a request of ours: there was no race.")
    if not told.alike:
        _say(
            "By themselves, in the order in which they were seen, these messages make another "
            "order than the books have: the books read more, or read it in another order."
        )


def _ending_row(ending: Ending) -> Record:
    return {
        **ending.record,
        "books": "assumed" if ending.assumed else "",
        "worlds": ending.worlds,
        "codes": ", ".join(ending.record["breaks"]),
        "as_in": " ".join(f"#{number + 1}" for number in ending.example),
    }


def _sentences(told: Races, race: Race) -> Iterator[str]:
    how = "all that fit" if race.every else "a sample of those that fit"
    yield (
        f"{race.tried} courses of events tried, {how} the clocks and causes; "
        f"{len(race.endings)} ways to end."
    )
    settled = race.settled_by
    if len(race.endings) == 1:
        yield "Whatever was first, and whether or not it happened, the order ended alike."
    elif settled is None:
        yield f"Nothing that was said settles it: {race.left[-1]} endings fit all of it."
    else:
        row = told.messages[settled]
        yield (
            f"Settled by #{settled + 1} ({row.capture} seq {row.seq}), the earliest message that "
            "left one ending."
        )


def _say(sentence: str) -> None:
    console().print(sentence, markup=False, soft_wrap=True)
