"""What becomes of a cancel when the whole request is refused, for every venue.

A refusal by HTTP status speaks for the request as a whole. What says nothing about the orders
(server errors, redirects, answers that cannot be read) leaves the outcome unknown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, cast

from domain.messages import CancelReply
from domain.reasons import CancelRejectReason
from domain.wire import Unreadable

MAX_WORDS = 500
"""Longer texts of a venue are cut: the raw message is kept beside."""

REFUSED_BY_STATUS: Mapping[int, CancelRejectReason] = {
    400: CancelRejectReason.INVALID_ID,
    401: CancelRejectReason.PERMISSION,
    403: CancelRejectReason.PERMISSION,
    404: CancelRejectReason.UNKNOWN_ORDER,
    422: CancelRejectReason.INVALID_ID,
    429: CancelRejectReason.RATE_LIMITED,
}
"""What a status says when it refuses the whole request; any other 4xx is `OTHER`, unmapped."""

REQUEST_TIMEOUT = HTTPStatus.REQUEST_TIMEOUT
"""The venue gave up reading: it may have acted on what it had read."""

_BAD = HTTPStatus.BAD_REQUEST
_BROKEN = HTTPStatus.INTERNAL_SERVER_ERROR
_WORD_FIELDS = ("detail", "error", "message", "msg", "reason", "title", "$text")


def unreadable_reply(reason: object) -> CancelReply:
    """The reply that stands for a success which cannot be read: the outcome is unknown."""
    return CancelReply(lost="unreadable", detail=str(reason)[:MAX_WORDS] or None)


def http_status(http: Mapping[str, Any] | None) -> int:
    """The status of a received HTTP message; `Unreadable` when there is none."""
    status = None if http is None else http.get("status")
    if isinstance(status, bool) or not isinstance(status, int):
        raise Unreadable("http.status: not a number")
    return status


def succeeded(status: int) -> bool:
    """The venue did what was asked, and says so (2xx)."""
    return HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES


def http_refusal(status: int, body: object) -> CancelReply | None:
    """What an HTTP status makes of a cancel as a whole; None when the body must be read (2xx)."""
    if succeeded(status):
        return None
    raw = words(body)
    if _BAD <= status < _BROKEN and status != REQUEST_TIMEOUT:
        reason = REFUSED_BY_STATUS.get(status)
        return CancelReply(
            reason=reason or CancelRejectReason.OTHER,
            raw_reason=raw or f"HTTP {status}",
            mapped=reason is not None,
        )
    told = f"HTTP {status}" if raw is None else f"HTTP {status}: {raw}"
    kind = "venue_error" if status >= _BROKEN or status == REQUEST_TIMEOUT else "unreadable"
    return CancelReply(lost=kind, detail=told[:MAX_WORDS])


def words(body: object) -> str | None:
    """The venue's own words in an error body, whichever documented envelope carries them.

    Read are a plain text, `{"detail"|"error"|"message": text}`, one level of nesting of these,
    and a list of validation errors (`loc`, `msg`).
    """
    text = _words(body, depth=3)
    return text[:MAX_WORDS] if text else None


def _words(body: object, depth: int) -> str:
    if isinstance(body, str):
        return body.strip()
    if depth == 0:
        return ""
    if isinstance(body, Mapping):
        fields = cast("Mapping[str, object]", body)
        found = next((t for f in _WORD_FIELDS if (t := _words(fields.get(f), depth - 1))), "")
        where = _place(fields.get("loc"))
        return f"{where}: {found}" if found and where else found
    if isinstance(body, Sequence) and not isinstance(body, bytes | bytearray):
        items = cast("Sequence[object]", body)[:20]
        return "; ".join(text for item in items if (text := _words(item, depth - 1)))
    return ""


def _place(where: object) -> str:
    if not isinstance(where, list):
        return ""
    return ".".join(str(part)[:40] for part in cast("list[object]", where)[:8])
