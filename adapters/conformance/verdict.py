"""What became of a variant: our figures after each step against those that the table prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, Protocol, cast
from uuid import UUID

from adapters.conformance.lines import NOBODY, Ids, names, places
from adapters.conformance.scenario import Figures, Step, Variant
from domain.events import OrderEvent
from domain.evolve import fold
from domain.lifecycle import Status
from domain.recorded import Recorded
from domain.standing import standing
from domain.values import ZERO, BadAmount, Choice, Name, NameKind, amount, plain

UNKNOWN = Figures(Status.REJECTED, ZERO, ZERO, ZERO)
"""FIX: a venue answers for an order that nobody knows with Rejected and with no quantities."""


class Played(Protocol):
    """What a program that has read the capture of a variant knows of it."""

    def history(self, names: Sequence[Name]) -> Sequence[Recorded]:
        """The events of the order that the first known of these names leads to; none, if none."""
        ...

    def refused(self) -> Mapping[int, str]:
        """The lines that could not be taken, by their place, and why."""
        ...

    def breaks(self) -> frozenset[str]:
        """The codes of the breaks that are open."""
        ...


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many of the checked steps agree, and the first that does not."""

    variant: Variant
    steps: int
    passed: int
    difference: str | None

    @property
    def ok(self) -> bool:
        """Every step agrees."""
        return self.difference is None


def judge(variant: Variant, played: Played) -> Verdict:
    """Hold the program's figures after each step against the printed ones."""
    ids = Ids(variant.scenario.steps)
    lines = places(variant)
    refused = played.refused()
    passed = 0
    first: str | None = None
    checks = 0
    for at, printed in variant.checked.items():
        until = lines[at]
        differences = [refused[until]] if until in refused else []
        for told, held in _compared(until, printed, ids, played):
            differences.extend(_differing(told, held))
        checks += 1
        if not differences:
            passed += 1
        elif first is None:
            first = f"{variant.steps[at].name}: {', '.join(differences)}"
    for at, line in lines.items():
        if first is None and line in refused:
            first = f"{variant.steps[at].name}: {refused[line]}"
    if variant.whole and first is None:
        missing = variant.scenario.breaks - played.breaks()
        if missing:
            first = f"at the end: no break {', '.join(sorted(missing))}"
    return Verdict(variant, checks, passed, first)


def _compared(
    until: int, printed: Step, ids: Ids, played: Played
) -> list[tuple[Figures, Mapping[str, Any] | None]]:
    """What is printed, and our record of the order; None: nobody here knows it."""
    if printed.wire is not None or printed.orders:
        return [
            (figures, _record(played.history([Name(NameKind.VENUE, name)]), until))
            for name, figures in printed.orders.items()
        ]
    known = names(printed, ids)
    if ids.of(printed) == NOBODY and printed.message.get("exec_type") == "OrderStatus":
        known = known[:1]
    return [(printed.printed, _record(played.history(known), until))]


def _record(history: Sequence[Recorded], until: int) -> Mapping[str, Any] | None:
    """An order after a line, by the names that `breakwater orders` prints."""
    past = [
        cast("OrderEvent", entry.event)
        for entry in history
        if entry.seq is not None and entry.seq <= until
    ]
    if not past:
        return None
    stands = standing(fold(past))
    told: dict[str, Any] = {field.name: getattr(stands, field.name) for field in fields(stands)}
    buckets = told.pop("buckets")
    told.update({field.name: getattr(buckets, field.name) for field in fields(buckets)})
    return told


def _differing(printed: Figures, held: Mapping[str, Any] | None) -> list[str]:
    wanted: dict[str, Any] = {
        "status": printed.status,
        "size": printed.size,
        "matched": printed.matched,
        "remaining": printed.remaining,
        **printed.more,
    }
    if held is None:
        held = {
            "status": UNKNOWN.status,
            "size": UNKNOWN.size,
            "matched": UNKNOWN.matched,
            "remaining": UNKNOWN.remaining,
        }
    return [
        f"{name} {_shown(held.get(name))} instead of {_shown(value)}"
        for name, value in wanted.items()
        if value is not None and not _same(value, held.get(name))
    ]


def _same(wanted: object, held: object) -> bool:
    if isinstance(held, Decimal) and not isinstance(wanted, Decimal):
        try:
            return amount(wanted) == held
        except BadAmount:
            return False
    return wanted == held


def _shown(value: object) -> str:
    if isinstance(value, Decimal):
        return plain(value)
    return value.value if isinstance(value, Choice) else str(value)


def merged_into(history: Sequence[Recorded]) -> UUID | None:
    """The order that this one proved to be."""
    return fold([cast("OrderEvent", entry.event) for entry in history]).merged_into
