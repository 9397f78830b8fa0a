"""Our errors and the driver's, as those of the library where its recorders are used."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from eventsourcing.persistence import (
    DatabaseError,
    DataError,
    IntegrityError,
    InterfaceError,
    InternalError,
    NotSupportedError,
    OperationalError,
    PersistenceError,
    ProgrammingError,
)
from sqlalchemy.exc import DBAPIError

from adapters.eventlog.driver import Lost, postgres_error
from adapters.eventlog.errors import NotReady, UnknownCause, Unreachable
from domain.ports import Conflict

_BY_NAME: Final[dict[str, type[PersistenceError]]] = {
    kind.__name__: kind
    for kind in (
        DatabaseError,
        DataError,
        IntegrityError,
        InterfaceError,
        InternalError,
        NotSupportedError,
        OperationalError,
        ProgrammingError,
    )
}


@contextmanager
def library_errors() -> Generator[None]:
    """Let only the library's own errors out."""
    try:
        yield
    except (Conflict, UnknownCause) as error:
        raise IntegrityError(str(error)) from error
    except (Unreachable, Lost) as error:
        raise OperationalError(str(error)) from error
    except NotReady as error:
        raise ProgrammingError(str(error)) from error
    except DBAPIError as error:
        raise _named(error.orig)(str(error.orig)) from error
    except (sqlite3.Error, postgres_error()) as error:
        raise _named(error)(str(error)) from error


def _named(error: BaseException | None) -> type[PersistenceError]:
    """Both drivers name their errors as the library does; a finer one counts as its parent."""
    for kind in type(error).__mro__:
        if kind.__name__ in _BY_NAME:
            return _BY_NAME[kind.__name__]
    return PersistenceError
