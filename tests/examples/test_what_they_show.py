"""What the engine makes of each recording, as `examples/README.md` tells it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection

from adapters.bootstrap import App, Sources, open_files, opened
from adapters.captures.ndjson import item
from adapters.settings import Settings
from examples.trading_day import lines
from projections import queries
from projections.break_queries import break_list

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"

Uncertain = tuple[str, str, str]


@contextmanager
def read(directory: Path, sources: Sources) -> Generator[tuple[App, Connection]]:
    """The recordings, ingested into a database of their own."""
    with opened(Settings(database_url=f"sqlite:///{directory / 'shown.db'}")) as app:
        app.ingest(sources)
        with app.reading() as connection:
            yield app, connection


def codes(app: App, connection: Connection) -> Counter[str]:
    """The open breaks by code, as of the newest message."""
    at = app.as_of(connection)
    assert at is not None
    return Counter(flag["code"] for flag in break_list(connection, at))


@pytest.mark.parametrize(
    ("name", "open_orders", "outcomes", "breaks"),
    [
        pytest.param(
            "abp-filter-cancel.ndjson",
            {("125", "125", "125"), ("100", "0", "100")},
            [
                ("cancelled", None, "120", "120", "60", "0"),
                ("cancelled", None, "50", "0", "0", "0"),
                ("not_mentioned", None, None, "0", "0", "0"),
                ("unrequested", None, "40", "0", "0", "0"),
                ("rejected", "CONFIRMED_BETS", None, "75", "0", "0"),
                ("rejected", "NOT_CANCELLABLE", None, "80", "0", "0"),
                ("rejected", "UNKNOWN_ORDER", None, None, None, None),
            ],
            {"CXL-21", "CXL-22", "CXL-23"},
            id="abp: one asked for is not mentioned, one mentioned was not asked for",
        ),
        pytest.param(
            "predictstreet-batch.ndjson",
            {("125", "125", "125"), ("150", "0", "150")},
            [
                ("cancelled", None, "355", "120", "25", "0"),
                ("cancelled", None, "260", "0", "0", "40"),
                ("rejected", "ALREADY_TERMINAL", None, "200", "0", "0"),
                ("rejected", "BALANCE_LOCK", None, "0", "0", "0"),
                ("rejected", "VENUE_ERROR", None, "0", "0", "0"),
                ("rejected", "UNKNOWN_ORDER", None, None, None, None),
                ("cancelled", None, "100", "0", "0", "0"),
            ],
            {"CXL-04", "CXL-25"},
            id="predictstreet: a match that the venue made after it had cancelled",
        ),
        pytest.param(
            "fourcasters-cancels.ndjson",
            None,
            [
                ("cancelled", None, "45", "55", "0", "0"),
                ("cancelled", None, "100", "0", "0", "0"),
                ("cancelled", None, "120", "0", "80", "0"),
                ("rejected", "OTHER", None, "0", "0", "0"),
                ("rejected", "ALREADY_CANCELLED", None, "0", "0", "0"),
                ("unknown", None, None, "0", "0", "0"),
                ("cancelled", None, "80", "0", "0", "0"),
            ],
            {"CXL-11", "CXL-34"},
            id="4casters: words that nobody knows, and no answer at all",
        ),
    ],
)
def test_a_venues_story(
    tmp_path: Path,
    name: str,
    open_orders: set[Uncertain] | None,
    outcomes: list[tuple[str | None, ...]],
    breaks: set[str],
) -> None:
    with read(tmp_path, open_files([str(EXAMPLES / name)])) as (app, connection):
        assert list(app.set_aside()) == []
        assert codes(app, connection) == dict.fromkeys(breaks, 1)
        found = queries.order_list(connection, open_only=True)
        left = {
            tuple(_text(order[key]) for key in ("remaining", "remaining_min", "remaining_max"))
            for order in found
        }
        assert open_orders is None or left == open_orders
        told = [
            tuple(
                _text(outcome[key])
                for key in (
                    "outcome", "reason", "cancelled",
                    "matched_before", "matched_in_flight", "matched_after",
                )
            )
            for request in queries.cancel_list(connection)
            for outcome in request["outcomes"]
        ]  # fmt: skip
        assert told == outcomes


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def test_a_clean_day_has_no_breaks(tmp_path: Path) -> None:
    day = (item("day", n, text.encode()) for n, text in enumerate(lines(5, 2000, clean=True), 1))
    with read(tmp_path, [("day", day)]) as (app, connection):
        assert list(app.set_aside()) == []
        assert not codes(app, connection)


def test_the_generated_day_has_breaks_of_many_kinds(tmp_path: Path) -> None:
    """One torn line is set aside; what is open, and what does not add up, fits one desk's day."""
    day = str(EXAMPLES / "canonical-day.ndjson.gz")
    with read(tmp_path, open_files([day])) as (app, connection):
        assert len(list(app.set_aside())) == 1
        found = codes(app, connection)
        assert 40 <= found.total() <= 90
        assert len(found) >= 30
        assert found["STR-01"] == 1
        assert 20 <= sum(1 for _ in queries.order_list(connection, open_only=True)) <= 60
