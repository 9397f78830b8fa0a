"""Which order a message is about: every name leads to one order, and to nobody else's."""

from __future__ import annotations

import pytest

from projections import queries
from tests.feeding import Feed, book, cancels, desk, feed, flags, orders, sound


def client_first() -> Feed:
    return Feed().place("X").report("New", "O1", "X", exec_id="e1").trade("O1", "X", "e2", "40")


def venue_first() -> Feed:
    """A match that names only the venue's id comes before the acknowledgement."""
    return Feed().place("X").trade("O1", None, "e2", "40").report("New", "O1", "X", exec_id="e1")


def asked_by(order: str | None, orig: str | None) -> Feed:
    return client_first().cancel("Y", orig, order)


def chained() -> Feed:
    """Replaced twice; then each id of the chain still finds the order."""
    return (
        client_first()
        .sent("OrderCancelReplaceRequest", cl_ord_id="X2", orig_cl_ord_id="X", order_qty="80")
        .report("Replaced", "O1", "X2", orig_cl_ord_id="X", exec_id="e3", order_qty="80")
        .sent("OrderCancelReplaceRequest", cl_ord_id="X3", orig_cl_ord_id="X2", order_qty="70")
        .report("Replaced", "O1", "X3", orig_cl_ord_id="X2", exec_id="e4", order_qty="70")
    )


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(client_first(), {"O1": "100 40 60 0 0 0 PARTIALLY_FILLED"}, id="ours first"),
        pytest.param(
            venue_first(),
            {"O1": "100 40 60 0 0 0 PARTIALLY_FILLED"},
            id="the venue's first, ours later: two streams prove to be one order",
        ),
        pytest.param(
            Feed().trade("O9", "Q", "e1", "3"),
            {"O9": "3 3 0 0 0 0 PARTIALLY_FILLED"},
            id="a match of an order that nobody placed makes it known, as far as it tells",
        ),
        pytest.param(
            Feed().report("New", "O9", "Q", order_qty="10", exec_id="e1"),
            {"O9": "10 0 10 0 0 0 NEW"},
            id="a report of an order that nobody placed makes it known with its size",
        ),
        pytest.param(
            Feed()
            .report("New", "O9", order_qty="10", exec_id="e1")
            .place("Q", "10")
            .report("OrderStatus", "O9", "Q", exec_id="0"),
            {"O9": "10 0 10 0 0 0 NEW"},
            id="discovered by the venue's id, then placed, then told to be one",
        ),
        pytest.param(
            chained(), {"O1": "70 40 30 0 0 0 PARTIALLY_FILLED"}, id="replaced twice: one order"
        ),
        pytest.param(
            chained().trade("O1", "X3", "e9", "5").trade("O1", "X", "e10", "5"),
            {"O1": "70 50 20 0 0 0 PARTIALLY_FILLED"},
            id="every id of the chain finds it",
        ),
        pytest.param(
            chained().cancel("Y", "X3"),
            {"O1": "70 40 30 0 0 0 PARTIALLY_FILLED cancel pending"},
            id="a cancel by the last id of the chain",
        ),
        pytest.param(
            chained().cancel("Y", "X"),
            {"O1": "70 40 30 0 0 0 PARTIALLY_FILLED cancel pending"},
            id="a cancel by the first id of the chain",
        ),
        pytest.param(
            client_first()
            .cancel("Y", "X")
            .report("Canceled", "O1", "Y", orig_cl_ord_id="X", exec_id="e3")
            .trade("O1", "Y", "e4", "5"),
            {"O1": "100 45 0 55 0 0 CANCELLED"},
            id="a late match that quotes the cancel's id",
        ),
    ],
)
def test_one_order(database_url: str, given: Feed, then: dict[str, str]) -> None:
    with desk(database_url) as app:
        feed(app, given)
        assert book(app) == then
        before = sound(app)
        assert feed(app, given).known == len(given.records)
        assert sound(app) == before


def test_an_order_found_under_two_names_keeps_both(database_url: str) -> None:
    with desk(database_url) as app:
        feed(app, venue_first())
        row = orders(app)["O1"]
        assert (row["venue_order_id"], row["client_order_id"]) == ("O1", "X")
        assert row["price"] is not None, "what we placed is told again at the order that stayed"
        assert row["placed_at"] is not None


def test_a_client_reference_used_again_is_another_order(database_url: str) -> None:
    given = client_first().report("New", "O2", "X", order_qty="30", exec_id="e8")
    with desk(database_url) as app:
        feed(app, given)
        assert book(app) == {
            "O1": "100 40 60 0 0 0 PARTIALLY_FILLED",
            "O2": "30 0 30 0 0 0 NEW",
        }
        assert "EXI-08" in flags(app)
        sound(app)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"account": "rival"}, id="another account of the venue"),
        pytest.param({"venue": "predictstreet"}, id="another venue"),
    ],
)
def test_names_of_another_account_lead_nowhere(database_url: str, other: dict[str, str]) -> None:
    theirs = Feed("c2", **{"account": "rival", **other})
    if "venue" in other:
        theirs.post("p", "/api/orders/cancel-batch", {"orderIds": ["O1"]})
    else:
        theirs.cancel("Y", "X", "O1").refuse("Y", "X", "O1", "UNKNOWN_ORDER")
    with desk(database_url) as app:
        feed(app, client_first(), theirs)
        assert book(app) == {"O1": "100 40 60 0 0 0 PARTIALLY_FILLED"}
        (request,) = cancels(app)
        assert [item["order_key"] for item in request["outcomes"]] == [None]
        sound(app)


def test_two_accounts_may_use_the_same_ids(database_url: str) -> None:
    mine, theirs = client_first(), Feed("c2", account="rival")
    theirs.place("X", "7").report("New", "O1", "X", exec_id="e1")
    with desk(database_url) as app:
        feed(app, mine, theirs)
        with app.reading() as connection:
            held = {row["account"]: row["size"] for row in queries.order_list(connection)}
        assert held == {"desk": 100, "rival": 7}
        sound(app)
