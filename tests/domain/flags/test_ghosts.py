from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from domain.events import (
    AmendOutcomeUnknown,
    AmendRejected,
    Cancelled,
    CancelNotSent,
    Initiator,
    OrderRejected,
    PlaceNotSent,
    PlaceOutcomeUnknown,
    ReplacementSeen,
)
from domain.flags.ghosts import (
    ghost_order,
    id_remap_unresolved,
    replace_double_live,
    replace_half_done,
)
from domain.flags.history import History
from domain.ids import derived
from domain.reasons import CancelRejectReason
from tests.building import accepted, filled, history, placed
from tests.cancelling import LIMITS, Found, Q, asked, cancelled, found, in_one_message, reported
from tests.claiming import NEW, OPEN, amended, amending

LOST = (placed(), PlaceOutcomeUnknown(why="timeout"))
UNSENT = (placed(), PlaceNotSent())


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(history(*LOST), [], id="nothing is heard of it"),
        pytest.param(history(*LOST, OrderRejected()), [], id="it was refused"),
        pytest.param(history(*LOST, reported()), [], id="a report that does not say"),
        pytest.param(history(*LOST, accepted()), [((), 2, None, (2, 3))], id="it was taken"),
        pytest.param(history(*LOST, reported(NEW)), [((), 2, None, (2, 3))], id="it is listed"),
        pytest.param(history(*UNSENT, filled("5")), [((), 2, None, (2, 3))], id="it matched"),
        pytest.param(
            history(*LOST, accepted(), filled("100")), [((), 2, 3, (2, 3))], id="until it is over"
        ),
        pytest.param(
            history(*LOST, accepted(), asked()), [((), 2, 3, (2, 3))], id="until we act on it"
        ),
        pytest.param(
            history(*OPEN, PlaceOutcomeUnknown(why="timeout"), filled("5")),
            [],
            id="the venue had spoken of it before the loss was told",
        ),
    ],
)
def test_ghost_order(given: History, then: list[Found]) -> None:
    assert found(ghost_order(given, LIMITS)) == then


def test_how_its_sending_failed_is_told() -> None:
    (maybe,) = ghost_order(history(*LOST, accepted()), LIMITS)
    (never,) = ghost_order(history(*UNSENT, accepted()), LIMITS)
    assert maybe.note == (
        "The sending of the order may have failed, and the venue has it: OrderAccepted shows it."
    )
    assert (maybe.ours, never.ours) == ("UNKNOWN", "NOT_SENT")
    assert never.note.startswith("The sending of the order had failed")


BY_VENUE = Cancelled(initiator=Initiator.VENUE)
NO = AmendRejected(amend_ref="R1", reason=CancelRejectReason.TOO_LATE)
LOST_CHANGE = AmendOutcomeUnknown(amend_ref="R1", why="timeout")
CHANGING = (*OPEN, amending("120"))
R1 = ("R1",)


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(history(*CHANGING, BY_VENUE), [], id="the change is on its way"),
        pytest.param(
            history(*CHANGING, BY_VENUE, NO), [(R1, 4, None, (3, 4, 5))], id="gone, and refused"
        ),
        pytest.param(
            history(*CHANGING, LOST_CHANGE, BY_VENUE),
            [(R1, 4, None, (3, 5))],
            id="gone, and nobody knows of the change",
        ),
        pytest.param(
            history(*CHANGING, BY_VENUE, OrderRejected()),
            [(R1, 4, None, (3, 4, 5))],
            id="gone, and what should come instead was refused",
        ),
        pytest.param(
            history(*CHANGING, BY_VENUE, NO, amended("120")),
            [(R1, 4, 5, (3, 4, 5))],
            id="changed after all",
        ),
        pytest.param(history(*CHANGING, NO), [], id="refused, and as it was"),
        pytest.param(
            history(*CHANGING, amended("120"), BY_VENUE, NO), [], id="changed, and gone later"
        ),
        pytest.param(
            history(*CHANGING, asked(), cancelled(), NO), [], id="we had asked it off the book"
        ),
        pytest.param(
            history(*CHANGING, asked(), CancelNotSent(cancel_id=Q), BY_VENUE, NO),
            [(R1, 6, None, (3, 6, 7))],
            id="the cancel that we had asked for never left",
        ),
        pytest.param(
            history(*CHANGING, replace(BY_VENUE, size=Decimal(5), whole=False), NO),
            [],
            id="a part of it is gone",
        ),
        pytest.param(history(*OPEN, BY_VENUE, amending("120"), NO), [], id="gone before"),
        pytest.param(
            in_one_message(*OPEN, amending("120"), asked(), cancelled(), NO, together=(2, 3)),
            [(R1, 5, None, (3, 5, 6))],
            id="the cancel was part of the change",
        ),
        pytest.param(
            history(*CHANGING, filled("120"), BY_VENUE, BY_VENUE, NO),
            [(R1, 6, None, (3, 5, 7))],
            id="told gone twice",
        ),
    ],
)
def test_replace_half_done(given: History, then: list[Found]) -> None:
    assert found(replace_half_done(given, LIMITS)) == then


def test_what_became_of_the_change_is_told() -> None:
    (refused,) = replace_half_done(history(*CHANGING, BY_VENUE, NO), LIMITS)
    (unknown,) = replace_half_done(history(*CHANGING, LOST_CHANGE, BY_VENUE), LIMITS)
    assert refused.note == (
        "Our change R1 of the order took it off the book, and the change was refused."
    )
    assert unknown.note == (
        "Our change R1 of the order took it off the book, and nobody knows what became of the "
        "change."
    )
    assert unknown.theirs == "UNKNOWN"


SEEN = ReplacementSeen(amend_ref="R1", order=derived("order", "O2"))
BOTH = ("R1", str(SEEN.order))


@pytest.mark.parametrize(
    ("given", "double", "unresolved"),
    [
        pytest.param(
            history(*CHANGING, SEEN),
            [(BOTH, 3, None, (4,))],
            [(BOTH, 3, None, (4,))],
            id="both are live, and nothing is said of the change",
        ),
        pytest.param(
            history(*CHANGING, SEEN, BY_VENUE),
            [(BOTH, 3, 4, (4,))],
            [(BOTH, 3, None, (4,))],
            id="until this one is over",
        ),
        pytest.param(
            history(*CHANGING, SEEN, amended("120")),
            [(BOTH, 3, None, (4,))],
            [(BOTH, 3, 4, (4,))],
            id="until the change is told",
        ),
        pytest.param(
            history(*CHANGING, BY_VENUE, SEEN), [], [(BOTH, 4, None, (5,))], id="over before"
        ),
        pytest.param(
            history(*CHANGING, NO, SEEN),
            [(BOTH, 4, None, (5,))],
            [],
            id="the change had been refused, and yet",
        ),
    ],
)
def test_another_order_in_its_place(
    given: History, double: list[Found], unresolved: list[Found]
) -> None:
    assert found(replace_double_live(given, LIMITS)) == double
    assert found(id_remap_unresolved(given, LIMITS)) == unresolved


def test_what_is_live_beside_it_is_told() -> None:
    (flag,) = replace_double_live(history(*CHANGING, SEEN), LIMITS)
    assert flag.note == (
        f"The venue has order {SEEN.order} for our change R1, and 100 of this one is live "
        "beside it."
    )
