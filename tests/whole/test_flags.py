"""Each code of the catalogue from capture to listing: what the desk sees, and what it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.whole.telling import Tape, codes, flags_of, ingested, stamp

LOST = {"msg": "OrderCancelRequest", "cl_ord_id": "Y", "orig_cl_ord_id": "X"}


@pytest.mark.parametrize(
    ("tape", "still_open", "closed"),
    [
        pytest.param(
            Tape().live().fill("40").cancel().cancelled(),
            "CXL-01",
            "",
            id="asked and cancelled after a part had matched: a note, no break",
        ),
        pytest.param(
            Tape().live().fill("40").cancel().fill("10").cancelled(),
            "CXL-01",
            "",
            id="a match while the cancel was on its way",
        ),
        pytest.param(
            Tape()
            .live()
            .fill("40")
            .cancel()
            .cancelled(order_qty="100", cum_qty="60", leaves_qty="0"),
            "CXL-01 CXL-02 QTY-03",
            "",
            id="the answer accounts for less than was left",
        ),
        pytest.param(
            Tape()
            .live()
            .cancel()
            .report("Canceled", "Y", orig_cl_ord_id="X", transact_time=stamp(4))
            .fill("10", transact_time=stamp(3.5)),
            "CXL-01",
            "CXL-03",
            id="a match told after the cancel that happened before it",
        ),
        pytest.param(
            Tape()
            .live()
            .cancel()
            .report("Canceled", "Y", orig_cl_ord_id="X", transact_time=stamp(4))
            .fill("10", transact_time=stamp(4.5)),
            "CXL-04 CXL-25",
            "",
            id="a match after the cancel",
        ),
        pytest.param(
            Tape().live().cancel().fill("100").refused("TOO_LATE"),
            "",
            "CXL-05 CXL-12",
            id="too late: all had matched",
        ),
        pytest.param(
            Tape().live().cancel().fill("100").refused(0),
            "",
            "CXL-05 CXL-12",
            id="too late by the FIX number",
        ),
        pytest.param(
            Tape().live().fill("40").cancel().refused("TOO_LATE").wait(100).live("B", "O2"),
            "CXL-06",
            "",
            id="too late, and nothing explains it",
        ),
        pytest.param(
            Tape().live().fill("40").cancel().refused("TAKEN_OR_LAPSED").wait(100).live("B", "O2"),
            "CXL-06",
            "",
            id="taken or lapsed, and nothing explains it",
        ),
        pytest.param(
            Tape().live().cancel().refused("UNKNOWN_ORDER"),
            "CXL-07",
            "",
            id="the venue does not know an order that it took",
        ),
        pytest.param(
            Tape().place().cancel().refused(1).report("New"),
            "CXL-08",
            "",
            id="the cancel overtook the order",
        ),
        pytest.param(
            Tape().live().cancel().wait(100).live("B", "O2"),
            "CXL-10",
            "",
            id="no answer in time",
        ),
        pytest.param(
            Tape()
            .live()
            .cancel()
            .line(
                "lost",
                frame=LOST,
                error={"kind": "timeout"},
            ),
            "CXL-11",
            "",
            id="the connection timed out",
        ),
        pytest.param(
            Tape()
            .live()
            .cancel()
            .line(
                "lost",
                frame=LOST,
                error={"kind": "not_sent"},
            ),
            "",
            "",
            id="a cancel that was not sent leaves nothing",
        ),
        pytest.param(
            Tape().live().cancel().wait(60).cancelled(),
            "CXL-33",
            "CXL-10 CXL-12",
            id="an answer after the deadline",
        ),
        pytest.param(
            Tape().live().cancel().cancelled().cancelled(),
            "",
            "CXL-13 STR-03",
            id="confirmed twice",
        ),
        pytest.param(
            Tape().live().cancel().cancelled().refused("TOO_LATE"),
            "CXL-14",
            "",
            id="cancelled and refused",
        ),
        pytest.param(
            Tape().live().report("Canceled"),
            "CXL-15",
            "",
            id="cancelled unasked",
        ),
        pytest.param(
            Tape().live().cancelled("NOPE"),
            "CXL-16",
            "",
            id="an answer to a cancel that nobody sent",
        ),
        pytest.param(
            Tape().live().cancel().cancelled(cancel_qty="30"),
            "CXL-18",
            "",
            id="cancelled less than asked",
        ),
        pytest.param(
            Tape().live().fill("80").cancel(cancel_qty="30").cancelled(cancel_qty="30"),
            "CXL-01 CXL-19",
            "",
            id="cancelled more than was left",
        ),
        pytest.param(
            Tape().live().cancel().refused("WHATEVER", text="odd"),
            "CXL-34",
            "",
            id="refused in words of no table",
        ),
        pytest.param(
            Tape().live().cancel().refused(77),
            "CXL-34",
            "",
            id="refused with a number of no table",
        ),
        pytest.param(
            Tape().live().fill("40", exec_id="F").fill("40", exec_id="F", poss_dup=True),
            "",
            "FIL-01 STR-03",
            id="a match told twice",
        ),
        pytest.param(
            Tape()
            .live()
            .report(
                "Trade",
                last_qty="40",
                last_px="1.95",
                transact_time=stamp(3),
                cum_qty="40",
                leaves_qty="60",
            )
            .report(
                "Trade",
                last_qty="40",
                last_px="1.95",
                transact_time=stamp(3),
                cum_qty="40",
                leaves_qty="60",
            ),
            "FIL-02 QTY-02 QTY-03",
            "",
            id="one match under two ids",
        ),
        pytest.param(
            Tape().live().fill("80").fill("30"),
            "FIL-03",
            "",
            id="matched more than the size",
        ),
        pytest.param(
            Tape()
            .live()
            .fill("40", cum_qty="40")
            .report("OrderStatus", cum_qty="20", leaves_qty="80", ord_status="PartiallyFilled"),
            "FIL-04 QTY-02 QTY-03",
            "",
            id="the total went down",
        ),
        pytest.param(
            Tape().live().fill("40", cum_qty="60", leaves_qty="40").wait(100).live("B", "O2"),
            "FIL-05 QTY-02 QTY-03",
            "",
            id="a total that no match records cover",
        ),
        pytest.param(
            Tape().fill("5", "Q", "Z1"),
            "FIL-08",
            "",
            id="a match of an order that nobody knows",
        ),
        pytest.param(
            Tape().live().fill("40", exec_id="F").report("TradeCancel", exec_ref_id="F"),
            "FIL-13",
            "",
            id="a match taken back",
        ),
        pytest.param(
            Tape()
            .live()
            .report("OrderStatus", order_qty="100", cum_qty="0", leaves_qty="90", ord_status="New"),
            "QTY-01 QTY-02",
            "",
            id="a report that does not add up",
        ),
        pytest.param(
            Tape().live().report("OrderStatus", leaves_qty="90", ord_status="New"),
            "QTY-02",
            "",
            id="another remaining",
        ),
        pytest.param(
            Tape()
            .live()
            .report(
                "OrderStatus",
                order_qty="100",
                cum_qty="10",
                leaves_qty="90",
                ord_status="PartiallyFilled",
            ),
            "QTY-02 QTY-03 QTY-07",
            "",
            id="another matched",
        ),
        pytest.param(
            Tape().live().report("OrderStatus", order_qty="120", ord_status="New"),
            "QTY-05",
            "",
            id="another size",
        ),
        pytest.param(
            Tape().live().report("OrderStatus", price="2.0", ord_status="New"),
            "QTY-06",
            "",
            id="another price",
        ),
        pytest.param(
            Tape().live().report("OrderStatus", ord_status="Filled"),
            "QTY-07 QTY-10",
            "",
            id="another status",
        ),
        pytest.param(
            Tape()
            .live()
            .fill("40", ord_status="PartiallyFilled", transact_time=stamp(3))
            .report("OrderStatus", ord_status="New", transact_time=stamp(4)),
            "QTY-07 QTY-08",
            "",
            id="a status that went back",
        ),
        pytest.param(
            Tape().live().report("Expired").report("New"),
            "QTY-09 QTY-13",
            "",
            id="taken after it expired",
        ),
        pytest.param(
            Tape()
            .live()
            .fill("40", ord_status="Filled", cum_qty="40", order_qty="100", leaves_qty="0"),
            "QTY-02 QTY-07 QTY-10",
            "",
            id="filled with a part only",
        ),
        pytest.param(
            Tape().live().cancel().cancelled(ord_status="Canceled", leaves_qty="60", cum_qty="0"),
            "QTY-01 QTY-02 QTY-11",
            "",
            id="over with something left",
        ),
        pytest.param(
            Tape()
            .live()
            .report("OrderStatus", ord_status="PartiallyFilled", leaves_qty="0", cum_qty="100")
            .wait(200)
            .live("B", "O2"),
            "FIL-05 QTY-02 QTY-03 QTY-07 QTY-12",
            "",
            id="live with nothing left",
        ),
        pytest.param(
            Tape()
            .live()
            .cancel()
            .cancelled()
            .report("OrderStatus", ord_status="New", leaves_qty="100", cum_qty="0"),
            "CXL-25 QTY-02 QTY-07 QTY-13",
            "",
            id="back from the dead",
        ),
        pytest.param(
            Tape().report(
                "OrderStatus",
                "Q",
                "Z1",
                order_qty="10",
                leaves_qty="10",
                cum_qty="0",
                ord_status="New",
            ),
            "EXI-02",
            "",
            id="an order that somebody else placed",
        ),
        pytest.param(
            Tape().place().wait(100).live("B", "O2"),
            "EXI-05",
            "",
            id="no word on a new order",
        ),
        pytest.param(
            Tape().place().report("Rejected").report("New"),
            "EXI-07 QTY-09 QTY-13",
            "",
            id="refused, then taken",
        ),
        pytest.param(
            Tape().live("X", "O1").report("New", "X", "O2"),
            "EXI-02 EXI-08",
            "",
            id="one reference, two venue ids",
        ),
        pytest.param(
            Tape().place("X", "100").place("X", "200"),
            "EXI-08",
            "STR-03",
            id="one reference, other terms",
        ),
        pytest.param(
            Tape().live().lose(3).fill("10"),
            "STR-01",
            "",
            id="lines are missing",
        ),
        pytest.param(
            Tape().live().report("New", exec_id="E1"),
            "",
            "STR-03",
            id="a message came twice",
        ),
        pytest.param(
            Tape().live().wait(1000).fill("10", transact_time=stamp(4)),
            "STR-08",
            "",
            id="old news",
        ),
        pytest.param(
            Tape().live().report("Weird"),
            "STR-10",
            "",
            id="an unknown kind of report",
        ),
        pytest.param(
            Tape().live().report("OrderStatus", ord_status="Weird"),
            "STR-10",
            "",
            id="an unknown status",
        ),
    ],
)
def test_what_does_not_add_up(
    tape: Tape, still_open: str, closed: str, sqlite_url: str, tmp_path: Path
) -> None:
    ingested(sqlite_url, tape.write(tmp_path / "tape.ndjson"))
    found = flags_of(sqlite_url)
    assert (codes(found["open"]), codes(found["closed"])) == (still_open, closed)
