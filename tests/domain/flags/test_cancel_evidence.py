from __future__ import annotations

import pytest

from domain.events import Claims
from domain.flags.cancel_evidence import left, over, says_live, says_over
from domain.flags.cancels import RULES
from domain.flags.catalogue import CATALOGUE
from domain.flags.flag import break_id
from domain.flags.history import order_history
from domain.flags.rule import OrderRule
from domain.lifecycle import Status
from domain.values import ZERO, plain
from tests.building import STREAM, accepted, at, filled, history, placed, recorded
from tests.cancelling import (
    LIMITS,
    Q2,
    again,
    asked,
    cancelled,
    claims,
    implied,
    lost,
    reduced,
    refused,
    reported,
)


@pytest.mark.parametrize(
    ("told", "rest", "live", "over_"),
    [
        pytest.param(None, None, False, False, id="no claim"),
        pytest.param(claims(), None, False, False, id="a claim that says nothing"),
        pytest.param(claims(Status.NEW), None, True, False, id="live without sizes"),
        pytest.param(claims(Status.NEW, remaining="5"), "5", True, False, id="live with sizes"),
        pytest.param(claims(Status.NEW, remaining="0"), "0", False, True, id="live with nothing"),
        pytest.param(claims(remaining="5"), "5", True, False, id="only what remains"),
        pytest.param(claims(remaining="0"), "0", False, True, id="only that nothing remains"),
        pytest.param(claims(Status.FILLED), None, False, True, id="over"),
        pytest.param(
            claims(Status.NEW, size="9", matched="4"),
            "5",
            True,
            False,
            id="the rest of its figures",
        ),
        pytest.param(
            claims(Status.NEW, size="9", matched="4", cancelled="3", lapsed="1", voided="1"),
            "0",
            False,
            True,
            id="its figures leave nothing",
        ),
        pytest.param(claims(Status.DONE_FOR_DAY), None, False, False, id="over for today only"),
    ],
)
def test_what_a_claim_says_of_the_book(
    told: Claims | None,
    rest: str | None,
    live: bool,  # noqa: FBT001 - a table's cell
    over_: bool,  # noqa: FBT001 - a table's cell
) -> None:
    assert (says_live(told), says_over(told)) == (live, over_)
    if told is not None:
        known = left(told)
        assert (None if known is None else plain(known)) == rest


def test_over_is_what_the_buckets_say() -> None:
    given = history(placed(), reduced("30"), implied("20"), filled("50"), cancelled())
    assert [over(given, index) for index in range(5)] == [
        given.held(index).remaining == ZERO for index in range(5)
    ]
    assert not over(history(accepted(), filled("5")), 1)


EVENTFUL = (
    placed(),
    accepted(),
    asked("40"),
    reduced("30"),
    refused(),
    lost(cancel_id=Q2),
    cancelled("90"),
    again(),
    at(filled("5"), seen=30, venue=29),
    at(reported(Status.NEW, remaining="60"), seen=40),
)


def test_every_rule_has_a_place_in_the_catalogue_and_promises_its_code() -> None:
    for rule in RULES:
        assert rule.code in CATALOGUE
        assert rule.find.__doc__ is not None
        assert rule.find.__doc__.startswith(rule.code)


def test_no_two_flags_of_an_order_share_an_id_and_every_witness_is_known() -> None:
    entries = recorded(EVENTFUL)
    known = {entry.position for entry in entries}
    ids: set[str] = set()
    for count in range(1, len(entries) + 1):
        given = order_history(STREAM, entries[:count])
        flags = [
            flag
            for rule in RULES
            if isinstance(rule, OrderRule) and not rule.needs.isdisjoint(given.kinds)
            for flag in rule.find(given, LIMITS)
        ]
        ids = {break_id(flag, STREAM) for flag in flags}
        assert len(ids) == len(flags)
        for flag in flags:
            assert set(flag.witness) <= known
            assert list(flag.witness) == sorted(flag.witness)
            assert flag.closed_at is None or flag.closed_at >= flag.opened_at
    assert ids


def test_a_rule_is_asked_whenever_it_has_something_to_say() -> None:
    given = history(*EVENTFUL)
    for rule in RULES:
        if isinstance(rule, OrderRule) and rule.needs.isdisjoint(given.kinds):
            assert list(rule.find(given, LIMITS)) == []
