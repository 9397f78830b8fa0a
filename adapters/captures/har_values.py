"""The values that HAR writes in its own way: bodies, headers, times."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from adapters.captures.exact import NotJson, is_list, is_object, parse

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:?\d\d)", re.ASCII
).fullmatch


class WrongEntry(ValueError):
    """The entry does not have the shape that HAR 1.2 gives it; the reason names the field."""


def content(text: str, encoding: object) -> Any:  # noqa: ANN401 - any JSON value
    """A body: JSON with its digits as written, else a text, else bytes."""
    data = text.encode("utf-8", "replace")
    if encoding == "base64":
        try:
            data = base64.b64decode("".join(text.split()), validate=True)
            text = data.decode()
        except UnicodeDecodeError:
            return {"$base64": text}
        except (binascii.Error, ValueError):
            return {"$text": text}
    try:
        value, _ = parse(data)
    except NotJson:
        return {"$text": text}
    return value


def headers(listed: object) -> dict[str, str]:
    """Headers by name; the values of one that stands several times are joined."""
    joined: dict[str, str] = {}
    if not is_list(listed):
        return joined
    for header in listed:
        if is_object(header) and isinstance(name := header.get("name"), str):
            value = str(header.get("value") or "")
            joined[name] = f"{joined[name]}, {value}" if name in joined else value
    return joined


def moment(text: object) -> datetime:
    """When an entry began: a time with any zone, to the microsecond."""
    if not isinstance(text, str) or _MOMENT(text) is None:
        raise WrongEntry("startedDateTime: not a time with its zone")
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise WrongEntry(f"startedDateTime: {error}") from error


def milliseconds(value: object) -> timedelta:
    """How long it took, exact; a recorder that does not know writes nothing or less than zero."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or value < 0:
        return timedelta(0)
    try:
        return timedelta(microseconds=int(value * 1000))
    except OverflowError as error:
        raise WrongEntry("time: out of range") from error


def epoch_seconds(value: object) -> datetime:
    """When a frame passed: seconds since 1970, exact to the microsecond."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise WrongEntry(".time: not a number of seconds")
    try:
        return EPOCH + timedelta(microseconds=int(value * 1_000_000))
    except OverflowError as error:
        raise WrongEntry(".time: out of range") from error
