"""What asking the venue settles, what it leaves to a human, and how often it may be asked."""

from __future__ import annotations

import asyncio
import time

from adapters.clients.port import Ask
from adapters.paper.operations import Operation
from adapters.transport.http import HttpTransport
from adapters.transport.pacing import Pace
from adapters.venuekit.bench import CALM, SHORT, Bench
from adapters.venuekit.scenarios.cancels import agree
from adapters.venuekit.scenarios.registry import Scenarios
from domain.requests import ScopeKind

SCENARIOS = Scenarios()


@SCENARIOS.called("a venue that is too busy did nothing")
def throttled(bench: Bench) -> None:
    """429, or the socket is closed: the order rests, and nobody says that it is cancelled."""
    stand = bench.stand()
    (one,) = stand.place()
    stand.faults({"do": "throttle", "on": "cancel", "nth": 1, "retry_after_s": 0})
    (row,) = stand.cancel(one)
    assert row["outcome"] in {"rejected", "unknown"}, row
    assert row["outcome"] == "unknown" or row["reason"] == "RATE_LIMITED", row
    stand.resolve()
    assert stand.live() == {one}
    agree(stand, one)
    assert [row["outcome"] for row in stand.cancel(one)] == ["cancelled"]


@SCENARIOS.called("a venue that says when to come again is left alone until then")
def retry_after(bench: Bench) -> None:
    """`Retry-After` of a 429 holds every further request of its kind."""
    stand = bench.stand()
    (one,) = stand.place()
    stand.faults({"do": "throttle", "on": "read", "nth": 1, "retry_after_s": 7})
    line, pace = stand.line(), Pace((), time.monotonic)

    async def asked() -> None:
        opens = line.codec.credentials(line.key, stand.owner.account)
        transport = HttpTransport(line.where.base_url, stand.tape(), pace, opens, CALM)
        await transport.send(line.codec.look_ups(Ask(ScopeKind.ORDERS, (one,)))[0])
        await transport.close()

    asyncio.run(asked())
    try:
        asyncio.run(asyncio.wait_for(pace.take(), 0.2))
    except TimeoutError:
        return
    raise AssertionError("the next question left at once")


@SCENARIOS.called("a lost answer to everything is looked up order by order")
def wide(bench: Bench) -> None:
    """A wide cancel names no order: each that it may have touched is asked about."""
    stand = bench.stand()
    ids = stand.place(3)
    stand.faults({"do": "drop", "effect": "after", "on": "cancel", "nth": 1})
    stand.cancel(kind=ScopeKind.ALL, line=stand.line(SHORT))
    assert not any(stand.ours().orders[name]["certain"] for name in ids)
    assert stand.resolve().left == ()
    agree(stand)
    assert stand.live() == set()
    assert stand.seen.count(Operation.CANCEL) == 1


@SCENARIOS.called("while the venue does not tell, nobody knows")
def left_to_a_human(bench: Bench) -> None:
    """Look-ups are lost, too: the order stays in the list of what is uncertain, with its bounds."""
    stand = bench.stand()
    (one,) = stand.place()
    stand.faults({"do": "drop", "effect": "after", "on": "cancel"}, {"do": "error", "on": "read"})
    stand.cancel(one, line=stand.line(SHORT))
    left = stand.resolve().left
    assert [row["venue_order_id"] for row in left] == [one]
    held = stand.ours().orders[one]
    assert not held["certain"]
    assert held["status"] != "CANCELLED"
    assert held["remaining_min"] <= 0 <= held["remaining_max"]


@SCENARIOS.called("a look-up that is refused changes nothing", 401)
@SCENARIOS.called("a look-up that finds nothing takes nothing off", 404)
@SCENARIOS.called("a look-up that fails changes nothing", 500)
def failed_look_up(bench: Bench, status: int) -> None:
    """What was known stays known: an error is no word about the order."""
    stand = bench.stand()
    (one,) = stand.place()
    before = stand.ours().orders[one]["remaining"]
    stand.faults({"do": "error", "on": "read", "status": status, "body": '{"detail":"no"}'})
    stand.look_up([one])
    after = stand.ours().orders[one]
    assert after["remaining"] == before
    assert after["status"] == "NEW"


@SCENARIOS.called("a venue whose clock is fast does not confuse the books", "10")
@SCENARIOS.called("a venue whose clock is slow does not confuse the books", "-10")
def clock(bench: Bench, minutes: str) -> None:
    """Times are evidence; the order of what was seen decides."""
    stand = bench.stand()
    one, two = stand.place(2)
    stand.faults({"do": "clock", "minutes": minutes, "nth": 1})
    try:
        stand.matched(two, "40")
        stand.cancel(one)
        stand.look_up([one, two])
        agree(stand)
    finally:
        stand.faults({"do": "clock", "minutes": "0", "nth": 1})
        stand.look_up([one])
