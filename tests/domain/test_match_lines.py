"""Every match as one line: what stands of it, in whatever order facts were told."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import events as e
from domain.flags.history import History
from domain.match_lines import MatchState, match_lines
from domain.values import ZERO, Price, PriceFormat
from tests.building import filled, history, placed
from tests.domain.facts import ORDER_EVENTS, SIZES, full

WON = e.Settlement(result=e.Result.WON, profit=Decimal("9.5"))
VOID = e.Settlement(result=e.Result.VOID)


def implied(size: str, fill_id: str = "total:10") -> e.Filled:
    """A match that only a total tells of."""
    return e.Filled(fill_id=fill_id, size=Decimal(size), inferred=True)


def voided(fill_id: str = "F1", size: str | None = None, *, returns: bool = True) -> e.FillVoided:
    """A match, or a part of it, is taken back."""
    return e.FillVoided(
        fill_id=fill_id, size=None if size is None else Decimal(size), returns=returns
    )


def corrected(fill_id: str, by: str, size: str, price: str | None = "2") -> e.FillCorrected:
    """A match is replaced by another."""
    return e.FillCorrected(
        fill_id=fill_id,
        correction_id=by,
        size=Decimal(size),
        price=None if price is None else Price(Decimal(price)),
    )


def provisional(size: str) -> e.Filled:
    """A match that the venue may take back."""
    return e.Filled(fill_id="F1", size=Decimal(size), price=Price(Decimal(3)), provisional=True)


def told(given_history: History) -> list[str]:
    """The lines in a few words: id, state, size at price, what was taken back, last position."""
    lines: list[str] = []
    for line in match_lines(given_history):
        price = "" if line.price is None else f" at {line.price.value}"
        back = f" -{line.voided}" if line.voided else ""
        returned = " returned" if line.returned else ""
        by = f" by {line.corrected_by}" if line.corrected_by else ""
        text = f"{line.fill_id} {line.state} {line.size}{price}{back}{returned}{by}"
        lines.append(f"{text} #{line.last_position}")
    return lines


@pytest.mark.parametrize(
    ("given_facts", "then"),
    [
        pytest.param([], [], id="never matched: no line"),
        pytest.param([filled("10")], ["F1 standing 10 at 1.95 #2"], id="a match stands"),
        pytest.param([provisional("10")], ["F1 provisional 10 at 3 #2"], id="not final so far"),
        pytest.param(
            [provisional("10"), e.FillConfirmed(fill_id="F1")],
            ["F1 standing 10 at 3 #3"],
            id="final by now",
        ),
        pytest.param(
            [filled("10"), voided()],
            ["F1 voided 0 at 1.95 -10 returned #3"],
            id="taken back and back on the book",
        ),
        pytest.param(
            [filled("10"), voided(size="4", returns=False)],
            ["F1 standing 6 at 1.95 -4 #3"],
            id="a part is taken back for good",
        ),
        pytest.param(
            [filled("10"), corrected("F1", "F2", "8"), corrected("F2", "F3", "7", None)],
            ["F1 standing 7 at 1.95 by F3 #4"],
            id="the last correction counts, by whatever it names",
        ),
        pytest.param(
            [filled("10"), corrected("F1", "F2", "8"), corrected("F2", "F1", "7")],
            ["F1 standing 7 at 2 by F1 #4"],
            id="corrections in a circle end",
        ),
        pytest.param(
            [filled("10"), corrected("F1", "F2", "8"), voided("F2")],
            ["F1 voided 0 at 2 -8 returned by F2 #4"],
            id="taken back by the name of its correction",
        ),
        pytest.param(
            [filled("10"), e.Settled(settlement=WON, fill_id="F1"), filled("2", "F2")],
            ["F1 settled 10 at 1.95 #3", "F2 standing 2 at 1.95 #4"],
            id="each match is settled by itself",
        ),
        pytest.param(
            [filled("10"), implied("5"), e.Settled(settlement=WON)],
            ["F1 settled 10 at 1.95 #4", "total:10 settled 5 #4"],
            id="an order that is settled as a whole settles all",
        ),
        pytest.param(
            [filled("10"), e.Settled(settlement=VOID, fill_id="F1")],
            ["F1 voided 0 at 1.95 -10 #3"],
            id="settled as void is taken back for good",
        ),
        pytest.param([implied("5")], ["total:10 standing 5 #2"], id="only a total tells of it"),
        pytest.param(
            [implied("5"), filled("5")],
            ["total:10 replaced 0 #3", "F1 standing 5 at 1.95 #3"],
            id="a record takes the place of what a total implied",
        ),
        pytest.param(
            [implied("5"), implied("3", "total:13"), filled("6")],
            ["total:10 replaced 0 #4", "total:13 standing 2 #4", "F1 standing 6 at 1.95 #4"],
            id="a record takes the place of the oldest first",
        ),
        pytest.param(
            [implied("5"), implied("3"), filled("1", "other")],
            ["total:10 standing 7 #4", "other standing 1 at 1.95 #4"],
            id="what one name implies twice is one line",
        ),
        pytest.param(
            [filled("10", "x"), implied("5", "x")],
            ["x standing 10 at 1.95 #2", "x (implied) standing 5 #3"],
            id="a record and an implied match may bear one name",
        ),
        pytest.param(
            [filled("10"), implied("5"), e.OrderRestated(size=Decimal(200), split=True)],
            ["F1 standing 20 at 1.95 #4", "total:10 standing 10 #4"],
            id="after a split every size counts anew",
        ),
        pytest.param(
            [filled("10"), filled("10"), e.OrderRestated(size=Decimal(50))],
            ["F1 standing 10 at 1.95 #3"],
            id="told twice is one line, and a new size is no split",
        ),
    ],
)
def test_what_stands_of_each_match(given_facts: list[e.OrderEvent], then: list[str]) -> None:
    assert told(history(placed(), *given_facts)) == then


def test_a_match_has_its_own_settlement_and_not_its_orders() -> None:
    lines = match_lines(
        history(
            placed(),
            filled("10"),
            filled("5", "F2"),
            e.Settled(settlement=WON, fill_id="F1"),
            e.Settled(settlement=VOID),
        )
    )
    assert [(line.settlement, line.settled) for line in lines] == [(WON, True), (None, True)]


@pytest.mark.parametrize(
    ("price", "turnover"),
    [
        pytest.param(None, None, id="no price"),
        pytest.param(Price(Decimal("2.5"), PriceFormat.DECIMAL), Decimal(25), id="decimal odds"),
        pytest.param(Price(Decimal("0.4"), PriceFormat.PROBABILITY), Decimal(4), id="probability"),
        pytest.param(Price(Decimal(3)), Decimal(30), id="a plain price"),
        pytest.param(Price(Decimal(-110), PriceFormat.AMERICAN), None, id="American odds"),
    ],
)
def test_size_times_price_where_that_is_an_amount(
    price: Price | None, turnover: Decimal | None
) -> None:
    (line,) = match_lines(history(placed(), e.Filled(fill_id="F", size=Decimal(10), price=price)))
    assert line.turnover == turnover


def _facts() -> st.SearchStrategy[e.OrderEvent]:
    ids = st.sampled_from(["F1", "F2", "F3", "total:5"])
    return st.one_of(
        st.builds(e.Filled, fill_id=ids, size=SIZES, inferred=st.booleans()),
        st.builds(e.FillVoided, fill_id=ids, size=st.none() | SIZES, returns=st.booleans()),
        st.builds(e.FillCorrected, fill_id=ids, correction_id=ids, size=SIZES),
        st.builds(e.FillConfirmed, fill_id=ids),
        st.builds(e.Settled, settlement=st.sampled_from([WON, VOID]), fill_id=st.none() | ids),
        st.builds(e.OrderRestated, size=st.none() | SIZES, split=st.booleans()),
        st.sampled_from([full(kind) for kind in ORDER_EVENTS if kind is not e.OrderMerged]),
    )


@given(st.lists(_facts(), max_size=12))
def test_the_lines_sum_to_what_the_order_holds(facts: list[e.OrderEvent]) -> None:
    given_history = history(placed(), *facts)
    order = given_history.order
    lines = match_lines(given_history)
    assert sum((line.size for line in lines), ZERO) == order.real + order.inferred
    assert sum((line.voided for line in lines), ZERO) == order.taken
    assert len({line.fill_id for line in lines}) == len(lines)


@given(st.lists(_facts(), max_size=12))
def test_a_line_changes_only_with_its_last_position(facts: list[e.OrderEvent]) -> None:
    """Whoever has a line of this position need not read it again."""
    before: dict[str, tuple[object, ...]] = {}
    for count in range(1, len(facts) + 1):
        now: dict[str, tuple[object, ...]] = {
            line.fill_id: (line.state, line.size, line.price, line.voided, line.last_position)
            for line in match_lines(history(placed(), *facts[:count]))
        }
        for name, line in now.items():
            if name in before and before[name] != line:
                assert line[-1] == count + 1
        before = now


def test_a_state_has_its_words() -> None:
    assert [state.value for state in MatchState] == [
        "standing",
        "provisional",
        "voided",
        "replaced",
        "settled",
    ]


@pytest.mark.parametrize(
    ("settlements", "settled", "last"),
    [
        pytest.param([], False, 2, id="nobody told what came of it"),
        pytest.param([e.Settled(settlement=WON)], True, 3, id="the order was settled as a whole"),
        pytest.param(
            [e.Settled(settlement=WON), e.SettlementRevised(settlement=WON)], True, 4, id="revised"
        ),
    ],
)
def test_what_only_a_total_tells_is_settled_with_the_order(
    settlements: list[e.OrderEvent], *, settled: bool, last: int
) -> None:
    told_by = e.Filled(fill_id="total:10", size=Decimal(10), price=Price(Decimal(3)), inferred=True)
    (line,) = match_lines(history(placed(), told_by, *settlements))
    assert (line.event, line.price) == (told_by, told_by.price)
    assert (line.settled, line.last_position) == (settled, last)
