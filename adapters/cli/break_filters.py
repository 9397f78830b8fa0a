"""Which breaks: the options that the list and the export share, and how ages are written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any

import typer

from adapters.cli.listing import Record
from domain.desk_state import Work
from domain.flags.severity import Severity
from domain.values import BadAmount, amount, plain
from projections.break_queries import Wanted

Codes = Annotated[
    list[str] | None, typer.Option("--code", help="Only this code; may be given several times.")
]
Owner = Annotated[str | None, typer.Option("--owner", help="Only breaks that are theirs.")]
Unowned = Annotated[bool, typer.Option("--unowned", help="Only breaks that are nobody's.")]
Age = Annotated[
    str | None,
    typer.Option(help="Only of this age: 0-1d, 1-3d, 3-7d, 7d+ or a range such as 12h..2d."),
]
Statuses = Annotated[
    list[Work] | None,
    typer.Option("--status", help="Only in this state; may be given several times."),
]
Severities = Annotated[
    list[Severity] | None,
    typer.Option("--severity", help="Only as bad as this; may be given several times."),
]
Notes = Annotated[bool, typer.Option("--notes", help="Open notes too.")]
Everything = Annotated[bool, typer.Option("--all", help="Closed ones and notes too.")]

_UNITS: Mapping[str, timedelta] = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_SPAN = r"(\d{1,6})([smhdw])?"
_RANGE = re.compile(rf"(?:{_SPAN})?(?:\.\.|-)(?:{_SPAN})?", re.ASCII)
_FROM = re.compile(rf"{_SPAN}\+", re.ASCII)


def wanted_of(
    *,
    venue: str | None,
    account: str | None,
    codes: list[str] | None,
    owner: str | None,
    unowned: bool,
    age: str | None,
    statuses: list[Work] | None,
    severities: list[Severity] | None,
    notes: bool,
    everything: bool,
) -> Wanted:
    """What the options ask for."""
    if owner is not None and unowned:
        raise typer.BadParameter("choose one of --owner and --unowned")
    older, younger = ages(age)
    return Wanted(
        venue=venue,
        account=account,
        codes=tuple(codes or ()),
        owner=owner,
        unowned=unowned,
        older=older,
        younger=younger,
        statuses=frozenset(statuses or ()),
        severities=frozenset(severities or ()),
        notes=notes,
        everything=everything,
    )


def ages(text: str | None) -> tuple[timedelta | None, timedelta | None]:
    """From which age on, and up to which (which is not in): `1-3d`, `7d+`, `12h..2d`, `..1d`.

    A number without a unit has that of the other.
    """
    if text is None:
        return None, None
    told = text.strip().lower()
    found = _RANGE.fullmatch(told) or _FROM.fullmatch(told)
    parts = () if found is None else found.groups()
    low, low_unit, high, high_unit = (*parts, None, None)[:4] if parts else (None,) * 4
    unit = low_unit or high_unit
    if (low is None and high is None) or unit is None:
        raise typer.BadParameter(f"{text!r} is no age; try 1-3d, 7d+ or 12h..2d")
    older = None if low is None else int(low) * _UNITS[low_unit or unit]
    younger = None if high is None else int(high) * _UNITS[high_unit or unit]
    if older is not None and younger is not None and older >= younger:
        raise typer.BadParameter(f"{text!r} begins at or after its end; try 1-3d")
    return older, younger


def described(wanted: Wanted) -> str:
    """The filters in words, for whoever opens an export later."""
    told: dict[str, Any] = {
        "venue": wanted.venue,
        "account": wanted.account,
        "code": ", ".join(wanted.codes),
        "owner": "nobody" if wanted.unowned else wanted.owner,
        "at least": wanted.older,
        "less than": wanted.younger,
        "severity": ", ".join(sorted(wanted.severities)),
        "status": ", ".join(work.value for work in Work if work in wanted.shown),
        "kind": "breaks and notes" if wanted.notes or wanted.everything else "breaks",
    }
    return "; ".join(f"{name}: {value}" for name, value in told.items() if value)


_FIGURES = ("ours", "theirs", "difference")


def with_figures(record: Record) -> Record:
    """The record with those of its figures that are numbers as numbers, not as texts."""
    return {**record, **{name: _number(record[name]) for name in _FIGURES}}


def _number(text: str | None) -> object:
    if text is None:
        return None
    try:
        number = amount(text)
    except BadAmount:
        return text
    return number if plain(number) == text else text
