"""Where leases meet the database."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import event

from adapters.bootstrap import App
from adapters.leases.keeping import Kept, keeping
from adapters.leases.store import Lease, LeaseLost, Leases, Standing, guard, new_holder

__all__ = ["Kept", "Lease", "LeaseLost", "Leases", "Standing", "guard", "keeping", "leases_of"]
__all__ += ["impatient", "new_holder"]


def leases_of(app: App) -> Leases:
    """The leases of the app's database."""
    return Leases(app.reading, app.writing)


def impatient(app: App, lasts: timedelta) -> None:
    """Let the server end a transaction of ours that is idle for as long as a lease lasts.

    A process that was paused within one would keep its locks, and whoever takes over would wait
    for it. SQLite has nothing of the kind.
    """
    if app.engine.dialect.name != "postgresql":
        return
    limit = int(lasts.total_seconds() * 1000)

    def limited(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's connection
        connection.execute(f"SET idle_in_transaction_session_timeout = {limit}")
        connection.commit()

    event.listen(app.engine, "connect", limited)
    app.engine.dispose()
