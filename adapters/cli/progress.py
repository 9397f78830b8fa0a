"""A bar on standard error while a command reads, when that is a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)

Heard = Callable[[int], None]


@contextmanager
def over_files(paths: Sequence[str], label: str = "reading") -> Generator[Heard | None]:
    """Is told how many bytes of the file at hand were read; a lower number begins the next."""
    if not sys.stderr.isatty():
        yield None
        return
    total = sum(Path(name).stat().st_size for name in paths if name != "-")
    with _bar(label, DownloadColumn()) as bar:
        task = bar.add_task(label, total=total or None)
        done = 0
        last = 0

        def heard(read: int) -> None:
            nonlocal done, last
            if read < last:  # the next file has begun
                done += last
            last = read
            bar.update(task, completed=done + read)

        yield heard


@contextmanager
def over_lines(total: int, label: str) -> Generator[Heard | None]:
    """Is told how many lines more were read."""
    if not sys.stderr.isatty():
        yield None
        return
    with _bar(label, MofNCompleteColumn()) as bar:
        task = bar.add_task(label, total=total)
        yield lambda more: bar.advance(task, more)


def _bar(label: str, counted: ProgressColumn) -> Progress:
    return Progress(
        TextColumn(f"[bold]{label}"),
        BarColumn(),
        counted,
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
