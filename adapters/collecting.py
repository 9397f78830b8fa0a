"""The garbage collector, kept from looking through everything again and again."""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import contextmanager

_YOUNG_MAX = 100_000
"""Bulk work makes many objects that stay (histories, rows) and hardly a cycle: with Python's 700
a quarter of an ingest went into looking for cycles that are not there (docs/performance.md)."""


@contextmanager
def collected_rarely() -> Generator[None]:
    """While it lasts, cycles are looked for rarely, and not among what was there before."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(_YOUNG_MAX, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
