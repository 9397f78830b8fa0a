"""Secrets never reach the log: headers by an allow-list, credentials by the names they bear.

A line that holds nothing secret is kept byte for byte. Only a line that does (a header outside the
allow-list, a field or query parameter named like a credential) is written anew, with `$redacted`
in the place of each such value, and read from what was written: what is stored is what was read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import chain
from typing import Any, cast

import msgspec

REDACTED = "$redacted"

_ALLOWED = (
    "accept accept-encoding accept-language age cache-control connection content-encoding "
    "content-language content-length content-type date etag expires host idempotency-key "
    "last-modified ratelimit-limit ratelimit-policy ratelimit-remaining ratelimit-reset "
    "retry-after server transfer-encoding user-agent vary via x-correlation-id x-ratelimit-limit "
    "x-ratelimit-remaining x-ratelimit-reset x-request-id x-server-time x-user-wallet"
)
ALLOWED_HEADERS = frozenset(_ALLOWED.split())
"""Headers whose values are kept. `X-User-Wallet` says whose orders are meant; it opens nothing."""

_CREDENTIALS = (
    "access token, api key, api secret, auth, auth token, authorization, client secret, cookie, "
    "id token, jwt, passphrase, passwd, password, private key, refresh token, secret, session id, "
    "session token, set cookie, signature, token, x abp api key, x api key, x auth token"
)
_QUERY_ONLY = frozenset({"key", "sig"})
"""Too common a word for a field of a message, but a credential in a query (`/ws?key=…`)."""


def _spellings(words: str) -> tuple[str, ...]:
    """`api key` as it is written: apiKey, ApiKey, api_key, api-key, API_KEY, Api-Key, and so on."""
    parts = words.split()
    titles = [part.title() for part in parts]
    camel = parts[0] + "".join(titles[1:])
    joined = [glue.join(case) for glue in ("", "-", "_") for case in (parts, titles)]
    return (camel, words, *joined, *(text.upper() for text in joined))


SECRET_NAMES = frozenset(chain.from_iterable(map(_spellings, _CREDENTIALS.split(", "))))
"""Every usual spelling of a name under which a secret travels: looked up once per object."""

_SQUEEZED = frozenset(name.lower().replace("-", "").replace("_", "") for name in SECRET_NAMES)
_ALTERNATIVES = "|".join(sorted((name for name in SECRET_NAMES if name.islower()), reverse=True))
_NAMED = rf"(?:[\w-]*[-_])?(?:{_ALTERNATIVES})"
_OBJECT_ID = re.compile(r"[0-9a-fA-F]{24}")
_QUERY = re.compile(
    rf"((?:^|[?&;\s])(?:{_NAMED}|key|sig)=)(?!\$redacted)[^&;#\s\"']+", re.IGNORECASE
)
_FIELD = re.compile(rf"(\"{_NAMED}\\*\"\s*:\s*\\*\")(?!\$redacted)[^\"\\]+", re.IGNORECASE)
_PAIR = re.compile(
    rf"(\"name\"\s*:\s*\"{_NAMED}\"\s*,\s*\"value\"\s*:\s*\")[^\"\\]+", re.IGNORECASE
)

_encode = msgspec.json.Encoder(decimal_format="number").encode


def written(record: Mapping[str, Any]) -> bytes:
    """The record as one line of a capture; numbers keep their digits."""
    return _encode(record)


def scrubbed(raw: bytes) -> bytes:
    """Bytes that nobody could read, without what looks like a credential."""
    text = raw.decode("utf-8", "surrogateescape")
    return text_without_secrets(text).encode("utf-8", "surrogateescape")


def text_without_secrets(text: str) -> str:
    """A text (a form, a query, broken JSON) without what looks like a credential."""
    text = _QUERY.sub(rf"\1{REDACTED}", text)
    return _PAIR.sub(rf"\1{REDACTED}", _FIELD.sub(rf"\1{REDACTED}", text))


def may_hold_secret(http: Mapping[str, Any]) -> bool:
    """Whether an HTTP message must be looked through: a quick look that errs on this side."""
    headers = http.get("headers")
    if headers:
        if type(headers) is not dict:
            return True
        for name, value in cast("dict[str, Any]", headers).items():
            if name.lower() not in ALLOWED_HEADERS and value != REDACTED:
                return True
    query = http.get("query")
    if query:
        if type(query) is not dict:
            return True
        if not _QUERY_ONLY.isdisjoint(cast("dict[str, Any]", query)):
            return True
    path = http.get("path")
    body = http.get("body")
    return (type(path) is str and "?" in path) or (type(body) is dict and "$text" in body)


def redacted(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record of a line without secrets; equal to the record when there are none."""
    clean = _fields(record)
    http = clean.get("http")
    if isinstance(http, dict):
        clean["http"] = _http(cast("dict[str, Any]", http))
    return clean


def headers_without_secrets(headers: object) -> object:
    """Headers with every value outside the allow-list redacted."""
    if isinstance(headers, dict):
        fields = cast("dict[str, Any]", headers)
        return {
            name: value if name.lower() in ALLOWED_HEADERS else REDACTED
            for name, value in fields.items()
        }
    return None if headers is None else REDACTED


def _http(http: dict[str, Any]) -> dict[str, Any]:
    clean = dict(http)
    if "headers" in clean:
        clean["headers"] = headers_without_secrets(clean["headers"])
    query = clean.get("query")
    if isinstance(query, str):
        clean["query"] = text_without_secrets(query)
    elif isinstance(query, dict):
        fields = cast("dict[str, Any]", query)
        clean["query"] = {
            name: REDACTED if name.lower() in _QUERY_ONLY else value
            for name, value in fields.items()
        }
    if isinstance(clean.get("path"), str):
        clean["path"] = text_without_secrets(clean["path"])
    return clean


def _is_secret(name: str) -> bool:
    return name.lower().replace("-", "").replace("_", "") in _SQUEEZED


def _is_order(name: str, value: object) -> bool:
    """Over REST 4casters calls an order's id `sessionID`: 24 hexadecimal digits, no secret."""
    return (
        name == "sessionID" and isinstance(value, str) and _OBJECT_ID.fullmatch(value) is not None
    )


def _fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _hidden(value)
        if _is_secret(name) and not _is_order(name, value)
        else _value(value, name)
        for name, value in fields.items()
    }


def _hidden(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """What stands in the place of a secret; an object is looked through, as it has names."""
    if value is None or isinstance(value, bool):
        return value
    return _fields(cast("dict[str, Any]", value)) if isinstance(value, dict) else REDACTED


def _value(value: Any, name: str = "") -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        return _fields(cast("dict[str, Any]", value))
    if isinstance(value, list):
        return [_value(item) for item in value]  # pyright: ignore[reportUnknownVariableType] - any JSON value
    if name == "$text" and isinstance(value, str):
        return text_without_secrets(value)
    return value
