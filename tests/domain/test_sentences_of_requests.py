"""Each fact about a request or the recording in one plain sentence."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from domain import notices as n
from domain import requests as r
from domain.reasons import CancelRejectReason
from domain.sentences_requests import request_sentence
from tests.domain.facts import full_request


@pytest.mark.parametrize(
    ("event", "said"),
    [
        pytest.param(
            r.CancelOpened(
                venue="abp",
                account="a",
                scope=(
                    r.Scope(r.ScopeKind.ORDERS, ("1", "2")),
                    r.Scope(r.ScopeKind.ALL),
                ),
            ),
            "We asked to cancel orders 1, 2 or all.",
            id="asked",
        ),
        pytest.param(r.CancelAnswered(), "The venue answered for 0 orders.", id="answered"),
        pytest.param(
            r.CancelAnswered(count=3),
            "The venue answered for 0 orders, counting 3 cancelled.",
            id="counted",
        ),
        pytest.param(
            r.CancelRefused(reason=CancelRejectReason.RATE_LIMITED, raw_reason="429"),
            "The venue refused the request: rate limited (“429”).",
            id="refused",
        ),
        pytest.param(
            r.CancelUnanswered(kind="timeout"),
            "No answer that can be read came (timeout).",
            id="no answer",
        ),
        pytest.param(r.CancelUnsent(), "The request never left.", id="not sent"),
        pytest.param(
            r.CancelAnswerStray(venue="abp", account="a", request_ref="q"),
            "An answer quotes request q, which nobody here sent.",
            id="stray",
        ),
        pytest.param(r.CancelAnswerRepeated(), "The same answer came again.", id="repeated"),
        pytest.param(
            n.LinesMissing(venue="abp", account="a", capture="night", first=3, last=5),
            "Lines 3 to 5 of night are missing.",
            id="lines missing",
        ),
        pytest.param(
            n.LinesFound(capture="night", first=3, last=5),
            "Lines 3 to 5 of night were found.",
            id="lines found",
        ),
        pytest.param(
            n.MessageRepeated(venue="abp", account="a", ref="m"),
            "Message m came again.",
            id="again",
        ),
        pytest.param(
            n.UnreadableValue(venue="abp", account="a", field="event", value="x"),
            "An unknown word in event: x.",
            id="unknown word",
        ),
        pytest.param(
            n.FeedSilent(
                venue="abp", account="a", channel="ws", orders=2, why="timeout", at="noon"
            ),
            "The feed ws is silent: timeout; 2 orders are on the book.",
            id="feed silent",
        ),
        pytest.param(
            n.FeedRestored(venue="abp", account="a", channel="ws", at="noon"),
            "The feed ws is back; what it may have missed was read anew.",
            id="feed back",
        ),
        pytest.param(
            n.FeedGap(venue="abp", account="a", channel="orders", after="1", before="5"),
            "The feed orders jumped from 1 to 5.",
            id="feed gap",
        ),
        pytest.param(
            n.CheckFailed(check=n.Check.LOG, what="position 7 is missing"),
            "A check of the log found: position 7 is missing.",
            id="a check found something",
        ),
        pytest.param(
            n.CheckPassed(check=n.Check.READ_MODELS),
            "A check of the read models found nothing any more.",
            id="a check found nothing any more",
        ),
    ],
)
def test_a_request_s_or_a_recording_s_fact(
    event: r.RequestEvent | n.NoticeEvent, said: str
) -> None:
    assert request_sentence(event) == said


@pytest.mark.parametrize(
    "kind",
    [*get_args(r.RequestEvent), *get_args(n.NoticeEvent)],
    ids=lambda kind: str(kind.__name__),
)
def test_every_other_fact_says_something(kind: type[Any]) -> None:
    said = request_sentence(full_request(kind))
    assert said.endswith(".")
    assert "None" not in said
