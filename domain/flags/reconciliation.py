"""What a venue's statement proves: each difference that a run found is a flag until one is clean.

A difference stands from the statement that shows it to the statement that shows it gone; when it
returns it is the same flag, open again. Both statements are its proof, and our facts that they were
held against.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import partial

from domain.flags.flag import Flag, Thresholds, closing
from domain.flags.rule import RunRule
from domain.flags.run_history import RunHistory, Spell
from domain.runs import Aspect, Difference
from domain.sentences_runs import told

Test = Callable[[Difference], bool]


def _always(_difference: Difference) -> bool:
    return True


def _rule(code: str, *aspects: Aspect, where: Test = _always) -> RunRule:
    """Every difference of these aspects, where the test holds, is a flag of this code."""
    return RunRule(code, partial(_found, code, aspects, where), since=2)


def _found(
    code: str, aspects: Sequence[Aspect], where: Test, history: RunHistory, _limits: Thresholds
) -> Iterable[Flag]:
    """What the statements show of these aspects, where the test holds."""
    for aspect in aspects:
        for spell in history.of(aspect):
            if where(spell.difference):
                yield _flag(code, spell)


def _flag(code: str, spell: Spell) -> Flag:
    difference = spell.difference
    opened_at = spell.opened.observed_at
    positions = {*difference.witness, spell.opened.position, spell.newest.position}
    if spell.gone is not None:
        positions.add(spell.gone.position)
    return Flag(
        code=code,
        key=_key(difference),
        opened_at=opened_at,
        closed_at=closing(opened_at, spell.gone),
        witness=tuple(sorted(positions)),
        note=told(difference),
        ours=difference.ours,
        theirs=difference.theirs,
        difference=difference.difference,
        order=difference.order,
    )


def _key(difference: Difference) -> tuple[str, ...]:
    aspect, order, name, ref = difference.key
    named = "" if name is None else f"{name.kind} {name.value}"
    return aspect.value, named if order is None else str(order), ref or ""


def _lacking(difference: Difference) -> bool:
    """The statement lists a match of which we have no record."""
    return difference.ours is None


def _known(difference: Difference) -> bool:
    return difference.ours is not None


def _unrecorded(history: RunHistory, _limits: Thresholds) -> Iterable[Flag]:
    """More matched by the statement than by our matches, and no row tells which (FIL-05)."""
    known = {spell.difference.order for spell in history.of(Aspect.FILL) if spell.gone is None}
    for spell in history.of(Aspect.MATCHED):
        more = Decimal(spell.difference.difference or 0) > 0
        if more and spell.difference.order not in known:
            yield _flag("FIL-05", spell)


def _ours_by_ref(difference: Difference) -> bool:
    return difference.ours_by_ref


def _foreign(difference: Difference) -> bool:
    return not difference.ours_by_ref


RULES = (
    _rule("QTY-02", Aspect.REMAINING),
    _rule("QTY-03", Aspect.MATCHED),
    _rule("QTY-03", Aspect.FILL, where=_known),
    _rule("QTY-04", Aspect.BUCKETS),
    _rule("QTY-05", Aspect.SIZE),
    _rule("QTY-06", Aspect.PRICE),
    _rule("QTY-07", Aspect.STATUS),
    _rule("FIL-05", Aspect.FILL, where=_lacking),
    RunRule("FIL-05", _unrecorded, since=2),
    _rule("FIL-11", Aspect.AVERAGE),
    _rule("ECO-04", Aspect.PROFIT),
    _rule("EXI-01", Aspect.ONLY_THEIRS, where=_ours_by_ref),
    _rule("EXI-02", Aspect.ONLY_THEIRS, where=_foreign),
    _rule("EXI-03", Aspect.ONLY_OURS),
    _rule("EXI-04", Aspect.NOT_OPEN),
    _rule("EXI-11", Aspect.CURRENCY),
    _rule("STR-04", Aspect.OLD),
    _rule("STR-04", Aspect.EARLIER),
    _rule("STR-05", Aspect.PARTS),
    _rule("STR-06", Aspect.SOURCES),
    _rule("STR-10", Aspect.WORD),
)
"""What each aspect of a difference is called in the catalogue."""
