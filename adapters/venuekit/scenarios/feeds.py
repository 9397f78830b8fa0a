"""The account's feed: news told once, twice, late, in part or broken ends in the same books."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from adapters.clients.port import Ask
from adapters.recording.lines import SocketFrame
from adapters.recording.recorder import Received
from adapters.venuekit.bench import Bench, Stand
from adapters.venuekit.books import Books, buckets
from adapters.venuekit.scenarios.registry import Scenarios
from adapters.venuekit.tape import Json, Tape, altered, replaced
from domain.requests import ScopeKind

SCENARIOS = Scenarios()
FIRST_S, QUIET_S = 5.0, 0.25


@dataclass(frozen=True, slots=True)
class Heard:
    """What was placed, and what the feed told of it afterwards."""

    stand: Stand
    name: str
    tape: Tape
    told: Sequence[bytes]
    """The lines of the feed."""

    def books(self, *lines: bytes) -> Books:
        """The books of the placing, and of these lines."""
        numbered: list[bytes] = []
        for seq, raw in enumerate(lines, len(self.tape.lines) + 1):

            def at_its_place(line: Json, seq: int = seq) -> None:
                line["seq"] = seq

            numbered.append(altered(raw, at_its_place))
        return self.stand.bench.read([*self.tape.lines, *numbered])


def heard(
    bench: Bench,
    happens: Callable[[Stand, str], None],
    *faults: dict[str, object],
) -> Heard:
    """Place an order, listen, let something happen, and keep what the feed tells of it."""
    stand = bench.stand()
    channel = stand.codec.feed.channel
    tape, feed = stand.tape(), stand.tape()
    feed.capture = tape.capture
    (one,) = stand.place(tape=tape)
    with listening(stand) as connection:
        stand.faults(*faults)
        happens(stand, one)
        frames = _frames(connection)
    stand.faults()
    for frame in frames:
        feed.told(Received(SocketFrame(channel, frame)))
    return Heard(stand, one, tape, feed.lines)


@contextmanager
def listening(stand: Stand) -> Generator[ClientConnection]:
    """A connection to the feed that is open: from now on we hear what becomes of our orders."""
    codec, talk = stand.codec, stand.codec.conversation(stand.key)
    url = f"ws://127.0.0.1:{stand.bench.port}{codec.feed.path}"
    opens = codec.credentials(stand.key, stand.owner.account)
    with connect(url, additional_headers=opens, proxy=None) as connection:
        says = talk.opening()
        for frame in says:
            connection.send(frame, text=True)
        while says:
            means = talk.heard(connection.recv(FIRST_S, decode=False))
            assert means.refused is None, f"the feed is refused: {means.refused}"
            if means.opens:
                break
        yield connection


def _frames(connection: ClientConnection) -> list[bytes]:
    found: list[bytes] = []
    wait = FIRST_S
    while True:
        try:
            found.append(connection.recv(wait, decode=False))
        except (TimeoutError, ConnectionClosed):
            return found
        wait = QUIET_S


def matched(stand: Stand, name: str) -> None:
    """A stranger takes 40, then 20."""
    stand.matched(name, "40")
    stand.matched(name, "20")


def matched_and_cancelled(stand: Stand, name: str) -> None:
    """A stranger takes 40, and somebody cancels the rest."""
    stand.matched(name, "40")
    stand.say(Ask(ScopeKind.ORDERS, (name,)), stand.tape())


def _same(told: Heard, books: Books) -> None:
    ours, theirs = books.orders[told.name], told.stand.theirs()[told.name]
    mine, row = buckets(ours), buckets(theirs)
    if not told.stand.venue.says_how:
        mine, row = mine[:3], row[:3]
    assert mine == row, f"our books {mine}, the venue's {row}"


@SCENARIOS.called("the feed tells of matches")
def matches(bench: Bench) -> None:
    """Each once, with its size."""
    told = heard(bench, matched)
    _same(told, told.books(*told.told))


@SCENARIOS.called("the feed tells of a cancel that we did not send")
def cancel(bench: Bench) -> None:
    """The rest is off the book, what was matched stays."""
    told = heard(bench, matched_and_cancelled)
    _same(told, told.books(*told.told))


@SCENARIOS.called("news that comes twice counts once")
def doubled(bench: Bench) -> None:
    """The venue repeats each message."""
    told = heard(bench, matched, {"do": "feed_duplicate"})
    assert len(told.told) >= 2, "nothing came twice"  # noqa: PLR2004 - a message and its double
    _same(told, told.books(*told.told))


@SCENARIOS.called("a feed that is told again from the start adds nothing")
def again(bench: Bench) -> None:
    """After a reconnect a venue tells the old news again."""
    told = heard(bench, matched_and_cancelled)
    _same(told, told.books(*told.told, *told.told))


@SCENARIOS.called("news in another order ends in the same books")
def reordered(bench: Bench) -> None:
    """Each message overtakes the one before it."""
    told = heard(bench, matched)
    _same(told, told.books(*reversed(told.told)))


@SCENARIOS.called("a gap in the feed is closed by a look-up")
def gap(bench: Bench) -> None:
    """Messages never come: what is read afterwards has it all."""
    told = heard(bench, matched, {"do": "feed_gap", "nth": 1})
    looked = told.stand.tape()
    looked.capture = told.tape.capture
    told.stand.look_up([told.name], tape=looked)
    _same(told, told.books(*told.told, *looked.lines))


@SCENARIOS.called("a feed that hangs up loses nothing that a look-up does not bring")
def hung_up(bench: Bench) -> None:
    """The connection ends at the first message."""
    told = heard(bench, matched, {"do": "hang_up", "nth": 1})
    looked = told.stand.tape()
    looked.capture = told.tape.capture
    told.stand.look_up([told.name], tape=looked)
    _same(told, told.books(*told.told, *looked.lines))


@SCENARIOS.called("a frame that breaks off is passed over, and the rest is read")
def broken(bench: Bench) -> None:
    """Half a message stands between two whole ones."""
    told = heard(bench, matched)
    first = told.told[0]

    def half(line: Json) -> None:
        text = json.dumps(line["ws"]["frame"], default=str)
        replaced(line, {"$text": text[: len(text) // 2]})

    _same(told, told.books(first, altered(first, half), *told.told[1:]))


@SCENARIOS.called("a frame that nobody has heard of is passed over, and the rest is read")
def unheard(bench: Bench) -> None:
    """Venues add messages without a word."""
    told = heard(bench, matched)

    def strange(line: Json) -> None:
        replaced(line, {"type": "zz_nobody", "zz": [1, None]})

    _same(told, told.books(altered(told.told[0], strange), *told.told))


@SCENARIOS.called("the feed and the answer tell of one cancel")
def both(bench: Bench) -> None:
    """Told on two ways, it happened once."""
    stand = bench.stand()
    channel = stand.codec.feed.channel
    tape = stand.tape()
    (one,) = stand.place(tape=tape)
    with listening(stand) as connection:
        stand.say(Ask(ScopeKind.ORDERS, (one,)), tape)
        for frame in _frames(connection):
            tape.told(Received(SocketFrame(channel, frame)))
    books = bench.read(tape.lines)
    held = books.orders[one]
    assert held["cancelled"] == Decimal(stand.theirs()[one]["cancelled"])
    assert held["remaining"] == 0
    (request,) = books.cancels
    assert request["status"] == "answered"
