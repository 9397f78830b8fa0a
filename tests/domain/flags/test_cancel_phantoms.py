from __future__ import annotations

from itertools import permutations

import pytest

from domain.events import FillVoided, OrderReported
from domain.flags.cancel_phantoms import phantom_cancel
from domain.flags.history import History
from domain.lifecycle import Status
from tests.building import accepted, at, filled, history, placed
from tests.cancelling import (
    LIMITS,
    Q2,
    Found,
    Q,
    again,
    asked,
    cancelled,
    claims,
    found,
    in_one_message,
    reduced,
    reported,
)

ONCE = (str(Q),)
CANCELLED = (placed(), asked(), at(cancelled(), seen=2, venue=2))
LIVE = reported(Status.NEW, remaining="60")
GONE = reported(Status.CANCELLED)


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(history(*CANCELLED), [], id="nothing was heard since"),
        pytest.param(history(placed(), LIVE), [], id="never cancelled"),
        pytest.param(
            history(placed(), asked(), reduced("40"), LIVE), [], id="a part was cancelled"
        ),
        pytest.param(
            history(*CANCELLED, at(LIVE, seen=9, venue=8)),
            [(ONCE, 9, None, (2, 3, 4))],
            id="a later report shows it live: critical, open",
        ),
        pytest.param(
            history(*CANCELLED, at(LIVE, seen=9)),
            [(ONCE, 9, None, (2, 3, 4))],
            id="so does a report without a venue time",
        ),
        pytest.param(
            history(*CANCELLED, at(LIVE, seen=9, venue=1)), [], id="an older report shows nothing"
        ),
        pytest.param(
            history(*CANCELLED, at(LIVE, seen=1)), [], id="nor one that we had seen before"
        ),
        pytest.param(
            history(*CANCELLED, at(GONE, seen=9), at(OrderReported(), seen=10)),
            [],
            id="nor one that shows it over, nor one that says nothing",
        ),
        pytest.param(
            history(*CANCELLED, at(reported(Status.NEW, remaining="0"), seen=9)),
            [],
            id="live with nothing on the book is not on the book",
        ),
        pytest.param(
            in_one_message(*CANCELLED, at(LIVE, seen=2), together=(2, 3)),
            [],
            id="the cancel's own message tells the state before it",
        ),
        pytest.param(
            history(*CANCELLED, at(LIVE, seen=9), at(GONE, seen=20)),
            [(ONCE, 9, 20, (2, 3, 4))],
            id="cleared by a report that shows it over",
        ),
        pytest.param(
            history(*CANCELLED, at(LIVE, seen=9, venue=8), at(GONE, seen=20, venue=7)),
            [(ONCE, 9, None, (2, 3, 4))],
            id="not by one that is older than what showed it live",
        ),
        pytest.param(
            history(*CANCELLED, at(GONE, seen=9, venue=9), at(LIVE, seen=10, venue=8)),
            [],
            id="the venue had shown it over since: old news",
        ),
        pytest.param(
            history(*CANCELLED, at(LIVE, seen=9, venue=8), at(GONE, seen=20, venue=8)),
            [(ONCE, 9, 20, (2, 3, 4))],
            id="of two reports of one instant the later seen counts",
        ),
        pytest.param(
            history(
                *CANCELLED,
                at(LIVE, seen=9),
                at(again(what="message", claims=claims(Status.CANCELLED)), seen=20),
            ),
            [(ONCE, 9, 20, (2, 3, 4))],
            id="cleared by the end told again",
        ),
        pytest.param(
            history(
                *CANCELLED,
                at(LIVE, seen=9),
                at(asked(cancel_id=Q2), seen=12),
                at(again(cancel_id=Q2), seen=13),
            ),
            [(ONCE, 9, 13, (2, 3, 4))],
            id="cleared by a cancel that was sent since and confirmed",
        ),
        pytest.param(
            history(*CANCELLED, at(LIVE, seen=9), at(again(), seen=13), at(again(None), seen=14)),
            [(ONCE, 9, None, (2, 3, 4))],
            id="not by the first cancel confirmed again",
        ),
        pytest.param(
            history(*CANCELLED, at(LIVE, seen=9), at(GONE, seen=20), at(LIVE, seen=30)),
            [(ONCE, 9, 20, (2, 3, 4)), ((*ONCE, "2"), 30, None, (2, 3, 6))],
            id="shown live again after its end: again",
        ),
        pytest.param(
            history(*CANCELLED, at(LIVE, seen=9), at(LIVE, seen=15), at(GONE, seen=20)),
            [(ONCE, 9, 20, (2, 3, 4, 5))],
            id="shown live twice: one flag",
        ),
        pytest.param(
            history(*CANCELLED, at(filled("5"), seen=9, venue=8)),
            [(ONCE, 9, None, (2, 3, 4))],
            id="a match was made after the cancel",
        ),
        pytest.param(
            history(*CANCELLED, at(filled("5"), seen=9, venue=1)),
            [],
            id="a match made before it and told late shows nothing",
        ),
        pytest.param(
            history(
                *CANCELLED, at(filled("5"), seen=9, venue=8), at(FillVoided(fill_id="F1"), seen=20)
            ),
            [(ONCE, 9, 20, (2, 3, 4))],
            id="cleared by the void of the match",
        ),
        pytest.param(
            history(
                *CANCELLED,
                at(filled("5"), seen=9, venue=8),
                at(GONE, seen=15, venue=15),
                at(FillVoided(fill_id="F1"), seen=20),
            ),
            [(ONCE, 9, 15, (2, 3, 4))],
            id="cleared by the first of the two",
        ),
        pytest.param(
            history(
                *CANCELLED,
                at(filled("5"), seen=9, venue=8),
                at(LIVE, seen=10),
                at(FillVoided(fill_id="F1"), seen=20),
            ),
            [(ONCE, 9, None, (2, 3, 4, 5))],
            id="the match is voided and a report still shows it live: one flag, open",
        ),
        pytest.param(
            history(placed(), accepted(), at(cancelled(cancel_id=None), seen=2), at(LIVE, seen=9)),
            [(("unsolicited",), 9, None, (3, 4))],
            id="the venue's own cancel can be a phantom too",
        ),
    ],
)
def test_phantom_cancel(given: History, then: list[Found]) -> None:
    assert found(phantom_cancel(given, LIMITS)) == then


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_with_the_venue_s_times_the_order_of_arrival_does_not_matter(
    order: tuple[int, ...],
) -> None:
    told = ((LIVE, 8.0), (GONE, 12.0), (filled("5"), 9.0))
    events = [at(told[i][0], seen=20 + place, venue=told[i][1]) for place, i in enumerate(order)]
    flags = phantom_cancel(history(*CANCELLED, *events), LIMITS)
    assert [flag for flag in flags if flag.closed_at is None] == []


@pytest.mark.parametrize(
    ("given", "note", "theirs"),
    [
        pytest.param(
            history(*CANCELLED, at(LIVE, seen=9)),
            "The venue shows the order with 60 still on the book after it had confirmed the "
            "cancel.",
            "60",
            id="shown with what remains",
        ),
        pytest.param(
            history(*CANCELLED, at(reported(Status.NEW), seen=9)),
            "The venue shows the order as live after it had confirmed the cancel.",
            "NEW",
            id="shown without sizes",
        ),
        pytest.param(
            history(*CANCELLED, at(filled("5"), seen=9, venue=8)),
            "The venue matched 5 of the order after it had cancelled it.",
            "5",
            id="matched",
        ),
    ],
)
def test_the_note_tells_what_shows_it_live(given: History, note: str, theirs: str) -> None:
    (flag,) = phantom_cancel(given, LIMITS)
    assert (flag.note, flag.ours, flag.theirs) == (note, "CANCELLED", theirs)
