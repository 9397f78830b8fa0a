"""`pytest --venue MODULE`: every scenario of the kit on the venue that the module hands in.

Registered with pytest by the installed package. Without `--venue` it does nothing at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:  # nothing of the kit is loaded into runs that do not ask for it
    from adapters.venuekit.bench import Bench

OPTION = "--venue"
ASKED = pytest.StashKey[Any]()
HERE = Path(__file__).parent


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option."""
    group = parser.getgroup("breakwater", "conformance of venues")
    group.addoption(
        OPTION,
        metavar="MODULE",
        help="Run Breakwater's conformance kit on the VENUE of this module (or on abp, "
        "fourcasters, paper, predictstreet).",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Find the venue; unless files are named, the kit's scenarios are what runs."""
    name: str | None = config.getoption(OPTION)
    if name is None:
        return
    pytest.register_assert_rewrite("adapters.venuekit.scenarios")
    from adapters.venuekit.venue import NoVenue, loaded  # noqa: PLC0415 - only when asked for

    try:
        config.stash[ASKED] = loaded(name)
    except NoVenue as error:
        raise pytest.UsageError(str(error)) from error
    if config.args_source is not pytest.Config.ArgsSource.ARGS:
        config.args = [str(HERE / "test_venue.py")]


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What to write next: the first scenario that is not kept, in the kit's own order."""
    failed = terminalreporter.getreports("failed")
    if terminalreporter.config.getoption(OPTION) is None or not failed:
        return
    kept = len(terminalreporter.getreports("passed"))
    terminalreporter.section("what to write next")
    terminalreporter.line(f"{kept} scenarios are kept, {len(failed)} are not. The first:")
    terminalreporter.line(f"  {failed[0].nodeid.partition('[')[2].rstrip(']')}")
    crash = getattr(failed[0].longrepr, "reprcrash", None)
    if crash is not None:
        terminalreporter.line(f"  {crash.message.splitlines()[0]}")


@pytest.fixture(scope="session")
def venue_bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    """The venue, served, with books beside it."""
    from adapters.venuekit.bench import bench, quietly  # noqa: PLC0415 - only when asked for

    with quietly(), bench(request.config.stash[ASKED]) as found:
        yield found
