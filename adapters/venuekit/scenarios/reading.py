"""A day on tape, read in other ways: twice, doubled, turned round, cut. The books are the same."""

from __future__ import annotations

from decimal import Decimal

from adapters.clients.port import Ask
from adapters.venuekit.bench import Bench
from adapters.venuekit.books import Books, buckets
from adapters.venuekit.scenarios.registry import Scenarios
from adapters.venuekit.scenarios.taped import Asked, asked
from adapters.venuekit.tape import Json, altered, json_of, raw_of, renumbered
from domain.requests import ScopeKind

SCENARIOS = Scenarios()


def figures(books: Books) -> dict[str, object]:
    """What must not depend on how it was read."""
    return {
        name: (buckets(row), row["status"], row["certain"]) for name, row in books.orders.items()
    }


def day(bench: Bench) -> Asked:
    """Two orders cancelled, one of them matched in part; one refused, one left."""
    stand = bench.stand()
    tape = stand.tape()
    ids = stand.place(3, tape=tape)
    stand.look_up(ids, tape=tape)
    stand.matched(ids[0], "40")
    stand.say(Ask(ScopeKind.ORDERS, tuple(ids[:2])), tape)
    stand.look_up(ids, tape=tape)
    return Asked(stand, tape, ids)


@SCENARIOS.called("a day that was recorded gives the venue's books")
def whole(bench: Bench) -> None:
    """From the lines alone, nothing else known."""
    told = day(bench)
    books, theirs = bench.read(told.tape.lines), told.stand.theirs()
    assert set(books.orders) == set(told.ids)
    for name in told.ids:
        mine, row = buckets(books.orders[name]), buckets(theirs[name])
        assert mine == row, f"{name}: our books {mine}, the venue's {row}"
    assert books.set_aside == [], f"set aside: {books.set_aside}"


@SCENARIOS.called("the same lines give the same books")
def deterministic(bench: Bench) -> None:
    """On any machine, on any day: the state hash is the same."""
    told = day(bench)
    assert bench.read(told.tape.lines).whole == bench.read(told.tape.lines).whole


@SCENARIOS.called("a recording that is read twice adds nothing")
def twice(bench: Bench) -> None:
    """The second time every line is known."""
    told = day(bench)
    once = bench.read(told.tape.lines)
    again = bench.read(told.tape.lines, told.tape.lines)
    assert again.whole == once.whole


@SCENARIOS.called("two recordings of one day give the books of one")
def overlapping(bench: Bench) -> None:
    """Another program recorded the same traffic: orders, matches and cancels are the same ones."""
    told = day(bench)
    once = bench.read(told.tape.lines)
    both = bench.read(told.tape.lines, renumbered(told.tape.lines))
    assert figures(both) == figures(once)


@SCENARIOS.called("an answer that comes twice counts once")
def answered_twice(bench: Bench) -> None:
    """The venue, or the wire, repeats itself."""
    told = asked(bench)

    def later(line: Json) -> None:
        line["seq"] = 9_999

    once = bench.read(told.tape.lines)
    doubled = bench.read([*told.tape.lines, altered(told.answer, later)])
    assert figures(doubled) == figures(once)


@SCENARIOS.called("an answer before its request waits for it")
def before_its_request(bench: Bench) -> None:
    """Two recordings are joined in the wrong order: the books are the same."""
    told = asked(bench)
    once = bench.read(told.tape.lines)
    *rest, sent, answer = told.tape.lines
    turned = bench.read([*rest, answer, sent])
    assert figures(turned) == figures(once)


@SCENARIOS.called("reads in another order end in the same books")
def reordered(bench: Bench) -> None:
    """What was read of the orders before the cancel is handed over after it."""
    stand = bench.stand()
    tape = stand.tape()
    (one,) = stand.place(tape=tape)
    placing = len(tape.lines)
    stand.look_up([one], tape=tape)
    looking = len(tape.lines)
    stand.say(Ask(ScopeKind.ORDERS, (one,)), tape)
    lines = tape.lines
    later = [*lines[:placing], *lines[looking:], *lines[placing:looking]]
    once, turned = bench.read(lines), bench.read(later)
    assert turned.orders[one]["remaining"] == once.orders[one]["remaining"] == 0
    assert turned.orders[one]["matched"] == once.orders[one]["matched"]


@SCENARIOS.called("a look-up that comes twice counts once")
def read_twice(bench: Bench) -> None:
    """A running total is no match: told again, nothing more was matched."""
    stand = bench.stand()
    tape = stand.tape()
    (one,) = stand.place(tape=tape)
    stand.matched(one, "40")
    for _ in range(3):
        stand.look_up([one], tape=tape)
    held = bench.read(tape.lines).orders[one]
    assert held["matched"] == Decimal(stand.theirs()[one]["matched"])
    assert held["remaining"] == Decimal(stand.theirs()[one]["remaining"])


@SCENARIOS.called("a gap is seen, and what came before and after it is read")
def gap(bench: Bench) -> None:
    """Lines of the recording are missing: STR-01, and the rest counts."""
    told = day(bench)
    # The first look-up and its answer fall out; what was placed and cancelled is there.
    lines = list(told.tape.lines)
    first = next(n for n, raw in enumerate(lines) if b'"method":"GET"' in raw)
    books = bench.read([*lines[:first], *lines[first + 2 :]])
    assert "STR-01" in books.flags, f"flags: {books.flags}"
    assert set(books.orders) == set(told.ids)


@SCENARIOS.called("a recording that breaks off leaves the cancel open")
def cut(bench: Bench) -> None:
    """Sent, and nothing more is known: neither cancelled nor live for certain."""
    told = asked(bench)
    books = bench.read(told.tape.lines[:-1])
    (request,) = books.cancels
    assert request["status"] == "open"
    held = books.orders[told.ids[0]]
    assert held["cancel_pending"]
    assert held["status"] != "CANCELLED"


@SCENARIOS.called("a cancel that nobody here sent is seen all the same")
def others(bench: Bench) -> None:
    """Somebody else of the account cancels: the next look-up takes the order off our books."""
    stand = bench.stand()
    tape = stand.tape()
    (one,) = stand.place(tape=tape)
    stand.say(Ask(ScopeKind.ORDERS, (one,)), stand.tape())
    stand.look_up([one], tape=tape)
    books = bench.read(tape.lines)
    assert books.orders[one]["remaining"] == 0
    assert books.cancels == []


@SCENARIOS.called("numbers keep their written digits in a recording")
def written(bench: Bench) -> None:
    """A line is stored as it came: `1.10` stays `1.10`."""
    told = asked(bench)
    assert raw_of(json_of(told.answer)) == raw_of(json_of(raw_of(json_of(told.answer))))
