"""A CSV by its column mapping: every way of writing a cell, and what is wrong with one."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.statements.csv_cells import BadCell, Cells
from adapters.statements.csv_mapping import Columns, Mapping
from domain.statement import Lists, Statement
from domain.values import Name, NameKind, Price, PriceFormat, Side, plain
from tests.adapters.statements.saved import file, rows, statement, told

COLUMNS = '[columns]\nvenue_order_id = "Id"\n'


def mapped(directory: Path, mapping: str, content: str | bytes) -> Statement:
    """The statement that a CSV is by a mapping."""
    toml = file(directory, "mapping.toml", mapping)
    return statement("abp", file(directory, "list.csv", content), mapping=toml)


@pytest.mark.parametrize(
    ("mapping", "content", "then"),
    [
        pytest.param(
            COLUMNS
            + 'size = "Stake"\nmatched = "Matched"\nstatus = "State"\n[status]\nOffen = "NEW"\n',
            "Id,Stake,Matched,State\nB1,100,40,partially filled\nB2,5.50,0,offen\n",
            ["B1 PARTIALLY_FILLED 100/40/-", "B2 NEW 5.5/0/-"],
            id="our words and theirs, in any case",
        ),
        pytest.param(
            'delimiter = ";"\ndecimal = ","\nthousands = "."\n' + COLUMNS + 'size = "Stake"\n',
            "Id;Stake\nB1;1.234.567,50\nB2;0,1\nB3;12.34\nB4;1,2,3\n",
            [
                "B1 - 1234567.5/-/-",
                "B2 - 0.1/-/-",
                "! 4: column 'Stake': '12.34' is not grouped by '.' in threes",
                "! 5: column 'Stake': '1,2,3' is no number: '1.2.3' is not a number",
            ],
            id="a decimal comma, thousands with a point",
        ),
        pytest.param(
            'decimal = ","\ndelimiter = "\\t"\n' + COLUMNS + 'size = "Stake"\n',
            "Id\tStake\nB1\t1.5\n",
            ["! 2: column 'Stake': '1.5' is no number with ',' as decimal sign"],
            id="a decimal point where a comma was said",
        ),
        pytest.param(
            'thousands = " "\n' + COLUMNS + 'size = "Stake"\n',
            "Id,Stake\nB1,1\u00a0234.5\nB2,1 234\n",
            ["B1 - 1234.5/-/-", "B2 - 1234/-/-"],
            id="thousands with spaces of any width",
        ),
        pytest.param(
            'empty = ["", "n/a", "-"]\n' + COLUMNS + 'size = "Stake"\nmatched = "M"\n',
            "Id,Stake,M\nB1,n/a,-\nB2,1,2\n",
            ["! 2: no cell tells anything of the order", "B2 - 1/2/-"],
            id="words for nothing",
        ),
        pytest.param(
            'empty = ["", "0"]\n' + COLUMNS + 'size = "Stake"\nmatched = "M"\n',
            "Id,Stake,M\nB1,5,0\n",
            ["B1 - 5/-/-"],
            id="a number that is said to be no word on it",
        ),
        pytest.param(
            COLUMNS + 'size = "Stake"\n',
            'Id,Stake\n\n"B,1",1\nB2,2,,\nB3\nB4,3,x\n',
            [
                "B,1 - 1/-/-",
                "B2 - 2/-/-",
                "! 5: 1 cells where the header has 2",
                "! 6: 3 cells where the header has 2",
            ],
            id="quotes, blank lines, too few and too many cells",
        ),
        pytest.param(
            COLUMNS + 'size = "Stake"\n',
            "Id,Stake\n,5\nB2,-1\nB3,abc\nB4,1e2\nB5,\u22125\n",
            [
                "! 2: no cell names an order",
                "! 3: column 'Stake': '-1' is below zero",
                "! 4: column 'Stake': 'abc' is no number: 'abc' is not a number",
                "B4 - 100/-/-",
                "! 6: column 'Stake': '\u22125' is below zero",
            ],
            id="cells that are wrong name their line and column",
        ),
        pytest.param(
            COLUMNS + 'status = "S"\nside = "D"\n',
            "Id,S,D\nB1,Odd,BACK\nB2,FILLED,over\nB3,Canceled,lay\n",
            [
                "! 2: column 'S': 'Odd' is no status: add it under [status]",
                "! 3: column 'D': 'over' is no side: add it under [side]",
                "B3 CANCELLED -/-/-",
            ],
            id="an unknown word is set aside, never guessed",
        ),
        pytest.param(
            "skip_lines = 2\nheader = false\n[columns]\nvenue_order_id = 2\nsize = 1\n",
            "Account 7\nPrinted today\n5,B1\n6,B2\n7\n",
            ["B1 - 5/-/-", "B2 - 6/-/-", "! 5: column 2: the line has only 1 cells"],
            id="no header: columns by their place",
        ),
        pytest.param(
            COLUMNS + 'size = "Stake"\n[ignore]\nType = ["Deposit", "Bonus"]\n',
            "Id,Type,Stake\n,Deposit,50\nB1,Bet,5\n",
            ["B1 - 5/-/-"],
            id="lines that are no orders are ignored when they are said to be",
        ),
        pytest.param(
            'lists = "fills"\n' + COLUMNS + 'fill_id = "Tx"\nfill_size = "Size"\n',
            "Id,Tx,Size\nB1,t1,5\nB1,t2,6\n,t3,7\nB2,,8\n",
            [
                "B1 - -/-/- [t1:5]",
                "B1 - -/-/- [t2:6]",
                "? - -/-/- [t3:7]",
                "! 5: no cell tells anything of the order",
            ],
            id="a line for each match",
        ),
        pytest.param(
            COLUMNS + 'size = "Stake"\n',
            'Id,Stake\nB1,1\n"B2"x,2\nB3,3\n',
            ["B1 - 1/-/-", "! 3: no line of a CSV: ',' expected after '\"'", "B3 - 3/-/-"],
            id="a quote in the wrong place costs its line",
        ),
    ],
)
def test_cells(mapping: str, content: str, then: list[str], tmp_path: Path) -> None:
    assert told(mapped(tmp_path, mapping, content)) == then


FULL = """
price_format = "american"
time_zone = "Europe/Vienna"
time_format = "%d.%m.%Y %H:%M"
currency = "EUR"
lists = "open"
complete = true
[columns]
venue_order_id = "id"
client_order_id = "ref"
wager_id = "wager"
side = "side"
market = "market"
user_ref = "desk"
placed_at = "placed"
updated_at = "changed"
price = "odds"
average_price = "avg"
profit = "pnl"
cancelled = "cancelled"
[side]
For = "BACK"
"""


def test_every_field(tmp_path: Path) -> None:
    content = (
        "id,ref,wager,side,market,desk,placed,changed,odds,avg,pnl,cancelled\n"
        "B1,C1,W1,for,M,d7,07.02.2026 12:00,07.07.2026 12:00,-110,+105,-4.20,7\n"
    )
    read = mapped(tmp_path, FULL, content)
    (one,) = read.inputs
    assert (one.lists, one.complete, one.at) == (Lists.OPEN, True, None)
    (row,) = rows(read)
    assert row.names == (
        Name(NameKind.VENUE, "B1"),
        Name(NameKind.CLIENT, "C1"),
        Name(NameKind.WAGER, "W1"),
    )
    assert (row.terms.side, row.terms.market, row.terms.user_ref) == (Side.BUY, "M", "d7")
    assert row.terms.currency == "EUR"
    assert row.terms.placed_at == datetime(2026, 2, 7, 11, tzinfo=UTC), "winter"
    assert row.updated_at == datetime(2026, 7, 7, 10, tzinfo=UTC), "summer"
    assert row.claims.price == Price(Decimal(-110), PriceFormat.AMERICAN)
    assert row.average == Price(Decimal(105), PriceFormat.AMERICAN)
    assert (row.profit, row.claims.cancelled) == (Decimal("-4.20"), Decimal(7))
    assert row.place.line == 2


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        pytest.param("utf-8", "utf-8-sig", id="UTF-8 with its mark"),
        pytest.param("utf-16", "utf-16", id="UTF-16"),
        pytest.param("cp1252", "cp1252", id="Windows"),
    ],
)
def test_encodings(encoding: str, name: str, tmp_path: Path) -> None:
    mapping = f'encoding = "{encoding}"\n[columns]\nvenue_order_id = "Wett-Nº"\nmarket = "Spiel"\n'
    content = "Wett-Nº,Spiel\r\nB1,Köln\r\n".encode(name)
    (row,) = rows(mapped(tmp_path, mapping, content))
    assert row.terms.market == "Köln"


def test_a_name_that_was_kept_from_being_run_is_the_name(tmp_path: Path) -> None:
    content = "venue_order_id,size\n'=1+1,5\n'-7,5\n'quoted',5\n"
    read = statement("abp", file(tmp_path, "orders.csv", content))
    assert [row.names[0].value for row in rows(read)] == ["=1+1", "-7", "'quoted'"]


def test_bytes_that_are_no_text_cost_their_line(tmp_path: Path) -> None:
    content = b"Id,Stake\nB\xff1,5\nB2,6\n"
    read = told(mapped(tmp_path, COLUMNS + 'size = "Stake"\n', content))
    assert read[0].startswith("! 2: column 'Id'")
    assert read[1] == "B2 - 6/-/-"


def test_text_that_ends_in_the_middle_says_that_more_is_missing(tmp_path: Path) -> None:
    content = "Id,Stake\nB1,5\nB2,6\n".encode("utf-16")[:-1]
    read = told(mapped(tmp_path, 'encoding = "utf-16"\n' + COLUMNS + 'size = "Stake"\n', content))
    assert read[-1].startswith("! 3: what follows is no text") or read[-1].startswith("! 2: what")


def test_a_csv_with_our_own_column_names_needs_no_mapping(tmp_path: Path) -> None:
    header = "order_key,venue_order_id,client_order_id,price,price_format,size,status"
    content = f"{header}\nk,O1,C1,1.5,decimal,9,NEW\n"
    read = statement("abp", file(tmp_path, "orders.csv", gzip.compress(content.encode())))
    (row,) = rows(read)
    assert told(read) == ["O1=C1 NEW 9/-/-"]
    assert row.claims.price == Price(Decimal("1.5"), PriceFormat.DECIMAL)


@pytest.mark.parametrize(
    ("time_format", "text", "then"),
    [
        pytest.param(
            "iso", "2026-02-07T12:00:00Z", "2026-02-07T12:00:00+00:00", id="ISO with zone"
        ),
        pytest.param("iso", "2026-02-07 12:00:00", "2026-02-07T11:00:00+00:00", id="ISO without"),
        pytest.param("epoch_s", "1770462000.5", "2026-02-07T11:00:00.500000+00:00", id="seconds"),
        pytest.param("epoch_ms", "1770462000500", "2026-02-07T11:00:00.500000+00:00", id="ms"),
        pytest.param(
            "%Y/%m/%d %H:%M %z",
            "2026/02/07 12:00 +0200",
            "2026-02-07T10:00:00+00:00",
            id="own zone",
        ),
        pytest.param("iso", "25.10.2026", None, id="none of it"),
        pytest.param(
            "iso", "2026-10-25 02:30:00", "2026-10-25T00:30:00+00:00", id="came twice: the first"
        ),
    ],
)
def test_times(time_format: str, text: str, then: str | None) -> None:
    cells = Cells(
        Mapping(
            columns=Columns(venue_order_id="id"),
            time_format=time_format,
            time_zone="Europe/Vienna",
        )
    )
    if then is None:
        with pytest.raises(BadCell):
            cells.time(text)
        return
    found = cells.time(text)
    assert found is not None
    assert found.isoformat() == then


@given(
    st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=0, max_value=10**12),
    st.sampled_from([(".", ""), (".", ","), (",", "."), (",", " "), (".", "'")]),
)
def test_a_number_is_read_as_it_was_written(value: Decimal, signs: tuple[str, str]) -> None:
    decimal, thousands = signs
    cells = Cells(
        Mapping(
            columns=Columns(venue_order_id="id"),
            decimal="," if decimal == "," else ".",
            thousands=thousands,
        )
    )
    written = f"{value:,f}".replace(",", "\0").replace(".", decimal).replace("\0", thousands)
    assert cells.number(written) == value
    assert plain(cells.number(written) or Decimal(0)) == plain(value)
