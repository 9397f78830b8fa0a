"""`breakwater cancel` at each venue that we serve, over real connections."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest

from tests.adapters.at_venues import DESKS, Desk, learned, quiet
from tests.adapters.cli.using import Ran, Run
from tests.adapters.lossy import Loss, lossy

__all__ = ["quiet"]

WHO = ("--by", "ann", "--why", "the feed is stuck")


@pytest.fixture(params=sorted(DESKS))
def desk(request: pytest.FixtureRequest, quiet: None) -> Iterator[Desk]:
    del quiet
    with DESKS[request.param]() as desk:
        yield desk


@pytest.fixture
def at(desk: Desk, run: Run, tmp_path: Path) -> Run:
    """A command about the desk's account."""
    desk.settings(tmp_path)

    def running(*words: str) -> Ran:
        command, *rest = words
        venue, account = desk.owner.venue, desk.owner.account
        return run(command, "--venue", venue, "--account", account, *rest)

    return running


def test_what_is_asked_for_is_cancelled_and_nothing_else(desk: Desk, at: Run, run: Run) -> None:
    one, two, other = desk.place(3)
    learned(desk, [one, two, other])
    ran = at("cancel", "--order", one, "--order", two, *WHO, "--json")
    assert ran.code == 0, ran
    assert {row["venue_order_id"]: row["outcome"] for row in ran.json} == {
        one: "cancelled",
        two: "cancelled",
    }
    assert len(desk.live()) == 1
    (asked,) = run("cancels", "--json").json
    assert (asked["requested_by"], asked["why"]) == ("ann", "the feed is stuck")
    assert {row["venue_order_id"]: row["status"] for row in run("orders", "--json").json} == {
        one: "CANCELLED",
        two: "CANCELLED",
        other: "NEW",
    }


def live(desk: Desk) -> int:
    return len(desk.live())


def test_a_dry_run_shows_and_sends_nothing(desk: Desk, at: Run, run: Run) -> None:
    ids = desk.place(2)
    learned(desk, ids)
    ran = at("cancel", "--all", *WHO, "--dry-run", "--json")
    assert ran.code == 0, ran
    assert {row["venue_order_id"] for row in ran.json} == set(ids)
    assert all(row["at_risk"] is not None for row in ran.json)
    assert "money at risk" in ran.err
    assert live(desk) == 2
    assert run("cancels", "--json").json == []


@pytest.mark.parametrize(
    ("more", "code"),
    [
        pytest.param((), 2, id="unconfirmed"),
        pytest.param(("--count", "3"), 5, id="another number of orders than are open"),
        pytest.param(("--count", "2"), 0, id="the number of open orders"),
        pytest.param(("--yes",), 0, id="whatever there is"),
    ],
)
def test_everything_needs_to_be_meant(
    desk: Desk, at: Run, run: Run, more: tuple[str, ...], code: int
) -> None:
    left = 2 if code else 0
    learned(desk, desk.place(2))
    ran = at("cancel", "--all", *WHO, *more)
    assert ran.code == code, ran
    assert live(desk) == left
    assert bool(run("cancels", "--json").json) == (code == 0)


def test_a_scope_that_the_venue_has_no_words_for_is_spelled_out(
    desk: Desk, at: Run, run: Run
) -> None:
    ids = desk.place(2)
    learned(desk, ids)
    (market,) = {row["market"] for row in run("orders", "--json").json}
    ran = at("cancel", "--market", market, *WHO, "--json")
    assert ran.code == 0, ran
    assert {row["venue_order_id"] for row in ran.json} == set(ids)
    assert live(desk) == 0
    (asked,) = run("cancels", "--json").json
    assert asked["scope"]["kind"] == ("orders" if desk.owner.venue == "abp" else "market")


@pytest.mark.parametrize(
    ("scope", "code"),
    [
        pytest.param((), 2, id="no scope is nothing"),
        pytest.param(("--order", ""), 2, id="an empty id"),
        pytest.param(("--order", "7", "--all"), 2, id="two scopes"),
        pytest.param(("--user-ref", "no-such-tag"), 4, id="nothing of ours is in it"),
        pytest.param(("--all", "--yes", "--by", " "), 2, id="nobody wants it"),
    ],
)
def test_what_is_asked_wrongly_sends_nothing(
    desk: Desk, at: Run, run: Run, scope: tuple[str, ...], code: int
) -> None:
    learned(desk, desk.place(1))
    if desk.owner.venue == "abp" and code == 4:
        scope = ("--order", "no-such-order")  # it has words for tags, and its ids are numbers
    assert at("cancel", *WHO, *scope).code == code
    assert live(desk) == 1
    assert run("cancels", "--json").json == []


def test_what_the_venue_refuses_is_told_order_by_order(desk: Desk, at: Run) -> None:
    one, two = desk.place(2)
    learned(desk, [one, two])
    assert at("cancel", "--order", one, *WHO).code == 0
    learned(desk, [one])
    ran = at("cancel", "--order", one, "--order", two, *WHO, "--json")
    assert ran.code == 1, ran
    outcomes = {row["venue_order_id"]: row["outcome"] for row in ran.json}
    assert outcomes[two] == "cancelled"
    assert outcomes[one] != "cancelled"
    assert live(desk) == 0


def test_a_venue_that_cannot_be_reached_was_sent_nothing(
    desk: Desk, run: Run, tmp_path: Path
) -> None:
    (one,) = desk.place(1)
    desk.settings(tmp_path)
    learned(desk, [one])
    desk.settings(tmp_path, base_url="http://127.0.0.1:9", ws_url="ws://127.0.0.1:9")
    venue, account = desk.owner.venue, desk.owner.account
    ran = run("cancel", "--venue", venue, "--account", account, "--order", one, *WHO, "--json")
    assert (ran.code, [row["outcome"] for row in ran.json]) == (6, ["not_sent"]), ran
    (order,) = run("orders", "--json").json
    assert (order["status"], order["certain"], order["cancel_pending"]) == ("NEW", True, False)
    assert live(desk) == 1


def test_a_key_is_nowhere_to_be_read(desk: Desk, at: Run, run: Run, tmp_path: Path) -> None:
    (one,) = desk.place(1)
    learned(desk, [one])
    told = [at("cancel", "--order", one, *WHO), run("connections", "list"), run("settings")]
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("books.db*"))
    assert desk.key.encode() not in kept
    assert all(desk.key not in ran.out + ran.err for ran in told)


def test_a_key_that_is_not_there_is_named(at: Run, run: Run, tmp_path: Path) -> None:
    (tmp_path / "venue.key").unlink()
    assert at("cancel", "--all", "--yes", *WHO).code == 3
    (found,) = run("connections", "list", "--json").json
    assert found["key_found"] is False


def test_an_account_without_a_connection(desk: Desk, run: Run) -> None:
    ran = run("cancel", "--venue", desk.owner.venue, "--account", "other", "--all", "--yes", *WHO)
    assert ran.code == 3
    assert "breakwater connections list" in ran.err


def test_many_orders_go_in_batches(run: Run, tmp_path: Path, quiet: None) -> None:
    del quiet
    with DESKS["abp"]() as desk, lossy(desk.served.port) as wire:
        ids = desk.place(250)
        desk.settings(tmp_path)
        learned(desk, ids)
        desk.settings(tmp_path, base_url=wire.url)
        words = [word for order_id in ids for word in ("--order", order_id)]
        ran = run("cancel", "--venue", "abp", "--account", "acme", *words, *WHO, "--json")
        assert ran.code == 0, ran.err
        assert [body.count(b",") + 1 for body in wire.cancels] == [100, 100, 50]
        assert len(ran.json) == 250
        assert live(desk) == 0


def test_a_throttled_batch_is_refused_and_the_next_waits(
    run: Run, tmp_path: Path, quiet: None
) -> None:
    del quiet
    with DESKS["abp"]() as desk, lossy(desk.served.port) as wire:
        ids = desk.place(150)
        desk.settings(tmp_path)
        learned(desk, ids)
        desk.settings(tmp_path, base_url=wire.url)
        wire.loss = Loss.BUSY
        words = [word for order_id in ids for word in ("--order", order_id)]
        began = monotonic()
        ran = run("cancel", "--venue", "abp", "--account", "acme", *words, *WHO, "--json")
        assert monotonic() - began > 1
        assert ran.code == 1, ran.err
        told = [(row["outcome"], row["reason"]) for row in ran.json]
        assert told.count(("rejected", "RATE_LIMITED")) == 100
        assert told.count(("cancelled", None)) == 50
        assert len(wire.cancels) == 2
        assert live(desk) == 100


def test_a_key_that_the_venue_does_not_take(desk: Desk, at: Run, run: Run, tmp_path: Path) -> None:
    (one,) = desk.place(1)
    learned(desk, [one])
    (tmp_path / "venue.key").write_text("ps_live_wrong")
    ran = at("cancel", "--order", one, *WHO, "--json")
    assert ran.code == 3, ran
    assert [row["outcome"] for row in ran.json] in (["rejected"], ["not_sent"])
    (order,) = run("orders", "--json").json
    assert (order["status"], order["certain"]) == ("NEW", True)
    assert live(desk) == 1


def test_an_id_that_our_books_do_not_know_is_sent_as_it_is(desk: Desk, at: Run) -> None:
    one, _other = desk.place(2)
    ran = at("cancel", "--order", one, *WHO, "--json")
    assert ran.code == 0, ran
    assert "in none of our books" in ran.err
    assert [row["outcome"] for row in ran.json] == ["cancelled"]
    assert live(desk) == 1


@pytest.mark.parametrize("desk", ["abp", "predictstreet"], indirect=True)
def test_a_lost_answer_about_an_unknown_id_stays_unknown(
    desk: Desk, run: Run, tmp_path: Path
) -> None:
    with lossy(desk.served.port) as wire:
        (one,) = desk.place(1)
        wire.loss = Loss.AFTER
        desk.settings(tmp_path, base_url=wire.url)
        venue, account = desk.owner.venue, desk.owner.account
        words = ("--venue", venue, "--account", account, "--tries", "1")
        ran = run("cancel", *words, "--order", one, *WHO, "--json")
        assert ran.code == 1, ran
        assert [row["outcome"] for row in ran.json] == ["unknown"]
        (order,) = run("orders", "--json").json
        assert (order["venue_order_id"], order["status"]) == (one, "CANCELLED")
        assert run("resolve", *words).code == 0
        assert len(wire.cancels) == 1
