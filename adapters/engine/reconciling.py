"""A reconciliation from statement to log: read, compared, and recorded as events of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from adapters.engine.statement_orders import ReconcileLog
from adapters.engine.statement_rows import StatementRows
from domain.ids import derived, event_id
from domain.ports import Conflict
from domain.reconcile_books import Books
from domain.reconcile_runs import SoFar, decide, runs_so_far, same_statement
from domain.recorded import Pending
from domain.runs import Difference, ReconciliationRan, RunEvent
from domain.statement import Statement
from domain.values import Account

TRIES_MAX = 16
"""How often a run is made again when another run of the same account was recorded meanwhile."""


@dataclass(frozen=True, slots=True)
class Ran:
    """A run as the log has it, and what differs by it.

    `new` is false when the log had it already: nothing was added.
    """

    ran: ReconciliationRan
    new: bool
    differences: Sequence[Difference]


def run_stream(owner: Account) -> UUID:
    """The stream of all runs of an account."""
    return derived("runs", owner.venue, owner.account)


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Holds a statement against the books as they were at `as_of`.

    `own_ref` is how our client references begin: an order that we do not know and that carries
    it is ours all the same.
    """

    log: ReconcileLog
    books: Books
    statement: Statement
    as_of: datetime
    own_ref: str = ""

    def run(self) -> Ran:
        """Compare and record; the same statement with the same outcome adds nothing."""
        for _ in range(TRIES_MAX - 1):
            try:
                return self._once()
            except Conflict:
                continue  # another run of the account was recorded: what is news has changed
        return self._once()

    def _once(self) -> Ran:
        stream = run_stream(self.statement.owner)
        before = runs_so_far(self.log.histories([stream]).get(stream, ()))
        rows = StatementRows(self.log, self.books, self.statement, self.as_of, before, self.own_ref)
        outcome = rows.read()
        said = decide(before, outcome)
        known = same_statement(before.runs, outcome)
        differences = list(outcome.found.values())
        if known is not None and not said:
            return Ran(known, new=False, differences=differences)
        ran = said[0][0]
        assert isinstance(ran, ReconciliationRan), "a run tells of itself first"
        self.log.append(self._pending(stream, before, said), (), (), rows.asides, ())
        return Ran(ran, new=True, differences=differences)

    def _pending(
        self, stream: UUID, before: SoFar, said: Sequence[tuple[RunEvent, datetime]]
    ) -> list[Pending]:
        run_id = said[0][0].run_id
        return [
            Pending(
                stream,
                before.version + index + 1,
                self.statement.owner,
                event_id(f"run {run_id}", "run", index),
                None,
                moment,
                None,
                None,
                event,
            )
            for index, (event, moment) in enumerate(said)
        ]


def declared(statement: Statement, complete: bool | None) -> Statement:  # noqa: FBT001 - three answers: yes, no, as the files say
    """The statement as whoever fetched it declares it: all that the venue lists, or a part."""
    if complete is None:
        return statement
    inputs = [replace(item, complete=complete) for item in statement.inputs]
    return replace(statement, inputs=inputs)
