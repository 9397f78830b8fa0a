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
from domain import evolve_placing as placing
from domain import evolve_settlements as settlements
from domain import evolve_terms as terms
from domain.evolve_placing import at_the_venue as venue
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
    e.PlaceOutcomeUnknown: placing.place_unknown,
    e.PlaceNotSent: placing.place_not_sent,
    e.OrderPending: venue(terms.pending),
    e.OrderAccepted: venue(terms.accepted),
    e.OrderRejected: venue(terms.rejected),
    e.DuplicateRefused: _remembered,
    e.OrderDiscovered: venue(terms.discovered),
    e.OrderIdentified: terms.identified,
    e.ClientRefReused: _remembered,
    e.ReplacementSeen: _remembered,
    e.OrderMerged: terms.merged_away,
    e.OrderReported: terms.reported,
    e.OrderRestated: venue(terms.restated),
    e.Filled: venue(fills.filled),
    e.TotalTold: venue(fills.total_told),
    e.FillConfirmed: venue(fills.fill_confirmed),
    e.FillVoided: venue(fills.fill_voided),
    e.FillCorrected: venue(fills.fill_corrected),
    e.CancelRequested: cancels.cancel_requested,
    e.CancelPending: venue(cancels.cancel_pending),
    e.Cancelled: venue(cancels.cancelled),
    e.CancelRejected: cancels.cancel_rejected,
    e.CancelOutcomeUnknown: cancels.cancel_unknown,
    e.CancelNotSent: cancels.cancel_not_sent,
    e.AmendRequested: amends.amend_requested,
    e.AmendPending: venue(amends.amend_pending),
    e.Amended: venue(amends.amended),
    e.AmendRejected: amends.amend_rejected,
    e.AmendOutcomeUnknown: amends.amend_unknown,
    e.AmendNotSent: amends.amend_not_sent,
    e.Lapsed: venue(endings.lapsed),
    e.Expired: venue(endings.expired),
    e.Voided: venue(endings.voided),
    e.DoneForDay: venue(endings.done_for_day),
    e.Stopped: venue(endings.stopped),
    e.Suspended: venue(endings.suspended),
    e.Resumed: venue(endings.resumed),
    e.Calculated: venue(endings.calculated),
    e.Settled: venue(settlements.settled),
    e.SettlementRevised: venue(settlements.settled),
    e.DuplicateReported: cancels.repeated,
    e.TermsDisputed: terms.disputed,
    e.UnknownValueSeen: _remembered,
}
"""Every fact of an order and what it does to the fold.

`venue`: only an order that is, or was, at the venue has such a fact. Reports and refusals prove
that by what they say, in their own functions.
"""
