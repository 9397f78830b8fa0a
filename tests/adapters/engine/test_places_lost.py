"""Orders and changes whose answer was lost, whichever lines the recording has, in any order."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest

from tests.whole.telling import Tape, flags_of, ingested, orders_of

ORDER = {
    "msg": "NewOrderSingle",
    "cl_ord_id": "X",
    "instrument": "M1",
    "side": "BUY",
    "order_qty": "100",
    "price": "1.95",
}
CHANGE = {
    "msg": "OrderCancelReplaceRequest",
    "cl_ord_id": "Z",
    "orig_cl_ord_id": "X",
    "order_qty": "60",
}
IN_DOUBT = "PENDING_NEW 0..100"
LIVE = "NEW 100..100"


def lost(tape: Tape, kind: str, frame: dict[str, str], **parts: object) -> Tape:
    """The answer to this was lost."""
    return tape.line("lost", frame=frame, error={"kind": kind, "detail": "3 s"}, **parts)


def stands(database_url: str) -> list[str]:
    """Each order's status, and the bounds of what remains."""
    return [
        f"{order['status']} {order['remaining_min']}..{order['remaining_max']}"
        + ("" if order["closed_by"] is None else f" by {order['closed_by']}")
        for order in orders_of(database_url).values()
    ]


@pytest.mark.parametrize(
    ("tape", "expected"),
    [
        pytest.param(lost(Tape().place(), "timeout", ORDER), IN_DOUBT, id="sent, then lost"),
        pytest.param(lost(Tape(), "disconnected", ORDER), IN_DOUBT, id="its sending is not there"),
        pytest.param(
            lost(lost(Tape().place(), "timeout", ORDER), "timeout", ORDER),
            IN_DOUBT,
            id="lost twice",
        ),
        pytest.param(
            lost(Tape().place(), "timeout", ORDER).report("New"), LIVE, id="answered after all"
        ),
        pytest.param(
            lost(Tape().live(), "unreadable", ORDER), LIVE, id="answered before the loss is told"
        ),
        pytest.param(
            lost(Tape().place(), "not_sent", ORDER),
            "REJECTED 0..0 by NOT_SENT",
            id="not sent: never live",
        ),
        pytest.param(
            lost(Tape().place(), "not_sent", ORDER).place().report("New"),
            LIVE,
            id="not sent, sent again, and taken",
        ),
        pytest.param(
            lost(Tape().place(), "not_sent", ORDER).place(),
            "PENDING_NEW 100..100",
            id="not sent, and sent again: on its way",
        ),
        pytest.param(
            lost(lost(Tape().place(), "not_sent", ORDER).place(), "timeout", ORDER),
            IN_DOUBT,
            id="not sent, and the second sending is in doubt",
        ),
        pytest.param(
            lost(Tape().place(), "timeout", ORDER).cancel().refused("1"),
            IN_DOUBT,
            id="a cancel that does not find it proves nothing",
        ),
        pytest.param(
            lost(Tape().place(), "timeout", ORDER).report("Rejected"),
            "REJECTED 0..0 by REJECTED",
            id="refused after all",
        ),
    ],
)
def test_an_order_whose_placing_was_lost(
    tape: Tape, expected: str, sqlite_url: str, tmp_path: Path
) -> None:
    ingested(sqlite_url, tape.write(tmp_path / "tape.ndjson"))
    assert stands(sqlite_url) == [expected]


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
@pytest.mark.parametrize(
    ("kind", "answered", "expected"),
    [
        pytest.param("timeout", True, LIVE, id="in doubt and answered"),
        pytest.param("not_sent", True, LIVE, id="not sent and answered all the same"),
        pytest.param("timeout", False, IN_DOUBT, id="in doubt, lost twice"),
        pytest.param("not_sent", False, "REJECTED 0..0 by NOT_SENT", id="not sent, told twice"),
    ],
)
def test_the_lines_of_a_loss_may_be_read_in_any_order(  # noqa: PLR0913 - a case, an order, a place
    order: tuple[int, ...],
    kind: str,
    expected: str,
    sqlite_url: str,
    tmp_path: Path,
    *,
    answered: bool,
) -> None:
    tape = lost(Tape().place(), kind, ORDER)
    tape = tape.report("New") if answered else lost(tape, kind, ORDER)
    tape.lines = [tape.lines[index] for index in order]
    ingested(sqlite_url, tape.write(tmp_path / "tape.ndjson"))
    assert stands(sqlite_url) == [expected]
    ingested(sqlite_url, str(tmp_path / "tape.ndjson"))
    assert stands(sqlite_url) == [expected]


def test_a_failed_sending_that_is_read_late_does_not_end_the_next_one(
    sqlite_url: str, tmp_path: Path
) -> None:
    tape = lost(Tape().place(), "not_sent", ORDER).place()
    failed = tape.lines.pop(1)
    later = Tape()
    later.lines = [failed]
    ingested(sqlite_url, tape.write(tmp_path / "a.ndjson"), later.write(tmp_path / "b.ndjson"))
    assert stands(sqlite_url) == ["PENDING_NEW 100..100"]


@pytest.mark.parametrize(
    ("tape", "expected"),
    [
        pytest.param(
            lost(Tape().live().frame("sent", **CHANGE), "timeout", CHANGE),
            "NEW 60..100",
            id="sent, then lost",
        ),
        pytest.param(lost(Tape().live(), "timeout", CHANGE), "NEW 60..100", id="no sending"),
        pytest.param(
            lost(Tape().live(), "timeout", CHANGE).frame("sent", **CHANGE),
            "NEW 60..100",
            id="its sending later",
        ),
        pytest.param(
            lost(Tape().live().frame("sent", **CHANGE), "not_sent", CHANGE), LIVE, id="not sent"
        ),
        pytest.param(
            lost(Tape().live().frame("sent", **CHANGE), "timeout", CHANGE).report(
                "Replaced", "Z", orig_cl_ord_id="X", order_qty="60"
            ),
            "NEW 60..60",
            id="answered after all",
        ),
        pytest.param(
            lost(Tape().live().frame("sent", **CHANGE), "timeout", CHANGE).report(
                "OrderStatus", ord_status="New", order_qty="60", cum_qty="0", leaves_qty="60"
            ),
            "NEW 60..60",
            id="a report with the new size",
        ),
    ],
)
def test_an_order_whose_change_was_lost(
    tape: Tape, expected: str, sqlite_url: str, tmp_path: Path
) -> None:
    ingested(sqlite_url, tape.write(tmp_path / "tape.ndjson"))
    assert stands(sqlite_url) == [expected]


@pytest.mark.parametrize(
    "tape",
    [
        pytest.param(lost(Tape().place(), "swallowed", ORDER), id="an order"),
        pytest.param(
            lost(Tape().live().frame("sent", **CHANGE), "swallowed", CHANGE), id="a change"
        ),
        pytest.param(
            lost(
                Tape().live().cancel(),
                "swallowed",
                {"msg": "OrderCancelRequest", "cl_ord_id": "Y", "orig_cl_ord_id": "X"},
            ),
            id="a cancel",
        ),
    ],
)
def test_a_kind_of_loss_that_nobody_knows_leaves_the_outcome_unknown_and_is_told(
    tape: Tape, sqlite_url: str, tmp_path: Path
) -> None:
    ingested(sqlite_url, tape.write(tmp_path / "tape.ndjson"))
    assert [order["certain"] for order in orders_of(sqlite_url).values()] == [False]
    assert "STR-10" in flags_of(sqlite_url)["open"]
