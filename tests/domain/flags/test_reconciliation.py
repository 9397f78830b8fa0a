"""What a statement proves: which difference is which code, and how long it stands."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from domain.flags.flag import Thresholds, break_id
from domain.flags.reconciliation import RULES
from domain.flags.rules import examine_runs
from domain.flags.run_history import RunHistory
from domain.ids import derived
from domain.runs import (
    Aspect,
    Difference,
    DifferenceFound,
    DifferenceGone,
    DifferenceReturned,
    ReconciliationRan,
    RunEvent,
)
from domain.values import Name, NameKind
from tests.building import at, recorded, seconds
from tests.domain.facts import full_request

RUNS = derived("runs", "under test")
ORDER = derived("order", "under test")
RUN = derived("run", 1)
FOREIGN = Name(NameKind.VENUE, "Z9")


def differs(
    aspect: Aspect, ours: str | None = "40", theirs: str | None = "45", **rest: object
) -> Difference:
    """A difference of the order under test."""
    told = {"order": ORDER, "witness": (1,), "difference": "5", **rest}
    return Difference(aspect=aspect, ours=ours, theirs=theirs, **told)  # type: ignore[arg-type]  # a test names any field


def found(difference: Difference) -> DifferenceFound:
    """A run found it."""
    return DifferenceFound(run_id=RUN, difference=difference)


def gone(difference: Difference) -> DifferenceGone:
    """A run showed that it is gone."""
    return DifferenceGone(run_id=RUN, difference=difference, why="The statement agrees.")


def back(difference: Difference) -> DifferenceReturned:
    """A run found it again."""
    return DifferenceReturned(run_id=RUN, difference=difference)


def runs(*told: RunEvent) -> RunHistory:
    """An account's runs, a second apart, from position 11 on."""
    entries = [at(event, seen=index) for index, event in enumerate(told)]
    return RunHistory(RUNS, recorded(entries, stream=RUNS, first=11))


@pytest.mark.parametrize(
    ("difference", "codes"),
    [
        pytest.param(differs(Aspect.REMAINING), ["QTY-02"], id="remaining"),
        pytest.param(differs(Aspect.MATCHED), ["QTY-03", "FIL-05"], id="more matched"),
        pytest.param(
            differs(Aspect.MATCHED, "45", "40", difference="-5"), ["QTY-03"], id="less matched"
        ),
        pytest.param(differs(Aspect.FILL, ref="F1"), ["QTY-03"], id="a match differs"),
        pytest.param(differs(Aspect.FILL, None, ref="F1"), ["FIL-05"], id="a match that we lack"),
        pytest.param(differs(Aspect.BUCKETS, figure="lapsed"), ["QTY-04"], id="buckets"),
        pytest.param(differs(Aspect.SIZE), ["QTY-05"], id="size"),
        pytest.param(differs(Aspect.PRICE), ["QTY-06"], id="price"),
        pytest.param(differs(Aspect.STATUS, "NEW", "FILLED"), ["QTY-07"], id="status"),
        pytest.param(differs(Aspect.AVERAGE), ["FIL-11"], id="average"),
        pytest.param(differs(Aspect.PROFIT), ["ECO-04"], id="profit"),
        pytest.param(
            differs(Aspect.ONLY_THEIRS, None, order=None, name=FOREIGN, ours_by_ref=True),
            ["EXI-01"],
            id="unknown, with our reference",
        ),
        pytest.param(
            differs(Aspect.ONLY_THEIRS, None, order=None, name=FOREIGN),
            ["EXI-02"],
            id="unknown, placed by somebody else",
        ),
        pytest.param(differs(Aspect.ONLY_OURS, figure="remains"), ["EXI-03"], id="not listed"),
        pytest.param(differs(Aspect.NOT_OPEN, figure="remains"), ["EXI-04"], id="not in the open"),
        pytest.param(differs(Aspect.OLD, figure="matched"), ["STR-04"], id="old"),
        pytest.param(differs(Aspect.EARLIER), ["STR-04"], id="before our log begins"),
        pytest.param(differs(Aspect.CURRENCY, "EUR", "USD"), ["EXI-11"], id="another currency"),
        pytest.param(
            differs(Aspect.WORD, None, "HALF", figure="status"), ["STR-10"], id="unknown word"
        ),
        pytest.param(
            differs(Aspect.PARTS, None, "a page", order=None, ref="orders"), ["STR-05"], id="part"
        ),
        pytest.param(differs(Aspect.SOURCES, figure="matched"), ["STR-06"], id="sources"),
    ],
)
def test_what_a_difference_is_called(difference: Difference, codes: Sequence[str]) -> None:
    flags = examine_runs(runs(found(difference)), Thresholds())
    assert [flag.code for flag in flags] == codes
    for flag in flags:
        assert (flag.ours, flag.theirs, flag.order) == (
            difference.ours,
            difference.theirs,
            difference.order,
        )
        assert (flag.witness, flag.difference) == ((1, 11), difference.difference)
        assert flag.note
        named = "venue Z9" if difference.name else ""
        subject = str(difference.order) if difference.order else named
        assert flag.key == (difference.aspect.value, subject, difference.ref or "")


def test_every_aspect_has_a_rule() -> None:
    told = [examine_runs(runs(found(differs(aspect))), Thresholds()) for aspect in Aspect]
    assert all(told)


def test_a_match_that_is_named_explains_the_total() -> None:
    missing = differs(Aspect.FILL, None, "5", ref="F3")
    flags = examine_runs(runs(found(differs(Aspect.MATCHED)), found(missing)), Thresholds())
    assert [flag.code for flag in flags] == ["QTY-03", "FIL-05"]
    assert flags[1].key[0] == "fill"


REMAINING = differs(Aspect.REMAINING)
MORE = differs(Aspect.REMAINING, theirs="50", difference="10")


@pytest.mark.parametrize(
    ("told", "opened", "closed", "theirs"),
    [
        pytest.param([found(REMAINING)], 0, None, "45", id="it stands"),
        pytest.param([found(REMAINING), gone(REMAINING)], 0, 1, "45", id="the next run is clean"),
        pytest.param([found(REMAINING), found(MORE)], 0, None, "50", id="it grew"),
        pytest.param(
            [found(REMAINING), gone(REMAINING), back(MORE)], 2, None, "50", id="it is back"
        ),
        pytest.param(
            [found(REMAINING), gone(REMAINING), back(MORE), gone(MORE)], 2, 3, "50", id="and gone"
        ),
    ],
)
def test_how_long_it_stands(
    told: Sequence[RunEvent], opened: float, closed: float | None, theirs: str
) -> None:
    (flag,) = examine_runs(runs(*told), Thresholds())
    assert flag.opened_at == seconds(opened)
    assert flag.closed_at == (None if closed is None else seconds(closed))
    assert flag.theirs == theirs
    (first,) = examine_runs(runs(told[0]), Thresholds())
    assert break_id(flag, RUNS) == break_id(first, RUNS)


def test_a_pass_is_no_flag() -> None:
    assert examine_runs(runs(full_request(ReconciliationRan)), Thresholds()) == []


def test_the_proof_has_both_statements_and_our_events() -> None:
    (flag,) = examine_runs(runs(found(REMAINING), gone(REMAINING)), Thresholds())
    assert flag.witness == (1, 11, 12)


def test_the_rules_are_of_the_rule_set_that_brought_them() -> None:
    assert {rule.since for rule in RULES} == {2}
    assert examine_runs(runs(found(REMAINING)), Thresholds(), version=1) == []
