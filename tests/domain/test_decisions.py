"""What is news about an order: sent, taken, reported, over; repeats are noted or pass."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from domain import events as e
from domain.decisions import hear
from domain.evolve import fold
from domain.lifecycle import Status
from domain.messages import Said
from domain.values import Name, NameKind, Price
from tests.building import NOON, accepted, filled, placed, terms
from tests.cancelling import again, asked, cancelled, claims, lost
from tests.domain.telling import after, note, stands, told

REPORT, LIST, CANCEL = e.Source.REPORT, e.Source.LIST, e.Source.CANCEL
FORTY = Decimal(40)


PLACED = placed(placed_at=NOON)


@pytest.mark.parametrize(
    ("since", "said", "added"),
    [
        pytest.param([], placed(), [note("c1")], id="sent again"),
        pytest.param(
            [],
            placed("90"),
            [note("c1", "order", differs=True)],
            id="another order under the same name",
        ),
        pytest.param(
            [e.OrderAccepted(terms=e.Terms(expires_at=NOON, user_ref="u"))],
            placed(),
            [note("c1")],
            id="sent again after the venue told terms of its own",
        ),
        pytest.param(
            [e.Amended(amend_ref="a", size=Decimal(90), price=Price(Decimal(3)))],
            placed(),
            [note("c1")],
            id="sent again after the venue changed it",
        ),
        pytest.param(
            [e.Amended(amend_ref="a", size=Decimal(90))],
            placed("90"),
            [note("c1", "order", differs=True)],
            id="another order, by chance as large as the changed one",
        ),
        pytest.param([], placed(currency=None), [note("c1")], id="sent again with less told of it"),
    ],
)
def test_placed_twice(since: list[e.OrderEvent], said: Said, added: list[e.OrderEvent]) -> None:
    names = (Name(NameKind.CLIENT, "c1"),)
    order = fold([replace(PLACED, names=names), *since])
    assert told(order, said) == added


def test_placed_after_it_was_discovered_is_news() -> None:
    order = fold([e.OrderDiscovered(source=LIST, terms=terms("90"))])
    assert told(order, PLACED) == [PLACED]
    assert told(fold([PLACED]), PLACED) == [note("")]


DISCOVERED = e.OrderDiscovered(source=LIST)


@pytest.mark.parametrize(
    ("known", "added"),
    [
        pytest.param([], [DISCOVERED], id="nobody knew it"),
        pytest.param([DISCOVERED], [], id="discovered before"),
        pytest.param([PLACED], [], id="it is ours"),
    ],
)
def test_an_order_is_made_known_once(known: list[e.OrderEvent], added: list[e.OrderEvent]) -> None:
    assert told(fold(known), DISCOVERED) == added


live = e.OrderReported(claims=claims(Status.NEW, remaining="100"))
over = e.OrderReported(claims=claims(Status.CANCELLED))


@pytest.mark.parametrize(
    ("known", "said", "source", "added"),
    [
        pytest.param([], live, LIST, [live], id="a state"),
        pytest.param([live], live, LIST, [], id="word for word again: nothing"),
        pytest.param([live], live, REPORT, [], id="whoever says so"),
        pytest.param([live, filled("40")], live, LIST, [live], id="again after a match: news"),
        pytest.param([live, asked(), lost()], live, LIST, [live], id="again in doubt: news"),
        pytest.param([live], over, LIST, [over], id="another state"),
        pytest.param([], e.OrderReported(), LIST, [], id="a report that tells nothing"),
        pytest.param(
            [],
            e.OrderReported(terms=e.Terms(user_ref="u")),
            LIST,
            [e.OrderReported(terms=e.Terms(user_ref="u"))],
            id="terms that nobody knew",
        ),
        pytest.param(
            [replace(live, report_id="r")],
            replace(over, report_id="r"),
            REPORT,
            [note("r")],
            id="a report id that was there",
        ),
        pytest.param(
            [replace(live, report_id="r")],
            replace(over, report_id="r"),
            LIST,
            [],
            id="a report id that was there, in a list",
        ),
        pytest.param(
            [live], replace(live, report_id="r"), REPORT, [], id="word for word in another report"
        ),
        pytest.param([], accepted(), REPORT, [], id="accepted again: nothing new"),
        pytest.param(
            [],
            e.OrderAccepted(claims=live.claims),
            REPORT,
            [live],
            id="accepted again, with a state",
        ),
        pytest.param(
            [],
            e.OrderAccepted(terms=e.Terms(user_ref="u"), claims=live.claims, report_id="r"),
            REPORT,
            [replace(live, terms=e.Terms(user_ref="u"), report_id="r")],
            id="accepted again, with terms, by a report",
        ),
        pytest.param([e.Suspended()], accepted(), REPORT, [accepted()], id="back on the book"),
        pytest.param(
            [cancelled()],
            e.OrderAccepted(report_id="r"),
            REPORT,
            [e.OrderAccepted(report_id="r")],
            id="accepted after its end, by a new report",
        ),
        pytest.param([cancelled()], accepted(), REPORT, [], id="by none: nothing new"),
    ],
)
def test_states(
    known: list[e.OrderEvent], said: Said, source: e.Source, added: list[e.OrderEvent]
) -> None:
    assert told(after(*known), said, source=source) == added


@pytest.mark.parametrize(
    ("life", "source", "status", "acknowledged"),
    [
        pytest.param([placed()], LIST, Status.NEW, True, id="a list holds it live"),
        pytest.param([placed()], LIST, Status.PENDING_NEW, False, id="the venue is deciding"),
        pytest.param([placed()], LIST, Status.CANCELLED, False, id="a claim of its end"),
        pytest.param([placed()], LIST, None, False, id="no status told"),
        pytest.param([placed()], REPORT, Status.NEW, False, id="a claim beside a report"),
        pytest.param([placed(), e.Expired()], LIST, Status.NEW, False, id="it is over"),
        pytest.param(
            [e.OrderDiscovered(source=LIST)], LIST, Status.NEW, False, id="nobody waits for it"
        ),
    ],
)
def test_a_list_that_holds_an_order_acknowledges_it(
    *, life: list[e.OrderEvent], source: e.Source, status: Status | None, acknowledged: bool
) -> None:
    said = e.OrderReported(claims=claims(status, size="100"))
    added = told(fold(life), said, source=source)
    assert added == ([e.OrderAccepted(), said] if acknowledged else [said])


def test_facts_of_one_report_share_its_id() -> None:
    said: list[Said] = [replace(live, report_id="r"), replace(cancelled(), report_id="r")]
    assert told(after(), *said) == said


def test_an_id_used_again_for_another_kind_of_fact_names_another_fact() -> None:
    order = after(replace(live, report_id="0"))
    assert told(order, e.Expired(report_id="0")) == [e.Expired(report_id="0")]


def test_a_cancel_under_a_known_report_id_is_a_repeat() -> None:
    report = cancelled(report_id="r")
    order = after(asked(), report)
    assert told(order, report, source=LIST) == [again()]
    assert stands(hear(order, [report])[0]) == stands(order)
