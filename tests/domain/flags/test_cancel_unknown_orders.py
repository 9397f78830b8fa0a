from __future__ import annotations

from itertools import permutations

import pytest

from domain.events import Expired, OrderDiscovered, OrderReported, Source, Terms
from domain.flags.cancel_unknown_orders import cancel_unknown_order, cancel_unknown_unacked
from domain.flags.history import History
from domain.lifecycle import Status
from domain.reasons import CancelRejectReason
from tests.building import accepted, at, filled, history, placed
from tests.cancelling import LIMITS, Q2, Found, Q, asked, cancelled, found, refused, reported

ONCE = (str(Q),)
UNKNOWN = refused(CancelRejectReason.UNKNOWN_ORDER)
OPEN = (placed(), accepted(), asked())


@pytest.mark.parametrize(
    ("given", "accepted_before", "not_accepted"),
    [
        pytest.param(
            history(*OPEN, UNKNOWN),
            [(ONCE, 3, None, (2, 3, 4))],
            [],
            id="accepted and open by our books: the venue has lost it, or was wrong",
        ),
        pytest.param(
            history(placed(), asked(), UNKNOWN),
            [],
            [(ONCE, 2, None, (2, 3))],
            id="only placed: the cancel overtook the order",
        ),
        pytest.param(
            history(*OPEN, refused(CancelRejectReason.NOT_OWNED)), [], [], id="another reason"
        ),
        pytest.param(
            history(placed(), filled("100"), asked(), UNKNOWN),
            [],
            [],
            id="all matched: no question",
        ),
        pytest.param(
            history(*OPEN, UNKNOWN, UNKNOWN),
            [(ONCE, 3, None, (2, 3, 4))],
            [],
            id="refused twice for one request: one flag",
        ),
        pytest.param(
            history(placed(), filled("10"), asked(), UNKNOWN),
            [(ONCE, 3, None, (2, 3, 4))],
            [],
            id="a match shows that the venue had it",
        ),
        pytest.param(
            history(OrderDiscovered(source=Source.LIST, terms=Terms()), asked(), UNKNOWN),
            [(ONCE, 2, None, (1, 2, 3))],
            [],
            id="the venue itself told of it before",
        ),
        pytest.param(
            history(placed(), reported(Status.NEW, remaining="100"), asked(), UNKNOWN),
            [(ONCE, 3, None, (2, 3, 4))],
            [],
            id="a report had shown it live",
        ),
        pytest.param(
            history(placed(), OrderReported(), asked(), UNKNOWN),
            [],
            [(ONCE, 3, None, (3, 4))],
            id="a report that says nothing shows nothing",
        ),
        pytest.param(
            history(placed(), at(accepted(), venue=9), asked(), at(UNKNOWN, seen=3, venue=3)),
            [],
            [(ONCE, 3, None, (3, 4))],
            id="accepted after the refusal by the venue's clock, though told before",
        ),
        pytest.param(
            history(
                placed(), asked(), at(UNKNOWN, seen=3, venue=3), at(accepted(), seen=4, venue=1)
            ),
            [(ONCE, 4, None, (2, 3, 4))],
            [],
            id="accepted before the refusal by the venue's clock, though told after",
        ),
        pytest.param(
            history(
                placed(),
                asked(),
                at(UNKNOWN, seen=3, venue=3),
                Expired(),
                at(accepted(), seen=4, venue=1),
            ),
            [],
            [],
            id="over when the acceptance came to light: no question",
        ),
        pytest.param(
            history(*OPEN, UNKNOWN, filled("100")),
            [(ONCE, 3, 4, (2, 3, 4))],
            [],
            id="cleared by the end of the order",
        ),
        pytest.param(
            history(*OPEN, UNKNOWN, reported(Status.NEW, remaining="100")),
            [(ONCE, 3, 4, (2, 3, 4))],
            [],
            id="cleared by a report that shows it live: the refusal was false",
        ),
        pytest.param(
            history(*OPEN, UNKNOWN, reported(Status.CANCELLED)),
            [(ONCE, 3, 4, (2, 3, 4))],
            [],
            id="cleared by a report that shows it over",
        ),
        pytest.param(
            history(*OPEN, at(UNKNOWN, seen=3, venue=3), at(reported(Status.NEW), seen=4, venue=2)),
            [(ONCE, 3, None, (2, 3, 4))],
            [],
            id="a report from before the refusal clears nothing",
        ),
        pytest.param(
            history(*OPEN, UNKNOWN, filled("10")),
            [(ONCE, 3, None, (2, 3, 4))],
            [],
            id="a match of a part clears nothing",
        ),
        pytest.param(
            history(placed(), asked(), UNKNOWN, accepted()),
            [],
            [(ONCE, 2, None, (2, 3))],
            id="accepted later and not asked again: it may rest unseen",
        ),
        pytest.param(
            history(placed(), asked(), UNKNOWN, accepted(), asked(cancel_id=Q2)),
            [],
            [(ONCE, 2, 4, (2, 3))],
            id="asked again after the acceptance: cleared",
        ),
        pytest.param(
            history(placed(), asked(), UNKNOWN, asked(cancel_id=Q2)),
            [],
            [(ONCE, 2, None, (2, 3))],
            id="asked again before the acceptance: not cleared",
        ),
        pytest.param(
            history(
                placed(), asked(), at(UNKNOWN, seen=5), accepted(), at(asked(cancel_id=Q2), seen=4)
            ),
            [],
            [(ONCE, 5, None, (2, 3))],
            id="a request that had left before the refusal does not ask again",
        ),
        pytest.param(
            history(placed(), asked(), UNKNOWN, accepted(), cancelled(cancel_id=None)),
            [],
            [(ONCE, 2, 4, (2, 3))],
            id="accepted and cancelled: cleared",
        ),
    ],
)
def test_cancel_of_an_order_that_the_venue_does_not_know(
    given: History, accepted_before: list[Found], not_accepted: list[Found]
) -> None:
    assert found(cancel_unknown_order(given, LIMITS)) == accepted_before
    assert found(cancel_unknown_unacked(given, LIMITS)) == not_accepted


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_with_the_venue_s_times_the_order_of_arrival_does_not_matter(
    order: tuple[int, ...],
) -> None:
    told = ((accepted(), 1.0), (UNKNOWN, 3.0), (filled("10"), 0.5))
    events = [at(told[i][0], seen=place + 2, venue=told[i][1]) for place, i in enumerate(order)]
    given = history(placed(), asked(), *events)
    assert [flag.closed_at for flag in cancel_unknown_order(given, LIMITS)] == [None]
    assert list(cancel_unknown_unacked(given, LIMITS)) == []


def test_the_notes_tell_which_of_the_two_it_is() -> None:
    (lost,) = cancel_unknown_order(history(*OPEN, UNKNOWN), LIMITS)
    (early,) = cancel_unknown_unacked(history(placed(), asked(), UNKNOWN), LIMITS)
    assert lost.note == (
        "The venue answered the cancel as if it did not know the order, which it had accepted "
        "and of which we hold 100 open."
    )
    assert early.note == (
        "The cancel was refused because the venue did not know the order: it had not accepted it "
        "yet. The order may have come onto the book since."
    )
