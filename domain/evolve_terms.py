"""The fold of what an order is: its terms, names and the venue's word on its state."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal
from typing import Any

from domain import events as e
from domain.evolve_placing import arrived
from domain.folding import Changes, closed, remembered, survived, told
from domain.lifecycle import LIVE, Closure, Status
from domain.order import UNDISPUTED, Order, Try, changed
from domain.splits import split
from domain.values import ZERO, Name, Price

_TERM_NAMES = tuple(field.name for field in fields(e.Terms) if field.name != "size")
_NO_TERMS = Order().terms

SEEN_LIVE = LIVE - {Status.PENDING_CANCEL}
"""A venue that reports one of these, with something remaining, has not cancelled the order.
Of a pending cancel nobody knows yet how it ends."""

REOPENS = frozenset({Closure.DONE_FOR_DAY, Closure.CALCULATED})
"""Ends of a trading day: a venue that renews the order puts it back on the book (FIX H.1.a)."""


def placed(order: Order, event: e.OrderPlaced) -> Order:
    """We sent it: our own words outrank what a venue told first.

    Sent again after it had not left, it is on its way once more.
    """
    again: Changes = {}
    if order.sending is Try.NOT_SENT and not order.arrived:
        again = {"sending": None, "closure": None}
    return changed(
        order,
        placed=True,
        sent=event.terms,
        **again,
        **_named(order, event.names),
        **_learned(order, event.terms, ours=True),
    )


def pending(order: Order, event: e.OrderPending) -> Order:
    """The venue has it; nothing is decided."""
    return changed(order, pending_new=True, **remembered(order, event))


def accepted(order: Order, event: e.OrderAccepted) -> Order:
    """On the book, unless it is over already."""
    changes: Changes = {
        "accepted": True,
        "suspended": False,
        **_named(order, event.names),
        **_learned(order, event.terms),
        **remembered(order, event),
    }
    if order.day_over and order.closure is None:
        changes["day_over"] = False
    if event.claims is not None:
        changes.update(told(order, event.claims, changes))
    return changed(order, **changes)


def rejected(order: Order, event: e.OrderRejected) -> Order:
    """Nothing of it is live."""
    return changed(order, **closed(order, Closure.REJECTED, event), **remembered(order, event))


def discovered(order: Order, event: e.OrderDiscovered) -> Order:
    """Known from now on; the first source stands."""
    return changed(
        order,
        discovered=order.discovered or event.source,
        **_named(order, event.names),
        **_learned(order, event.terms),
    )


def identified(order: Order, event: e.OrderIdentified) -> Order:
    """Known by further names."""
    return changed(order, **_named(order, event.names))


def merged_away(order: Order, event: e.OrderMerged) -> Order:
    """This stream ends here; its facts were told again in the other."""
    return changed(order, merged_into=event.into)


def reported(order: Order, event: e.OrderReported) -> Order:
    """The venue's word is kept; it fills holes in the terms, settles doubts, and moves nothing.

    `Rejected` may be said of the question: a status request that overtakes its order finds none.
    """
    claims = event.claims
    if not order.arrived and (claims is None or claims.status is not Status.REJECTED):
        order = arrived(order)
    changes = {**_learned(order, event.terms), **remembered(order, event)}
    if claims is None:
        return changed(order, **changes)
    if claims.status in SEEN_LIVE and claims.remaining != ZERO:
        changes.update(survived(order))
        changes.update(amends_seen(order, claims))
    return changed(order, **changes, **told(order, claims, changes))


def amends_seen(order: Order, claims: e.Claims) -> Changes:
    """What the terms of a live order tell of a change whose answer was lost: taken, or not."""
    changes: Changes = {}
    for ref, state in order.amends.items():
        ask = order.asks.get(ref)
        if state is not Try.UNKNOWN or ask is None:
            continue
        terms = ((ask.size, order.size, claims.size), (ask.price, order.terms.price, claims.price))
        says = {now == wanted for wanted, held, now in terms if _telling(wanted, held, now)}
        if ask.rest is not None:
            says = {False}  # the order would be off the book, and another one in its place
        if len(says) != 1:
            continue
        took = says.pop()
        changes["amends"] = {
            **changes.get("amends", order.amends),
            ref: Try.DONE if took else Try.REJECTED,
        }
        if took:
            changes.update(new_terms(order, ask.size, ask.price))
    return changes


def _telling(wanted: object, held: object, now: object) -> bool:
    """A term that we asked to change, and that the venue tells as it was or as we asked for it."""
    return wanted is not None and wanted != held and now in {wanted, held}


def restated(order: Order, event: e.OrderRestated) -> Order:
    """Other terms, or the same for another day: the order is on the book."""
    changes: Changes = {
        "accepted": True,
        "day_over": False,
        **survived(order),
        **remembered(order, event),
    }
    if order.closure in REOPENS:
        changes["closure"] = None
    changes.update(new_terms(order, event.size, event.price))
    if event.split:
        changes.update(split(order, event.size))
    return changed(order, **changes)


def disputed(order: Order, event: e.TermsDisputed) -> Order:
    """Our word stands; what the venue says instead is kept beside it."""
    terms = UNDISPUTED if event.terms == UNDISPUTED else event.terms
    return changed(order, disputed=terms, disputed_account=event.account)


def new_terms(order: Order, size: Decimal | None, price: Price | None) -> Changes:
    """What the venue's new size and price change; None leaves a term as it was."""
    changes: Changes = {}
    if size is not None:
        changes.update(size=size, amended=True)
    if price is not None:
        changes.update(terms=_merged(e.Terms(price=price), order.terms), repriced=True)
    return changes


def _named(order: Order, names: tuple[Name, ...]) -> Changes:
    fresh = tuple(name for name in names if name not in order.names)
    return {"names": order.names + fresh} if fresh else {}


def _learned(order: Order, terms_told: e.Terms, *, ours: bool = False) -> Changes:
    """What telling these terms changes: holes are filled."""
    learned: Changes = {}
    terms = _merged(terms_told, order.terms) if ours else _merged(order.terms, terms_told)
    if ours and order.repriced:
        terms = _merged(e.Terms(price=order.terms.price), terms)  # changed since we sent it
    if terms is not order.terms:
        learned["terms"] = terms
    if terms_told.size is not None and not order.amended and (ours or order.size is None):
        learned["size"] = terms_told.size
    return learned


def _merged(known: e.Terms, told: e.Terms) -> e.Terms:
    """`known` with its holes filled from `told`; the size that counts is the order's own."""
    if told is known or told is _NO_TERMS or told == _NO_TERMS:
        return known
    values: dict[str, Any] = {}
    for name in _TERM_NAMES:
        value = getattr(known, name)
        values[name] = getattr(told, name) if value is None else value
    return e.Terms(**values)
