"""What two read models do not tell alike."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.replaying.changes import Keyed, Kind, Record, changes

TABLES = st.dictionaries(st.text("abc", max_size=3), st.integers(0, 3), max_size=8)


def rows(table: Mapping[str, object]) -> list[Keyed]:
    """Rows of one figure, in the order of their keys."""
    return [(key, {"figure": table[key]}) for key in sorted(table)]


def named(record: Record) -> list[Hashable]:
    """The names of a row."""
    return [record[name] for name in ("id", "ref") if record.get(name) is not None]


@given(TABLES)
def test_a_table_does_not_differ_from_itself(table: dict[str, int]) -> None:
    assert list(changes(rows(table), rows(table))) == []


@given(TABLES, TABLES)
def test_every_difference_is_told_once(a: dict[str, int], b: dict[str, int]) -> None:
    told = {change.key: change for change in changes(rows(a), rows(b))}
    assert set(told) == {key for key in a.keys() | b.keys() if a.get(key) != b.get(key)}
    for key, change in told.items():
        assert change.fields == {"figure": (a.get(key), b.get(key))}
        kind = Kind.ADDED if key not in a else Kind.REMOVED if key not in b else Kind.CHANGED
        assert change.kind is kind


@given(TABLES, TABLES)
def test_backwards_what_was_added_is_removed(a: dict[str, int], b: dict[str, int]) -> None:
    there = {(change.key, change.kind) for change in changes(rows(a), rows(b))}
    turned = {Kind.ADDED: Kind.REMOVED, Kind.REMOVED: Kind.ADDED, Kind.CHANGED: Kind.CHANGED}
    back = {(change.key, turned[change.kind]) for change in changes(rows(b), rows(a))}
    assert there == back


@pytest.mark.parametrize(
    ("mine", "other", "told"),
    [
        pytest.param(
            {"id": "V1", "ref": None},
            {"id": "V1", "ref": None},
            [],
            id="the same under another key: nothing differs",
        ),
        pytest.param(
            {"id": None, "ref": "R"},
            {"id": "V1", "ref": "R"},
            [(Kind.CHANGED, {"id": (None, "V1")})],
            id="found by the weaker name",
        ),
        pytest.param(
            {"id": "V1", "ref": None},
            {"id": "V2", "ref": None},
            [(Kind.REMOVED, {"id": ("V1", None)}), (Kind.ADDED, {"id": (None, "V2")})],
            id="another order",
        ),
    ],
)
def test_a_row_under_another_key_is_found_by_its_names(
    mine: dict[str, Any], other: dict[str, Any], told: list[tuple[Kind, dict[str, Any]]]
) -> None:
    found = changes([("k1", mine)], [("k2", other)], named)
    assert [(change.kind, change.fields) for change in found] == told


def test_a_name_leads_to_one_row_only() -> None:
    a = [("k1", {"id": "V", "n": 1}), ("k2", {"id": "V", "n": 2})]
    found = [change.kind for change in changes(a, [("k9", {"id": "V", "n": 1})], named)]
    assert found == [Kind.REMOVED]


def test_equal_decimals_are_no_difference() -> None:
    assert list(changes([("k", {"n": Decimal("1.50")})], [("k", {"n": Decimal("1.5")})])) == []
