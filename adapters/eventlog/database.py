"""The schema's version: which one a database has, and how it is moved.

Revisions are files `NNNN_what.py` in the `migrations` package; the number is the revision. Alembic
itself is imported only when something is to be moved: every command asks for the state first.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import contextmanager
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Final, Literal

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DatabaseError, OperationalError

from adapters.eventlog.engines import (
    BadDatabaseUrl,
    Durability,
    durability_of,
    open_database,
    reading,
    unreachable,
    writing,
)
from adapters.eventlog.errors import NewerDatabase, NotReady

__all__ = [
    "BadDatabaseUrl",
    "Durability",
    "State",
    "downgrade",
    "durability_of",
    "ensure",
    "open_database",
    "reading",
    "refuse_unless_current",
    "revisions",
    "state",
    "upgrade",
    "writing",
]

State = Literal["empty", "current", "behind", "newer"]

VERSION_TABLE: Final = "alembic_version"
_MIGRATIONS: Final = "migrations"
_REVISION: Final = re.compile(r"(\d{4})_\w+\.py")
_UPGRADE_LOCK: Final = 0x42524541_4B574154  # "BREAKWAT": one upgrade at a time on PostgreSQL


@lru_cache(maxsize=1)
def revisions() -> tuple[str, ...]:
    """Every revision that this program knows, oldest first."""
    versions = files(_MIGRATIONS).joinpath("versions")
    found = (_REVISION.fullmatch(entry.name) for entry in versions.iterdir())
    return tuple(sorted(match[1] for match in found if match))


def state(engine: Engine) -> State:
    """Whether the schema is missing, older than this program, as it should be, or newer."""
    try:
        with engine.connect() as connection:
            return _state(connection)
    except OperationalError as error:
        raise unreachable(engine, error) from error
    except DatabaseError as error:
        if "not a database" not in str(error):
            raise
        raise NotReady(
            f"{engine.url.database} is not a SQLite database; name another file"
        ) from error


def ensure(engine: Engine) -> None:
    """Return when the schema fits; make it on an empty SQLite file; else say what to do."""
    found = state(engine)
    if found == "empty" and engine.dialect.name == "sqlite":
        _only_ours(engine)
        upgrade(engine)
        return
    refuse_unless_current(engine, found)


def refuse_unless_current(engine: Engine, found: State) -> None:
    """Raise what is wrong with the schema of `engine`, when something is."""
    shown = engine.url.render_as_string(hide_password=True)
    if found == "newer":
        raise NewerDatabase(
            f"{shown} was upgraded by a newer version of Breakwater "
            f"(this one knows {revisions()[-1]}); use that version"
        )
    if found == "empty":
        raise NotReady(f"{shown} has no tables yet; run `breakwater db upgrade` once")
    if found == "behind":
        raise NotReady(
            f"{shown} has tables of an older version; back it up, then run `breakwater db upgrade`"
        )


def upgrade(engine: Engine, to: str = "head") -> None:
    """Move the schema forward. Safe to run twice, and by several programs at once."""
    with _exclusive(engine) as connection:
        found = _state(connection)
        if found == "newer":
            refuse_unless_current(engine, found)
        if found == "current" and to == "head":
            return
        _run(connection, "upgrade", to)


def downgrade(engine: Engine, to: str) -> None:
    """Move the schema back to revision `to` (`base`: remove it; a log with events stays)."""
    with _exclusive(engine) as connection:
        try:
            _run(connection, "downgrade", to)
        except RuntimeError as error:  # a revision that will not throw a log away
            raise NotReady(str(error)) from error


@contextmanager
def _exclusive(engine: Engine) -> Generator[Connection]:
    """A writing transaction that excludes every other upgrade of the same database."""
    try:
        with writing(engine) as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(
                    text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADE_LOCK}
                )
            yield connection
    except OperationalError as error:
        raise unreachable(engine, error) from error


def _state(connection: Connection) -> State:
    if not inspect(connection).has_table(VERSION_TABLE):
        return "empty"
    found = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalars().all()  # noqa: S608 - a constant
    if not found:
        return "empty"
    if any(revision not in revisions() for revision in found):
        return "newer"
    return "current" if revisions()[-1] in found else "behind"


def _only_ours(engine: Engine) -> None:
    """A file with somebody else's tables is not filled with ours."""
    with engine.connect() as connection:
        others = set(inspect(connection).get_table_names()) - {VERSION_TABLE}
    if others and state(engine) == "empty":
        raise NotReady(
            f"{engine.url.database} holds tables of another program "
            f"({', '.join(sorted(others)[:3])}); name another file"
        )


def _run(connection: Connection, direction: Literal["upgrade", "downgrade"], to: str) -> None:
    from alembic import command  # noqa: PLC0415 - a tenth of a second, needed only here
    from alembic.config import Config  # noqa: PLC0415 - as above, it takes time

    config = Config()
    config.set_main_option("script_location", str(Path(str(files(_MIGRATIONS)))).replace("%", "%%"))
    config.attributes["connection"] = connection
    (command.upgrade if direction == "upgrade" else command.downgrade)(config, to)
