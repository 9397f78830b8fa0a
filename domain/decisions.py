"""Hold what a venue said against what the log holds: new facts go in, repeats change nothing.

A venue's word is never refused. A fact that is known already becomes a note that it was told
again; a running total becomes the match that it implies; everything else is recorded as said,
whether or not it fits (the flags tell what does not).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from domain import (
    disputes,
    news,
    news_cancels,
    news_fills,
    news_orders,
    news_refusals,
    news_settlements,
)
from domain import events as e
from domain.evolve import evolve
from domain.marks import Mark, own_marks, report_mark
from domain.messages import MatchedTotal, Said
from domain.news import Judge
from domain.order import Order, Try
from domain.standing import WAITING


def hear(
    order: Order, said: Iterable[Said], *, source: e.Source = e.Source.REPORT
) -> tuple[Order, list[e.OrderEvent]]:
    """The events that a message adds to an order, and the order after them.

    Heard twice, a message adds nothing but a note that it was repeated.
    """
    added: list[e.OrderEvent] = []
    known_before = order.seen
    for item in said:
        for event in _fresh(order, item, source, known_before):
            order = evolve(order, event)
            added.append(event)
    return order, added


def waiting_cancel(order: Order) -> UUID | None:
    """The cancel of ours that a report which quotes none must be about: the newest that waits."""
    waiting = [
        cancel_id
        for cancel_id, attempt in order.cancels.items()
        if attempt.state in WAITING or attempt.state is Try.UNMENTIONED
    ]
    return waiting[-1] if waiting else None


def _fresh(
    order: Order, item: Said, source: e.Source, known: frozenset[Mark]
) -> list[e.OrderEvent]:
    if isinstance(item, MatchedTotal):
        return news_fills.total(order, item)
    report = report_mark(item)
    if report is not None and report in known:  # facts of one report share its id
        return _again(item, source)
    if not order.seen.isdisjoint(own_marks(item)):
        return _again(item, source)
    return JUDGES[type(item)](order, item, source)


def _again(item: e.OrderEvent, source: e.Source) -> list[e.OrderEvent]:
    """A fact whose name is known."""
    if isinstance(item, e.Cancelled):
        return [news_cancels.again(item)]
    ref: str | None = getattr(item, "report_id", None)
    return news.noted(ref or _ref(item), source)


def _ref(item: e.OrderEvent) -> str:
    match item:
        case (
            e.AmendRequested()
            | e.AmendPending()
            | e.Amended()
            | e.AmendRejected()
            | e.AmendOutcomeUnknown()
            | e.AmendNotSent()
        ):
            return item.amend_ref
        case e.FillCorrected():
            return item.correction_id
        case _:
            cancel_id: UUID | None = getattr(item, "cancel_id", None)
            return type(item).__name__ if cancel_id is None else str(cancel_id)


JUDGES: Mapping[type, Judge] = {
    e.OrderPlaced: news_orders.placed,
    e.PlaceOutcomeUnknown: news.if_it_changes,
    e.PlaceNotSent: news.if_it_changes,
    e.OrderPending: news.if_it_changes,
    e.OrderAccepted: news_orders.accepted,
    e.OrderRejected: news_refusals.rejected,
    e.DuplicateRefused: news.if_it_changes,
    e.OrderDiscovered: news_orders.discovered,
    e.OrderIdentified: news_orders.identified,
    e.ClientRefReused: news.always,
    e.ReplacementSeen: news.always,
    e.OrderMerged: news_orders.merged,
    e.OrderReported: news.reported,
    e.OrderRestated: news.if_it_changes,
    e.Filled: news_fills.filled,
    e.TotalTold: news_fills.total_told,
    e.FillConfirmed: news_fills.confirmed,
    e.FillVoided: news_fills.voided,
    e.FillCorrected: news_fills.corrected,
    e.CancelRequested: news.always,
    e.CancelPending: news.always,
    e.Cancelled: news_cancels.cancelled,
    e.CancelRejected: news.always,
    e.CancelOutcomeUnknown: news.always,
    e.CancelNotSent: news.always,
    e.AmendRequested: news.always,
    e.AmendPending: news.always,
    e.Amended: news.always,
    e.AmendRejected: news.always,
    e.AmendOutcomeUnknown: news.always,
    e.AmendNotSent: news.always,
    e.Lapsed: news_orders.ended,
    e.Expired: news_orders.ended,
    e.Voided: news_orders.ended,
    e.DoneForDay: news_orders.done_for_day,
    e.Stopped: news.always,
    e.Suspended: news.if_it_changes,
    e.Resumed: news.if_it_changes,
    e.Calculated: news_orders.ended,
    e.Settled: news_settlements.settled,
    e.SettlementRevised: news_settlements.settled,
    e.DuplicateReported: news.always,
    e.TermsDisputed: disputes.news,
    e.UnknownValueSeen: news.always,
}
"""Every fact and how it is judged, once no name of it is known."""
