"""A small trading day, statements about it, and what a run finds, in short."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from adapters.bootstrap import App
from adapters.bootstrap_statements import Ran
from domain.runs import Difference
from domain.statement import Lists, Statement
from projections import reconciliation
from projections.break_queries import Wanted, break_list
from tests.feeding import NOON, Feed, Record
from tests.stating import listing, row

T = NOON + timedelta(seconds=100)


def day() -> Feed:
    """O1 is open and matched in part, O2 was cancelled after a match, O3 is open, O4 refused."""
    given = Feed("c1")
    given.place("X1").report("New", "O1", "X1", exec_id="1n")
    given.trade("O1", "X1", "F1", "40")
    given.place("X2").report("New", "O2", "X2", exec_id="2n")
    given.trade("O2", "X2", "F2", "10")
    given.report("Canceled", "O2", "X2", exec_id="2c")
    given.place("X3").report("New", "O3", "X3", exec_id="3n")
    return given.place("X4").report("Rejected", "O4", "X4", exec_id="4r")


ONE = row("O1", "PARTIALLY_FILLED", size="100", matched="40", remaining="60", price="1.95")
TWO = row("O2", "CANCELLED", size="100", matched="10", remaining="0", cancelled="90")
THREE = row("O3", "NEW", size="100", matched="0", remaining="100")
ALL = (ONE, TWO, THREE)


def said(found: Difference) -> str:
    """A difference in short, by the name that it goes by."""
    name = None if found.name is None else found.name.value
    words = (name, found.aspect, found.ref, found.figure, found.ours, found.theirs)
    return " ".join(word for word in words if word is not None)


def differences(ran: Ran) -> list[str]:
    """What a run found, in short."""
    return sorted(said(item) for item in ran.differences)


def breaks(app: App, *, everything: bool = False) -> list[str]:
    """The breaks that stand, and with `everything` all flags, each with its state."""
    with app.reading() as connection:
        at = app.as_of(connection)
        assert at is not None
        found = list(break_list(connection, at, Wanted(everything=everything)))
    return sorted(f"{item['code']} {item['status']}" for item in found)


def runs(app: App) -> list[Record]:
    """The runs so far."""
    with app.reading() as connection:
        return list(reconciliation.run_list(connection, venue="canonical", account="desk"))


def another(told: Statement, number: int = 2) -> Statement:
    """The same kind of list, fetched another time."""
    inputs = [replace(item, sha256=f"{number:064x}") for item in told.inputs]
    return replace(told, inputs=inputs)


OPEN_LIST = [listing(Lists.OPEN)]
TRADES = [listing(Lists.FILLS)]
BOTH = [listing(Lists.OPEN), listing(Lists.CLOSED, name="history.json", sha256="cd" * 32)]


def of_statements(text: str) -> bool:
    """The flag is one that statements raise."""
    return text.startswith(("EXI-0", "QTY-0", "FIL-05", "STR-0"))
