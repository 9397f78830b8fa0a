"""What a run adds to the log: what it found that is new, that has gone, that has come back.

Pure: what is known of the account's runs and what this one found in, events out. The same
statement with the same outcome adds nothing. Evidence does not outrank newer evidence: a statement
settles nothing that a later one has spoken of.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from domain.ids import derived
from domain.recorded import Recorded
from domain.runs import (
    Difference,
    DifferenceFound,
    DifferenceGone,
    DifferenceReturned,
    Figures,
    InputRead,
    Key,
    ReconciliationRan,
    RunEvent,
)
from domain.statement import Lists
from domain.values import Account


@dataclass(frozen=True, slots=True)
class Standing:
    """A difference as the runs so far leave it: with its newest figures, open or gone."""

    difference: Difference
    is_open: bool
    since: datetime


@dataclass(frozen=True, slots=True)
class SoFar:
    """What the log knows of an account's runs; `version` is how many events there are."""

    version: int
    runs: Sequence[ReconciliationRan]
    differences: Mapping[Key, Standing]

    @property
    def open(self) -> Iterator[Difference]:
        """The differences that stand."""
        return (item.difference for item in self.differences.values() if item.is_open)


def runs_so_far(events: Iterable[Recorded]) -> SoFar:
    """Fold an account's stream of runs."""
    runs: list[ReconciliationRan] = []
    differences: dict[Key, Standing] = {}
    version = 0
    for entry in events:
        version += 1
        match entry.event:
            case ReconciliationRan() as ran:
                runs.append(ran)
            case DifferenceFound() | DifferenceReturned() as found:
                standing = Standing(found.difference, is_open=True, since=entry.observed_at)
                differences[found.difference.key] = standing
            case DifferenceGone() as gone:
                standing = Standing(gone.difference, is_open=False, since=entry.observed_at)
                differences[gone.difference.key] = standing
            case _:
                continue
    return SoFar(version, runs, differences)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one run found: the differences, and why those that stood before are gone.

    `lists` are the lists of which the whole was read.
    """

    owner: Account
    as_of: datetime
    complete: bool
    inputs: tuple[InputRead, ...]
    parts: tuple[str, ...]
    lists: frozenset[Lists]
    figures: Figures
    books: int
    found: Mapping[Key, Difference]
    gone: Mapping[Key, str]

    @property
    def digest(self) -> str:
        """A hash of all that it found; the log position and our witnesses are not part of it."""
        text = sha256()
        for part in (self.parts, _counted(self.figures)):
            text.update(json.dumps(part).encode())
        for difference in sorted(map(_written, self.found.values())):
            text.update(difference.encode())
        return text.hexdigest()


def _counted(figures: Figures) -> list[object]:
    return [
        figures.rows,
        figures.matched,
        figures.differing,
        figures.only_ours,
        figures.only_theirs,
        list(figures.by_aspect),
    ]


def _written(difference: Difference) -> str:
    bare = replace(difference, witness=())
    return json.dumps([str(getattr(bare, name)) for name in bare.__slots__])


def counted(differences: Iterable[Difference]) -> tuple[tuple[str, int], ...]:
    """How many differences there are of each aspect, by name."""
    counts = Counter(item.aspect.value for item in differences)
    return tuple(sorted(counts.items()))


def decide(before: SoFar, outcome: Outcome) -> Sequence[tuple[RunEvent, datetime]]:
    """The events of a run, each with the time that it is true for.

    None when the log has this statement with this outcome already.
    """
    digest = outcome.digest
    earlier = same_statement(before.runs, outcome)
    if earlier is not None and earlier.outcome == digest:
        return ()
    run_id = _run_id(outcome, digest, earlier)
    ran = ReconciliationRan(
        run_id=run_id,
        venue=outcome.owner.venue,
        account=outcome.owner.account,
        as_of=outcome.as_of,
        complete=outcome.complete,
        inputs=outcome.inputs,
        figures=outcome.figures,
        outcome=digest,
        books=outcome.books,
        parts=outcome.parts,
    )
    said = [ran, *_news(before, outcome, run_id), *_gone(before, outcome, run_id)]
    times = {ran.run_id: ran.as_of for ran in before.runs}
    return [(event, times.get(event.run_id, outcome.as_of)) for event in said]


def same_statement(runs: Sequence[ReconciliationRan], outcome: Outcome) -> ReconciliationRan | None:
    """The newest run of the very same files, read the same way."""
    files = sorted((item.sha256, item.lists, item.complete) for item in outcome.inputs)
    for ran in reversed(runs):
        if ran.as_of == outcome.as_of and files == sorted(
            (item.sha256, item.lists, item.complete) for item in ran.inputs
        ):
            return ran
    return None


def _run_id(outcome: Outcome, digest: str, earlier: ReconciliationRan | None) -> UUID:
    files = sorted(item.sha256 for item in outcome.inputs)
    owner = outcome.owner
    before = "" if earlier is None else earlier.run_id
    moment = outcome.as_of.isoformat()
    return derived(
        "run", owner.venue, owner.account, moment, outcome.complete, *files, digest, before
    )


def _news(before: SoFar, outcome: Outcome, run_id: UUID) -> Iterator[RunEvent]:
    newer = _newer_whole(before.runs, outcome)
    for key, difference in outcome.found.items():
        known = before.differences.get(key)
        if known is None:
            yield DifferenceFound(run_id=run_id, difference=difference)
            if newer is not None:
                why = "A later statement, already read, does not show it."
                yield DifferenceGone(run_id=newer.run_id, difference=difference, why=why)
        elif known.since > outcome.as_of:
            continue  # a later statement has spoken of it
        elif not known.is_open:
            yield DifferenceReturned(run_id=run_id, difference=difference)
        elif _figures(known.difference) != _figures(difference):
            yield DifferenceFound(run_id=run_id, difference=difference)


def _figures(difference: Difference) -> tuple[object, ...]:
    return difference.figure, difference.ours, difference.theirs, difference.ours_by_ref


def _gone(before: SoFar, outcome: Outcome, run_id: UUID) -> Iterator[RunEvent]:
    for key, why in outcome.gone.items():
        known = before.differences[key]
        if known.is_open and known.since <= outcome.as_of:
            yield DifferenceGone(run_id=run_id, difference=known.difference, why=why)


def _newer_whole(runs: Sequence[ReconciliationRan], outcome: Outcome) -> ReconciliationRan | None:
    """A later run that had all of these lists whole: what it does not show was gone by then."""
    needed = {item.lists for item in outcome.inputs}
    for ran in runs:
        if ran.as_of > outcome.as_of and ran.complete:
            listed = {item.lists for item in ran.inputs}
            if needed <= listed or Lists.ORDERS.value in listed:
                return ran
    return None
