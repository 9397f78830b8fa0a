"""What differs between two read models: rows side by side by their keys, field by field."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.values import Choice

Record = Mapping[str, Any]
Keyed = tuple[str, Record]
Names = Callable[[Record], Sequence[Hashable]]
"""What a row is called besides its key, the strongest name first."""


class Kind(Choice):
    """What became of a row between the first books and the second."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """A row that the two books do not tell alike: in each field, what either says.

    Of a row that one of them lacks, `fields` has all that the other tells.
    """

    kind: Kind
    key: str
    record: Record
    fields: Mapping[str, tuple[Any, Any]]


def changes(a: Iterable[Keyed], b: Iterable[Keyed], names: Names | None = None) -> Iterator[Change]:
    """Each row that differs, by key; those of one side alone at the end when they have `names`.

    A row that goes by another key on the other side is found by what it is called.
    """
    mine: list[Keyed] = []
    others: list[Keyed] = []
    for left, right in _side_by_side(iter(a), iter(b)):
        if left is not None and right is not None:
            yield from _changed(left, right)
        elif names is None:
            yield from _alone(left, right)
        elif left is not None:
            mine.append(left)
        elif right is not None:
            others.append(right)
    if names is not None:
        yield from _by_name(mine, others, names)


def _by_name(mine: Sequence[Keyed], others: Sequence[Keyed], names: Names) -> Iterator[Change]:
    called: dict[Hashable, Keyed] = {}
    for other in others:
        for name in names(other[1]):
            called.setdefault(name, other)
    taken: set[str] = set()
    for one in mine:
        found = next((called[name] for name in names(one[1]) if name in called), None)
        if found is None or found[0] in taken:
            yield from _alone(one, None)
        else:
            taken.add(found[0])
            yield from _changed(one, found)
    for other in others:
        if other[0] not in taken:
            yield from _alone(None, other)


def _changed(a: Keyed, b: Keyed) -> Iterator[Change]:
    fields = {
        name: (value, b[1].get(name)) for name, value in a[1].items() if value != b[1].get(name)
    }
    if fields:
        yield Change(Kind.CHANGED, a[0], a[1], fields)


def _alone(a: Keyed | None, b: Keyed | None) -> Iterator[Change]:
    if a is not None:
        told = {name: (value, None) for name, value in a[1].items() if value is not None}
        yield Change(Kind.REMOVED, a[0], a[1], told)
    if b is not None:
        told = {name: (None, value) for name, value in b[1].items() if value is not None}
        yield Change(Kind.ADDED, b[0], b[1], told)


def _side_by_side(
    a: Iterator[Keyed], b: Iterator[Keyed]
) -> Iterator[tuple[Keyed | None, Keyed | None]]:
    mine, other = next(a, None), next(b, None)
    while mine is not None or other is not None:
        if other is None or (mine is not None and mine[0] < other[0]):
            yield mine, None
            mine = next(a, None)
        elif mine is None or other[0] < mine[0]:
            yield None, other
            other = next(b, None)
        else:
            yield mine, other
            mine, other = next(a, None), next(b, None)
