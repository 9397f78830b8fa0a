"""Captures for tests, line by line, and an app that reads them."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from adapters.bootstrap import App, opened
from adapters.bootstrap_ingest import Tally
from adapters.captures.ndjson import item
from adapters.settings import Settings
from domain.wire import Item
from projections import queries
from projections.break_queries import Wanted, break_list
from projections.rebuild import compare

NOON = datetime(2026, 2, 7, 12, 0, tzinfo=UTC)
Record = dict[str, Any]


def clock(seconds: float) -> str:
    """The time so many seconds after noon, as a capture writes it."""
    moment = NOON + timedelta(seconds=seconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Feed:
    """One capture in the making; each line is a second after the one before."""

    def __init__(
        self, capture: str = "c1", *, venue: str = "canonical", account: str = "desk"
    ) -> None:
        self.records: list[Record] = []
        self._same = {"v": 1, "capture": capture, "venue": venue, "account": account}

    def add(self, direction: str, *, at: float | None = None, **rest: object) -> Feed:
        """One line more, at the next place of the capture."""
        seq = len(self.records) + 1
        told = {name: value for name, value in rest.items() if value is not None}
        place = {"seq": seq, "at": clock(seq if at is None else at), "direction": direction}
        self.records.append({**self._same, **place, **told})
        return self

    def sent(self, msg: str, **fields: object) -> Feed:
        """We sent a canonical message."""
        return self.add("sent", frame={"msg": msg, **fields})

    def got(self, msg: str, **fields: object) -> Feed:
        """We received a canonical message."""
        return self.add("received", frame={"msg": msg, **fields})

    def place(self, client: str, size: str = "100", **fields: object) -> Feed:
        """We placed an order."""
        told = {"instrument": "M1", "side": "BUY", "price": "1.95", **fields}
        return self.sent("NewOrderSingle", cl_ord_id=client, order_qty=size, **told)

    def report(self, kind: str, order: str, client: str | None = None, **fields: object) -> Feed:
        """The venue reported on an order."""
        told = {"order_id": order, "cl_ord_id": client, "exec_type": kind, **fields}
        return self.got("ExecutionReport", **{k: v for k, v in told.items() if v is not None})

    def trade(self, order: str, client: str | None, exec_id: str, size: str) -> Feed:
        """The venue matched a part."""
        return self.report("Trade", order, client, exec_id=exec_id, last_qty=size, last_px="1.95")

    def cancel(self, ref: str, orig: str | None, order: str | None = None, **f: object) -> Feed:
        """We asked for an order back."""
        told = {"cl_ord_id": ref, "orig_cl_ord_id": orig, "order_id": order, **f}
        told = {name: value for name, value in told.items() if value is not None}
        return self.sent("OrderCancelRequest", **told)

    def refuse(self, ref: str, orig: str, order: str, reason: str, **fields: object) -> Feed:
        """The venue refused a cancel."""
        return self.got(
            "OrderCancelReject",
            cl_ord_id=ref,
            orig_cl_ord_id=orig,
            order_id=order,
            cxl_rej_response_to="cancel",
            cxl_rej_reason=reason,
            **fields,
        )

    def lose(self, ref: str, orig: str, kind: str = "timeout") -> Feed:
        """No answer came to a cancel."""
        frame = {"msg": "OrderCancelRequest", "cl_ord_id": ref, "orig_cl_ord_id": orig}
        return self.add("lost", frame=frame, error={"kind": kind, "detail": "no answer"})

    def post(self, exchange: str, path: str, body: object, **http: object) -> Feed:
        """We sent a request over HTTP."""
        told = {"method": "POST", "path": path, "body": body, **http}
        return self.add("sent", exchange=exchange, http=told)

    def reply(self, exchange: str, body: object, status: int = 200) -> Feed:
        """An answer came over HTTP."""
        return self.add("received", exchange=exchange, http={"status": status, "body": body})

    def lost(self, exchange: str, kind: str = "timeout") -> Feed:
        """No answer came over HTTP."""
        return self.add("lost", exchange=exchange, error={"kind": kind, "detail": "no answer"})


def raw(record: Record) -> bytes:
    """A line of a file."""
    return json.dumps(record).encode()


def items(records: Iterable[Record], source: str = "test") -> list[Item]:
    """The lines as the reader gives them."""
    return [item(source, number, raw(record)) for number, record in enumerate(records, 1)]


@contextmanager
def desk(url: str) -> Generator[App]:
    """The whole program over a scratch database."""
    with opened(Settings(database_url=url, durability="normal")) as app:
        yield app


def feed(app: App, *files: Feed | Sequence[Record]) -> Tally:
    """Ingest each as one file, all in one run."""
    sources = [
        (f"file{number}", items(one.records if isinstance(one, Feed) else one, f"file{number}"))
        for number, one in enumerate(files)
    ]
    return app.ingest(sources)


def orders(app: App) -> dict[str, Record]:
    """Every order by the venue's id, else by ours; sizes as texts."""
    with app.reading() as connection:
        found = list(queries.order_list(connection))
    return {row["venue_order_id"] or row["client_order_id"]: row for row in found}


def cancels(app: App) -> list[Record]:
    """Every cancel request with its outcomes."""
    with app.reading() as connection:
        return list(queries.cancel_list(connection))


def flags(app: App, *, everything: bool = False) -> list[str]:
    """The codes of the breaks that are open, or of all flags that there ever were."""
    with app.reading() as connection:
        at = app.as_of(connection)
        if at is None:
            return []
        return [row["code"] for row in break_list(connection, at, Wanted(everything=everything))]


def sound(app: App) -> str:
    """The state hash, once the read models are what a rebuild gives, row for row."""
    differing = compare(app.writing, app.store, app.runner.projections, app.limits)
    assert not any(differing.values()), differing
    return app.state_hash()


def stands(row: Record) -> str:
    """An order in short: size = matched + remaining + cancelled + lapsed + voided, and its word."""
    parts = ("size", "matched", "remaining", "cancelled", "lapsed", "voided")
    word = row["status"] + (" cancel pending" if row["cancel_pending"] else "")
    doubt = "" if row["certain"] else f" {row['remaining_min']}..{row['remaining_max']}"
    return " ".join(f"{row[name].normalize():f}" for name in parts) + f" {word}{doubt}"


def book(app: App) -> dict[str, str]:
    """Every order in short, by the venue's id, else by ours."""
    return {name: stands(row) for name, row in orders(app).items()}


def outcomes(record: Record) -> list[str]:
    """The outcomes of a request in short.

    Asked, venue's id, outcome, reason, taken, and what matched before, in flight and after.
    """
    found: list[str] = []
    for told_of in record["outcomes"]:
        sizes = [told_of[f"matched_{when}"] for when in ("before", "in_flight", "after")]
        told = [told_of[name] for name in ("asked", "venue_order_id", "outcome", "reason")]
        taken = told_of["cancelled"]
        words = [str(word) if word is not None else "-" for word in told]
        words.append("-" if taken is None else f"{taken:f}")
        words.append("/".join("-" if size is None else f"{size.normalize():f}" for size in sizes))
        found.append(" ".join(words))
    return found
