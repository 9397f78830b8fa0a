"""Orders that are where they should not be, or not where they should."""

from __future__ import annotations

from collections.abc import Iterable

from domain import events as e
from domain.flags.claims_possible import status_told
from domain.flags.claims_spans import places
from domain.flags.flag import Flag, Thresholds, closing
from domain.flags.history import History
from domain.flags.rule import OrderRule
from domain.lifecycle import LIVE, Closure
from domain.recorded import Recorded
from domain.values import ZERO

SETTLES_PLACING: frozenset[type] = frozenset(
    {
        e.OrderAccepted,
        e.OrderRejected,
        e.OrderReported,
        e.OrderRestated,
        e.Filled,
        e.CancelPending,
        e.Cancelled,
        e.AmendPending,
        e.Amended,
        e.Lapsed,
        e.Expired,
        e.Voided,
        e.DoneForDay,
        e.Stopped,
        e.Suspended,
        e.Resumed,
        e.Calculated,
    }
)
"""The venue has the order, or has refused it. A refused cancel may only say that it knows none,
and an order that the venue still considers (OrderPending) is not confirmed."""


def external_order(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """A venue's list, report or cancel answer names an order that nobody here placed (EXI-02).

    Cleared when it turns out that we placed it (told late). A match of an unknown order is FIL-08.
    """
    found: Recorded | None = None
    for recorded in history.events:
        event = recorded.event
        if isinstance(event, e.OrderPlaced):
            if found is not None:
                yield _external(found, recorded)
            return
        if isinstance(event, e.OrderDiscovered) and event.source is not e.Source.FILL:
            found = found or recorded
    if found is not None:
        yield _external(found, None)


def _external(found: Recorded, placed: Recorded | None) -> Flag:
    event = found.event
    source = event.source.value if isinstance(event, e.OrderDiscovered) else None
    return Flag(
        code="EXI-02",
        key=(),
        opened_at=found.observed_at,
        closed_at=closing(found.observed_at, placed),
        witness=(found.position,),
        note=f"The venue's {source} names an order that nobody here is known to have placed.",
        theirs=source,
    )


def unacked_order(history: History, limits: Thresholds) -> Iterable[Flag]:
    """We placed an order and the venue does not say what became of it (anomalies: EXI-05).

    Cleared by anything the venue reports of the order: accepted, refused, matched, its state; and
    by the loss that says that it never left.
    """
    if history.order.closure is Closure.NOT_SENT:
        return
    placed: Recorded | None = None
    answer: Recorded | None = None
    for recorded in history.events:
        if type(recorded.event) in SETTLES_PLACING:
            answer = recorded
            break
        if isinstance(recorded.event, e.OrderPlaced):
            placed = recorded
    if placed is None:
        return
    opened_at = placed.observed_at + limits.placed
    if answer is not None and answer.observed_at <= opened_at:
        return
    yield Flag(
        code="EXI-05",
        key=(),
        opened_at=opened_at,
        closed_at=closing(opened_at, answer),
        witness=(placed.position,),
        note=f"We placed the order and heard nothing of it for "
        f"{limits.placed.total_seconds():g} s: it may be live.",
    )


def rejected_then_live(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """The venue refused the order, and then it was live or matched (anomalies: EXI-07).

    Which came first is told by the venue's times, or by the log where it told none. A human
    decides; nothing clears it.
    """
    live = _live_evidence(history)
    for refusal in history.of(e.OrderRejected):
        for evidence in live:
            if not _follows(evidence, refusal.recorded):
                continue
            opened_at = max(evidence.observed_at, refusal.recorded.observed_at)
            yield Flag(
                code="EXI-07",
                key=(),
                opened_at=opened_at,
                witness=places(refusal.recorded, evidence),
                note="The venue refused the order and then held it live: "
                f"{_evidently(evidence)} after the refusal.",
                ours="REJECTED",
                theirs=type(evidence.event).__name__,
            )
            return


def _live_evidence(history: History) -> list[Recorded]:
    """What shows that the order is live, or was so: in log order."""
    alive = {
        word.place
        for word in history.words
        if status_told(word) in LIVE and word.claims.remaining != ZERO
    }
    return [
        recorded
        for index, recorded in enumerate(history.events)
        if isinstance(recorded.event, e.OrderAccepted | e.Filled)
        or (index in alive and not isinstance(recorded.event, e.OrderRejected))
    ]


def _follows(evidence: Recorded, refusal: Recorded) -> bool:
    if evidence.occurred_at is None or refusal.occurred_at is None:
        return evidence.position > refusal.position
    if evidence.occurred_at == refusal.occurred_at:
        return evidence.position > refusal.position
    return evidence.occurred_at > refusal.occurred_at


def _evidently(evidence: Recorded) -> str:
    if isinstance(evidence.event, e.Filled):
        return "a match came"
    if isinstance(evidence.event, e.OrderAccepted):
        return "it was accepted"
    return "a report called it live"


def duplicate_client_ref(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """One client reference, two orders: two venue ids or two sets of terms (anomalies: EXI-08).

    Cleared by a human who confirms that they are one order.
    """
    flagged: set[tuple[str, ...]] = set()
    for recorded in history.events:
        found = _reused(recorded.event)
        if found is None or found[0] in flagged:
            continue
        key, note = found
        flagged.add(key)
        yield Flag(
            code="EXI-08",
            key=key,
            opened_at=recorded.observed_at,
            witness=(recorded.position,),
            note=note,
        )


def _reused(event: object) -> tuple[tuple[str, ...], str] | None:
    if isinstance(event, e.ClientRefReused):
        ref = event.name.value
        return (ref, str(event.other)), f"Our reference {ref} names another order already."
    if isinstance(event, e.DuplicateReported) and event.what == "order" and event.differs:
        ref = event.ref
        return ("order", ref), f"The order {ref} was placed again with other terms."
    return None


RULES = (
    OrderRule("EXI-02", needs=frozenset({e.OrderDiscovered}), find=external_order),
    OrderRule("EXI-05", needs=frozenset({e.OrderPlaced}), find=unacked_order),
    OrderRule("EXI-07", needs=frozenset({e.OrderRejected}), find=rejected_then_live),
    OrderRule(
        "EXI-08",
        needs=frozenset({e.ClientRefReused, e.DuplicateReported}),
        find=duplicate_client_ref,
    ),
)
