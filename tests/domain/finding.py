"""What a run gathers from the rows of one order, and how it is told."""

from __future__ import annotations

from collections.abc import Sequence

from domain import events as e
from domain.ids import derived
from domain.reconcile import compared
from domain.reconcile_findings import Findings
from domain.reconcile_runs import SoFar, Standing
from domain.reconcile_tolerances import EXACT
from domain.runs import Difference
from domain.statement import StatementInput, StatementRow
from tests.building import STREAM, filled, history, placed, seconds
from tests.stating import listing

PART = history(placed("100", currency="EUR"), e.OrderAccepted(), filled("40"))
KEY, OTHER = str(STREAM), str(derived("order", "another"))


def findings(
    *standing: Difference, inputs: Sequence[StatementInput] = (listing(), listing(name="more.json"))
) -> Findings:
    """Nothing gathered yet, by a run before which these differences stood."""
    before = {item.key: Standing(item, is_open=True, since=seconds(0)) for item in standing}
    return Findings(SoFar(len(before), (), before), inputs, EXACT, "bw-")


def hear(to: Findings, *rows: StatementRow) -> Findings:
    """Rows of one order of ours, as a run takes them: those that agree, and those that do not."""
    for item in rows:
        result = compared(PART, item, EXACT)
        if result.differences:
            to.held(KEY, item, result)
        else:
            to.agrees(KEY, item)
        if item.fills is not None:
            to.fills(KEY, PART, item)
    to.finish()
    return to


def said(to: Findings) -> list[str]:
    """What was found, in short, each with where the statement tells it."""
    return [
        " ".join(
            str(part)
            for part in (
                item.aspect,
                item.ref,
                item.figure,
                item.ours,
                item.theirs,
                item.difference,
            )
            if part is not None
        )
        + f" @{item.file}:{item.line}"
        for item in to.found.values()
    ]
