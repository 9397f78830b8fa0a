"""A venue that keeps the order state matrices of FIX (Appendix D) raises no break.

One that prints one wrong figure raises what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters.bootstrap import open_files, opened
from adapters.conformance.lines import STARTS, capture_lines
from adapters.conformance.reading import PUBLISHED, published
from adapters.conformance.scenario import Scenario, Variant, variants
from adapters.settings import Settings
from tests.whole.telling import every_flag

STANDARD = [one for one in published() if one.source in PUBLISHED[:2]]
EXPECTED: Mapping[str, frozenset[str]] = {
    "J.1.a": frozenset({"FIL-13", "FIL-14"}),
    "J.1.c": frozenset({"FIL-14"}),
}
"""A match that is taken back or corrected is finance's business, however well it is reported.
Of the published matrices; the further scenarios tell it themselves."""
MATCHED_LATE: Mapping[str, frozenset[str]] = dict.fromkeys(
    ("J.1.b", "O.6"), frozenset({"CXL-04", "CXL-25"})
)
"""By the venue's own clock it matched what it had cancelled: somebody should ask how."""


def main_of(scenario: Scenario) -> Variant:
    """The path taken, with the venue's claims."""
    return next(iter(variants(scenario)))


def raised(told: Iterable[Variant], path: Path, *, timed: bool = True) -> list[dict[str, Any]]:
    """The flags that the variants raise, all of them read by one engine."""
    tape = path / "tape.ndjson"
    lines = [
        _timed(line) if timed else line
        for variant in told
        for line in capture_lines(variant, variant.scenario.name)
    ]
    tape.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    with opened(Settings(database_url=f"sqlite:///{path}/flags.db")) as app:
        app.ingest(open_files([str(tape)]))
        return every_flag(app)


def _timed(line: str) -> str:
    """A report that tells the venue's time: the moment at which it was seen."""
    at = f'"at": "{STARTS:%Y-%m-%d}'
    start = line.index(at) + len('"at": ')
    moment = line[start : line.index('"', start + 1) + 1]
    return line.replace('"exec_id":', f'"transact_time": {moment}, "exec_id":')


@pytest.mark.parametrize("timed", [True, False], ids=["with venue times", "without"])
def test_a_venue_that_keeps_the_matrices_raises_no_break(tmp_path: Path, *, timed: bool) -> None:
    found: dict[str, set[str]] = {one.name: set() for one in STANDARD}
    for flag in raised(map(main_of, STANDARD), tmp_path, timed=timed):
        if flag["kind"] == "break" and flag["status"] == "open":
            found[flag["account"]].add(flag["code"])
    late: Mapping[str, frozenset[str]] = MATCHED_LATE if timed else {}
    assert found == {
        one.name: EXPECTED.get(one.name, one.breaks) | late.get(one.name, frozenset())
        for one in STANDARD
    }


@pytest.mark.parametrize(
    ("wrong", "then"),
    [
        pytest.param(
            {"cum_qty": "3500", "leaves_qty": "6500"},
            ["FIL-04", "QTY-02", "QTY-03"],
            id="a total too high, which the next report takes back",
        ),
        pytest.param({"leaves_qty": "6000"}, ["QTY-01", "QTY-02"], id="1000 are nowhere"),
        pytest.param(
            {"ord_status": "Filled"},
            ["QTY-07", "QTY-10", "QTY-11"],
            id="called filled too early",
        ),
    ],
)
def test_a_matrix_with_one_wrong_figure_raises_what_is_wrong(
    tmp_path: Path, wrong: dict[str, Any], then: list[str]
) -> None:
    variant = main_of(next(one for one in STANDARD if one.name == "A.1.b"))
    steps = [
        replace(step, message={**step.message, **wrong}) if step.t == "4" else step
        for step in variant.steps
    ]
    told = replace(variant, steps=steps, scenario=replace(variant.scenario, steps=steps))
    assert sorted(flag["code"] for flag in raised([told], tmp_path)) == then
