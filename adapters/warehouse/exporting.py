"""One run of an export into a directory: what there is to issue, all of it or nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from adapters.warehouse.issuing import Progress, Task, issue
from adapters.warehouse.manifest import write_manifest
from adapters.warehouse.memory import NAME as MEMORY
from adapters.warehouse.memory import AnotherExport, Covered, FileTold, Memory
from adapters.warehouse.partitions import STAGING, Partitions, put_in_place, settle_staged
from adapters.warehouse.shape import Shape

ELSEWHERE = "export into another directory, or into this one from the database that it belongs to"


class CannotWrite(Exception):
    """The directory took no more; what a run had committed is put in place by the next one."""

    def __init__(self, directory: Path, error: Exception) -> None:
        super().__init__(
            f"{directory} cannot be written: {error}; "
            "no line is lost: make room there, then run this again"
        )


@dataclass(frozen=True, slots=True)
class Log:
    """The log as this run sees it: how far it goes, and the hash that vouches for any position."""

    position: int
    hash_at: Callable[[int], str]


class Issued(NamedTuple):
    """What a run issued of one dataset."""

    dataset: str
    files: int
    rows: int
    new: int
    corrections: int
    cancels: int
    position: int


class Outlet:
    """A directory that exports go to, opened for one run; it is repaired if the last one died."""

    def __init__(self, directory: Path, kind: str, log: Log) -> None:
        self._directory = directory
        self._kind = kind
        self._log = log
        self._in_place = True
        _ours(directory)
        try:
            directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise AnotherExport(
                f"{directory} cannot be made ({error.strerror}); name another directory"
            ) from error
        self.memory = Memory(directory)
        try:
            self._check()
            put_in_place(directory, [file.path for file in self.memory.files()])
        except BaseException:
            self.memory.close()
            raise

    @property
    def aside(self) -> Path:
        """Where what is not in place yet lies; it goes with the run, or with the next."""
        place = self._directory / STAGING
        place.mkdir(exist_ok=True)
        return place

    def close(self) -> None:
        """Let others export there; what was written of a run that was not committed goes."""
        if self._in_place:  # else the next run puts there what was committed
            shutil.rmtree(self._directory / STAGING, ignore_errors=True)
        self.memory.close()

    def expects(self, shape: Shape) -> None:
        """Refuse a dataset whose files here have other columns than this program writes."""
        known = self.memory.version_of(shape.dataset)
        if known is not None and known != shape.version:
            raise AnotherExport(
                f"{self._directory} holds {shape.dataset} of schema version {known}, and this "
                f"program writes version {shape.version}; export into another directory"
            )

    def run(self, tasks: Sequence[Task], progress: Progress) -> list[Issued]:
        """Issue what there is to issue, then let it be seen: all files, then the manifest."""
        memory, log = self.memory, self._log
        number, position, _ = memory.newest_run()
        files: list[FileTold] = []
        told: list[Issued] = []
        for task in tasks:
            self.expects(task.shape)
            partitions = Partitions(
                self._directory, self._kind, task.shape, number + 1, task.position
            )
            with closing(partitions):
                issue(memory, partitions, task, progress)
            if task.since is not None:
                covered = Covered(task.span, task.since, task.position)
                memory.cover(task.shape.dataset, covered)
            memory.shaped(task.shape.dataset, task.shape.version)
            files.extend(partitions.files)
            told.append(_issued(task, partitions.files))
        memory.say("format", self._kind)
        if files:
            memory.add_run(number + 1, log.position, log.hash_at(log.position))
        elif number and log.position > position:
            memory.moved(number, log.position, log.hash_at(log.position))
        for file in files:
            memory.add_file(file)
        paths = [file.path for file in files]
        settle_staged(self._directory, paths)
        self._in_place = False
        memory.commit()
        put_in_place(self._directory, paths)
        self._in_place = True
        write_manifest(self._directory, memory)
        return told

    def _check(self) -> None:
        """The directory belongs to this log, as far as it goes, and to this kind of file."""
        kind = self.memory.about("format")
        if kind is not None and kind != self._kind:
            raise AnotherExport(
                f"{self._directory} holds {kind} files; run `breakwater export {kind} "
                f"-o {self._directory}`, or export into another directory"
            )
        number, position, digest = self.memory.newest_run()
        if not number:
            return
        if position > self._log.position:
            raise AnotherExport(
                f"{self._directory} tells the log up to position {position}, and this database "
                f"goes to {self._log.position} only: it is another one, or an older copy; "
                + ELSEWHERE
            )
        if self._log.hash_at(position) != digest:
            raise AnotherExport(
                f"{self._directory} belongs to another database: at position {position} its log "
                f"has another hash; {ELSEWHERE}"
            )


def _ours(directory: Path) -> None:
    """Refuse to write into a directory that holds something else."""
    if directory.exists() and not directory.is_dir():
        raise AnotherExport(f"{directory} is a file; name a directory to export into")
    if directory.is_dir() and not (directory / MEMORY).is_file() and any(directory.iterdir()):
        raise AnotherExport(
            f"{directory} holds files that no export left there; name a new directory"
        )


def _issued(task: Task, files: Sequence[FileTold]) -> Issued:
    return Issued(
        dataset=task.shape.dataset,
        files=len(files),
        rows=sum(file.rows for file in files),
        new=sum(file.new for file in files),
        corrections=sum(file.corrections for file in files),
        cancels=sum(file.cancels for file in files),
        position=task.position,
    )
