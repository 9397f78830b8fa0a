"""What a report may tell beside what happened: an average, an account, a shared match, an end."""

from __future__ import annotations

import pytest

from domain.events import Claims, OrderPlaced
from domain.values import Name, NameKind, Price, PriceFormat
from tests.adapters.venues.canonical.building import NOON, D, first, order_message, report

SHARED = Name(NameKind.DEAL, "T1")


def test_an_average_is_a_claim_also_when_it_is_the_only_one() -> None:
    told = first(report("OrderStatus", avg_px="1.97", price_format="decimal"))
    assert getattr(told, "claims", None) == Claims(average=Price(D("1.97"), PriceFormat.DECIMAL))


@pytest.mark.parametrize("nothing", ["0", "", None], ids=["zero", "empty", "null"])
def test_an_average_of_nothing_is_none(nothing: str | None) -> None:
    assert getattr(first(report("OrderStatus", avg_px=nothing)), "claims", None) is None


def test_the_account_that_a_report_names_is_told() -> None:
    assert report("New", account="rival").account == "rival"
    assert report("New").account is None


def test_what_two_sides_of_a_match_share_is_a_name_that_the_order_learns() -> None:
    message = report("Trade", last_qty="5", trd_match_id="T1")
    assert message.met == (("E1", SHARED),)
    assert message.chain == (SHARED,)
    assert report("OrderStatus", trd_match_id="T1").met == ()


def test_an_order_may_expire() -> None:
    sent = order_message(
        "sent",
        msg="NewOrderSingle",
        cl_ord_id="X",
        order_qty="100",
        expire_time="20260207-12:00:00",
    )
    placed = first(sent)
    assert isinstance(placed, OrderPlaced)
    assert placed.terms.expires_at == NOON
    assert report("New", expire_time="20260207-12:00:00").terms.expires_at == NOON
    assert report("New", expire_time="soon").terms.expires_at is None
