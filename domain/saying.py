"""What any fact says, in one plain sentence: each family of facts has its own words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, get_args

from domain.desk import DeskEvent
from domain.events import Event, OrderEvent
from domain.notices import NoticeEvent
from domain.requests import RequestEvent
from domain.runs import RunEvent
from domain.sentences import sentence
from domain.sentences_desk import desk_sentence
from domain.sentences_requests import request_sentence
from domain.sentences_runs import run_sentence

_SAID_BY: Mapping[type, Callable[[Any], str]] = {
    **dict.fromkeys(get_args(OrderEvent), sentence),
    **dict.fromkeys(get_args(RequestEvent), request_sentence),
    **dict.fromkeys(get_args(NoticeEvent), request_sentence),
    **dict.fromkeys(get_args(RunEvent), run_sentence),
    **dict.fromkeys(get_args(DeskEvent), desk_sentence),
}


def say(event: Event) -> str:
    """What a fact of the log says, for people."""
    return _SAID_BY[type(event)](event)
