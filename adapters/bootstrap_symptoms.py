"""What the doctor looks at, each thing fetched from where it is and told to its judgement."""

from __future__ import annotations

import os
import platform
import shutil
import socket
import sqlite3
import ssl
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import func, select, text

from adapters.bootstrap import App
from adapters.bootstrap_leases import leases_of
from adapters.codec import moment
from adapters.doctor import of_database, of_program, of_work
from adapters.doctor.verdict import Verdict
from adapters.eventlog.chain import verify, verify_end
from adapters.eventlog.database import revisions
from adapters.eventlog.schema import quarantine as set_aside
from adapters.eventlog.schema import wire
from adapters.gateways.clients import Scope
from adapters.jetstream.tracking import publications_in
from adapters.keyring import SECRET_FILE
from adapters.keys.schema import api_keys
from adapters.leases.store import now_us
from adapters.settings import Settings, settings_file
from adapters.speaking import has_key
from projections import queries
from projections.tables import cancels, orders

SAMPLE_EVENTS: Final = 1_000
QUICK_BYTES_MAX: Final = 1024 * 1024 * 1024
"""A larger file is checked only with --full: it takes minutes."""
_SYNCHRONOUS: Final = {0: "OFF", 1: "NORMAL", 2: "FULL", 3: "EXTRA"}
_PORTS: Final = {"http": 80, "ws": 80, "https": 443, "wss": 443}


@dataclass(frozen=True)
class Patient:
    """What is examined. `full`: all of it; `online`: venues are called, without a key."""

    settings: Settings
    app: App
    environment: Mapping[str, str]
    full: bool = False
    online: bool = False

    @property
    def is_sqlite(self) -> bool:
        """The database is a file."""
        return self.app.engine.dialect.name == "sqlite"


def versions(_: Patient) -> Verdict:
    """Interpreter and libraries."""
    major, minor, patch = (int(part) for part in platform.python_version_tuple()[:3])
    program = _version("breakwater") or "(not installed)"
    libraries = _version("eventsourcing"), _version("sqlalchemy")
    return of_program.versions(of_program.Versions(program, (major, minor, patch), *libraries))


def settings(_: Patient) -> Verdict:
    """The settings file: who got here could read it."""
    path = settings_file()
    return of_program.settings_file(None if path is None else str(path), None)


def environment(patient: Patient) -> Verdict:
    """The variables of ours."""
    known = {*Settings.model_fields, "settings"}
    return of_program.outlived(patient.environment, known)


def schema(patient: Patient) -> Verdict:
    """The tables."""
    return of_database.schema(patient.app.schema_state(), revisions()[-1])


def durability(patient: Patient) -> Verdict:
    """What the database promises."""
    wanted = patient.settings.durability
    if patient.is_sqlite:
        return of_database.sqlite(_sqlite(patient), wanted)
    names = ("server_version", "fsync", "full_page_writes", "synchronous_commit", "TimeZone")
    with patient.app.reading() as connection:
        found = [str(connection.exec_driver_sql(f"SHOW {name}").scalar_one()) for name in names]
    return of_database.postgres(of_database.Postgres(*found), wanted)


def _sqlite(patient: Patient) -> of_database.Sqlite:
    small = patient.full or _used(patient) <= QUICK_BYTES_MAX
    with patient.app.reading() as connection:
        mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
        level = connection.exec_driver_sql("PRAGMA synchronous").scalar_one()
        told = "ok"
        if small:
            told = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one())
    synchronous = _SYNCHRONOUS.get(level, str(level))
    damage = None if told == "ok" else told.replace("\n", " ")
    return of_database.Sqlite(sqlite3.sqlite_version, mode, synchronous, small, damage)


def disk(patient: Patient) -> Verdict:
    """Room where the database lies."""
    used = _used(patient)
    if not patient.is_sqlite:
        return of_database.disk(of_database.Disk("", None, used))
    place = Path(patient.app.engine.url.database or "").resolve().parent
    return of_database.disk(of_database.Disk(str(place), shutil.disk_usage(place).free, used))


def _used(patient: Patient) -> int:
    if patient.is_sqlite:
        return Path(patient.app.engine.url.database or "").stat().st_size
    with patient.app.reading() as connection:
        size = text("SELECT pg_database_size(current_database())")
        return int(connection.execute(size).scalar_one())


def clocks(patient: Patient) -> Verdict:
    """The time here, there, and in the log."""
    log = patient.app.store.log
    last = log.after(log.head().position - 1, 1)
    newest = moment(last[0].recorded_at) if last else None
    with patient.app.reading() as connection:
        before = patient.app.clock()
        there = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=now_us(connection))
        here = before + (patient.app.clock() - before) / 2
    return of_database.clocks(of_database.Clocks(here, there, newest))


def chain(patient: Patient) -> Verdict:
    """The end of the log, or all of it."""
    engine = patient.app.engine
    head = patient.app.store.head()
    report = verify(engine) if patient.full else verify_end(engine, SAMPLE_EVENTS)
    damage = None if report.damage is None else report.damage.what
    whole = patient.full or report.events == head
    return of_database.chain(of_database.ChainEnd(report.events, head, damage, whole))


def projections(patient: Patient) -> Verdict:
    """Where the read models stand."""
    head = patient.app.store.head()
    with patient.app.reading() as connection:
        stands = queries.standings(connection)
    found: list[of_work.Stand] = []
    for one in patient.app.runner.projections:
        at = stands.get(one.name)
        position, stored = (0, 0) if at is None else (at.position, at.version)
        found.append(of_work.Stand(one.name, max(0, head - position), stored, one.version))
    return of_work.projections(found)


def dead_letters(patient: Patient) -> Verdict:
    """What the read models left out."""
    with patient.app.reading() as connection:
        found = queries.buried(connection)
    return of_work.dead_letters([(row["projection"], row["error"]) for row in found])


def quarantine(patient: Patient) -> Verdict:
    """What was set aside."""
    waits = select(func.count()).where(set_aside.c.released.is_(False))
    with patient.app.reading() as connection:
        count = connection.execute(waits).scalar_one()
        lines = connection.execute(select(func.count()).select_from(wire)).scalar_one()
    return of_work.quarantine(count, lines)


def unknown_outcomes(patient: Patient) -> Verdict:
    """What nobody knows the outcome of."""
    with patient.app.reading() as connection:
        uncertain = select(func.count()).where(orders.c.certain.is_(False))
        unknown = select(func.count()).where(cancels.c.status == "unknown")
        found = [connection.execute(query).scalar_one() for query in (uncertain, unknown)]
    return of_work.unknown_outcomes(*found)


def leases(patient: Patient) -> Verdict:
    """Who holds what."""
    return of_work.leases(
        [
            of_work.Held(one.name, one.holder, one.expires_at, one.in_force)
            for one in leases_of(patient.app).listed()
            if one.holder is not None
        ]
    )


def publishers(patient: Patient) -> Verdict:
    """How far the log is published."""
    head = patient.app.store.head()
    with patient.app.reading() as connection:
        found = list(publications_in(connection))
    return of_work.publishers([of_work.Published(one.name, head - one.position) for one in found])


def keys(patient: Patient) -> Verdict:
    """Keys of the gateways, and under what they are hashed."""
    query = select(api_keys.c.key_id, api_keys.c.scopes).where(api_keys.c.revoked_at.is_(None))
    with patient.app.reading() as connection:
        rows = connection.execute(query.order_by(api_keys.c.created_at)).all()
    path = Path(SECRET_FILE)
    mode = path.stat().st_mode & 0o777 if path.exists() else None
    return of_program.keys(
        [of_program.Key(row.key_id, row.scopes.split(",")) for row in rows],
        [str(scope) for scope in Scope],
        of_program.Secret(patient.settings.keys_secret is not None, SECRET_FILE, mode),
    )


def connections(patient: Patient) -> Verdict:
    """Accounts at venues."""
    found: list[of_program.ConnectionSeen] = []
    for name, one in patient.settings.connections.items():
        is_in = f"file {one.key_file}" if one.key_env is None else f"variable {one.key_env}"
        urls = [url for url in (one.base_url, one.ws_url) if url is not None]
        trouble = None
        if patient.online:
            trouble = next(filter(None, (_called(url, one.connect_s_max) for url in urls)), None)
        found.append(of_program.ConnectionSeen(name, has_key(name, one), is_in, trouble))
    return of_program.connections(found, online=patient.online)


def _called(url: str, s_max: float) -> str | None:
    """Why nobody answers at `url`; no key is shown, nothing is asked."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or _PORTS[parts.scheme]
    try:
        with closing(socket.create_connection((host, port), timeout=s_max)) as line:
            if parts.scheme in {"https", "wss"}:
                ssl.create_default_context().wrap_socket(line, server_hostname=host).close()
    except OSError as error:
        return f"{host}:{port} ({error})"
    return None


def environment_now() -> Mapping[str, str]:
    """The variables of this process."""
    return dict(os.environ)


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
