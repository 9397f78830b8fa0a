"""The canonical messages as models at the door: one per message, exact decimals, sane ids.

Unknown fields are ignored here; the raw line is kept beside the events. A field that is empty or
null is absent. Numbers may stand where the format has decimal strings or ids; a binary float is
refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainValidator,
    StringConstraints,
    ValidationError,
)

from adapters.venues.exact import misfit, number
from domain.wire import Unreadable

ID_LENGTH_MAX = 256
"""Longer ids are nobody's, and fit no index."""
# Sizes and prices repeat all day; remembering them saves a third of the time of a message.
_remembered = lru_cache(maxsize=1 << 16)(number)


def _number(value: object) -> Decimal | None:
    if type(value) is str:
        return _remembered(value)
    return None if value is None else number(value)


def _quantity(value: object) -> Decimal | None:
    told = _number(value)
    if told is not None and told < 0:
        raise ValueError("below zero")
    return told


def _flag(value: object) -> object:
    return {"Y": True, "N": False}.get(value, value) if isinstance(value, str) else value


Number = Annotated[Decimal | None, PlainValidator(_number)]
Quantity = Annotated[Decimal | None, PlainValidator(_quantity)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=ID_LENGTH_MAX)] | None
"""An id as printed: opaque, compared character by character, never folded or trimmed."""
Text = str | None
Flag = Annotated[bool | None, BeforeValidator(_flag)]


class WireModel(BaseModel):
    """A canonical message; what its fields have in common."""

    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)


class NewOrderSingle(WireModel):
    """We send an order."""

    cl_ord_id: Id = None
    instrument: Text = None
    side: Text = None
    order_qty: Quantity = None
    cash_order_qty: Quantity = None
    price: Number = None
    price_format: Text = None
    time_in_force: Text = None
    expire_time: Text = None


class OrderCancelRequest(WireModel):
    """We ask for an order back; `cancel_qty` asks for a part of it."""

    cl_ord_id: Id = None
    orig_cl_ord_id: Id = None
    order_id: Id = None
    order_qty: Quantity = None
    cancel_qty: Quantity = None


class OrderCancelReplaceRequest(WireModel):
    """We ask for other terms."""

    cl_ord_id: Id = None
    orig_cl_ord_id: Id = None
    order_id: Id = None
    order_qty: Quantity = None
    price: Number = None
    price_format: Text = None


class OrderStatusRequest(WireModel):
    """We ask how an order stands."""

    cl_ord_id: Id = None
    order_id: Id = None


class ExecutionReport(WireModel):
    """The venue tells what happened to an order, and beside it how the order stands."""

    order_id: Id = None
    cl_ord_id: Id = None
    orig_cl_ord_id: Id = None
    exec_id: Id = None
    exec_ref_id: Id = None
    exec_type: Text = None
    ord_status: Text = None
    instrument: Text = None
    side: Text = None
    price: Number = None
    price_format: Text = None
    order_qty: Quantity = None
    cum_qty: Number = None
    leaves_qty: Number = None
    last_qty: Quantity = None
    last_px: Number = None
    avg_px: Number = None
    cancel_qty: Quantity = None
    time_in_force: Text = None
    expire_time: Text = None
    account: Text = None
    trd_match_id: Id = None
    reason: Text = None
    ord_rej_reason: Text = None
    exec_restatement_reason: Text = None
    text: Text = None
    poss_dup: Flag = None
    transact_time: Text = None


class OrderCancelReject(WireModel):
    """The venue refuses a cancel or a replace."""

    order_id: Id = None
    cl_ord_id: Id = None
    orig_cl_ord_id: Id = None
    ord_status: Text = None
    cxl_rej_response_to: Text = None
    cxl_rej_reason: Text = None
    text: Text = None
    exec_id: Id = None
    transact_time: Text = None


Model = TypeVar("Model", bound=WireModel)


def read(model: type[Model], frame: Mapping[str, object]) -> Model:
    """The frame as this message; `Unreadable` names the first field that does not fit."""
    if "" in frame.values():
        frame = {name: value for name, value in frame.items() if value != ""}
    try:
        return model.model_validate(frame)
    except ValidationError as error:
        raise Unreadable(misfit(error)) from error


def needed(name: str, value: str | None) -> str:
    """The field, which this message cannot be without."""
    if value is None:
        raise Unreadable(f"{name}: missing")
    return value
