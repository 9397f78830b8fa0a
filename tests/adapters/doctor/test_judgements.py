"""Every judgement both ways: as it should be, and not; who has to act is told what to do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from adapters.doctor import of_database, of_program, of_work
from adapters.doctor.of_database import ChainEnd, Clocks, Disk, Postgres, Sqlite
from adapters.doctor.of_program import ConnectionSeen, Key, Secret, Versions
from adapters.doctor.of_work import Held, Published, Stand
from adapters.doctor.verdict import Level, Verdict
from tests.gates import tree

NOON = datetime(2026, 2, 7, 12, tzinfo=UTC)
GOOD = Versions("0.1.0", (3, 11, 7), "9.5.6", "2.1.9")
FILE = Sqlite("3.40.1", "wal", "FULL", checked=True, damage=None)
SERVER = Postgres("16.2", "on", "on", "on", "UTC")
HERE = Secret(is_set=False, path="breakwater.secret", mode=0o600)
SCOPES = ("read", "cancel")
MIB = 1024 * 1024
LIVE = Held("run", "h", NOON, in_force=True)
OVER = Held("run", "h", NOON, in_force=False)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


OK, NOTE, ATTENTION = Level.OK, Level.NOTE, Level.ATTENTION
CASES = [
    # ---------------------------------------------------------------- the program
    pytest.param(of_program.versions(GOOD), OK, "9.5.6", id="versions as pinned"),
    pytest.param(
        of_program.versions(GOOD._replace(python=(3, 10, 1))), ATTENTION, "3.10.1", id="old Python"
    ),
    pytest.param(
        of_program.versions(GOOD._replace(eventsourcing="10.0.1")),
        ATTENTION,
        "10.0.1",
        id="another eventsourcing",
    ),
    pytest.param(
        of_program.versions(GOOD._replace(eventsourcing=None)), ATTENTION, "missing", id="none"
    ),
    pytest.param(
        of_program.versions(GOOD._replace(sqlalchemy="2.2.0")),
        ATTENTION,
        "2.2.0",
        id="a later SQLAlchemy",
    ),
    pytest.param(
        of_program.versions(GOOD._replace(sqlalchemy="2.1.8")),
        ATTENTION,
        "2.1.8",
        id="an earlier SQLAlchemy",
    ),
    pytest.param(
        of_program.versions(GOOD._replace(sqlalchemy=None)),
        ATTENTION,
        "missing",
        id="no SQLAlchemy",
    ),
    pytest.param(of_program.settings_file(None, None), OK, "defaults", id="no settings file"),
    pytest.param(of_program.settings_file("b.toml", None), OK, "b.toml", id="a valid file"),
    pytest.param(
        of_program.settings_file("b.toml", "b.toml: no setting is called 'x'"),
        ATTENTION,
        "'x'",
        id="a file that cannot be read",
    ),
    pytest.param(of_program.outlived({"PATH": "/"}, ["actor"]), OK, "", id="no variable of ours"),
    pytest.param(
        of_program.outlived({"BREAKWATER_ACTOR": "a"}, ["actor"]), OK, "", id="a variable that is"
    ),
    pytest.param(
        of_program.outlived({"BREAKWATER_VENUES__ABP": "a"}, ["venues"]), OK, "", id="a nested one"
    ),
    pytest.param(
        of_program.outlived({"BREAKWATER_ACTR": "a"}, ["actor"]),
        NOTE,
        "BREAKWATER_ACTR",
        id="a variable that nobody reads",
    ),
    pytest.param(of_program.connections([], online=False), OK, "none", id="no connection"),
    pytest.param(
        of_program.connections(
            [ConnectionSeen("a", key_found=True, key_is="file k", trouble=None)], online=False
        ),
        OK,
        "--online",
        id="a connection with its key",
    ),
    pytest.param(
        of_program.connections(
            [ConnectionSeen("a", key_found=True, key_is="file k", trouble=None)], online=True
        ),
        OK,
        "reachable",
        id="a connection that answers",
    ),
    pytest.param(
        of_program.connections(
            [ConnectionSeen("a", key_found=False, key_is="file k", trouble=None)], online=False
        ),
        ATTENTION,
        "a (file k)",
        id="a connection without its key",
    ),
    pytest.param(
        of_program.connections(
            [ConnectionSeen("a", key_found=True, key_is="file k", trouble="refused")], online=True
        ),
        ATTENTION,
        "a: refused",
        id="a connection that does not answer",
    ),
    pytest.param(of_program.keys([], SCOPES, HERE), OK, "none", id="no keys"),
    pytest.param(of_program.keys([Key("k", ["read"])], SCOPES, HERE), OK, "1 key", id="a key"),
    pytest.param(
        of_program.keys([Key("k", [""])], SCOPES, HERE), ATTENTION, "k", id="a key without scope"
    ),
    pytest.param(
        of_program.keys([Key("k", ["fly"])], SCOPES, HERE), ATTENTION, "k", id="an unknown scope"
    ),
    pytest.param(
        of_program.keys([Key("k", ["read"])], SCOPES, HERE._replace(mode=None)),
        ATTENTION,
        "none can be recognised",
        id="keys whose secret is elsewhere",
    ),
    pytest.param(
        of_program.keys([Key("k", ["read"])], SCOPES, Secret(is_set=True, path="", mode=None)),
        OK,
        "1 key",
        id="keys whose secret is set",
    ),
    pytest.param(
        of_program.keys([], SCOPES, HERE._replace(mode=0o644)),
        ATTENTION,
        "644",
        id="an open secret",
    ),
    # ---------------------------------------------------------------- the database
    pytest.param(of_database.reachable("db", None), OK, "db answers", id="it answers"),
    pytest.param(of_database.reachable("db", "refused"), ATTENTION, "refused", id="it does not"),
    pytest.param(
        of_database.reachable("db", "disk image is malformed"), ATTENTION, "damaged", id="cut file"
    ),
    pytest.param(
        of_database.reachable("db", None, is_there=False), NOTE, "not there", id="no file yet"
    ),
    pytest.param(of_database.schema("current", "0010"), OK, "0010", id="current"),
    pytest.param(of_database.schema("newer", "0010"), ATTENTION, "newer", id="newer"),
    pytest.param(of_database.schema("empty", "0010"), ATTENTION, "no tables", id="empty"),
    pytest.param(of_database.schema("behind", "0010"), ATTENTION, "older", id="behind"),
    pytest.param(of_database.sqlite(FILE, "full"), OK, "passed", id="a durable file"),
    pytest.param(
        of_database.sqlite(FILE._replace(checked=False), "full"), OK, "--full", id="a large file"
    ),
    pytest.param(
        of_database.sqlite(FILE._replace(synchronous="NORMAL"), "normal"),
        OK,
        "NORMAL",
        id="a file as durable as asked",
    ),
    pytest.param(
        of_database.sqlite(FILE._replace(synchronous="OFF"), "full"),
        ATTENTION,
        "power cut",
        id="a file less durable than asked",
    ),
    pytest.param(
        of_database.sqlite(FILE._replace(journal_mode="delete"), "full"),
        ATTENTION,
        "delete",
        id="a file without write-ahead log",
    ),
    pytest.param(
        of_database.sqlite(FILE._replace(damage="page 7"), "full"),
        ATTENTION,
        "page 7",
        id="a damaged file",
    ),
    pytest.param(of_database.postgres(SERVER, "full"), OK, "UTC", id="a durable server"),
    pytest.param(
        of_database.postgres(SERVER._replace(fsync="off"), "full"), ATTENTION, "fsync", id="fsync"
    ),
    pytest.param(
        of_database.postgres(SERVER._replace(full_page_writes="off"), "full"),
        ATTENTION,
        "full_page_writes",
        id="full_page_writes",
    ),
    pytest.param(
        of_database.postgres(SERVER._replace(synchronous_commit="off"), "full"),
        ATTENTION,
        "synchronous_commit",
        id="synchronous_commit",
    ),
    pytest.param(
        of_database.postgres(SERVER._replace(synchronous_commit="off"), "normal"),
        OK,
        "synchronous_commit=off",
        id="a server as durable as asked",
    ),
    pytest.param(
        of_database.postgres(SERVER._replace(timezone="Europe/Vienna"), "full"),
        NOTE,
        "Vienna",
        id="another time zone",
    ),
    pytest.param(of_database.disk(Disk("/d", 9_000 * MIB, 10 * MIB)), OK, "/d", id="much room"),
    pytest.param(
        of_database.disk(Disk("/d", 100 * MIB, 10 * MIB)), ATTENTION, "100 MiB", id="little room"
    ),
    pytest.param(
        of_database.disk(Disk("/d", 900 * MIB, 1_000 * MIB)), NOTE, "rebuild", id="room for no copy"
    ),
    pytest.param(of_database.disk(Disk("", None, MIB)), OK, "server", id="another machine's disk"),
    pytest.param(of_database.clocks(Clocks(NOON, after(1), None)), OK, "1.000", id="clocks agree"),
    pytest.param(
        of_database.clocks(Clocks(NOON, after(-9), None)), ATTENTION, "9.0 s", id="clocks apart"
    ),
    pytest.param(
        of_database.clocks(Clocks(NOON, NOON, after(-9))), OK, "0.000", id="a log of the past"
    ),
    pytest.param(
        of_database.clocks(Clocks(NOON, NOON, after(9))), ATTENTION, "9.0 s", id="a future log"
    ),
    pytest.param(
        of_database.chain(ChainEnd(7, 7, None, whole=True)), OK, "whole, 7 events", id="whole"
    ),
    pytest.param(
        of_database.chain(ChainEnd(7, 90, None, whole=False)), OK, "verify", id="its end is whole"
    ),
    pytest.param(
        of_database.chain(ChainEnd(0, 90, "edited", whole=False)), ATTENTION, "edited", id="altered"
    ),
    # ---------------------------------------------------------------- the work
    pytest.param(of_work.projections([]), OK, "current", id="no read model yet"),
    pytest.param(
        of_work.projections([Stand("orders", 5, 3, 3)]), OK, "5 events", id="a little behind"
    ),
    pytest.param(
        of_work.projections([Stand("orders", 5, 0, 3)]), OK, "5 events", id="not begun: any rules"
    ),
    pytest.param(
        of_work.projections([Stand("orders", 10_001, 3, 3)]), ATTENTION, "10,001", id="far behind"
    ),
    pytest.param(
        of_work.projections([Stand("orders", 0, 2, 3)]), ATTENTION, "orders", id="of other rules"
    ),
    pytest.param(of_work.dead_letters([]), OK, "none", id="no dead letter"),
    pytest.param(
        of_work.dead_letters([("breaks", "odd"), ("orders", "x")]),
        ATTENTION,
        "2 streams left out of breaks, orders: odd",
        id="dead letters",
    ),
    pytest.param(of_work.quarantine(0, 10), OK, "nothing", id="nothing set aside"),
    pytest.param(of_work.quarantine(1, 99), NOTE, "1 line", id="one in a hundred"),
    pytest.param(of_work.quarantine(2, 97), ATTENTION, "format", id="more than that"),
    pytest.param(of_work.unknown_outcomes(0, 0), OK, "none", id="no unknown outcome"),
    pytest.param(of_work.unknown_outcomes(1, 0), ATTENTION, "1 order", id="an uncertain order"),
    pytest.param(of_work.unknown_outcomes(0, 2), ATTENTION, "2 cancels", id="unknown cancels"),
    pytest.param(of_work.leases([]), OK, "none", id="no lease"),
    pytest.param(of_work.leases([LIVE]), OK, "run by h", id="a lease"),
    pytest.param(of_work.leases([OVER]), NOTE, "last h", id="a lease that ended by itself"),
    pytest.param(of_work.leases([OVER, LIVE]), NOTE, "run by h", id="one of each"),
    pytest.param(of_work.publishers([]), OK, "nothing", id="no publisher"),
    pytest.param(of_work.publishers([Published("n", 0)]), OK, "0 events", id="all is published"),
    pytest.param(of_work.publishers([Published("n", 9)]), NOTE, "9 events", id="some is not"),
    pytest.param(
        of_work.publishers([Published("n", 10_001)]), ATTENTION, "10,001", id="much is not"
    ),
]


@pytest.mark.parametrize(("verdict", "level", "says"), CASES)
def test_it_is_judged(verdict: Verdict, level: Level, says: str) -> None:
    assert verdict.level is level
    assert says in verdict.says
    assert (verdict.next is not None) or level is not Level.ATTENTION


def test_the_versions_are_those_that_are_pinned() -> None:
    source = tree.text(tree.ROOT / "pyproject.toml")
    assert f'"eventsourcing=={of_program.EVENTSOURCING}"' in source
    least, below = (".".join(map(str, part)) for part in of_program.SQLALCHEMY)
    assert f'"sqlalchemy>={least},<{below}"' in source
