"""Lists as files: exact, inert, whole, and the same bytes for the same list."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.exports import spreadsheet
from adapters.exports.files import UnknownKind, write_file
from adapters.exports.sheet import Sheet
from adapters.spelling import inert

NOON = datetime(2026, 2, 7, 12, 0, 0, 250_000, tzinfo=UTC)
ABOUT = (("as of (UTC)", NOON), ("log position", 178), ("head hash", "cd9b04"))


def sheet(*rows: Mapping[str, Any], fields: Sequence[str] = ("a", "seen_at")) -> Sheet:
    """A list of these rows; what a row does not tell is absent."""
    told = [{name: row.get(name) for name in fields} for row in rows]
    return Sheet(title="breaks", fields=fields, rows=told, about=ABOUT)


Cell = tuple[str, str]
"""Where it stands and what it holds: `n 40.25`, `s text`, `f formula`."""


def cells(path: Path, page: int = 1) -> dict[str, str]:
    """The cells of a sheet as the file has them: a kind and the text of the value."""
    with zipfile.ZipFile(path) as book:
        source = book.read(f"xl/worksheets/sheet{page}.xml").decode()
    found: dict[str, str] = {}
    for place, attributes, inside in re.findall(
        r'<c r="([A-Z]+\d+)"([^>]*)>(.*?)</c>', source, re.DOTALL
    ):
        kind = (re.search(r't="(\w+)"', attributes) or ["", "n"])[1]
        assert "<f>" not in inside, f"{place} is a formula"
        text = re.sub(r"<[^>]+>", "", inside)
        found[place] = f"{'s' if kind == 'inlineStr' else kind} {unescape(text)}"
    return found


def source(path: Path, name: str) -> str:
    """A part of the file."""
    with zipfile.ZipFile(path) as book:
        return book.read(name).decode()


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        pytest.param(Decimal("40.250"), "n 40.25", id="an amount"),
        pytest.param(Decimal(-40), "n -40", id="a negative amount"),
        pytest.param(Decimal("0.1"), "n 0.1", id="no binary fraction of it"),
        pytest.param(Decimal("123456789012.345"), "n 123456789012.345", id="fifteen digits"),
        pytest.param(
            Decimal("1234567890123.456"), "s 1234567890123.456", id="sixteen digits stay text"
        ),
        pytest.param(Decimal("1E+3"), "n 1000", id="an exponent"),
        pytest.param(Decimal("1E+20"), "s 100000000000000000000", id="too large to be kept"),
        pytest.param(
            Decimal("0.000000000000000001"), "n 1E-18", id="one small digit is kept as a number"
        ),
        pytest.param(7, "n 7", id="a whole number"),
        pytest.param(10**15 + 1, "s 1000000000000001", id="a long whole number stays text"),
        pytest.param(True, "b 1", id="yes"),
        pytest.param(None, None, id="nothing"),
        pytest.param("40", "s 40", id="text that looks like a number stays text"),
        pytest.param("https://x.example", "s https://x.example", id="no link"),
        pytest.param([3, 7], "s 3, 7", id="positions"),
        pytest.param(NOON, "n 46060.50000289352", id="a time is a time"),
        pytest.param(
            NOON.astimezone(timezone(timedelta(hours=5))),
            "n 46060.50000289352",
            id="a time elsewhere is told in UTC",
        ),
        pytest.param(
            datetime(1899, 1, 1, tzinfo=UTC), "s 1899-01-01T00:00:00.000000Z", id="before all days"
        ),
        pytest.param("a\ud800b", "s a\\ud800b", id="half a character"),
        pytest.param("tab\there", "s tab\there", id="a tab within"),
    ],
)
def test_a_value_in_a_spreadsheet(tmp_path: Path, value: object, cell: str | None) -> None:
    path = tmp_path / "x.xlsx"
    assert write_file(path, sheet({"a": value})) == 1
    assert cells(path).get("A2") == cell


HOSTILE = [
    '=HYPERLINK("http://x","y")',
    "=cmd|'/C calc'!A0",
    "+1+1",
    "-1-1",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\N{FULLWIDTH EQUALS SIGN}1+1",
    "{=1}",
    "'=1",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_a_venue_wrote_is_run(tmp_path: Path, text: str) -> None:
    rows = sheet({"a": text})
    write_file(tmp_path / "x.xlsx", rows)
    write_file(tmp_path / "x.csv", rows)
    with (tmp_path / "x.csv").open(encoding="utf-8", newline="") as file:
        _, (written, _) = list(csv.reader(file))
    assert written == inert(text)
    assert not written.startswith(
        ("=", "+", "-", "@", "\t", "\r", "\n", "\N{FULLWIDTH EQUALS SIGN}")
    )
    in_book = cells(tmp_path / "x.xlsx")["A2"]
    assert in_book[:3] != "s ="
    assert in_book.removeprefix("s ").replace("_x000D_", "\r").strip("'") in written


@given(st.text(max_size=40))
@settings(max_examples=60)
def test_any_text_is_inert_and_comes_back(text: str) -> None:
    told = inert(text)
    assert told in {text, "'" + text}
    assert not told.startswith(("=", "+", "-", "@", "\t", "\r"))


def test_the_header_stays_and_can_be_narrowed(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    write_file(path, sheet({"a": 1}, {"a": 2}))
    page = source(path, "xl/worksheets/sheet1.xml")
    assert 'state="frozen"' in page
    assert '<autoFilter ref="A1:B3"/>' in page
    assert [cells(path)[place] for place in ("A1", "B1")] == ["s a", "s seen_at (UTC)"]
    assert 'name="breaks"' in source(path, "xl/workbook.xml")


def test_the_second_sheet_tells_what_the_first_is_about(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    write_file(path, sheet())
    assert list(cells(path, 2).values()) == [
        "s as of (UTC)",
        "n 46060.50000289352",
        "s log position",
        "n 178",
        "s head hash",
        "s cd9b04",
    ]


@pytest.mark.parametrize("name", ["x.csv", "x.xlsx", "X.CSV"])
def test_the_same_list_gives_the_same_bytes(tmp_path: Path, name: str) -> None:
    for directory in ("one", "two"):
        (tmp_path / directory).mkdir()
        write_file(tmp_path / directory / name, sheet({"a": "x", "seen_at": NOON}))
    assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_csv_is_exact(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    rows: list[Mapping[str, Any]] = [
        {"a": Decimal("-1234567890123.4560"), "seen_at": NOON},
        {"a": "a\ud800,b"},
        {"a": [1]},
    ]
    assert write_file(path, sheet(*rows)) == 3
    assert path.read_text("utf-8") == (
        'a,seen_at\n-1234567890123.456,2026-02-07T12:00:00.250000Z\n"a\\ud800,b",\n[1],\n'
    )


def test_a_text_that_fits_no_cell_is_cut_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    write_file(path, sheet({"a": "é" * 40_000}))
    text = cells(path)["A2"].removeprefix("s ")
    assert len(text) == spreadsheet.TEXT_MAX
    assert text.endswith("é… (40000 characters; the rest stands in the log)")


def test_more_rows_than_a_sheet_holds_go_on_in_a_further_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreadsheet, "ROWS_MAX", 3)
    path = tmp_path / "x.xlsx"
    assert write_file(path, sheet(*({"a": number} for number in range(5)))) == 5
    pages = [list(cells(path, page).values())[2:] for page in (1, 2, 3)]
    assert pages == [["n 0", "n 1"], ["n 2", "n 3"], ["n 4"]]
    assert 'name="breaks 3"' in source(path, "xl/workbook.xml")


def broken() -> Iterator[Mapping[str, Any]]:
    """Rows that end in an error."""
    yield {"a": 1, "seen_at": None}
    raise RuntimeError("the database went away")


@pytest.mark.parametrize("name", ["x.csv", "x.xlsx"])
def test_a_file_is_there_whole_or_as_it_was(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("before")
    rows = Sheet(title="breaks", fields=("a", "seen_at"), rows=broken(), about=ABOUT)
    with pytest.raises(RuntimeError, match="went away"):
        write_file(path, rows)
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("name", "trouble", "told"),
    [
        pytest.param("x.pdf", UnknownKind, r"must end with \.csv or \.xlsx", id="another kind"),
        pytest.param("x", UnknownKind, "must end with", id="no kind"),
        pytest.param("no/x.csv", FileNotFoundError, "there is no directory", id="no directory"),
        pytest.param("d.csv", IsADirectoryError, "is a directory", id="a directory"),
    ],
)
def test_a_place_that_does_not_fit_is_told(
    tmp_path: Path, name: str, trouble: type[Exception], told: str
) -> None:
    (tmp_path / "d.csv").mkdir()
    with pytest.raises(trouble, match=told):
        write_file(tmp_path / name, sheet())
