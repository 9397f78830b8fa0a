from __future__ import annotations

from decimal import Decimal

import pytest

from domain.events import OrderRestated
from domain.flags.history import History
from domain.flags.restatements import restated_by_event
from domain.values import Price, PriceFormat
from tests.building import accepted, history, placed
from tests.cancelling import LIMITS, Found, found
from tests.claiming import OPEN, price

FIRST = ("1",)


def restated(
    reason: str | None, size: str | None = None, to: Price | None = None, *, split: bool = False
) -> OrderRestated:
    """The venue changed the order's terms."""
    told = None if size is None else Decimal(size)
    return OrderRestated(reason=reason, size=told, price=to, split=split)


ODDS = (placed(price=price("3.0", PriceFormat.DECIMAL)), accepted())
STAYS_OPEN = [(FIRST, 2, None, (3,))]
EXPLAINED = [(FIRST, 2, 2, (3,))]


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(
            history(*OPEN, restated("non-runner", to=price("1.8"))), STAYS_OPEN, id="other odds"
        ),
        pytest.param(history(*OPEN, restated("Repricing", "90")), STAYS_OPEN, id="another size"),
        pytest.param(history(*OPEN, restated(None, "90")), [], id="nobody says why"),
        pytest.param(history(*OPEN, restated("5 PartialDecline", "90")), [], id="declined in part"),
        pytest.param(history(*OPEN, restated("GT renewal", "90")), [], id="renewed"),
        pytest.param(history(*OPEN, restated("non-runner", "100")), [], id="to what it was"),
        pytest.param(
            history(*OPEN, restated("GT corporate action", "200", price("0.975"))),
            EXPLAINED,
            id="a split: price times size stays",
        ),
        pytest.param(
            history(*OPEN, restated("0", "50", price("1.95"), split=True)),
            EXPLAINED,
            id="a split, by the venue's word",
        ),
        pytest.param(
            history(*ODDS, restated("reduction factor 0.25", to=price("2.5", PriceFormat.DECIMAL))),
            EXPLAINED,
            id="odds less the reduction that is told",
        ),
        pytest.param(
            history(*ODDS, restated("Rule 4: 25p", to=price("2.51", PriceFormat.DECIMAL))),
            EXPLAINED,
            id="in pence, to the cent",
        ),
        pytest.param(
            history(*ODDS, restated("withdrawn, 25 %", to=price("2.2", PriceFormat.DECIMAL))),
            STAYS_OPEN,
            id="odds less than that",
        ),
        pytest.param(
            history(*ODDS, restated("withdrawn", to=price("2.5", PriceFormat.DECIMAL))),
            STAYS_OPEN,
            id="a reduction that is not told",
        ),
        pytest.param(
            history(*ODDS, restated("reduction 0", to=price("2.5", PriceFormat.DECIMAL))),
            STAYS_OPEN,
            id="a reduction of nothing",
        ),
        pytest.param(
            history(*ODDS, restated("25 % off", to=price("2.5", PriceFormat.DECIMAL))),
            STAYS_OPEN,
            id="a share that is no reduction",
        ),
        pytest.param(
            history(*ODDS, restated("reduction 0.25", "90", to=price("2.5", PriceFormat.DECIMAL))),
            STAYS_OPEN,
            id="another size besides",
        ),
        pytest.param(
            history(
                placed(price=price("0.5")), accepted(), restated("reduction 0.25", to=price("0.4"))
            ),
            STAYS_OPEN,
            id="prices that are no odds",
        ),
        pytest.param(
            history(
                placed(price=price("0.9", PriceFormat.DECIMAL)),
                accepted(),
                restated("reduction 0.25", to=price("2.5", PriceFormat.DECIMAL)),
            ),
            STAYS_OPEN,
            id="from odds that are none",
        ),
        pytest.param(
            history(
                placed(price=price("3.0")), accepted(), restated("reduction .25", to=price("2.5"))
            ),
            EXPLAINED,
            id="plain odds",
        ),
        pytest.param(
            history(restated("non-runner", "90")),
            [(FIRST, 0, None, (1,))],
            id="of an order that nobody here knows",
        ),
    ],
)
def test_restated_by_event(given: History, then: list[Found]) -> None:
    assert found(restated_by_event(given, LIMITS)) == then


def test_both_terms_and_the_rule_are_told() -> None:
    given = history(*ODDS, restated("Rule 4: 25p", to=price("2.5", PriceFormat.DECIMAL)))
    (flag,) = restated_by_event(given, LIMITS)
    assert flag.note == (
        "The venue restated the order from 100 at 3 to 100 at 2.5 (“Rule 4: 25p”), "
        "as a reduction of 25 % has it."
    )
    assert (flag.ours, flag.theirs) == ("100 at 3", "100 at 2.5")
    (split,) = restated_by_event(
        history(*OPEN, restated("0", "50", price("1.95"), split=True)), LIMITS
    )
    assert split.note.endswith("(“0”), as a split has it.")
    (bare,) = restated_by_event(history(restated("non-runner", "90")), LIMITS)
    assert bare.note == "The venue restated the order from an unknown size to 90 (“non-runner”)."
