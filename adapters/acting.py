"""Who acts for a venue account just now: many may send, one alone may tidy up after the dead.

The lock ends with its holder, however that ends. On SQLite it is one of a file beside the
database, on PostgreSQL one of the database's session.
"""

from __future__ import annotations

import fcntl
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from adapters.bootstrap import App
from domain.ids import derived
from domain.values import Account


@contextmanager
def acting(app: App, owner: Account, *, alone: bool = False) -> Generator[bool]:
    """Act for the account; False when `alone` is asked for and others act, or one is alone."""
    key = derived("acting", owner.venue, owner.account)
    if app.engine.dialect.name == "sqlite":
        place = Path(f"{app.engine.url.database}-acting-{key.hex[:12]}")
        with place.open("ab") as file:
            how = fcntl.LOCK_EX if alone else fcntl.LOCK_SH
            try:
                fcntl.flock(file, how | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True
        return
    shared = "" if alone else "_shared"
    number = {"key": int.from_bytes(key.bytes[:8], signed=True)}
    with app.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as session:
        asked = text(f"SELECT pg_try_advisory_lock{shared}(:key)")
        got = bool(session.execute(asked, number).scalar_one())
        try:
            yield got
        finally:
            if got:
                session.execute(text(f"SELECT pg_advisory_unlock{shared}(:key)"), number)
