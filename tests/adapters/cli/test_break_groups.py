"""One cause makes one row: what the list shows of it, its members, and the desk's work on it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from adapters.cli.exits import Exit
from projections.break_queries import BREAK_FIELDS, DESK_FIELDS
from tests.adapters.cli.using import Capture, Run
from tests.feeding import Feed

MANY = 25
Told = list[dict[str, Any]]


def outage(count: int, *, start: float = 0.0, apart: float = 0.1, name: str = "A") -> Feed:
    """So many orders whose cancels the venue left unanswered, one shortly after the other."""
    feed = Feed(f"outage-{name}")
    for number in range(count):
        order, client, ref = (f"{sort}{name}{number}" for sort in "OCX")
        moment = start + number * apart
        feed.add(
            "sent",
            at=moment,
            frame={
                "msg": "NewOrderSingle",
                "cl_ord_id": client,
                "side": "BUY",
                "order_qty": "10",
                "price": "1.95",
            },
        )
        ids = {"order_id": order, "cl_ord_id": client}
        new = {"msg": "ExecutionReport", **ids, "exec_type": "New", "exec_id": f"n{order}"}
        feed.add("received", at=moment, frame=new)
        asked = {"msg": "OrderCancelRequest", "cl_ord_id": ref, "orig_cl_ord_id": client}
        feed.add("sent", at=moment, frame={**asked, "order_id": order})
        feed.add("lost", at=moment, frame=asked, error={"kind": "timeout", "detail": "no answer"})
    return feed


@pytest.fixture
def told(run: Run, capture: Capture, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Told]:
    """Read outages, and list the breaks."""
    monkeypatch.setenv("BREAKWATER_ACTOR", "ann")

    def listed(*feeds: Feed) -> Told:
        run("ingest", capture([json.dumps(record) for feed in feeds for record in feed.records]))
        return list(run("breaks", "--code", "CXL-11", "--json").json)

    return listed


def test_thousands_of_one_cause_are_one_row(run: Run, told: Callable[..., Told]) -> None:
    (row,) = told(outage(MANY))
    assert list(row) == BREAK_FIELDS
    assert (row["code"], row["name"]) == ("CXL-11", "cancel_outcome_unknown")
    assert (row["severity"], row["kind"], row["status"]) == ("high", "break", "open")
    assert row["order_key"] is None
    assert (row["ours"], row["theirs"], row["difference"]) == (None, None, str(MANY))
    assert row["note"].startswith("25 of one cause. The oldest: ")
    members = run("breaks", "--code", "CXL-11", "--members", "--json").json
    assert len({member["order_key"] for member in members}) == MANY
    assert row["opened_at"] == members[0]["opened_at"]
    assert set(row["witness"]) == {*members[0]["witness"], *members[-1]["witness"]}
    assert len(run("breaks", "--code", "CXL-11", "--all", "--json").json) == MANY
    assert run("breaks", "--code", "CXL-11").code == Exit.FINDINGS


@pytest.mark.parametrize(
    ("feeds", "counts"),
    [
        pytest.param((outage(19),), [None] * 19, id="fewer than twenty are rows of their own"),
        pytest.param((outage(20),), ["20"], id="twenty are one"),
        pytest.param(
            (outage(20), outage(20, start=200, name="B")), ["20", "20"], id="two outages: two rows"
        ),
        pytest.param(
            (outage(2, name="B"), outage(20, start=200)),
            [None, None, "20"],
            id="what opened at another time is no member",
        ),
        pytest.param((outage(20, apart=60),), ["20"], id="each a minute after the one before"),
        pytest.param((outage(20, apart=61),), [None] * 20, id="further apart: no burst"),
    ],
)
def test_what_is_one_row(
    told: Callable[..., Told], feeds: tuple[Feed, ...], counts: list[str | None]
) -> None:
    assert [row["difference"] for row in told(*feeds)] == counts


def test_how_many_make_a_group_is_a_setting(
    told: Callable[..., Told], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BREAKWATER_GROUP_MIN", "3")
    monkeypatch.setenv("BREAKWATER_GROUP_S_MAX", "0.5")
    assert [row["difference"] for row in told(outage(3, apart=0.5))] == ["3"]


def test_a_group_is_explained_with_its_members(run: Run, told: Callable[..., Told]) -> None:
    (row,) = told(outage(MANY))
    shown = run("breaks", "show", row["break_id"][:8], "--json").json
    assert list(shown) == [*BREAK_FIELDS, *DESK_FIELDS, "proof", "history", "members"]
    assert {name: shown[name] for name in BREAK_FIELDS} == row
    assert (len(shown["members"]), shown["history"]) == (MANY, [])
    assert shown["at_stake"] == "250"
    assert [proof["position"] for proof in shown["proof"]] == row["witness"]
    text = run("breaks", "show", row["break_id"][:8]).out
    assert "25 of one cause" in text
    assert run("breaks", "show", "").code != Exit.DONE


def test_what_is_done_to_a_group_is_done_to_its_members(
    run: Run, told: Callable[..., Told]
) -> None:
    (row,) = told(outage(MANY))
    group = row["break_id"]
    one = run("breaks", "--members", "--code", "CXL-11", "--json").json[0]["break_id"]
    assert run("breaks", "accept", one, "--reason", "this one alone").code == Exit.DONE
    assert [each["difference"] for each in run("breaks", "--code", "CXL-11", "--json").json] == [
        str(MANY - 1)
    ]
    ran = run("breaks", "assign", group, "ben", "--json")
    assert (ran.code, len(ran.json)) == (Exit.DONE, MANY - 1)
    (owned,) = run("breaks", "--owner", "ben", "--desk", "--json").json
    assert (owned["break_id"], owned["owner"]) == (group, "ben")
    assert run("breaks", "acknowledge", group).code == Exit.DONE
    (seen,) = run("breaks", "--code", "CXL-11", "--desk", "--json").json
    assert (seen["status"], seen["decided_by"], seen["break_id"]) == ("acknowledged", "ann", group)
    assert run("breaks", "force-close", group, "--reason", "venue was down").code == Exit.DONE
    ran = run("breaks", "--code", "CXL-11", "--json")
    assert (ran.code, ran.json) == (Exit.DONE, [])
    (done,) = run("breaks", "--status", "force_closed", "--json").json
    assert (done["break_id"], done["status"]) == (group, "force_closed")
    assert run("breaks", "accept", group, "--reason", "again").code == Exit.CONFLICT
    assert len(run("breaks", "reopen", group, "--reason", "no", "--json").json) == MANY
    (row,) = run("breaks", "--code", "CXL-11", "--json").json
    assert (row["break_id"], row["difference"]) == (group, str(MANY))


def test_a_group_of_many_states_is_open_and_a_reader_of_few_sees_rows(
    run: Run, told: Callable[..., Told]
) -> None:
    told(outage(MANY))
    members = run("breaks", "--members", "--code", "CXL-11", "--json").json
    ids = [member["break_id"] for member in members[:3]]
    assert run("breaks", "acknowledge", *ids).code == Exit.DONE
    (row,) = run("breaks", "--code", "CXL-11", "--desk", "--json").json
    assert (row["status"], row["decided_by"]) == ("open", None)
    few = run("breaks", "--status", "acknowledged", "--json").json
    assert [each["break_id"] for each in few] == ids


def test_an_export_has_every_member(run: Run, told: Callable[..., Told], tmp_path: Path) -> None:
    told(outage(MANY))
    assert run("breaks", "export", "all.csv", "--code", "CXL-11").code == Exit.DONE
    assert len((tmp_path / "all.csv").read_text().splitlines()) > MANY
