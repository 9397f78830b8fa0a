"""A list of orders on the canonical feed: one status report for each order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, cast

from adapters.venues.canonical.reports import execution_report
from adapters.venues.canonical.words import EXEC_TYPES, ExecType, plain_word
from domain.listing import Listing
from domain.messages import Message
from domain.statement import Lists
from domain.values import Account
from domain.wire import Line, Unreadable

REPORT = "ExecutionReport"
NOWHERE = Line(
    "statement", 1, datetime(1970, 1, 1, tzinfo=UTC), Account("canonical", "-"), "received"
)
"""A status report is read by itself: neither the recording nor the account matters to it."""


def is_status(report: Mapping[str, object]) -> bool:
    """Whether the report says how an order stands (and not what happened to it)."""
    word = report.get("exec_type")
    if report.get("msg", REPORT) != REPORT:
        return False
    return not isinstance(word, str) or EXEC_TYPES.get(plain_word(word)) is ExecType.ORDER_STATUS


def status_report(value: object) -> Sequence[Message]:
    """What a status report tells; in a list, one without `exec_type` is a status report."""
    if not isinstance(value, Mapping):
        raise Unreadable("frame: not an object")
    report = cast("Mapping[str, Any]", value)
    if report.get("msg", REPORT) != REPORT:
        raise Unreadable(f"msg: {str(report['msg'])[:40]!r} is no {REPORT}")
    if not is_status(report):
        raise Unreadable(f"exec_type: {report['exec_type'][:40]!r} tells what happened, no state")
    return execution_report(NOWHERE, {"exec_type": ExecType.ORDER_STATUS.value, **report})


_WHOSE = ("account",)

LISTINGS: Sequence[Listing] = (
    Listing(
        name="status reports",
        whose=_WHOSE,
        path=r"-",
        ask="-",
        lists=Lists.ORDERS,
        rows=(),
        marks=frozenset({"msg"}),
        key=(("order_id", "cl_ord_id"),),
        whole=None,
        bare=True,
        fits=is_status,
        again="newer",
        changed="transact_time",
        read=status_report,
    ),
)
"""Whether reports are of all orders, only whoever asked for them knows."""
