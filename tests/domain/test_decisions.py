"""What a message adds to an order: news is recorded, repeats are noted, totals are completed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from domain import events as e
from domain.decisions import hear
from domain.evolve import fold
from domain.lifecycle import Status
from domain.messages import MatchedTotal, Said
from domain.order import Order
from domain.values import Name, NameKind, Price
from tests.building import NOON, accepted, filled, placed, terms
from tests.cancelling import Q2, Q, again, asked, cancelled, claims, lost, reduced, refused
from tests.domain.facts import OTHER
from tests.domain.telling import after, stands

REPORT, LIST, CANCEL = e.Source.REPORT, e.Source.LIST, e.Source.CANCEL
FORTY = Decimal(40)


def told(order: Order, *said: Said, source: e.Source = REPORT) -> list[e.OrderEvent]:
    """What the message adds."""
    return hear(order, said, source=source)[1]


def note(ref: str, what: str = "message", **others: object) -> e.DuplicateReported:
    """Something was told again."""
    return e.DuplicateReported(what=what, ref=ref, **others)  # type: ignore[arg-type]  # a test names any field


def implied(total: str, size: str) -> e.Filled:
    """What a running total implies."""
    return e.Filled(fill_id=f"total:{total}", size=Decimal(size), inferred=True)


@pytest.mark.parametrize(
    ("known", "total", "added"),
    [
        pytest.param([], "40", [implied("40", "40")], id="no record: all of it is implied"),
        pytest.param([filled("30")], "40", [implied("40", "10")], id="the rest is implied"),
        pytest.param([filled("40")], "40", [], id="recorded: nothing"),
        pytest.param([filled("40")], "30", [], id="an old total: nothing"),
        pytest.param([implied("40", "40")], "40", [], id="implied already: nothing"),
        pytest.param([implied("40", "40")], "45.5", [implied("45.5", "5.5")], id="more since"),
        pytest.param(
            [filled("40"), e.FillVoided(fill_id="F1")],
            "40",
            [],
            id="a total that still counts what was taken back",
        ),
        pytest.param([], "0", [], id="nothing matched"),
    ],
)
def test_running_totals(known: list[e.OrderEvent], total: str, added: list[e.OrderEvent]) -> None:
    assert told(after(*known), MatchedTotal(total=Decimal(total))) == added


def test_an_implied_match_carries_what_the_total_told() -> None:
    price, word = Price(Decimal(2)), claims(matched="40")
    (event,) = told(after(), MatchedTotal(total=FORTY, price=price, claims=word))
    assert event == replace(implied("40", "40"), price=price, claims=word)


provisional = replace(filled("40"), provisional=True)
word = claims(Status.PARTIALLY_FILLED, matched="40")


@pytest.mark.parametrize(
    ("known", "said", "source", "added"),
    [
        pytest.param([], filled("40"), REPORT, [filled("40")], id="a match"),
        pytest.param(
            [filled("40")],
            replace(filled("40"), claims=word),
            REPORT,
            [note("F1", "fill", claims=word)],
            id="again: a note with what the venue claims",
        ),
        pytest.param([filled("40")], filled("40"), LIST, [], id="again in a list: nothing"),
        pytest.param([filled("40")], filled("40"), CANCEL, [], id="again in an answer: nothing"),
        pytest.param(
            [filled("40")],
            filled("41"),
            LIST,
            [note("F1", "fill", differs=True)],
            id="again with another size: a human must look",
        ),
        pytest.param([provisional], provisional, LIST, [], id="still provisional"),
        pytest.param(
            [provisional], filled("40"), LIST, [e.FillConfirmed(fill_id="F1")], id="now final"
        ),
        pytest.param(
            [provisional],
            e.FillConfirmed(fill_id="F1"),
            REPORT,
            [e.FillConfirmed(fill_id="F1")],
            id="confirmed",
        ),
        pytest.param(
            [filled("40")], e.FillConfirmed(fill_id="F1"), REPORT, [note("F1")], id="it was final"
        ),
        pytest.param(
            [e.FillConfirmed(fill_id="F1")],
            e.FillConfirmed(fill_id="F1"),
            LIST,
            [],
            id="confirmed twice",
        ),
        pytest.param(
            [replace(filled("40"), report_id="r1")],
            replace(filled("9", "F2"), report_id="r1"),
            REPORT,
            [replace(filled("9", "F2"), report_id="r1")],
            id="another match under a used report id counts",
        ),
    ],
)
def test_matches(
    known: list[e.OrderEvent], said: Said, source: e.Source, added: list[e.OrderEvent]
) -> None:
    assert told(after(*known), said, source=source) == added


def bust(size: str | None = None, report_id: str | None = None) -> e.FillVoided:
    """Match F1 was taken back, or a part of it."""
    part = None if size is None else Decimal(size)
    return e.FillVoided(fill_id="F1", size=part, report_id=report_id)


fixed = e.FillCorrected(fill_id="F1", correction_id="F2", size=Decimal(45))
fixed_again = e.FillCorrected(fill_id="F1", correction_id="F3", size=Decimal(35))


@pytest.mark.parametrize(
    ("known", "said", "added"),
    [
        pytest.param([], bust(), [bust()], id="taken back"),
        pytest.param([bust()], bust(), [note("F1")], id="again"),
        pytest.param([bust()], bust("10", "r1"), [note("F1")], id="a part of what is gone"),
        pytest.param([bust("10")], bust("10"), [note("FillVoided")], id="the same part again"),
        pytest.param([bust("10")], bust("10", "r2"), [bust("10", "r2")], id="another part"),
        pytest.param([bust("10")], bust(), [bust()], id="a part, then all"),
        pytest.param([fixed], fixed, [note("F2")], id="corrected twice by one correction"),
        pytest.param([fixed], fixed_again, [fixed_again], id="corrected twice by two"),
        pytest.param(
            [fixed, fixed_again], fixed, [note("F2")], id="an old correction does not come back"
        ),
    ],
)
def test_matches_taken_back_and_corrected(
    known: list[e.OrderEvent], said: Said, added: list[e.OrderEvent]
) -> None:
    assert told(after(filled("40"), *known), said) == added


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
        pytest.param([], accepted(), REPORT, [], id="accepted again: nothing new"),
        pytest.param(
            [],
            e.OrderAccepted(claims=live.claims),
            REPORT,
            [live],
            id="accepted again, with a state",
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
        pytest.param([e.Suspended()], e.Suspended(), REPORT, [note("Suspended")], id="suspended"),
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
        pytest.param([asked(), cancelled()], cancelled(), LIST, [], id="again in a list"),
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
        pytest.param([], e.OrderDiscovered(source=LIST), [], id="discovered, and known"),
        pytest.param([e.OrderMerged(into=OTHER)], e.OrderMerged(into=OTHER), [], id="merged twice"),
        pytest.param(
            [implied("40", "40")],
            implied("45", "45"),
            [implied("45", "5")],
            id="told after a merge",
        ),
        pytest.param([], match_of("40"), [], id="a cancel implies its own match when it is told"),
        pytest.param(
            [], replace(implied("40", "40"), fill_id="total:?"), [], id="a total that is none"
        ),
    ],
)
def test_requests_and_names(
    known: list[e.OrderEvent], said: Said, added: list[e.OrderEvent]
) -> None:
    assert told(after(*known), said) == added


def test_facts_of_one_report_share_its_id() -> None:
    said = [replace(live, report_id="r"), replace(cancelled(), report_id="r")]
    assert told(after(), *said) == said


def test_an_id_used_again_for_another_kind_of_fact_names_another_fact() -> None:
    order = after(replace(live, report_id="0"))
    assert told(order, e.Expired(report_id="0")) == [e.Expired(report_id="0")]


def test_a_cancel_under_a_known_report_id_is_a_repeat() -> None:
    report = cancelled(report_id="r")
    order = after(asked(), report)
    assert told(order, report, source=LIST) == [again()]
    assert stands(hear(order, [report])[0]) == stands(order)
