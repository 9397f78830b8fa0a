"""Statements as files: written as users save them, read through the real readers and dialects."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from adapters.bootstrap_statements import statement_of
from adapters.venues.abp.translate import AbpDialect
from adapters.venues.canonical.translate import CanonicalDialect
from adapters.venues.fourcasters.translate import FourcastersDialect
from adapters.venues.predictstreet.translate import PredictStreetDialect
from domain.statement import (
    PartMissing,
    RowAside,
    Statement,
    StatementFill,
    StatementRow,
    Told,
    Unread,
)
from domain.values import Account, plain
from domain.wire import Dialect

DIALECTS: dict[str, Dialect] = {
    "abp": AbpDialect(),
    "canonical": CanonicalDialect(),
    "fourcasters": FourcastersDialect(),
    "predictstreet": PredictStreetDialect(),
}
ACCOUNT = "desk"


def file(directory: Path, name: str, content: object) -> str:
    """A file: bytes and text as they are, anything else as JSON."""
    path = directory / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content))
    return str(path)


def statement(venue: str, *paths: str, mapping: str | None = None) -> Statement:
    """The statement that the files are."""
    return statement_of(DIALECTS, Account(venue, ACCOUNT), paths, mapping)


def saved(directory: Path, venue: str, *contents: object) -> Statement:
    """The statement that these contents are, each in a file: `a.json`, `b.json`."""
    names = [file(directory, f"{chr(97 + index)}.json", one) for index, one in enumerate(contents)]
    return statement(venue, *names)


def spelled(read: Statement) -> Iterator[Told]:
    """What the statement tells, each line read."""
    for item in read.read():
        if not isinstance(item, Unread):
            yield item
            continue
        for place in range(len(item.ids)):
            line = item.read(place)
            if line is not None:
                yield line


def told(read: Statement) -> list[str]:
    """The rows, a line each; what is wrong begins with `!`."""
    return [_line(item) for item in spelled(read)]


def rows(read: Statement) -> list[StatementRow]:
    """The rows alone."""
    return [item for item in spelled(read) if isinstance(item, StatementRow)]


def wrong(read: Statement) -> list[str]:
    """What is wrong, alone."""
    return [line for line in told(read) if line.startswith("!")]


def _line(item: StatementRow | RowAside | PartMissing) -> str:
    if not isinstance(item, StatementRow):
        return f"! {item.place.line}: {item.reason}"
    claims = item.claims
    figures = "/".join(map(_figure, (claims.size, claims.matched, claims.remaining)))
    names = "=".join(name.value for name in item.names) or "?"
    word = claims.status.value if claims.status is not None else str(claims.raw_status or "-")
    line = f"{names} {word} {figures}"
    if item.fills is None:
        return line
    return f"{line} [{' '.join(map(_fill, item.fills))}]"


def _figure(value: Decimal | None) -> str:
    return "-" if value is None else plain(value)


def _fill(fill: StatementFill) -> str:
    marks = ("?" if fill.provisional else "") + ("x" if fill.gone else "")
    money = "" if fill.currency is None else fill.currency
    return f"{fill.fill_id}:{_figure(fill.size)}{money}{marks}"


def abp_order(order_id: int, **changes: object) -> dict[str, object]:
    """A row of `GET /orders`."""
    return {
        "orderId": order_id,
        "requestUuid": f"0b6f6f0e-0000-4000-8000-{order_id:012d}",
        "fixtureId": "id2000000000000001",
        "outcomeId": 101,
        "orderPrice": 1.9,
        "orderStake": 300,
        "filledStake": 0,
        "userRef": "desk-7",
        "orderCurrency": "USD",
        "back": True,
        "orderStatus": "PENDING",
        "updatedAt": "2031-02-03T10:00:01+00:00",
        **changes,
    }


def abp_page(*order_ids: int, more: bool = False, **changes: object) -> dict[str, object]:
    """A page of `GET /orders`."""
    return {
        "orders": [abp_order(order_id) for order_id in order_ids],
        "count": len(order_ids),
        "hasMore": more,
        "nextCursor": order_ids[-1] if more else None,
        **changes,
    }


PS_ORDER = {"quantity": "100", "status": "OPEN"}


def ps_page(*order_ids: str, cursor: str | None = None) -> dict[str, object]:
    """A page of PredictStreet's open orders."""
    return {"orders": [{**PS_ORDER, "id": one} for one in order_ids], "nextCursor": cursor}


def exchange(  # noqa: PLR0913 - a request and its answer
    seq: int,
    path: str,
    body: object,
    *,
    venue: str = "abp",
    query: Mapping[str, object] | None = None,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    at: str = "2031-02-03T10:00:00Z",
    account: str = ACCOUNT,
    method: str = "GET",
) -> list[dict[str, Any]]:
    """The two lines of a capture that a read over HTTP is."""
    line = {"v": 1, "capture": "c", "at": at, "venue": venue, "account": account}
    asked: dict[str, object] = {"method": method, "path": path, "query": dict(query or {})}
    answer = {"status": status, "headers": dict(headers or {}), "body": body}
    named = {"exchange": f"x{seq}"}
    return [
        {**line, "seq": seq, "direction": "sent", **named, "http": asked},
        {**line, "seq": seq + 1, "direction": "received", **named, "http": answer},
    ]


def lines(*records: Sequence[object] | Mapping[str, object]) -> str:
    """Records as lines of JSON; a list of records is several lines."""
    flat: list[object] = []
    for record in records:
        flat.extend([record] if isinstance(record, Mapping) else record)
    return "".join(f"{json.dumps(one)}\n" for one in flat)
