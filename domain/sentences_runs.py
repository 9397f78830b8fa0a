"""What a reconciliation run and its differences say, in plain sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from domain import runs
from domain.runs import Aspect, Difference

_SAID: Mapping[Aspect, str] = {
    Aspect.SIZE: "The statement says that the size is {theirs}; by our events it is {ours}.",
    Aspect.PRICE: "The statement says that the price is {theirs}; by our events it is {ours}.",
    Aspect.MATCHED: "The statement says that {theirs} matched; our matches sum to {ours}.",
    Aspect.REMAINING: "The statement says that {theirs} remains; by our events it is {ours}.",
    Aspect.BUCKETS: "The statement says that {theirs} was {figure}; by our events it is {ours}.",
    Aspect.STATUS: "The statement calls the order {theirs}; by our events it is {ours}.",
    Aspect.AVERAGE: "The statement's average price is {theirs}; that of our matches is {ours}.",
    Aspect.FILL: "The statement lists match {ref} of {theirs}; we hold {ours} of it.",
    Aspect.PROFIT: "The statement says that {theirs} was won; what we were told comes to {ours}.",
    Aspect.ONLY_OURS: "By our events {ours} {figure}; the statement does not have the order.",
    Aspect.NOT_OPEN: "By our events {ours} remains; the order is not in the open list.",
    Aspect.ONLY_THEIRS: "The statement lists {name}, which nobody here knows.",
    Aspect.OLD: "The statement's row ({figure}: {theirs}) is older than the newest that we know.",
    Aspect.SOURCES: "Two rows of the statement differ: {figure} is {ours} and {theirs}.",
    Aspect.PARTS: "The statement's list of {ref} is not whole: {theirs}.",
    Aspect.CURRENCY: "The statement has the order in {theirs}, our events have it in {ours}: its "
    "amounts are not compared.",
    Aspect.WORD: "The statement's {figure} is {theirs!r}, which no document explains.",
    Aspect.EARLIER: "The statement has the order before our log does, which begins at {ours}: it "
    "is not compared.",
}


def told(difference: Difference) -> str:
    """What differs, as the run found it."""
    name = difference.name
    return _SAID[difference.aspect].format(
        ours=_figure(difference.ours),
        theirs=_figure(difference.theirs),
        figure=difference.figure or "state",
        ref=difference.ref,
        name="an order" if name is None else f"order {name.value}",
    )


def _figure(text: str | None) -> str:
    return "nothing" if text is None else text


def run_sentence(event: runs.RunEvent) -> str:
    """What a fact about a reconciliation says."""
    return _SAY[type(event)](event)


def _ran(event: runs.ReconciliationRan) -> str:
    files = ", ".join(item.name for item in event.inputs)
    counted = event.figures
    whole = "a complete statement" if event.complete else "a statement that is not complete"
    found = (
        "nothing differs"
        if not (counted.differing or counted.only_ours or counted.only_theirs)
        else f"{counted.differing} differ, {counted.only_ours} are only ours, "
        f"{counted.only_theirs} only theirs"
    )
    return (
        f"The books were held against {whole} ({files}): {counted.matched} orders agree, {found}."
    )


_SAY: Mapping[type, Callable[[Any], str]] = {
    runs.ReconciliationRan: _ran,
    runs.DifferenceFound: lambda event: told(event.difference),
    runs.DifferenceReturned: lambda event: f"Again: {told(event.difference)}",
    runs.DifferenceGone: lambda event: f"{event.why} (it was: {told(event.difference)})",
}
