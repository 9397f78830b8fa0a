from __future__ import annotations

import pytest

from domain.flags.catalogue import CATALOGUE
from domain.flags.history import earliest
from tests.building import NOON, seconds


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        pytest.param("CXL-07", "break", id="somebody must find out"),
        pytest.param("STR-03", "note", id="of no severity"),
        pytest.param("CXL-01", "note", id="nothing to clear"),
    ],
)
def test_what_must_be_worked_and_what_only_annotates(code: str, kind: str) -> None:
    assert CATALOGUE[code].kind == kind


def test_the_earliest_of_the_times_that_are_known() -> None:
    assert earliest([None, seconds(2), NOON]) == NOON
    assert earliest([None]) is None
