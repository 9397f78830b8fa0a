"""What becomes of what we sent when no answer comes that can be read, for every venue.

It never left, or its outcome is unknown: nothing else can be said, and neither is a refusal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from adapters.venues.outcomes import MAX_WORDS, REQUEST_TIMEOUT, succeeded, words
from domain.events import (
    AmendNotSent,
    AmendOutcomeUnknown,
    PlaceNotSent,
    PlaceOutcomeUnknown,
    UnknownValueSeen,
)
from domain.messages import CancelReply, Message, Notice, Said
from domain.notices import UnreadableValue
from domain.values import Name, NameKind
from domain.wire import Line, Unreadable

NOT_SENT = "not_sent"
UNREADABLE = "unreadable"
VENUE_ERROR = "venue_error"
KINDS = frozenset({NOT_SENT, "timeout", "disconnected", UNREADABLE})
"""The documented kinds of loss; another word says that no answer came, and not why."""

_SAYS_NOTHING = (300, 400)
_BROKEN = 500


class Loss(NamedTuple):
    """Why there is no answer; `strange` is a word for it that is in no document."""

    kind: str
    detail: str | None = None
    strange: str | None = None


def loss_of(line: Line) -> Loss:
    """What a lost line says of the loss; `Unreadable` when it says nothing."""
    error = line.error
    if not isinstance(error, Mapping):
        raise Unreadable("error: a lost line must say what was lost")
    kind = error.get("kind")
    if not isinstance(kind, str):
        raise Unreadable("error.kind: not a word")
    detail = words(error.get("detail"))
    if kind in KINDS:
        return Loss(kind, detail)
    told = kind if detail is None else f"{kind}: {detail}"
    return Loss(UNREADABLE, told[:MAX_WORDS], kind[:MAX_WORDS])


def loss_by_status(status: int, body: object) -> Loss | None:
    """The loss that an HTTP status is: the venue failed, or says nothing; None for an answer."""
    first, last = _SAYS_NOTHING
    broken = status >= _BROKEN or status == REQUEST_TIMEOUT
    if succeeded(status) or not (broken or status < first or first <= status < last):
        return None
    raw = words(body)
    told = f"HTTP {status}" if raw is None else f"HTTP {status}: {raw}"
    return Loss(VENUE_ERROR if broken else UNREADABLE, told[:MAX_WORDS])


def unreadable(why: object) -> Loss:
    """An answer that came and cannot be read."""
    return Loss(UNREADABLE, str(why)[:MAX_WORDS] or None)


def placing_lost(loss: Loss) -> tuple[Said, ...]:
    """What a loss says of an order that was in the request."""
    if loss.kind == NOT_SENT:
        return (PlaceNotSent(detail=loss.detail),)
    return (PlaceOutcomeUnknown(why=loss.kind, detail=loss.detail), *_strange(loss))


def amending_lost(loss: Loss, amend_ref: str) -> tuple[Said, ...]:
    """What a loss says of a change that was the request."""
    if loss.kind == NOT_SENT:
        return (AmendNotSent(amend_ref=amend_ref, detail=loss.detail),)
    unknown = AmendOutcomeUnknown(amend_ref=amend_ref, why=loss.kind, detail=loss.detail)
    return (unknown, *_strange(loss))


def _strange(loss: Loss) -> tuple[Said, ...]:
    return () if loss.strange is None else (UnknownValueSeen(field=_KIND, value=loss.strange),)


def cancel_lost(line: Line, request_ref: str | None = None) -> tuple[Message, ...]:
    """What a lost line says of the cancel that was the request."""
    loss = loss_of(line)
    if loss.kind == NOT_SENT:
        return (CancelReply(not_sent=True, detail=loss.detail, request_ref=request_ref),)
    reply = CancelReply(lost=loss.kind, detail=loss.detail, request_ref=request_ref)
    if loss.strange is None:
        return (reply,)
    owner = line.owner
    event = UnreadableValue(
        venue=owner.venue, account=owner.account, field=_KIND, value=loss.strange
    )
    return (reply, Notice(event=event, key=(line.capture, str(line.seq), _KIND)))


def sent_at(line: Line, request: Line | None) -> Line:
    """The lost line at the time when the request was sent, where that is known."""
    return line if request is None else replace(line, at=request.at)


def place_name(line: Line, request_ref: str | None, index: int) -> Name:
    """The name of an order that has none of its own: its place in a request of ours.

    `line` is the request, its answer or its loss: all of them quote the request's own reference,
    or stand in one exchange.
    """
    ref = request_ref or line.exchange or str(line.seq)
    return Name(NameKind.PLACE, f"{line.capture}:{ref}:{index}")


_KIND = "error.kind"
