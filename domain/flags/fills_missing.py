"""Matched totals with no match records behind them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from domain.events import Filled
from domain.flags.claims import CLAIMING, Word
from domain.flags.claims_spans import places
from domain.flags.flag import Flag, Thresholds, closing
from domain.flags.history import History
from domain.flags.rule import OrderRule
from domain.order import Order
from domain.recorded import Recorded
from domain.values import plain

KEEPS_RECORDS = frozenset({"canonical", "predictstreet", "fourcasters"})
"""Venues that report every match on its own, beside any running total.

A constant, because what a venue promises of its records is a fact of its documents like the code
that reads them, no setting of a desk. ABP is not here: only some of its reports carry the matches
(bets), and say so themselves (`Claims.records`).
"""

FROM_CANCEL = "cancel:"
"""How the id of a match begins that only a cancel answer implied: those are CXL-02."""


def missing_fill(history: History, limits: Thresholds) -> Iterable[Flag]:
    """The venue's matched total exceeds the recorded matches for too long (anomalies: FIL-05).

    Only where the venue keeps match records, or the report came with its own. Cleared when the
    recorded matches reach the total, or by a later report that claims no more than they sum to.
    """
    if history.agreed and not any(order.inferred for order in history.states):
        return
    if history.owner.venue not in KEEPS_RECORDS and not any(
        word.claims.records for word in history.words
    ):
        return
    for number, gap in enumerate(_gaps(history), 1):
        opened_at = gap.opened.observed_at + limits.fill
        if gap.closed is not None and gap.closed.observed_at <= opened_at:
            continue
        yield Flag(
            code="FIL-05",
            key=(str(number),),
            opened_at=opened_at,
            closed_at=closing(opened_at, gap.closed),
            witness=places(gap.opened),
            note=f"The venue says that {plain(gap.told)} matched and has told matches of "
            f"{plain(gap.recorded)}: {plain(gap.told - gap.recorded)} has no match record.",
            ours=plain(gap.recorded),
            theirs=plain(gap.told),
            difference=plain(gap.told - gap.recorded),
        )


class _Gap:
    """A total that the recorded matches do not reach, until they do."""

    def __init__(self, opened: Recorded, told: Decimal, order: Order) -> None:
        self.opened = opened
        self.closed: Recorded | None = None
        self.stands(told, order)

    def stands(self, told: Decimal, order: Order) -> None:
        """The newest total, and what is recorded beside it."""
        self.told = told
        self.recorded = order.real
        self.reached_at = told + order.taken

    def reached(self, order: Order) -> bool:
        """So much has been recorded since, whatever was taken back of it."""
        return order.real + order.taken >= self.reached_at


def _gaps(history: History) -> list[_Gap]:
    said: dict[int, list[Word]] = defaultdict(list)
    for word in history.words:
        said[word.after].append(word)
    found: list[_Gap] = []
    gap: _Gap | None = None
    for index, recorded in enumerate(history.events):
        order = history.states[index]
        if gap is not None and gap.reached(order):
            gap.closed, gap = recorded, None
        for told, fresh, entry in _totals(recorded, order, said.get(index, ())):
            if told > (order.real if fresh else order.real + order.taken):
                if gap is None:
                    gap = _Gap(entry, told, order)
                    found.append(gap)
                elif fresh or told > gap.told:
                    gap.stands(told, order)
            elif gap is not None and fresh:
                gap.closed, gap = entry, None
    return found


def _totals(
    recorded: Recorded, order: Order, said: Iterable[Word]
) -> Iterable[tuple[Decimal, bool, Recorded]]:
    """The matched totals told by this event: the total, whether it is news, and by whom."""
    event = recorded.event
    if isinstance(event, Filled) and event.inferred and not event.fill_id.startswith(FROM_CANCEL):
        yield order.real + order.inferred, True, recorded
    for word in said:
        if word.claims.matched is not None:
            yield word.claims.matched, not word.stale, word.recorded


RULES = (OrderRule("FIL-05", needs=CLAIMING, find=missing_fill),)
