from __future__ import annotations

import pytest

from domain.flags.clocks import clock_skew
from domain.flags.history import History
from tests.building import accepted, at, filled, history, placed
from tests.cancelling import LIMITS, Found, asked, cancelled, found, refused, reported
from tests.claiming import OPEN

ALL = ()


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(history(*OPEN, at(filled("40"), seen=5, venue=4)), [], id="as it should be"),
        pytest.param(
            history(*OPEN, at(filled("40"), seen=5, venue=6.5)), [], id="ahead by a little"
        ),
        pytest.param(
            history(*OPEN, at(filled("40"), seen=5, venue=8)),
            [(ALL, 5, None, (3,))],
            id="it happened after we saw it",
        ),
        pytest.param(
            history(at(placed(), seen=0, venue=50), accepted()), [], id="our own word has our time"
        ),
        pytest.param(
            history(
                *OPEN,
                at(filled("10"), seen=5, venue=8),
                at(filled("10", "F2"), seen=6, venue=9),
                at(reported(), seen=7, venue=10.5),
                at(reported(), seen=8, venue=11),
            ),
            [(ALL, 5, 7, (3,))],
            id="three times off alike tell by how much",
        ),
        pytest.param(
            history(
                *OPEN,
                at(filled("10"), seen=5, venue=8),
                at(filled("10", "F2"), seen=6, venue=30),
                at(reported(), seen=7, venue=100),
            ),
            [(ALL, 5, None, (3,))],
            id="three times off by anything do not",
        ),
        pytest.param(
            history(*OPEN, at(asked(), seen=10), at(cancelled(), seen=11, venue=5)),
            [(ALL, 11, None, (3, 4))],
            id="answered before we asked",
        ),
        pytest.param(
            history(*OPEN, at(asked(), seen=10), at(cancelled(), seen=11, venue=9)),
            [],
            id="answered before we asked, by a little",
        ),
        pytest.param(
            history(*OPEN, at(cancelled(), seen=4, venue=3), at(asked(), seen=10)),
            [],
            id="an answer that reached the log before its request",
        ),
        pytest.param(history(*OPEN, at(asked(), seen=10), refused()), [], id="an untimed answer"),
    ],
)
def test_clock_skew(given: History, then: list[Found]) -> None:
    assert found(clock_skew(given, LIMITS)) == then


def test_how_far_the_clocks_are_apart_is_told() -> None:
    (ahead,) = clock_skew(history(*OPEN, at(filled("40"), seen=5, venue=8)), LIMITS)
    assert ahead.difference == "3"
    assert ahead.note == (
        "By the venue's clock this happened 3 s after we had seen it: its clock and ours are "
        "apart, in 1 of its times."
    )
    given = history(*OPEN, at(asked(), seen=10), at(cancelled(), seen=11, venue=5))
    (behind,) = clock_skew(given, LIMITS)
    assert behind.difference == "-5"
    assert "5 s before we had asked for it" in behind.note
