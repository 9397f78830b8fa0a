"""An examination: every check in turn, whatever the ones before it found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from enum import IntEnum
from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlalchemy.exc import SQLAlchemyError

from adapters import bootstrap_symptoms as symptoms
from adapters.bootstrap import opened
from adapters.bootstrap_symptoms import Patient
from adapters.doctor import of_database, of_program
from adapters.doctor.verdict import Level, Verdict, attention
from adapters.eventlog.engines import BadDatabaseUrl, unreachable
from adapters.eventlog.errors import LogError
from adapters.settings import BadSettings, Settings

__all__ = ["CHECKS", "Check", "Finding", "Level", "Needs", "Patient", "examined", "examined_by"]


class Needs(IntEnum):
    """What must be there for a check to be of any use."""

    NOTHING = 0
    DATABASE = 1
    TABLES = 2


class Check(NamedTuple):
    """Something to look at."""

    name: str
    needs: Needs
    look: Callable[[Patient], Verdict]


class Finding(NamedTuple):
    """What a check found."""

    check: str
    verdict: Verdict

    def record(self) -> dict[str, Any]:
        """As it is listed."""
        says = self.verdict
        return {
            "check": self.check,
            "level": str(says.level),
            "says": says.says,
            "next": says.next,
        }


CHECKS: Final[Sequence[Check]] = (
    Check("versions", Needs.NOTHING, symptoms.versions),
    Check("settings", Needs.NOTHING, symptoms.settings),
    Check("environment", Needs.NOTHING, symptoms.environment),
    Check("connections", Needs.NOTHING, symptoms.connections),
    Check("schema", Needs.DATABASE, symptoms.schema),
    Check("durability", Needs.DATABASE, symptoms.durability),
    Check("disk", Needs.DATABASE, symptoms.disk),
    Check("clock", Needs.TABLES, symptoms.clocks),
    Check("chain", Needs.TABLES, symptoms.chain),
    Check("read models", Needs.TABLES, symptoms.projections),
    Check("dead letters", Needs.TABLES, symptoms.dead_letters),
    Check("quarantine", Needs.TABLES, symptoms.quarantine),
    Check("unknown outcomes", Needs.TABLES, symptoms.unknown_outcomes),
    Check("leases", Needs.TABLES, symptoms.leases),
    Check("publishers", Needs.TABLES, symptoms.publishers),
    Check("keys", Needs.TABLES, symptoms.keys),
)
"""What is looked at, in this order; a further check is one more line here."""


def examined(
    settings: Callable[[], Settings], *, full: bool = False, online: bool = False
) -> Iterator[Finding]:
    """Everything that can be looked at; settings that cannot be read are a finding, too."""
    try:
        chosen = settings()
        with opened(chosen, ready=False) as app:
            patient = Patient(chosen, app, symptoms.environment_now(), full=full, online=online)
            yield from examined_by(CHECKS, patient)
    except (BadSettings, BadDatabaseUrl) as error:
        yield Finding("settings", of_program.settings_file(None, " ".join(str(error).split())))


def examined_by(checks: Sequence[Check], patient: Patient) -> Iterator[Finding]:
    """What these checks find."""
    reachable = _reachable(patient)
    there = Needs.DATABASE if reachable.level is Level.OK else Needs.NOTHING
    yield Finding("database", reachable)
    if there is Needs.DATABASE and patient.app.schema_state() == "current":
        there = Needs.TABLES
    for check in checks:
        if check.needs > there:
            why = "the schema does not fit" if there is Needs.DATABASE else "nobody can be asked"
            yield Finding(check.name, Verdict(Level.UNCHECKED, f"not checked: {why}"))
        else:
            yield Finding(check.name, _looked(check, patient))


def _reachable(patient: Patient) -> Verdict:
    engine = patient.app.engine
    shown = engine.url.render_as_string(hide_password=True)
    if patient.is_sqlite and not Path(engine.url.database or "").exists():
        return of_database.reachable(shown, None, is_there=False)
    trouble: str | None = None
    try:
        with patient.app.reading() as connection:
            connection.exec_driver_sql("SELECT 1")
        patient.app.schema_state()
    except SQLAlchemyError as error:
        trouble = str(unreachable(engine, error))
    except LogError as error:
        trouble = str(error)
    return of_database.reachable(shown, trouble)


def _looked(check: Check, patient: Patient) -> Verdict:
    try:
        return check.look(patient)
    except Exception as error:  # noqa: BLE001 - whatever goes wrong in a check is what it found
        first = (str(error).splitlines() or [""])[0]
        return attention(f"cannot be checked: {type(error).__name__}: {first}", "breakwater verify")
