"""Cancels that meet matches, lapses and orders that are gone: where each part of the size went."""

from __future__ import annotations

from decimal import Decimal

from adapters.venuekit.bench import Bench
from adapters.venuekit.scenarios.cancels import agree
from adapters.venuekit.scenarios.registry import Scenarios

SCENARIOS = Scenarios()
HALF = "40"


@SCENARIOS.called("what was matched before the cancel stays matched")
def partial(bench: Bench) -> None:
    """The cancel takes the rest: 40 matched, 60 cancelled."""
    stand = bench.stand()
    (one,) = stand.place()
    stand.matched(one, HALF)
    stand.cancel(one)
    stand.look_up([one])
    agree(stand, one)
    assert stand.ours().orders[one]["matched"] == Decimal(HALF)


@SCENARIOS.called("a match that crosses the cancel is not lost")
def crossing(bench: Bench) -> None:
    """It comes while the cancel is on its way; the answer, or a look-up, tells of it."""
    stand = bench.stand()
    (one,) = stand.place()
    stand.faults({"do": "crossing", "share": "0.4"})
    stand.cancel(one)
    stand.look_up([one])
    assert Decimal(stand.theirs()[one]["matched"]) == Decimal(HALF), "nothing crossed"
    agree(stand, one)


@SCENARIOS.called("a cancel that comes too late takes nothing off")
def too_late(bench: Bench) -> None:
    """The order was matched whole before: it is refused, and the books say filled."""
    stand = bench.stand()
    (one,) = stand.place()
    stand.faults({"do": "crossing", "share": "1"})
    rows = stand.cancel(one)
    assert all(row["outcome"] != "cancelled" for row in rows), rows
    stand.look_up([one])
    agree(stand, one)
    assert stand.ours().orders[one]["status"] == "FILLED"


@SCENARIOS.called("an order that the venue cancelled is over", "cancelled")
@SCENARIOS.called("an order that lapsed is over", "lapsed")
@SCENARIOS.called("an order that expired is over", "expired")
@SCENARIOS.called("an order that the venue voided is over", "voided")
def ended(bench: Bench, how: str) -> None:
    """A cancel of it is refused, and a look-up tells where its size went."""
    stand = bench.stand()
    (one,) = stand.place()
    stand.matched(one, HALF)
    stand.faults({"do": "ends", "how": how, "on": "cancel", "nth": 1})
    rows = stand.cancel(one)
    assert all(row["outcome"] != "cancelled" for row in rows), rows
    stand.look_up([one])
    ours, theirs = stand.ours().orders[one], stand.theirs()[one]
    assert ours["remaining"] == 0, "it is not on the book any more"
    assert ours["matched"] == Decimal(theirs["matched"])
    assert ours["size"] == Decimal(theirs["size"])


@SCENARIOS.called("an order that the venue forgot is not called cancelled")
def forgotten(bench: Bench) -> None:
    """Nothing says what became of it: that is for a human to find out."""
    stand = bench.stand()
    (one,) = stand.place()
    stand.faults({"do": "forgets", "on": "cancel", "nth": 1})
    rows = stand.cancel(one)
    assert all(row["outcome"] != "cancelled" for row in rows), rows
    stand.resolve()
    assert stand.ours().orders[one]["status"] != "CANCELLED"
