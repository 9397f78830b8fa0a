"""Parquet files: every amount as it was, in its decimals or beside them."""

from __future__ import annotations

import json
from decimal import Decimal, localcontext
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.warehouse.parquet import ParquetPart
from adapters.warehouse.shape import Shape
from projections.reporting import columns

SHAPE = Shape("amounts", 1, columns("amount exact What it is."))
ISSUED = ("NEW", "x", 1, None)


def spelled(sign: str, whole: str, part: str) -> str:
    """An amount in plain digits."""
    return f"{sign}{whole}{part and '.' + part}"


def read_again(path: Path, amounts: list[str]) -> list[str]:
    """The amounts as a reader of the file finds them."""
    part = ParquetPart(path, SHAPE)
    for amount in amounts:
        part.add((*ISSUED, amount))
    part.close()
    parquet: Any = import_module("pyarrow.parquet")  # heavy, and it tells no types
    told: list[str] = []
    for line in parquet.read_table(path).to_pylist():
        beyond = json.loads(line["beyond_decimal"] or "{}")
        assert (line["amount"] is None) == ("amount" in beyond)
        told.append(beyond.get("amount") or format(line["amount"], "f"))
    return told


@pytest.mark.parametrize(
    "amount",
    [
        pytest.param("99999999999999999999.999999999999999999", id="the largest of 38 digits"),
        pytest.param("999999999999999999999.123456789012345678", id="39 digits"),
        pytest.param("-999999999999999999999.123456789012345678", id="39 digits below nothing"),
        pytest.param("123456789012345678901", id="21 digits before the point"),
        pytest.param("0.1234567890123456789", id="19 digits behind the point"),
        pytest.param("0." + "0" * 29 + "1", id="30 digits behind the point"),
        pytest.param("1" * 60, id="60 digits"),
    ],
)
def test_one_amount_alone_is_not_rounded(tmp_path: Path, amount: str) -> None:
    with localcontext(prec=100):
        (told,) = read_again(tmp_path / "part", [amount])
        assert Decimal(told) == Decimal(amount)


@given(
    amounts=st.lists(
        st.builds(
            spelled,
            st.sampled_from(["", "-"]),
            st.integers(0, 10**45).map(str),
            st.text("0123456789", max_size=40),
        ),
        min_size=1,
    )
)
def test_whatever_the_amounts_are_they_are_read_again(
    tmp_path_factory: pytest.TempPathFactory, amounts: list[str]
) -> None:
    with localcontext(prec=100):
        told = read_again(tmp_path_factory.mktemp("amounts") / "part", amounts)
        assert list(map(Decimal, told)) == list(map(Decimal, amounts))
