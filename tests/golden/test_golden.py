"""Golden histories: the books that they make do not change unless somebody blesses the change."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.golden.histories import Books, Shelf, blessed, differences, histories

HISTORIES = histories()
TABLE = blessed()


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """Where the books are made."""
    directory: Path = tmp_path_factory.mktemp("golden")
    return Shelf(directory)


@pytest.mark.parametrize("name", HISTORIES)
def test_the_books_are_those_that_were_blessed(name: str, shelf: Shelf) -> None:
    now = shelf.books(HISTORIES[name])
    changed = differences(name, TABLE[name], now)
    assert changed == [], "if this is meant: python -m tests.golden --bless"


def test_there_are_two_hundred_and_each_is_in_the_table() -> None:
    assert len(HISTORIES) >= 200
    assert set(TABLE) == set(HISTORIES)


def books(order: str, flag: str, digest: str) -> Books:
    """Books of one order with one flag."""
    return {"hash": digest, "orders": [order], "flags": [flag]}


@pytest.mark.parametrize(
    ("now", "told"),
    [
        pytest.param(books("X: 1", "QTY-01", "a"), [], id="the same"),
        pytest.param(
            books("X: 2", "QTY-01", "b"), ["h: gone: X: 1", "h: new: X: 2"], id="an order"
        ),
        pytest.param(
            books("X: 1", "QTY-02", "b"), ["h: gone: QTY-01", "h: new: QTY-02"], id="a flag"
        ),
        pytest.param(
            books("X: 1", "QTY-01", "b"),
            ["h: the state hash is another one; orders and flags read as before"],
            id="something that the table does not show",
        ),
    ],
)
def test_a_change_is_told_by_name(now: Books, told: list[str]) -> None:
    assert differences("h", books("X: 1", "QTY-01", "a"), now) == told
