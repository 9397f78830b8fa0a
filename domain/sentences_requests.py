"""What a fact about a cancel request or about the recording says, in one plain sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from domain import notices as n
from domain import requests as r
from domain.notices import NoticeEvent
from domain.requests import RequestEvent


def request_sentence(event: RequestEvent | NoticeEvent) -> str:
    """What a fact about a cancel request or about the recording says."""
    return _SAY_OF_REQUESTS[type(event)](event)


def _opened(event: r.CancelOpened) -> str:
    scopes = [f"{item.kind} {', '.join(item.values)}".strip() for item in event.scope]
    return f"We asked to cancel {' or '.join(scopes)}."


def _said(text: str) -> Callable[[Any], str]:
    return lambda _event: text


def _refusal(event: r.CancelRefused) -> str:
    raw = f" (“{event.raw_reason}”)" if event.raw_reason else ""
    return event.reason.value.replace("_", " ").lower() + raw


def _answered(event: r.CancelAnswered) -> str:
    count = "" if event.count is None else f", counting {event.count} cancelled"
    return f"The venue answered for {len(event.outcomes)} orders{count}."


_CHECKED: Mapping[n.Check, str] = {
    n.Check.LOG: "the log",
    n.Check.READ_MODELS: "the read models",
    n.Check.REPLAY: "what the log gives when it is read again",
}

_SAY_OF_REQUESTS: Mapping[type, Callable[[Any], str]] = {
    r.CancelOpened: _opened,
    r.CancelAnswered: _answered,
    r.CancelRefused: lambda event: f"The venue refused the request: {_refusal(event)}.",
    r.CancelUnanswered: lambda event: f"No answer that can be read came ({event.kind}).",
    r.CancelUnsent: _said("The request never left."),
    r.CancelAnswerStray: lambda event: (
        f"An answer quotes request {event.request_ref}, which nobody here sent."
    ),
    r.CancelAnswerRepeated: _said("The same answer came again."),
    n.LinesMissing: lambda event: (
        f"Lines {event.first} to {event.last} of {event.capture} are missing."
    ),
    n.LinesFound: lambda event: (
        f"Lines {event.first} to {event.last} of {event.capture} were found."
    ),
    n.MessageRepeated: lambda event: f"Message {event.ref} came again.",
    n.UnreadableValue: lambda event: f"An unknown word in {event.field}: {event.value}.",
    n.FeedGap: lambda event: (
        f"The feed {event.channel} jumped from {event.after} to {event.before}."
    ),
    n.FeedSilent: lambda event: (
        f"The feed {event.channel} is silent: {event.why}; {event.orders} orders are on the book."
    ),
    n.FeedRestored: lambda event: (
        f"The feed {event.channel} is back; what it may have missed was read anew."
    ),
    n.CheckFailed: lambda event: f"A check of {_CHECKED[event.check]} found: {event.what}.",
    n.CheckPassed: lambda event: f"A check of {_CHECKED[event.check]} found nothing any more.",
}
