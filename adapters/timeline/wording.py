"""What a wire message is, in a few words, whichever venue speaks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from domain.wire import Line

LENGTH_MAX = 120
_KINDS = ("msg", "type", "cmd", "event", "action", "op", "origin")
"""Where frames of feeds say what they are."""
_DETAILS = ("exec_type", "cxl_rej_response_to")


def words(line: Line, request: Line | None = None) -> str:
    """What is said; `request` is what an answer answers."""
    if line.direction == "lost":
        return _lost(line)
    if line.http is not None:
        return _http(line.http, request)
    if line.ws is not None:
        channel, kind = str(line.ws["channel"]), _kind(line.ws["frame"])
        return _short(f"{channel}: {kind}" if kind else channel)
    return _short(_kind(line.frame) or "a message")


def who(line: Line) -> str:
    """Who wanted it and why, as far as the line tells."""
    intent = line.intent or {}
    told = [str(intent[name]) for name in ("by", "why") if intent.get(name)]
    return _short(": ".join(told))


def _lost(line: Line) -> str:
    error = line.error or {}
    kind = str(error.get("kind", "unknown")).replace("_", " ")
    detail = error.get("detail")
    said = "it never left" if kind == "not sent" else f"no answer: {kind}"
    return _short(f"{said} ({detail})" if detail else said)


def _http(http: Mapping[str, Any], request: Line | None) -> str:
    if "status" not in http:
        return _short(f"{http.get('method')} {http.get('path')}")
    sent = None if request is None else request.http
    asked = "" if sent is None else f" to {sent.get('method')} {sent.get('path')}"
    return _short(f"{http['status']}{asked}")


def _kind(frame: object) -> str:
    """The word by which a frame says what it is."""
    if isinstance(frame, list):
        parts = cast("list[object]", frame)
        return str(parts[0]) if parts and isinstance(parts[0], str) else ""
    if not isinstance(frame, Mapping):
        return frame if isinstance(frame, str) else ""
    told = cast("Mapping[str, Any]", frame)
    found = next((told[name] for name in _KINDS if isinstance(told.get(name), str)), "")
    more = [str(told[name]) for name in _DETAILS if isinstance(told.get(name), str)]
    if found == "data" and isinstance(told.get("event"), str):
        found = str(told["event"])
    return " ".join([str(found), *more]).strip()


def _short(text: str) -> str:
    return text if len(text) <= LENGTH_MAX else f"{text[: LENGTH_MAX - 1]}…"
