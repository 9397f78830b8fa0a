from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from domain.events import FillConfirmed, Filled, FillVoided, OrderReported, Settled, Settlement
from domain.flags.fills_unsure import (
    inferred_fill_open,
    provisional_fill_failed,
    provisional_fill_stale,
)
from domain.flags.history import History
from tests.building import accepted, at, filled, history, placed
from tests.cancelling import LIMITS, Found, claims, found, reported
from tests.claiming import OPEN, at_venue, saying, total

OWN_RECORDS = OrderReported(claims=replace(claims(), records=True))


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(history(*OPEN, filled("40")), [], id="recorded"),
        pytest.param(
            history(*OPEN, total("40")), [(("1",), 2, None, (3,))], id="a running total alone"
        ),
        pytest.param(
            history(*OPEN, total("40"), filled("40")), [(("1",), 2, 3, (3,))], id="its record came"
        ),
        pytest.param(
            history(*OPEN, total("40"), filled("30"), total("20"), filled("30", "F2")),
            [(("1",), 2, 5, (3, 5))],
            id="further totals before the records: one finding",
        ),
        pytest.param(
            history(*OPEN, total("40"), filled("40"), total("60")),
            [(("1",), 2, 3, (3,)), (("2",), 4, None, (5,))],
            id="replaced, and then another",
        ),
        pytest.param(
            history(*OPEN, Filled(fill_id="cancel:1", size=Decimal(5), inferred=True)),
            [],
            id="implied by a cancel: another rule's",
        ),
        pytest.param(at_venue("abp", *OPEN, total("40")), [], id="a venue without records"),
        pytest.param(
            at_venue("abp", *OPEN, total("40"), OWN_RECORDS),
            [(("1",), 2, None, (3,))],
            id="a report that came with its own",
        ),
        pytest.param(
            history(*OPEN, total("40"), filled("40"), FillVoided(fill_id="F1")),
            [(("1",), 2, 3, (3,))],
            id="replaced, though taken back later",
        ),
    ],
)
def test_inferred_fill_open(given: History, then: list[Found]) -> None:
    assert found(inferred_fill_open(given, LIMITS)) == then


def test_what_is_estimated_is_told() -> None:
    (flag,) = inferred_fill_open(history(*OPEN, total("40"), filled("30"), total("20")), LIMITS)
    assert flag.ours == "30"
    assert flag.note == (
        "30 is held as matched on the word of a running total alone: no record of a match stands "
        "behind it."
    )


MAYBE = replace(filled("40"), provisional=True)
WAITS = (placed(), accepted(), MAYBE)
HOUR = 3602
F1 = ("F1",)


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(history(*OPEN, filled("40")), [], id="final at once"),
        pytest.param(history(*WAITS), [(F1, HOUR, None, (3,))], id="nothing more is heard of it"),
        pytest.param(history(*WAITS, FillConfirmed(fill_id="F1")), [], id="confirmed in time"),
        pytest.param(
            history(*WAITS, at(FillConfirmed(fill_id="F1"), seen=4000)),
            [(F1, HOUR, 4000, (3,))],
            id="confirmed late",
        ),
        pytest.param(
            history(*WAITS, at(FillVoided(fill_id="F1"), seen=4000)),
            [(F1, HOUR, 4000, (3,))],
            id="taken back late",
        ),
        pytest.param(
            history(*WAITS, FillConfirmed(fill_id="F9")),
            [(F1, HOUR, None, (3,))],
            id="another match is confirmed",
        ),
        pytest.param(
            history(*WAITS, Settled(settlement=Settlement())), [], id="the order is settled"
        ),
        pytest.param(
            history(*OPEN, FillConfirmed(fill_id="F1"), MAYBE),
            [],
            id="confirmed before it was told",
        ),
        pytest.param(
            history(*OPEN, replace(total("40"), provisional=True)), [], id="no record of it"
        ),
    ],
)
def test_provisional_fill_stale(given: History, then: list[Found]) -> None:
    assert found(provisional_fill_stale(given, LIMITS)) == then


FAILED = FillVoided(fill_id="F1", returns=False, reason="settlement_failed")


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(history(*WAITS, FAILED), [(F1, 3, None, (3, 4))], id="it fell through"),
        pytest.param(
            history(*WAITS, FAILED, reported(matched="40"), reported(matched="0")),
            [(F1, 3, 5, (3, 4))],
            id="until the venue's own total is without it",
        ),
        pytest.param(
            history(*WAITS, saying(FAILED, matched="0")),
            [(F1, 3, 3, (3, 4))],
            id="the report of it tells the total",
        ),
        pytest.param(
            history(*WAITS, replace(FAILED, size=Decimal(10)), reported(matched="30")),
            [(F1, 3, None, (3, 4))],
            id="a part of it: not until all is taken back",
        ),
        pytest.param(
            history(
                *WAITS,
                replace(FAILED, size=Decimal(10)),
                replace(FAILED, size=Decimal(30)),
                reported(matched="0"),
            ),
            [(F1, 3, 5, (3, 4))],
            id="in parts",
        ),
        pytest.param(
            history(*WAITS, replace(FAILED, returns=True)), [], id="its stake returns to the book"
        ),
        pytest.param(
            history(*WAITS, FillConfirmed(fill_id="F1"), FAILED), [], id="it had been confirmed"
        ),
        pytest.param(history(*OPEN, FAILED), [], id="nobody here has it"),
    ],
)
def test_provisional_fill_failed(given: History, then: list[Found]) -> None:
    assert found(provisional_fill_failed(given, LIMITS)) == then


def test_why_it_fell_through_is_told() -> None:
    (flag,) = provisional_fill_failed(history(*WAITS, FAILED), LIMITS)
    assert flag.note == ("Match F1 of 40 fell through before it was confirmed (settlement_failed).")
    (bare,) = provisional_fill_failed(history(*WAITS, replace(FAILED, reason=None)), LIMITS)
    assert bare.note == "Match F1 of 40 fell through before it was confirmed."
