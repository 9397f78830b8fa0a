"""What a request is about, by the venues' own words, and which of a venue's frames are news."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from domain.values import Choice


class Operation(Choice):
    """What a client asks."""

    PLACE = "place"
    CANCEL = "cancel"
    AMEND = "amend"
    READ = "read"
    HEARTBEAT = "heartbeat"
    LOGIN = "login"
    OTHER = "other"


class Told(Choice):
    """What a frame of the venue's is."""

    ANSWER = "answer"
    NEWS = "news"
    BEAT = "beat"


_WORDS: Mapping[str, Operation] = {
    "heartbeat": Operation.HEARTBEAT,
    "cancel": Operation.CANCEL,
    "replace": Operation.AMEND,  # before "place", which it ends with
    "amend": Operation.AMEND,
    "edit": Operation.AMEND,
    "place": Operation.PLACE,
    "login": Operation.LOGIN,
    "subscribe": Operation.LOGIN,
}
"""The first word that a path or a verb contains tells; all three venues name things so."""


def of_request(method: str, path: str) -> Operation:
    """What an HTTP request asks."""
    if method in {"GET", "HEAD"}:
        return Operation.READ
    return _of_word(path)


def of_frame(frame: str) -> Operation | None:
    """What a client's frame asks; None for one that is not answered."""
    said = read_frame(frame)
    verb = str(said.get("cmd", said.get("type", "")))
    return None if verb == "pong" else _of_word(verb)


def _of_word(text: str) -> Operation:
    found = text.lower()
    return next((which for word, which in _WORDS.items() if word in found), Operation.OTHER)


def _abp(path: str, frame: str) -> Told:
    del path
    match read_frame(frame).get("type"):
        case "data":
            return Told.NEWS
        case "ping":
            return Told.BEAT
        case _:
            return Told.ANSWER


def _predictstreet(path: str, frame: str) -> Told:
    del path
    told = read_frame(frame)
    # Only what is pushed names its channel beside its type.
    return Told.NEWS if "channel" in told and "id" not in told else Told.ANSWER


def _fourcasters(path: str, frame: str) -> Told:
    del frame
    return Told.ANSWER if "/orders" in path else Told.NEWS


TOLD: Mapping[str, Callable[[str, str], Told]] = {
    "abp": _abp,
    "fourcasters": _fourcasters,
    "predictstreet": _predictstreet,
}
"""What a frame is that the venue sends on the socket of a path."""


_FRAME = TypeAdapter[list[Any] | dict[str, Any]](list[Any] | dict[str, Any])


def read_frame(frame: str) -> Mapping[str, Any]:
    """A frame as an object, nothing when it is none; the verb of a `[verb, …]` is its `cmd`."""
    try:
        told = _FRAME.validate_json(frame)
    except ValidationError:
        return {}
    if isinstance(told, list):
        return {"cmd": str(told[0])} if told else {}
    return told
