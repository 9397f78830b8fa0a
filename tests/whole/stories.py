"""Made-up order flow for the laws: independent orders whose messages may be woven in any way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from tests.feeding import Feed, Record

STEPS = (
    "trade",
    "again",
    "cancel",
    "pending",
    "gone",
    "part",
    "refused",
    "lost",
    "expired",
    "replaced",
    "status",
    "bust",
)


def story(order: int, steps: Sequence[str], account: str) -> list[Record]:
    """The messages of one order, in the order in which they were said."""
    client, venue = f"X{order}", f"O{order}"
    feed = Feed("shared", account=account)
    feed.place(client).report("New", venue, client, exec_id=f"{order}-new", order_qty="100")
    trades, cancels = 0, 0
    for number, step in enumerate(steps):
        exec_id = f"{order}-{number}"
        ref = f"Y{order}-{cancels}"
        quoted: dict[str, Any] = {"orig_cl_ord_id": client, "exec_id": exec_id}
        if step == "trade":
            trades += 1
            feed.trade(venue, client, f"{order}-t{trades}", "7")
        elif step == "again" and trades:
            feed.trade(venue, client, f"{order}-t{trades}", "7")
        elif step == "bust" and trades:
            feed.report("TradeCancel", venue, client, exec_id=exec_id, exec_ref_id=f"{order}-t1")
        elif step == "cancel":
            cancels += 1
            feed.cancel(f"Y{order}-{cancels}", client, venue)
        elif step == "pending" and cancels:
            feed.report("PendingCancel", venue, ref, **quoted)
        elif step == "gone":
            feed.report("Canceled", venue, ref if cancels else client, **quoted)
        elif step == "part" and cancels:
            feed.report("Canceled", venue, ref, cancel_qty="11", **quoted)
        elif step == "refused" and cancels:
            feed.refuse(ref, client, venue, "TOO_LATE", exec_id=exec_id)
        elif step == "lost" and cancels:
            feed.lose(ref, client)
        elif step == "expired":
            feed.report("Expired", venue, client, exec_id=exec_id)
        elif step == "replaced":
            again = {"cl_ord_id": f"R{exec_id}", "orig_cl_ord_id": client, "order_qty": "80"}
            feed.sent("OrderCancelReplaceRequest", **again)
            feed.report(
                "Replaced", venue, f"R{exec_id}", orig_cl_ord_id=client, exec_id=exec_id,
                order_qty="80",
            )
        elif step == "status":
            feed.report("OrderStatus", venue, client, exec_id="0", cum_qty="7", leaves_qty="93")
    return feed.records


@st.composite
def orders(draw: st.DrawFn) -> list[list[Record]]:
    """One to four independent orders."""
    lives = draw(st.lists(st.lists(st.sampled_from(STEPS), max_size=8), min_size=1, max_size=4))
    return [
        story(number, steps, draw(st.sampled_from(["desk", "rival"])))
        for number, steps in enumerate(lives)
    ]


def woven(lives: Sequence[Sequence[Record]], turns: Sequence[int]) -> list[Record]:
    """One recording of all of them: each keeps its order, `turns` say whose message is next."""
    waiting = [list(life) for life in lives]
    told: list[Record] = []
    for turn in turns:
        left = [life for life in waiting if life]
        if not left:
            break
        told.append(left[turn % len(left)].pop(0))
    for life in waiting:
        told.extend(life)
    return told


def numbered(told: Sequence[Record], capture: str = "shared") -> list[Record]:
    """The messages as one capture: the places anew, the times as they were."""
    return [
        {**record, "capture": capture, "seq": seq} for seq, record in enumerate(told, start=1)
    ]


def timed(lives: Sequence[Sequence[Record]]) -> list[list[Record]]:
    """Every message at a time of its own, whoever it is woven with."""
    return [
        [
            {**record, "at": f"2026-02-07T12:{number:02d}:{place:02d}.000000Z"}
            for place, record in enumerate(life)
        ]
        for number, life in enumerate(lives)
    ]
