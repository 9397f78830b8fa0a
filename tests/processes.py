"""Processes that a test began, directly or not: who they are, and whether they have ended."""

from __future__ import annotations

import os
import time
from pathlib import Path


def children(pid: int | None = None) -> list[int]:
    """The processes that a process (this one) has begun and that are still there."""
    pid = pid or os.getpid()
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found.extend(map(int, (task / "children").read_text().split()))
    return [child for child in found if alive(child)]


def working_beside(pid: int | None = None) -> list[int]:
    """Those of the children that `adapters.beside` has begun."""
    return [
        child
        for child in children(pid)
        if b"adapters.beside" in Path(f"/proc/{child}/cmdline").read_bytes()
    ]


def alive(pid: int) -> bool:
    """Whether a process is still there, and not only its name on a list."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def gone(pid: int) -> bool:
    """Whether a process ends within a few seconds."""
    for _ in range(1_000):
        if not alive(pid):
            return True
        time.sleep(0.01)
    return False
