"""What a venue's client comes with: what is passed on as it is, and what of it opens something."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from starlette.requests import HTTPConnection

_OPENING = frozenset(
    {
        *("authorization", "cookie", "x-abp-api-key", "x-api-key", "x-auth-token", "x-signature"),
        *("x-access-token", "x-api-secret", "x-session-token", "x-csrf-token"),
    }
)
"""What opens something goes on beside the recording, not through it; of further headers the log
keeps the values of an allow-list alone."""
NOT_PASSED = frozenset(
    {
        *("accept-encoding", "connection", "content-length", "expect", "host", "keep-alive"),
        *("proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade"),
    }
)
_KEYS = frozenset({"apikey", "key", "token", "accesstoken", "sessiontoken", "auth"})
"""Where else a key may stand, names squeezed: in the query of a handshake, in a first frame."""
KEY = "x-api-key"
"""Wherever a key stands, its account is the one that it has in this header."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The headers of a request or a handshake. `opening` go on beside the recording.

    `names` is what the account is known by: `opening`, or a key that stands in the query.
    """

    headers: Mapping[str, str]
    opening: Mapping[str, str]
    names: Mapping[str, str]


def entry_of(connection: HTTPConnection) -> Entry:
    """What a request, or the handshake of a socket, comes with."""
    passed = {name: told for name, told in connection.headers.items() if name not in NOT_PASSED}
    opening = {name: told for name, told in passed.items() if name in _OPENING}
    headers = {name: told for name, told in passed.items() if name not in _OPENING}
    names = opening
    if not opening and (key := _key_among(dict(connection.query_params))) is not None:
        names = {KEY: key}
    return Entry(headers, opening, names)


def key_in(frame: bytes) -> str | None:
    """The key that a frame logs in with."""
    try:
        told: Any = json.loads(frame, parse_float=str)  # only its key is looked for
    except (ValueError, RecursionError):
        return None
    return _key_among(cast("dict[str, Any]", told)) if isinstance(told, dict) else None


def _key_among(fields: Mapping[str, Any]) -> str | None:
    for name, value in fields.items():
        if name.lower().replace("-", "").replace("_", "") in _KEYS and isinstance(value, str):
            return value
    return None
