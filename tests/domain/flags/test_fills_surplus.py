from __future__ import annotations

import pytest

from domain.flags.fills_totals import duplicate_fill_new_id, duplicate_fill_new_id_before
from tests.building import Told, at, filled, history
from tests.cancelling import LIMITS, reported
from tests.claiming import OPEN

PAIR = ("F1", "F2")
THREE = [
    at(filled("10", name), seen=6 + number, venue=5) for number, name in enumerate((*PAIR, "F3"))
]


@pytest.mark.parametrize(
    ("told", "pairs"),
    [
        pytest.param([at(reported(matched="20"), seen=9, venue=6)], [PAIR], id="one too many"),
        pytest.param(
            [at(reported(matched="10"), seen=9, venue=6)], [PAIR, ("F2", "F3")], id="two too many"
        ),
        pytest.param(
            [
                at(reported(matched="20"), seen=9, venue=6),
                at(reported(matched="30"), seen=10, venue=7),
                at(reported(matched="20"), seen=11, venue=8),
            ],
            [PAIR, ("F2", "F3")],
            id="one too many, settled, and one too many again",
        ),
    ],
)
def test_one_surplus_is_told_once(told: list[Told], pairs: list[tuple[str, ...]]) -> None:
    given = history(*OPEN, *THREE, *told)  # type: ignore[arg-type]  # events of orders
    assert [flag.key for flag in duplicate_fill_new_id(given, LIMITS)] == pairs


def test_the_first_rule_set_told_one_surplus_twice() -> None:
    given = history(*OPEN, *THREE, at(reported(matched="20"), seen=9, venue=6))
    assert len(list(duplicate_fill_new_id_before(given, LIMITS))) == 2
    right = history(*OPEN, *THREE, at(reported(matched="30"), seen=9, venue=6))
    assert list(duplicate_fill_new_id_before(right, LIMITS)) == []
    untimed = history(*OPEN, filled("10"), filled("10", "F2"), reported(matched="5"))
    assert list(duplicate_fill_new_id_before(untimed, LIMITS)) == []
