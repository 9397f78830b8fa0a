"""What a venue adapter makes of a wire message: the facts it tells, in the domain's words.

A translation is pure: it knows the message (and the request that an answer belongs to) and
nothing of our state. Names are resolved and facts are held against the log by the engine.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from domain.events import Claims, OrderEvent, Source, Terms
from domain.making import quickly_made
from domain.notices import NoticeEvent
from domain.reasons import CancelRejectReason
from domain.requests import Scope
from domain.values import Name, Price


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class MatchedTotal:
    """A running total of what matched: what the recorded matches do not cover is inferred.

    `at_least`: the venue leaves out matches of some sort, so one lower than ours says nothing.
    """

    total: Decimal
    at_least: bool = False
    price: Price | None = None
    claims: Claims | None = None


Said = OrderEvent | MatchedTotal


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class OrderMessage:
    """A message about one order.

    `names` are the order's own names, strongest first: they find it, and it learns them.
    `found_by` are names that only lead to it. `chain` are names that it learns if they are free
    (the client ids of cancels and replaces). `places` are names that it learns if they are free,
    and that lead only between an order which no message of the venue has named yet and the message
    that does (its place in our request, our reference beside it). `known_only`: when nobody knows
    the order, the message does not make it known (a refusal of a cancel tells of no order).
    `cancel_ref` is the request that the message quotes; `answers`: it settles that request.
    `quotes`: this venue's reports quote the request they answer, so one that quotes none is
    unsolicited; other venues' reports are held against the newest cancel that waits.
    `said_in` are facts whose sizes are in `said_in_currency`: they hold only for an order that is
    known to be in it, and come before `said`. Sizes in another currency cannot be summed; the
    venue's running total tells of them.
    `account` is the one that the message names. `met` names, for matches
    by their ids, the order on the other side, or what the two sides of the match share.
    """

    names: tuple[Name, ...]
    said: tuple[Said, ...] = ()
    said_in: tuple[Said, ...] = ()
    said_in_currency: str | None = None
    found_by: tuple[Name, ...] = ()
    chain: tuple[Name, ...] = ()
    places: tuple[Name, ...] = ()
    known_only: bool = False
    terms: Terms = Terms()
    source: Source = Source.REPORT
    occurred_at: datetime | None = None
    cancel_ref: str | None = None
    answers: bool = False
    quotes: bool = False
    account: str | None = None
    met: tuple[tuple[str, Name], ...] = ()


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One order that a cancel asked for: the text as asked, and the name that it is."""

    text: str
    name: Name
    size: Decimal | None = None


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class CancelSent:
    """We sent a cancel.

    `asked` are the orders it names, without repeats; a scope by market, user reference or
    everything names none, and the engine finds the live orders in it (`market` and `user_ref`
    narrow it; several scopes are joined by OR). `chain` is a name that the touched order learns
    if it is free.
    """

    scope: tuple[Scope, ...]
    asked: tuple[Asked, ...] = ()
    chain: Name | None = None
    request_ref: str | None = None
    requested_by: str | None = None
    why: str | None = None


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class CancelResult:
    """What an answer says of one order: cancelled, or refused with `reason`.

    `names` name the order; `size` is what the answer says the cancel took off; `matched` the
    matched total that it told; `also` further facts that the same row tells (matches, terms).
    """

    names: tuple[Name, ...]
    cancelled: bool
    text: str | None = None
    size: Decimal | None = None
    matched: Decimal | None = None
    reason: CancelRejectReason | None = None
    raw_reason: str | None = None
    mapped: bool = True
    terms: Terms = Terms()
    claims: Claims | None = None
    also: tuple[Said, ...] = ()
    occurred_at: datetime | None = None


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class CancelReply:
    """The venue's answer to a cancel.

    `complete`: every id asked for must be in `results`; one that is not is "not mentioned".
    `reason` refuses the request as a whole. `lost` says that no answer can be read and why
    (timeout, disconnected, unreadable, venue_error); `not_sent` that it never left.
    """

    request_ref: str | None = None
    results: tuple[CancelResult, ...] = ()
    count: int | None = None
    complete: bool = True
    reason: CancelRejectReason | None = None
    raw_reason: str | None = None
    mapped: bool = True
    lost: str | None = None
    not_sent: bool = False
    detail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something about the recording or the feed, not about one order."""

    event: NoticeEvent
    key: tuple[str, ...] = field(default=())


Message = OrderMessage | CancelSent | CancelReply | Notice
"""One wire message tells any number of these, in order."""
