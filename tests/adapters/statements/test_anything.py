"""Whatever a file holds: a statement or an error with the next step, and never anything else."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.statements.errors import BadMapping, NotAStatement
from domain.statement import StatementRow, Told
from tests.adapters.statements.saved import abp_page, exchange, lines, saved, spelled

SCALARS = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.floats(allow_nan=False)
)
FIELDS = st.sampled_from(
    [
        *("orders", "bets", "trades", "data", "unmatched", "matchedBets", "graded", "nextCursor"),
        *("hasMore", "count", "cursor", "orderId", "betId", "txID", "id", "status", "quantity"),
        *("orderStatus", "offered", "filled", "orderStake", "bet", "risk", "price", "msg"),
        *("exec_type", "ord_status", "order_id", "log", "capture", "v", "http", "frame", "venue"),
    ]
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(FIELDS, inner, max_size=5),
    max_leaves=12,
)
VENUES = st.sampled_from(["abp", "predictstreet", "fourcasters", "canonical"])


def read(venue: str, *contents: object) -> list[Told]:
    """What the statement tells; nothing when the files are none."""
    with tempfile.TemporaryDirectory() as directory:
        try:
            return list(spelled(saved(Path(directory), venue, *contents)))
        except (NotAStatement, BadMapping):
            return []


@given(VENUES, VALUES)
def test_any_json(venue: str, value: Any) -> None:  # noqa: ANN401 - any JSON value
    read(venue, value if not isinstance(value, str | bytes) else json.dumps(value))


@given(VENUES, st.lists(VALUES, max_size=4), VALUES)
def test_any_lines(venue: str, values: list[Any], body: Any) -> None:  # noqa: ANN401 - any JSON value
    asked = {"abp": "/orders", "fourcasters": "/user/getUnmatched"}.get(venue, "/api/orders/open")
    recorded = exchange(1, asked, body, venue=venue)
    read(venue, "".join(f"{json.dumps(value)}\n" for value in values) + lines(recorded))


@given(VENUES, st.binary(max_size=60))
def test_any_bytes(venue: str, content: bytes) -> None:
    read(venue, content)


@given(st.integers(min_value=0, max_value=400), st.sampled_from([None, 1]))
def test_a_page_cut_off_anywhere(at: int, indent: int | None) -> None:
    page = json.dumps(abp_page(9, 8), indent=indent).encode()
    read("abp", page[: min(at, len(page))])


@pytest.mark.parametrize("rows", [{}, 7, "x", None, [[]], [None], [{}]])
def test_rows_of_no_shape(rows: object) -> None:
    found = read("abp", {"orders": rows, "hasMore": False})
    assert not [item for item in found if isinstance(item, StatementRow)]
