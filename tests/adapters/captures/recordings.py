"""Builders of HAR recordings with invented values."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from adapters.captures import har
from domain.wire import Item, Line, Read

SECRET = "s3cr3t-0123456789"  # noqa: S105 - invented
WALLET = "0x00000000000000000000000000000000000000Ab"


def entry(url: str = "https://v2.55-tech.com/orders?status=open", **told: Any) -> dict[str, Any]:  # noqa: ANN401 - fields of an entry
    return {
        "startedDateTime": "2026-01-02T03:04:05.006+01:00",
        "time": 12.5,
        "request": {
            "method": "GET",
            "url": url,
            "headers": [{"name": "X-ABP-API-KEY", "value": SECRET}],
            "queryString": [],
            "cookies": [{"name": "auth", "value": SECRET}],
            **told.pop("request", {}),
        },
        "response": {
            "status": 200,
            "statusText": "OK",
            "headers": [{"name": "Content-Type", "value": "application/json"}],
            "content": {"size": 2, "mimeType": "application/json", "text": '{"a":1.10}'},
            **told.pop("response", {}),
        },
        **told,
    }


def recorded(*entries: object) -> bytes:
    return json.dumps({"log": {"version": "1.2", "pages": [], "entries": entries}}).encode()


def read(*entries: object, **told: Any) -> list[Item]:  # noqa: ANN401 - options of `har.read`
    return list(har.read("f.har", recorded(*entries), **told))


def lines(items: Sequence[Item]) -> list[Line]:
    found = [item.line for item in items if isinstance(item, Read)]
    assert len(found) == len(items), items
    return found


def socket(url: str, *frames: object) -> dict[str, Any]:
    return entry(
        url, response={"status": 101}, _resourceType="websocket", _webSocketMessages=frames
    )
