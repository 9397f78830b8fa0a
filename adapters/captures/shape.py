"""From a JSON value to a line of a capture: every field checked as the format page has it.

Checked by hand: this runs for every line that is ever read. The same checks as a pydantic model
took 1.7 × as long (docs/adr/0005-the-capture-reader-keeps-or-sets-aside.md).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from adapters.captures.exact import is_object
from domain.values import Account
from domain.wire import Line

TEXT_MAX = 200
"""Longer names of captures, venues, accounts and exchanges are nobody's, and fit no index."""
SEQ_MAX = 2**63 - 1

_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:[Zz]|[+-]00:00)", re.ASCII
).fullmatch


class WrongShape(ValueError):
    """The value is JSON and no line of a capture; the reason names the field."""


def line_of(record: Any) -> Line:  # noqa: ANN401 - any JSON value
    """The line that a JSON value is; raise `WrongShape` when it is none."""
    if not is_object(record):
        raise WrongShape("not a JSON object")
    get = record.get
    version = get("v")
    if version != 1 or type(version) is not int:
        raise WrongShape(_absent_or("v", version, "this reads version 1"))
    seq = get("seq")
    if type(seq) is not int or not 1 <= seq <= SEQ_MAX:
        raise WrongShape(_absent_or("seq", seq, "not a whole number from 1"))
    direction = get("direction")
    if type(direction) is not str or direction not in _DIRECTIONS:
        raise WrongShape(_absent_or("direction", direction, "not sent, received or lost"))
    http, ws, frame = get("http"), get("ws"), get("frame")
    exchange = get("exchange")
    if exchange is not None:
        _text("exchange", exchange)
    lost = direction == "lost"
    error = _error(get("error")) if lost else None
    if (http is not None) + (ws is not None) + (frame is not None) != 1:
        _none_is_a_loss(lost, exchange, http, ws, frame)
    if http is not None:
        _http(http, exchange, direction)
    elif ws is not None:
        _ws(ws)
    elif frame is not None and not is_object(frame):
        raise WrongShape("frame: not an object")
    return Line(
        _text("capture", get("capture")),
        seq,
        moment(get("at")),
        _owner(get("venue"), get("account")),
        direction,
        exchange,
        http,
        ws,
        frame,
        error,
        _intent(get("intent")) if direction == "sent" else None,
    )


def moment(text: Any) -> datetime:  # noqa: ANN401 - any JSON value
    """The instant an RFC 3339 UTC time names, exact.

    More than six digits of a second are refused, not cut: the format has microseconds, and what
    is stored must be what was read.
    """
    if type(text) is not str or _MOMENT(text) is None:
        raise WrongShape(_absent_or("at", text, "not a UTC time with up to microseconds"))
    try:
        return datetime.fromisoformat(text.upper())
    except ValueError as fault:
        raise WrongShape(f"at: {fault}") from fault


_DIRECTIONS = frozenset({"sent", "received", "lost"})
_OWNERS: dict[tuple[str, str], Account] = {}
_OWNERS_MAX = 1000


def _owner(venue: Any, account: Any) -> Account:  # noqa: ANN401 - any JSON value
    try:
        return _OWNERS[venue, account]  # a recording has one owner, or few
    except (KeyError, TypeError):
        owner = Account(_text("venue", venue), _text("account", account))
        if len(_OWNERS) < _OWNERS_MAX:
            _OWNERS[owner.venue, owner.account] = owner
        return owner


def _text(name: str, value: Any) -> str:  # noqa: ANN401 - any JSON value
    if type(value) is not str or not value or value.isspace():
        raise WrongShape(_absent_or(name, value, "not a text"))
    if len(value) > TEXT_MAX:
        raise WrongShape(f"{name}: longer than {TEXT_MAX} characters")
    return value


def _absent_or(name: str, value: object, otherwise: str) -> str:
    return f"{name}: missing" if value is None else f"{name}: {otherwise}"


def _none_is_a_loss(lost: bool, exchange: object, *parts: object) -> None:  # noqa: FBT001 - a private function
    """A loss may leave out what was sent when it names the exchange; nothing else may."""
    if any(part is not None for part in parts):
        raise WrongShape("more than one of http, ws, frame")
    if not lost:
        raise WrongShape("none of http, ws, frame")
    if exchange is None:
        raise WrongShape("exchange: missing: nothing says what was lost")


def _error(error: Any) -> Mapping[str, Any]:  # noqa: ANN401 - any JSON value
    if not is_object(error):
        raise WrongShape(_absent_or("error", error, "not an object"))
    kind = error.get("kind")
    if type(kind) is not str or not kind:  # a word nobody knows says all the same that it was lost
        raise WrongShape(_absent_or("error.kind", kind, "not a word"))
    return error


def _intent(intent: Any) -> Mapping[str, Any] | None:  # noqa: ANN401 - any JSON value
    """Who sent it and why, as far as it is told: no line is set aside for what stands beside it."""
    return intent if intent is not None and is_object(intent) else None


def _http(http: Any, exchange: str | None, direction: str) -> None:  # noqa: ANN401 - any JSON value
    if not is_object(http):
        raise WrongShape("http: not an object")
    get = http.get
    if exchange is None:
        raise WrongShape("exchange: missing")
    if direction == "received":
        status = get("status")
        if type(status) is not int:
            raise WrongShape(_absent_or("http.status", status, "not a whole number"))
    elif direction == "sent":
        for name in ("method", "path"):
            _text_of("http", name, get(name))


def _ws(ws: Any) -> None:  # noqa: ANN401 - any JSON value
    if not is_object(ws):
        raise WrongShape("ws: not an object")
    _text_of("ws", "channel", ws.get("channel"))
    if "frame" not in ws:
        raise WrongShape("ws.frame: missing")


def _text_of(part: str, name: str, value: object) -> None:
    if type(value) is not str or not value:
        raise WrongShape(_absent_or(f"{part}.{name}", value, "not a text"))
