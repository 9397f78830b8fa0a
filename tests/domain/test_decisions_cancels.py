"""What is news about cancels and changes, and what a merge tells again."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from domain import events as e
from domain.evolve import fold
from domain.ids import derived
from domain.lifecycle import Status
from domain.messages import Said
from domain.values import Name, NameKind, Price
from tests.building import filled
from tests.cancelling import Q2, Q, again, asked, cancelled, claims, lost, reduced, refused
from tests.domain.facts import OTHER
from tests.domain.telling import after, note, of_total, told

REPORT, LIST, CANCEL = e.Source.REPORT, e.Source.LIST, e.Source.CANCEL
live = e.OrderReported(claims=claims(Status.NEW, remaining="100"))
OVER = claims(Status.CANCELLED, remaining="0")


def match_of(size: str, ref: object = Q) -> e.Filled:
    """A match that a cancel's own figure implies."""
    return e.Filled(fill_id=f"cancel:{ref}", size=Decimal(size), inferred=True)


@pytest.mark.parametrize(
    ("known", "said", "source", "added"),
    [
        pytest.param([asked()], cancelled(), REPORT, [cancelled()], id="cancelled"),
        pytest.param(
            [asked()], cancelled("60"), REPORT, [match_of("40"), cancelled("60")], id="short"
        ),
        pytest.param(
            [],
            cancelled("60", None, report_id="r"),
            REPORT,
            [match_of("40", "r"), cancelled("60", None, report_id="r")],
            id="short, unasked, by a report",
        ),
        pytest.param(
            [],
            cancelled("60", None),
            REPORT,
            [match_of("40", "unsolicited"), cancelled("60", None)],
            id="short, unasked, by none",
        ),
        pytest.param(
            [asked()],
            cancelled("60", matched=Decimal(0)),
            REPORT,
            [cancelled("60", matched=Decimal(0))],
            id="short, and the answer tells how much matched",
        ),
        pytest.param([filled("40")], cancelled("60"), REPORT, [cancelled("60")], id="exact"),
        pytest.param([asked("30")], reduced("30"), REPORT, [reduced("30")], id="a part"),
        pytest.param(
            [asked("30"), reduced("30")], reduced("30"), REPORT, [again()], id="the part again"
        ),
        pytest.param(
            [asked("30"), reduced("30")],
            replace(reduced("30"), report_id="r2"),
            REPORT,
            [replace(reduced("30"), report_id="r2")],
            id="another part, by a report of its own",
        ),
        pytest.param([asked(), cancelled()], cancelled(), REPORT, [again()], id="again"),
        pytest.param(
            [asked(), cancelled()],
            cancelled(claims=OVER),
            REPORT,
            [again(claims=OVER)],
            id="again, with a state",
        ),
        pytest.param(
            [cancelled(cancel_id=None)],
            cancelled(cancel_id=None, report_id="r"),
            REPORT,
            [note("r", "cancel")],
            id="again, unasked, by a report",
        ),
        pytest.param(
            [cancelled(cancel_id=None)],
            cancelled(cancel_id=None),
            REPORT,
            [note("", "cancel")],
            id="again, unasked, by none",
        ),
        pytest.param([asked(), cancelled()], cancelled(), LIST, [], id="again in a list"),
        pytest.param(
            [asked(), cancelled()],
            cancelled(claims=OVER),
            LIST,
            [e.OrderReported(claims=OVER)],
            id="again in a list, with a state",
        ),
        pytest.param(
            [cancelled(cancel_id=None), asked()],
            cancelled(),
            LIST,
            [again()],
            id="a list answers the request that still waits",
        ),
        pytest.param(
            [asked(), cancelled(), asked(cancel_id=Q2)],
            cancelled(cancel_id=Q2),
            REPORT,
            [again(Q2)],
            id="a second request finds it gone",
        ),
        pytest.param([e.Expired()], cancelled(), REPORT, [cancelled()], id="after another end"),
        pytest.param([e.Expired()], cancelled(), LIST, [], id="after another end, in a list"),
        pytest.param(
            [e.Expired(), cancelled()], cancelled(), REPORT, [again()], id="and that again"
        ),
    ],
)
def test_cancels(
    known: list[e.OrderEvent], said: Said, source: e.Source, added: list[e.OrderEvent]
) -> None:
    assert told(after(*known), said, source=source) == added


def test_a_short_cancel_of_an_order_of_unknown_size_implies_nothing() -> None:
    order = fold([e.OrderDiscovered(source=LIST)])
    assert told(order, cancelled("60")) == [cancelled("60")]


late = e.CancelPending(cancel_id=Q)
ANOTHER = derived("order", "yet another")
PENDING_CHANGE = e.AmendPending(amend_ref="a")


@pytest.mark.parametrize(
    ("known", "said", "added"),
    [
        pytest.param([asked(), refused()], refused(), [note(str(Q))], id="refused again"),
        pytest.param(
            [asked(), lost(), live], refused(), [refused()], id="refused after it was seen live"
        ),
        pytest.param([asked(), late], late, [note(str(Q))], id="pending again"),
        pytest.param([asked(), cancelled()], late, [late], id="pending told late"),
        pytest.param([asked()], asked(), [note(str(Q))], id="asked again"),
        pytest.param([asked(), lost()], lost(), [note(str(Q))], id="lost again"),
        pytest.param([PENDING_CHANGE], PENDING_CHANGE, [note("a")], id="a change, pending again"),
        pytest.param(
            [e.OrderIdentified(names=(Name(NameKind.WAGER, "w"),))],
            e.OrderIdentified(names=(Name(NameKind.WAGER, "w"), Name(NameKind.WAGER, "x"))),
            [e.OrderIdentified(names=(Name(NameKind.WAGER, "x"),))],
            id="a name that it has and one that it has not",
        ),
        pytest.param(
            [e.OrderIdentified(names=(Name(NameKind.WAGER, "w"),))],
            e.OrderIdentified(names=(Name(NameKind.WAGER, "w"),)),
            [],
            id="a name that it has",
        ),
        pytest.param([], e.OrderDiscovered(source=LIST), [], id="discovered, and known"),
        pytest.param(
            [e.OrderMerged(into=OTHER)],
            e.OrderMerged(into=ANOTHER),
            [e.OrderMerged(into=ANOTHER)],
            id="merged into another one than before",
        ),
        pytest.param([e.OrderMerged(into=OTHER)], e.OrderMerged(into=OTHER), [], id="merged twice"),
        pytest.param(
            [of_total("40", "40")],
            of_total("45", "45"),
            [of_total("45", "5")],
            id="told after a merge",
        ),
        pytest.param(
            [of_total("40", "40")],
            replace(of_total("45", "45"), price=Price(Decimal(2)), claims=OVER),
            [replace(of_total("45", "5"), price=Price(Decimal(2)), claims=OVER)],
            id="told after a merge, with a price and a state",
        ),
        pytest.param([], match_of("40"), [], id="a cancel implies its own match when it is told"),
        pytest.param(
            [], replace(of_total("40", "40"), fill_id="total:?"), [], id="a total that is none"
        ),
    ],
)
def test_requests_and_names(
    known: list[e.OrderEvent], said: Said, added: list[e.OrderEvent]
) -> None:
    assert told(after(*known), said) == added
