"""The fold: apply one fact to an order; decide nothing, guess nothing.

One function per fact, by theme in `evolve_*`, and a table of them all: a new event does not pass
`tests/domain/test_evolve.py` until it has a row here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from domain import events as e
from domain import evolve_amends as amends
from domain import evolve_cancels as cancels
from domain import evolve_endings as endings
from domain import evolve_fills as fills
from domain import evolve_terms as terms
from domain.folding import remembered
from domain.order import NOTHING_KNOWN, Order, changed


def evolve(order: Order, event: e.OrderEvent) -> Order:
    """Apply one fact: same facts, same order."""
    return APPLY[type(event)](order, event)


def fold(facts: Iterable[e.OrderEvent]) -> Order:
    """The order that these facts make."""
    order = NOTHING_KNOWN
    for event in facts:
        order = APPLY[type(event)](order, event)
    return order


def _remembered(order: Order, event: e.OrderEvent) -> Order:
    return changed(order, **remembered(order, event))


APPLY: Mapping[type, Callable[[Order, Any], Order]] = {
    e.OrderPlaced: terms.placed,
    e.OrderPending: terms.pending,
    e.OrderAccepted: terms.accepted,
    e.OrderRejected: terms.rejected,
    e.OrderDiscovered: terms.discovered,
    e.OrderIdentified: terms.identified,
    e.ClientRefReused: _remembered,
    e.OrderMerged: terms.merged_away,
    e.OrderReported: terms.reported,
    e.OrderRestated: terms.restated,
    e.Filled: fills.filled,
    e.FillConfirmed: fills.fill_confirmed,
    e.FillVoided: fills.fill_voided,
    e.FillCorrected: fills.fill_corrected,
    e.CancelRequested: cancels.cancel_requested,
    e.CancelPending: cancels.cancel_pending,
    e.Cancelled: cancels.cancelled,
    e.CancelRejected: cancels.cancel_rejected,
    e.CancelOutcomeUnknown: cancels.cancel_unknown,
    e.CancelNotSent: cancels.cancel_not_sent,
    e.AmendRequested: amends.amend_requested,
    e.AmendPending: amends.amend_pending,
    e.Amended: amends.amended,
    e.AmendRejected: amends.amend_rejected,
    e.Lapsed: endings.lapsed,
    e.Expired: endings.expired,
    e.Voided: endings.voided,
    e.DoneForDay: endings.done_for_day,
    e.Stopped: endings.stopped,
    e.Suspended: endings.suspended,
    e.Resumed: endings.resumed,
    e.Calculated: endings.calculated,
    e.DuplicateReported: cancels.repeated,
    e.UnknownValueSeen: _remembered,
}
"""Every fact of an order and what it does to the fold."""
