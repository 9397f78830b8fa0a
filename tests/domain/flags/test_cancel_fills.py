from __future__ import annotations

from decimal import Decimal

import pytest

from domain.events import FillCorrected, FillVoided, OrderReported
from domain.flags.cancel_fills import fill_implied_by_cancel_ack, partial_fill_on_cancel
from domain.flags.history import History
from domain.lifecycle import Status
from tests.building import accepted, at, filled, history, placed
from tests.cancelling import (
    LIMITS,
    Q2,
    Found,
    Q,
    asked,
    cancelled,
    claims,
    found,
    implied,
    in_one_message,
    reduced,
    reported,
)

ONCE = (str(Q),)
OPEN = (placed("60"), accepted())


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(history(*OPEN, asked(), cancelled()), [], id="nothing matched: no note"),
        pytest.param(
            history(*OPEN, filled("40"), asked(), cancelled()),
            [(ONCE, 4, None, (3, 4, 5))],
            id="matched before the request: noted at the cancel",
        ),
        pytest.param(
            history(placed(), filled("40"), cancelled(cancel_id=None)),
            [(("unsolicited",), 2, None, (2, 3))],
            id="the venue's own cancel is noted as unsolicited",
        ),
        pytest.param(
            history(
                *OPEN, asked(), at(cancelled(), seen=3, venue=3), at(filled("5"), seen=9, venue=2)
            ),
            [(ONCE, 9, None, (3, 4, 5))],
            id="told late and matched in time: noted when the match is told",
        ),
        pytest.param(
            history(
                *OPEN, asked(), at(cancelled(), seen=3, venue=3), at(filled("5"), seen=9, venue=8)
            ),
            [],
            id="matched after the cancel: not a match on it",
        ),
        pytest.param(
            history(
                *OPEN, at(filled("5"), seen=2, venue=8), asked(), at(cancelled(), seen=4, venue=4)
            ),
            [],
            id="matched after the cancel by the venue's clock, told before: not a match on it",
        ),
        pytest.param(
            history(*OPEN, asked("10"), reduced("10"), filled("5")),
            [],
            id="a part was cancelled and an untimed match came later: nothing says it was before",
        ),
        pytest.param(
            history(*OPEN, filled("5"), asked("10"), reduced("10"), cancelled()),
            [(ONCE, 4, None, (3, 4, 5))],
            id="cancelled in two steps for one request: noted once",
        ),
        pytest.param(
            history(*OPEN, filled("5"), FillVoided(fill_id="F1"), asked(), cancelled()),
            [],
            id="voided before the cancel: nothing had matched",
        ),
        pytest.param(
            history(*OPEN, filled("5"), asked(), cancelled(), FillVoided(fill_id="F1")),
            [(ONCE, 4, None, (3, 4, 5))],
            id="voided after the cancel: it had matched when the cancel took effect",
        ),
        pytest.param(
            history(*OPEN, asked(), implied("5"), cancelled("55")),
            [(ONCE, 4, None, (3, 4, 5))],
            id="known only from the answer: noted",
        ),
    ],
)
def test_partial_fill_on_cancel(given: History, then: list[Found]) -> None:
    assert found(partial_fill_on_cancel(given, LIMITS)) == then


@pytest.mark.parametrize(
    ("given", "note"),
    [
        pytest.param(
            history(
                *OPEN,
                at(filled("10"), seen=2, venue=2),
                at(asked(), seen=3),
                at(filled("15", "F2"), seen=5, venue=4),
                at(cancelled(), seen=6, venue=5),
                at(filled("5", "F3"), seen=9),
            ),
            "30 of 60 had matched when the cancel took effect: 10 before the request, "
            "15 while the request was on its way, 5 told later without a time.",
            id="each match is told by when it happened",
        ),
        pytest.param(
            history(
                *OPEN,
                at(asked(), seen=3),
                at(implied("8"), seen=6),
                at(cancelled("52"), seen=6, venue=6),
                at(filled("5"), seen=9, venue=2.5),
            ),
            "8 of 60 had matched when the cancel took effect: 5 before the request, "
            "3 known only from a total.",
            id="a late record takes its share of the total that told of it",
        ),
        pytest.param(
            history(filled("5"), cancelled(cancel_id=None)),
            "5 had matched when the cancel took effect: 5 before it.",
            id="an order of unknown size and no request",
        ),
    ],
)
def test_note_of_a_partial_fill(given: History, note: str) -> None:
    (flag,) = partial_fill_on_cancel(given, LIMITS)
    assert flag.note == note


COMPLETE = claims(Status.CANCELLED, matched="0")


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(
            history(*OPEN, filled("15"), asked(), cancelled("45")),
            [],
            id="the answer accounts for all: nothing is implied",
        ),
        pytest.param(
            in_one_message(*OPEN, asked(), implied("15"), cancelled("45"), together=(3, 4)),
            [(ONCE, 3, None, (3, 4, 5))],
            id="the answer implied a match: open until a record holds it",
        ),
        pytest.param(
            history(*OPEN, asked(), implied("15"), cancelled("45")),
            [],
            id="a total told of the match before the answer: another rule's",
        ),
        pytest.param(
            history(*OPEN, asked(), cancelled("45")),
            [(ONCE, 3, None, (3, 4))],
            id="less taken than was left and nothing inferred: the rest must have matched",
        ),
        pytest.param(
            history(*OPEN, asked(), reduced("45")),
            [],
            id="a part was cancelled: the rest is on the book",
        ),
        pytest.param(
            history(cancelled("45")), [], id="the cancel is the first word of the order: no sums"
        ),
        pytest.param(
            history(*OPEN, filled("5"), asked(), cancelled(claims=claims(matched="20"))),
            [(ONCE, 4, None, (4, 5))],
            id="the answer claims more matched than we hold: open",
        ),
        pytest.param(
            history(*OPEN, filled("5"), asked(), cancelled(matched=Decimal(5))),
            [],
            id="the answer tells what we hold: nothing is implied",
        ),
        pytest.param(
            history(*OPEN, asked(), cancelled("45"), filled("10"), filled("5", "F2")),
            [(ONCE, 3, 5, (3, 4))],
            id="cleared by the record that completes the amount",
        ),
        pytest.param(
            history(*OPEN, asked(), cancelled("45"), filled("10"), implied("5")),
            [(ONCE, 3, None, (3, 4))],
            id="a further total is no record",
        ),
        pytest.param(
            history(
                *OPEN,
                asked(),
                cancelled("45"),
                filled("10"),
                FillCorrected(fill_id="F1", correction_id="F1b", size=Decimal(15)),
            ),
            [(ONCE, 3, 5, (3, 4))],
            id="cleared by the correction that completes the amount",
        ),
        pytest.param(
            history(*OPEN, asked(), cancelled("45"), reported(Status.CANCELLED, matched="15")),
            [(ONCE, 3, None, (3, 4))],
            id="a report without the matches explains nothing",
        ),
        pytest.param(
            history(
                *OPEN,
                asked(),
                cancelled("45"),
                OrderReported(claims=claims(matched="15")),
                OrderReported(claims=None),
            ),
            [(ONCE, 3, None, (3, 4))],
            id="nor does one without a word on its matches",
        ),
        pytest.param(
            history(*OPEN, asked(), cancelled("45"), cancelled(matched=Decimal(20))),
            [(ONCE, 3, None, (3, 4))],
            id="told twice for one request: one flag",
        ),
    ],
)
def test_fill_implied_by_cancel_ack(given: History, then: list[Found]) -> None:
    assert found(fill_implied_by_cancel_ack(given, LIMITS)) == then


@pytest.mark.parametrize(
    ("complete", "closed"),
    [
        pytest.param("0", 4.0, id="the complete list of matches tells what we hold: cleared"),
        pytest.param("15", None, id="the list tells of more than we hold: stays open"),
        pytest.param(None, None, id="the list comes without a total: stays open"),
    ],
)
def test_a_complete_list_of_matches_explains(complete: str | None, closed: float | None) -> None:
    matched = None if complete is None else Decimal(complete)
    report = OrderReported(claims=claims().__class__(matched=matched, records=True))
    given = history(*OPEN, asked(), cancelled("45"), report)
    ((_key, _opened, closed_at, _witness),) = found(fill_implied_by_cancel_ack(given, LIMITS))
    assert closed_at == closed


@pytest.mark.parametrize(
    ("given", "note", "figures"),
    [
        pytest.param(
            in_one_message(*OPEN, asked(), implied("15"), cancelled("45"), together=(3, 4)),
            "The cancel answer accounts for 45 of 60: "
            "15 must have matched and no match record holds it.",
            ("0", "15", "15"),
            id="by the size that the cancel took",
        ),
        pytest.param(
            history(*OPEN, filled("5"), asked(), cancelled(claims=claims(matched="20"))),
            "The cancel answer tells of 20 matched where we held 5: "
            "15 must have matched and no match record holds it.",
            ("5", "20", "15"),
            id="by the matched total that it claims",
        ),
    ],
)
def test_note_of_an_implied_fill(given: History, note: str, figures: tuple[str, str, str]) -> None:
    (flag,) = fill_implied_by_cancel_ack(given, LIMITS)
    assert flag.note == note
    assert (flag.ours, flag.theirs, flag.difference) == figures


def test_two_requests_are_two_notes() -> None:
    given = history(
        *OPEN, filled("5"), asked("10"), reduced("10"), asked(cancel_id=Q2), cancelled(cancel_id=Q2)
    )
    assert [flag.key for flag in partial_fill_on_cancel(given, LIMITS)] == [ONCE, (str(Q2),)]
