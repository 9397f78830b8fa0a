"""What is news about how an order ends, and about what marks it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from domain import events as e
from domain.evolve import fold
from domain.lifecycle import Status
from domain.messages import Said
from tests.building import accepted, placed
from tests.cancelling import cancelled, claims
from tests.domain.telling import after, note, told

REPORT, LIST = e.Source.REPORT, e.Source.LIST
FORTY = Decimal(40)


end = claims(Status.EXPIRED, remaining="0")


@pytest.mark.parametrize(
    ("known", "said", "source", "added"),
    [
        pytest.param([], e.Expired(), REPORT, [e.Expired()], id="an end"),
        pytest.param([e.Expired()], e.Expired(), REPORT, [note("Expired")], id="again"),
        pytest.param(
            [e.Expired()],
            e.Expired(claims=end, report_id="r"),
            REPORT,
            [note("r", claims=end)],
            id="again, by another report",
        ),
        pytest.param([e.Expired()], e.Expired(), LIST, [], id="again in a list"),
        pytest.param(
            [e.Expired()],
            e.Expired(claims=end),
            LIST,
            [e.OrderReported(claims=end)],
            id="again in a list, with a state",
        ),
        pytest.param([e.Expired()], e.Lapsed(), REPORT, [e.Lapsed()], id="another end"),
        pytest.param([e.Expired()], e.Lapsed(), LIST, [], id="another end in a list"),
        pytest.param(
            [e.Expired(), e.Lapsed()], e.Lapsed(), REPORT, [note("Lapsed")], id="that one again"
        ),
        pytest.param(
            [e.Lapsed(size=FORTY), e.Expired()],
            e.Lapsed(),
            REPORT,
            [e.Lapsed()],
            id="a part lapsed before; that the rest did is another end",
        ),
        pytest.param(
            [e.Lapsed()],
            e.Lapsed(size=FORTY),
            REPORT,
            [e.Lapsed(size=FORTY)],
            id="a part: nothing names it",
        ),
        pytest.param([], e.DoneForDay(), REPORT, [e.DoneForDay()], id="done for the day"),
        pytest.param(
            [e.DoneForDay()], e.DoneForDay(), REPORT, [note("DoneForDay")], id="done twice"
        ),
        pytest.param([e.DoneForDay()], e.DoneForDay(), LIST, [], id="done twice, in a list"),
        pytest.param(
            [e.DoneForDay()],
            e.DoneForDay(claims=end),
            LIST,
            [e.OrderReported(claims=end)],
            id="done twice, in a list, with a state",
        ),
        pytest.param(
            [cancelled(), e.DoneForDay()],
            e.DoneForDay(),
            REPORT,
            [note("DoneForDay")],
            id="done for the day after its end, again",
        ),
        pytest.param(
            [cancelled(), e.DoneForDay()],
            e.DoneForDay(),
            LIST,
            [],
            id="done for the day after its end, in a list",
        ),
        pytest.param([e.Suspended()], e.Suspended(), REPORT, [note("Suspended")], id="suspended"),
        pytest.param([e.Suspended()], e.Suspended(), LIST, [], id="suspended, in a list"),
        pytest.param(
            [e.Suspended(), e.Resumed()],
            e.Suspended(),
            REPORT,
            [e.Suspended()],
            id="suspended another time",
        ),
        pytest.param(
            [cancelled()], e.Suspended(), REPORT, [e.Suspended()], id="suspended after its end"
        ),
        pytest.param([e.Stopped()], e.Stopped(), REPORT, [note("Stopped")], id="guaranteed"),
        pytest.param([e.Stopped()], e.Stopped(), LIST, [], id="guaranteed, in a list"),
        pytest.param(
            [e.Stopped()],
            e.Stopped(size=FORTY),
            REPORT,
            [e.Stopped(size=FORTY)],
            id="another guarantee",
        ),
        pytest.param(
            [e.UnknownValueSeen(field="f", value="v")],
            e.UnknownValueSeen(field="f", value="v"),
            REPORT,
            [note("UnknownValueSeen")],
            id="an unknown word again",
        ),
    ],
)
def test_ends_and_marks(
    known: list[e.OrderEvent], said: Said, source: e.Source, added: list[e.OrderEvent]
) -> None:
    assert told(after(*known), said, source=source) == added


def test_a_list_tells_the_day_s_end_of_an_order_that_is_over_without_a_note() -> None:
    order = fold([placed(time_in_force="GTC"), accepted(), cancelled(), e.DoneForDay()])
    assert told(order, e.DoneForDay(), source=LIST) == []
    assert told(order, e.DoneForDay()) == [note("DoneForDay")]


def test_an_end_that_a_list_repeats_acknowledges_nothing() -> None:
    assert told(fold([placed(), e.Expired()]), e.Expired(), source=LIST) == []
