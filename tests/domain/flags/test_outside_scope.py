"""CXL-23 across orders: what went off the book just after a cancel that named others alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from domain.events import Cancelled, Event, Initiator, OrderAccepted
from domain.flags.flag import Flag, Thresholds
from domain.flags.outside_scope import outside_scope
from domain.ids import derived
from domain.requests import (
    AskedFor,
    CancelUnanswered,
    CancelUnsent,
    Outcome,
    OutcomeKind,
    Scope,
    ScopeKind,
)
from tests.building import (
    STREAM,
    at,
    filled,
    history,
    placed,
    request_history,
    seconds,
)
from tests.cancelling import answered, asked, opened

LIMITS = Thresholds()
OTHERS = opened(asked=(AskedFor("A1", derived("order", "A1")), AskedFor("A2")))
NOBODY = opened()
Told = tuple[Event, float, float | None]


def gone(
    seen: float = 11, venue: float | None = None, reason: str | None = None, **others: object
) -> Told:
    """The venue took the order off the book, seconds after noon."""
    told = {"initiator": Initiator.VENUE, "raw_reason": reason, "report_id": "r", **others}
    return at(Cancelled(**told), seen=seen, venue=venue)  # type: ignore[arg-type]  # a test names any field


LIVE: Sequence[Told] = (at(placed("100"), seen=0), at(OrderAccepted(), seen=1))


def flags(life: Sequence[Told], *requests: Sequence[Told]) -> list[Flag]:
    told = [request_history(*events) for events in requests]
    return list(outside_scope(history(*life), told, LIMITS))


@pytest.mark.parametrize(
    ("life", "requests", "found"),
    [
        pytest.param([*LIVE, gone()], [[at(OTHERS, seen=10)]], True, id="a second after"),
        pytest.param(
            [*LIVE, gone(10)], [[at(OTHERS, seen=10)]], True, id="seen in the same moment"
        ),
        pytest.param([*LIVE, gone(12.5)], [[at(OTHERS, seen=10)]], False, id="too long after"),
        pytest.param([*LIVE, gone(9)], [[at(OTHERS, seen=10)]], False, id="before"),
        pytest.param(
            [*LIVE, gone(11, 5)], [[at(OTHERS, seen=10)]], False, id="before, by the venue's clock"
        ),
        pytest.param(
            [*LIVE, gone(11, 9)], [[at(OTHERS, seen=10)]], True, id="within what clocks may differ"
        ),
        pytest.param([*LIVE, gone()], [], False, id="no request was near"),
        pytest.param(
            [*LIVE, gone()], [[at(CancelUnanswered(kind="timeout"), seen=10)]], False,
            id="an answer whose request nobody has",
        ),
        pytest.param(
            [*LIVE, gone()], [[at(OTHERS, seen=10), at(CancelUnsent(), seen=10)]], False,
            id="it never left",
        ),
        pytest.param(
            [*LIVE, gone()], [[at(OTHERS, seen=10)], [at(NOBODY, seen=10)]], False,
            id="another names nobody that anybody knows",
        ),
        pytest.param(
            [*LIVE, gone()],
            [[at(OTHERS, seen=9.5)], [at(opened(Scope(ScopeKind.ALL, ())), seen=10)]],
            False,
            id="a request for everything left as well",
        ),
        pytest.param(
            [*LIVE, gone()],
            [[at(OTHERS, seen=10), at(answered(
                Outcome(outcome=OutcomeKind.UNREQUESTED, order=STREAM, took_off=True),
            ), seen=12)]],
            False,
            id="the answer itself tells of the order",
        ),
        pytest.param(
            [*LIVE, gone()],
            [[at(OTHERS, seen=10), at(answered(
                Outcome(outcome=OutcomeKind.CANCELLED, order=derived("order", "A1")),
            ), seen=12)]],
            True,
            id="the answer tells of the others alone",
        ),
        pytest.param(
            [at(placed("100"), seen=10.5), gone()], [[at(OTHERS, seen=10)]], False,
            id="placed after the request",
        ),
        pytest.param(
            [*LIVE, at(asked(), seen=5), gone()], [[at(OTHERS, seen=10)]], False,
            id="a cancel of ours had asked for it before",
        ),
        pytest.param(
            [*LIVE, gone(reason="Market suspended")], [[at(OTHERS, seen=10)]], False,
            id="the market was suspended",
        ),
        pytest.param(
            [*LIVE, gone(reason="self-trade prevention")], [[at(OTHERS, seen=10)]], False,
            id="the venue tells another cause",
        ),
        pytest.param(
            [*LIVE, gone(reason="Cancelled by user")], [[at(OTHERS, seen=10)]], True,
            id="the venue says that we asked",
        ),
        pytest.param(
            [at(placed("100", time_in_force="IOC"), seen=0), gone()], [[at(OTHERS, seen=10)]],
            False, id="its rest was never to stay",
        ),
        pytest.param(
            [at(placed("100", time_in_force="GTC"), seen=0), gone()], [[at(OTHERS, seen=10)]],
            True, id="it was to stay",
        ),
        pytest.param(
            [at(placed("100", expires_at=seconds(12)), seen=0), gone()], [[at(OTHERS, seen=10)]],
            False, id="it expired then",
        ),
        pytest.param(
            [at(placed("100", expires_at=seconds(600)), seen=0), gone()], [[at(OTHERS, seen=10)]],
            True, id="it would expire much later",
        ),
        pytest.param(
            [*LIVE, at(filled("100"), seen=2), gone()], [[at(OTHERS, seen=10)]], False,
            id="nothing of it was left",
        ),
        pytest.param([gone(10)], [[at(OTHERS, seen=10)]], False, id="nobody knew it"),
        pytest.param(
            [*LIVE, gone(cancel_id=derived("cancel", "own"))], [[at(OTHERS, seen=10)]], False,
            id="it quotes a cancel",
        ),
        pytest.param(
            [*LIVE, gone(requested=False)], [[at(OTHERS, seen=10)]], False,
            id="it stood unasked in an answer",
        ),
    ],
)  # fmt: skip
def test_which_orders_may_have_gone_with_a_cancel_of_others(
    life: list[Told], requests: list[list[Told]], *, found: bool
) -> None:
    assert [flag.code for flag in flags(life, *requests)] == ["CXL-23"] * found


def test_it_tells_the_request_and_how_long_after() -> None:
    (flag,) = flags([*LIVE, gone(11.25)], [at(OTHERS, seen=10)])
    assert (flag.order, flag.opened_at, flag.closed_at) == (STREAM, seconds(11.25), None)
    assert flag.witness == (1, 3)
    assert flag.note == (
        "The order was cancelled 1.25 s after a cancel of 2 other orders, and no cancel of ours "
        "asked for it: the venue may have taken the request wider than it was."
    )


def test_of_several_requests_the_newest_is_told() -> None:
    one = opened(asked=(AskedFor("A1"),))
    (flag,) = flags([*LIVE, gone()], [at(OTHERS, seen=9.5)], [at(one, seen=10)])
    assert "1 s after a cancel of 1 other order," in flag.note
    assert flag.key == ("outside", "r")


def test_an_order_is_told_once() -> None:
    twice = [*LIVE, gone(11, size=None, whole=False), gone(11.5, report_id="s")]
    assert len(flags(twice, [at(OTHERS, seen=10)])) == 1


def test_the_span_is_a_threshold() -> None:
    wide = Thresholds(scope=timedelta(seconds=30))
    told = [request_history(at(OTHERS, seen=10))]
    assert len(list(outside_scope(history(*LIVE, gone(35)), told, wide))) == 1
