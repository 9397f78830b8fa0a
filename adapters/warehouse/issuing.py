"""What a run has to issue: lines that are new, that changed since, or that are no more."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple

from adapters.warehouse.memory import Issued, Memory
from adapters.warehouse.partitions import Partitions
from adapters.warehouse.shape import Action, Shape
from projections.report_lines import ReportLine, Span

AT_ONCE = 1_000
DIGEST_BYTES = 16

Progress = Callable[[str, int], None]


class Change(NamedTuple):
    """A line to be issued: the one that stands now, and the one that was issued before."""

    now: ReportLine | None
    before: Issued | None
    digest: bytes

    @property
    def action(self) -> Action:
        """What it does to what was issued before."""
        if self.now is None:
            return Action.CANCEL
        return Action.NEW if self.before is None else Action.CORRECTION


@dataclass(frozen=True, slots=True)
class Task:
    """One dataset of a run.

    `lines` come by day, venue and name. `part` is true when they are some of those that stand:
    then one that does not come is not taken back. `since` is told of lines that never change: each
    was behind that position, and which were issued is remembered by position alone.
    """

    shape: Shape
    span: Span
    lines: Iterable[ReportLine]
    position: int
    part: bool = False
    since: int | None = None


def issue(memory: Memory, partitions: Partitions, task: Task, progress: Progress) -> None:
    """Write what there is to issue, and remember it."""
    dataset = task.shape.dataset
    before = memory.issued(dataset, task.span) if task.since is None else iter(())
    waiting: list[Issued] = []
    for count, change in enumerate(changes(_named_once(task.lines), before, part=task.part)):
        if change.now is not None:
            line = change.now
            at, position, values = (line.day, line.venue), line.position, line.values
            name = line.line_id
            waiting.append(Issued(*at, name, change.digest, task.position))
        else:
            assert change.before is not None, "there is one of the two"
            at, position = (change.before.day, change.before.venue), 0
            values = _withdrawn(task.shape, change.before)
            name = change.before.line_id
            memory.withdraw(dataset, change.before)
        corrects = None if change.before is None else change.before.position
        told = (change.action.value, name, task.position, corrects, *values)
        partitions.add(at, change.action, position, told)
        if len(waiting) >= AT_ONCE:
            _remember(memory, task, waiting)
            progress(dataset, count + 1)
    _remember(memory, task, waiting)
    partitions.close()


def _remember(memory: Memory, task: Task, waiting: list[Issued]) -> None:
    if task.since is None:
        memory.issue(task.shape.dataset, waiting)
    waiting.clear()


def changes(
    lines: Iterable[ReportLine], issued: Iterator[Issued], *, part: bool = False
) -> Iterator[Change]:
    """What differs between lines and what was issued, both by day, venue and name."""
    before = next(issued, None)
    for line in lines:
        at = line[:3]
        while before is not None and before[:3] < at:
            if not part:
                yield Change(None, before, b"")
            before = next(issued, None)
        digest = _digest(line)
        if before is None or before[:3] != at:
            yield Change(line, None, digest)
            continue
        if before.digest != digest:
            yield Change(line, before, digest)
        before = next(issued, None)
    while before is not None:
        if not part:
            yield Change(None, before, b"")
        before = next(issued, None)


def _digest(line: ReportLine) -> bytes:
    return blake2b(repr(line.values).encode(), digest_size=DIGEST_BYTES).digest()


def _named_once(lines: Iterable[ReportLine]) -> Iterator[ReportLine]:
    """Lines that bear one name get a number each: none of them takes the place of another."""
    at: tuple[str, str, str] | None = None
    number = 1
    for line in lines:
        if line[:3] == at:
            number += 1
            yield line._replace(line_id=f"{line.line_id}#{number}")
            continue
        at, number = (line.day, line.venue, line.line_id), 1
        yield line


def _withdrawn(shape: Shape, line: Issued) -> list[str | int | None]:
    """A line that takes back tells where it stood and nothing else."""
    known = {"day": line.day or None, "venue": line.venue}
    return [known.get(column.name) for column in shape.told]
