"""What we send in the canonical feed, and the refusals that it meets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from adapters.venues.canonical.fields import (
    claims_of,
    client_names,
    lasting,
    price_of,
    terms_of,
    unknown_word,
    venue_names,
    venue_words,
)
from adapters.venues.canonical.reasons import reason_of
from adapters.venues.canonical.wire import (
    NewOrderSingle,
    OrderCancelReject,
    OrderCancelReplaceRequest,
    OrderCancelRequest,
    OrderStatusRequest,
    needed,
    read,
)
from adapters.venues.canonical.words import instant, plain_word
from domain import events as e
from domain.messages import Asked, CancelSent, Message, OrderMessage
from domain.requests import Scope, ScopeKind
from domain.values import Name, NameKind
from domain.wire import Line, Unreadable


def new_order(line: Line, frame: Mapping[str, object]) -> tuple[OrderMessage, ...]:
    """We sent an order."""
    order = read(NewOrderSingle, frame)
    client_id = needed("cl_ord_id", order.cl_ord_id)
    if order.order_qty is None and order.cash_order_qty is None:
        raise Unreadable("order_qty: missing")  # of an amount of cash the venue makes a quantity
    price = price_of(order.price, order.price_format)
    terms = replace(
        lasting(
            terms_of(order.order_qty, price, order.side, order.instrument, order.time_in_force),
            order.expire_time,
        ),
        placed_at=line.at,
    )
    placed = e.OrderPlaced(terms=terms)
    unknown = [unknown_word("side", order.side)] if order.side and terms.side is None else []
    return (
        OrderMessage(
            names=client_names(client_id),
            said=(placed, *unknown),
            terms=terms,
            occurred_at=line.at,
            quotes=True,
        ),
    )


def cancel_request(_line: Line, frame: Mapping[str, object]) -> tuple[Message, ...]:
    """We asked for an order back, or for a part of it: by the venue's id, else by our own."""
    asked = read(OrderCancelRequest, frame)
    request_ref = needed("cl_ord_id", asked.cl_ord_id)
    venue = venue_names(asked.order_id)
    if venue:
        kind, name = ScopeKind.ORDERS, venue[0]
    else:
        kind = ScopeKind.REFERENCES
        name = Name(NameKind.CLIENT, needed("orig_cl_ord_id", asked.orig_cl_ord_id))
    return (
        CancelSent(
            scope=(Scope(kind, (name.value,)),),
            asked=(Asked(text=name.value, name=name, size=asked.cancel_qty),),
            chain=Name(NameKind.CLIENT, request_ref),
            request_ref=request_ref,
        ),
    )


def replace_request(line: Line, frame: Mapping[str, object]) -> tuple[OrderMessage, ...]:
    """We asked for other terms."""
    asked = read(OrderCancelReplaceRequest, frame)
    amend_ref = needed("cl_ord_id", asked.cl_ord_id)
    found_by = (*client_names(asked.orig_cl_ord_id), *venue_names(asked.order_id))
    if not found_by:
        raise Unreadable("orig_cl_ord_id: missing")
    requested = e.AmendRequested(
        amend_ref=amend_ref,
        size=asked.order_qty,
        price=price_of(asked.price, asked.price_format),
    )
    return (
        OrderMessage(
            names=(),
            said=(requested,),
            found_by=found_by,
            chain=client_names(amend_ref),
            known_only=True,
            occurred_at=line.at,
            quotes=True,
        ),
    )


def status_request(_line: Line, frame: Mapping[str, object]) -> tuple[Message, ...]:
    """We asked how an order stands: that tells nothing of it."""
    read(OrderStatusRequest, frame)
    return ()


def cancel_reject(_line: Line, frame: Mapping[str, object]) -> tuple[Message, ...]:
    """The venue refused a cancel or a replace; an order that nobody knows stays unknown."""
    refused = read(OrderCancelReject, frame)
    ref = needed("cl_ord_id", refused.cl_ord_id)
    asked = _REFUSED.get(plain_word(needed("cxl_rej_response_to", refused.cxl_rej_response_to)))
    if asked is None:
        raise Unreadable("cxl_rej_response_to: neither cancel nor replace")
    reason, mapped = reason_of(refused.cxl_rej_reason)
    raw = venue_words(refused.cxl_rej_reason, refused.text)
    claims = claims_of(refused.ord_status)
    at = None if refused.transact_time is None else instant(refused.transact_time)
    said: e.OrderEvent
    if asked == _CANCEL:
        said = e.CancelRejected(
            reason=reason,
            raw_reason=raw,
            mapped=mapped,
            claims=claims,
            report_id=refused.exec_id,
        )
    else:
        said = e.AmendRejected(
            amend_ref=ref,
            reason=reason,
            raw_reason=raw,
            claims=claims,
            report_id=refused.exec_id,
        )
    unknown: list[e.OrderEvent] = []
    if refused.ord_status is not None and (claims is None or claims.status is None):
        unknown.append(unknown_word("ord_status", refused.ord_status))
    if refused.transact_time is not None and at is None:
        unknown.append(unknown_word("transact_time", refused.transact_time))
    return (
        OrderMessage(
            names=(),
            said=(said, *unknown),
            found_by=(
                *client_names(refused.orig_cl_ord_id, ref),
                *venue_names(refused.order_id),
            ),
            known_only=True,
            occurred_at=at,
            cancel_ref=ref if asked == _CANCEL else None,
            answers=asked == _CANCEL,
            quotes=True,
        ),
    )


_CANCEL = "cancel"
_REFUSED: Mapping[str, str] = {
    "cancel": _CANCEL,
    "1": _CANCEL,
    "replace": "replace",
    "2": "replace",
    "ordercancelrequest": _CANCEL,
    "ordercancelreplacerequest": "replace",
}
"""What a refusal answers (FIX tag 434)."""
