"""Single matches that are wrong: told twice, beyond the size, of nobody's order, taken back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from domain import events as e
from domain.flags.claims_spans import places
from domain.flags.flag import Flag, Thresholds, closing
from domain.flags.history import At, History
from domain.flags.rule import OrderRule
from domain.recorded import Recorded
from domain.values import ZERO, plain


def duplicate_fill(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """The venue told a match with the same id twice (anomalies: FIL-01).

    The repeat changed nothing, so the flag closes as it opens; one that came with other figures
    stays open: the first stands until a human has looked.
    """
    told: dict[tuple[str, bool], list[At[e.DuplicateReported]]] = defaultdict(list)
    for repeat in history.of(e.DuplicateReported):
        if repeat.event.what == "fill":
            told[repeat.event.ref, repeat.event.differs].append(repeat)
    for (ref, differs), repeats in told.items():
        opened_at = repeats[0].recorded.observed_at
        match = _fill(history, ref)
        first = None if match is None else match[0]
        times = f"{len(repeats) + 1} times"
        yield Flag(
            code="FIL-01",
            key=(ref, "differs") if differs else (ref,),
            opened_at=opened_at,
            closed_at=None if differs else opened_at,
            witness=places(first, *(repeat.recorded for repeat in repeats)),
            note=f"Match {ref} came again with other figures; the first stands."
            if differs
            else f"Match {ref} was told {times}; it counts once.",
        )


def _fill(history: History, fill_id: str) -> _Match | None:
    """The event that recorded the match of this id, and the match's size."""
    for fill in history.of(e.Filled):
        if fill.event.fill_id == fill_id and not fill.event.inferred:
            return fill.recorded, fill.event.size
    for fix in history.of(e.FillCorrected):
        if fix.event.correction_id == fill_id:
            return fix.recorded, fix.event.size
    return None


_Match = tuple[Recorded, Decimal]


def overfill(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """More matched than the order's size (anomalies: FIL-03).

    Cleared by a void or correction, or when the size is restated or amended up.
    """
    number = 0
    opened: int | None = None
    for index, order in enumerate(history.states):
        over = order.size is not None and order.real + order.inferred > order.size
        if over and opened is None:
            number, opened = number + 1, index
        elif not over and opened is not None:
            yield _overfill(history, number, opened, history.events[index])
            opened = None
    if opened is not None:
        yield _overfill(history, number, opened, None)


def _overfill(history: History, number: int, index: int, closed: Recorded | None) -> Flag:
    order, entry = history.states[index], history.events[index]
    matched, size = order.real + order.inferred, order.size or ZERO
    fills = (fill.recorded for fill in history.of(e.Filled) if fill.index < index)
    return Flag(
        code="FIL-03",
        key=(str(number),),
        opened_at=entry.observed_at,
        closed_at=closing(entry.observed_at, closed),
        witness=places(*fills, entry),
        note=f"{plain(matched)} matched of an order of {plain(size)}: "
        f"{plain(matched - size)} too much.",
        ours=plain(size),
        theirs=plain(matched),
        difference=plain(matched - size),
    )


def orphan_fill(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """A match of an order that nobody here knew (anomalies: FIL-08).

    Cleared when the order appears: we placed it (told late), the venue acknowledges it, or a
    report tells its terms.
    """
    found: Recorded | None = None
    fill: Recorded | None = None
    for recorded in history.events:
        event = recorded.event
        if _appears(event):
            if found is not None:
                yield _orphan(found, fill, recorded)
            return
        if isinstance(event, e.OrderDiscovered) and event.source is e.Source.FILL:
            found = found or recorded
        elif isinstance(event, e.Filled):
            fill = fill or recorded
    if found is not None:
        yield _orphan(found, fill, None)


def _appears(event: object) -> bool:
    if isinstance(event, e.OrderReported):
        return event.terms.size is not None
    return isinstance(event, e.OrderPlaced | e.OrderAccepted)


def _orphan(found: Recorded, fill: Recorded | None, appeared: Recorded | None) -> Flag:
    size = plain(fill.event.size) if fill and isinstance(fill.event, e.Filled) else None
    return Flag(
        code="FIL-08",
        key=(),
        opened_at=found.observed_at,
        closed_at=closing(found.observed_at, appeared),
        witness=places(found, fill),
        note=f"A match of {size or 'unknown size'} came for an order that nobody here knows.",
        theirs=size,
    )


def fill_voided(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """The venue took back a match that we hold (anomalies: FIL-13).

    When the void came before its match it counts from the match. Finance acknowledges it; no
    event clears it.
    """
    for void in history.of(e.FillVoided):
        match = _fill(history, void.event.fill_id)
        if match is None:
            continue
        fill, matched = match
        last = max(fill, void.recorded, key=_position)
        size = matched if void.event.size is None else void.event.size
        reason = f" ({void.event.reason})" if void.event.reason else ""
        yield Flag(
            code="FIL-13",
            key=(void.event.fill_id,),
            opened_at=last.observed_at,
            witness=places(fill, void.recorded),
            note=f"The venue took back {plain(size)} of match {void.event.fill_id}{reason}.",
            theirs=plain(size),
        )


def _position(recorded: Recorded) -> int:
    return recorded.position


RULES = (
    OrderRule("FIL-01", needs=frozenset({e.DuplicateReported}), find=duplicate_fill),
    OrderRule("FIL-03", needs=frozenset({e.Filled}), find=overfill),
    OrderRule("FIL-08", needs=frozenset({e.OrderDiscovered}), find=orphan_fill),
    OrderRule("FIL-13", needs=frozenset({e.FillVoided}), find=fill_voided),
)
