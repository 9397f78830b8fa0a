"""Answers that do not come, or cannot be read: unknown until the venue is asked, sent once."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from typing import Any

from adapters.paper.operations import Operation
from adapters.transport.recorded import Bounds
from adapters.venuekit.bench import SHORT, Bench, Stand
from adapters.venuekit.between import Instead
from adapters.venuekit.scenarios.cancels import agree
from adapters.venuekit.scenarios.registry import Scenarios

SCENARIOS = Scenarios()
NOBODY = 9
"""A port that nobody listens on."""
SILENT = {"closes": False}
BOMB = gzip.compress(b" " * (16 << 20))
FLOOD = b'{"a":"' + b"x" * (2 << 20) + b'"}'


def lost(bench: Bench, *faults: Mapping[str, Any], done: bool, bounds: Bounds = SHORT) -> Stand:
    """Cancel an order while this goes wrong, and hold the end against what the venue did."""
    stand = bench.stand()
    one, other = stand.place(2)
    stand.faults(*({"on": "cancel", "nth": 1, **fault} for fault in faults))
    settled(stand, one, other, done=done, bounds=bounds)
    return stand


def settled(stand: Stand, one: str, other: str, *, done: bool, bounds: Bounds = SHORT) -> None:
    """The cancel's answer is lost: nothing is claimed, then looked up, and never sent again."""
    rows = stand.cancel(one, line=stand.line(bounds))
    assert [row["outcome"] for row in rows] == ["unknown"], f"nobody knows yet: {rows}"
    held = stand.ours().orders[one]
    assert not held["certain"], "whether it is on the book is not certain"
    assert held["remaining_min"] == 0, "it may be gone"
    assert held["remaining_max"] == held["size"], "it may rest"
    stand.faults()
    left = stand.resolve().left
    assert left == (), f"a look-up settles it: {left}"
    held = stand.ours().orders[one]
    assert held["certain"]
    assert (held["remaining"] == 0) is done, f"the venue {'did it' if done else 'did not'}"
    assert stand.live() == ({other} if done else {one, other})
    agree(stand, one)
    assert stand.seen.count(Operation.CANCEL) == 1, "a lost cancel was sent again"


@SCENARIOS.called("a timeout before the venue acted is unknown, then live")
def timeout_before(bench: Bench) -> None:
    """A timeout is not a failure, and not a success."""
    lost(bench, {"do": "drop", "effect": "before", **SILENT}, done=False)


@SCENARIOS.called("a timeout after the venue acted is unknown, then cancelled")
def timeout_after(bench: Bench) -> None:
    """The same from our side; the look-up tells the two apart."""
    lost(bench, {"do": "drop", "effect": "after", **SILENT}, done=True)


@SCENARIOS.called("an answer that is too slow is unknown, then cancelled")
def slow(bench: Bench) -> None:
    """It comes when nobody waits any more."""
    stand = bench.stand()
    (one,) = stand.place()
    stand.faults({"do": "latency", "effect": "after", "seconds": "0.9", "on": "cancel", "nth": 1})
    (row,) = stand.cancel(one, line=stand.line(SHORT))
    # A socket may still be heard when it comes; over HTTP nobody listens any more.
    assert row["outcome"] in {"unknown", "cancelled"}, row
    stand.faults()
    assert stand.resolve().left == ()
    agree(stand, one)
    assert stand.live() == set()
    assert stand.seen.count(Operation.CANCEL) == 1, "a lost cancel was sent again"


@SCENARIOS.called("an answer that is slow and in time is an answer")
def slow_in_time(bench: Bench) -> None:
    """Waiting is no loss."""
    stand = bench.stand()
    (one,) = stand.place()
    stand.faults({"do": "latency", "on": "cancel", "effect": "before", "seconds": "0.2"})
    assert [row["outcome"] for row in stand.cancel(one)] == ["cancelled"]
    agree(stand)


@SCENARIOS.called("a connection that ends before the venue acted is unknown, then live")
def closed_before(bench: Bench) -> None:
    """What left may have arrived."""
    lost(bench, {"do": "drop", "effect": "before"}, done=False)


@SCENARIOS.called("a connection that ends after the venue acted is unknown, then cancelled")
def closed_after(bench: Bench) -> None:
    """As above, and it was done."""
    lost(bench, {"do": "drop", "effect": "after"}, done=True)


@SCENARIOS.called("garbage in place of the answer is unknown, then cancelled")
def garbage_after(bench: Bench) -> None:
    """A 200 that cannot be read says nothing."""
    lost(bench, {"do": "garbage", "effect": "after"}, done=True)


@SCENARIOS.called("garbage of a venue that did nothing is unknown, then live")
def garbage_before(bench: Bench) -> None:
    """As above, and it was not done."""
    lost(bench, {"do": "garbage", "effect": "before", "body": "<html>busy</html>"}, done=False)


@SCENARIOS.called("an answer that breaks off is unknown, then cancelled")
def cut(bench: Bench) -> None:
    """The connection ends in the middle of it."""
    lost(bench, {"do": "half"}, done=True)


@SCENARIOS.called("an answer that claims to be whole and is half is unknown, then cancelled")
def half(bench: Bench) -> None:
    """Its JSON ends in the middle."""
    lost(bench, {"do": "half", "announced": "half"}, done=True)


@SCENARIOS.called("maintenance is unknown, then live")
def maintenance(bench: Bench) -> None:
    """503, in words for people: nothing is known of what was asked."""
    body = "<html><body>Scheduled maintenance</body></html>"
    lost(bench, {"do": "error", "status": 503, "body": body}, done=False)


@SCENARIOS.called("a fault of the venue's after it acted is unknown, then cancelled")
def fault_after(bench: Bench) -> None:
    """500, and it was done."""
    lost(bench, {"do": "error", "status": 500, "effect": "after"}, done=True)


@SCENARIOS.called("a gateway that gave up after the venue acted is unknown, then cancelled")
def gateway(bench: Bench) -> None:
    """504, and it was done."""
    lost(bench, {"do": "error", "status": 504, "effect": "after"}, done=True)


def _instead(bench: Bench, instead: Instead, *, done: bool) -> None:
    stand = bench.stand()
    one, other = stand.place(2)
    stand.seen.instead.append(instead)
    settled(stand, one, other, done=done)


@SCENARIOS.called("a gzip bomb is unknown, then cancelled")
def bomb(bench: Bench) -> None:
    """What unpacks to far more than any answer is not unpacked."""
    headers = (("content-type", "application/json"), ("content-encoding", "gzip"))
    packed = FLOOD if bench.venue.ws_path else BOMB  # a frame has no encoding of its own
    _instead(bench, Instead(Operation.CANCEL, 200, packed, headers, done=True), done=True)


@SCENARIOS.called("an answer without an end is unknown, then cancelled")
def flood(bench: Bench) -> None:
    """More than any answer of the venue's is not read."""
    _instead(bench, Instead(Operation.CANCEL, 200, FLOOD, done=True), done=True)


@SCENARIOS.called("an answer that is nobody's JSON is unknown, then live")
def other_json(bench: Bench) -> None:
    """A list of numbers is no answer to a cancel."""
    _instead(bench, Instead(Operation.CANCEL, 200, b"[1,2,3]"), done=False)


@SCENARIOS.called("an empty answer is unknown, then cancelled")
def empty(bench: Bench) -> None:
    """200 and nothing: it may have been done."""
    _instead(bench, Instead(Operation.CANCEL, 200, b"", done=True), done=True)


@SCENARIOS.called("a venue that cannot be reached was sent nothing")
def unreachable(bench: Bench) -> None:
    """Not sent: the order is as it was, for certain."""
    stand = bench.stand()
    (one,) = stand.place()
    rows = stand.cancel(one, line=stand.line(port=NOBODY))
    assert [row["outcome"] for row in rows] == ["not_sent"], rows
    held = stand.ours().orders[one]
    assert held["certain"]
    assert held["remaining"] == held["size"]
    assert not held["cancel_pending"]
    assert stand.live() == {one}


@SCENARIOS.called("the key is nowhere in the books")
def secrets(bench: Bench) -> None:
    """Of everything that was said and heard, errors included, nothing that opens the account."""
    stand = bench.stand()
    (one,) = stand.place()
    stand.faults({"do": "error", "on": "read", "status": 401, "body": "who are you"})
    stand.look_up([one])
    stand.faults({"do": "drop", "effect": "after", "on": "cancel", "nth": 1})
    stand.cancel(one, line=stand.line(SHORT))
    stand.resolve()
    kept = b"".join(path.read_bytes() for path in bench.directory.glob("live.db*"))
    assert stand.key.encode() not in kept
