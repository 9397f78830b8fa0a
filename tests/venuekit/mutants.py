"""Venues with one fault each, as somebody might write them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from itertools import count
from typing import Any, cast

from adapters.clients.abp import AbpCodec
from adapters.clients.port import Ask, Capabilities
from adapters.clients.predictstreet import PredictStreetCodec
from adapters.transport.http import HttpCall
from adapters.venuekit.venue import VenueUnderTest, loaded
from domain.events import Filled
from domain.messages import (
    CancelReply,
    CancelResult,
    MatchedTotal,
    Message,
    OrderMessage,
    Said,
)
from domain.reasons import CancelRejectReason
from domain.requests import ScopeKind
from domain.wire import Dialect, Line

ABP = loaded("abp")
STREET = loaded("predictstreet")
Change = Callable[[Message], Message]
_fills = count(1)


class Misread:
    """A dialect whose every message is changed."""

    def __init__(self, inner: Dialect, change: Change) -> None:
        self._inner = inner
        self._change = change

    def translate(self, line: Line, request: Line | None) -> Sequence[Message]:
        """What the other dialect tells, changed."""
        return [self._change(message) for message in self._inner.translate(line, request)]


def misread(venue: VenueUnderTest, change: Change) -> VenueUnderTest:
    """The venue, read wrongly."""
    return replace(venue, dialect=Misread(venue.dialect, change))


def reply(change: Callable[[CancelReply], CancelReply]) -> Change:
    """A change of answers to cancels alone."""
    return lambda message: change(message) if isinstance(message, CancelReply) else message


def failed(told: CancelReply) -> CancelReply:
    """A timeout is a failure."""
    if told.lost != "timeout":
        return told
    return replace(told, lost=None, reason=CancelRejectReason.VENUE_ERROR, raw_reason="timeout")


def refused(told: CancelReply) -> CancelReply:
    """Whatever the venue could not do, it refused."""
    if told.lost != "venue_error":
        return told
    return replace(told, lost=None, reason=CancelRejectReason.VENUE_ERROR, raw_reason="5xx")


def done(told: CancelReply) -> CancelReply:
    """What cannot be read was done."""
    return CancelReply() if told.lost == "unreadable" else told


def doubted(told: CancelReply) -> CancelReply:
    """What was not sent may have arrived."""
    return replace(told, not_sent=False, lost="disconnected") if told.not_sent else told


def guessed(told: CancelReply) -> CancelReply:
    """An unknown reason is taken for the nearest known one."""

    def known(each: CancelResult) -> CancelResult:
        if each.mapped:
            return each
        return replace(each, reason=CancelRejectReason.ALREADY_TERMINAL, mapped=True)

    return replace(told, results=tuple(map(known, told.results)))


def forgotten(told: CancelReply) -> CancelReply:
    """Only what was asked for is read in an answer."""
    return replace(told, results=told.results[:1], complete=False)


def counted(message: Message) -> Message:
    """Each running total is a new match."""
    if not isinstance(message, OrderMessage):
        return message

    def new(fact: Said) -> Said:
        if isinstance(fact, MatchedTotal) and fact.total:
            return Filled(fill_id=f"f{next(_fills)}", size=fact.total)
        return fact

    return replace(message, said=tuple(map(new, message.said)))


def floated(message: Any) -> Any:  # noqa: ANN401 - anything in a message
    """Amounts pass through a binary float."""
    if isinstance(message, Decimal):
        return Decimal(float(message))
    if isinstance(message, tuple):
        return tuple(floated(item) for item in cast("Iterable[Any]", message))
    if is_dataclass(message) and not isinstance(message, type):
        told = {each.name: floated(getattr(message, each.name)) for each in fields(message)}
        return type(message)(**told)
    return message


class Brittle:
    """A dialect that trusts what it reads."""

    def translate(self, line: Line, request: Line | None) -> Sequence[Message]:
        """Whatever ABP's says, unless a field is missing."""
        if line.direction == "received" and request is not None:
            http: Mapping[str, Any] = line.http or {}
            if http.get("status") == 200 and (request.http or {})["path"].endswith("cancel-orders"):
                del http["body"]["cancelled"][0]["orderId"]
        return ABP.dialect.translate(line, request)


class Wide(PredictStreetCodec):
    """A market is cancelled by cancelling everything."""

    def cancels(self, ask: Ask) -> Sequence[HttpCall]:
        """Too much."""
        return super().cancels(Ask(ScopeKind.ALL) if ask.kind is ScopeKind.MARKET else ask)


class Filterless(AbpCodec):
    """An empty list is sent as no filter."""

    def cancels(self, ask: Ask) -> Sequence[HttpCall]:
        """Everything, where nothing was asked."""
        if not ask.values:
            return [HttpCall("POST", "/cancel-all-orders")]
        return super().cancels(ask)


class Repeating(AbpCodec):
    """Ids are sent as they were asked for, however often, and all at once."""

    def cancels(self, ask: Ask) -> Sequence[HttpCall]:
        """One call."""
        if ask.kind is not ScopeKind.ORDERS:
            return super().cancels(ask)
        body = '{"orderIds":[' + ",".join(ask.values) + "]}"
        return [HttpCall("POST", "/cancel-orders", body=body.encode())]


class Following(PredictStreetCodec):
    """Ids are put into paths as they are."""

    def look_ups(self, ask: Ask) -> Sequence[HttpCall]:
        """Wherever it leads."""
        return [HttpCall("GET", f"/api/orders/{value}") for value in ask.values]


class Telling(AbpCodec):
    """The key stands in the query."""

    def look_ups(self, ask: Ask) -> Sequence[HttpCall]:
        """Recorded with it."""
        key = ABP.key(ABP.account(1))
        return [replace(call, query=(*call.query, ("k", key))) for call in super().look_ups(ask)]


class Acting(AbpCodec):
    """Orders are read by what can change them."""

    def look_ups(self, ask: Ask) -> Sequence[HttpCall]:
        """By POST."""
        return [replace(call, method="POST") for call in super().look_ups(ask)]


def otherwise(number: int) -> str:
    """Not how the server's messages call the order."""
    return f"7{number}"


class Boasting(AbpCodec):
    """It claims to cancel by market, and cancels nothing that was asked."""

    capabilities: Capabilities = replace(AbpCodec.capabilities, scopes=frozenset(ScopeKind))

    def cancels(self, ask: Ask) -> Sequence[HttpCall]:
        """By user reference, which is not what a market is."""
        wanted = Ask(ScopeKind.USER_REF, ask.values) if ask.kind is ScopeKind.MARKET else ask
        return super().cancels(wanted)


class Twice(AbpCodec):
    """Every cancel is sent twice, to be sure."""

    def cancels(self, ask: Ask) -> Sequence[HttpCall]:
        """Two calls."""
        return [call for call in super().cancels(ask) for _ in range(2)]
