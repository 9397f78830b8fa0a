"""The work on breaks in the read models: how each stands, and what contradicts an override."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from adapters.bootstrap import App
from adapters.bootstrap_desk import desk_of, severities_of
from adapters.desk import Case
from domain.desk_decisions import Asked, Verb
from domain.desk_state import Work
from domain.flags.severity import Policy, Severity
from domain.values import Account
from projections import queries, runner
from projections.break_queries import Wanted, break_list, evidence_of, find_break
from projections.rebuild import rebuild
from tests.feeding import Feed, clock, desk, feed, sound

WALL = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
"""When the desk works: weeks after the day that it looks at."""


def claimed(given: Feed, second: int, matched: int) -> Feed:
    """The venue claims a total, and no match record tells of it."""
    given.report(
        "OrderStatus",
        "O",
        "X",
        exec_id=f"s{second}",
        cum_qty=str(matched),
        leaves_qty=str(100 - matched),
        ord_status="PartiallyFilled",
    )
    given.records[-1]["at"] = clock(second)
    return given


def disputed() -> Feed:
    """An order of which the venue claims that 40 matched, for half a minute."""
    given = Feed().place("X", "100").report("New", "O", "X", exec_id="n")
    return claimed(claimed(given, 3, 40), 30, 40)


def listed(app: App, **wanted: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - as `Wanted` has it
    """The breaks as of the newest line."""
    with app.reading() as connection:
        at = app.as_of(connection)
        assert at is not None
        return list(break_list(connection, at, Wanted(**wanted), severities_of(app)))


def standing(app: App, code: str = "QTY-03") -> tuple[str, str | None]:
    """How the break of this code stands, and the venue's figure."""
    (record,) = listed(app, codes=[code], everything=True)
    return record["status"], record["theirs"]


def work(  # noqa: PLR0913 - what somebody asks for
    app: App,
    verb: Verb,
    by: str,
    code: str = "QTY-03",
    *,
    to: str | None = None,
    text: str | None = "why",
) -> None:
    """Somebody does something about the break of this code."""
    app = replace(app, clock=lambda: WALL)
    (record,) = listed(app, codes=[code], everything=True)
    with app.reading() as connection:
        at = app.as_of(connection)
    assert at is not None
    seen = evidence_of(record, at, app.store.head())
    asked = Asked(verb=verb, by=by, to=to, text=text)
    owner = Account(record["venue"], record["account"])
    desk_of(app).work([Case(UUID(record["break_id"]), owner, seen, asked)])
    app.runner.catch_up()


def test_work_on_a_break_is_seen_and_moves_no_clock_of_the_day(database_url: str) -> None:
    with desk(database_url) as app:
        feed(app, disputed())
        before = app.state_hash()
        assert standing(app) == ("open", "40")
        work(app, Verb.ASSIGN, "ann", to="ben")
        work(app, Verb.COMMENT, "ben", text="asked the venue")
        work(app, Verb.ACKNOWLEDGE, "ben", text=None)
        (record,) = listed(app, codes=["QTY-03"])
        assert (record["status"], record["owner"], record["comments"]) == ("acknowledged", "ben", 1)
        assert (record["decided_by"], record["decided_at"]) == ("ben", WALL)
        assert record["worked_at"] == WALL
        with app.reading() as connection:
            assert app.as_of(connection) == datetime(2026, 2, 7, 12, 0, 30, tzinfo=UTC)
        assert app.state_hash() == before, "the books are as they were"
        sound(app)


def test_a_break_that_its_evidence_closes_is_closed_whoever_worked_it(database_url: str) -> None:
    with desk(database_url) as app:
        given = disputed()
        feed(app, given)
        work(app, Verb.ACKNOWLEDGE, "ann", text=None)
        feed(app, given.trade("O", "X", "t1", "40"))
        assert standing(app)[0] == "closed"
        sound(app)


@pytest.mark.parametrize(
    ("verb", "as_before", "newer", "changed"),
    [
        pytest.param(Verb.ACCEPT, "accepted", "accepted", "open", id="accepted"),
        pytest.param(Verb.RESOLVE, "resolved", "resolved", "open", id="resolved"),
        pytest.param(Verb.FORCE_CLOSE, "force_closed", "force_closed", "open", id="forced"),
    ],
)
def test_what_a_decision_binds(
    database_url: str, verb: Verb, as_before: str, newer: str, changed: str
) -> None:
    with desk(database_url) as app:
        given = disputed()
        feed(app, given)
        work(app, verb, "ann")
        assert standing(app) == (as_before, "40")
        assert "QTY-03" not in {record["code"] for record in listed(app)}
        feed(app, claimed(given, 40, 40))
        assert standing(app) == (newer, "40"), "told again, nothing is new"
        feed(app, claimed(given, 50, 60))
        assert standing(app) == (changed, "60"), "the venue says something else"
        sound(app)


def overrides(app: App) -> list[tuple[str, str]]:
    """How each contradicted override stands, and the venue's figure in it."""
    return [
        (record["status"], record["theirs"])
        for record in listed(app, codes=["INT-06"], everything=True)
    ]


FORCED = [("open", "ours 0, theirs 60, difference 60")]


@pytest.mark.parametrize(
    ("verb", "by", "then"),
    [
        pytest.param(Verb.REOPEN, "ann", "open", id="revoked"),
        pytest.param(Verb.APPROVE, "ben", "force_closed", id="confirmed by a second person"),
        pytest.param(Verb.FORCE_CLOSE, "ben", "force_closed", id="forced again by another"),
        pytest.param(Verb.ACCEPT, "ann", "accepted", id="accepted instead"),
    ],
)
def test_an_override_that_is_contradicted_is_a_break_until_somebody_decides(
    database_url: str, verb: Verb, by: str, then: str
) -> None:
    with desk(database_url) as app:
        given = disputed()
        feed(app, given)
        work(app, Verb.FORCE_CLOSE, "ann")
        assert overrides(app) == []
        feed(app, claimed(given, 50, 60))
        assert overrides(app) == FORCED
        feed(app, claimed(given, 55, 60))
        assert overrides(app) == FORCED
        work(app, Verb.COMMENT, "ann")
        assert overrides(app) == FORCED
        sound(app)
        work(app, verb, by)
        assert standing(app) == (then, "60")
        assert [status for status, _ in overrides(app)] == ["closed"]
        before = app.state_hash()
        for wanted in (app.runner.projections, app.runner.projections[2:4]):
            rebuild(app.writing, app.store, wanted, app.limits)
            assert standing(app) == (then, "60")
            assert sound(app) == before


def test_a_step_that_knows_of_an_override_only_from_the_log_finds_it(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "STEP_EVENTS", 2)
    with desk(database_url) as app:
        given = disputed()
        feed(app, given)
        work(app, Verb.FORCE_CLOSE, "ann")
        feed(app, claimed(given, 50, 60))
        with app.writing() as connection:
            for name in ("projection_positions", "desk", "breaks", "orders", "activity", "cancels"):
                connection.exec_driver_sql(f"DELETE FROM {name}")  # noqa: S608 - names of ours
        app.runner.catch_up()
        assert overrides(app) == FORCED
        sound(app)


def test_work_on_a_break_that_the_rules_find_no_more_contradicts_nothing(
    database_url: str,
) -> None:
    with desk(database_url) as app:
        feed(app, disputed())
        (record,) = listed(app, codes=["QTY-03"])
        seen = evidence_of(record, WALL, 5)
        gone = UUID(int=7)
        asked = Asked(verb=Verb.FORCE_CLOSE, by="ann", text="why")
        desk_of(app).work([Case(gone, Account("canonical", "desk"), seen, asked)])
        app.runner.catch_up()
        assert overrides(app) == []
        sound(app)


def names(app: App, **wanted: Any) -> set[str]:  # noqa: ANN401 - as `Wanted` has it
    return {record["code"] for record in listed(app, **wanted)}


def test_breaks_are_narrowed_by_what_the_desk_asks(database_url: str) -> None:
    with desk(database_url) as app:
        feed(app, disputed())
        every = names(app)
        assert {"QTY-02", "QTY-03", "QTY-07", "FIL-05"} == every
        work(app, Verb.ASSIGN, "ann", to="ben")
        work(app, Verb.RESOLVE, "ann", "QTY-07")
        checks: list[tuple[dict[str, Any], set[str]]] = [
            ({"venue": "canonical", "account": "desk"}, every - {"QTY-07"}),
            ({"venue": "abp"}, set()),
            ({"account": "another"}, set()),
            ({"codes": ["QTY-02", "QTY-07"]}, {"QTY-02"}),
            ({"owner": "ben"}, {"QTY-03"}),
            ({"unowned": True}, {"QTY-02", "FIL-05"}),
            ({"older": timedelta(seconds=20)}, {"QTY-02", "QTY-03"}),
            ({"younger": timedelta(seconds=20)}, {"FIL-05"}),
            (
                {"older": timedelta(seconds=27), "younger": timedelta(seconds=28)},
                {"QTY-02", "QTY-03"},
            ),
            ({"statuses": frozenset({Work.RESOLVED})}, {"QTY-07"}),
            ({"statuses": frozenset({Work.CLOSED})}, set()),
            ({"severities": frozenset({Severity.HIGH})}, every - {"QTY-07"}),
            ({"severities": frozenset({Severity.LOW})}, set()),
        ]
        for wanted, found in checks:
            assert names(app, **wanted) == found, wanted


def test_a_policy_raises_what_is_listed_and_tells_why(database_url: str) -> None:
    with desk(database_url) as app:
        feed(app, disputed())
        policies = {"canonical": Policy(raise_amount=Decimal(39))}
        with app.reading() as connection:
            at = app.as_of(connection)
            assert at is not None
            found = {
                record["code"]: record for record in break_list(connection, at, Wanted(), policies)
            }
        raised = found["QTY-03"]
        assert (raised["severity"], raised["severity_by_default"]) == ("critical", "high")
        assert raised["severity_because"] == ["40 at stake, more than 39"]
        assert raised["at_stake"] == Decimal(40)
        assert found["QTY-07"]["at_stake"] == Decimal(100), "no difference: what may be live"


def test_a_break_is_found_by_the_start_of_its_id_when_that_is_one(database_url: str) -> None:
    with desk(database_url) as app:
        feed(app, disputed())
        (record,) = listed(app, codes=["QTY-03"])
        with app.reading() as connection:
            at = queries.as_of(connection)
            assert at is not None
            assert find_break(connection, record["break_id"], at) == record
            assert find_break(connection, record["break_id"][:8], at) == record
            assert find_break(connection, "", at) is None
            assert find_break(connection, "zz", at) is None
