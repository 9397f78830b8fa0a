from __future__ import annotations

from datetime import timedelta

import pytest

from domain import events as e
from domain.flags.claims import old_news
from domain.flags.flag import closing
from domain.flags.history import History
from domain.recorded import Recorded
from tests.building import NOON, accepted, at, filled, history, placed, recorded
from tests.cancelling import asked, cancelled, claims, reported
from tests.claiming import (
    NEW,
    OPEN,
    PARTLY,
    saying,
    total,
)

REPEATED = e.DuplicateReported(what="fill", ref="F1", claims=claims(NEW))


@pytest.mark.parametrize(
    ("given", "stale"),
    [
        pytest.param(history(*OPEN, reported(NEW)), False, id="no times"),
        pytest.param(
            history(
                at(placed(), venue=9),
                at(accepted(), seen=9, venue=8),
                at(reported(), seen=9, venue=8),
            ),
            False,
            id="our own clock proves nothing",
        ),
        pytest.param(
            history(*OPEN, at(filled("1"), seen=3, venue=3), at(reported(), seen=4, venue=2)),
            True,
            id="older by the venue's clock",
        ),
        pytest.param(
            history(*OPEN, at(filled("1"), seen=3, venue=3), at(reported(), seen=4, venue=3)),
            False,
            id="at the same moment",
        ),
        pytest.param(
            history(*OPEN, at(filled("1"), seen=3), at(reported(), seen=2)), True, id="seen before"
        ),
        pytest.param(history(*OPEN, REPEATED), True, id="a match told again"),
        pytest.param(
            history(*OPEN, e.DuplicateReported(what="message", ref="E1", claims=claims(NEW))),
            False,
            id="a state told again",
        ),
        pytest.param(
            history(*OPEN, reported(matched="40"), saying(filled("5"), matched="7")),
            True,
            id="a match that a higher total had counted",
        ),
        pytest.param(
            history(*OPEN, reported(matched="40"), saying(filled("5"), matched="45")),
            False,
            id="a total higher yet",
        ),
        pytest.param(
            history(*OPEN, reported(matched="40"), saying(filled("5"), matched="5")),
            False,
            id="a lower total that is ours",
        ),
        pytest.param(
            history(*OPEN, reported(matched="4"), saying(filled("5"), matched="3")),
            False,
            id="more matched than any total",
        ),
        pytest.param(
            history(*OPEN, reported(matched="40"), saying(total("5"), matched="7")),
            False,
            id="a total is no match of its own",
        ),
        pytest.param(
            history(
                *OPEN,
                filled("40"),
                reported(matched="40"),
                e.FillVoided(fill_id="F1"),
                saying(filled("5", "F2"), matched="7"),
            ),
            False,
            id="totals may go down after a void",
        ),
        pytest.param(
            history(*OPEN, cancelled(), saying(filled("5"), PARTLY)), True, id="a late match"
        ),
        pytest.param(
            history(*OPEN, at(cancelled(), seen=3), at(saying(filled("5")), seen=5, venue=4)),
            False,
            id="a match timed after the cancel was seen",
        ),
    ],
)
def test_old_news(given: History, *, stale: bool) -> None:
    assert given.words[-1].stale is stale


@pytest.mark.parametrize(
    ("given", "old"),
    [
        pytest.param(recorded([*OPEN]), False, id="as it came"),
        pytest.param(
            recorded([at(accepted(), seen=1, venue=5), at(e.Resumed(), seen=2, venue=4)]),
            True,
            id="older by the venue's clock",
        ),
        pytest.param(
            recorded([at(accepted(), seen=1, venue=5), at(e.Resumed(), seen=2)]),
            False,
            id="one of the two is not timed",
        ),
        pytest.param(
            recorded([at(accepted(), seen=5), at(e.Resumed(), seen=2)]), True, id="seen before"
        ),
        pytest.param(
            recorded([at(asked(), seen=5, venue=5), at(e.Resumed(), seen=6, venue=4)]),
            False,
            id="our own clock proves nothing",
        ),
    ],
)
def test_an_event_older_than_what_came_before_it(given: list[Recorded], *, old: bool) -> None:
    assert old_news(given, 1) is old


def test_a_flag_never_closes_before_it_opened() -> None:
    entry = recorded([at(accepted(), seen=5)])[0]
    assert closing(NOON, None) is None
    assert closing(NOON, entry) == NOON + timedelta(seconds=5)
    assert closing(NOON + timedelta(seconds=9), entry) == NOON + timedelta(seconds=9)
