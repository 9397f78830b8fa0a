"""A column mapping that is wrong, or does not fit its file, says where and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.statements.errors import BadMapping
from tests.adapters.statements.saved import file, statement

COLUMNS = '[columns]\nvenue_order_id = "Id"\n'


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        pytest.param("columns = 1 1", "no TOML", id="no TOML"),
        pytest.param(b"\xff", "not UTF-8 at byte 0", id="no text"),
        pytest.param(
            'x = 1\n[columns]\nvenue_order_id = "Id"\n', ":1: x: Extra inputs", id="a word too many"
        ),
        pytest.param(
            '[columns]\nsize = "Stake"\n', "no column names an order", id="nothing names orders"
        ),
        pytest.param(
            COLUMNS + '[status]\nOpen = "LIVELY"\n', ":4: status.Open", id="an unknown status"
        ),
        pytest.param('time_zone = "Mars"\n' + COLUMNS, ":1: time_zone: no time zone", id="a zone"),
        pytest.param('currency = "{x}"\n' + COLUMNS, ":1: currency", id="a currency"),
        pytest.param(
            'encoding = "x9"\n' + COLUMNS, "no encoding that Python knows", id="an encoding"
        ),
        pytest.param('thousands = "."\n' + COLUMNS, "are the same sign", id="one sign for both"),
        pytest.param(
            'thousands = "5"\n' + COLUMNS, "separates nothing", id="a digit between digits"
        ),
        pytest.param(
            "header = false\n" + COLUMNS, "named by their place", id="no header, yet names"
        ),
        pytest.param(
            '[columns]\nvenue_order_id = "ID"\n', "did you mean 'Id'?", id="a column not there"
        ),
        pytest.param(
            "[columns]\nvenue_order_id = 9\n", "there is no column 9, only 3", id="no such place"
        ),
        pytest.param(
            '[columns]\nvenue_order_id = "Stake"\n', "has 'Stake' 2 times", id="two of a name"
        ),
        pytest.param('encoding = "utf-16"\n' + COLUMNS, "not utf-16", id="another encoding"),
    ],
)
def test_a_wrong_mapping_says_where_and_what(
    mapping: str | bytes, says: str, tmp_path: Path
) -> None:
    toml = file(tmp_path, "mapping.toml", mapping)
    with pytest.raises(BadMapping) as caught:
        statement("abp", file(tmp_path, "list.csv", "Id,Stake,Stake\nB1,1,2\n"), mapping=toml)
    assert says in str(caught.value)
    assert "docs/howto/write-a-statement-mapping.md" in str(caught.value)


def test_a_header_that_is_no_csv_says_so(tmp_path: Path) -> None:
    toml = file(tmp_path, "mapping.toml", COLUMNS)
    with pytest.raises(BadMapping, match="the header is no CSV"):
        statement("abp", file(tmp_path, "list.csv", '"Id"x,Stake\n'), mapping=toml)
