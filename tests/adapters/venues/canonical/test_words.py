from __future__ import annotations

from datetime import UTC, datetime

import pytest

from domain import events as e
from domain.events import Claims, UnknownValueSeen
from domain.lifecycle import Status
from tests.adapters.venues.canonical.building import (
    TOLD,
    first,
    report,
)

CODES = {
    "0": e.OrderAccepted,
    "1": e.Filled,
    "2": e.Filled,
    "3": e.DoneForDay,
    "4": e.Cancelled,
    "5": e.Amended,
    "6": e.CancelPending,
    "7": e.Stopped,
    "8": e.OrderRejected,
    "9": e.Suspended,
    "A": e.OrderPending,
    "B": e.Calculated,
    "C": e.Expired,
    "D": e.OrderRestated,
    "E": e.AmendPending,
    "F": e.Filled,
    "G": e.FillCorrected,
    "H": e.FillVoided,
    "I": e.OrderReported,
    "J": e.OrderReported,
    "K": e.OrderReported,
    "L": e.Resumed,
    "PARTIAL_FILL": e.Filled,
    "cancelled": e.Cancelled,
    4: e.Cancelled,
}


@pytest.mark.parametrize(
    ("code", "kind"), [pytest.param(code, kind, id=repr(code)) for code, kind in CODES.items()]
)
def test_exec_types_are_read_as_fix_codes_too(code: object, kind: type) -> None:
    assert type(first(report(code, **TOLD))) is kind


STATUS_WORDS = {
    "New": Status.NEW,
    "PARTIALLY_FILLED": Status.PARTIALLY_FILLED,
    "Filled": Status.FILLED,
    "Canceled": Status.CANCELLED,
    "CANCELLED": Status.CANCELLED,
    "DoneForDay": Status.DONE_FOR_DAY,
    "PendingCancel": Status.PENDING_CANCEL,
    "PendingReplace": Status.PENDING_REPLACE,
    "PendingNew": Status.PENDING_NEW,
    "Stopped": Status.STOPPED,
    "Suspended": Status.SUSPENDED,
    "Rejected": Status.REJECTED,
    "Replaced": Status.REPLACED,
    "Calculated": Status.CALCULATED,
    "Expired": Status.EXPIRED,
    "AcceptedForBidding": Status.NEW,
    "0": Status.NEW,
    "1": Status.PARTIALLY_FILLED,
    "2": Status.FILLED,
    "3": Status.DONE_FOR_DAY,
    "4": Status.CANCELLED,
    "5": Status.REPLACED,
    "6": Status.PENDING_CANCEL,
    "7": Status.STOPPED,
    "8": Status.REJECTED,
    "9": Status.SUSPENDED,
    "A": Status.PENDING_NEW,
    "B": Status.CALCULATED,
    "C": Status.EXPIRED,
    "D": Status.NEW,
    "E": Status.PENDING_REPLACE,
}


@pytest.mark.parametrize(
    ("word", "status"),
    [pytest.param(word, status, id=word) for word, status in STATUS_WORDS.items()],
)
def test_status_words_are_read_by_name_and_by_code(word: str, status: Status) -> None:
    event = first(report("New", ord_status=word))
    assert isinstance(event, e.OrderAccepted)
    assert event.claims == Claims(status=status, raw_status=word)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        pytest.param("2026-01-02T03:04:05Z", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), id="RFC"),
        pytest.param(
            "2026-01-02T03:04:05.123456789Z",
            datetime(2026, 1, 2, 3, 4, 5, 123456, tzinfo=UTC),
            id="nanoseconds are evidence enough to the microsecond",
        ),
        pytest.param(
            "2026-01-02T05:04:05+02:00", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), id="offset"
        ),
        pytest.param(
            "20260102-03:04:05.678",
            datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC),
            id="FIX with milliseconds",
        ),
        pytest.param("20260102-03:04:05", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), id="FIX"),
    ],
)
def test_the_venues_time_is_when_it_happened(text: str, at: datetime) -> None:
    message = report("New", transact_time=text)
    assert message.occurred_at == at
    assert len(message.said) == 1


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("yesterday", id="a word"),
        pytest.param("20261302-03:04:05", id="month 13"),
        pytest.param("2026-01-02T03:04:05", id="no zone"),
        pytest.param("0001-01-01T00:00:00+23:59", id="before the calendar"),
        pytest.param("20260102-23:59:60", id="a leap second"),
    ],
)
def test_a_time_that_cannot_be_read_costs_the_time_and_not_the_report(text: str) -> None:
    message = report("Trade", last_qty="5", transact_time=text)
    assert message.occurred_at is None
    assert isinstance(first(message), e.Filled)
    assert message.said[1:] == (UnknownValueSeen(field="transact_time", value=text),)
