from __future__ import annotations

from functools import partial

import pytest

from domain.events import (
    CancelRequested,
    DuplicateReported,
    Filled,
    OrderAccepted,
    OrderDiscovered,
    OrderEvent,
    OrderMerged,
    OrderPlaced,
    Source,
)
from domain.flags import reconciliation
from domain.flags.catalogue import CATALOGUE
from domain.flags.flag import RULES_VERSION, break_id
from domain.flags.rule import NoticeRule, OrderRule, holds
from domain.flags.rules import (
    EVERY_RULE,
    RULES,
    account_rules,
    asked_of,
    examine_notice,
    examine_order,
    examine_request,
    notice_rules,
    request_rules,
    rules_of,
    run_rules,
)
from domain.ids import derived
from domain.notices import LinesMissing
from tests.building import STREAM, at, filled, history, notice_history, placed, request_history
from tests.cancelling import LIMITS, answered, asked, cancelled, found, opened, reduced, reported
from tests.claiming import NEW, OPEN

OF_THE_FIRST = {
    *(f"CXL-{n:02}" for n in (*range(1, 9), *range(10, 17), *range(18, 24), 25, 34)),
    *(f"FIL-{n:02}" for n in (*range(1, 6), 8, 13)),
    *(f"QTY-{n:02}" for n in range(1, 14)),
    *(f"EXI-{n:02}" for n in (2, 5, 7, 8)),
    *(f"STR-{n:02}" for n in (1, 3, 8, 10)),
}


ADDED_BY_THE_SECOND = {
    *(f"CXL-{n:02}" for n in (9, 17, 24, 26, 27, 28, *range(31, 34))),
    *(f"FIL-{n:02}" for n in (6, 7, 9, 10, 11, 12, *range(14, 22))),
    *("CXL-29", "CXL-30", "QTY-14", "EXI-06", "EXI-09", "EXI-11", "STR-07", "ECO-05", "INT-07"),
    *(rule.code for rule in reconciliation.RULES),
    *("INT-01", "INT-02", "INT-03", "ECO-03", "STR-11", "ECO-06", "STR-02", "STR-09"),
}
ORDER_RULES = [rule for rule in RULES if isinstance(rule, OrderRule)]


@pytest.mark.parametrize(
    ("version", "codes"),
    [
        pytest.param(1, OF_THE_FIRST, id="the first rule set"),
        pytest.param(2, OF_THE_FIRST | ADDED_BY_THE_SECOND, id="the second adds to it"),
    ],
)
def test_every_code_of_a_rule_set_has_a_rule_and_no_other(version: int, codes: set[str]) -> None:
    assert {rule.code for rule in rules_of(version)} == codes


def test_every_rule_belongs_to_some_version() -> None:
    versions = range(1, RULES_VERSION + 1)
    assert {rule for version in versions for rule in rules_of(version)} == set(EVERY_RULE)
    assert rules_of(RULES_VERSION) == RULES


def test_an_older_rule_set_gives_its_own_answers() -> None:
    given = history(*OPEN, asked("40"), reduced("40"))
    assert [flag.code for flag in examine_order(given, LIMITS)] == ["CXL-17"]
    assert examine_order(given, LIMITS, version=1) == []


def test_every_rule_is_in_the_catalogue() -> None:
    assert {rule.code for rule in RULES} <= CATALOGUE.keys()


def test_every_rule_is_asked_for_one_sort_of_history() -> None:
    others = (request_rules, notice_rules, run_rules, account_rules)
    sorts = (ORDER_RULES, *(rules(RULES_VERSION) for rules in others))
    assert len(RULES) == sum(map(len, sorts))


def test_every_rule_says_what_it_finds() -> None:
    asked = {rule: rule.find for rule in RULES}
    said = {
        rule: find.func.__doc__ if isinstance(find, partial) else find.__doc__
        for rule, find in asked.items()
    }
    assert [rule.code for rule, words in said.items() if not words] == []


@pytest.mark.parametrize("rule", ORDER_RULES, ids=lambda rule: rule.code)
def test_a_rule_is_asked_exactly_when_something_that_it_needs_occurred(rule: OrderRule) -> None:
    assert rule.needs
    for kind in rule.needs:
        assert rule in asked_of(frozenset({kind, CancelRequested}))
    others = frozenset({OrderAccepted, Filled, OrderPlaced, DuplicateReported}) - rule.needs
    assert rule not in asked_of(others)


def test_an_order_that_went_as_it_should_has_no_flag() -> None:
    assert examine_order(history(*OPEN, filled("100")), LIMITS) == []


def test_the_flags_of_an_order_have_ids_of_their_own() -> None:
    given = history(*OPEN, cancelled(), reported(NEW, remaining="70", matched="30", size="90"))
    flags = examine_order(given, LIMITS)
    assert len({break_id(flag, STREAM) for flag in flags}) == len(flags) > 3


def test_a_merged_stream_hands_its_open_flags_over() -> None:
    discovered = OrderDiscovered(source=Source.FILL)
    merged = at(OrderMerged(into=derived("order", "stays")), seen=9)
    told: list[OrderEvent] = [discovered, filled("5")]
    (before,) = examine_order(history(*told), LIMITS)
    (after,) = examine_order(history(*told, merged), LIMITS)
    assert before.closed_at is None
    assert found([after]) == [((), 0, 9, (1, 2))]


def test_a_merged_stream_keeps_what_was_closed_and_drops_what_had_time_left() -> None:
    merged = at(OrderMerged(into=derived("order", "stays")), seen=9)
    repeat = DuplicateReported(what="message", ref="E1")
    given = history(placed(), repeat, merged)
    assert [(flag.code, flag.closed_at) for flag in examine_order(history(placed()), LIMITS)] == [
        ("EXI-05", None)
    ]
    assert found(examine_order(given, LIMITS)) == [(("message", "E1"), 1, 1, (2,))]


def test_requests_and_notices_are_examined_by_their_own_rules() -> None:
    gap = LinesMissing(venue="abp", account="acme", capture="c1", first=2, last=3)
    assert [flag.code for flag in examine_notice(notice_history(gap), LIMITS)] == ["STR-01"]
    assert examine_request(request_history(opened(), answered()), LIMITS) == []


def test_a_flag_that_closed_stays_closed_whatever_comes() -> None:
    events: list[OrderEvent] = [
        *OPEN,
        filled("40"),
        asked(),
        cancelled(),
        reported(NEW, remaining="60"),
        reported(NEW, remaining="50"),
    ]
    whole = examine_order(history(*events), LIMITS)
    for length in range(1, len(events)):
        so_far = {break_id(f, STREAM): f for f in examine_order(history(*events[:length]), LIMITS)}
        later = {break_id(flag, STREAM): flag for flag in whole}
        for name, flag in so_far.items():
            if flag.closed_at is not None:
                assert later[name].closed_at == flag.closed_at


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        pytest.param(1, False, id="before it was made"),
        pytest.param(2, True, id="the first version that has it"),
        pytest.param(3, True, id="the last version that has it"),
        pytest.param(4, False, id="after it was replaced"),
    ],
)
def test_a_rule_holds_from_its_first_version_to_its_last(version: int, *, expected: bool) -> None:
    rule = NoticeRule("STR-01", lambda _history, _limits: (), since=2, until=3)
    assert holds(rule, version) is expected


def test_a_rule_that_nothing_has_replaced_holds_to_this_day() -> None:
    rule = NoticeRule("STR-01", lambda _history, _limits: ())
    assert all(holds(rule, version) for version in (1, RULES_VERSION))
