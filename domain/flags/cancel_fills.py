"""What had matched when a cancel took effect, and what only its answer implies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from domain.events import Cancelled, Filled, OrderReported
from domain.flags.cancel_evidence import in_force, proof, proven_later, quoted
from domain.flags.claims import same_message
from domain.flags.flag import Flag, Thresholds, closing
from domain.flags.history import At, History
from domain.flags.rule import OrderRule
from domain.order import Order
from domain.recorded import Recorded
from domain.values import ZERO, plain


@dataclass
class _Shares:
    """What had matched when a cancel took effect, by what is known of the time of each match."""

    before: Decimal = ZERO
    in_flight: Decimal = ZERO
    late: Decimal = ZERO
    unrecorded: Decimal = ZERO
    entries: list[Recorded] = field(default_factory=list[Recorded])

    @property
    def total(self) -> Decimal:
        return self.before + self.in_flight + self.late + self.unrecorded


def partial_fill_on_cancel(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """CXL-01: a cancel took effect on an order of which something had matched.

    The note tells how much had matched before the request and how much while it was on its way. It
    annotates and nothing clears it; sums that do not close are CXL-02. FIX B.1.b.
    """
    if Filled not in history.kinds:
        return
    told: set[UUID | None] = set()
    for cancel in history.of(Cancelled):
        name = cancel.event.cancel_id
        shares = _matched_at(history, cancel)
        if name in told or not shares.total:
            continue
        told.add(name)
        fills = sorted(shares.entries)
        shown = max(cancel.recorded, fills[0], key=lambda entry: entry.position)
        yield Flag(
            code="CXL-01",
            key=(quoted(name),),
            opened_at=shown.observed_at,
            witness=proof(
                history,
                cancel.event.cancel_id,
                cancel.position,
                *(entry.position for entry in fills),
            ),
            note=_shares_note(history, cancel, shares),
            ours=plain(shares.total),
        )


def _matched_at(history: History, cancel: At[Cancelled]) -> _Shares:
    shares = _Shares()
    request = history.requests.get(cancel.event.cancel_id) if cancel.event.cancel_id else None
    for fill in history.of(Filled):
        early = fill.index < cancel.index
        if fill.event.inferred or proven_later(fill.recorded, cancel.recorded):
            if fill.event.inferred and early:
                shares.entries.append(fill.recorded)
            continue
        untimed = not early and fill.recorded.occurred_at is None
        if untimed and not cancel.event.whole:
            continue  # the rest was still on the book, so this may well be a match of later
        size = in_force(fill, history.states[cancel.index] if early else history.order)
        if not size:
            continue
        shares.entries.append(fill.recorded)
        if untimed:
            shares.late += size
        elif request is None or fill.recorded.by < request.recorded.observed_at:
            shares.before += size
        else:
            shares.in_flight += size
        if not early:
            shares.unrecorded -= size  # a late record may be what a total had told of
    shares.unrecorded = max(ZERO, history.states[cancel.index].inferred + shares.unrecorded)
    return shares


def _shares_note(history: History, cancel: At[Cancelled], shares: _Shares) -> str:
    asked = cancel.event.cancel_id in history.requests
    parts = (
        (shares.before, "before the request" if asked else "before it"),
        (shares.in_flight, "while the request was on its way"),
        (shares.late, "told later without a time"),
        (shares.unrecorded, "known only from a total"),
    )
    told = ", ".join(f"{plain(size)} {words}" for size, words in parts if size)
    size = history.states[cancel.index].size
    whole = "" if size is None else f" of {plain(size)}"
    return f"{plain(shares.total)}{whole} had matched when the cancel took effect: {told}."


def fill_implied_by_cancel_ack(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """CXL-02: the answer to a cancel leaves an amount that must have matched and has no record.

    The answer took less than what remained, or told a higher matched total than ours. Cleared when
    match records cover the amount, or when a report with the complete list of matches tells no
    more than we hold. py-clob #316.
    """
    told: set[UUID | None] = set()
    for cancel in history.of(Cancelled):
        implied, beyond = _implied(history, cancel)
        if not implied and not beyond:
            continue
        name = cancel.event.cancel_id
        amount = sum((fill.event.size for fill in implied), beyond)
        if name in told:
            continue
        told.add(name)
        order = history.before(cancel.index)
        ours = order.real + order.inferred + beyond - amount
        clear = _explained(history, cancel, order, beyond)
        yield Flag(
            code="CXL-02",
            key=(quoted(name),),
            opened_at=cancel.recorded.observed_at,
            closed_at=closing(cancel.recorded.observed_at, clear),
            witness=proof(
                history,
                cancel.event.cancel_id,
                *(fill.position for fill in implied),
                cancel.position,
            ),
            note=_implied_note(cancel.event, ours, amount),
            ours=plain(ours),
            theirs=plain(ours + amount),
            difference=plain(amount),
        )


def _implied(history: History, cancel: At[Cancelled]) -> tuple[list[At[Filled]], Decimal]:
    """The matches inferred from the answer itself, and what it implies beyond our books."""
    inferred: list[At[Filled]] = []
    if Filled in history.kinds:
        inferred = [
            fill
            for fill in history.of(Filled)
            if fill.event.inferred
            and fill.index < cancel.index
            and same_message(fill.recorded, cancel.recorded)
        ]
    event, beyond = cancel.event, ZERO
    silent = event.size is None and event.matched is None and event.claims is None
    if event.whole and not silent:
        order = history.before(cancel.index)
        claimed = event.claims.matched if event.claims is not None else None
        for matched in (event.matched, claimed):
            if matched is not None:
                beyond = max(beyond, matched - order.real - order.inferred)
        if event.size is not None and cancel.index:
            beyond = max(beyond, history.held(cancel.index - 1).remaining - event.size)
    return inferred, beyond


def _explained(
    history: History, cancel: At[Cancelled], order: Order, beyond: Decimal
) -> Recorded | None:
    """The event after which records cover all that was matched without one at the cancel."""
    needed = order.inferred + beyond
    records = ZERO
    for index in range(cancel.index + 1, len(history.events)):
        entry, real = history.events[index], history.states[index].real
        event = entry.event
        if isinstance(event, Filled) and not event.inferred:
            records += event.size
        if max(records, real - order.real) >= needed:
            return entry
        if isinstance(event, OrderReported) and event.claims is not None and event.claims.records:
            complete = event.claims.matched
            if complete is not None and complete <= real:
                return entry
    return None


def _implied_note(event: Cancelled, ours: Decimal, amount: Decimal) -> str:
    missing = f"{plain(amount)} must have matched and no match record holds it."
    if event.size is not None and event.whole:
        rest = plain(event.size + amount)
        return f"The cancel answer accounts for {plain(event.size)} of {rest}: {missing}"
    total = plain(ours + amount)
    return f"The cancel answer tells of {total} matched where we held {plain(ours)}: {missing}"


RULES = (
    OrderRule("CXL-01", frozenset({Cancelled}), partial_fill_on_cancel),
    OrderRule("CXL-02", frozenset({Cancelled}), fill_implied_by_cancel_ack),
)
"""The rules about what had matched when a cancel took effect."""
