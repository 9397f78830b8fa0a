from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.venues.canonical.translate import MESSAGES, CanonicalDialect
from adapters.venues.canonical.words import EXEC_TYPES, ExecType
from domain.lifecycle import Status
from domain.messages import (
    Message,
)
from domain.wire import Unreadable
from tests.adapters.venues.canonical.building import (
    line,
    translate,
)

REPORT = {"msg": "ExecutionReport", "order_id": "V", "cl_ord_id": "X", "exec_type": "Trade"}


@pytest.mark.parametrize(
    ("direction", "frame", "reason"),
    [
        pytest.param("received", REPORT, "last_qty: missing", id="a match without its size"),
        pytest.param("received", {**REPORT, "last_qty": "0"}, "last_qty: zero", id="of nothing"),
        pytest.param("received", {**REPORT, "last_qty": "-1"}, "last_qty: ", id="below zero"),
        pytest.param("received", {**REPORT, "last_qty": "many"}, "last_qty: ", id="no number"),
        pytest.param("received", {**REPORT, "last_qty": "NaN"}, "last_qty: ", id="NaN"),
        pytest.param("received", {**REPORT, "last_qty": 1.5}, "last_qty: ", id="a binary float"),
        pytest.param("received", {**REPORT, "last_qty": True}, "last_qty: ", id="true"),
        pytest.param("received", {**REPORT, "last_qty": "1E999"}, "last_qty: ", id="too large"),
        pytest.param("received", {**REPORT, "last_qty": [1]}, "last_qty: ", id="a list"),
        pytest.param(
            "received",
            {**REPORT, "exec_type": "TradeCancel"},
            "exec_ref_id: missing",
            id="which match is void",
        ),
        pytest.param(
            "received",
            {**REPORT, "exec_type": "TradeCorrect", "last_qty": "1"},
            "exec_ref_id: missing",
            id="which match is corrected",
        ),
        pytest.param(
            "received",
            {**REPORT, "exec_type": "TradeCorrect", "exec_ref_id": "E"},
            "last_qty: missing",
            id="corrected to what",
        ),
        pytest.param(
            "received",
            {"msg": "ExecutionReport", "cl_ord_id": "X"},
            "exec_type: missing",
            id="nothing happened",
        ),
        pytest.param(
            "received",
            {"msg": "ExecutionReport", "exec_type": "New", "order_id": "NONE"},
            "order_id, cl_ord_id: missing",
            id="no order",
        ),
        pytest.param(
            "received", {**REPORT, "cl_ord_id": "x" * 257}, "cl_ord_id: ", id="an endless id"
        ),
        pytest.param("received", {**REPORT, "cl_ord_id": {}}, "cl_ord_id: ", id="id as an object"),
        pytest.param(
            "received",
            {**REPORT, "last_qty": "1", "price": "2", "price_format": "roman"},
            "price_format: ",
            id="a price format that nobody knows",
        ),
        pytest.param(
            "sent", {"msg": "NewOrderSingle", "order_qty": "1"}, "cl_ord_id: missing", id="no id"
        ),
        pytest.param(
            "sent", {"msg": "NewOrderSingle", "cl_ord_id": "X"}, "order_qty: missing", id="no size"
        ),
        pytest.param(
            "sent",
            {"msg": "OrderCancelRequest", "cl_ord_id": "Y"},
            "orig_cl_ord_id: missing",
            id="a cancel of nothing",
        ),
        pytest.param(
            "sent",
            {"msg": "OrderCancelReplaceRequest", "cl_ord_id": "Y"},
            "orig_cl_ord_id: missing",
            id="a replace of nothing",
        ),
        pytest.param(
            "received",
            {"msg": "OrderCancelReject", "cl_ord_id": "Y", "cxl_rej_response_to": "hope"},
            "cxl_rej_response_to: neither",
            id="a refusal of what",
        ),
        pytest.param(
            "received",
            {"msg": "OrderCancelReject", "cl_ord_id": "Y"},
            "cxl_rej_response_to: missing",
            id="a refusal of something",
        ),
        pytest.param(
            "sent", REPORT, "no documented message: sent ExecutionReport", id="wrong direction"
        ),
        pytest.param("received", {"msg": "Logon"}, "no documented message", id="undocumented"),
        pytest.param("received", {"msg": ["New"]}, "no documented message", id="no name"),
        pytest.param("received", {}, "no documented message", id="nothing"),
    ],
)
def test_what_cannot_be_interpreted_is_unreadable_and_names_the_field(
    direction: str, frame: dict[str, Any], reason: str
) -> None:
    with pytest.raises(Unreadable) as caught:
        translate(direction, **frame)
    assert str(caught.value).startswith(reason)


def test_a_line_of_another_kind_is_no_canonical_message() -> None:
    with pytest.raises(Unreadable, match="frame: missing"):
        CanonicalDialect().translate(line("received", None, http={"status": 200}), None)


def test_every_exec_type_word_leads_to_one_in_the_table() -> None:
    assert set(EXEC_TYPES.values()) == set(ExecType)


_FIELDS = (
    "order_id cl_ord_id orig_cl_ord_id exec_id exec_ref_id exec_type ord_status instrument "
    "side price price_format order_qty cum_qty leaves_qty last_qty last_px cancel_qty reason text "
    "poss_dup transact_time time_in_force cxl_rej_response_to cxl_rej_reason"
)
FIELDS = _FIELDS.split()
WORDS = st.sampled_from(
    [
        *(name for _, name in MESSAGES),
        *ExecType,
        *Status,
        *"0123456789ABCDEFGHIJKL",
        "cancel",
        "replace",
        "NONE",
        "BUY",
    ]
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers().map(lambda number: 10 ** (number % 5000))
    | st.floats()
    | st.decimals()
    | st.text(max_size=8)
    | st.binary(max_size=3)
    | st.decimals(allow_nan=False, allow_infinity=False).map(str)
    | WORDS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)


@given(
    direction=st.sampled_from(["sent", "received", "lost"]),
    name=st.sampled_from([name for _, name in MESSAGES]),
    frame=st.dictionaries(st.sampled_from(FIELDS), VALUES | WORDS, max_size=12),
)
def test_whatever_stands_in_the_fields_messages_come_out_or_a_reason(
    direction: str, name: str, frame: dict[str, Any]
) -> None:
    error = {"kind": "timeout"}
    messages: Sequence[Message] = ()
    with suppress(Unreadable):
        messages = CanonicalDialect().translate(
            line(direction, {"msg": name, **frame}, error=error), None
        )
    assert all(isinstance(message, get_args(Message)) for message in messages)
