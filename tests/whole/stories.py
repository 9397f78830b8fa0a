"""Made-up order flow for the laws: independent orders whose messages may be woven in any way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from hypothesis import strategies as st

from tests.feeding import Feed, Record


class Life:
    """One order's messages in the making; each step is one method."""

    def __init__(self, order: int, account: str) -> None:
        self.feed = Feed("shared", account=account)
        self._order = order
        self._client, self._venue = f"X{order}", f"O{order}"
        self._trades = self._cancels = 0
        self.feed.place(self._client)
        self.report("New", f"{order}-new", order_qty="100")

    def report(self, kind: str, exec_id: str, **fields: object) -> None:
        """The venue reports on the order."""
        self.feed.report(kind, self._venue, self._client, exec_id=exec_id, **fields)

    def answer(self, kind: str, exec_id: str, ref: str, **fields: object) -> None:
        """The venue reports on a request of ours."""
        told = {"exec_id": exec_id, "orig_cl_ord_id": self._client, **fields}
        self.feed.report(kind, self._venue, ref, **told)

    @property
    def _ref(self) -> str:
        return f"Y{self._order}-{self._cancels}"

    def trade(self, _exec_id: str) -> None:
        """A part is matched."""
        self._trades += 1
        self.again("")

    def again(self, _exec_id: str) -> None:
        """The last match is told (again)."""
        if self._trades:
            name = f"{self._order}-t{self._trades}"
            self.feed.trade(self._venue, self._client, name, "7")

    def bust(self, exec_id: str) -> None:
        """The first match is taken back."""
        if self._trades:
            self.report("TradeCancel", exec_id, exec_ref_id=f"{self._order}-t1")

    def cancel(self, _exec_id: str) -> None:
        """We ask for it back."""
        self._cancels += 1
        self.feed.cancel(self._ref, self._client, self._venue)

    def pending(self, exec_id: str) -> None:
        """The venue has our cancel."""
        if self._cancels:
            self.answer("PendingCancel", exec_id, self._ref)

    def gone(self, exec_id: str) -> None:
        """The venue cancels it, by our request if there is one."""
        self.answer("Canceled", exec_id, self._ref if self._cancels else self._client)

    def part(self, exec_id: str) -> None:
        """The venue cancels a part."""
        if self._cancels:
            self.answer("Canceled", exec_id, self._ref, cancel_qty="11")

    def refused(self, exec_id: str) -> None:
        """The venue refuses our cancel."""
        if self._cancels:
            venue = self._venue
            self.feed.refuse(self._ref, self._client, venue, "TOO_LATE", exec_id=exec_id)

    def lost(self, _exec_id: str) -> None:
        """No answer came to our cancel."""
        if self._cancels:
            self.feed.lose(self._ref, self._client)

    def expired(self, exec_id: str) -> None:
        """Its time ran out."""
        self.report("Expired", exec_id)

    def replaced(self, exec_id: str) -> None:
        """We ask for another size and get it."""
        ref = f"R{exec_id}"
        self.feed.sent(
            "OrderCancelReplaceRequest",
            cl_ord_id=ref,
            orig_cl_ord_id=self._client,
            order_qty="80",
        )
        self.answer("Replaced", exec_id, ref, order_qty="80")

    def status(self, _exec_id: str) -> None:
        """The venue tells how it stands, in its own view."""
        self.report("OrderStatus", "0", cum_qty="7", leaves_qty="93")


STEP: Mapping[str, Callable[[Life, str], None]] = {
    "trade": Life.trade,
    "again": Life.again,
    "cancel": Life.cancel,
    "pending": Life.pending,
    "gone": Life.gone,
    "part": Life.part,
    "refused": Life.refused,
    "lost": Life.lost,
    "expired": Life.expired,
    "replaced": Life.replaced,
    "status": Life.status,
    "bust": Life.bust,
}
STEPS = tuple(STEP)


def story(order: int, steps: Sequence[str], account: str) -> list[Record]:
    """The messages of one order, in the order in which they were said."""
    life = Life(order, account)
    for number, step in enumerate(steps):
        STEP[step](life, f"{order}-{number}")
    return life.feed.records


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
    return [{**record, "capture": capture, "seq": seq} for seq, record in enumerate(told, start=1)]


def timed(lives: Sequence[Sequence[Record]]) -> list[list[Record]]:
    """Every message at a time of its own, whoever it is woven with."""
    return [
        [
            {**record, "at": f"2026-02-07T12:{number:02d}:{place:02d}.000000Z"}
            for place, record in enumerate(life)
        ]
        for number, life in enumerate(lives)
    ]
