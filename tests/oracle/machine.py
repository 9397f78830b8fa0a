"""Any history of one order: what we ask, what the venue says, in any order, more than once."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from tests.oracle.amounts import Message

SIZES = st.integers(1, 60).map(str)
WHOLE = st.integers(20, 160).map(str)
REFUSALS = st.sampled_from(["0", "2", "3"])
PLAIN = (
    "New",
    "PendingNew",
    "Expired",
    "Lapsed",
    "DoneForDay",
    "Calculated",
    "Suspended",
    "TriggeredOrActivatedBySystem",
    "Stopped",
    "Rejected",
)


class Telling(RuleBasedStateMachine):
    """Writes a history, message by message."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[Message] = []
        self._ids = 0

    def _next(self, letter: str) -> str:
        self._ids += 1
        return f"{letter}{self._ids}"

    def _say(self, way: str, msg: str, **fields: Any) -> None:  # noqa: ANN401 - fields of a message
        self.told.append({"way": way, "msg": msg, **fields})

    def _report(self, kind: str, ref: str = "X", **fields: Any) -> None:  # noqa: ANN401 - fields of a message
        names = {"order_id": "V1", "cl_ord_id": ref, "exec_id": self._next("E")}
        if ref != "X":
            names["orig_cl_ord_id"] = "X"
        self._say("received", "ExecutionReport", exec_type=kind, **names, **fields)

    def _refs(self, name: str) -> list[str]:
        return [m["cl_ord_id"] for m in self.told if m["way"] == "sent" and m["msg"] == name]

    def _executions(self) -> list[str]:
        return [m["exec_id"] for m in self.told if m.get("exec_type") in {"Trade", "TradeCorrect"}]

    def _begun(self) -> bool:
        return bool(self.told)

    def _asked(self) -> bool:
        return bool(self._refs("OrderCancelRequest"))

    def _changing(self) -> bool:
        return bool(self._refs("OrderCancelReplaceRequest"))

    def _matched(self) -> bool:
        return bool(self._executions())

    @precondition(lambda self: not self._begun())
    @rule(size=WHOLE, in_force=st.sampled_from(["DAY", "GTC"]))
    def place(self, size: str, in_force: str) -> None:
        """We send the order."""
        terms = {"order_qty": size, "side": "BUY", "time_in_force": in_force}
        self._say("sent", "NewOrderSingle", cl_ord_id="X", **terms)

    @precondition(_begun)
    @rule(kind=st.sampled_from(PLAIN))
    def happens(self, kind: str) -> None:
        """Something of which a report tells no more than that it happened."""
        self._report(kind)

    @precondition(_begun)
    @rule(size=SIZES)
    def trade(self, size: str) -> None:
        """A match."""
        self._report("Trade", last_qty=size)

    @precondition(_matched)
    @rule(data=st.data())
    def bust(self, data: st.DataObject) -> None:
        """A match is taken back."""
        self._report("TradeCancel", exec_ref_id=data.draw(st.sampled_from(self._executions())))

    @precondition(_matched)
    @rule(data=st.data(), size=SIZES)
    def correct(self, data: st.DataObject, size: str) -> None:
        """A match was of another size."""
        ref = data.draw(st.sampled_from(self._executions()))
        self._report("TradeCorrect", exec_ref_id=ref, last_qty=size)

    @precondition(_begun)
    @rule(size=st.none() | WHOLE)
    def restate(self, size: str | None) -> None:
        """The venue changes the size, or renews the order."""
        self._report("Restated", **({} if size is None else {"order_qty": size}))

    @precondition(_begun)
    @rule(live=st.booleans())
    def read(self, live: bool) -> None:  # noqa: FBT001 - a column of the strategy
        """The venue tells how the order stands."""
        claims = ("New", "10") if live else ("Canceled", "0")
        self._report("OrderStatus", ord_status=claims[0], leaves_qty=claims[1])

    @precondition(_begun)
    @rule(part=st.none() | SIZES)
    def ask_cancel(self, part: str | None) -> None:
        """We ask for all of it back, or for a part."""
        names = {"cl_ord_id": self._next("C"), "orig_cl_ord_id": "X"}
        self._say(
            "sent", "OrderCancelRequest", **names, **({} if part is None else {"cancel_qty": part})
        )

    @precondition(_begun)
    @rule(size=WHOLE)
    def ask_replace(self, size: str) -> None:
        """We ask for another size."""
        names = {"cl_ord_id": self._next("A"), "orig_cl_ord_id": "X"}
        self._say("sent", "OrderCancelReplaceRequest", **names, order_qty=size)

    @precondition(_asked)
    @rule(data=st.data(), kind=st.sampled_from(["PendingCancel", "Canceled", "part"]), size=SIZES)
    def answer_cancel(self, data: st.DataObject, kind: str, size: str) -> None:
        """The venue has a cancel, or did it, whole or in part."""
        ref = data.draw(st.sampled_from(self._refs("OrderCancelRequest")))
        if kind == "part":
            self._report("Canceled", ref, cancel_qty=size)
        else:
            self._report(kind, ref)

    @precondition(_begun)
    @rule()
    def cancel_unasked(self) -> None:
        """The venue takes the order off the book by itself."""
        self._report("Canceled")

    @precondition(_changing)
    @rule(data=st.data(), kind=st.sampled_from(["PendingReplace", "Replaced"]), told=st.booleans())
    def answer_replace(self, data: st.DataObject, kind: str, told: bool) -> None:  # noqa: FBT001 - a column of the strategy
        """The venue has a change, or made it."""
        asked = [m for m in self.told if m["msg"] == "OrderCancelReplaceRequest"]
        request = data.draw(st.sampled_from(asked))
        size = {"order_qty": request["order_qty"]} if told and kind == "Replaced" else {}
        self._report(kind, request["cl_ord_id"], **size)

    @precondition(lambda self: self._asked() or self._changing())
    @rule(data=st.data(), reason=REFUSALS)
    def refuse(self, data: st.DataObject, reason: str) -> None:
        """The venue refuses a request."""
        cancels = self._refs("OrderCancelRequest")
        ref = data.draw(st.sampled_from([*cancels, *self._refs("OrderCancelReplaceRequest")]))
        self._say(
            "received",
            "OrderCancelReject",
            order_id="V1",
            cl_ord_id=ref,
            orig_cl_ord_id="X",
            exec_id=self._next("R"),
            cxl_rej_response_to="cancel" if ref in cancels else "replace",
            cxl_rej_reason=reason,
        )

    @precondition(_asked)
    @rule(data=st.data(), kind=st.sampled_from(["timeout", "not_sent"]))
    def lose(self, data: st.DataObject, kind: str) -> None:
        """No answer comes to a cancel, or it never left."""
        lost = {m["cl_ord_id"] for m in self.told if m["way"] == "lost"}
        asked = [ref for ref in self._refs("OrderCancelRequest") if ref not in lost]
        if not asked:
            return
        ref = data.draw(st.sampled_from(asked))
        names = {"cl_ord_id": ref, "orig_cl_ord_id": "X"}
        self._say("lost", "OrderCancelRequest", **names, error={"kind": kind, "detail": "x"})

    @precondition(_begun)
    @rule()
    def lose_place(self) -> None:
        """No answer comes to our sending the order."""
        placed = self.told[0]
        if any(m["way"] == "lost" and m["msg"] == placed["msg"] for m in self.told):
            return
        fields = {name: value for name, value in placed.items() if name not in {"way", "msg"}}
        error = {"kind": "timeout", "detail": "x"}
        self._say("lost", "NewOrderSingle", **fields, error=error)

    @precondition(_changing)
    @rule(data=st.data(), kind=st.sampled_from(["timeout", "not_sent"]))
    def lose_change(self, data: st.DataObject, kind: str) -> None:
        """No answer comes to a change, or it never left."""
        asked = [m for m in self.told if m["msg"] == "OrderCancelReplaceRequest"]
        lost = {m["cl_ord_id"] for m in asked if m["way"] == "lost"}
        left = [m for m in asked if m["cl_ord_id"] not in lost]
        if not left:
            return
        request = data.draw(st.sampled_from(left))
        fields = {name: request[name] for name in ("cl_ord_id", "orig_cl_ord_id", "order_qty")}
        error = {"kind": kind, "detail": "x"}
        self._say("lost", "OrderCancelReplaceRequest", **fields, error=error)

    @precondition(lambda self: any(m["way"] == "received" for m in self.told))
    @rule(data=st.data())
    def repeat(self, data: st.DataObject) -> None:
        """The venue says again what it has said."""
        said = [m for m in self.told if m["way"] == "received"]
        self.told.append(data.draw(st.sampled_from(said)))
