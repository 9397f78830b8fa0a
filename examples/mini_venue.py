"""One order at a small exchange of our own, as the wire tells it: what we send, what it answers.

The venue's figures are whole pennies and whole hundredths of odds, so every sum is exact, and every
report claims what its own books say. `Life` keeps the books of one order; the stories decide what
happens to it. A story that shall not add up says so with `cum`, `leaves`, `status` or `part`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from random import Random

DAY = "2026-02-07"
SECOND = 1_000_000
"""Times are microseconds since the midnight before the day."""
TRANSIT_MIN = 3_000
TRANSIT_SPREAD = 9_000
"""A message is on its way for 3 to 12 ms."""


class Way(StrEnum):
    """What a step is in the recording."""

    SENT = "sent"
    RECEIVED = "received"
    LOST = "lost"
    MISSED = "missed"
    """Received, but the recorder lost it: its number is used up and the line is not there."""
    TORN = "torn"
    """Received; the recorder wrote half of the line, came up again and wrote the whole of it."""


@dataclass(frozen=True, slots=True)
class Market:
    """What is traded: name, start (None: not today), odds in hundredths and their step."""

    instrument: str
    starts: int | None
    odds: int
    tick: int


Step = tuple[int, Way, str]
"""When our side saw or sent it, which `Way`, and the JSON after `direction`."""


@lru_cache(maxsize=4096)
def _second(second: int) -> str:
    minute, s = divmod(second, 60)
    h, m = divmod(minute, 60)
    return f"{DAY}T{h:02d}:{m:02d}:{s:02d}"


def moment(at: int) -> str:
    """RFC 3339 in UTC, with microseconds."""
    second, micro = divmod(at, SECOND)
    return f"{_second(second)}.{micro:06d}Z"


@lru_cache(maxsize=1 << 16)
def plain(hundredths: int) -> str:
    """`250` as `2.5`: a decimal without needless zeros."""
    whole, part = divmod(hundredths, 100)
    if not part:
        return str(whole)
    return f"{whole}.{part:02d}".rstrip("0")


class Life:
    """The life of one order, written down as it happens."""

    __slots__ = (
        "asks", "client", "closed", "dice", "heard", "market", "matched", "now", "number", "odds",
        "off", "order", "reports", "side", "size", "steps", "suspended", "waiting", "what",
    )  # fmt: skip

    def __init__(self, dice: Random, at: int, desk: str, number: int, market: Market) -> None:
        chance = dice.random
        self.dice = dice
        self.now = at
        self.heard = at
        self.number = number
        self.market = market
        self.order = f"V{7_000_000 + number}"
        self.client = f"{desk}-{number}"
        self.side = "BUY" if chance() < 0.6 else "SELL"  # noqa: PLR2004 - more backers than layers
        self.odds = market.odds + market.tick * int(chance() * 9 - 4)
        self.size = 200 + 50 * int(chance() * chance() * 996)
        self.matched = self.off = self.reports = self.asks = 0
        self.closed = self.waiting = ""
        self.suspended = False
        self.steps: list[Step] = []
        self.what = f'"instrument":"{market.instrument}","side":"{self.side}"'

    @property
    def rest(self) -> int:
        """What is on the book."""
        return 0 if self.closed else self.size - self.matched - self.off

    @property
    def status(self) -> str:
        """The venue's word for the order, the highest in precedence that applies."""
        if self.waiting:
            return self.waiting
        if self.closed:
            return self.closed
        if self.suspended:
            return "Suspended"
        if self.rest > 0:
            return "PartiallyFilled" if self.matched else "New"
        return "Canceled" if self.off else "Filled"

    def wait(self, least: float, most: float) -> None:
        """Let between `least` and `most` seconds go by."""
        self.now += int(SECOND * (least + (most - least) * self.dice.random()))

    def part(self, least: int = 20, most: int = 80) -> int:
        """A part of what is on the book, between these percentages; in tens of pence if it can."""
        share = int(least + self.dice.random() * (most - least))
        return self.rest * share // 1000 * 10 or max(1, self.rest * share // 100)

    # ------------------------------------------------------------ what we send
    def send(self, frame: str, way: Way = Way.SENT, error: str = "") -> None:
        """Write down what we sent; it reaches the venue a moment later."""
        at = max(self.now, self.heard + 1)
        self.steps.append((at, way, f'"frame":{{{frame}}}{error}'))
        self.now = at + self._transit()

    def place(self, tif: str = "DAY") -> None:
        """Send the order."""
        self.send(
            f'"msg":"NewOrderSingle","cl_ord_id":"{self.client}",{self.what},'
            f'"order_qty":"{plain(self.size)}","price":"{plain(self.odds)}","time_in_force":"{tif}"'
        )

    def ask(self, part: int = 0, *, lost: str = "") -> str:
        """Ask for the order back, or for a part; the id of the request.

        `lost` is the kind of loss when no answer comes.
        """
        self.asks += 1
        request = f"{self.client}-x{self.asks}"
        some = f',"cancel_qty":"{plain(part)}"' if part else ""
        frame = (
            f'"msg":"OrderCancelRequest","cl_ord_id":"{request}","orig_cl_ord_id":"{self.client}",'
            f'"order_id":"{self.order}"{some}'
        )
        self.send(frame)
        if lost:
            self.now += 5 * SECOND if lost == "timeout" else 0
            error = f',"error":{{"kind":"{lost}","detail":"{LOSSES[lost]}"}}'
            self.send(frame, Way.LOST, error)
        return request

    def ask_for(self, size: int, odds: int) -> str:
        """Ask for another size and other odds; the id that the order then has."""
        self.asks += 1
        request = f"{self.client}-r{self.asks}"
        self.send(
            f'"msg":"OrderCancelReplaceRequest","cl_ord_id":"{request}",'
            f'"orig_cl_ord_id":"{self.client}","order_qty":"{plain(size)}","price":"{plain(odds)}"'
        )
        return request

    def enquire(self) -> None:
        """Ask how the order stands."""
        self.send(
            f'"msg":"OrderStatusRequest","cl_ord_id":"{self.client}","order_id":"{self.order}"'
        )

    # ------------------------------------------------------------ what the venue tells
    def report(  # noqa: PLR0913 - the fields of a report that a story may choose
        self,
        kind: str,
        more: str = "",
        *,
        request: str = "",
        order: str = "",
        exec_id: str = "",
        status: str = "",
        cum: int | None = None,
        leaves: int | None = None,
        at: int = 0,
        way: Way = Way.RECEIVED,
    ) -> str:
        """An execution report, with the claims of the venue's books; its `exec_id`."""
        if not exec_id:
            self.reports += 1
            exec_id = f"E{self.number}.{self.reports}"
        ids = f'"cl_ord_id":"{self.client}"'
        if request:
            ids = f'"cl_ord_id":"{request}","orig_cl_ord_id":"{self.client}"'
        cum = self.matched if cum is None else cum
        leaves = self.rest if leaves is None else leaves
        self.tell(
            f'"msg":"ExecutionReport","order_id":"{order or self.order}",{ids},'
            f'"exec_id":"{exec_id}","exec_type":"{kind}","ord_status":"{status or self.status}",'
            f"{self.what},"
            f'"price":"{plain(self.odds)}","order_qty":"{plain(self.size)}","cum_qty":"{plain(cum)}",'
            f'"leaves_qty":"{plain(leaves)}"{more},"transact_time":"{moment(at or self.now)}"',
            way,
        )
        return exec_id

    def refuse(
        self, request: str, reason: str, text: str = "", *, to: str = "cancel", known: bool = True
    ) -> None:
        """An OrderCancelReject; `known` is false for an order that the venue does not find."""
        self.waiting = ""
        order, status = (self.order, self.status) if known else ("NONE", "Rejected")
        words = f',"text":"{text}"' if text else ""
        self.tell(
            f'"msg":"OrderCancelReject","order_id":"{order}","cl_ord_id":"{request}",'
            f'"orig_cl_ord_id":"{self.client}","ord_status":"{status}","cxl_rej_response_to":"{to}",'
            f'"cxl_rej_reason":"{reason}"{words},"transact_time":"{moment(self.now)}"'
        )

    def tell(self, frame: str, way: Way = Way.RECEIVED) -> None:
        """Write down what came in: in the order in which the venue sent it."""
        self.heard = max(self.heard + 1, self.now + self._transit())
        self.steps.append((self.heard, way, f'"frame":{{{frame}}}'))

    def accept(self) -> None:
        """The venue has the order."""
        self.report("New")

    def trade(self, size: int, *, at: int = 0, way: Way = Way.RECEIVED, more: str = "") -> str:
        """Somebody takes `size`; the id of the match."""
        self.matched += size
        return self.report("Trade", f"{self.match(size)}{more}", at=at, way=way)

    def match(self, size: int) -> str:
        """The fields of a match of this size at our odds."""
        return f',"last_qty":"{plain(size)}","last_px":"{plain(self.odds)}"'

    def cancelled(self, request: str = "", reason: str = "") -> None:
        """All that was on the book is off it."""
        self.waiting, self.closed = "", "Canceled"
        self.report("Canceled", f',"reason":"{reason}"' if reason else "", request=request)

    def expired(self) -> None:
        """The order ran out with something left."""
        self.closed = "Expired"
        self.report("Expired")

    def _transit(self) -> int:
        return TRANSIT_MIN + int(TRANSIT_SPREAD * self.dice.random())


LOSSES = {"timeout": "no answer within 5 s", "not_sent": "connection refused"}
"""The kinds of loss that happen here, each with its words."""
