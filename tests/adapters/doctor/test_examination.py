"""What the doctor finds in real databases: nothing in a healthy one, each trouble by its check."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, update

from adapters.bootstrap import App, opened
from adapters.bootstrap_doctor import CHECKS, Level, Patient, examined, examined_by
from adapters.bootstrap_leases import leases_of
from adapters.captures.ndjson import item
from adapters.cli.exits import Exit
from adapters.cli.main import guarded
from adapters.clock import utc_now
from adapters.connections import Connection
from adapters.doctor.verdict import Verdict
from adapters.eventlog.chain import verify_end
from adapters.eventlog.database import open_database, writing
from adapters.eventlog.log import SqlEventLog
from adapters.jetstream.schema import publications
from adapters.keys.schema import api_keys
from adapters.settings import Settings
from projections.tables import dead_letters, positions
from tests.adapters.eventlog.builders import event
from tests.adapters.eventlog.tampering import drop_triggers, edit
from tests.adapters.eventlog.tampering import fill as fill_log
from tests.feeding import Feed, feed

URL = "https://127.0.0.1:1"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings file and no secret of the directory that the tests run in."""
    monkeypatch.chdir(tmp_path)


def healthy(app: App) -> None:
    """A day without trouble."""
    feed(app, Feed().place("a").report("New", "V1", "a").trade("V1", "a", "e1", "10"))


def patient(app: App, **more: bool) -> Patient:
    return Patient(app.settings, app, {}, **more)


def found(one: Patient) -> Mapping[str, Verdict]:
    return {finding.check: finding.verdict for finding in examined_by(CHECKS, one)}


@pytest.mark.parametrize("full", [False, True], ids=["quick", "full"])
def test_a_healthy_database_needs_nothing(database_url: str, *, full: bool) -> None:
    with opened(Settings(database_url=database_url)) as app:
        healthy(app)
        verdicts = found(patient(app, full=full))
    unwell = {name for name, one in verdicts.items() if one.level is not Level.OK}
    # A server for tests may be fast instead of durable, and then the doctor says so.
    assert unwell <= ({"durability"} if database_url.startswith("postgres") else set[str]())
    assert set(verdicts) == {check.name for check in CHECKS} | {"database"}


def test_an_empty_database_needs_nothing_but_tables(database_url: str, engine: Engine) -> None:
    del engine
    with opened(Settings(database_url=database_url)) as app:
        verdicts = found(patient(app))
    bad = {name for name, one in verdicts.items() if one.level is Level.ATTENTION}
    assert bad <= {"durability"}


def quarantined(app: App) -> None:
    app.ingest([("bad", [item("bad", number, b"not json") for number in range(3)])])


def from_the_future(app: App) -> None:
    tomorrow = utc_now() + timedelta(days=1)
    SqlEventLog(app.engine, now=lambda: tomorrow).append([event()])


def tampered(app: App) -> None:
    with app.writing() as connection:
        drop_triggers(connection)
        edit(connection, 2, state=b"{}")


def of_other_rules(app: App) -> None:
    with app.writing() as connection:
        connection.execute(update(positions).values(version=999))


def left_out(app: App) -> None:
    row = {"projection": "breaks", "stream": "s", "position": 1, "error": "cannot be folded"}
    with app.writing() as connection:
        connection.execute(insert(dead_letters), row)


def lost(app: App) -> None:
    feed(app, Feed("c2").place("b").report("New", "V2", "b").cancel("x", "b", "V2").lose("x", "b"))


def newer(app: App) -> None:
    with app.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")


def lame_key(app: App) -> None:
    made = {"key_id": "k1", "venue": "abp", "account": "a", "scopes": "", "digest": b"d"}
    with app.writing() as connection:
        connection.execute(insert(api_keys), {**made, "created_at": "2026-02-07T12:00:00+00:00"})


def ended(app: App) -> None:
    lease = leases_of(app).acquire("run", "host:7", timedelta(microseconds=1))
    assert lease is not None


def unpublished(app: App) -> None:
    row = {"name": "nats:S", "position": 1, "sequence": 1, "moved_at": 0}
    with app.writing() as connection:
        connection.execute(insert(publications), row)


SICK: list[tuple[str, Callable[[App], None], Level, str]] = [
    ("quarantine", quarantined, Level.ATTENTION, "3 lines"),
    ("clock", from_the_future, Level.ATTENTION, "from now"),
    ("chain", tampered, Level.ATTENTION, "altered"),
    ("read models", of_other_rules, Level.ATTENTION, "orders"),
    ("dead letters", left_out, Level.ATTENTION, "cannot be folded"),
    ("unknown outcomes", lost, Level.ATTENTION, "1 order"),
    ("schema", newer, Level.ATTENTION, "newer"),
    ("keys", lame_key, Level.ATTENTION, "k1"),
    ("leases", ended, Level.NOTE, "host:7"),
    ("publishers", unpublished, Level.NOTE, "behind"),
]


@pytest.mark.parametrize(
    ("check", "trouble", "level", "says"), [pytest.param(*case, id=case[0]) for case in SICK]
)
def test_each_trouble_is_found_by_its_check(
    database_url: str, check: str, trouble: Callable[[App], None], level: Level, says: str
) -> None:
    with opened(Settings(database_url=database_url)) as app:
        healthy(app)
        trouble(app)
        verdict = found(patient(app))[check]
    assert verdict.level is level
    assert says in verdict.says


def test_durability_is_that_of_the_connection(sqlite_url: str) -> None:
    with opened(Settings(database_url=sqlite_url)) as app:
        scratch = open_database(sqlite_url, durability="off")
        verdict = found(patient(replace(app, engine=scratch)))["durability"]
        scratch.dispose()
    assert "power cut" in verdict.says


def test_a_variable_with_a_slip_of_the_pen_is_named(sqlite_url: str) -> None:
    with opened(Settings(database_url=sqlite_url)) as app:
        one = replace(patient(app), environment={"BREAKWATER_DATABSE_URL": "x"})
        assert "BREAKWATER_DATABSE_URL" in found(one)["environment"].says


def test_connections_are_tried_when_asked(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THE_KEY", "k")
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        there = f"http://127.0.0.1:{listening.getsockname()[1]}"
        for url, level in ((URL, Level.ATTENTION), (there, Level.OK)):
            one = Connection(venue="abp", account="a", base_url=url, key_env="THE_KEY")
            chosen = Settings(database_url=sqlite_url, connections={"main": one})
            with opened(chosen) as app:
                assert found(patient(app))["connections"].level is Level.OK
                assert found(patient(app, online=True))["connections"].level is level
    monkeypatch.delenv("THE_KEY")
    with opened(chosen) as app:
        assert "variable THE_KEY" in found(patient(app))["connections"].says


def test_every_check_that_can_be_made_to_fail_here_is_in_the_table() -> None:
    elsewhere = {"versions", "settings", "environment", "connections", "durability", "disk"}
    assert {check.name for check in CHECKS} == {case[0] for case in SICK} | elsewhere


def test_a_check_that_fails_is_a_finding_and_the_others_go_on(sqlite_url: str) -> None:
    with opened(Settings(database_url=sqlite_url)) as app:
        with app.writing() as connection:
            connection.exec_driver_sql("DROP TABLE leases")
        verdicts = found(patient(app))
    assert verdicts["leases"].level is Level.ATTENTION
    assert "OperationalError" in verdicts["leases"].says
    assert verdicts["keys"].level is Level.OK


@pytest.mark.parametrize(
    "left",
    [
        pytest.param(3_000, id="cut in its first page"),
        pytest.param(100_000, id="cut in the middle"),
    ],
)
def test_a_file_that_was_cut_is_damaged(sqlite_url: str, tmp_path: Path, left: int) -> None:
    with opened(Settings(database_url=sqlite_url)) as app:
        healthy(app)
    whole = (tmp_path / "breakwater.db").read_bytes()
    (tmp_path / "cut.db").write_bytes(whole[:left])
    cut = Settings(database_url=f"sqlite:///{tmp_path / 'cut.db'}")
    findings = {one.check: one.verdict for one in examined(lambda: cut)}
    assert findings["database"].level is Level.ATTENTION
    assert "damaged" in findings["database"].says
    assert "backup" in (findings["database"].next or "")


@pytest.mark.parametrize(
    ("url", "level", "says"),
    [
        pytest.param("sqlite:///none.db", Level.NOTE, "not there yet", id="no file"),
        pytest.param(
            "postgresql://nobody@127.0.0.1:1/x", Level.ATTENTION, "refused", id="no server"
        ),
    ],
)
def test_what_cannot_be_asked_is_not_checked_and_nothing_is_made(
    tmp_path: Path, url: str, level: Level, says: str
) -> None:
    findings = {one.check: one.verdict for one in examined(lambda: Settings(database_url=url))}
    assert findings["database"].level is level
    assert says in findings["database"].says
    assert findings["chain"].level is Level.UNCHECKED
    assert findings["versions"].level is Level.OK
    assert list(tmp_path.iterdir()) == []


def test_the_command_ends_with_what_it_found(
    sqlite_url: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    command = ["--database", sqlite_url, "doctor", "--json"]
    assert guarded(command) == Exit.DONE
    records = json.loads(capsys.readouterr().out)
    assert {record["level"] for record in records} <= {"ok", "note"}
    Path(tmp_path, "breakwater.toml").write_text("nonsense = 1\n")
    assert guarded(command) == Exit.FINDINGS
    (record,) = json.loads(capsys.readouterr().out)
    assert (record["check"], record["level"]) == ("settings", "attention")
    assert "nonsense" in record["says"]


# ---------------------------------------------------------------- the end of the chain
@pytest.mark.parametrize(
    ("at", "most", "noticed"),
    [
        pytest.param(55, 10, True, id="within the sample"),
        pytest.param(51, 10, True, id="the first of the sample"),
        pytest.param(50, 10, False, id="before it: `verify` finds that"),
        pytest.param(1, 60, True, id="the sample is the whole log"),
        pytest.param(1, 999, True, id="the sample is more than the log"),
    ],
)
def test_the_end_of_the_chain_is_walked(
    engine: Engine, at: int, most: int, *, noticed: bool
) -> None:
    log = SqlEventLog(engine)
    fill_log(log)
    assert verify_end(engine, most).events == min(most, 60)
    with writing(engine) as connection:
        drop_triggers(connection)
        edit(connection, at, state=b"{}")
    assert verify_end(engine, most).whole is not noticed
