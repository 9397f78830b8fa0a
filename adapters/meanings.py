"""What an error of any room means for whoever ran the command."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from sqlalchemy.exc import OperationalError

from adapters.beside import ProcessLost
from adapters.bundles.sealed import Altered
from adapters.codec import BrokenState, UnknownTopic
from adapters.eventlog.engines import BadDatabaseUrl
from adapters.eventlog.errors import Damaged, NewerDatabase, NotReady, Unreachable
from adapters.exports.files import UnknownKind
from adapters.jetstream.errors import Denied
from adapters.jetstream.subjects import BadName
from adapters.keys.store import PepperTooShort
from adapters.leases.store import LeaseLost
from adapters.ports import PortTaken
from adapters.settings import BadSettings
from adapters.statements.errors import BadMapping, NotAStatement
from adapters.warehouse.exporting import CannotWrite
from adapters.warehouse.parquet import NoParquet
from domain.desk_decisions import Refused
from domain.ports import Conflict
from projections.runner import OutdatedRules


class Meaning(Enum):
    """What an error of some room means for whoever ran the command."""

    USAGE = "usage"
    CONFIGURATION = "configuration"
    CONFLICT = "conflict"
    UNREACHABLE = "unreachable"
    INTEGRITY = "integrity"


ERRORS: Sequence[tuple[type[Exception], Meaning]] = (
    (BadSettings, Meaning.CONFIGURATION),
    (NotAStatement, Meaning.USAGE),
    (BadMapping, Meaning.CONFIGURATION),
    (PepperTooShort, Meaning.CONFIGURATION),
    (Denied, Meaning.CONFIGURATION),
    (BadName, Meaning.USAGE),
    (LeaseLost, Meaning.CONFLICT),
    (PortTaken, Meaning.CONFIGURATION),
    (BadDatabaseUrl, Meaning.CONFIGURATION),
    (NotReady, Meaning.CONFIGURATION),
    (NewerDatabase, Meaning.CONFIGURATION),
    (OutdatedRules, Meaning.CONFIGURATION),
    (NoParquet, Meaning.CONFIGURATION),
    (Conflict, Meaning.CONFLICT),
    (Refused, Meaning.CONFLICT),
    (UnknownKind, Meaning.USAGE),
    (Unreachable, Meaning.UNREACHABLE),
    (CannotWrite, Meaning.UNREACHABLE),
    (ProcessLost, Meaning.UNREACHABLE),
    (OperationalError, Meaning.UNREACHABLE),
    (Damaged, Meaning.INTEGRITY),
    (Altered, Meaning.INTEGRITY),
    (UnknownTopic, Meaning.INTEGRITY),
    (BrokenState, Meaning.INTEGRITY),
)
"""The errors of every room that a user can do something about."""
