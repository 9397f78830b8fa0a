"""Cancels over real connections: every scope, partial fills, refusals, races, other accounts."""

from __future__ import annotations

from decimal import Decimal

from adapters.clients.port import CannotSay
from adapters.paper.operations import Operation
from adapters.venuekit.bench import Bench, Stand
from adapters.venuekit.books import buckets
from adapters.venuekit.scenarios.registry import Scenarios
from domain.requests import ScopeKind
from domain.values import ZERO

SCENARIOS = Scenarios()


def agree(stand: Stand, *names: str) -> None:
    """Our books of these orders are the venue's (of all of the account's, when none is named)."""
    ours, theirs = stand.ours().orders, stand.theirs()
    for name in names or theirs:
        mine, row = buckets(ours[name]), buckets(theirs[name])
        if not stand.venue.says_how:
            mine, row = (*mine[:3], sum(mine[3:], ZERO)), (*row[:3], sum(row[3:], ZERO))
        assert mine == row, f"{name}: our books {mine}, the venue's {row}"


def cancelled_one(bench: Bench, stand: Stand) -> str:
    """An order that rested and is cancelled."""
    del bench
    (one,) = stand.place()
    assert [row["outcome"] for row in stand.cancel(one)] == ["cancelled"]
    return one


@SCENARIOS.called("an order that rests is known as it is")
def rests(bench: Bench) -> None:
    """What is placed is read: size, nothing matched, all of it remaining."""
    stand = bench.stand()
    (one,) = stand.place()
    stand.look_up([one])
    agree(stand, one)
    assert stand.ours().orders[one]["certain"]


@SCENARIOS.called("one order is cancelled and no other")
def one_of_three(bench: Bench) -> None:
    """The books say so, the venue says so, and the two others rest on."""
    stand = bench.stand()
    one, *others = stand.place(3)
    rows = stand.cancel(one)
    assert [(row["venue_order_id"], row["outcome"]) for row in rows] == [(one, "cancelled")]
    assert stand.live() == set(others)
    agree(stand)
    assert stand.seen.count(Operation.CANCEL) == 1


@SCENARIOS.called("several orders are cancelled in one go")
def several(bench: Bench) -> None:
    """Each has an outcome of its own."""
    stand = bench.stand()
    ids = stand.place(4)
    rows = stand.cancel(*ids[:3])
    assert {row["venue_order_id"]: row["outcome"] for row in rows} == dict.fromkeys(
        ids[:3], "cancelled"
    )
    assert stand.live() == {ids[3]}
    agree(stand)


@SCENARIOS.called("a list that is over the venue's limit is cancelled whole")
def over_the_limit(bench: Bench) -> None:
    """Split into batches, each recorded as a request of its own."""
    stand = bench.stand()
    most = stand.codec.capabilities.batch_max
    ids = stand.place(2)
    strangers = [bench.venue.order_id(1 + number) for number in range(most)]
    rows = stand.cancel(*strangers, *ids)
    done = {row["venue_order_id"] for row in rows if row["outcome"] == "cancelled"}
    assert done == set(ids), f"cancelled: {done}"
    assert stand.live() == set()
    most_in_two = 2
    assert stand.seen.count(Operation.CANCEL) == most_in_two


@SCENARIOS.called("an order that is over is refused beside one that is not")
def refused_beside(bench: Bench) -> None:
    """A batch that is done in part is told order by order."""
    stand = bench.stand()
    one = cancelled_one(bench, stand)
    (two,) = stand.place()
    rows = {row["venue_order_id"]: row for row in stand.cancel(one, two)}
    assert rows[two]["outcome"] == "cancelled"
    assert rows[one]["outcome"] != "cancelled", "it was cancelled before"
    agree(stand)


@SCENARIOS.called("a second cancel changes nothing")
def twice(bench: Bench) -> None:
    """The books are the same after it; it is refused, or tells of nothing."""
    stand = bench.stand()
    one = cancelled_one(bench, stand)
    before = buckets(stand.ours().orders[one])
    assert [row["outcome"] for row in stand.cancel(one)] != ["cancelled"]
    assert buckets(stand.ours().orders[one]) == before
    agree(stand)


@SCENARIOS.called("an id that nobody knows makes no order")
def unknown_id(bench: Bench) -> None:
    """It stays in the request that named it."""
    stand = bench.stand()
    stranger = bench.venue.order_id(3)
    rows = stand.cancel(stranger)
    assert all(row["outcome"] != "cancelled" for row in rows), rows
    assert stand.ours().orders == {}
    (asked,) = stand.ours().cancels
    assert asked["status"] != "open", "the answer did not settle the request"


@SCENARIOS.called("an unknown id beside a known one is told apart")
def unknown_beside(bench: Bench) -> None:
    """The known one is cancelled all the same."""
    stand = bench.stand()
    (one,) = stand.place()
    rows = {row["asked"]: row["outcome"] for row in stand.cancel(one, bench.venue.order_id(3))}
    assert rows.pop(one) == "cancelled"
    assert all(outcome != "cancelled" for outcome in rows.values()), rows
    assert list(stand.ours().orders) == [one]


@SCENARIOS.called("another account's order is not there")
def rivals(bench: Bench) -> None:
    """It answers like an id that was never given, and stays on the book."""
    ours, rival = bench.stand(), bench.stand()
    (theirs,) = rival.place()
    told = [row["outcome"] for row in ours.cancel(theirs)]
    unknown = [row["outcome"] for row in bench.stand().cancel(bench.venue.order_id(3))]
    assert told == unknown, f"a rival's order: {told}, one that is not there: {unknown}"
    assert rival.live() == {theirs}
    assert ours.ours().orders == {}


@SCENARIOS.called("everything is cancelled, of this account alone")
def everything(bench: Bench) -> None:
    """Whether the venue has a word for it, or it is spelled out."""
    stand, rival = bench.stand(), bench.stand()
    ids, theirs = stand.place(3), rival.place()
    rows = stand.cancel(kind=ScopeKind.ALL)
    assert {row["venue_order_id"] for row in rows} == set(ids)
    assert stand.live() == set()
    assert rival.live() == set(theirs)
    agree(stand)


@SCENARIOS.called("everything includes what our books do not know")
def everything_unknown(bench: Bench) -> None:
    """Where the venue has a word for everything, it means the venue's book."""
    stand = bench.stand()
    if ScopeKind.ALL not in stand.codec.capabilities.scopes:
        return  # spelled out from our books: what they do not know cannot be said
    stand.place()
    stand.place(tape=stand.tape())  # by somebody else of the account
    stand.cancel(kind=ScopeKind.ALL)
    assert stand.live() == set()


@SCENARIOS.called("a market's orders are cancelled and no other's")
def market(bench: Bench) -> None:
    """Where the venue has no words for markets, the orders are spelled out."""
    stand = bench.stand()
    here, there = stand.place(2), stand.place(market=1)
    stand.look_up([*here, *there])
    name = stand.ours().orders[here[0]]["market"]
    rows = stand.cancel(name, kind=ScopeKind.MARKET)
    assert {row["venue_order_id"] for row in rows} == set(here)
    assert stand.live() == set(there)
    agree(stand)


@SCENARIOS.called("a user reference's orders are cancelled")
def user_reference(bench: Bench) -> None:
    """By the tag, or spelled out; at a venue without tags nothing of ours has one."""
    stand = bench.stand()
    (one,) = stand.place()
    tag = stand.ours().orders[one]["user_ref"]
    if tag is None:
        assert ScopeKind.USER_REF not in stand.codec.capabilities.scopes, "the tag was not read"
        return
    (row,) = stand.cancel(tag, kind=ScopeKind.USER_REF)
    assert (row["venue_order_id"], row["outcome"]) == (one, "cancelled")
    agree(stand)


@SCENARIOS.called("an order is cancelled by our own reference")
def reference(bench: Bench) -> None:
    """By the reference, or by the id that the books know for it."""
    stand = bench.stand()
    one, other = stand.place(2)
    name = stand.ours().orders[one]["client_order_id"]
    if name is None:
        assert ScopeKind.REFERENCES not in stand.codec.capabilities.scopes, "it was not read"
        return
    (row,) = stand.cancel(name, kind=ScopeKind.REFERENCES)
    assert (row["venue_order_id"], row["outcome"]) == (one, "cancelled")
    assert stand.live() == {other}


@SCENARIOS.called("a scope that is not the venue's leaves as ids alone")
def never_wider(bench: Bench) -> None:
    """What the venue has no words for is spelled out, never widened."""
    stand = bench.stand()
    here, there = stand.place(), stand.place(market=1)
    can = stand.codec.capabilities.scopes
    name = stand.ours().orders[here[0]]["market"]
    stand.cancel(name, kind=ScopeKind.MARKET)
    (asked,) = stand.ours().cancels
    wanted = "market" if ScopeKind.MARKET in can else "orders"
    assert asked["scope"]["kind"] == wanted, asked["scope"]
    assert stand.live() == set(there)


@SCENARIOS.called("who wanted it, and why, is kept with the request")
def intent(bench: Bench) -> None:
    """Stored before anything leaves."""
    stand = bench.stand()
    cancelled_one(bench, stand)
    (asked,) = stand.ours().cancels
    assert asked["requested_by"] == "the kit"
    assert asked["why"] is not None
    assert asked["status"] == "answered"
    assert asked["latency_ms"] is not None


@SCENARIOS.called("sizes are exact to the last digit", "7.1")
@SCENARIOS.called("sizes of many digits are exact", "33.333333")
def exact(bench: Bench, size: str) -> None:
    """Decimals all the way: a third of it matched leaves exactly the rest."""
    stand, smallest = bench.stand(), Decimal(bench.venue.smallest)
    (one,) = stand.place(size=str(Decimal(size).quantize(smallest)))
    third = Decimal(stand.theirs()[one]["size"]) / 3
    stand.matched(one, str(third.quantize(smallest)))
    stand.look_up([one])
    stand.cancel(one)
    stand.look_up([one])
    agree(stand, one)


@SCENARIOS.called("what cannot be said is told before anything leaves")
def cannot_say(bench: Bench) -> None:
    """An id of no form that the venue has stops the whole cancel."""
    stand = bench.stand()
    (one,) = stand.place()
    try:
        rows = stand.cancel(one, "no id of\nany venue")
    except CannotSay:
        assert stand.seen.count(Operation.CANCEL) == 0
        assert stand.live() == {one}
        return
    assert [row["outcome"] for row in rows if row["asked"] == one] == ["cancelled"]
