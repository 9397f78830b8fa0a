"""Which tests share a worker, because they share what takes seconds to make; the long ones begin.

xdist has a mark for the first, which does nothing with pytest from 9.2 on: it changes the id of a
test, and ids are no longer changed so (xdist 3.8). So who belongs together is told by the ids.
"""

from __future__ import annotations

import re
from typing import Any, Final

import pytest
import xdist.scheduler  # type: ignore[import-untyped]  # pyright: ignore[reportMissingTypeStubs] - it has no types

LONG: Final = "tests/whole/"
TOGETHER: Final = (
    # a gateway that is a process of its own
    re.compile(r"tests/adapters/gateways/test_service"),
    # a database with every golden history, of each kind
    re.compile(r"tests/projections/test_reporting.*\[(?:sqlite|postgres)\b"),
    re.compile(r"tests/adapters/warehouse/test_exporting\.py::test_(?!lines_and)"),
    # a venue, and the gateway that speaks its dialect
    re.compile(r"tests/venuekit/test_our_venues\.py::\w+\[\w+"),
)


def group_of(nodeid: str) -> str:
    """The same for tests that share a worker: one pattern finds them, with one start of `[…]`."""
    for number, kind in enumerate(TOGETHER):
        if (found := kind.match(nodeid)) is not None:
            return f"{number} {found[0].partition('[')[2]}"
    return nodeid


class Shared(xdist.scheduler.LoadScopeScheduling):  # type: ignore[misc]  # xdist tells no types
    """As xdist's own, with groups of ours in place of modules."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


def pytest_xdist_make_scheduler(
    config: pytest.Config,
    log: Any,  # noqa: ANN401 - xdist has no types
) -> Shared:
    """Deal the tests out in these groups."""
    return Shared(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put first what takes long, so that no worker is left alone with it in the end."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))
