"""Builders for tests of cancels: requests, answers, reports, and what a rule found in short."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from domain.events import (
    Cancelled,
    CancelOutcomeUnknown,
    CancelRejected,
    CancelRequested,
    Claims,
    DuplicateReported,
    Filled,
    OrderReported,
)
from domain.flags.flag import Flag, Thresholds
from domain.flags.history import History, Link, order_history
from domain.ids import derived
from domain.lifecycle import Status
from domain.reasons import CancelRejectReason
from domain.requests import CancelAnswered, CancelOpened, Outcome, Scope, ScopeKind
from tests.building import NOON, REQUEST, STREAM, Told, recorded, seconds
from tests.flagging import sound

Q = REQUEST
Q2 = derived("cancel", "another")
LIMITS = Thresholds()

Found = tuple[tuple[str, ...], float, float | None, tuple[int, ...]]
"""A flag in short: key, seconds after noon when it opened and closed, witness positions."""


def found(flags: Iterable[Flag]) -> list[Found]:
    """What a rule found, in short; each finding is sound."""
    return [
        (
            flag.key,
            (flag.opened_at - NOON).total_seconds(),
            None if flag.closed_at is None else (flag.closed_at - NOON).total_seconds(),
            flag.witness,
        )
        for flag in sound(flags)
    ]


def in_one_message(*told: Told, together: tuple[int, ...]) -> History:
    """An order's history in which the events at these places were told by one message."""
    entries = recorded(told)
    first = entries[together[0]]
    for index in together:
        entries[index] = entries[index]._replace(seq=first.seq, observed_at=first.observed_at)
    return order_history(STREAM, entries)


def number(text: str | None) -> Decimal | None:
    """A decimal of the text, if there is one."""
    return None if text is None else Decimal(text)


def asked(size: str | None = None, cancel_id: UUID = Q) -> CancelRequested:
    """We asked to cancel the order, or `size` of it."""
    return CancelRequested(cancel_id=cancel_id, asked="A1", size=number(size))


def cancelled(size: str | None = None, cancel_id: UUID | None = Q, **others: object) -> Cancelled:
    """The venue took the order off the book and says that this was `size`."""
    return Cancelled(cancel_id=cancel_id, size=number(size), **others)  # type: ignore[arg-type]  # a test names any field


def reduced(size: str, cancel_id: UUID | None = Q) -> Cancelled:
    """The venue took only `size` off the book."""
    return Cancelled(cancel_id=cancel_id, size=Decimal(size), whole=False)


def refused(
    reason: CancelRejectReason = CancelRejectReason.TOO_LATE, cancel_id: UUID | None = Q
) -> CancelRejected:
    """The venue refused to cancel."""
    return CancelRejected(reason=reason, cancel_id=cancel_id, raw_reason="no")


def lost(
    why: str = "timeout", cancel_id: UUID = Q, detail: str | None = None
) -> CancelOutcomeUnknown:
    """The answer was lost, or did not mention the order."""
    return CancelOutcomeUnknown(cancel_id=cancel_id, why=why, detail=detail)


def again(cancel_id: UUID | None = Q, what: str = "cancel", **others: object) -> DuplicateReported:
    """The same was told again."""
    ref = str(cancel_id)
    return DuplicateReported(what=what, ref=ref, cancel_id=cancel_id, **others)  # type: ignore[arg-type]  # a test names any field


def implied(size: str) -> Filled:
    """A match that only a total or a cancel's answer tells of."""
    return Filled(fill_id=f"implied:{size}", size=Decimal(size), inferred=True)


def claims(status: Status | None = None, **sizes: str) -> Claims:
    """The venue's word on its state."""
    told = {name: Decimal(size) for name, size in sizes.items()}
    return Claims(status=status, **told)  # type: ignore[arg-type]  # a test names any size


def reported(status: Status | None = None, **sizes: str) -> OrderReported:
    """The venue told the order's state."""
    return OrderReported(claims=claims(status, **sizes))


def opened(*scope: Scope, **others: object) -> CancelOpened:
    """We sent a cancel, of order A1 unless told."""
    scopes = scope or (Scope(ScopeKind.ORDERS, ("A1",)),)
    return CancelOpened(venue="canonical", account="desk-7", scope=scopes, **others)  # type: ignore[arg-type]  # a test names any field


def answered(*outcomes: Outcome, count: int | None = None) -> CancelAnswered:
    """The venue answered the request."""
    return CancelAnswered(outcomes=outcomes, count=count)


def link(outcome: str | None, took_off: float | None = None, name: str = "A1") -> Link:
    """What an order's own history says of the request."""
    return Link(
        cancel_id=Q,
        order=derived("order", name),
        venue_order_id=name,
        asked=name,
        requested=True,
        outcome=outcome,
        reason=None,
        raw_reason=None,
        cancelled=None,
        matched_before=Decimal(0),
        matched_in_flight=Decimal(0),
        matched_after=Decimal(0),
        took_off_at=None if took_off is None else seconds(took_off),
        position=1,
    )
