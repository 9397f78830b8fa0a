from __future__ import annotations

from dataclasses import replace

import pytest

from domain.decisions import hear
from domain.disputes import dispute
from domain.events import OrderAccepted, Source, Terms, TermsDisputed
from domain.evolve import fold
from domain.order import UNDISPUTED
from domain.values import Side
from tests.building import placed

OURS = placed(time_in_force="GTC")
ORDER = fold([OURS, OrderAccepted()])
OTHER_SIDE = Terms(side=Side.SELL)
WRONG = fold([OURS, TermsDisputed(terms=OTHER_SIDE)])
NAMED = fold([OURS, TermsDisputed(account="rival")])


@pytest.mark.parametrize(
    ("told", "then"),
    [
        pytest.param(Terms(), None, id="nothing told"),
        pytest.param(OURS.terms, None, id="all as we have it"),
        pytest.param(OTHER_SIDE, OTHER_SIDE, id="another side"),
        pytest.param(Terms(market="M9"), Terms(market="M9"), id="another market"),
        pytest.param(Terms(market="-"), None, id="a market that nobody named"),
        pytest.param(Terms(selection="S9"), Terms(selection="S9"), id="another selection"),
        pytest.param(
            Terms(time_in_force="IOC"), Terms(time_in_force="IOC"), id="another time in force"
        ),
        pytest.param(
            Terms(side=Side.SELL, market="M1"), OTHER_SIDE, id="only what is not ours is disputed"
        ),
    ],
)
def test_what_a_venue_tells_otherwise(told: Terms, then: Terms | None) -> None:
    found = dispute(ORDER, told, "canonical")
    assert (None if found is None else found.terms) == then


def test_what_we_do_not_know_is_not_disputed() -> None:
    unknown = fold([replace(OURS, terms=Terms())])
    assert dispute(unknown, OURS.terms, "canonical") is None


@pytest.mark.parametrize(
    ("told", "then"),
    [
        pytest.param(OTHER_SIDE, None, id="the same again"),
        pytest.param(Terms(market="M1"), None, id="another term, as we have it"),
        pytest.param(Terms(side=Side.BUY), UNDISPUTED, id="ours after all"),
        pytest.param(
            Terms(market="M9"), Terms(side=Side.SELL, market="M9"), id="another one besides"
        ),
    ],
)
def test_a_dispute_stands_until_the_venue_tells_otherwise(told: Terms, then: Terms | None) -> None:
    found = dispute(WRONG, told, "canonical")
    assert (None if found is None else found.terms) == then


def test_a_venue_that_tells_terms_from_either_side_is_held_to_the_market_alone() -> None:
    both = Terms(side=Side.SELL, selection="S9", market="M1")
    assert dispute(ORDER, both, "fourcasters") is None
    found = dispute(ORDER, replace(both, market="M9"), "fourcasters")
    assert found == TermsDisputed(terms=Terms(market="M9"))


def test_another_account_is_disputed_once() -> None:
    assert dispute(ORDER, Terms(), "canonical", account="rival") == TermsDisputed(account="rival")
    assert dispute(NAMED, Terms(), "canonical", account="rival") is None
    assert dispute(NAMED, Terms(), "canonical") is None


def test_a_dispute_heard_twice_is_heard_once() -> None:
    told = TermsDisputed(terms=OTHER_SIDE)
    order, first = hear(ORDER, [told, told], source=Source.REPORT)
    assert first == [told]
    assert order.disputed == OTHER_SIDE
    order, last = hear(order, [TermsDisputed()], source=Source.REPORT)
    assert last == [TermsDisputed()]
    assert order.disputed is UNDISPUTED
