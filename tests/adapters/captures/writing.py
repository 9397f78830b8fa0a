"""Builders of capture lines, and what reading them gives."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any

from adapters.captures import ndjson
from domain.wire import Item, Read, SetAside

FRAME: Mapping[str, Any] = {"msg": "OrderStatusRequest", "cl_ord_id": "X"}
BASE: Mapping[str, Any] = {
    "v": 1,
    "capture": "day-1",
    "seq": 7,
    "at": "2026-01-02T03:04:05.000006Z",
    "venue": "canonical",
    "account": "desk",
    "direction": "sent",
    "frame": FRAME,
}
ABSENT = object()


def written(**changes: Any) -> bytes:  # noqa: ANN401 - any JSON value
    record = {**BASE, **changes}
    kept = {name: value for name, value in record.items() if value is not ABSENT}
    return json.dumps(kept).encode()


def read(data: bytes, **options: Any) -> list[Item]:  # noqa: ANN401 - options of `read`
    return list(ndjson.read("file", io.BytesIO(data), **options))


def only(data: bytes) -> Item:
    (item,) = read(data)
    return item


def message(data: bytes) -> Read:
    item = only(data)
    assert isinstance(item, Read), item
    return item


def aside(data: bytes) -> SetAside:
    item = only(data)
    assert isinstance(item, SetAside), item
    return item
