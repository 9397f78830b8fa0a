from __future__ import annotations

from typing import Any

import pytest

from domain import events as e
from domain.events import Claims, Initiator
from tests.adapters.venues.canonical.building import (
    D,
    client,
    first,
    report,
    venue,
)


def test_a_report_that_quotes_a_cancel_settles_it() -> None:
    message = report("Canceled", cl_ord_id="Y", orig_cl_ord_id="X")
    event = first(message)
    assert isinstance(event, e.Cancelled)
    assert event.initiator is Initiator.US
    assert message.names == (venue("V"),)
    assert message.found_by == (client("X"), client("Y"))
    assert message.chain == (client("Y"),)
    assert (message.cancel_ref, message.answers) == ("Y", True)


def test_a_pending_cancel_quotes_the_request_and_does_not_settle_it() -> None:
    message = report("PendingCancel", cl_ord_id="Y", orig_cl_ord_id="X")
    assert (message.cancel_ref, message.answers) == ("Y", False)


@pytest.mark.parametrize(
    "told",
    [
        pytest.param({}, id="no original id"),
        pytest.param({"orig_cl_ord_id": ""}, id="an empty one"),
        pytest.param({"orig_cl_ord_id": "X"}, id="the order's own id again"),
    ],
)
def test_a_cancel_that_quotes_no_request_is_the_venues(told: dict[str, Any]) -> None:
    message = report("Canceled", **told)
    event = first(message)
    assert isinstance(event, e.Cancelled)
    assert event.initiator is Initiator.VENUE
    assert (message.cancel_ref, message.answers) == (None, False)
    assert message.names == (venue("V"), client("X"))


@pytest.mark.parametrize(
    "none",
    [pytest.param("NONE", id="NONE"), pytest.param("", id="empty"), pytest.param(None, id="null")],
)
def test_an_order_id_of_none_is_no_name(none: str | None) -> None:
    assert report("Rejected", order_id=none).names == (client("X"),)
    quoted = report("Canceled", order_id=none, cl_ord_id="Y", orig_cl_ord_id="X")
    assert quoted.names == (client("X"),)


def test_a_replace_is_known_by_the_id_of_its_request() -> None:
    message = report("Replaced", cl_ord_id="Y", orig_cl_ord_id="X", order_qty="80")
    assert first(message) == e.Amended(
        amend_ref="Y", size=D(80), claims=Claims(size=D(80)), report_id="E1"
    )
    assert message.cancel_ref is None


def test_ids_may_come_as_numbers_and_are_not_trimmed() -> None:
    message = report("New", order_id=12345678901234567890, cl_ord_id=" X ")
    assert message.names == (venue("12345678901234567890"), client(" X "))
