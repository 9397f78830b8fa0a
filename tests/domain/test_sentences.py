"""Each fact in one plain sentence."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal
from typing import Any, get_args

import pytest

from domain import events as e
from domain.reasons import CancelRejectReason
from domain.sentences import sentence
from domain.values import Name, NameKind, Price, Side
from tests.building import accepted, filled, placed, terms
from tests.cancelling import Q, asked, cancelled, claims, lost, refused
from tests.domain.facts import OTHER, full

FORTY = Decimal("40.50")
PRICE = Price(Decimal("2.10"))
FIRST = (Name(NameKind.VENUE, "v-1"), Name(NameKind.CLIENT, "c-1"))


@pytest.mark.parametrize(
    ("event", "said"),
    [
        pytest.param(placed(), "We sent the order: buy 100 of S1 on M1 at 1.95.", id="placed"),
        pytest.param(
            e.OrderPlaced(terms=e.Terms(size=FORTY, market="-")),
            "We sent the order: 40.5.",
            id="placed, little told",
        ),
        pytest.param(e.OrderPending(), "The venue has the order and has not decided yet.", id="?"),
        pytest.param(accepted(), "The venue took the order.", id="accepted"),
        pytest.param(
            e.OrderAccepted(terms=terms()),
            "The venue took the order: buy 100 of S1 on M1 at 1.95.",
            id="accepted, terms told",
        ),
        pytest.param(
            e.OrderRejected(raw_reason="no funds"),
            "The venue refused the order (“no funds”).",
            id="rejected",
        ),
        pytest.param(
            e.OrderDiscovered(source=e.Source.LIST),
            "The venue told of an order that nobody here had placed.",
            id="discovered",
        ),
        pytest.param(
            e.OrderDiscovered(source=e.Source.LIST, terms=terms()),
            "The venue told of an order that nobody here had placed: buy 100 of S1 on M1 at 1.95.",
            id="discovered, terms told",
        ),
        pytest.param(
            e.OrderIdentified(names=FIRST),
            "The order is also known as v-1 (venue), c-1 (client).",
            id="named",
        ),
        pytest.param(
            e.ClientRefReused(name=FIRST[1], other=OTHER),
            f"The reference c-1 already belongs to another order ({OTHER}).",
            id="reference reused",
        ),
        pytest.param(
            e.OrderMerged(into=OTHER), f"This proved to be the same order as {OTHER}.", id="merged"
        ),
        pytest.param(e.OrderReported(), "The venue told the order's terms.", id="terms told"),
        pytest.param(
            e.OrderReported(claims=claims(matched="40", remaining="60.0")),
            "The venue says the order is unknown: matched 40, remaining 60.",
            id="figures told",
        ),
        pytest.param(
            e.OrderReported(claims=e.Claims(raw_status="OPEN")),
            "The venue says the order is OPEN: no figures.",
            id="status told",
        ),
        pytest.param(
            e.OrderRestated(size=FORTY, price=PRICE, reason="split"),
            "The venue restated the order to 40.5 at 2.1 (“split”).",
            id="restated",
        ),
        pytest.param(e.OrderRestated(), "The venue renewed the order as it was.", id="renewed"),
        pytest.param(filled("40"), "Matched 40 at 1.95 (match F1).", id="matched"),
        pytest.param(
            e.Filled(fill_id="F1", size=FORTY, provisional=True),
            "Matched 40.5 (match F1); the venue may still take it back.",
            id="matched, for now",
        ),
        pytest.param(
            e.Filled(fill_id="total:40", size=FORTY, inferred=True),
            "40.5 must have matched: a total tells so, no match record does.",
            id="implied",
        ),
        pytest.param(
            e.Filled(fill_id="cancel:1", size=FORTY, inferred=True),
            "40.5 must have matched: the cancel took less than remained, no match record tells so.",
            id="implied by a cancel",
        ),
        pytest.param(e.FillConfirmed(fill_id="F1"), "Match F1 is final.", id="final"),
        pytest.param(
            e.FillVoided(fill_id="F1"),
            "The venue took back match F1: all of it goes back on the book.",
            id="taken back",
        ),
        pytest.param(
            e.FillVoided(fill_id="F1", size=FORTY, returns=False, reason="VOID"),
            "The venue took back match F1: 40.5 is void (“VOID”).",
            id="voided in part",
        ),
        pytest.param(
            e.FillCorrected(fill_id="F1", correction_id="F2", size=FORTY, price=PRICE),
            "The venue corrected match F1 to 40.5 at 2.1.",
            id="corrected",
        ),
        pytest.param(asked(), "We asked to cancel all that remains.", id="asked"),
        pytest.param(asked("30"), "We asked to cancel 30.", id="asked for a part"),
        pytest.param(
            e.CancelPending(), "The venue has our cancel and has not decided yet.", id="pending"
        ),
        pytest.param(cancelled(), "The venue cancelled all that remained.", id="cancelled"),
        pytest.param(
            cancelled("60", None, raw_reason="inplay"),
            "The venue cancelled, unasked, 60 (“inplay”).",
            id="unasked",
        ),
        pytest.param(
            cancelled("60", requested=False),
            "An answer to a cancel of other orders cancelled 60.",
            id="not asked for",
        ),
        pytest.param(refused(), "The venue refused to cancel: too late (“no”).", id="refused"),
        pytest.param(
            lost(), "Nobody knows what became of our cancel (timeout).", id="outcome unknown"
        ),
        pytest.param(
            lost("not_mentioned"),
            "The venue's answer to our cancel does not mention this order.",
            id="not mentioned",
        ),
        pytest.param(
            lost("counted"),
            "The venue's answer to our cancel counts orders and names none.",
            id="only counted",
        ),
        pytest.param(
            e.CancelNotSent(cancel_id=Q),
            "Our cancel never left; the order is as it was.",
            id="not sent",
        ),
        pytest.param(
            e.AmendRequested(amend_ref="a", size=FORTY, price=PRICE),
            "We asked to change the order to 40.5 at 2.1.",
            id="change asked",
        ),
        pytest.param(
            e.AmendPending(amend_ref="a"),
            "The venue has our change and has not decided yet.",
            id="change pending",
        ),
        pytest.param(
            e.Amended(amend_ref="a", price=PRICE),
            "The venue changed the order to a price of 2.1.",
            id="changed",
        ),
        pytest.param(
            e.Amended(amend_ref="a"), "The venue changed the order as we had asked.", id="as asked"
        ),
        pytest.param(
            e.AmendRejected(amend_ref="a", reason=CancelRejectReason.OTHER, raw_reason="no"),
            "The venue refused the change: other (“no”).",
            id="change refused",
        ),
        pytest.param(e.Lapsed(), "All that remained lapsed.", id="lapsed"),
        pytest.param(e.Lapsed(size=FORTY), "40.5 lapsed.", id="a part lapsed"),
        pytest.param(e.Expired(), "The order expired.", id="expired"),
        pytest.param(e.Voided(raw_reason="x"), "All that remained was voided (“x”).", id="void"),
        pytest.param(e.DoneForDay(), "The venue is done with the order for today.", id="done"),
        pytest.param(
            e.Stopped(size=FORTY, price=PRICE),
            "The venue guarantees a match of 40.5 at 2.1.",
            id="guaranteed",
        ),
        pytest.param(
            e.Stopped(), "The venue guarantees a match of some size.", id="guaranteed, no figures"
        ),
        pytest.param(e.Suspended(), "The venue suspended the order.", id="suspended"),
        pytest.param(e.Resumed(), "The order can match again.", id="resumed"),
        pytest.param(
            e.Calculated(), "The venue closed the order's books for the day.", id="calculated"
        ),
        pytest.param(
            e.DuplicateReported(what="fill", ref="F1"),
            "The venue told a fill again (F1); it changed nothing.",
            id="again",
        ),
        pytest.param(
            e.DuplicateReported(what="fill", ref="F1", differs=True),
            "The venue told a fill again with other figures (F1); it changed nothing.",
            id="again, differently",
        ),
        pytest.param(
            e.UnknownValueSeen(field="status", value="HUH"),
            "The venue used an unknown word in status: HUH.",
            id="unknown word",
        ),
        pytest.param(
            e.TermsDisputed(terms=e.Terms(side=Side.SELL, time_in_force="IOC"), fill_id="F1"),
            "The venue tells other terms than ours: sell IOC, in the record of match F1.",
            id="other terms with a match",
        ),
        pytest.param(
            e.TermsDisputed(account="rival"),
            "The venue tells other terms than ours: of account rival.",
            id="another account",
        ),
        pytest.param(
            e.ReplacementSeen(amend_ref="Z", order=OTHER),
            "The venue put another order in its place, for our change Z.",
            id="another order in its place",
        ),
        pytest.param(
            e.TermsDisputed(),
            "The venue tells the order's terms as we have them again.",
            id="nothing disputed any more",
        ),
    ],
)
def test_an_order_s_fact(event: e.OrderEvent, said: str) -> None:
    assert sentence(event) == said


@pytest.mark.parametrize("kind", get_args(e.OrderEvent), ids=lambda kind: str(kind.__name__))
def test_every_fact_of_an_order_says_something(kind: type[Any]) -> None:
    bare = {field.name: getattr(full(kind), field.name) for field in fields(kind) if _needed(field)}
    for said in (sentence(full(kind)), sentence(kind(**bare))):
        assert said.endswith(".")
        assert "None" not in said


def _needed(field: Any) -> bool:  # noqa: ANN401 - dataclasses' own description of a field
    return field.default is field.default_factory
