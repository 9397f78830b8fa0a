"""Each documented list, as a user saves it: what kind of list it is, and what its rows say."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from domain.statement import Lists
from domain.values import Name, NameKind, Price, PriceFormat, Side
from tests.adapters.statements.saved import abp_order, lines, rows, saved, told

NO_BETS: list[object] = []
BET = {
    "betId": 501,
    "orderId": 9002,
    "placedPrice": 1.93,
    "placedStake": 120,
    "placedCurrency": "USD",
}
CONFIRMED = {**BET, "betStatus": "CONFIRMED", "placedAt": "2031-02-03T10:00:01+00:00"}
PS_ORDER = {
    "id": "7b-1",
    "marketId": "XYZ-BIN-1",
    "side": "buy",
    "outcome": "0",
    "price": "0.41",
    "quantity": "100",
    "filledQty": "40",
    "remainingQty": "60",
    "clientOrderId": "mm-1",
}
PS_TRADE = {"id": "t1", "orderId": "7b-1", "price": "0.41", "quantity": "40", "side": "buy"}
OPEN = {
    "id": "62851e3bd54b74e52c39953c",
    "type": "moneyline",
    "odds": 165,
    "participantID": "6165e6e23c65e61a09bf1f73",
    "filled": 35,
    "offered": 100,
    "remaining": 107.25,
    "wagerRequestID": "w1",
    "game": {"id": "62823d9d75d894042dfee218"},
}
BETTED = {"txID": "tx1", "type": "moneyline", "odds": -185, "origin": "wager", "bet": 50}
REPORT = {"msg": "ExecutionReport", "order_id": "O1", "cl_ord_id": "C1", "exec_type": "OrderStatus"}
STATUS = {**REPORT, "ord_status": "PartiallyFilled", "order_qty": "100", "cum_qty": "40"}


@pytest.mark.parametrize(
    ("venue", "content", "then", "listed"),
    [
        pytest.param(
            "abp",
            {"orders": [abp_order(9002, filledStake=120, bets=[CONFIRMED])], "hasMore": False},
            ["9002=0b6f6f0e-0000-4000-8000-000000009002 PARTIALLY_FILLED 300/120/- [501:120]"],
            Lists.ORDERS,
            id="abp orders, with the bets in them",
        ),
        pytest.param(
            "abp",
            [{"order_id": 9002, "orderId": 9002, "orderStatus": "partial-placed", "bets": NO_BETS}],
            ["9002 PARTIALLY_FILLED -/-/- []"],
            Lists.ORDERS,
            id="abp orders of the first generation: a bare list, words in small letters",
        ),
        pytest.param(
            "abp",
            {"status": "success", "bets": [CONFIRMED], "count": 1, "hasMore": False},
            ["9002 - -/-/- [501:120USD]"],
            Lists.FILLS,
            id="abp bets: the stake is in the bookmaker's currency",
        ),
        pytest.param(
            "abp",
            [{**BET, "betStatus": "VOID", "placedAt": "2031-02-03T10:00:01+00:00"}],
            ["9002 - -/-/- [501:120USDx]"],
            Lists.FILLS,
            id="an abp bet that is void",
        ),
        pytest.param(
            "abp", {"bets": [{**BET, "betStatus": "PENDING"}]}, [], Lists.FILLS, id="no match yet"
        ),
        pytest.param(
            "abp",
            {"bets": [{**BET, "betStatus": "MAYBE"}]},
            ["! 1: betStatus: 'MAYBE' is in no document"],
            Lists.FILLS,
            id="an unknown word of a bet could be a match: set aside",
        ),
        pytest.param(
            "abp",
            {"orders": [abp_order(1, orderStatus="NEWWORD")], "hasMore": False},
            ["1=0b6f6f0e-0000-4000-8000-000000000001 NEWWORD 300/0/-"],
            Lists.ORDERS,
            id="an unknown word of an order stays beside its figures",
        ),
        pytest.param(
            "predictstreet",
            {
                "walletAddress": "0x1",
                "orders": [{**PS_ORDER, "status": "OPEN"}],
                "nextCursor": None,
            },
            ["7b-1=mm-1 PARTIALLY_FILLED 100/40/60"],
            Lists.OPEN,
            id="predictstreet open orders",
        ),
        pytest.param(
            "predictstreet",
            {
                "orders": [
                    {**PS_ORDER, "status": "OPEN"},
                    {**PS_ORDER, "id": "2", "status": "FILLED"},
                ]
            },
            ["7b-1=mm-1 PARTIALLY_FILLED 100/40/60", "2=mm-1 FILLED 100/40/60"],
            Lists.ORDERS,
            id="predictstreet history: the same shape, with orders that are over",
        ),
        pytest.param(
            "predictstreet",
            {"orders": [{**PS_ORDER, "status": "CANCELLED"}, {**PS_ORDER, "status": "PARTIAL"}]},
            ["7b-1=mm-1 CANCELLED 100/40/0"],
            Lists.ORDERS,
            id="predictstreet history tells an order twice: its end counts",
        ),
        pytest.param(
            "predictstreet",
            {"orders": [{**PS_ORDER, "status": "PARTIAL"}, {**PS_ORDER, "status": "EXPIRED"}]},
            ["7b-1=mm-1 EXPIRED 100/40/0"],
            Lists.ORDERS,
            id="predictstreet history, the other way round: its end counts",
        ),
        pytest.param(
            "predictstreet",
            {
                "trades": [
                    {**PS_TRADE, "status": "matched"},
                    {**PS_TRADE, "id": "t2", "status": "settled"},
                ]
            },
            ["7b-1 - -/-/- [t1:40?]", "7b-1 - -/-/- [t2:40]"],
            Lists.FILLS,
            id="predictstreet trades: provisional until settled",
        ),
        pytest.param(
            "predictstreet",
            {
                "orderId": "7b-1",
                "trades": [{"id": "t1", "quantity": "4", "status": "settlement_failed"}],
            },
            ["7b-1 - -/-/- [t1:4?x]"],
            Lists.FILLS,
            id="predictstreet fills of one order: named once, beside them",
        ),
        pytest.param(
            "predictstreet",
            {**PS_ORDER, "status": "FILLED"},
            ["7b-1=mm-1 FILLED 100/40/60"],
            Lists.ORDERS,
            id="predictstreet, one order",
        ),
        pytest.param(
            "fourcasters",
            {"data": {"unmatched": [OPEN]}},
            ["62851e3bd54b74e52c39953c=w1 PARTIALLY_FILLED -/-/65"],
            Lists.OPEN,
            id="4casters open orders: of the whole order only what remains is told",
        ),
        pytest.param(
            "fourcasters",
            {"data": {"matchedBets": [{**BETTED, "wagerRequestID": "w1", "risk": "50.27"}]}},
            ["w1 - -/-/- [tx1:50]"],
            Lists.FILLS,
            id="4casters matched bets, taken: the stake without commission",
        ),
        pytest.param(
            "fourcasters",
            {
                "data": {
                    "matchedBets": [
                        {**BETTED, "id": "o1", "origin": "offer", "bet": 100, "risk": "25.00"}
                    ]
                }
            },
            ["o1 - -/-/- [tx1:25]"],
            Lists.FILLS,
            id="4casters matched bets, posted: `bet` may be the whole order, the risk is the fill",
        ),
        pytest.param(
            "fourcasters",
            {
                "data": {
                    "graded": [
                        {
                            **BETTED,
                            "id": {"_id": "x", "error": "gone"},
                            "fee": "0.01",
                            "wagerRequestID": "w1",
                        },
                        {**BETTED, "txID": "tx2", "outcome": "refunded", "wagerRequestID": "w1"},
                    ],
                    "summary": {"pnl": -1},
                }
            },
            ["w1 - -/-/- [tx1:50]", "w1 - -/-/- [tx2:50x]"],
            Lists.SETTLED,
            id="4casters graded bets, one refunded, one whose order could not be loaded",
        ),
        pytest.param(
            "fourcasters",
            {"data": {"unmatched": [{"id": "o1", "filled": 0}]}},
            ["! 1: offered: Field required"],
            Lists.OPEN,
            id="a broken row is set aside with its field",
        ),
        pytest.param(
            "canonical",
            lines(STATUS, {**STATUS, "order_id": "O2", "cl_ord_id": "C2", "exec_type": "I"}),
            ["O1=C1 PARTIALLY_FILLED 100/40/-", "O2=C2 PARTIALLY_FILLED 100/40/-"],
            Lists.ORDERS,
            id="canonical status reports, line by line",
        ),
        pytest.param(
            "canonical",
            [{"msg": "ExecutionReport", "order_id": "O1", "ord_status": "2", "cum_qty": "1e2"}],
            ["O1 FILLED -/100/-"],
            Lists.ORDERS,
            id="canonical reports as one list, without saying that they are status reports",
        ),
        pytest.param(
            "canonical",
            lines(STATUS, {**REPORT, "exec_type": "Trade", "last_qty": "4"}),
            ["O1=C1 PARTIALLY_FILLED 100/40/-", "! 2: no row of status reports"],
            Lists.ORDERS,
            id="a report of what happened is no row of a list",
        ),
    ],
)
def test_a_list_is_read(
    venue: str, content: object, then: list[str], listed: Lists, tmp_path: Path
) -> None:
    statement = saved(tmp_path, venue, content)
    assert told(statement) == then
    assert [item.lists for item in statement.inputs] == [listed]


def test_a_row_tells_names_terms_and_claims(tmp_path: Path) -> None:
    (row,) = rows(saved(tmp_path, "abp", {"orders": [abp_order(9002)], "hasMore": False}))
    assert row.names[0] == Name(NameKind.VENUE, "9002")
    assert row.terms.price == Price(Decimal("1.9"), PriceFormat.DECIMAL)
    assert (row.terms.side, row.terms.currency) == (Side.BUY, "USD")
    assert row.updated_at is not None
    assert row.updated_at.isoformat() == "2031-02-03T10:00:01+00:00"


def test_numbers_keep_their_digits(tmp_path: Path) -> None:
    content = (
        '{"orders":[{"orderId":1,"orderStake":0.10000000000000000001,"orderStatus":"PENDING"}]}'
    )
    (row,) = rows(saved(tmp_path, "abp", content))
    assert row.claims.size == Decimal("0.10000000000000000001")


def test_one_answer_may_hold_three_lists(tmp_path: Path) -> None:
    body = {
        "data": {"unmatched": [OPEN], "matched": [{**BETTED, "wagerRequestID": "w1"}], "graded": []}
    }
    statement = saved(tmp_path, "fourcasters", body)
    assert sorted(item.lists for item in statement.inputs) == [
        Lists.FILLS,
        Lists.OPEN,
        Lists.SETTLED,
    ]
    assert len(rows(statement)) == 2


def test_rows_may_stand_by_themselves(tmp_path: Path) -> None:
    statement = saved(tmp_path, "abp", lines(abp_order(2), abp_order(1)))
    assert [row.names[0].value for row in rows(statement)] == ["2", "1"]
    assert [row.place.line for row in rows(statement)] == [1, 2]
    assert statement.inputs[0].complete is None, "nothing says what else there is"


def test_a_graded_bet_tells_what_it_was_settled_with(tmp_path: Path) -> None:
    graded = {**BETTED, "wagerRequestID": "w1", "fee": "0.01", "result": "-1.01"}
    (row,) = rows(saved(tmp_path, "fourcasters", {"data": {"graded": [graded]}}))
    assert row.profit == Decimal("-1.01")


def test_a_statement_can_be_read_again(tmp_path: Path) -> None:
    statement = saved(tmp_path, "abp", {"orders": [abp_order(9002)], "hasMore": False})
    assert told(statement) == told(statement)
