"""A variant as a capture: the canonical lines that a recorder would have written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from adapters.conformance.scenario import CLAIMS, Direction, Step, Variant
from domain.values import Name, NameKind, plain

STARTS = datetime(2026, 1, 5, 9, tzinfo=UTC)
"""When every scenario begins; each row comes a second after the one before it."""
NOBODY = "NONE"
"""What a venue writes as order id when it knows no order (FIX tag 37)."""
_ID = "order_id"


class Ids:
    """The venue's id of each order: chains of client ids lead to the order that they began with."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self._roots: dict[str, str] = {}
        self._orders: list[str] = []
        for step in steps:
            own = step.message.get("cl_ord_id")
            root = self._roots.get(step.message.get("orig_cl_ord_id") or "")
            if own is None or own in self._roots:
                continue
            if root is not None:
                self._roots[own] = root
            elif step.message["msg"] == "NewOrderSingle" or _begins(step):
                self._roots[own] = f"V-{own}"
                self._orders.append(self._roots[own])

    def of(self, step: Step) -> str:
        """The venue's id of the order that a step is about."""
        told = step.message.get(_ID)
        if told is not None:
            return str(told)
        for name in ("cl_ord_id", "orig_cl_ord_id"):
            root = self._roots.get(step.message.get(name) or "")
            if root is not None:
                return root
        if step.message.get("cl_ord_id") is None:
            return self._orders[0] if self._orders else "V-1"
        return NOBODY


def _begins(step: Step) -> bool:
    """The venue tells of an order that nobody here had sent (placed by voice)."""
    kind = step.message.get("exec_type")
    return step.direction is Direction.RECEIVED and kind in {"New", "PendingNew", "Trade"}


def names(step: Step, ids: Ids) -> list[Name]:
    """The names that lead to the order that a step is about, the venue's first."""
    found: list[Name] = []
    venue = ids.of(step)
    if venue != NOBODY:
        found.append(Name(NameKind.VENUE, venue))
    for name in ("cl_ord_id", "orig_cl_ord_id"):
        value = step.message.get(name)
        if value is not None:
            found.append(Name(NameKind.CLIENT, value))
    return found


def places(variant: Variant) -> dict[int, int]:
    """Which line each step leaves; a step that is no message leaves none."""
    steps = enumerate(variant.steps)
    spoken = [at for at, step in steps if step.direction is not Direction.ASIDE]
    return {at: seq for seq, at in enumerate(spoken, 1)}


def capture_lines(variant: Variant, capture: str) -> Iterator[str]:
    """The lines of a variant, in their order."""
    ids = Ids(variant.scenario.steps)
    asked: dict[str, str] = {}
    for at, seq in places(variant).items():
        step = variant.steps[at]
        if step.direction is Direction.SENT:
            asked[step.message.get("cl_ord_id", "")] = step.message["msg"]
        told = step.wire or _told(variant, step, ids, asked)
        line: dict[str, Any] = {
            "v": 1,
            "capture": capture,
            "seq": seq,
            "at": (STARTS + timedelta(seconds=at)).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "venue": "canonical",
            "account": capture,
            "direction": step.direction.value,
            **told,
        }
        yield json.dumps(line, default=str)


def _told(variant: Variant, step: Step, ids: Ids, asked: Mapping[str, str]) -> dict[str, Any]:
    frame = {
        name: _text(value)
        for name, value in step.message.items()
        if variant.claims or name not in CLAIMS
    }
    error = frame.pop("error", None)
    if step.message["msg"] == "ExecutionReport":
        frame = {"exec_id": _report_id(variant, step), **frame, _ID: ids.of(step)}
    elif step.message["msg"] == "OrderCancelReject":
        replaced = asked.get(step.message.get("cl_ord_id", "")) == "OrderCancelReplaceRequest"
        unknown = ids.of(step) == NOBODY
        reason = "1" if unknown else "2"  # unknown order; else the venue's option
        response = {"cxl_rej_response_to": "replace" if replaced else "cancel"}
        frame = {"cxl_rej_reason": reason, **response, **frame, _ID: ids.of(step)}
    return {"frame": frame} if error is None else {"frame": frame, "error": error}


def _report_id(variant: Variant, step: Step) -> str:
    """The id of a report: where it stands in the table, in whatever order it arrives."""
    place = next(at for at, row in enumerate(variant.scenario.steps, 1) if row is step)
    return f"{variant.scenario.name}-{place}"


def _text(value: object) -> object:
    return plain(value) if isinstance(value, Decimal) else value
