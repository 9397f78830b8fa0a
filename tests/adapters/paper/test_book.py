"""The paper venue's own books: what is matched, taken off, refused, and seen by whom."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.paper.book import Book, Change, Kind, Order, Refused, Terms, Why
from domain.values import Price, PriceFormat, Side

D = Decimal
NOON = datetime(2026, 2, 7, 12, tzinfo=UTC)


class Time:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        """The time that it shows."""
        return self.now


def terms(
    side: Side,
    size: str,
    price: str,
    form: PriceFormat = PriceFormat.DECIMAL,
    expires_at: datetime | None = None,
) -> Terms:
    return Terms(
        market="m",
        selection="s",
        side=side,
        price=Price(D(price), form),
        size=D(size),
        expires_at=expires_at,
    )


def quantities(order: Order) -> tuple[Decimal, Decimal, Decimal, Decimal, Decimal]:
    return order.matched, order.remaining, order.cancelled, order.lapsed, order.voided


@pytest.mark.parametrize(
    ("rests", "comes", "matched", "price"),
    [
        pytest.param(
            terms(Side.SELL, "50", "2.1"), terms(Side.BUY, "80", "2.0"), "50", "2.1",
            id="a backer gets the better odds that rest",
        ),
        pytest.param(
            terms(Side.SELL, "50", "1.9"), terms(Side.BUY, "80", "2.0"), "0", None,
            id="a backer takes no worse odds",
        ),
        pytest.param(
            terms(Side.BUY, "50", "2.0"), terms(Side.SELL, "20", "2.2"), "20", "2.0",
            id="a layer gets the lower odds that rest",
        ),
        pytest.param(
            terms(Side.BUY, "50", "2.0"), terms(Side.BUY, "20", "2.0"), "0", None,
            id="one side does not match itself",
        ),
        pytest.param(
            terms(Side.SELL, "50", "0.40", PriceFormat.PROBABILITY),
            terms(Side.BUY, "50", "0.45", PriceFormat.PROBABILITY), "50", "0.40",
            id="a buyer of tokens pays what rests",
        ),
    ],
)  # fmt: skip
def test_two_accounts_match(rests: Terms, comes: Terms, matched: str, price: str | None) -> None:
    book = Book(Time())
    first, second = book.place("a", rests), book.place("b", comes)
    assert first.matched == second.matched == D(matched)
    assert [fill.price.value for fill in second.fills] == ([D(price)] if price else [])
    assert [f.match_id for f in first.fills] == [f.match_id for f in second.fills]


def test_the_best_price_comes_first_then_the_oldest() -> None:
    book = Book(Time())
    worse = book.place("a", terms(Side.SELL, "10", "2.0"))
    best = book.place("a", terms(Side.SELL, "10", "2.2"))
    later = book.place("a", terms(Side.SELL, "10", "2.0"))
    book.place("b", terms(Side.BUY, "15", "2.0"))
    assert (best.matched, worse.matched, later.matched) == (D(10), D(5), D(0))


def test_an_account_does_not_match_itself() -> None:
    book = Book(Time())
    book.place("a", terms(Side.SELL, "10", "2.0"))
    assert book.place("a", terms(Side.BUY, "10", "2.0")).matched == 0


def test_a_cancel_takes_what_remains_or_a_part() -> None:
    book = Book(Time())
    order = book.place("a", terms(Side.BUY, "100", "2"))
    book.match(order.order_id, D(40))
    assert book.cancel("a", order.order_id, D(10)) == D(10)
    assert quantities(order) == (D(40), D(50), D(10), D(0), D(0))
    assert book.cancel("a", order.order_id) == D(50)
    assert quantities(order) == (D(40), D(0), D(60), D(0), D(0))
    assert order.closed is Kind.CANCELLED


@pytest.mark.parametrize(
    ("account", "size", "why"),
    [
        pytest.param("b", None, Why.NOT_FOUND, id="another account's is not there"),
        pytest.param("a", "61", Why.TOO_MUCH, id="more than remains"),
        pytest.param("a", "0", Why.TOO_MUCH, id="nothing"),
    ],
)
def test_a_cancel_is_refused(account: str, size: str | None, why: Why) -> None:
    book = Book(Time())
    order = book.place("a", terms(Side.BUY, "100", "2"))
    book.match(order.order_id, D(40))
    with pytest.raises(Refused) as refused:
        book.cancel(account, order.order_id, None if size is None else D(size))
    assert refused.value.why is why
    assert order.remaining == D(60)


@pytest.mark.parametrize(
    ("how", "held"),
    [
        pytest.param(Kind.LAPSED, (40, 0, 0, 60, 0), id="lapsed"),
        pytest.param(Kind.EXPIRED, (40, 0, 0, 60, 0), id="expired"),
        pytest.param(Kind.VOIDED, (40, 0, 0, 0, 60), id="voided"),
        pytest.param(Kind.CANCELLED, (40, 0, 60, 0, 0), id="cancelled by the venue"),
    ],
)
def test_the_venue_ends_an_order(how: Kind, held: tuple[int, ...]) -> None:
    book = Book(Time())
    order = book.place("a", terms(Side.BUY, "100", "2"))
    book.match(order.order_id, D(40))
    book.end(order.order_id, how)
    assert quantities(order) == tuple(map(D, held))
    for again in (
        lambda: book.end(order.order_id, how),
        lambda: book.cancel("a", order.order_id),
        lambda: book.match(order.order_id, D(1)),
        lambda: book.amend("a", order.order_id, size=D(200)),
    ):
        with pytest.raises(Refused) as refused:
            again()
        assert refused.value.why is Why.OVER


def test_an_order_expires_at_its_time() -> None:
    time = Time()
    book = Book(time)
    order = book.place("a", terms(Side.BUY, "5", "2", expires_at=NOON + timedelta(seconds=5)))
    assert book.expire() == 0
    time.now += timedelta(seconds=5)
    assert book.expire() == 1
    assert order.closed is Kind.EXPIRED


def test_an_amendment_changes_what_remains() -> None:
    book = Book(Time())
    order = book.place("a", terms(Side.BUY, "100", "2"))
    book.match(order.order_id, D(40))
    book.amend("a", order.order_id, size=D(50), price=Price(D(3), PriceFormat.DECIMAL))
    assert (order.remaining, order.price.value) == (D(10), D(3))
    with pytest.raises(Refused):
        book.amend("a", order.order_id, size=D(40))


def test_a_match_taken_back_is_voided() -> None:
    book = Book(Time())
    order = book.place("a", terms(Side.BUY, "100", "2"))
    fill = book.match(order.order_id, D(40))
    book.void_fill(fill.fill_id)
    assert quantities(order) == (D(0), D(60), D(0), D(0), D(40))
    with pytest.raises(Refused):
        book.void_fill(fill.fill_id)


def test_everyone_who_listens_hears_each_change_once_in_order() -> None:
    book = Book(Time())
    heard: list[Change] = []
    stop = book.listen(heard.append)
    order = book.place("a", terms(Side.BUY, "100", "2"))
    book.match(order.order_id, D(40))
    book.cancel("a", order.order_id, D(10))
    book.cancel("a", order.order_id)
    book.settle(order.order_id, "won")
    stop()
    book.place("a", terms(Side.BUY, "1", "2"))
    assert [change.kind for change in heard] == [
        Kind.PLACED, Kind.MATCHED, Kind.REDUCED, Kind.CANCELLED, Kind.SETTLED,
    ]  # fmt: skip
    assert [change.number for change in heard] == [1, 2, 3, 4, 5]


def test_a_forgotten_order_is_not_there() -> None:
    book = Book(Time())
    order = book.place("a", terms(Side.BUY, "100", "2"))
    book.forget(order.order_id)
    assert book.find("a", order.order_id) is None
    assert list(book.orders("a")) == list(book.live()) == []


@given(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.sampled_from(list(Side)), st.integers(1, 50)),
        max_size=20,
    )
)
def test_both_sides_match_alike_and_sums_close(placed: list[tuple[str, Side, int]]) -> None:
    book = Book(Time())
    orders = [book.place(who, terms(side, str(size), "2")) for who, side, size in placed]
    by_side = {side: D(0) for side in Side}
    for order in orders:
        by_side[order.terms.side] += order.matched
        assert order.size == sum(quantities(order))
    assert by_side[Side.BUY] == by_side[Side.SELL]
