"""Tables of scenarios as files: what fits is read, what does not is named by its place."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from adapters.conformance.reading import PUBLISHED, TABLES, BadTable, published, scenarios
from adapters.conformance.scenario import Direction
from domain.lifecycle import Status


def row(**told: object) -> dict[str, Any]:
    """A report of a table, every field filled."""
    return {
        "t": "2",
        "direction": "from_venue",
        "msg": "ExecutionReport",
        "cl_ord_id": "X",
        "orig_cl_ord_id": None,
        "exec_type": "Trade",
        "ord_status": "PartiallyFilled",
        "order_qty": 100,
        "cum_qty": 40,
        "leaves_qty": 60,
        "last_qty": 40,
        "branch": "main",
        "extra": {"last_px": 50.1, "concurrent": True},
        "comment": "words",
        **told,
    }


def order(**told: object) -> dict[str, Any]:
    """The order of a table."""
    sent = {"direction": "to_venue", "msg": "NewOrderSingle", "exec_type": None, "extra": None}
    return row(
        **{"t": "1", **sent, "ord_status": None, "cum_qty": None, "leaves_qty": None, **told}
    )


def one(*steps: object, **told: object) -> dict[str, Any]:
    """A scenario of a table."""
    return {"id": "S.1", "title": "A story", "steps": list(steps), **told}


def written(path: Path, *told: object) -> Path:
    """A table with these scenarios."""
    file = path / "table.json"
    file.write_text(json.dumps({"scenarios": list(told)}), encoding="utf-8")
    return file


def test_a_report_is_read_whole(tmp_path: Path) -> None:
    (scenario,) = scenarios(written(tmp_path, one(order(), row(), breaks=["QTY-01"])))
    assert (scenario.source, scenario.name, scenario.title) == ("table.json", "S.1", "A story")
    assert scenario.breaks == {"QTY-01"}
    placed, matched = scenario.steps
    assert (placed.direction, matched.direction) == (Direction.SENT, Direction.RECEIVED)
    assert placed.message["side"] == "BUY"
    assert matched.concurrent
    assert matched.message["last_px"] == Decimal("50.1")
    told = matched.printed
    assert (told.status, told.size, told.matched, told.remaining) == (
        Status.PARTIALLY_FILLED,
        Decimal(100),
        Decimal(40),
        Decimal(60),
    )


@pytest.mark.parametrize(
    ("words", "in_force"),
    [
        pytest.param({"title": "GTC order part-filled"}, "GTC", id="good till cancel"),
        pytest.param({"title": "A story", "group": "H GT"}, "GTC", id="by the group"),
        pytest.param({"title": "Fill or Kill order"}, "FOK", id="fill or kill"),
        pytest.param({"title": "Immediate or Cancel order"}, "IOC", id="immediate or cancel"),
        pytest.param({"title": "GTD order"}, "GTD", id="good till date"),
        pytest.param({"title": "A part-filled day order"}, None, id="a day order: nothing"),
    ],
)
def test_titles_tell_the_time_in_force(
    tmp_path: Path, words: dict[str, str], in_force: str | None
) -> None:
    (scenario,) = scenarios(written(tmp_path, one(order(), **words)))
    assert scenario.steps[0].message.get("time_in_force") == in_force


STEP = "scenarios[0].steps[0]"


@pytest.mark.parametrize(
    ("told", "where"),
    [
        pytest.param([1], "scenarios[0]: not an object", id="a scenario that is none"),
        pytest.param([one(row(), id=None)], "scenarios[0].id: missing", id="no id"),
        pytest.param(
            [one(row()), one(row())], "scenarios[1].id: S.1 stands twice", id="an id twice"
        ),
        pytest.param([one()], "scenarios[0].steps: empty", id="no steps"),
        pytest.param([one("x")], f"{STEP}: not an object", id="a step that is none"),
        pytest.param([one(row(t=None))], f"{STEP}.t: missing", id="no time"),
        pytest.param(
            [one(row(direction="up"))], f"{STEP}.direction: 'up' is none of", id="direction"
        ),
        pytest.param(
            [one(row(msg="Heartbeat"))], f"{STEP}.msg: 'Heartbeat' is none of", id="message"
        ),
        pytest.param(
            [one(row(msg="NewOrderSingle"))], f"{STEP}.msg: 'NewOrderSingle'", id="who says what"
        ),
        pytest.param([one(row(branch="side"))], f"{STEP}.branch: 'side' is none of", id="branch"),
        pytest.param([one(row(ord_status="Done"))], f"{STEP}.ord_status: 'Done'", id="status"),
        pytest.param(
            [one(row(ord_status=["New"]))], f"{STEP}.ord_status: missing, or not a text", id="shape"
        ),
        pytest.param([one(row(exec_type=None))], f"{STEP}.exec_type: missing", id="no exec type"),
        pytest.param([one(row(cl_ord_id=7))], f"{STEP}.cl_ord_id: missing, or not a text", id="id"),
        pytest.param([one(row(cum_qty="many"))], f"{STEP}.cum_qty: 'many' is not", id="a quantity"),
        pytest.param(
            [one(row(last_qty=-1))], f"{STEP}.last_qty: -1 is below zero", id="below zero"
        ),
        pytest.param(
            [one(row(order_qty=True))], f"{STEP}.order_qty: True is not", id="not a number"
        ),
        pytest.param([one(row(extra=[1]))], f"{STEP}.extra: not an object", id="extra"),
        pytest.param(
            [one(row(extra={"wire": {}}))], f"{STEP}.extra.wire: stands in a Wire step", id="wire"
        ),
        pytest.param([one(row(), breaks="QTY")], "scenarios[0].breaks: not a list", id="breaks"),
    ],
)
def test_what_does_not_fit_is_named(tmp_path: Path, told: list[object], where: str) -> None:
    file = written(tmp_path, *told)
    with pytest.raises(BadTable) as error:
        scenarios(file)
    assert str(error.value).startswith(f"{file}: {where}")
    assert "docs/conformance.md" in str(error.value)


@pytest.mark.parametrize(
    ("content", "where"),
    [
        pytest.param(b"{", "line 1 column 2: not JSON", id="cut short"),
        pytest.param(b"[]", "not an object", id="a list"),
        pytest.param(b"{}", "scenarios: not a list", id="no scenarios"),
        pytest.param(b'{"scenarios": []}', "scenarios: empty", id="none at all"),
        pytest.param(b"\xff\xfe", "byte 0: not UTF-8", id="another encoding"),
        pytest.param(b"[" * 200_000, "nested too deep", id="too deep"),
    ],
)
def test_a_file_that_is_no_table(tmp_path: Path, content: bytes, where: str) -> None:
    file = tmp_path / "table.json"
    file.write_bytes(content)
    with pytest.raises(BadTable, match=r"table\.json") as error:
        scenarios(file)
    assert where in str(error.value)


def test_a_directory_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(BadTable, match=r"cannot be read .*name a file of scenarios"):
        scenarios(tmp_path)


def test_the_suite_comes_with_the_program() -> None:
    assert {path.name for path in TABLES.iterdir()} == set(PUBLISHED)
    names = [scenario.name for scenario in published()]
    assert len(set(names)) == len(names)
