"""Where coverage is not measured: tests that run what other tests measure already, many times over.

Tracing makes Python half as fast. Laws, golden histories and kills repeat the code of the rooms
that the tests of these rooms reach line by line: they say whether it is right, not whether it is
reached. While one of them runs, nothing is traced; the floors hold without them.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

import pytest
from coverage import Coverage

REPEATING: Final = (
    "tests/adapters/eventlog/test_chain.py",
    "tests/adapters/eventlog/test_concurrency.py",
    "tests/adapters/eventlog/test_library_cases.py",
    "tests/adapters/feed/test_eight_writers.py",
    "tests/adapters/warehouse/test_exporting.py",
    "tests/golden/",
    "tests/oracle/",
    "tests/projections/test_rebuild",
    "tests/projections/test_reporting",
    "tests/whole/test_bundles.py",
    "tests/whole/test_crash_",
    "tests/whole/test_killed_at_random.py",
    "tests/whole/test_laws.py",
    "tests/whole/test_past.py",
    "tests/whole/test_replaying.py",
    "tests/whole/test_taking_over.py",
)
_FOR_PROCESSES: Final = "COVERAGE_PROCESS_CONFIG"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Run a test, its fixtures included, traced or not."""
    if item.nodeid.startswith(REPEATING):
        with _untraced():
            return (yield)
    return (yield)


@contextmanager
def _untraced() -> Generator[None]:
    """Neither this process nor those that it starts are traced meanwhile."""
    measured = Coverage.current()
    if measured is None:
        yield
        return
    measured.stop()
    inherited = os.environ.pop(_FOR_PROCESSES, None)
    try:
        yield
    finally:
        if inherited is not None:
            os.environ[_FOR_PROCESSES] = inherited
        measured.start()
