from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from domain.flags.flag import RULES_VERSION, Flag
from domain.flags.rule_change import Change, NoVersions, Shift, changes, versions
from tests.building import STREAM, seconds

ONE = Flag(code="FIL-05", key=("1",), opened_at=seconds(10), witness=(3,), note="as it was")
TWO = replace(ONE, key=("2",))
NOW = seconds(100)


@pytest.mark.parametrize(
    ("old", "new", "then"),
    [
        pytest.param([ONE], [ONE], [], id="alike"),
        pytest.param([], [ONE], [Change(Shift.ADDED, ONE)], id="added"),
        pytest.param([ONE], [], [Change(Shift.REMOVED, ONE, stood=True)], id="removed"),
        pytest.param(
            [replace(ONE, closed_at=seconds(20))],
            [],
            [Change(Shift.REMOVED, replace(ONE, closed_at=seconds(20)))],
            id="removed, and closed before",
        ),
        pytest.param(
            [ONE],
            [replace(ONE, note="in other words")],
            [Change(Shift.CHANGED, replace(ONE, note="in other words"), stood=True, before=ONE)],
            id="told in other words",
        ),
        pytest.param(
            [ONE],
            [replace(ONE, closed_at=seconds(20))],
            [Change(Shift.CHANGED, replace(ONE, closed_at=seconds(20)), stood=True, before=ONE)],
            id="closed by the newer rules",
        ),
        pytest.param(
            [ONE, TWO],
            [TWO, replace(ONE, code="FIL-06")],
            [
                Change(Shift.ADDED, replace(ONE, code="FIL-06")),
                Change(Shift.REMOVED, ONE, stood=True),
            ],
            id="under another code",
        ),
        pytest.param([], [replace(ONE, opened_at=seconds(200))], [], id="whose time has not come"),
        pytest.param(
            [ONE],
            [replace(ONE, closed_at=seconds(200))],
            [],
            id="which closes later is open by now",
        ),
    ],
)
def test_what_a_change_of_the_rules_changes(
    old: list[Flag], new: list[Flag], then: list[Change]
) -> None:
    assert changes(STREAM, old, new, NOW) == then


FLAGS = st.lists(st.sampled_from([ONE, TWO, replace(ONE, code="CXL-02")]), unique=True)


@examples(FLAGS, FLAGS)
def test_what_one_direction_adds_the_other_takes_away(old: list[Flag], new: list[Flag]) -> None:
    there = changes(STREAM, old, new, NOW)
    back = changes(STREAM, new, old, NOW)
    added = {change.flag.code + change.flag.key[0] for change in there if change.shift == "added"}
    removed = {
        change.flag.code + change.flag.key[0] for change in back if change.shift == "removed"
    }
    assert added == removed
    assert changes(STREAM, old, old, NOW) == []


@pytest.mark.parametrize(
    ("text", "then"),
    [
        pytest.param("1..2", (1, 2), id="both"),
        pytest.param(" 2 .. 1 ", (2, 1), id="backwards"),
        pytest.param("1..", (1, RULES_VERSION), id="up to this one"),
        pytest.param("..2", (1, 2), id="from the first"),
    ],
)
def test_versions(text: str, then: tuple[int, int]) -> None:
    assert versions(text) == then


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param("..", "names no two versions", id="neither"),
        pytest.param("2", "names no two versions", id="one"),
        pytest.param("a..b", "names no two versions", id="words"),
        pytest.param("0..2", "there is no version 0", id="none before the first"),
        pytest.param("1..99", "there is no version 99", id="none after this one"),
    ],
)
def test_texts_that_are_no_versions(text: str, why: str) -> None:
    with pytest.raises(NoVersions, match=why):
        versions(text)
