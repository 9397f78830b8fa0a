"""The FIX order state matrices as canonical lines, and the order that hears them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from adapters.venues.canonical.translate import CanonicalDialect
from domain import events as e
from domain.decisions import hear
from domain.evolve import evolve
from domain.ids import derived
from domain.lifecycle import Status
from domain.messages import CancelSent, OrderMessage, Said
from domain.order import Order
from domain.standing import standing
from domain.wire import Line
from tests.building import NOON, OWNER

Row = dict[str, object]
CLAIMS = ("ord_status", "cum_qty", "leaves_qty")
GOOD_TILL = frozenset({"H.1.a", "J.1.c"})
"""Scenarios about orders that outlive the day; the matrices leave the time in force out."""

STATUSES = {
    "PendingNew": Status.PENDING_NEW,
    "New": Status.NEW,
    "PartiallyFilled": Status.PARTIALLY_FILLED,
    "Filled": Status.FILLED,
    "Canceled": Status.CANCELLED,
    "Rejected": Status.REJECTED,
    "PendingCancel": Status.PENDING_CANCEL,
    "PendingReplace": Status.PENDING_REPLACE,
    "DoneForDay": Status.DONE_FOR_DAY,
    "Stopped": Status.STOPPED,
    "Suspended": Status.SUSPENDED,
    "Expired": Status.EXPIRED,
    "Replaced": Status.REPLACED,
    "Calculated": Status.CALCULATED,
}


@dataclass(frozen=True)
class Scenario:
    """One matrix: its rows in order, alternative endings among them."""

    name: str
    rows: Sequence[Row]

    @property
    def main(self) -> list[Row]:
        """The path that was taken."""
        return [row for row in self.rows if row["branch"] == "main"]

    def endings(self) -> list[list[Row]]:
        """Each path that was not: the rows taken until then, and the other ending."""
        return [
            [*(before for before in self.rows[:at] if before["branch"] == "main"), row]
            for at, row in enumerate(self.rows)
            if row["branch"] == "alt"
        ]

    def crossed(self) -> list[list[Row]]:
        """The main path with two messages that cross on the wire in the other order."""
        main = self.main
        return [
            [*main[:at], main[at + 1], main[at], *main[at + 2 :]]
            for at in range(len(main) - 1)
            if main[at].get("concurrent") and main[at + 1].get("concurrent")
        ]


def _table() -> dict[str, Any]:
    path = Path(__file__).with_suffix(".json")
    return cast("dict[str, Any]", json.loads(path.read_text("utf-8"), parse_float=Decimal))


def scenarios() -> list[Scenario]:
    """Every matrix of the table."""
    return [Scenario(item["id"], item["rows"]) for item in _table()["scenarios"]]


def fix_precedence() -> dict[str, int]:
    """The rank of each OrdStatus that we have a word for."""
    ranks: dict[str, int] = _table()["precedence"]
    return {STATUSES[name].value: rank for name, rank in ranks.items() if name in STATUSES}


def frame(scenario: str, row: Row, asked: str, *, claims: bool) -> dict[str, str]:
    """A row as a canonical message."""
    told = {
        name: str(value)
        for name, value in row.items()
        if name not in {"t", "branch", "direction", "concurrent"} and (claims or name not in CLAIMS)
    }
    if row["msg"] == "NewOrderSingle":
        told["side"] = "BUY"
        if scenario in GOOD_TILL:
            told["time_in_force"] = "GTC"
    if row["msg"] == "OrderCancelReject":
        told = {"cxl_rej_response_to": asked, "cxl_rej_reason": "99", "order_id": "V1", **told}
    if row["msg"] == "ExecutionReport":
        told = {"exec_id": f"e{row['t']}-{row['cl_ord_id']}-{row['exec_type']}", **told}
        told["order_id"] = "V1"
    return told


def play(scenario: Scenario, rows: Iterable[Row], *, claims: bool = True) -> list[Order]:
    """The order after each row."""
    dialect = CanonicalDialect()
    order, states, asked = Order(), list[Order](), "cancel"
    for number, row in enumerate(rows, start=1):
        if row["msg"] == "OrderCancelReplaceRequest":
            asked = "replace"
        line = Line(
            capture=scenario.name,
            seq=number,
            at=NOON + timedelta(seconds=number),
            owner=OWNER,
            direction=str(row["direction"]),
            frame=frame(scenario.name, row, asked, claims=claims),
        )
        for message in dialect.translate(line, None):
            order = _heard(order, message)
        states.append(order)
    return states


def _heard(order: Order, message: object) -> Order:
    if isinstance(message, CancelSent):
        assert message.request_ref is not None
        return evolve(order, e.CancelRequested(cancel_id=derived("cancel", message.request_ref)))
    assert isinstance(message, OrderMessage)
    order, _ = hear(order, [_linked(item, message.cancel_ref) for item in message.said])
    return order


def _linked(item: Said, ref: str | None) -> Said:
    """As the engine does: a report that quotes a request is about that request."""
    if ref is not None and isinstance(item, e.Cancelled | e.CancelRejected | e.CancelPending):
        return replace(item, cancel_id=derived("cancel", ref))
    return item


Figures = tuple[Status, Decimal | None, Decimal | None, Decimal | None]
"""OrdStatus, OrderQty, CumQty, LeavesQty; None where the row prints none."""


def printed(row: Row) -> Figures:
    """What the row says of the order."""
    size, matched, remaining = (row.get(name) for name in ("order_qty", "cum_qty", "leaves_qty"))
    return STATUSES[str(row["ord_status"])], _exact(size), _exact(matched), _exact(remaining)


def ours(order: Order, row: Row) -> Figures:
    """What we say of the order, where the row prints anything."""
    held = standing(order)
    told = printed(row)
    figures = (held.buckets.size, held.buckets.matched, held.buckets.remaining)
    size, matched, remaining = (
        None if theirs is None else mine for mine, theirs in zip(figures, told[1:], strict=True)
    )
    return held.status, size, matched, remaining


def _exact(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))
