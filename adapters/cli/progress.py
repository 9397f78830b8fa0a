"""A bar on standard error while a command reads, when that is a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.status import Status

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


@contextmanager
def saying(label: str) -> Generator[Callable[[str], None]]:
    """Is told what is being done, where nobody knows how much of it there is."""
    console = Console(stderr=True, quiet=not sys.stderr.isatty())
    with Status(f"{label} …", console=console) as status:
        yield lambda doing: status.update(f"{label}: {escape(doing)} …")


def _bar(label: str, counted: ProgressColumn) -> Progress:
    return Progress(
        TextColumn(f"[bold]{label}"),
        BarColumn(),
        counted,
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
