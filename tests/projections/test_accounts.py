"""Flags of whole accounts: step by step or made anew, the same rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.bootstrap import App
from domain.values import Account
from projections.break_queries import Wanted, break_list
from projections.queries import Record
from projections.rebuild import rebuild
from tests.feeding import NOON, Feed, desk, feed, sound


def doubtful(*clients: str, capture: str = "c1", account: str = "desk") -> Feed:
    """Orders of 100 each whose cancel was lost."""
    given = Feed(capture, account=account)
    for client in clients:
        given.place(client).report("New", f"O{client}", client, exec_id=f"n{client}")
        given.cancel(f"Y{client}", client, f"O{client}").lose(f"Y{client}", client)
    return given


def found(app: App, code: str) -> list[Record]:
    with app.reading() as connection:
        at = app.as_of(connection)
        assert at is not None
        wanted = Wanted(codes=(code,), everything=True)
        return list(break_list(connection, at, wanted))


def as_rebuilt(app: App) -> None:
    """The rows are those of a rebuild, and a rebuild keeps them."""
    before = sound(app)
    rebuild(app.writing, app.store, app.runner.projections, app.limits)
    assert sound(app) == before


def test_unresolved_orders_add_up_to_a_break_of_the_account(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BREAKWATER_EXPOSURE_MAX", "150")
    with desk(database_url) as app:
        feed(app, doubtful("A"), doubtful("Z", capture="c9", account="other"))
        assert found(app, "ECO-06") == []
        feed(app, doubtful("B", capture="c2"))
        (flag,) = found(app, "ECO-06")
        assert (flag["account"], flag["order_key"], flag["status"]) == ("desk", None, "open")
        assert (flag["ours"], flag["difference"]) == ("200", "50")
        as_rebuilt(app)
        over = Feed("c3").report("Canceled", "OA", "YA", orig_cl_ord_id="A", exec_id="c")
        over.records[0]["at"] = "2026-02-07T12:10:00.000000Z"
        feed(app, over)
        (closed,) = found(app, "ECO-06")
        assert (closed["break_id"], closed["status"]) == (flag["break_id"], "closed")
        assert closed["opened_at"] == flag["opened_at"]
        as_rebuilt(app)


def test_without_a_limit_no_account_has_too_much_in_doubt(database_url: str) -> None:
    with desk(database_url) as app:
        feed(app, doubtful("A", "B", "C"))
        assert found(app, "ECO-06") == []
        as_rebuilt(app)


def gap(capture: str = "g1", *, start: int = 1) -> Feed:
    """4casters keeps no more of what we missed."""
    given = Feed(capture, venue="fourcasters", account="ann")
    query = {"afterID": f"{start}-0", "beforeID": f"{start + 6}-0"}
    http = {"method": "GET", "path": "/v2/user/messages", "query": query}
    given.add("sent", at=100, exchange="r", http=http)
    kept: list[object] = []
    body = {"status": "cache_expired", "availableMessages": kept}
    return given.add("received", at=101, exchange="r", http={"status": 200, "body": body})


def resting(capture: str = "p1", *, at: float = 10) -> Feed:
    """An order of the account rests at 4casters."""
    given = Feed(capture, venue="fourcasters", account="ann")
    order = {
        "orderID": "O1",
        "filled": 0,
        "offered": 25,
        "remaining": 25,
        "odds": 120,
        "type": "moneyline",
        "side": "P1",
    }
    frame = {"matched": None, "unmatched": order, "origin": "offer", "gameID": "G1"}
    given.add("received", at=at, ws={"channel": "user-feed", "frame": frame})
    return given


@pytest.mark.parametrize(
    ("feeds", "codes"),
    [
        pytest.param((gap(),), ["STR-01"], id="no order was on the book"),
        pytest.param((resting(), gap()), ["STR-01", "STR-02"], id="an order may have matched"),
        pytest.param((gap(), resting()), ["STR-01", "STR-02"], id="of which we read later"),
    ],
)
def test_messages_that_are_gone_matter_where_orders_were(
    database_url: str, feeds: tuple[Feed, ...], codes: list[str]
) -> None:
    with desk(database_url) as app:
        feed(app, *feeds)
        told = [flag["code"] for code in ("STR-01", "STR-02") for flag in found(app, code)]
        assert told == codes
        as_rebuilt(app)


@pytest.mark.parametrize(
    ("minutes", "complete", "status"),
    [
        pytest.param(5, True, "closed", id="a complete statement of a later time covers it"),
        pytest.param(5, False, "open", id="a part of one does not"),
        pytest.param(1, True, "open", id="an earlier one does not"),
    ],
)
def test_a_statement_of_everything_covers_a_gap(
    database_url: str, tmp_path: Path, minutes: int, status: str, *, complete: bool
) -> None:
    with desk(database_url) as app:
        feed(app, resting(), gap())
        page = tmp_path / "unmatched.json"
        page.write_text('{"data": {"unmatched": []}}')
        owner = Account("fourcasters", "ann")
        statement = app.statement(owner, [str(page)])
        app.reconcile(statement, NOON.replace(minute=minutes), complete=complete)
        feed(app, Feed("late").place("Q"))
        (flag,) = found(app, "STR-02")
        assert flag["status"] == status
        as_rebuilt(app)
