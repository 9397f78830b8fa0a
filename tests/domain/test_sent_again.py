"""A second order under one reference: its refusal is not the first one's (FIX F.1.a, F.1.b)."""

from __future__ import annotations

import pytest

from domain import events as e
from domain.decisions import hear
from domain.evolve import fold
from domain.lifecycle import Status
from tests.building import accepted, filled, placed
from tests.domain.telling import after, note, of_total, stands, told

OPEN = "NEW 0/100/0/0/0"
ANOTHER = note("X", "order", differs=True)
OTHERS = e.Claims(status=Status.REJECTED)
OURS = e.Claims(status=Status.NEW)


def refused(**others: object) -> e.DuplicateRefused:
    return e.DuplicateRefused(**others)  # type: ignore[arg-type]  # a test names any field


@pytest.mark.parametrize(
    ("since", "said", "added"),
    [
        pytest.param(
            [ANOTHER], e.OrderRejected(), [refused()], id="after another order was sent: that one"
        ),
        pytest.param(
            [], e.OrderRejected(duplicate=True), [refused()], id="the venue says so: that one"
        ),
        pytest.param(
            [ANOTHER],
            e.OrderRejected(raw_reason="dup", claims=OURS, report_id="r"),
            [refused(raw_reason="dup", claims=OURS, report_id="r")],
            id="with the state of this one, which is kept as a claim",
        ),
        pytest.param(
            [ANOTHER],
            e.OrderRejected(claims=OTHERS),
            [refused()],
            id="with the state of the other one, which is no claim on this",
        ),
        pytest.param(
            [ANOTHER, refused()],
            e.OrderRejected(),
            [note("DuplicateRefused")],
            id="told again, nothing is new",
        ),
        pytest.param(
            [], e.OrderRejected(), [e.OrderRejected()], id="no other was sent: this one, after all"
        ),
    ],
)
def test_a_refusal_of_an_order_that_is_on_the_book(
    since: list[e.OrderEvent], said: e.OrderRejected, added: list[e.OrderEvent]
) -> None:
    assert told(after(*since), said) == added


def test_a_list_tells_a_refusal_again_without_a_note() -> None:
    source = e.Source.LIST
    assert told(after(ANOTHER, refused()), e.OrderRejected(), source=source) == []
    gone = fold([placed(), e.OrderRejected()])
    assert told(gone, e.OrderRejected(), source=source) == []
    assert told(gone, e.OrderRejected()) == [note("OrderRejected")]


def test_an_order_that_nobody_has_acknowledged_is_the_one_refused() -> None:
    said = e.OrderRejected(duplicate=True)
    assert told(fold([placed()]), said) == [said]


@pytest.mark.parametrize(
    "match",
    [
        pytest.param(filled("40"), id="a recorded match"),
        pytest.param(of_total("40", "40"), id="a match that only a total tells of"),
    ],
)
def test_a_match_shows_that_the_venue_has_it(match: e.OrderEvent) -> None:
    order = fold([placed(), match])
    assert told(order, e.OrderRejected(duplicate=True)) == [refused()]


def test_the_order_goes_on_as_if_nothing_had_been_sent() -> None:
    order = after(ANOTHER, refused())
    assert stands(order) == OPEN
    assert stands(hear(order, [filled("100"), accepted()])[0]) == "FILLED 100/0/0/0/0 by FILLED"
