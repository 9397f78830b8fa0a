"""Edits over REST: the order is taken off and another one, with an id of its own, put in its place.

The old order is cancelled by it (a cancel like any other), and what should come instead stands
beside it as a change, until the answer tells of the new order.
"""

from __future__ import annotations

from pydantic import Field

from adapters.venues.exact import Number, Quantity, read
from adapters.venues.fourcasters.answers import cancel_answer
from adapters.venues.fourcasters.cancels import Sent
from adapters.venues.fourcasters.fields import Label, WireModel, fields_of
from adapters.venues.fourcasters.place import place_answer
from adapters.venues.fourcasters.terms import american, names
from domain.events import AmendRejected, AmendRequested
from domain.messages import CancelReply, Message, OrderMessage, Said
from domain.reasons import CancelRejectReason
from domain.wire import Line

PATHS = frozenset({"/session/editOrder", "/session/v4/editOrder"})
WHY = "edit"
NOTHING_PUT_BACK = "cancelled, and nothing was put in its place"


class Edit(WireModel):
    """What an edit asks for; a volume or odds of null or 0 asks for no change (merged document)."""

    session_id: Label = Field(None, validation_alias="sessionID")
    odds: Number | None = Field(None, validation_alias="orderOdds")
    volume: Quantity | None = Field(None, validation_alias="orderVolume")


def amend_ref(line: Line) -> str:
    """What the request, its answer and its loss call the change by."""
    return f"{line.capture}:{line.exchange or line.seq}"


def change(line: Line, body: object, *fate: Said) -> list[Message]:
    """The change that an edit asks for, of an order that we know; `fate` is what became of it."""
    asked = read(Edit, body, "http.body")
    said = AmendRequested(
        amend_ref=amend_ref(line), price=american(asked.odds or None), rest=asked.volume or None
    )
    own = names(asked.session_id, None)
    return [OrderMessage(names=own, said=(said, *fate), known_only=True)] if own else []


def answered(line: Line, cancel: Sent, body: object) -> list[Message]:
    """The old order off the book, and the new one; or the old one as it was.

    `cancelled.success` true without `unmatched` and `matched` says that nothing was put back: v4's
    guard did not hold, and the change is refused although the order is off.
    """
    data = fields_of(fields_of(body, "body").get("data"), "body.data")
    told = cancel_answer(
        line.owner, data.get("cancelled"), request_ref=None, asked=cancel.ids, complete=True
    )
    reply = told[0]
    if isinstance(reply, CancelReply) and (why := _not_cancelled(reply)) is not None:
        return [*told, *refused(line, cancel, *why)]
    entry = {name: data[name] for name in ("matched", "unmatched") if data.get(name)}
    if not entry:
        return [*told, *refused(line, cancel, CancelRejectReason.OTHER, NOTHING_PUT_BACK)]
    return [*told, *place_answer(line, None, [entry], None)]


def _not_cancelled(reply: CancelReply) -> tuple[CancelRejectReason, str | None] | None:
    """Why the old order was not taken off: then nothing was put in its place."""
    result = next(iter(reply.results), None)
    return None if result is None or result.reason is None else (result.reason, result.raw_reason)


def refused(line: Line, cancel: Sent, reason: CancelRejectReason, raw: str | None) -> list[Message]:
    """The edit was refused: the order keeps its terms."""
    said = AmendRejected(amend_ref=amend_ref(line), reason=reason, raw_reason=raw)
    return [
        OrderMessage(names=names(order_id, None), said=(said,), known_only=True)
        for order_id in cancel.ids
    ]
