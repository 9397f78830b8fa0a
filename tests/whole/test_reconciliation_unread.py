"""A line that is compared as it is written comes to the same as one that is read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.bootstrap import App, open_files
from adapters.bootstrap_statements import statement_of
from adapters.engine.statement_rows import StatementRows
from domain.reconcile_runs import Outcome, runs_so_far
from domain.statement import Unread
from domain.values import Account
from projections.reconciliation_books import LOOKED_UP_MAX, SqlBooks
from tests.adapters.statements.saved import DIALECTS, file, statement
from tests.feeding import desk, feed
from tests.stating import DESK
from tests.whole.reconciling import T, day

ABP_DAY = Path(__file__).parents[2] / "examples" / "abp-filter-cancel.ndjson"
NORTHWIND = Account("abp", "northwind")
LATER = datetime(2026, 3, 1, tzinfo=UTC)

MAPPING = """
[columns]
venue_order_id = "Id"
client_order_id = "Ref"
market = "Market"
side = "Side"
size = "Size"
matched = "Matched"
remaining = "Rest"
price = "Price"
status = "State"
{more}
[status]
"Working" = "NEW"
"Off" = "CANCELLED"
"Half" = "PARTIALLY_FILLED"
"""
HEADER = "Id,Ref,Market,Side,Size,Matched,Rest,Price,State"
TRUE_LINES = [
    "O1,X1,M1,BACK,100,40,60,1.95,Half",
    "O2,X2,M1,BACK,100,10,0,1.95,Off",
    "O3,X3,M1,BACK,100,0,100,1.95,Working",
]


def outcome(app: App, path: str, mapping: str, looked_up_max: int) -> Outcome:
    """What a run would record of the file, read this way."""
    read = statement("canonical", path, mapping=mapping)
    with app.reading() as connection:
        books = SqlBooks(connection, looked_up_max=looked_up_max)
        return StatementRows(app.store, books, read, T, runs_so_far(()), "").read()


def both_ways(
    app: App, directory: Path, lines: Sequence[str], more: str = ""
) -> tuple[Outcome, Outcome]:
    """The outcome for lines compared as written, and for lines that are all read."""
    mapping = file(directory, "m.toml", MAPPING.format(more=more))
    path = file(directory, "s.csv", "\n".join([HEADER, *lines, ""]))
    return outcome(app, path, mapping, -1), outcome(app, path, mapping, LOOKED_UP_MAX)


def test_a_line_to_the_letter_is_settled_unread(database_url: str, tmp_path: Path) -> None:
    with desk(database_url) as app:
        feed(app, day())
        mapping = file(tmp_path, "m.toml", MAPPING.format(more=""))
        path = file(tmp_path, "s.csv", "\n".join([HEADER, *TRUE_LINES, ""]))
        (lines,) = statement("canonical", path, mapping=mapping).read()
        assert isinstance(lines, Unread)
        with app.reading() as connection:
            keys = SqlBooks(connection, looked_up_max=-1).plainly(DESK, T, lines)
        assert None not in keys
        assert len(set(keys)) == len(TRUE_LINES)


@pytest.mark.parametrize(
    ("cell", "whole_file", "matched"),
    [
        pytest.param("USD", None, 1, id="our currency"),
        pytest.param("usd", None, 1, id="our currency in small letters"),
        pytest.param("EUR", None, 0, id="another currency"),
        pytest.param(None, "USD", 1, id="the file's own, ours"),
        pytest.param(None, "EUR", 0, id="the file's own, another"),
        pytest.param("", "EUR", 0, id="the file's own where the line tells none"),
        pytest.param(None, None, 1, id="nobody tells"),
    ],
)
def test_a_currency_counts_read_or_not(
    database_url: str, tmp_path: Path, cell: str | None, whole_file: str | None, matched: int
) -> None:
    mapping = "[columns]\nvenue_order_id = 1\nsize = 2\nmatched = 3\nstatus = 4\n"
    mapping += "" if cell is None else "currency = 5\n"
    around = "header = false\n" + (f'currency = "{whole_file}"\n' if whole_file else "")
    columns = file(tmp_path, "m.toml", around + mapping)
    line = "9101,300,180,CANCELLED" + ("" if cell is None else f",{cell}")
    path = file(tmp_path, "s.csv", f"{line}\n")
    read = statement_of(DIALECTS, NORTHWIND, [path], columns)
    with desk(database_url) as app:
        app.ingest(open_files([str(ABP_DAY)]))
        with app.reading() as connection:
            found = [
                StatementRows(
                    app.store,
                    SqlBooks(connection, looked_up_max=most),
                    read,
                    LATER,
                    runs_so_far(()),
                    "",
                ).read()
                for most in (-1, LOOKED_UP_MAX)
            ]
    assert found[0] == found[1]
    assert found[0].figures.matched == matched
    assert ("currency" in dict(found[0].figures.by_aspect)) is not bool(matched)


@pytest.mark.parametrize(
    ("line", "matched"),
    [
        pytest.param(TRUE_LINES[0], 1, id="to the letter"),
        pytest.param(
            "O1,X1,M1,BACK,100.0,40.00,6e1,1.950,half", 1, id="other digits, same numbers"
        ),
        pytest.param(" O1 ,X1,M1, back ,100 ,40,60,1.95,Half", 1, id="spaces around"),
        pytest.param("O1,X1,M1,BACK,100,40,60,,Half", 1, id="the price not told"),
        pytest.param("'O1,X9,M1,BACK,100,40,60,1.95,Half", 0, id="another id that begins alike"),
        pytest.param("O1,X1,M1,BACK,100,40,60,1.96,Half", 0, id="another price"),
        pytest.param("O1,X1,M1,BACK,100,40,60,1.95,Off", 0, id="another status"),
        pytest.param("O1,X1,M1,BACK,100,40,60,1.95,Gone", 0, id="an unknown status"),
        pytest.param("O1,X1,M1,UP,100,40,60,1.95,Half", 0, id="an unknown side"),
        pytest.param("O1,\x07,M1,BACK,100,40,60,1.95,Half", 0, id="an unprintable reference"),
        pytest.param("O1,X1,M1,BACK,100,40,60,1.95,Half,more", 0, id="a cell too many"),
        pytest.param("O1,X1,M1,BACK,100,40,60,1.95", 0, id="a cell too few"),
        pytest.param("?,X9,M1,BACK,100,40,60,1.95,?", 0, id="question marks"),
        pytest.param("O9,X9,M1,BACK,100,40,60,1.95,Half", 0, id="nobody's order"),
    ],
)
def test_a_line_comes_to_the_same(
    database_url: str, tmp_path: Path, line: str, matched: int
) -> None:
    with desk(database_url) as app:
        feed(app, day())
        written, read = both_ways(app, tmp_path, [line])
    assert written == read
    assert written.figures.matched == matched


ODD = (
    '100 40 60 0 -0 1e2 100.0 100|40 1.95 O1 O2 X1 X9 M1 BACK LAY Half Off Working - ? | \'O1 "O1"'
)
CELLS = st.sampled_from([*ODD.split(), "", " ", "\x07"])


def _told(line: str, changes: dict[int, str]) -> str:
    cells = line.split(",")
    return ",".join(changes.get(place, cell) for place, cell in enumerate(cells))


# A line that names an order by another name than the venue's is heard after those to the letter.
LINES = st.builds(
    _told, st.sampled_from(TRUE_LINES), st.dictionaries(st.integers(2, 8), CELLS, max_size=2)
)


def test_any_lines_come_to_the_same(database_url: str, tmp_path: Path) -> None:
    with desk(database_url) as app:
        feed(app, day())

        @settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
        @given(st.lists(LINES, max_size=6))
        def law(lines: list[str]) -> None:
            written, read = both_ways(app, tmp_path, lines)
            assert written == read

        law()
