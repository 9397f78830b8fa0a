"""Files of one run, partition by partition: written aside, moved into place together."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from adapters.warehouse.memory import FileTold
from adapters.warehouse.parquet import ParquetPart
from adapters.warehouse.shape import Action, Shape, Values
from adapters.warehouse.tables import SqlitePart
from adapters.warehouse.texts import CsvPart, NdjsonPart

STAGING = "_staging"
UNKNOWN_DAY = "__HIVE_DEFAULT_PARTITION__"
"""How Hive, and who reads like it, spells a partition without a value."""


class Part(Protocol):
    """A file in the making."""

    def add(self, values: Values) -> None:
        """One line more."""
        ...

    def close(self) -> None:
        """The file is whole."""
        ...


PARTS: Mapping[str, Callable[[Path, Shape], Part]] = {
    "parquet": ParquetPart,
    "csv": CsvPart,
    "ndjson": NdjsonPart,
    "sqlite": SqlitePart,
}
"""Every kind of file, by the name that asks for it and that its files end with."""


@dataclass
class Counted:
    """What a file holds so far."""

    actions: dict[Action, int] = field(default_factory=lambda: dict.fromkeys(Action, 0))
    first: int | None = None
    last: int | None = None

    def add(self, action: Action, position: int) -> None:
        """One line more; position 0 tells none."""
        self.actions[action] += 1
        if position:
            self.first = position if self.first is None else min(self.first, position)
            self.last = position if self.last is None else max(self.last, position)


class Partitions:
    """Lines of one dataset on their way into the files of a run; a partition comes in one piece."""

    def __init__(self, directory: Path, kind: str, shape: Shape, run: int, position: int) -> None:
        self._root = directory / STAGING
        self._kind = kind
        self._shape = shape
        self._run = run
        self._name = f"{run:06d}-{position}.{kind}"
        self._at: tuple[str, str] | None = None
        self._part: Part | None = None
        self._counted = Counted()
        self.files: list[FileTold] = []

    def add(self, at: tuple[str, str], action: Action, position: int, values: Values) -> None:
        """One line of the partition of this day and venue."""
        if at != self._at or self._part is None:
            self.close()
            path = self._root / self._path(at)
            path.parent.mkdir(parents=True, exist_ok=True)
            self._part = PARTS[self._kind](path, self._shape)
            self._at = at
        self._part.add(values)
        self._counted.add(action, position)

    def close(self) -> None:
        """The partition at hand is whole."""
        if self._part is None or self._at is None:
            return
        self._part.close()
        day, venue = self._at
        path = self._path(self._at)
        counts = self._counted
        told = FileTold(
            path=path.as_posix(),
            dataset=self._shape.dataset,
            day=day or None,
            venue=venue,
            run=self._run,
            rows=sum(counts.actions.values()),
            new=counts.actions[Action.NEW],
            corrections=counts.actions[Action.CORRECTION],
            cancels=counts.actions[Action.CANCEL],
            first_position=counts.first,
            last_position=counts.last,
            sha256=_settled(self._root / path),
            schema_version=self._shape.version,
        )
        self.files.append(told)
        self._part, self._at, self._counted = None, None, Counted()

    def _path(self, at: tuple[str, str]) -> Path:
        day, venue = at
        return Path(
            self._shape.dataset, f"day={day or UNKNOWN_DAY}", f"venue={quote(venue, safe='')}"
        ).joinpath(self._name)


def _settled(path: Path) -> str:
    """The file's hash, once the file is on the disk."""
    whole = sha256()
    with path.open("rb") as file:
        os.fsync(file.fileno())
        while piece := file.read(1 << 20):
            whole.update(piece)
    return whole.hexdigest()


def put_in_place(directory: Path, paths: Sequence[str]) -> None:
    """Move the files of a run, those that are still aside, to where they belong."""
    staging = directory / STAGING
    if staging.is_dir():
        for path in paths:
            aside = staging / path
            if aside.is_file():
                target = directory / path
                target.parent.mkdir(parents=True, exist_ok=True)
                aside.replace(target)
        settle_folders(directory, paths)
        shutil.rmtree(staging)


def settle_staged(directory: Path, paths: Sequence[str]) -> None:
    """The files of a run are on the disk, aside: from now on they may be counted on."""
    if paths:
        settle_folders(directory / STAGING, paths)
        settle_folder(directory)


def settle_folders(root: Path, paths: Sequence[str]) -> None:
    """Settle the folders of these files and what those are in: they may be as new as the files.

    Those of every file: a run that was cut short may have moved some of them before.
    """
    found = {folder for path in paths for folder in Path(path).parents}
    for folder in sorted(found, key=lambda folder: (-len(folder.parts), folder)):
        if (root / folder).is_dir():  # what was issued before may have been taken away since
            settle_folder(root / folder)


def settle_folder(folder: Path) -> None:
    """What was moved into the folder stays there, whatever happens to the machine."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
