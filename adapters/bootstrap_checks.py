"""The part of what meets that tells in the log what checks of it found."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.exc import SQLAlchemyError

from adapters.bootstrap import App
from adapters.checking import Checks
from adapters.codec import BrokenState, UnknownTopic
from adapters.eventlog.errors import Damaged, Unreachable
from domain.notices import Check
from domain.ports import Conflict
from projections import queries

UNTOLD = (SQLAlchemyError, Damaged, Unreachable, Conflict, BrokenState, UnknownTopic)
"""Why a log that was altered may take no further event, and a busy one may not now."""


def tell_checks(app: App, found: Mapping[Check, str | None]) -> str | None:
    """Store what the checks found, as of the books that were checked; why it cannot be, or None."""
    try:
        with app.reading() as connection:
            at = app.as_of(connection)
        Checks(app.store).told(found, at or app.clock())
    except UNTOLD as error:
        return f"{type(error).__name__}: {error}".splitlines()[0]
    return None


def same_again(app: App, differing: Mapping[str, int], head: int) -> str | None:
    """Read the log again when rows differ: what differs between the two readings (INT-03).

    None when they agree, and when somebody wrote meanwhile, so that nobody can tell.
    """
    if not any(differing.values()):
        return None
    again = app.compare()
    if again == differing or app.store.head() != head:
        return None
    names = [name for name in differing if differing[name] != again.get(name)]
    with app.reading() as connection:
        stands = queries.standings(connection)
    if any(stand.position != head for stand in stands.values()):
        return None
    return (
        f"read twice, the log gave other rows the second time: {', '.join(sorted(names))}; "
        "the program is at fault"
    )
