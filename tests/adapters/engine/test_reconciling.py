"""Two runs of one account at the same moment: the one that comes late is made again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from adapters.bootstrap import App
from adapters.engine.ports import Aside, WireLine
from adapters.engine.reconciling import TRIES_MAX, Reconciliation
from adapters.eventlog.store import Store
from domain.ports import Conflict
from domain.recorded import Pending
from domain.values import Account, Name
from projections.reconciliation_books import SqlBooks
from tests.feeding import NOON, Feed, desk, feed
from tests.stating import row, statement


class Busy(Store):
    """A log where another run of the account is recorded first, so many times."""

    def __init__(self, app: App, times: int) -> None:
        super().__init__(app.store.log)
        self._app = app
        self.left = times

    def append(  # type: ignore[override]  # the test hands in what a reconciliation does
        self,
        events: Sequence[Pending],
        names: Sequence[tuple[Account, Name, UUID]],
        wire: Sequence[WireLine],
        asides: Sequence[Aside],
        settled: Sequence[tuple[str, int, str]],
    ) -> tuple[int, datetime]:
        """Append, after the others."""
        if self.left:
            self.left -= 1
            moment = NOON + timedelta(minutes=self.left + 1)
            self._app.reconcile(statement(row("O1")), moment)
        return super().append(events, names, wire, asides, settled)


@pytest.mark.parametrize("times", [1, 2])
def test_a_run_that_comes_late_is_made_again(sqlite_url: str, times: int) -> None:
    with desk(sqlite_url) as app:
        feed(app, Feed("c1").place("X1").report("New", "O1", "X1", exec_id="1n"))
        with app.reading() as connection:
            log = Busy(app, times)
            told = statement(row("O1", matched="7"))
            ran = Reconciliation(log, SqlBooks(connection), told, NOON + timedelta(days=1)).run()
        assert ran.new
        assert log.left == 0
        kinds = [type(entry.event).__name__ for entry in app.store.after(0, 100)]
        assert kinds.count("ReconciliationRan") == times + 1


def test_a_run_that_never_comes_first_gives_up(sqlite_url: str) -> None:
    with desk(sqlite_url) as app:
        feed(app, Feed("c1").place("X1").report("New", "O1", "X1", exec_id="1n"))
        with app.reading() as connection:
            log = Busy(app, TRIES_MAX)
            late = Reconciliation(log, SqlBooks(connection), statement(row("O1")), NOON)
            with pytest.raises(Conflict):
                late.run()
