"""Further codes of the catalogue from capture to listing, and the near misses beside them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.whole.telling import Tape, codes, flags_of, ingested, stamp

AGAIN = {"msg": "NewOrderSingle", "cl_ord_id": "X", "instrument": "M1", "side": "BUY"}
ORDER = {**AGAIN, "order_qty": "100", "price": "1.95"}
CHANGE = {"msg": "OrderCancelReplaceRequest", "cl_ord_id": "Z", "orig_cl_ord_id": "X"}


def change(tape: Tape, **terms: str) -> Tape:
    """We ask for other terms."""
    return tape.frame("sent", **{**CHANGE, **terms})


@pytest.mark.parametrize(
    ("tape", "still_open", "closed"),
    [
        pytest.param(
            Tape().live().cancel().cancel("Z"), "CXL-09", "", id="asked again, none answered"
        ),
        pytest.param(
            Tape().live().cancel().cancel("Z").cancelled(), "", "CXL-09", id="the first is done"
        ),
        pytest.param(
            Tape().live().cancel().cancel("Z").refused(3, "Z"),
            "CXL-09",
            "",
            id="refused, for one is pending",
        ),
        pytest.param(
            Tape().live().cancel(cancel_qty="40").cancelled(cancel_qty="40"),
            "",
            "CXL-17",
            id="a part, as asked",
        ),
        pytest.param(
            Tape().live().cancel().refused("NOT_CANCELLABLE").report("Canceled"),
            "CXL-15 CXL-24",
            "",
            id="refused, then cancelled",
        ),
        pytest.param(
            Tape().live().cancel().refused("NOT_CANCELLABLE").report("Canceled", reason="halted"),
            "CXL-15",
            "CXL-24",
            id="refused, then cancelled for a reason",
        ),
        pytest.param(
            Tape().live().cancel().cancelled().cancel("Z"), "CXL-26", "", id="asked for when over"
        ),
        pytest.param(
            Tape().live().cancel("A").cancel("B").cancel("C").cancel("D").cancel("E"),
            "CXL-09 CXL-27",
            "",
            id="asked five times in a row",
        ),
        pytest.param(
            change(Tape().live(), order_qty="120").cancel(),
            "CXL-28",
            "",
            id="a cancel while a change is on its way",
        ),
        pytest.param(
            change(Tape().live(), order_qty="120")
            .cancelled("Z")
            .frame(
                "received",
                "OrderCancelReject",
                order_id="O1",
                cl_ord_id="Z",
                orig_cl_ord_id="X",
                cxl_rej_response_to="replace",
                cxl_rej_reason="OTHER",
            ),
            "CXL-16 CXL-29",
            "",
            id="taken off for a change that is refused",
        ),
        pytest.param(
            change(Tape().live(), order_qty="120").report("New", "Z", "O2", order_qty="120"),
            "CXL-30 EXI-02 EXI-09",
            "",
            id="another order in its place, and both live",
        ),
        pytest.param(
            change(Tape().live(), order_qty="120")
            .report("New", "Z", "O2", order_qty="120")
            .report("Replaced", "Z", "O1", orig_cl_ord_id="X")
            .report("Canceled"),
            "CXL-15 EXI-02",
            "CXL-30 EXI-09",
            id="another order in its place, and the first one gone",
        ),
        pytest.param(
            change(Tape().live(), order_qty="120").report(
                "Replaced", "Z", "O2", orig_cl_ord_id="X", order_qty="120"
            ),
            "",
            "",
            id="changed under another id of the venue's",
        ),
        pytest.param(
            Tape().live().report("Lapsed", reason="turned in-play"), "", "CXL-31", id="lapsed"
        ),
        pytest.param(
            Tape().live().report("Lapsed", reason="gremlins"), "CXL-31", "", id="lapsed oddly"
        ),
        pytest.param(
            Tape().place(expire_time=stamp(3)).report("New").report("Canceled"),
            "CXL-15 CXL-32",
            "",
            id="cancelled as its time ran out",
        ),
        pytest.param(
            Tape().live().cancel().wait(3).cancelled(), "CXL-33", "", id="cancelled slowly"
        ),
        pytest.param(Tape().place().fill("40"), "FIL-07", "", id="matched before it was taken"),
        pytest.param(
            Tape().place().fill("40").report("New"), "", "FIL-07", id="taken after it matched"
        ),
        pytest.param(
            Tape().live().report("Trade", last_qty="40", last_px="1.9"),
            "FIL-09",
            "",
            id="matched at worse odds",
        ),
        pytest.param(
            Tape()
            .live()
            .report("Trade", exec_id="F", last_qty="40", last_px="1.9")
            .report("TradeCancel", exec_ref_id="F"),
            "FIL-13",
            "FIL-09",
            id="matched at worse odds, and taken back",
        ),
        pytest.param(
            Tape().live().report("Trade", last_qty="40", last_px="2.0"),
            "FIL-10",
            "",
            id="matched at better odds",
        ),
        pytest.param(
            change(Tape().live(), price="2.0").report("Trade", last_qty="40", last_px="2.0"),
            "",
            "",
            id="matched at what a change asks for",
        ),
        pytest.param(
            Tape().live().fill("40").report("OrderStatus", avg_px="1.97"),
            "FIL-11",
            "",
            id="another average",
        ),
        pytest.param(
            Tape().live().fill("40").report("OrderStatus", avg_px="1.9501"),
            "",
            "",
            id="an average that is rounded",
        ),
        pytest.param(
            Tape().live().fill("40", side="SELL"), "FIL-12", "", id="a match of the other side"
        ),
        pytest.param(
            Tape().live().fill("40", instrument="M9"), "FIL-12", "", id="a match in another market"
        ),
        pytest.param(
            Tape()
            .live()
            .fill("40", exec_id="F")
            .report("TradeCorrect", exec_ref_id="F", last_qty="30", last_px="1.95"),
            "FIL-14",
            "",
            id="a match corrected",
        ),
        pytest.param(
            Tape().live().report("TradeCancel", exec_ref_id="F"),
            "FIL-15",
            "",
            id="a match taken back that nobody here has",
        ),
        pytest.param(
            Tape().live().report("TradeCancel", exec_ref_id="F").fill("40", exec_id="F"),
            "FIL-13",
            "FIL-15",
            id="a match that comes after it was taken back",
        ),
        pytest.param(
            Tape().live().fill("99.995"), "FIL-19", "", id="so little remains that it is rounding"
        ),
        pytest.param(
            Tape()
            .live()
            .report("Suspended", transact_time=stamp(2.5))
            .fill("40", transact_time=stamp(3.5)),
            "FIL-20",
            "",
            id="matched while suspended",
        ),
        pytest.param(
            Tape()
            .live("A", "O1")
            .live("B", "O2")
            .fill("40", "A", "O1", trd_match_id="T1")
            .fill("40", "B", "O2", trd_match_id="T1"),
            "FIL-21",
            "",
            id="two orders of ours match each other",
        ),
        pytest.param(
            Tape()
            .live("A", "O1")
            .live("B", "O2")
            .fill("40", "A", "O1", trd_match_id="T1")
            .fill("40", "B", "O2", trd_match_id="T2"),
            "",
            "",
            id="two orders of ours match others alike",
        ),
        pytest.param(
            Tape().place(time_in_force="GTC").report("New", time_in_force="IOC"),
            "QTY-14",
            "",
            id="it rests otherwise",
        ),
        pytest.param(
            Tape().live().report("OrderStatus", instrument="M9"),
            "EXI-11",
            "",
            id="reported in another market",
        ),
        pytest.param(
            Tape().live().report("OrderStatus", account="rival"),
            "EXI-11",
            "",
            id="reported under another account",
        ),
        pytest.param(
            Tape().live().report("OrderStatus", account="desk-7", instrument="M1", side="BACK"),
            "",
            "",
            id="reported as it is",
        ),
        pytest.param(
            Tape().place().line("lost", frame=ORDER, error={"kind": "timeout"}).report("New"),
            "EXI-06",
            "",
            id="live though its sending was lost",
        ),
        pytest.param(
            Tape()
            .place()
            .line("lost", frame=ORDER, error={"kind": "timeout"})
            .report("New")
            .cancel()
            .cancelled(),
            "",
            "EXI-06",
            id="and then taken off by us",
        ),
        pytest.param(
            Tape().live().report("Replaced", "Q", orig_cl_ord_id="X", order_qty="120"),
            "INT-07",
            "",
            id="a change that nobody here asked for",
        ),
        pytest.param(
            Tape().live().report("Restated", price="1.8", reason="non-runner"),
            "ECO-05",
            "",
            id="restated by the market",
        ),
        pytest.param(
            Tape().live().report("Restated", price="1.76", reason="reduction factor 0.2"),
            "",
            "ECO-05",
            id="restated by a rule that is told",
        ),
        pytest.param(
            Tape().live().fill("40", transact_time=stamp(30)), "STR-07", "", id="a clock ahead"
        ),
        pytest.param(
            Tape().live().fill("40", transact_time=stamp(4)), "", "", id="a clock ahead a little"
        ),
    ],
)
def test_what_does_not_add_up(
    tape: Tape, still_open: str, closed: str, sqlite_url: str, tmp_path: Path
) -> None:
    ingested(sqlite_url, tape.write(tmp_path / "tape.ndjson"))
    found = flags_of(sqlite_url)
    assert (codes(found["open"]), codes(found["closed"])) == (still_open, closed)
