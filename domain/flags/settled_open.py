"""Orders on which something remains although their market has a result."""

from __future__ import annotations

from collections.abc import Iterable

from domain.events import Result, Settled
from domain.flags.flag import Flag, Thresholds, closing
from domain.flags.history import At, History
from domain.flags.rule import OrderRule
from domain.values import plain

NO_RESULT = frozenset({Result.VOID, Result.CASHED_OUT})
"""How a match is settled while its market goes on."""


def open_after_settlement(history: History, limits: Thresholds) -> Iterable[Flag]:
    """ECO-03: a match of the order, or all of it, was settled and a part of it is still open.

    Not before the venue has had time to tell that the rest lapsed. Cleared when nothing remains.
    """
    for settled in history.of(Settled):
        if not _has_result(settled):
            continue
        left = history.held(settled.index).remaining
        if not left > 0:
            return
        clear = history.first(settled.index, lambda i, _o, _r: history.held(i).remaining <= 0)
        opened_at = settled.recorded.observed_at + limits.settled
        if clear is not None and clear.observed_at <= opened_at:
            return
        witness = (settled.position,) if clear is None else (settled.position, clear.position)
        yield Flag(
            code="ECO-03",
            key=(),
            opened_at=opened_at,
            closed_at=closing(opened_at, clear),
            witness=witness,
            note=f"{plain(left)} still remains of an order that was settled at "
            f"{settled.recorded.at:%H:%M:%S.%f}.",
            ours=plain(left),
            theirs="0",
            difference=plain(left),
        )
        return


def _has_result(settled: At[Settled]) -> bool:
    """The settlement says that the market has a result, not that one match was taken back."""
    result = settled.event.settlement.result
    if settled.event.fill_id is None:
        return result is not Result.CASHED_OUT
    return result is not None and result not in NO_RESULT


RULES = (OrderRule("ECO-03", frozenset({Settled}), open_after_settlement, since=2),)
