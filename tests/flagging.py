"""What every finding keeps, whichever rule it is of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation

from domain.flags.catalogue import CATALOGUE
from domain.flags.flag import Flag

OF_ITS_OWN = {"CXL-18", "ECO-03"}
"""The difference of these is what the venue left on the book, not what it tells too much."""
NONE_TOLD = {"CXL-17", "FIL-17"}
"""These show two amounts that nobody would subtract: the rest of an order and a part of it."""

SHOWN: Mapping[str, str] = {
    "CXL-01": "ours",
    "CXL-02": "ours theirs difference",
    "CXL-03": "difference",
    "CXL-04": "ours* theirs difference",
    "CXL-05": "ours",
    "CXL-06": "ours theirs",
    "CXL-07": "ours theirs*",
    "CXL-08": "theirs*",
    "CXL-09": "",
    "CXL-10": "ours?",
    "CXL-11": "",
    "CXL-12": "",
    "CXL-13": "",
    "CXL-14": "ours* theirs",
    "CXL-15": "theirs?",
    "CXL-16": "theirs",
    "CXL-17": "ours theirs",
    "CXL-18": "ours theirs difference",
    "CXL-19": "ours theirs difference*",
    "CXL-20": "ours theirs difference*",
    "CXL-21": "",
    "CXL-22": "theirs",
    "CXL-23": "theirs*?",
    "CXL-24": "ours theirs*",
    "CXL-25": "ours* theirs*",
    "CXL-26": "ours*",
    "CXL-27": "difference",
    "CXL-28": "",
    "CXL-29": "ours* theirs*",
    "CXL-30": "ours theirs",
    "CXL-31": "theirs?",
    "CXL-32": "ours* theirs*",
    "CXL-33": "theirs",
    "CXL-34": "theirs?",
    "ECO-03": "ours theirs difference",
    "ECO-05": "ours theirs",
    "ECO-06": "ours difference*",
    "EXI-05": "",
    "EXI-06": "ours* theirs",
    "EXI-07": "ours* theirs*",
    "EXI-08": "",
    "EXI-09": "theirs",
    "EXI-11": "ours theirs",
    "FIL-01": "",
    "FIL-02": "ours theirs difference*",
    "FIL-03": "ours theirs difference",
    "FIL-04": "ours theirs difference*",
    "FIL-05": "ours theirs difference",
    "FIL-06": "ours",
    "FIL-07": "",
    "FIL-08": "theirs?",
    "FIL-09": "ours theirs difference*",
    "FIL-10": "ours theirs difference*",
    "FIL-11": "ours theirs difference*",
    "FIL-12": "ours theirs",
    "FIL-13": "theirs",
    "FIL-14": "ours theirs difference*",
    "FIL-15": "theirs*?",
    "FIL-16": "ours",
    "FIL-17": "ours theirs",
    "FIL-18": "ours theirs",
    "FIL-19": "ours",
    "FIL-20": "ours* theirs",
    "FIL-21": "theirs",
    "QTY-01": "ours theirs* difference*",
    "QTY-02": "ours theirs difference*",
    "QTY-03": "ours theirs difference*",
    "QTY-04": "ours theirs",
    "QTY-05": "ours theirs difference*",
    "QTY-06": "ours? theirs difference*?",
    "QTY-07": "ours theirs",
    "QTY-08": "ours theirs",
    "QTY-09": "ours theirs*",
    "QTY-10": "ours theirs difference*",
    "QTY-11": "ours theirs difference",
    "QTY-12": "theirs",
    "QTY-13": "ours theirs",
    "QTY-14": "ours theirs",
    "STR-01": "difference*?",
    "STR-02": "",
    "STR-03": "",
    "STR-07": "difference",
    "STR-08": "difference",
    "STR-09": "",
    "STR-11": "",
}
"""What a finding of an order or of a request shows beside its words: `?` where it is not always
known, `*` where the words do not repeat it."""


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
        if flag.code in SHOWN:
            _shows(flag, SHOWN[flag.code])
    return told


def _shows(flag: Flag, figures: str) -> None:
    named = {name.rstrip("*?"): name for name in figures.split()}
    for name in ("ours", "theirs", "difference"):
        text, how = getattr(flag, name), named.get(name)
        assert text is None or how is not None, (flag.code, name, text)
        if how is None or "?" not in how:
            assert (text is None) == (how is None), (flag.code, name, text)
        if text is not None and how is not None and "*" not in how:
            assert text.removeprefix("-") in flag.note, (flag.code, name, text, flag.note)


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
