"""What the codec says, read back by the dialect: never wider, never twice, never a secret.

Nothing is sent here: a venue that is only begun can keep these first.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from adapters.clients.port import Ask, Call, CannotSay
from adapters.recording import lines
from adapters.recording.lines import HttpSent, Place, SocketFrame
from adapters.transport.http import HttpCall
from adapters.venuekit.bench import Bench
from adapters.venuekit.scenarios.registry import Scenarios
from adapters.venuekit.tape import read
from domain.messages import CancelSent
from domain.requests import Scope, ScopeKind
from domain.values import Account
from domain.wire import Unreadable

SCENARIOS = Scenarios()
NOON = datetime(2026, 2, 7, 12, tzinfo=UTC)
NAMING = (ScopeKind.ORDERS, ScopeKind.REFERENCES)
FIRST = 7_001
HOSTILE = (
    "../cancel-all",
    "*",
    "%2e%2e%2forders",
    "1?limit=1000",
    '"},"all":true,"x":{"',
    "7,8,9",
    "x" * 5_000,
    "\x00",
    "’",
)


def line_of(call: Call, bench: Bench) -> bytes:
    """The line that a call is recorded as."""
    place = Place("kit", 1, NOON, Account(bench.venue.name, bench.venue.account(1)))
    if isinstance(call, HttpCall):
        opens = bench.venue.codec().credentials(bench.venue.key(place.owner.account), "kit")
        headers = (*call.headers.items(), *opens.items())
        return lines.sent(
            place, HttpSent("x1", call.method, call.path, call.query, headers, call.body)
        )
    return lines.sent(place, SocketFrame(call.channel, call.frame, "x1"))


def scopes(calls: Sequence[Call], bench: Bench) -> list[Scope]:
    """What the dialect reads in these calls: each declared scope."""
    found: list[Scope] = []
    for call in calls:
        try:
            messages = bench.venue.dialect.translate(read(line_of(call, bench)).line, None)
        except Unreadable as error:
            raise AssertionError(f"the dialect cannot read {call}: {error}") from error
        sent = [message for message in messages if isinstance(message, CancelSent)]
        assert sent, f"the dialect reads no cancel in {call}"
        found.extend(scope for message in sent for scope in message.scope)
    return found


def values_of(bench: Bench, kind: ScopeKind, count: int = 3) -> tuple[str, ...]:
    """Names of a kind as the venue writes them."""
    if kind is ScopeKind.ALL:
        return ()
    if kind in {ScopeKind.ORDERS, ScopeKind.MARKET}:  # markets are written like ids somewhere
        return tuple(bench.venue.order_id(FIRST + number) for number in range(count))
    return tuple(f"00000000-0000-4000-8000-{number:012d}" for number in range(count))


@SCENARIOS.called("orders can be cancelled and looked up by the venue's ids")
def by_ids(bench: Bench) -> None:
    """Everything else is spelled out as ids where a venue has no words for it."""
    can = bench.venue.codec().capabilities
    assert ScopeKind.ORDERS in can.scopes, "`capabilities.scopes` lacks orders"
    assert ScopeKind.ORDERS in can.looks_up, "`capabilities.looks_up` lacks orders"
    assert can.batch_max >= 1, "`capabilities.batch_max` is less than one"


@SCENARIOS.called("the venue's limits are told")
def limits(bench: Bench) -> None:
    """A rate without a count would let everything, or nothing, leave."""
    can = bench.venue.codec().capabilities
    for rate in (*can.cancel_rates, *can.read_rates, *can.wide_rates):
        assert rate.count > 0, f"{rate}: nothing may ever leave"
        assert rate.seconds > 0, f"{rate}: no span"


@SCENARIOS.called("a cancel by ids says these ids", ScopeKind.ORDERS)
@SCENARIOS.called("a cancel by references says these references", ScopeKind.REFERENCES)
@SCENARIOS.called("a cancel by a user reference says that one", ScopeKind.USER_REF)
@SCENARIOS.called("a cancel by market says that market", ScopeKind.MARKET)
@SCENARIOS.called("a cancel of everything says so", ScopeKind.ALL)
def says_what_is_asked(bench: Bench, kind: ScopeKind) -> None:
    """Either the venue has words for a scope, and they say exactly that, or it is refused here."""
    codec = bench.venue.codec()
    asked = Ask(kind, values_of(bench, kind))
    if kind not in codec.capabilities.scopes:
        try:
            calls = codec.cancels(asked)
        except CannotSay:
            return
        raise AssertionError(f"`capabilities` lacks {kind.value}, and yet it is said: {calls}")
    said = scopes(codec.cancels(asked), bench)
    assert {scope.kind for scope in said} == {kind}, f"{kind.value} was asked, {said} is said"
    told = [value for scope in said for value in scope.values]
    assert sorted(told) == sorted(asked.values), "the names are others than those asked for"


@SCENARIOS.called("an empty list of ids is nothing, not everything", ScopeKind.ORDERS)
@SCENARIOS.called("an empty list of references is nothing, not everything", ScopeKind.REFERENCES)
@SCENARIOS.called("no user reference is nothing, not everything", ScopeKind.USER_REF)
@SCENARIOS.called("no market is nothing, not everything", ScopeKind.MARKET)
def empty_is_nothing(bench: Bench, kind: ScopeKind) -> None:
    """A filter that is empty, or blank, must never reach the venue: there it may mean all."""
    codec = bench.venue.codec()
    for values in ((), ("",), (" ",)):
        asked = Ask(ScopeKind.ALL)
        object.__setattr__(asked, "kind", kind)  # what `Ask` itself would refuse
        object.__setattr__(asked, "values", values)
        try:
            calls = codec.cancels(asked)
        except CannotSay:
            continue
        said = scopes(calls, bench)
        assert all(scope.kind is kind for scope in said), f"{values!r} became {said}"
        assert all(scope.values == values for scope in said), f"{values!r} became {said}"
        assert values or not calls, f"a call leaves without any {kind.value}: {calls}"


@SCENARIOS.called("a long list is split where the venue's limit is")
def split(bench: Bench) -> None:
    """No call names more than `batch_max`, and every id is named exactly once."""
    codec = bench.venue.codec()
    most = codec.capabilities.batch_max
    ids = values_of(bench, ScopeKind.ORDERS, 2 * most + 1)
    said = scopes(codec.cancels(Ask(ScopeKind.ORDERS, ids)), bench)
    assert max(len(scope.values) for scope in said) <= most, "a batch is over the venue's limit"
    assert [value for scope in said for value in scope.values] == list(ids)


@SCENARIOS.called("an id that is asked for twice is said once")
def once(bench: Bench) -> None:
    """Venues refuse, or count, a repeated id."""
    (one, two) = values_of(bench, ScopeKind.ORDERS, 2)
    calls = bench.venue.codec().cancels(Ask(ScopeKind.ORDERS, (one, two, one)))
    said = [value for scope in scopes(calls, bench) for value in scope.values]
    assert sorted(said) == sorted((one, two)), f"said: {said}"


@SCENARIOS.called("an id cannot lead elsewhere")
def hostile(bench: Bench) -> None:
    """An id is refused, or said as it is: it never becomes another path, filter or scope."""
    codec = bench.venue.codec()
    (plain,) = values_of(bench, ScopeKind.ORDERS, 1)
    usual = {_place(call) for call in codec.cancels(Ask(ScopeKind.ORDERS, (plain,)))}
    for text in HOSTILE:
        try:
            calls = codec.cancels(Ask(ScopeKind.ORDERS, (text,)))
        except CannotSay:
            continue
        assert {_place(call) for call in calls} <= usual, f"{text[:40]!r} leads elsewhere: {calls}"
        said = scopes(calls, bench)
        assert [value for scope in said for value in scope.values] == [text], f"{text[:40]!r}"


@SCENARIOS.called("an id cannot lead a look-up elsewhere")
def hostile_look_up(bench: Bench) -> None:
    """What is read by id stays under the path and the parameter that it was meant for."""
    codec = bench.venue.codec()
    (plain,) = values_of(bench, ScopeKind.ORDERS, 1)
    depth = {call.path.count("/") for call in codec.look_ups(Ask(ScopeKind.ORDERS, (plain,)))}
    for text in HOSTILE:
        try:
            calls = codec.look_ups(Ask(ScopeKind.ORDERS, (text,)))
        except CannotSay:
            continue
        for call in calls:
            assert call.path.count("/") in depth, f"{text[:40]!r} leads to {call.path[:80]}"
            assert ".." not in call.path, f"{text[:40]!r} leads to {call.path[:80]}"


@SCENARIOS.called("the same is said in the same words")
def pure(bench: Bench) -> None:
    """A codec keeps nothing between two calls, but for references that must be new."""
    codec = bench.venue.codec()
    asked = Ask(ScopeKind.ORDERS, values_of(bench, ScopeKind.ORDERS))
    assert scopes(codec.cancels(asked), bench) == scopes(codec.cancels(asked), bench)


@SCENARIOS.called("no two frames have one reference")
def references(bench: Bench) -> None:
    """On a socket an answer is known by what it quotes alone."""
    codec = bench.venue.codec()
    asked = Ask(ScopeKind.ORDERS, values_of(bench, ScopeKind.ORDERS))
    calls = [*codec.cancels(asked), *codec.cancels(asked)]
    quoted = [call.reference for call in calls if not isinstance(call, HttpCall)]
    assert len(set(quoted)) == len(quoted), f"quoted: {quoted}"


@SCENARIOS.called("no call holds the key")
def no_key(bench: Bench) -> None:
    """What opens the account is added when a call leaves; it is no part of what is recorded."""
    codec, key = bench.venue.codec(), bench.venue.key(bench.venue.account(1))
    asked = Ask(ScopeKind.ORDERS, values_of(bench, ScopeKind.ORDERS))
    calls = [*codec.cancels(asked), *codec.look_ups(asked), *codec.open_orders()]
    assert key not in repr(calls)


@SCENARIOS.called("what opens the account is taken out of a recording")
def redacted(bench: Bench) -> None:
    """Headers of `credentials` must be among those that are never stored."""
    codec, key = bench.venue.codec(), bench.venue.key(bench.venue.account(1))
    opens = codec.credentials(key, bench.venue.account(1))
    assert any(key in value for value in opens.values()), "the key opens nothing"
    for call in codec.look_ups(Ask(ScopeKind.ORDERS, values_of(bench, ScopeKind.ORDERS))):
        kept = read(line_of(call, bench)).raw
        assert key.encode() not in kept, f"the key is stored: {kept[:400]!r}"


@SCENARIOS.called("a look-up names what is asked, each once")
def looks_up(bench: Bench) -> None:
    """Nothing is read of orders that nobody asked about."""
    codec = bench.venue.codec()
    ids = values_of(bench, ScopeKind.ORDERS)
    said = repr(codec.look_ups(Ask(ScopeKind.ORDERS, (*ids, ids[0]))))
    assert all(name in said for name in ids), f"one is not asked about: {said}"
    other = bench.venue.order_id(FIRST - 1)
    assert other not in said, f"{other} was not asked for: {said}"
    assert len(codec.look_ups(Ask(ScopeKind.ORDERS, ids * 2))) == len(
        codec.look_ups(Ask(ScopeKind.ORDERS, ids))
    ), "an id is asked about twice"


@SCENARIOS.called("reading changes nothing")
def reads_read(bench: Bench) -> None:
    """What is asked after a lost answer must not be able to act."""
    codec = bench.venue.codec()
    asked = Ask(ScopeKind.ORDERS, values_of(bench, ScopeKind.ORDERS))
    for call in (*codec.look_ups(asked), *codec.open_orders()):
        assert call.method == "GET", f"a read by {call.method}: {call.path}"


@SCENARIOS.called("what cannot be looked up is refused")
def no_look_up(bench: Bench) -> None:
    """Kinds that `looks_up` lacks raise `CannotSay`: they never become another question."""
    codec = bench.venue.codec()
    for kind in set(ScopeKind) - codec.capabilities.looks_up:
        try:
            calls = codec.look_ups(Ask(kind, values_of(bench, kind)))
        except CannotSay:
            continue
        raise AssertionError(f"{kind.value} is not in `looks_up`, and yet: {calls}")


def _place(call: Call) -> tuple[str, ...]:
    if isinstance(call, HttpCall):
        return call.method, call.path, *(name for name, _ in call.query)
    return (call.channel,)
