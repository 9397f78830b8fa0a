"""The order state matrices of FIX (Appendix D): a venue that keeps them raises no break.

Rows are: what was sent or reported, the client id (`<` the one it replaces), and for reports
OrdStatus, OrderQty, CumQty, LeavesQty, LastQty and ExecID (`<` ExecRefID).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.venues.canonical.translate import CanonicalDialect
from domain.decisions import hear
from domain.events import Cancelled, CancelPending, CancelRejected, CancelRequested
from domain.flags.history import History, order_history
from domain.flags.rules import examine_order
from domain.ids import derived
from domain.messages import CancelSent, Message, OrderMessage, Said
from domain.order import Order
from domain.recorded import Recorded
from domain.wire import Line
from tests.building import NOON, OWNER, STREAM
from tests.cancelling import LIMITS

MATRICES = {
    "A.1.b Part-filled day order, done for day": """
        order X 10000
        New X New 10000 0 10000 0 e2
        Trade X PartiallyFilled 10000 2000 8000 2000 e3
        Trade X PartiallyFilled 10000 3000 7000 1000 e4
        DoneForDay X DoneForDay 10000 3000 0 0 e5
    """,
    "B.1.a Cancel request for a zero-filled order": """
        order X 10000
        New X New 10000 0 10000 0 e2
        cancel Y<X
        PendingCancel Y<X PendingCancel 10000 0 10000 0 e5
        Canceled Y<X Canceled 10000 0 0 0 e7
    """,
    "B.1.b Cancel request for a part-filled order; executions occur while the cancel is active": """
        order X 10000
        New X New 10000 0 10000 0 e2
        Trade X PartiallyFilled 10000 2000 8000 2000 e3
        cancel Y<X
        Trade X PartiallyFilled 10000 5000 5000 3000 e5
        PendingCancel Y<X PendingCancel 10000 5000 5000 0 e7
        Trade X PendingCancel 10000 6000 4000 1000 e8
        Canceled Y<X Canceled 10000 6000 0 0 e10
    """,
    "C.1.b Part-filled order, replace up, execution while pending replace": """
        order X 10000
        New X New 10000 0 10000 0 e2
        Trade X PartiallyFilled 10000 1000 9000 1000 e3
        replace Y<X 12000
        PendingReplace Y<X PendingReplace 10000 1000 9000 0 e6
        Trade X PendingReplace 10000 1100 8900 100 e7
        Replaced Y<X PartiallyFilled 12000 1100 10900 0 e9
        Trade Y Filled 12000 12000 0 10900 e10
    """,
    "C.2.a Replace (not for quantity) rejected because a fill occurred": """
        order X 10000
        New X New 10000 0 10000 0 e2
        Trade X PartiallyFilled 10000 1000 9000 1000 e3
        replace Y<X 10000
        Trade X Filled 10000 10000 0 9000 e5
        refused Y<X Filled
    """,
    "C.3.b Replace down crossing an execution; requested qty equals cum qty": """
        order X 10000
        New X New 10000 0 10000 0 e2
        replace Y<X 7000
        Trade X PartiallyFilled 10000 7000 3000 7000 e4
        Replaced Y<X Filled 7000 7000 0 0 e5
    """,
    "D.1.a Replace accepted, then another replace accepted": """
        order X 10000
        New X New 10000 0 10000 0 e2
        Trade X PartiallyFilled 10000 1000 9000 1000 e3
        replace Y<X 8000
        PendingReplace Y<X PendingReplace 10000 1000 9000 0 e5
        Trade X PendingReplace 10000 1500 8500 500 e6
        Replaced Y<X PartiallyFilled 8000 1500 6500 0 e7
        Trade Y PartiallyFilled 8000 3500 4500 2000 e8
        replace Z<Y 6000
        PendingReplace Z<Y PendingReplace 8000 3500 4500 0 e10
        Trade Y PendingReplace 8000 4000 4000 500 e11
        Replaced Z<Y PartiallyFilled 6000 4000 2000 0 e12
        Trade Z Filled 6000 6000 0 2000 e13
    """,
    "D.1.c Replace rejected after pending, then another accepted": """
        order X 10000
        New X New 10000 0 10000 0 e2
        Trade X PartiallyFilled 10000 1000 9000 1000 e3
        replace Y<X 8000
        PendingReplace Y<X PendingReplace 10000 1000 9000 0 e5
        Trade X PendingReplace 10000 1500 8500 500 e6
        refused Y<X PartiallyFilled
        Trade X PartiallyFilled 10000 3500 6500 2000 e8
        replace Z<X 6000
        PendingReplace Z<X PendingReplace 10000 3500 6500 0 e10
        Replaced Z<X PartiallyFilled 6000 3500 2500 0 e11
        Trade Z PartiallyFilled 6000 5000 1000 1500 e12
    """,
    "D.2.b Two replaces in quick succession; venue sends both pendings before either replaced": """
        order X 10000
        New X New 10000 0 10000 0 e1
        Trade X PartiallyFilled 10000 1000 9000 1000 e2
        replace Y<X 8000
        replace Z<Y 7000
        PendingReplace Y<X PendingReplace 10000 1000 9000 0 e5
        PendingReplace Z<X PendingReplace 8000 1000 7000 0 e6
        Replaced Y<X PendingReplace 8000 1000 7000 0 e7
        Replaced Z<Y PartiallyFilled 7000 1000 6000 0 e8
        Trade Z Filled 7000 7000 0 6000 e9
    """,
    "E.1.b Unsolicited cancel of a part-filled order": """
        order X 10000
        New X New 10000 0 10000 0 e2
        Trade X PartiallyFilled 10000 1000 9000 1000 e3
        Canceled X Canceled 10000 1000 0 0 e5
    """,
    "E.1.d Unsolicited reduction of order quantity by the venue": """
        order X 10000
        New X New 10000 0 10000 0 e2
        Restated X New 9000 0 9000 0 e3
        Trade X Filled 9000 9000 0 9000 e4
    """,
    "F.1.c Order rejected because already submitted verbally": """
        order X 10000
        Rejected X Rejected 10000 0 0 0 e2
    """,
    "H.1.a GTC order part-filled, restated (renewed), part-filled the next day": """
        order X 10000 GTC
        New X New 10000 0 10000 0 e1
        Trade X PartiallyFilled 10000 2000 8000 2000 e2
        DoneForDay X DoneForDay 10000 2000 8000 0 e3
        Restated X PartiallyFilled 10000 2000 8000 0 e4
        Trade X PartiallyFilled 10000 3000 7000 1000 e5
    """,
    "J.1.a Filled order, followed by correction and cancellation of executions": """
        order X 10000
        New X New 10000 0 10000 0 B
        Trade X PartiallyFilled 10000 1000 9000 1000 C
        Trade X Filled 10000 10000 0 9000 D
        TradeCancel X PartiallyFilled 10000 9000 1000 0 E<C
        TradeCorrect X PartiallyFilled 10000 9000 1000 9000 F<D
        Trade X Filled 10000 10000 0 1000 G
        TradeCorrect X Filled 10000 10000 0 9000 H<F
        replace Y<X 12000
        PendingReplace Y<X PendingReplace 10000 10000 0 0 I
        Replaced Y<X PartiallyFilled 12000 10000 2000 0 J
        TradeCorrect Y PartiallyFilled 12000 10500 1500 9500 K<H
    """,
    "J.1.c GTC order, corrections of quantity on executions of both days": """
        order X 10000 GTC
        New X New 10000 0 10000 0 A
        Trade X PartiallyFilled 10000 2000 8000 2000 B
        DoneForDay X DoneForDay 10000 2000 8000 0 C
        Restated X PartiallyFilled 10000 2000 8000 0 D
        Trade X PartiallyFilled 10000 3000 7000 1000 E
        TradeCorrect X PartiallyFilled 10000 2500 7500 1500 F<B
        TradeCorrect X PartiallyFilled 10000 2000 8000 500 G<E
    """,
    "L.1.a Guarantee of execution prior to execution (stopped)": """
        order X 10000
        New X New 10000 0 10000 0 e2
        Stopped X Stopped 10000 0 10000 1000 e3
        Trade X Stopped 10000 1000 9000 1000 e4
    """,
}
VOIDS_A_MATCH = "J.1.a"
"""A match that is taken back is finance's business (FIL-13), however well it is reported."""


def frames(rows: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Each row as a canonical message, with its direction."""
    for row in rows.strip().splitlines():
        kind, ids, *rest = row.split()
        own, _, orig = ids.partition("<")
        names = {"cl_ord_id": own, **({"orig_cl_ord_id": orig} if orig else {})}
        if kind == "order":
            terms = {"order_qty": rest[0], "side": "BUY", "price": "100", "instrument": "A"}
            validity = {"time_in_force": rest[1]} if rest[1:] else {}
            yield "sent", {"msg": "NewOrderSingle", **names, **terms, **validity}
        elif kind == "cancel":
            yield "sent", {"msg": "OrderCancelRequest", **names}
        elif kind == "replace":
            yield "sent", {"msg": "OrderCancelReplaceRequest", **names, "order_qty": rest[0]}
        elif kind == "refused":
            answer = {"cxl_rej_response_to": "replace", "cxl_rej_reason": "0"}
            told = {"order_id": "V1", "ord_status": rest[0], **answer}
            yield "received", {"msg": "OrderCancelReject", **names, **told}
        else:
            yield "received", {**_report(kind, rest), **names}


def _report(kind: str, rest: list[str]) -> dict[str, str]:
    keys = ("ord_status", "order_qty", "cum_qty", "leaves_qty", "last_qty")
    exec_id, _, exec_ref = rest[5].partition("<")
    refs = {"exec_id": exec_id, **({"exec_ref_id": exec_ref} if exec_ref else {})}
    told = dict(zip(keys, rest[:5], strict=True))
    return {"msg": "ExecutionReport", "order_id": "V1", "exec_type": kind, **told, **refs}


def said_in(message: Message) -> tuple[Said, ...]:
    """The facts of a message about the one order of a matrix."""
    if isinstance(message, CancelSent):
        return (CancelRequested(cancel_id=derived(message.request_ref)),)
    assert isinstance(message, OrderMessage)
    cancel_id = None if message.cancel_ref is None else derived(message.cancel_ref)
    return tuple(
        replace(item, cancel_id=cancel_id)
        if isinstance(item, Cancelled | CancelPending | CancelRejected)
        else item
        for item in message.said
    )


def folded(rows: str, *, timed: bool) -> History:
    """The history that the matrix makes; `timed`: the venue tells its times."""
    entries: list[Recorded] = []
    order = Order()
    for number, (direction, frame) in enumerate(frames(rows)):
        at = NOON + timedelta(seconds=number)
        if timed and frame["msg"] == "ExecutionReport":
            frame["transact_time"] = at.isoformat()
        line = Line("c", number + 1, at, OWNER, direction, frame=frame)
        for message in CanonicalDialect().translate(line, None):
            order, news = hear(order, said_in(message))
            occurred = message.occurred_at if isinstance(message, OrderMessage) else at
            entries.extend(
                Recorded(
                    len(entries) + place,
                    STREAM,
                    len(entries) + place,
                    OWNER,
                    derived("event", len(entries) + place),
                    occurred,
                    at,
                    at,
                    "c",
                    number + 1,
                    event,
                )
                for place, event in enumerate(news, 1)
            )
    return order_history(STREAM, entries)


@pytest.mark.parametrize("timed", [True, False], ids=["with venue times", "without"])
@pytest.mark.parametrize("matrix", MATRICES)
def test_a_venue_that_keeps_the_matrices_raises_no_break(matrix: str, *, timed: bool) -> None:
    flags = examine_order(folded(MATRICES[matrix], timed=timed), LIMITS)
    breaks = [flag.code for flag in flags if flag.code.startswith(("QTY", "FIL", "EXI"))]
    assert breaks == (["FIL-13"] if matrix.startswith(VOIDS_A_MATCH) else [])


@pytest.mark.parametrize(
    ("row", "instead", "then"),
    [
        pytest.param(
            "Trade X PartiallyFilled 10000 3000 7000 1000 e4",
            "Trade X PartiallyFilled 10000 3500 6500 1000 e4",
            ["FIL-04", "QTY-02", "QTY-03"],
            id="a total too high, which the next report takes back",
        ),
        pytest.param(
            "Trade X PartiallyFilled 10000 3000 7000 1000 e4",
            "Trade X PartiallyFilled 10000 3000 6000 1000 e4",
            ["QTY-01", "QTY-02"],
            id="1000 are nowhere",
        ),
        pytest.param(
            "Trade X PartiallyFilled 10000 3000 7000 1000 e4",
            "Trade X Filled 10000 3000 7000 1000 e4",
            ["QTY-01", "QTY-07", "QTY-10", "QTY-11"],
            id="called filled too early",
        ),
    ],
)
def test_a_matrix_with_one_wrong_figure_raises_what_is_wrong(
    row: str, instead: str, then: list[str]
) -> None:
    rows = MATRICES["A.1.b Part-filled day order, done for day"]
    assert row in rows
    flags = examine_order(folded(rows.replace(row, instead), timed=True), LIMITS)
    assert sorted(flag.code for flag in flags) == then
