"""One fact of every kind as the lifecycle page shows it, and the orders that it happens to."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from domain import events as e
from domain.evolve import fold
from domain.ids import derived
from domain.lifecycle import Closure, Status
from domain.order import Order, Try, changed
from domain.reasons import CancelRejectReason
from domain.values import Name, NameKind

CANCEL = derived("cancel", "the lifecycle page")
OTHER = derived("order", "the lifecycle page")
AMEND = "Y"
D = Decimal

PLACED = e.OrderPlaced(terms=e.Terms(size=D(100), time_in_force="DAY"))
SENT = (PLACED,)
LIVE = (PLACED, e.OrderAccepted(), e.Filled(fill_id="f1", size=D(40)))
CLOSED = (*LIVE, e.Cancelled())

LIVE_CLAIMS = e.Claims(status=Status.NEW)
WON = e.Settlement(result=e.Result.WON)
VOID = e.Settlement(result=e.Result.VOID)

SAMPLES: Mapping[str, e.OrderEvent] = {
    "OrderPlaced": PLACED,
    "PlaceOutcomeUnknown": e.PlaceOutcomeUnknown(why="timeout"),
    "PlaceNotSent": e.PlaceNotSent(),
    "OrderPending": e.OrderPending(),
    "OrderAccepted": e.OrderAccepted(),
    "OrderRejected": e.OrderRejected(),
    "DuplicateRefused": e.DuplicateRefused(),
    "OrderDiscovered": e.OrderDiscovered(source=e.Source.LIST),
    "OrderIdentified": e.OrderIdentified(names=()),
    "OrderMerged": e.OrderMerged(into=OTHER),
    "OrderReported": e.OrderReported(claims=LIVE_CLAIMS),
    "TermsDisputed": e.TermsDisputed(terms=e.Terms(size=D(90))),
    "OrderRestated to 90": e.OrderRestated(size=D(90)),
    "OrderRestated to 200, a split": e.OrderRestated(size=D(200), split=True),
    "Filled 25": e.Filled(fill_id="f2", size=D(25)),
    "Filled 25, inferred": e.Filled(fill_id="total:65", size=D(25), inferred=True),
    "Filled 80": e.Filled(fill_id="f2", size=D(80)),
    "FillConfirmed": e.FillConfirmed(fill_id="f1"),
    "FillVoided, returns": e.FillVoided(fill_id="f1"),
    "FillVoided for good": e.FillVoided(fill_id="f1", returns=False),
    "FillCorrected to 30": e.FillCorrected(fill_id="f1", correction_id="c1", size=D(30)),
    "TotalTold 30": e.TotalTold(total=D(30)),
    "CancelRequested": e.CancelRequested(cancel_id=CANCEL),
    "CancelPending": e.CancelPending(cancel_id=CANCEL),
    "Cancelled": e.Cancelled(cancel_id=CANCEL),
    "Cancelled 10, a part": e.Cancelled(cancel_id=CANCEL, size=D(10), whole=False),
    "CancelRejected": e.CancelRejected(cancel_id=CANCEL, reason=CancelRejectReason.NOT_CANCELLABLE),
    "CancelRejected TOO_LATE": e.CancelRejected(
        cancel_id=CANCEL, reason=CancelRejectReason.TOO_LATE
    ),
    "CancelOutcomeUnknown": e.CancelOutcomeUnknown(cancel_id=CANCEL, why="timeout"),
    "CancelNotSent": e.CancelNotSent(cancel_id=CANCEL),
    "AmendRequested to 120": e.AmendRequested(amend_ref=AMEND, size=D(120)),
    "AmendPending": e.AmendPending(amend_ref=AMEND),
    "Amended to 120": e.Amended(amend_ref=AMEND, size=D(120)),
    "Amended to 40": e.Amended(amend_ref=AMEND, size=D(40)),
    "AmendRejected": e.AmendRejected(amend_ref=AMEND, reason=CancelRejectReason.TOO_LATE),
    "AmendOutcomeUnknown": e.AmendOutcomeUnknown(amend_ref=AMEND, why="timeout"),
    "AmendNotSent": e.AmendNotSent(amend_ref=AMEND),
    "Lapsed": e.Lapsed(),
    "Lapsed 10, a part": e.Lapsed(size=D(10)),
    "Expired": e.Expired(),
    "Voided": e.Voided(),
    "Voided 10, a part": e.Voided(size=D(10)),
    "DoneForDay": e.DoneForDay(),
    "Calculated": e.Calculated(),
    "Stopped": e.Stopped(size=D(10)),
    "Suspended": e.Suspended(),
    "Resumed": e.Resumed(),
    "Settled, won": e.Settled(fill_id="f1", settlement=WON),
    "Settled, void": e.Settled(fill_id="f1", settlement=VOID),
    "SettlementRevised to void": e.SettlementRevised(fill_id="f1", settlement=VOID),
    "ReplacementSeen": e.ReplacementSeen(amend_ref=AMEND, order=OTHER),
    "DuplicateReported": e.DuplicateReported(what="message", ref="r1"),
    "ClientRefReused": e.ClientRefReused(name=Name(NameKind.CLIENT, "X"), other=OTHER),
    "UnknownValueSeen": e.UnknownValueSeen(field="status", value="?"),
}
"""Every kind of fact as it happens to an order of 100 with 40 matched."""

WAYS: Mapping[Status, tuple[e.OrderEvent, ...]] = {
    Status.PENDING_NEW: (PLACED,),
    Status.NEW: (PLACED, e.OrderAccepted()),
    Status.PARTIALLY_FILLED: LIVE,
    Status.FILLED: (*LIVE, e.Filled(fill_id="f2", size=D(60))),
    Status.PENDING_CANCEL: (*LIVE, SAMPLES["CancelRequested"], SAMPLES["CancelPending"]),
    Status.PENDING_REPLACE: (*LIVE, SAMPLES["AmendRequested to 120"], SAMPLES["AmendPending"]),
    Status.STOPPED: (*LIVE, e.Stopped(size=D(10))),
    Status.SUSPENDED: (*LIVE, e.Suspended()),
    Status.CANCELLED: CLOSED,
    Status.EXPIRED: (*LIVE, e.Expired()),
    Status.REJECTED: (PLACED, e.OrderRejected()),
    Status.DONE_FOR_DAY: (*LIVE, e.DoneForDay()),
}
"""A life that leads to each status that an order of ours can show."""

STEPS: Mapping[str, e.OrderEvent] = {
    "never left": e.PlaceNotSent(),
    "accepted": e.OrderAccepted(),
    "refused": e.OrderRejected(),
    "matched in part": e.Filled(fill_id="f3", size=D(5)),
    "matched": e.Filled(fill_id="f3", size=D(100)),
    "match taken back": e.FillVoided(fill_id="f1"),
    "cancel pending": SAMPLES["CancelPending"],
    "cancelled": SAMPLES["Cancelled"],
    "cancel refused": SAMPLES["CancelRejected"],
    "change pending": SAMPLES["AmendPending"],
    "changed": SAMPLES["Amended to 120"],
    "change refused": SAMPLES["AmendRejected"],
    "expired": e.Expired(),
    "lapsed": e.Lapsed(),
    "day over": e.DoneForDay(),
    "renewed": e.OrderRestated(),
    "guaranteed": e.Stopped(size=D(10)),
    "suspended": e.Suspended(),
    "resumed": e.Resumed(),
}
"""What can happen next, in the words of the diagram."""

ON_CANCEL: Mapping[str, e.OrderEvent] = {
    "pending": SAMPLES["CancelPending"],
    "cancelled": SAMPLES["Cancelled"],
    "refused": SAMPLES["CancelRejected"],
    "answer lost": SAMPLES["CancelOutcomeUnknown"],
    "not mentioned": e.CancelOutcomeUnknown(cancel_id=CANCEL, why="not_mentioned"),
    "never left": SAMPLES["CancelNotSent"],
    "order seen live": SAMPLES["OrderReported"],
}
ON_AMEND: Mapping[str, e.OrderEvent] = {
    "pending": SAMPLES["AmendPending"],
    "changed": SAMPLES["Amended to 120"],
    "refused": SAMPLES["AmendRejected"],
    "answer lost": SAMPLES["AmendOutcomeUnknown"],
    "never left": SAMPLES["AmendNotSent"],
}


def attempts(order: Order) -> Try | None:
    """How far our cancel has come."""
    attempt = order.cancels.get(CANCEL)
    return None if attempt is None else attempt.state


def changes(order: Order) -> Try | None:
    """How far our change has come."""
    return order.amends.get(AMEND)


def closed_by(closure: Closure) -> Order:
    """An order of 100 with 40 matched that ended so."""
    return changed(fold(LIVE), closure=closure)
