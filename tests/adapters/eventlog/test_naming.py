"""The index of names says what the events say, whatever its seal says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, update

from adapters.eventlog.database import downgrade, upgrade
from adapters.eventlog.engines import writing
from adapters.eventlog.log import SqlEventLog
from adapters.eventlog.rows import WireRow
from adapters.eventlog.schema import names
from adapters.eventlog.store import Store
from domain.events import Event, OrderAccepted, OrderIdentified, OrderMerged, OrderPlaced, Terms
from domain.recorded import Pending
from domain.requests import CancelOpened
from domain.values import Account, Name, NameKind
from tests.adapters.eventlog.builders import CAPTURE
from tests.adapters.eventlog.tampering import Step, drop_triggers, put, reseal

DESK = Account("abp", "desk")
SEEN = datetime(2026, 11, 21, 12, tzinfo=UTC)
ORDER, TWIN, FIRST, SECOND = (UUID(int=number) for number in range(1, 5))
CLIENT = Name(NameKind.CLIENT, 'mine "quoted" é')
VENUE = Name(NameKind.VENUE, "B-1")
REUSED = Name(NameKind.REQUEST, "r-1")
IN_SESSION = Name(NameKind.SESSION, f"{CAPTURE}:r-1")


def opened(ref: str | None) -> CancelOpened:
    return CancelOpened(venue="abp", account="desk", scope=(), request_ref=ref)


TOLD: list[tuple[UUID, int, Event]] = [
    (ORDER, 1, OrderPlaced(terms=Terms(), names=(CLIENT,))),
    (TWIN, 1, OrderAccepted(names=(VENUE,))),
    (ORDER, 2, OrderIdentified(names=(VENUE,))),  # they proved to be one; the twin keeps the name
    (TWIN, 2, OrderMerged(into=ORDER)),
    (FIRST, 1, opened("r-1")),
    (SECOND, 1, opened("r-1")),
    (UUID(int=9), 1, opened(None)),
]
KNOWN = [(CLIENT, ORDER), (VENUE, TWIN), (REUSED, FIRST), (IN_SESSION, SECOND)]


@pytest.fixture
def store(engine: Engine) -> Store:
    """A log whose events told four names."""
    store = Store(SqlEventLog(engine))
    pending = [
        Pending(stream, version, DESK, UUID(int=50 + n), None, SEEN, CAPTURE, 1, event)
        for n, (stream, version, event) in enumerate(TOLD)
    ]
    wire = [WireRow(CAPTURE, 1, 0, None, "read", b"{}")]
    store.append(pending, [(DESK, *known) for known in KNOWN], wire, [], [])
    return store


def test_names_that_events_told_are_not_accused(store: Store) -> None:
    assert store.verified().damage is None


def gone(name: Name) -> Step:
    return lambda c: c.execute(names.delete().where(names.c.name == name.value))


def turned(name: Name, /, **values: object) -> Step:
    return lambda c: c.execute(update(names).where(names.c.name == name.value).values(values))


def added(text: str, stream: UUID, account: str = "desk") -> Step:
    return put(names, venue="abp", account=account, kind="venue", name=text, stream_id=stream)


@pytest.mark.parametrize(
    ("step", "position", "what"),
    [
        pytest.param(gone(CLIENT), 1, "is gone", id="a name of ours is gone"),
        pytest.param(gone(VENUE), 2, "is gone", id="a name that two orders told is gone"),
        pytest.param(gone(REUSED), 5, "is gone", id="the name of a request is gone"),
        pytest.param(
            turned(CLIENT, stream_id=FIRST), 5, "never told", id="a name leads to another stream"
        ),
        pytest.param(turned(CLIENT, account="x"), 1, "mine", id="a name of another account"),
        pytest.param(turned(VENUE, name="B-2"), 2, "'B-1'", id="a name is another"),
        pytest.param(added("B-9", TWIN), 2, "'B-9'", id="a name of an order is put in"),
        pytest.param(added("B-9", UUID(int=2**99)), 0, "'B-9'", id="a name of nothing is put in"),
        pytest.param(added("B-9", UUID(int=0)), 0, "'B-9'", id="a name of nothing, before all"),
        pytest.param(
            added("B-1", TWIN, account="x"), 2, "never told", id="a name for somebody else"
        ),
        pytest.param(
            turned(IN_SESSION, name="other:r-1"), 6, "never told", id="a name of another session"
        ),
    ],
)
def test_names_that_no_event_told_are_found_though_their_seal_fits(
    store: Store, step: Callable[[Connection], object], position: int, what: str
) -> None:
    with writing(store.log.engine) as connection:
        drop_triggers(connection)
        step(connection)
        reseal(connection)
    damage = store.verified().damage
    assert damage is not None
    assert (damage.position, damage.kind) == (position, "names")
    assert what in damage.what


def test_names_changed_before_there_were_seals_are_found(store: Store) -> None:
    engine = store.log.engine
    downgrade(engine, "0002")
    with writing(engine) as connection:
        drop_triggers(connection)
        turned(CLIENT, stream_id=FIRST)(connection)
    upgrade(engine)
    damage = store.verified().damage
    assert damage is not None
    assert damage.kind == "names"
