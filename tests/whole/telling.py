"""Captures of the canonical feed, written line by line as a recorder would have."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from adapters.bootstrap import App, open_files, opened
from adapters.settings import Settings
from projections import queries
from projections.break_queries import Wanted, break_list

NOON = datetime(2026, 2, 7, 12, tzinfo=UTC)


def stamp(seconds: float) -> str:
    """RFC 3339, `seconds` after noon."""
    return (NOON + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Tape:
    """Lines in the order in which they were seen, one second apart unless told."""

    def __init__(
        self, capture: str = "tape", venue: str = "canonical", account: str = "desk-7"
    ) -> None:
        self.lines: list[str] = []
        self._head = {"venue": venue, "account": account}
        self._capture = capture
        self._clock = 0.0
        self._seq = 0
        self._reports = 0

    def wait(self, seconds: float) -> Tape:
        """Let time pass."""
        self._clock += seconds
        return self

    def lose(self, lines: int) -> Tape:
        """Lines that the recorder lost."""
        self._seq += lines
        return self

    def line(self, direction: str, **parts: object) -> Tape:
        """Any line."""
        self._seq += 1
        self._clock += 1
        record = {
            "v": 1,
            "capture": self._capture,
            "seq": self._seq,
            "at": stamp(self._clock),
            **self._head,
            "direction": direction,
            **parts,
        }
        self.lines.append(json.dumps(record))
        return self

    def frame(self, direction: str, msg: str, **fields: object) -> Tape:
        """A canonical message."""
        return self.line(direction, frame={"msg": msg, **fields})

    def place(self, ref: str = "X", size: str = "100", **more: object) -> Tape:
        """We place an order."""
        terms = {"instrument": "M1", "side": "BUY", "order_qty": size, "price": "1.95"}
        return self.frame("sent", "NewOrderSingle", **{"cl_ord_id": ref, **terms, **more})

    def report(self, exec_type: str, ref: str = "X", order: str = "O1", **more: object) -> Tape:
        """The venue reports on an order, with an exec id of its own unless told."""
        self._reports += 1
        base = {"order_id": order, "cl_ord_id": ref, "exec_id": f"E{self._reports}"}
        return self.frame("received", "ExecutionReport", **{**base, "exec_type": exec_type, **more})

    def live(self, ref: str = "X", order: str = "O1", size: str = "100") -> Tape:
        """We place an order and the venue takes it."""
        return self.place(ref, size).report("New", ref, order)

    def fill(self, size: str, ref: str = "X", order: str = "O1", **more: object) -> Tape:
        """The venue matches part of an order."""
        return self.report("Trade", ref, order, last_qty=size, last_px="1.95", **more)

    def cancel(self, ref: str = "Y", of: str = "X", **more: object) -> Tape:
        """We ask to cancel an order."""
        return self.frame("sent", "OrderCancelRequest", cl_ord_id=ref, orig_cl_ord_id=of, **more)

    def cancelled(self, ref: str = "Y", of: str = "X", order: str = "O1", **more: object) -> Tape:
        """The venue confirms a cancel."""
        return self.report("Canceled", ref, order, orig_cl_ord_id=of, **more)

    def refused(
        self, reason: object, ref: str = "Y", of: str = "X", order: str = "O1", **more: object
    ) -> Tape:
        """The venue refuses a cancel."""
        fields = {"order_id": order, "cl_ord_id": ref, "orig_cl_ord_id": of}
        return self.frame(
            "received",
            "OrderCancelReject",
            **fields,
            cxl_rej_response_to="cancel",
            cxl_rej_reason=reason,
            **more,
        )

    def write(self, path: Path) -> str:
        """Write the capture; its path."""
        path.write_text("".join(f"{text}\n" for text in self.lines), encoding="utf-8")
        return str(path)


def ingested(database_url: str, *paths: str) -> None:
    """Read captures into a database, each as one run."""
    for path in paths:
        with opened(Settings(database_url=database_url)) as app:
            app.ingest(open_files([path]))


def every_flag(app: App) -> list[dict[str, Any]]:
    """All flags, open and closed, breaks and notes."""
    with app.reading() as connection:
        at = queries.as_of(connection)
        assert at is not None
        return list(break_list(connection, at, Wanted(everything=True)))


def flags_of(database_url: str) -> dict[str, set[str]]:
    """Which codes are open and which are closed."""
    with opened(Settings(database_url=database_url)) as app:
        found: dict[str, set[str]] = {"open": set(), "closed": set()}
        for flag in every_flag(app):
            found[flag["status"]].add(flag["code"])
        return found


def orders_of(database_url: str) -> dict[str, dict[str, Any]]:
    """The orders by the venue's id, else by our reference."""
    with opened(Settings(database_url=database_url)) as app, app.reading() as connection:
        return {
            order["venue_order_id"] or order["client_order_id"]: order
            for order in queries.order_list(connection)
        }


def codes(found: Iterable[str]) -> str:
    """Codes as one readable word list."""
    return " ".join(sorted(found))
