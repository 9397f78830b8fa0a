"""Messages that cross on the wire: whichever arrives first, the order ends alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.oracle.amounts import Message
from tests.oracle.playing import Player, playing


@pytest.fixture(scope="module")
def player(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Player]:
    """An engine over a database of its own."""
    directory: Path = tmp_path_factory.mktemp("crossings")
    with playing(directory) as opened:
        yield opened


def report(kind: str, exec_id: str, ref: str = "X", **fields: Any) -> Message:  # noqa: ANN401 - fields of a message
    """A report on the order."""
    names = {"order_id": "V1", "cl_ord_id": ref, "exec_id": exec_id}
    if ref != "X":
        names["orig_cl_ord_id"] = "X"
    return {
        "way": "received",
        "msg": "ExecutionReport",
        "exec_type": kind,
        **names,
        **fields,
    }


def asked(msg: str, ref: str, **fields: str) -> Message:
    """A request of ours."""
    return {"way": "sent", "msg": msg, "cl_ord_id": ref, "orig_cl_ord_id": "X", **fields}


PLACE: Message = {"way": "sent", "msg": "NewOrderSingle", "cl_ord_id": "X", "order_qty": "100"}
CANCEL = asked("OrderCancelRequest", "C")
CHANGE = asked("OrderCancelReplaceRequest", "A", order_qty="60")
TRADES = [report("Trade", f"T{size}", last_qty=str(size)) for size in (5, 30, 100)]
BUST = report("TradeCancel", "B", exec_ref_id="T30")
CORRECTION = report("TradeCorrect", "K", exec_ref_id="T5", last_qty="8")
DONE = report("Canceled", "D", "C")
CHANGED = report("Replaced", "R", "A", order_qty="60")

CROSSING = [CANCEL, CHANGE, *TRADES, BUST, CORRECTION, DONE, CHANGED]
"""What we say and what the venue says of different matters may arrive in any order, and so may a
request and what was done about it: two recorders see them as they come."""


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_crossing_messages_in_any_order(player: Player, data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.sampled_from(CROSSING), min_size=2, max_size=6, unique_by=id))
    start = [PLACE, report("New", "N")]
    one = player.play([*start, *chosen])[-1]
    other = player.play([*start, *data.draw(st.permutations(chosen))])[-1]
    assert one == other, _names(chosen)


def _names(told: Sequence[Message]) -> list[str]:
    return [str(message.get("exec_id", message["cl_ord_id"])) for message in told]
