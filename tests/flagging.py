"""What every finding keeps, whichever rule it is of."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from domain.flags.catalogue import CATALOGUE
from domain.flags.flag import Flag

OF_ITS_OWN = {"CXL-18", "ECO-03"}
"""The difference of these is what the venue left on the book, not what it tells too much."""
NONE_TOLD = {"CXL-17", "FIL-17"}
"""These show two amounts that nobody would subtract: the rest of an order and a part of it."""


def sound(flags: Iterable[Flag]) -> list[Flag]:
    """The findings, each of them whole: in the catalogue, proved, in plain words, summing up."""
    told = list(flags)
    for flag in told:
        assert flag.code in CATALOGUE
        assert all(isinstance(part, str) for part in flag.key)
        assert flag.closed_at is None or flag.closed_at >= flag.opened_at
        assert flag.witness, "a finding without proof"
        assert all(isinstance(position, int) for position in flag.witness)
        assert len(set(flag.witness)) == len(flag.witness), "one event proves once"
        _in_words(flag.note)
        for text in (flag.ours, flag.theirs, flag.difference):
            assert text is None or (text and "None" not in text)
        _sums_up(flag)
    return told


def _in_words(note: str) -> None:
    assert note.endswith("."), note
    assert not note[0].islower(), note
    assert not note.isupper(), note
    assert "None" not in note, note
    assert "  " not in note, note


def _sums_up(flag: Flag) -> None:
    ours, theirs, difference = map(_number, (flag.ours, flag.theirs, flag.difference))
    if ours is None or theirs is None or flag.code in OF_ITS_OWN | NONE_TOLD:
        return
    assert difference == theirs - ours, (flag.code, ours, theirs, difference)


def _number(text: str | None) -> Decimal | None:
    try:
        return None if text is None else Decimal(text)
    except InvalidOperation:
        return None
