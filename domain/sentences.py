"""Each fact of an order in one plain English sentence, for people who were not there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from domain import events as e
from domain.reasons import CancelRejectReason
from domain.values import Price, plain


def sentence(event: e.OrderEvent) -> str:
    """What the fact says."""
    return _SAY[type(event)](event)


def _size(size: Decimal | None, rest: str) -> str:
    return rest if size is None else plain(size)


def _at(price: Price | None) -> str:
    return "" if price is None else f" at {plain(price.value)}"


def _why(raw: str | None) -> str:
    return f" (“{raw}”)" if raw else ""


def _to(size: Decimal | None, price: Price | None) -> str:
    if size is not None:
        return f" to {plain(size)}{_at(price)}"
    return "" if price is None else f" to a price of {plain(price.value)}"


def _reason(reason: CancelRejectReason) -> str:
    return reason.value.replace("_", " ").lower()


def _terms(terms: e.Terms) -> str:
    parts = [
        terms.side.value.lower() if terms.side else "",
        plain(terms.size) if terms.size is not None else "",
        f"of {terms.selection}" if terms.selection else "",
        f"on {terms.market}" if terms.market and terms.market != "-" else "",
    ]
    return " ".join(part for part in parts if part) + _at(terms.price)


def _disputed(event: e.TermsDisputed) -> str:
    account = f"of account {event.account}" if event.account else ""
    parts = (_terms(event.terms), event.terms.time_in_force, account)
    told = " ".join(part for part in parts if part)
    match = f", in the record of match {event.fill_id}" if event.fill_id else ""
    again = "The venue tells the order's terms as we have them again."
    return f"The venue tells other terms than ours: {told}{match}." if told else again


def _placed(event: e.OrderPlaced) -> str:
    return f"We sent the order: {_terms(event.terms)}."


def _place_unknown(event: e.PlaceOutcomeUnknown) -> str:
    return f"Nobody knows whether the order reached the venue ({event.why})."


def _accepted(event: e.OrderAccepted) -> str:
    told = _terms(event.terms)
    return f"The venue took the order: {told}." if told else "The venue took the order."


def _discovered(event: e.OrderDiscovered) -> str:
    told = _terms(event.terms)
    return f"The venue told of an order that nobody here had placed{': ' + told if told else ''}."


def _names(event: e.OrderIdentified) -> str:
    names = ", ".join(f"{name.value} ({name.kind})" for name in event.names)
    return f"The order is also known as {names}."


def _reported(event: e.OrderReported) -> str:
    claims = event.claims
    if claims is None:
        return "The venue told the order's terms."
    told = [
        f"{name} {plain(value)}"
        for name in ("size", "matched", "remaining", "cancelled", "lapsed", "voided")
        if (value := getattr(claims, name)) is not None
    ]
    status = claims.raw_status or (claims.status.value if claims.status else "unknown")
    return f"The venue says the order is {status}: {', '.join(told) or 'no figures'}."


def _restated(event: e.OrderRestated) -> str:
    if event.size is None and event.price is None:
        return f"The venue renewed the order as it was{_why(event.reason)}."
    to = _to(event.size, event.price)
    return f"The venue restated the order{to}{_why(event.reason)}."


def _filled(event: e.Filled) -> str:
    if event.inferred:
        why = "a total tells so, no match record does"
        if event.fill_id.startswith("cancel:"):
            why = "the cancel took less than remained, no match record tells so"
        return f"{plain(event.size)} must have matched: {why}."
    may = "; the venue may still take it back" if event.provisional else ""
    return f"Matched {plain(event.size)}{_at(event.price)} (match {event.fill_id}){may}."


def _fill_voided(event: e.FillVoided) -> str:
    back = "goes back on the book" if event.returns else "is void"
    what = f"{_size(event.size, 'all of it')} {back}"
    if event.waits:
        what = f"{what} once the match is told, which nobody here knows yet"
    return f"The venue took back match {event.fill_id}: {what}{_why(event.reason)}."


def _fill_corrected(event: e.FillCorrected) -> str:
    to = f"{plain(event.size)}{_at(event.price)}"
    waits = ", which nobody here knows yet," if event.waits else ""
    return f"The venue corrected match {event.fill_id}{waits} to {to}."


def _cancel_requested(event: e.CancelRequested) -> str:
    return f"We asked to cancel {_size(event.size, 'all that remains')}."


def _cancelled(event: e.Cancelled) -> str:
    who = "The venue cancelled" if event.cancel_id is not None else "The venue cancelled, unasked,"
    if not event.requested:
        who = "An answer to a cancel of other orders cancelled"
    return f"{who} {_size(event.size, 'all that remained')}{_why(event.raw_reason)}."


def _cancel_rejected(event: e.CancelRejected) -> str:
    return f"The venue refused to cancel: {_reason(event.reason)}{_why(event.raw_reason)}."


def _cancel_unknown(event: e.CancelOutcomeUnknown) -> str:
    if event.why == "counted":
        return "The venue's answer to our cancel counts orders and names none."
    if event.why == "not_mentioned":
        return "The venue's answer to our cancel does not mention this order."
    return f"Nobody knows what became of our cancel ({event.why})."


def _amend_requested(event: e.AmendRequested) -> str:
    if event.rest is not None:
        rest = f"{plain(event.rest)}{_at(event.price)}"
        return f"We asked to put another order of {rest} in its place."
    return f"We asked to change the order{_to(event.size, event.price)}."


def _amended(event: e.Amended) -> str:
    to = _to(event.size, event.price) or " as we had asked"
    return f"The venue changed the order{to}."


def _amend_rejected(event: e.AmendRejected) -> str:
    return f"The venue refused the change: {_reason(event.reason)}{_why(event.raw_reason)}."


def _settled(said: str) -> Callable[[Any], str]:
    return lambda event: f"{said.format(_what(event))}: {_money(event.settlement)}."


def _what(event: e.Settled | e.SettlementRevised) -> str:
    return "the order" if event.fill_id is None else f"match {event.fill_id}"


def _money(told: e.Settlement) -> str:
    """The result, the money as told, and the venue's words beside it."""
    unit = f" {told.currency}" if told.currency else ""
    result = told.result.value.replace("_", " ") if told.result else told.raw_result
    amounts = (("profit", told.profit), ("payout", told.payout), ("fee", told.fee))
    parts = [result, *(f"{name} {plain(n)}{unit}" for name, n in amounts if n is not None)]
    if told.market_result:
        parts.append(f"the market ended {told.market_result}")
    said = ", ".join(part for part in parts if part) or "no figures"
    return f"{said}{_why(told.reason)}"


def _duplicate_refused(event: e.DuplicateRefused) -> str:
    why = _why(event.raw_reason)
    return f"The venue refused another order under the same reference{why}; this one stays."


def _duplicate(event: e.DuplicateReported) -> str:
    differs = " with other figures" if event.differs else ""
    which = f" ({event.ref})" if event.ref else ""
    return f"The venue told a {event.what} again{differs}{which}; it changed nothing."


def _constant(text: str) -> Callable[[Any], str]:
    return lambda _event: text


def _taken(verb: str) -> Callable[[Any], str]:
    return lambda event: f"{_size(event.size, 'All that remained')} {verb}{_why(event.raw_reason)}."


_SAY: Mapping[type, Callable[[Any], str]] = {
    e.OrderPlaced: _placed,
    e.PlaceOutcomeUnknown: _place_unknown,
    e.PlaceNotSent: _constant("The order never left; nothing of it is live."),
    e.OrderPending: _constant("The venue has the order and has not decided yet."),
    e.OrderAccepted: _accepted,
    e.OrderRejected: lambda event: f"The venue refused the order{_why(event.raw_reason)}.",
    e.DuplicateRefused: _duplicate_refused,
    e.OrderDiscovered: _discovered,
    e.OrderIdentified: _names,
    e.ReplacementSeen: lambda event: (
        f"The venue put another order in its place, for our change {event.amend_ref}."
    ),
    e.ClientRefReused: lambda event: (
        f"The reference {event.name.value} already belongs to another order ({event.other})."
    ),
    e.OrderMerged: lambda event: f"This proved to be the same order as {event.into}.",
    e.OrderReported: _reported,
    e.OrderRestated: _restated,
    e.Filled: _filled,
    e.TotalTold: lambda event: f"The venue counts {plain(event.total)} matched in all.",
    e.FillConfirmed: lambda event: f"Match {event.fill_id} is final.",
    e.FillVoided: _fill_voided,
    e.FillCorrected: _fill_corrected,
    e.CancelRequested: _cancel_requested,
    e.CancelPending: _constant("The venue has our cancel and has not decided yet."),
    e.Cancelled: _cancelled,
    e.CancelRejected: _cancel_rejected,
    e.CancelOutcomeUnknown: _cancel_unknown,
    e.CancelNotSent: _constant("Our cancel never left; the order is as it was."),
    e.AmendRequested: _amend_requested,
    e.AmendPending: _constant("The venue has our change and has not decided yet."),
    e.Amended: _amended,
    e.AmendRejected: _amend_rejected,
    e.AmendOutcomeUnknown: lambda event: f"Nobody knows what became of our change ({event.why}).",
    e.AmendNotSent: _constant("Our change never left; the order is as it was."),
    e.Lapsed: _taken("lapsed"),
    e.Expired: lambda event: f"The order expired{_why(event.raw_reason)}.",
    e.Voided: _taken("was voided"),
    e.DoneForDay: _constant("The venue is done with the order for today."),
    e.Stopped: lambda event: (
        f"The venue guarantees a match of {_size(event.size, 'some size')}{_at(event.price)}."
    ),
    e.Suspended: _constant("The venue suspended the order."),
    e.Resumed: _constant("The order can match again."),
    e.Calculated: _constant("The venue closed the order's books for the day."),
    e.Settled: _settled("The venue settled {}"),
    e.SettlementRevised: _settled("The venue settled {} anew"),
    e.DuplicateReported: _duplicate,
    e.TermsDisputed: _disputed,
    e.UnknownValueSeen: lambda event: (
        f"The venue used an unknown word in {event.field}: {event.value}."
    ),
}
