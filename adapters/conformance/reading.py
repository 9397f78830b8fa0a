"""Tables of scenarios in the published JSON format; what does not fit is named by its place."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn, cast

from adapters.conformance.scenario import Direction, Figures, Scenario, Step
from domain.lifecycle import Status
from domain.values import BadAmount, amount

TABLES = Path(__file__).with_name("tables")
PUBLISHED = ("fix_order_state_matrices.json", "fix_further_scenarios.json", "left_open.json")
"""The suite: the published matrices, further scenarios of the standard, what FIX leaves open."""

STATUSES: Mapping[str, Status] = {
    "PendingNew": Status.PENDING_NEW,
    "New": Status.NEW,
    "AcceptedForBidding": Status.NEW,
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
"""FIX OrdStatus (tag 39) by name, and our word for it."""

DIRECTIONS: Mapping[str, Direction] = {
    "to_venue": Direction.SENT,
    "from_venue": Direction.RECEIVED,
    "lost": Direction.LOST,
    "off_channel": Direction.ASIDE,
}
SENT = ("NewOrderSingle", "OrderCancelRequest", "OrderCancelReplaceRequest", "OrderStatusRequest")
RECEIVED = ("ExecutionReport", "OrderCancelReject")
VERBAL = "Verbal"
"""Something agreed by voice, beside the wire: nothing that anybody here could know."""
WIRE = "Wire"
"""A line of another venue's, in `extra.wire`."""

_BY_DIRECTION: Mapping[Direction, Sequence[str]] = {
    Direction.SENT: (*SENT, WIRE),
    Direction.RECEIVED: (*RECEIVED, WIRE),
    Direction.LOST: (*SENT, WIRE),
    Direction.ASIDE: (VERBAL,),
}
_IDS = ("cl_ord_id", "orig_cl_ord_id", "exec_type", "ord_status")
_QUANTITIES = ("order_qty", "cum_qty", "leaves_qty", "last_qty")
_OURS = frozenset({"concurrent", "expect", "orders", "wire"})
"""Entries of `extra` that steer the suite; the others are further fields of the message."""
_IN_FORCE: Mapping[str, str] = {
    r"\bgtd\b": "GTD",
    r"\bgtc?\b|\bgood.till\b": "GTC",
    r"\bfok\b|\bfill.or.kill\b": "FOK",
    r"\bioc\b|\bimmediate.or.cancel\b": "IOC",
}
"""The matrices tell the time in force in titles and groups only; a day order is called nothing."""


class BadTable(Exception):
    """A file is no table of scenarios; the text names the file and the place in it."""


def published() -> list[Scenario]:
    """Every scenario that comes with the program."""
    return [scenario for name in PUBLISHED for scenario in scenarios(TABLES / name)]


def scenarios(path: Path) -> list[Scenario]:
    """Every scenario of a file; raise `BadTable` naming what does not fit and where it stands."""
    try:
        written = path.read_bytes()
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise BadTable(f"{path}: cannot be read ({why}); name a file of scenarios") from error
    try:
        table = json.loads(written.decode("utf-8-sig"), parse_float=Decimal)
    except UnicodeDecodeError as error:
        raise BadTable(f"{path}: byte {error.start}: not UTF-8; save it as UTF-8") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno} column {error.colno}"
        raise BadTable(f"{path}: {where}: not JSON ({error.msg}); mend it there") from error
    except RecursionError as error:
        raise BadTable(f"{path}: nested too deep to be a table of scenarios") from error
    return _Table(path).read(table)


class _Table:
    """Reads one file, knowing at every point which place it is at."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self, table: object) -> list[Scenario]:
        rows = self._list(self._object(table, "").get("scenarios"), "scenarios")
        found = [self._scenario(row, f"scenarios[{at}]") for at, row in enumerate(rows)]
        names = [scenario.name for scenario in found]
        for at, name in enumerate(names):
            if name in names[:at]:
                self._bad(f"scenarios[{at}].id", f"{name} stands twice")
        return found

    def _scenario(self, row: object, place: str) -> Scenario:
        told = self._object(row, place)
        name = self._text(told.get("id"), f"{place}.id")
        title = self._text(told.get("title", name), f"{place}.title")
        steps = self._list(told.get("steps"), f"{place}.steps")
        in_force = _time_in_force(f"{told.get('group') or ''} {title}")
        codes = self._array(told.get("breaks", []), f"{place}.breaks")
        return Scenario(
            self._path.name,
            name,
            title,
            [self._step(step, f"{place}.steps[{at}]", in_force) for at, step in enumerate(steps)],
            frozenset(self._text(code, f"{place}.breaks[{at}]") for at, code in enumerate(codes)),
            told.get("claims_needed") is True,
        )

    def _step(self, row: object, place: str, in_force: str | None) -> Step:
        told = self._object(row, place)
        direction = self._one_of(told.get("direction"), DIRECTIONS, f"{place}.direction")
        msg = self._text(told.get("msg"), f"{place}.msg")
        if msg not in _BY_DIRECTION[direction]:
            allowed = ", ".join(_BY_DIRECTION[direction])
            self._bad(f"{place}.msg", f"{msg!r} is none of {allowed}")
        branches = {"main": True, "alt": False}
        taken = self._one_of(told.get("branch", "main"), branches, f"{place}.branch")
        extra = self._object(told.get("extra") or {}, f"{place}.extra")
        message = {"msg": msg, **self._fields(told, place)}
        message.update((name, value) for name, value in extra.items() if name not in _OURS)
        if msg == "NewOrderSingle":
            message.setdefault("side", "BUY")
            if in_force is not None:
                message.setdefault("time_in_force", in_force)
        if msg == "ExecutionReport" and "exec_type" not in message:
            self._bad(f"{place}.exec_type", "missing: nothing says what happened")
        wire = extra.get("wire")
        if (wire is None) is (msg == WIRE):
            self._bad(f"{place}.extra.wire", "stands in a Wire step, and nowhere else")
        return Step(
            t=self._time(told.get("t"), f"{place}.t"),
            direction=direction,
            message=message,
            printed=self._figures(told, extra, place),
            taken=taken,
            concurrent=extra.get("concurrent") is True,
            wire=None if wire is None else self._object(wire, f"{place}.extra.wire"),
            orders={
                name: self._figures(self._object(said, where), self._object(said, where), where)
                for name, said in self._object(extra.get("orders") or {}, place).items()
                for where in (f"{place}.extra.orders.{name}",)
            },
        )

    def _fields(self, told: Mapping[str, Any], place: str) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        for name in _IDS:
            if told.get(name) is not None:
                fields[name] = self._text(told[name], f"{place}.{name}")
        for name in _QUANTITIES:
            if told.get(name) is not None:
                fields[name] = self._quantity(told[name], f"{place}.{name}")
        return fields

    def _figures(self, told: Mapping[str, Any], extra: Mapping[str, Any], place: str) -> Figures:
        word = told.get("ord_status")
        sizes = (self._figure(told, name, place) for name in _QUANTITIES[:3])
        size, matched, remaining = sizes
        return Figures(
            None if word is None else self._one_of(word, STATUSES, f"{place}.ord_status"),
            size,
            matched,
            remaining,
            self._object(extra.get("expect") or {}, f"{place}.extra.expect"),
        )

    def _figure(self, told: Mapping[str, Any], name: str, place: str) -> Decimal | None:
        value = told.get(name)
        return None if value is None else self._quantity(value, f"{place}.{name}")

    def _quantity(self, value: object, place: str) -> Decimal:
        try:
            number = amount(value)
        except BadAmount as error:
            self._bad(place, str(error))
        if number < 0:
            self._bad(place, f"{number} is below zero")
        return number

    def _one_of(self, value: object, words: Mapping[str, Any], place: str) -> Any:  # noqa: ANN401 - whatever the words stand for
        if not isinstance(value, str) or value not in words:
            self._bad(place, f"{value!r} is none of {', '.join(words)}")
        return words[value]

    def _time(self, value: object, place: str) -> str:
        if isinstance(value, bool) or not isinstance(value, str | int | Decimal) or value == "":
            self._bad(place, "missing, or neither a text nor a number")
        return str(value)

    def _text(self, value: object, place: str) -> str:
        if not isinstance(value, str) or not value:
            self._bad(place, "missing, or not a text")
        return value

    def _object(self, value: object, place: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            self._bad(place, "not an object")
        return cast("dict[str, Any]", value)

    def _array(self, value: object, place: str) -> list[Any]:
        if not isinstance(value, list):
            self._bad(place, "not a list")
        return list(cast("Sequence[Any]", value))

    def _list(self, value: object, place: str) -> list[Any]:
        found = self._array(value, place)
        if not found:
            self._bad(place, "empty")
        return found

    def _bad(self, place: str, reason: str) -> NoReturn:
        at = f"{place}: " if place else ""
        raise BadTable(
            f"{self._path}: {at}{reason}; the format is in docs/conformance.md, "
            f"and an example is {TABLES / PUBLISHED[0]}"
        )


def _time_in_force(title: str) -> str | None:
    plain = title.casefold()
    return next((word for text, word in _IN_FORCE.items() if re.search(text, plain)), None)
