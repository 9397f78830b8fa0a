"""Lines of a statement that agree with the books as they are written, and are never made rows."""

from __future__ import annotations

import pytest

from domain.ids import derived
from domain.runs import Aspect, Difference
from domain.statement import StatementRow, Unread
from tests.building import STREAM
from tests.domain.finding import KEY, OTHER, findings, hear, said
from tests.domain.test_reconcile_findings import FIGURES
from tests.stating import row


@pytest.mark.parametrize(("agrees", "differs", "figure"), FIGURES)
def test_lines_that_were_never_made_rows_tell_their_figures(
    agrees: StatementRow, differs: StatementRow, figure: str
) -> None:
    found = findings()
    (name,) = (name for name in agrees.claims.__slots__ if getattr(differs.claims, name))
    assert found.plainly(unread("O1", figures=(name,)), [KEY], ()) == []
    hear(found, differs)
    assert found.found[Aspect.SOURCES, STREAM, None, None].figure == figure


def test_a_line_tells_no_other_figures_than_it_has() -> None:
    found = findings()
    found.plainly(unread("O1", figures=("price", "remaining")), [KEY], ())
    assert said(hear(found, row(size="90"))) == ["size 100 90 -10 @orders.json:1"]


def test_a_line_tells_all_the_figures_that_it_has() -> None:
    found = findings()
    found.plainly(unread("O1", figures=("remaining", "size")), [KEY], ())
    told = said(hear(found, row(size="90")))
    assert told == ["sources size 100 90 @orders.json:1", "size 100 90 -10 @orders.json:1"]


def unread(*ids: str, figures: tuple[str, ...] = ("matched",)) -> Unread:
    """Lines with these ids that agree with the books as they are written."""
    return Unread(input=0, figures=figures, ids=ids, told=["40|"] * len(ids), read=lambda _: None)


@pytest.mark.parametrize(
    ("ids", "keys", "left", "counted"),
    [
        pytest.param(["O1", "O2"], [KEY, OTHER], [], 2, id="all agree"),
        pytest.param(["O1", "O2"], [None, OTHER], [0], 1, id="one that no order was found for"),
        pytest.param(["O1", "O1"], [None, KEY], [0, 1], 0, id="after one of its id that is left"),
        pytest.param(["O1", "O1"], [KEY, KEY], [1], 1, id="the order was told of already"),
        pytest.param(["O8", "O1"], ["doubtful", KEY], [0], 1, id="one that needs a closer look"),
        pytest.param(["O9", "O1"], ["watched", KEY], [0], 1, id="one that differed before"),
    ],
)
def test_which_lines_must_be_read(
    ids: list[str], keys: list[str | None], left: list[int], counted: int
) -> None:
    watched = derived("order", "watched")
    found = findings(Difference(aspect=Aspect.MATCHED, order=watched))
    orders = [str(watched) if key == "watched" else key for key in keys]
    assert found.plainly(unread(*ids), orders, {"doubtful"}) == left
    assert found.agreeing == counted


def test_a_line_waits_until_those_of_its_id_before_it_were_heard() -> None:
    found = findings()
    assert found.plainly(unread("O1", "O2"), [None, None], ()) == [0, 1]
    assert found.plainly(unread("O1"), [KEY], ()) == [0]
    found.caught_up([row("O1")])
    assert found.plainly(unread("O1", "O2"), [KEY, OTHER], ()) == [1]
