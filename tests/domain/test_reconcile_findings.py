"""What the rows of a statement show of one account, gathered row by row for one run."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from domain import events as e
from domain.ids import derived
from domain.runs import Aspect, Difference
from domain.statement import Lists, StatementInput, StatementRow
from domain.values import Price
from tests.building import STREAM, seconds
from tests.domain.finding import KEY, OTHER, findings, hear, said
from tests.stating import fill, listing, row


@pytest.mark.parametrize(
    ("rows", "then"),
    [
        pytest.param([row(matched="40")], [], id="one that agrees"),
        pytest.param(
            [row(matched="41", line=7, place=1)],
            ["matched 40 41 1 @more.json:7"],
            id="one that differs: its file and line are told",
        ),
        pytest.param([row(matched="40"), row(matched="40")], [], id="told twice, it agrees"),
        pytest.param(
            [row(matched="41", line=1), row(matched="41", line=2)],
            ["matched 40 41 1 @orders.json:2"],
            id="told twice, it differs from us and not from itself",
        ),
        pytest.param(
            [row(matched="40", line=1), row(matched="41", line=2, place=1)],
            ["sources matched 40 41 @more.json:2", "matched 40 41 1 @more.json:2"],
            id="agrees, and then does not",
        ),
        pytest.param(
            [row(matched="41", line=1), row(matched="40", line=2)],
            ["matched 40 41 1 @orders.json:1", "sources matched 41 40 @orders.json:2"],
            id="does not, and then agrees",
        ),
        pytest.param(
            [row(matched="41", line=1), row(matched="42", line=2)],
            ["matched 40 42 2 @orders.json:2", "sources matched 41 42 @orders.json:2"],
            id="differs in two ways",
        ),
        pytest.param(
            [row(remaining="60"), row(matched="41")],
            ["matched 40 41 1 @orders.json:1"],
            id="the first row does not tell what the second differs in",
        ),
        pytest.param(
            [row(matched="41", line=1), row(remaining="60", line=2)],
            ["matched 40 41 1 @orders.json:1"],
            id="the second row does not tell what the first differs in",
        ),
        pytest.param(
            [row(matched="40"), row(remaining="60"), row(matched="41", line=3)],
            ["sources matched 40 41 @orders.json:3", "matched 40 41 1 @orders.json:3"],
            id="what any row before has told counts",
        ),
        pytest.param(
            [row(matched="40"), row(remaining="60"), row(remaining="61", line=3)],
            ["sources remaining 60 61 @orders.json:3", "remaining 60 61 1 @orders.json:3"],
            id="what the row just before has told counts too",
        ),
        pytest.param(
            [row(size="90", line=1), replace(row(line=2), terms=e.Terms(size=Decimal(100)))],
            ["size 100 90 -10 @orders.json:1", "sources size 90 100 @orders.json:2"],
            id="a size as the terms have it contradicts a claim",
        ),
        pytest.param(
            [
                row(price="2", line=1),
                replace(row(line=2), terms=e.Terms(price=Price(Decimal("1.95")))),
            ],
            ["price 1.95 2 0.05 @orders.json:1", "sources price 2 1.95 @orders.json:2"],
            id="so does a price",
        ),
        pytest.param(
            [row(matched="40"), row(size="90", line=2)],
            ["size 100 90 -10 @orders.json:2"],
            id="the first row does not tell the size either",
        ),
        pytest.param(
            [row(matched="41"), row(size="90", line=2)],
            ["matched 40 41 1 @orders.json:1", "size 100 90 -10 @orders.json:2"],
            id="each of two rows differs in something else",
        ),
        pytest.param(
            [row(matched="40", remaining="60"), row(matched="41", line=2, place=1)],
            ["sources matched 40 41 @more.json:2", "matched 40 41 1 @more.json:2"],
            id="agrees in more than what it then differs in",
        ),
        pytest.param(
            [row(matched="41", place=1, line=3), row(matched="40", line=2)],
            ["matched 40 41 1 @more.json:3", "sources matched 41 40 @orders.json:2"],
            id="a contradiction is told by the row that makes it",
        ),
        pytest.param(
            [row(size="100", price="1.95", matched="40"), row(size="90", price="2", matched="41")],
            [
                "sources size 100 90 @orders.json:1",
                "size 100 90 -10 @orders.json:1",
                "price 1.95 2 0.05 @orders.json:1",
                "matched 40 41 1 @orders.json:1",
            ],
            id="of several contradictions the first figure's is told",
        ),
        pytest.param(
            [row(size="100", price="1.95", matched="40"), row(size="100", matched="41")],
            ["sources matched 40 41 @orders.json:1", "matched 40 41 1 @orders.json:1"],
            id="figures that agree or are not told come before",
        ),
    ],
)
def test_rows_of_one_order(rows: list[StatementRow], then: list[str]) -> None:
    found = hear(findings(), *rows)
    assert said(found) == then
    assert (found.differing, found.agreeing) == ((1, 0) if then else (0, 1))
    assert (found.seen(KEY), found.seen(OTHER)) == (True, False)
    assert {item.name for item in found.found.values()} <= {rows[0].names[0]}


FIGURES = [
    pytest.param(row(size="100"), row(size="90"), "size", id="size"),
    pytest.param(row(price="1.95"), row(price="2"), "price", id="price"),
    pytest.param(row(matched="40"), row(matched="41"), "matched", id="matched"),
    pytest.param(row(remaining="60"), row(remaining="59"), "remaining", id="remaining"),
    pytest.param(row(cancelled="0"), row(cancelled="1"), "cancelled", id="cancelled"),
    pytest.param(row(lapsed="0"), row(lapsed="1"), "lapsed", id="lapsed"),
    pytest.param(row(voided="0"), row(voided="1"), "voided", id="voided"),
    pytest.param(row(status="PARTIALLY_FILLED"), row(status="FILLED"), "status", id="status"),
]


@pytest.mark.parametrize(("agrees", "differs", "figure"), FIGURES)
def test_rows_contradict_each_other_in_any_figure(
    agrees: StatementRow, differs: StatementRow, figure: str
) -> None:
    for rows in ((agrees, differs), (differs, agrees)):
        found = hear(findings(), *rows).found
        assert found[Aspect.SOURCES, STREAM, None, None].figure == figure
        assert len(found) == 2


@pytest.mark.parametrize(
    ("told", "theirs", "ours_by_ref"),
    [
        pytest.param(row("Z9", size="5"), "5", False, id="its size"),
        pytest.param(
            replace(row("Z9"), terms=e.Terms(size=Decimal("5.0"))),
            "5",
            False,
            id="as terms have it",
        ),
        pytest.param(
            replace(row("Z9", size="5"), terms=e.Terms(size=Decimal(6))),
            "5",
            False,
            id="a claim counts before the terms",
        ),
        pytest.param(
            replace(row("Z9"), claims=e.Claims(raw_status="MATCHED")),
            "MATCHED",
            False,
            id="without a size, the venue's word",
        ),
        pytest.param(row("Z9", ref="bw-1"), None, True, id="a reference that begins as ours do"),
        pytest.param(row("Z9", ref="1-bw-"), None, False, id="a reference that does not"),
        pytest.param(row("bw-9"), None, False, id="the venue's own id is no reference of ours"),
    ],
)
def test_an_order_that_nobody_here_knows(
    told: StatementRow, theirs: str | None, *, ours_by_ref: bool
) -> None:
    found = findings(inputs=[listing(), listing(Lists.OPEN, name="open.json")])
    found.only_theirs(replace(told, place=replace(told.place, input=1, line=4)))
    assert list(found.found.values()) == [
        Difference(
            aspect=Aspect.ONLY_THEIRS, name=told.names[0], figure="open", theirs=theirs,
            file="open.json", line=4, ours_by_ref=ours_by_ref,
        )
    ]  # fmt: skip


def test_of_an_order_that_nobody_here_knows_the_first_row_counts() -> None:
    found = findings()
    for line in (1, 2):
        found.only_theirs(row("Z9", size="5", line=line))
    assert [item.line for item in found.found.values()] == [1]


def test_findings_are_counted_by_what_they_are_about() -> None:
    found = hear(findings(), row(matched="41", remaining="59"))
    found.only_theirs(row("Z9"))
    absent = Difference(aspect=Aspect.ONLY_OURS, order=derived("order", "another"))
    found.absent(absent)
    assert found.found[absent.key] is absent
    assert found.count(Aspect.ONLY_OURS) == found.count(Aspect.ONLY_THEIRS) == 1
    assert found.count(Aspect.MATCHED, Aspect.REMAINING, Aspect.SIZE) == 2
    assert found.count(Aspect.NOT_OPEN) == 0


@pytest.mark.parametrize(
    ("reasons", "theirs"),
    [
        pytest.param(["a"], "a", id="one"),
        pytest.param(["a", "b", "c"], "a; b; c", id="three are told"),
        pytest.param(["a", "b", "c", "d"], "a; b; c …", id="of more, that there are more"),
    ],
)
def test_a_list_that_is_not_whole(reasons: list[str], theirs: str) -> None:
    found = findings()
    found.parts(Lists.OPEN, reasons)
    assert list(found.found.values()) == [
        Difference(
            aspect=Aspect.PARTS, ref="open", theirs=theirs, difference=str(len(reasons))
        )
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("trades", "then"),
    [
        pytest.param(
            listing(Lists.FILLS), ["fill F1 size 40 -40 @None:None", "fill F5 size 9 9"], id="whole"
        ),
        pytest.param(
            listing(Lists.FILLS, complete=None), ["fill F5 size 9 9"], id="nobody said so"
        ),
        pytest.param(listing(Lists.FILLS, complete=False), ["fill F5 size 9 9"], id="a part"),
        pytest.param(
            listing(Lists.FILLS, since=seconds(0)), ["fill F5 size 9 9"], id="only what is new"
        ),
        pytest.param(listing(Lists.ORDERS), ["fill F5 size 9 9"], id="a list of orders"),
    ],
)
def test_a_match_of_ours_is_missing_where_all_matches_are_told(
    trades: StatementInput, then: list[str]
) -> None:
    found = findings(inputs=[listing(), trades])
    hear(found, row(fills=[fill("F5", "9")], place=1, line=3))
    assert sorted(said(found)) == [
        text if "@" in text else f"{text} @{trades.name}:3" for text in then
    ]
    assert (found.differing, found.agreeing) == (1, 0)


def test_an_order_that_differs_in_a_figure_and_in_a_match_differs_once() -> None:
    found = hear(findings(), row(matched="41", fills=[fill("F5", "9")]))
    assert (found.differing, found.agreeing) == (1, 0)


def test_matches_of_one_order_are_gathered_from_all_rows() -> None:
    found = findings(inputs=[listing(Lists.FILLS)])
    hear(found, row(fills=[fill("F1", "40")], line=1), row(fills=[fill("F5", "9")], line=2))
    assert said(found) == ["fill F5 size 9 9 @orders.json:2"]
