"""4casters' places: what meets what, at which odds and for how much, and what is not taken."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.gateways.fourcasters.picks import CENT, american, shares
from domain.prices import odds
from tests.adapters.gateways.fourcasters import (
    AWAY,
    GAME,
    HOME,
    OTHER_GAME,
    RIVAL,
    Json,
    against,
    booked,
    house,
    ordering,
    spread,
    total,
)
from tests.adapters.gateways.serving import Served

D = Decimal


@pytest.fixture(scope="module")
def everybody() -> Iterator[Served]:
    with house() as served:
        yield served


@pytest.fixture
def served(everybody: Served) -> Iterator[Served]:
    yield everybody
    with ordering(everybody) as acme, ordering(everybody, RIVAL) as rival:
        acme.ask("cancelAll")
        rival.ask("cancelAll")


def three_way(side: str, market: str = "draw", odds: float = 100) -> Json:
    return spread(50, odds, type="moneyline1x2", side=side, market=market, number=None)


def winner(side: str, odds: float) -> Json:
    return spread(50, odds, type="moneyline", side=side, number=None)


@pytest.mark.parametrize(
    ("rests", "comes", "risked", "left"),
    [
        pytest.param(spread(100, 120), against(120, -120), (100, 120), (0, 0), id="100 is 120"),
        pytest.param(spread(100, -110), against(55, 110), (60.5, 55), (39.5, 0), id="a part"),
        pytest.param(spread(100, -110), against(100, 110), (100, 90.91), (0, 9.09), id="a cent"),
        pytest.param(spread(100, 120), against(10, -150), (8.33, 10), (91.67, 0), id="better odds"),
        pytest.param(spread(100, 120), against(10, -119), None, None, id="odds that do not suit"),
        pytest.param(spread(50, 100), against(50, -100), (50, 50), (0, 0), id="evens either way"),
        pytest.param(total("over"), total("under"), (100, 100), (0, 0), id="over and under"),
        pytest.param(total("over"), total("over"), None, None, id="one side does not meet itself"),
        pytest.param(total("over"), total("under", number=46.5), None, None, id="another line"),
        pytest.param(spread(), against(number=-3.5), None, None, id="the very same number"),
        pytest.param(spread(), against(gameId=OTHER_GAME), None, None, id="another game"),
        pytest.param(three_way("yes"), three_way("no"), (50, 50), (0, 0), id="yes and no"),
        pytest.param(three_way("yes"), three_way("no", HOME), None, None, id="another outcome"),
        pytest.param(winner(HOME, 150), winner(AWAY, -150), (33.33, 50), (16.67, 0), id="to win"),
    ],
)
def test_opposite_sides_meet(
    served: Served,
    rests: Json,
    comes: Json,
    risked: tuple[float, float] | None,
    left: tuple[float, float] | None,
) -> None:
    with ordering(served) as acme, ordering(served, RIVAL) as rival:
        order_id = acme.rest(rests)
        (entry,) = rival.place(comes)
        order = booked(served, "acme", order_id)
        if risked is None or left is None:
            assert entry["matched"] == []
            assert not order.matched
            return
        (fill,) = entry["matched"]
        assert (float(order.matched), fill["amount"]) == risked
        assert (float(order.remaining), entry["unmatched"].get("offered", 0)) == left
        assert fill["orderID"] == order_id, "in a place's answer it is the counterparty's"
        assert fill["odds"] in {-rests["odds"], abs(rests["odds"])}
        assert (fill["side"], fill["number"]) == (comes["side"], comes["number"])


@given(
    taking=st.decimals("0.01", "100000", places=2),
    resting=st.decimals("0.01", "100000", places=2),
    price=st.decimals("100", "100000", places=1),
    sign=st.sampled_from([1, -1]),
)
def test_one_of_two_that_meet_is_matched_whole(
    taking: Decimal, resting: Decimal, price: Decimal, sign: int
) -> None:
    at = american(sign * price)
    taken, hit = shares(taking, resting, at)
    assert taken == taking or hit == resting
    assert 0 < taken <= taking
    assert 0 < hit <= resting
    # What the one may win is what the other risks, to the cent (or a cent, if there is no less).
    worth = Fraction(hit) * (odds(at) - 1)
    cent = Fraction(CENT) * max(Fraction(1), odds(at) - 1)
    assert abs(worth - Fraction(taken)) <= cent


def test_the_best_odds_come_first_then_the_oldest(served: Served) -> None:
    with ordering(served) as acme, ordering(served, RIVAL) as rival:
        worse, best, later = (acme.rest(spread(50, odds)) for odds in (110, 105, 110))
        (entry,) = rival.place(against(100, -120))
        assert [fill["orderID"] for fill in entry["matched"]] == [best, worse]
        assert [fill["odds"] for fill in entry["matched"]] == [-105, -110]
        assert booked(served, "acme", later).matched == 0


def test_an_account_does_not_meet_itself(served: Served) -> None:
    with ordering(served) as acme:
        acme.rest(spread(100, 100))
        (entry,) = acme.place(against(100, 100))
        assert entry["matched"] == []
        assert entry["unmatched"]["offered"] == 100


RULES = "rejected_order_type_rules"


@pytest.mark.parametrize(
    ("order_type", "odds", "bet", "outcome"),
    [
        pytest.param("limit", -110, 100, (50, 50), id="limit takes, the rest rests"),
        pytest.param("post", -110, 100, "post order cannot have matches", id="post never takes"),
        pytest.param("post", 300, 100, (0, 100), id="post rests where nothing suits"),
        pytest.param("postArb", -101, 100, (50, 50), id="postArb may hit within 1 %"),
        pytest.param(
            "postArb", -102, 100, "post order cannot have matches", id="postArb beyond 1 %"
        ),
        pytest.param("fillAndKill", -110, 100, (50, 0), id="fillAndKill never rests"),
        pytest.param(
            "fillAndKill", 300, 100, "fill and kill has no matches", id="fillAndKill of nothing"
        ),
        pytest.param("fillOrKill", -110, 50, (50, 0), id="fillOrKill of all"),
        pytest.param("fillOrKill", -110, 60, (50, 0), id="fillOrKill but for 10"),
        pytest.param(
            "fillOrKill", -110, 60.01, "fill or kill matched but not fully",
            id="fillOrKill but for more than 10: nothing of it",
        ),
        pytest.param(
            "fillOrKill", 300, 50, "fill or kill has no matches", id="fillOrKill of nothing"
        ),
    ],
)  # fmt: skip
def test_order_types(
    served: Served, order_type: str, odds: float, bet: float, outcome: tuple[float, float] | str
) -> None:
    with ordering(served) as acme, ordering(served, RIVAL) as rival:
        resting = acme.rest(spread(50, 100))
        (entry,) = rival.place(against(bet, odds, orderType=order_type))
        if isinstance(outcome, str):
            assert entry == {"error": outcome, "error_type": RULES}
            assert booked(served, "acme", resting).matched == 0
            return
        matched = sum(fill["amount"] for fill in entry["matched"])
        assert (matched, entry["unmatched"].get("offered", 0)) == outcome
        assert len({fill["wagerRequestID"] for fill in entry["matched"]}) == (matched > 0)


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        pytest.param({"gameId": "g1"}, "invalid game ID format", id="a game that is no id"),
        pytest.param({"type": "outright"}, "invalid type", id="a type that nobody documented"),
        pytest.param({"side": None}, "invalid side", id="no side"),
        pytest.param({"side": "over"}, "side of a spread is a participant", id="no participant"),
        pytest.param({"number": None}, "invalid number", id="a spread without its number"),
        pytest.param({"number": "3"}, "invalid number", id="a number as a text"),
        pytest.param({"odds": 99}, "invalid odds", id="between -100 and 100"),
        pytest.param({"odds": 110.55}, "invalid odds", id="two decimal places"),
        pytest.param({"odds": 100_001}, "invalid odds", id="beyond 100,000"),
        pytest.param({"bet": 0}, "invalid bet", id="nothing"),
        pytest.param({"bet": -5}, "invalid bet", id="less than nothing"),
        pytest.param({"bet": 1.005}, "invalid bet", id="less than a cent"),
        pytest.param({"bet": True}, "invalid bet", id="no number"),
        pytest.param({"orderType": "market"}, "invalid orderType", id="no documented order type"),
        pytest.param({"orderType": 5}, "invalid orderType", id="an order type that is no text"),
        pytest.param({"userReference": "\n"}, "invalid userReference", id="a reference of noise"),
        pytest.param({"expirationMinutes": 0}, "invalid expirationMinutes", id="over at once"),
        pytest.param({"expirationMinutes": 1.5}, "invalid expirationMinutes", id="half a minute"),
    ],
)
def test_an_order_that_is_none_takes_no_other_along(
    served: Served, changed: Json, error: str
) -> None:
    with ordering(served) as acme:
        first, second = acme.place(spread(**changed), total())
        assert first == {"error": error, "error_type": "validation_error"}
        assert second["unmatched"]["offered"] == 100


@pytest.mark.parametrize(
    "orders",
    [
        pytest.param(None, id="none"),
        pytest.param([], id="an empty list"),
        pytest.param([spread()] * 101, id="more than a hundred"),
        pytest.param({"0": spread()}, id="no list"),
    ],
)
def test_a_batch_that_is_none(served: Served, orders: object) -> None:
    with ordering(served) as acme:
        assert acme.ask("placeV3", orders=orders) == {"error": "orders: 1 to 100 are taken at once"}
        assert acme.ask("cancelAll") == {"data": []}


def test_what_rests_is_told_field_by_field(served: Served) -> None:
    with ordering(served) as acme:
        told = {**total("over", 122, -105, userReference="leg"), "gameID": GAME}
        del told["gameId"]  # the page's newest example spells it like this
        (entry, bare) = acme.place(told, {**total(), "orderType": None})
        rest = entry["unmatched"]
        names = {name: rest.pop(name) for name in ("orderID", "wagerRequestID")}
        assert len(set(names.values())) == 2
        assert rest == {
            "offered": 122,
            "odds": -105,
            "type": "total",
            "number": 45.5,
            "side": "over",
            "userReference": "leg",
        }
        assert bare["unmatched"]["userReference"] is None
