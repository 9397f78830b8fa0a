"""What only the streams of an account together prove."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.flags.account_exposure import WITNESS_MAX
from domain.flags.account_history import AccountHistory, Blindness, Exposure
from domain.flags.flag import Flag, Thresholds
from domain.flags.rules import examine_account
from tests.building import OWNER, seconds

LIMITS = replace(Thresholds(), exposure_max=Decimal(100))


def may_be(
    order: str,
    amount: str,
    opened: float,
    closed: float | None = None,
    currency: str | None = None,
) -> Exposure:
    """So much of an order may be live, from one second to another."""
    return Exposure(
        order=order,
        opened_at=seconds(opened),
        closed_at=None if closed is None else seconds(closed),
        amount=Decimal(amount),
        currency=currency,
        witness=(int(opened) + 1,),
    )


def examined(*exposures: Exposure, limits: Thresholds = LIMITS) -> list[Flag]:
    return examine_account(AccountHistory(owner=OWNER, exposures=exposures), limits)


Spell = tuple[float, float | None, str, tuple[int, ...]]


@pytest.mark.parametrize(
    ("given_", "then"),
    [
        pytest.param([], [], id="nothing unresolved"),
        pytest.param([may_be("A", "100", 0)], [], id="the limit itself is allowed"),
        pytest.param([may_be("A", "100.01", 0)], [(0, None, "100.01", (1,))], id="a cent more"),
        pytest.param(
            [may_be("A", "60", 0), may_be("B", "60", 5)], [(5, None, "120", (1, 6))], id="two sum"
        ),
        pytest.param(
            [may_be("A", "60", 0), may_be("A", "60", 5)], [], id="one order with two breaks: once"
        ),
        pytest.param(
            [may_be("A", "60", 0, 5), may_be("B", "60", 5)],
            [],
            id="one is resolved as the other opens",
        ),
        pytest.param(
            [may_be("A", "60", 0, 9), may_be("B", "60", 5)],
            [(5, 9, "120", (1, 6))],
            id="over for four seconds: closed",
        ),
        pytest.param(
            [may_be("A", "60", 0, 9), may_be("B", "60", 5), may_be("C", "70", 20)],
            [(5, 9, "120", (1, 6)), (20, None, "130", (6, 21))],
            id="over twice: two flags",
        ),
        pytest.param(
            [may_be("A", "60", 0), may_be("B", "60", 5, 9), may_be("C", "80", 6)],
            [(5, None, "200", (1, 6, 7))],
            id="the most that it was is told",
        ),
        pytest.param(
            [may_be("A", "60", 0, currency="EUR"), may_be("B", "60", 1, currency="USD")],
            [],
            id="two currencies are never added",
        ),
        pytest.param(
            [may_be("A", "600", 3, 1)], [], id="it ended before it opened: it never stood"
        ),
    ],
)
def test_unresolved_exposure(given_: Sequence[Exposure], then: list[Spell]) -> None:
    found = examined(*given_)
    assert [
        (flag.code, flag.opened_at, flag.closed_at, flag.ours, flag.witness) for flag in found
    ] == [
        ("ECO-06", seconds(since), None if until is None else seconds(until), most, witness)
        for since, until, most, witness in then
    ]
    assert len({flag.key for flag in found}) == len(found)


def test_the_sum_is_told_in_words_with_its_currency() -> None:
    one, two = may_be("A", "100.5", 0, currency="EUR"), may_be("B", "1", 1, currency="EUR")
    (flag,) = examined(one)
    assert flag.note == (
        "Of 1 unresolved order that nobody can tell the outcome of, 100.5 EUR may be live at "
        "worst; the limit is 100."
    )
    assert flag.difference == "0.5"
    (flag,) = examined(one, two)
    assert flag.note.startswith("Of 2 orders")


def test_without_a_limit_nothing_is_too_much() -> None:
    assert examined(may_be("A", "1000000", 0), limits=Thresholds()) == []


def test_the_proof_is_bounded() -> None:
    (flag,) = examined(*(may_be(f"A{n}", "60", n) for n in range(WITNESS_MAX + 50)))
    assert len(flag.witness) == WITNESS_MAX


ANY = st.builds(
    may_be,
    st.sampled_from("ABCD"),
    st.sampled_from(["10", "60", "90.01"]),
    st.integers(0, 20),
    st.none() | st.integers(0, 30),
)


@given(st.lists(ANY, max_size=8))
def test_it_stands_exactly_while_the_sum_is_over_the_limit(exposures: list[Exposure]) -> None:
    found = examined(*exposures)
    for moment in range(32):
        at = seconds(moment + 0.5)
        worst: dict[str, Decimal] = {}
        for item in exposures:
            if item.opened_at <= at and (item.closed_at is None or item.closed_at > at):
                worst[item.order] = max(worst.get(item.order, Decimal()), item.amount)
        over = sum(worst.values(), Decimal()) > 100
        standing = [
            flag
            for flag in found
            if flag.opened_at <= at and (flag.closed_at is None or flag.closed_at > at)
        ]
        assert len(standing) == over


def blind(*, orders: bool = True, covered: tuple[float, int] | None = None) -> AccountHistory:
    gap = Blindness(
        what="The feed user jumps from 3 to 9: messages between them were not seen.",
        at=seconds(5),
        witness=(4,),
        orders=orders,
        covered=None if covered is None else (seconds(covered[0]), covered[1]),
    )
    return AccountHistory(owner=OWNER, blind=(gap,))


@pytest.mark.parametrize(
    ("history", "then"),
    [
        pytest.param(blind(), [(None, (4,))], id="orders were on the book: open"),
        pytest.param(blind(orders=False), [], id="nothing was on the book"),
        pytest.param(
            blind(covered=(60, 9)), [(60, (4, 9))], id="a later statement of everything: closed"
        ),
        pytest.param(blind(covered=(5, 9)), [(5, (4, 9))], id="a statement of that very moment"),
    ],
)
def test_a_gap_that_nothing_replays(
    history: AccountHistory, then: list[tuple[float | None, tuple[int, ...]]]
) -> None:
    found = examine_account(history, LIMITS)
    assert [(flag.code, flag.opened_at, flag.closed_at, flag.witness) for flag in found] == [
        ("STR-02", seconds(5), None if closed is None else seconds(closed), witness)
        for closed, witness in then
    ]
