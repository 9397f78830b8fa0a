from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st

from domain.events import CancelPending, Initiator, OrderEvent, OrderIdentified, OrderPending
from domain.flags.cancels import RULES
from domain.flags.cancels_plain import as_asked
from domain.flags.history import History
from domain.flags.rule import OrderRule
from domain.lifecycle import Status
from domain.values import Name, NameKind
from tests.building import accepted, at, filled, history, placed
from tests.cancelling import LIMITS, Q2, Q, asked, cancelled, claims, reduced, refused

PENDING = CancelPending(cancel_id=Q)
OPEN = (placed(), accepted(), asked())


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        pytest.param(history(*OPEN, cancelled("100")), True, id="asked, and all taken off"),
        pytest.param(history(*OPEN, cancelled()), True, id="all taken off, untold how much"),
        pytest.param(history(*OPEN, PENDING, cancelled()), True, id="pending before it"),
        pytest.param(
            history(*OPEN, cancelled(claims=claims(Status.CANCELLED, matched="0"))),
            True,
            id="the venue says that nothing matched",
        ),
        pytest.param(history(placed(), accepted()), False, id="nothing cancelled"),
        pytest.param(history(*OPEN, filled("1"), cancelled()), False, id="something matched"),
        pytest.param(history(placed(), accepted(), cancelled()), False, id="nobody asked"),
        pytest.param(history(*OPEN, asked(cancel_id=Q2), cancelled()), False, id="asked twice"),
        pytest.param(history(*OPEN, cancelled(), accepted()), False, id="more was told since"),
        pytest.param(history(*OPEN, cancelled(cancel_id=Q2)), False, id="another's answer"),
        pytest.param(history(*OPEN, at(cancelled(), seen=99)), False, id="too late"),
        pytest.param(history(*OPEN, at(cancelled(), seen=1)), False, id="seen before we asked"),
        pytest.param(history(*OPEN, reduced("10")), False, id="a part"),
        pytest.param(history(*OPEN, cancelled("99")), False, id="less than all"),
        pytest.param(history(*OPEN, cancelled(matched=Decimal(1))), False, id="tells of a match"),
        pytest.param(
            history(*OPEN, cancelled(claims=claims(matched="1"))), False, id="claims a match"
        ),
        pytest.param(
            history(*OPEN, cancelled(initiator=Initiator.VENUE)), False, id="by the venue itself"
        ),
        pytest.param(
            history(placed("0"), accepted(), asked(), cancelled()), False, id="of nothing"
        ),
    ],
)
def test_a_cancel_as_asked(given: History, *, plain: bool) -> None:
    assert as_asked(given, LIMITS) is plain


TOLD: list[OrderEvent] = [
    placed(),
    placed("0"),
    accepted(),
    OrderPending(),
    OrderIdentified(names=(Name(NameKind.CLIENT, "B2"),)),
    asked(),
    asked("40"),
    PENDING,
    cancelled("100"),
    cancelled(),
    cancelled("40"),
    cancelled(requested=False),
    cancelled(cancel_id=Q2),
    cancelled(claims=claims(Status.CANCELLED, matched="0", cancelled="100")),
    refused(),
]


@settings(max_examples=300)
@examples(
    st.permutations(range(4)),
    st.lists(st.tuples(st.sampled_from(TOLD), st.floats(0, 30)), max_size=2),
    st.sampled_from([cancelled(), cancelled("100"), replace(cancelled("100"), requested=False)]),
    st.lists(st.floats(0, 30), min_size=4, max_size=4),
)
def test_no_rule_about_cancels_finds_anything_in_a_cancel_as_asked(
    places: list[int],
    others: list[tuple[OrderEvent, float]],
    cancel: OrderEvent,
    times: list[float],
) -> None:
    usual: list[OrderEvent] = [placed(), accepted(), asked(), cancel]
    told = [(usual[place], times[place]) for place in places]
    given = history(*(at(event, seen=seen) for event, seen in (*others, *told)))
    if as_asked(given, LIMITS):
        rules = [rule for rule in RULES if isinstance(rule, OrderRule)]
        assert [flag for rule in rules for flag in rule.find(given, LIMITS)] == []


@examples(st.floats(0, 20), st.floats(0, 20))
def test_the_time_given_to_a_venue_is_the_one_of_the_rules(pending: float, taken: float) -> None:
    given = history(
        placed(), at(asked(), seen=0), at(PENDING, seen=pending), at(cancelled(), seen=taken)
    )
    within = timedelta(seconds=max(pending, taken)) <= min(LIMITS.ack, LIMITS.sla)
    assert as_asked(given, LIMITS) is within
    if within:
        rules = [rule for rule in RULES if isinstance(rule, OrderRule)]
        assert [flag for rule in rules for flag in rule.find(given, LIMITS)] == []
