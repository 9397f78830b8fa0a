"""The lifecycle page says what the tables and the fold say."""

from __future__ import annotations

from domain.evolve import APPLY
from domain.lifecycle import PRECEDENCE, Status
from tests.lifecycle import facts
from tests.lifecycle.page import PAGE, page


def test_the_page_is_what_the_tables_draw() -> None:
    assert PAGE.read_text("utf-8") == page(), "run `make lifecycle`"


def test_every_kind_of_fact_is_on_it() -> None:
    assert {type(fact) for fact in facts.SAMPLES.values()} == set(APPLY)


def test_every_status_that_an_order_can_show_is_on_it() -> None:
    never_shown = {Status.REPLACED, Status.CALCULATED}
    assert set(facts.WAYS) == set(PRECEDENCE) - never_shown
