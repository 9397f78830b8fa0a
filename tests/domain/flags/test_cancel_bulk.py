from __future__ import annotations

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from domain.flags.cancel_bulk import (
    cancel_scope_blowout,
    cancelled_count_mismatch,
    unexpected_in_bulk_reply,
)
from domain.flags.history import RequestHistory
from domain.ids import derived
from domain.requests import (
    CancelUnanswered,
    CancelUnsent,
    Outcome,
    OutcomeKind,
    Scope,
    ScopeKind,
)
from tests.building import request_history, seconds
from tests.cancelling import LIMITS, Found, answered, found, link, opened

WHOLE = ("request",)
A1 = derived("order", "A1")


def row(
    kind: OutcomeKind, name: str = "A1", *, known: bool = True, took_off: bool = False
) -> Outcome:
    return Outcome(
        outcome=kind,
        venue_order_id=name,
        order=derived("order", name) if known else None,
        took_off=took_off or kind is OutcomeKind.CANCELLED,
    )


TAKEN = row(OutcomeKind.CANCELLED)
TAKEN_UNKNOWN = row(OutcomeKind.CANCELLED, "A9", known=False)
REFUSED = row(OutcomeKind.REJECTED, "A2")
MISSING = row(OutcomeKind.NOT_MENTIONED, "A3")
UNASKED = row(OutcomeKind.UNREQUESTED, "A4", took_off=True)
UNASKED_KEPT = row(OutcomeKind.UNREQUESTED, "A5")


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(request_history(opened(), answered(TAKEN)), [], id="no count was told"),
        pytest.param(
            request_history(opened(), answered(TAKEN, REFUSED, count=1)), [], id="it fits"
        ),
        pytest.param(
            request_history(opened(), answered(TAKEN, UNASKED, count=2)),
            [],
            id="an order that nobody asked for was cancelled too, and counts",
        ),
        pytest.param(
            request_history(opened(), answered(TAKEN, count=2)),
            [(WHOLE, 1, None, (1, 2))],
            id="the count is higher than the list: open at once",
        ),
        pytest.param(
            request_history(opened(), answered(TAKEN, count=0)),
            [(WHOLE, 1, None, (1, 2))],
            id="the count is lower than the list",
        ),
        pytest.param(
            request_history(opened(), answered(REFUSED, count=1)),
            [(WHOLE, 1, None, (1, 2))],
            id="the list has no cancelled order at all",
        ),
        pytest.param(
            request_history(
                opened(),
                answered(TAKEN, count=2),
                links=[link("cancelled", 1), link("cancelled", 30, "A2")],
            ),
            [(WHOLE, 1, 30, (1, 2))],
            id="a later report reaches the count: cleared",
        ),
        pytest.param(
            request_history(
                opened(),
                answered(TAKEN, TAKEN_UNKNOWN, count=3),
                links=[link("cancelled", 1), link("cancelled", 30, "A2")],
            ),
            [(WHOLE, 1, 30, (1, 2))],
            id="an id that nobody here knows has no report of its own and counts from the list",
        ),
        pytest.param(
            request_history(
                opened(), answered(count=2), links=[link("cancelled", 1), link("cancelled", 11)]
            ),
            [],
            id="only a count, and the reports reach it in time",
        ),
        pytest.param(
            request_history(
                opened(), answered(count=2), links=[link("cancelled", None), link("rejected")]
            ),
            [(WHOLE, 11, None, (1, 2))],
            id="only a count, and the reports do not reach it: open when their time is up",
        ),
        pytest.param(
            request_history(
                opened(),
                answered(MISSING, count=2),
                links=[link("cancelled", 12), link("cancelled", 3)],
            ),
            [(WHOLE, 11, 12, (1, 2))],
            id="only a count, and the reports reach it later: cleared",
        ),
        pytest.param(
            request_history(
                opened(), answered(count=1), links=[link("cancelled", 3), link("cancelled", 4)]
            ),
            [(WHOLE, 11, None, (1, 2))],
            id="only a count, and more were cancelled",
        ),
        pytest.param(
            request_history(opened(), answered(TAKEN, count=2), answered(TAKEN, count=3)),
            [(WHOLE, 1, None, (1, 2))],
            id="answered twice: one flag",
        ),
        pytest.param(
            request_history(opened(), CancelUnanswered(kind="timeout")), [], id="no answer"
        ),
    ],
)
def test_cancelled_count_mismatch(given: RequestHistory, then: list[Found]) -> None:
    assert found(cancelled_count_mismatch(given, LIMITS)) == then


def test_the_note_tells_both_counts() -> None:
    (flag,) = cancelled_count_mismatch(request_history(opened(), answered(TAKEN, count=3)), LIMITS)
    assert flag.note == "The answer counts 3 cancelled and 1 are known to be."
    assert (flag.ours, flag.theirs, flag.difference) == ("1", "3", "2")


@examples(st.integers(0, 5), st.lists(st.floats(1, 40), max_size=5))
def test_a_bare_count_is_never_held_against_the_reports_before_their_time(
    count: int, times: list[float]
) -> None:
    links = [link("cancelled", time) for time in times]
    given = request_history(opened(), answered(count=count), links=links)
    in_time = sum(time <= 11 for time in times)
    flags = list(cancelled_count_mismatch(given, LIMITS))
    assert len(flags) == (in_time != count)
    for flag in flags:
        assert flag.opened_at == seconds(1) + LIMITS.bulk
        assert (flag.closed_at is not None) == (in_time < count <= len(times))


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(request_history(opened(), answered(TAKEN, REFUSED, MISSING)), [], id="asked"),
        pytest.param(
            request_history(opened(), answered(UNASKED, TAKEN, UNASKED_KEPT, UNASKED)),
            [(("A4",), 1, None, (1, 2)), (("A5",), 1, None, (1, 2))],
            id="orders that nobody asked for: one flag for each",
        ),
    ],
)
def test_unexpected_in_bulk_reply(given: RequestHistory, then: list[Found]) -> None:
    assert found(unexpected_in_bulk_reply(given, LIMITS)) == then


def test_an_unexpected_order_is_named() -> None:
    nameless = Outcome(outcome=OutcomeKind.UNREQUESTED, order=A1)
    given = request_history(opened(), answered(UNASKED, UNASKED_KEPT, nameless))
    taken, kept, other = unexpected_in_bulk_reply(given, LIMITS)
    assert taken.note == "The answer cancelled A4, which the request did not ask for."
    assert kept.note == "The answer tells of A5, which the request did not ask for."
    assert taken.order == derived("order", "A4")
    assert other.key == (str(A1),)


def scope(kind: ScopeKind, *values: str) -> Scope:
    return Scope(kind, values)


@pytest.mark.parametrize(
    ("given", "then"),
    [
        pytest.param(request_history(opened(), answered(TAKEN)), [], id="in its scope"),
        pytest.param(
            request_history(opened(scope(ScopeKind.ORDERS))),
            [(WHOLE, 0, None, (1,))],
            id="a list of orders that is empty",
        ),
        pytest.param(
            request_history(opened(scope(ScopeKind.REFERENCES), scope(ScopeKind.USER_REF, "u1"))),
            [(WHOLE, 0, None, (1,))],
            id="an empty list beside another scope",
        ),
        pytest.param(
            request_history(opened(scope(ScopeKind.MARKET, " "))),
            [(WHOLE, 0, None, (1,))],
            id="a market without its name",
        ),
        pytest.param(
            request_history(opened(scope(ScopeKind.ALL), scope(ScopeKind.ORDERS))),
            [],
            id="everything was meant",
        ),
        pytest.param(
            request_history(opened(scope(ScopeKind.ORDERS)), CancelUnsent()),
            [],
            id="it never left: no harm",
        ),
        pytest.param(
            request_history(opened(), answered(UNASKED, UNASKED_KEPT)),
            [(WHOLE, 1, None, (1, 2))],
            id="an order outside the list was cancelled",
        ),
        pytest.param(
            request_history(opened(), answered(UNASKED_KEPT)),
            [],
            id="an order outside the list was mentioned and not cancelled",
        ),
        pytest.param(
            request_history(opened(scope(ScopeKind.MARKET, "M1")), answered(UNASKED)),
            [],
            id="the scope was not a list of orders",
        ),
        pytest.param(
            request_history(opened(scope(ScopeKind.ORDERS)), answered(UNASKED)),
            [(WHOLE, 0, None, (1, 2))],
            id="an empty list that took an order: one flag",
        ),
        pytest.param(request_history(answered(UNASKED)), [], id="the request is not known"),
    ],
)
def test_cancel_scope_blowout(given: RequestHistory, then: list[Found]) -> None:
    assert found(cancel_scope_blowout(given, LIMITS)) == then


def test_a_request_without_any_scope_names_nothing() -> None:
    given = request_history(opened(), answered(UNASKED))
    bare = opened().__class__(venue="canonical", account="desk-7", scope=())
    (flag,) = cancel_scope_blowout(request_history(bare, answered(UNASKED)), LIMITS)
    assert flag.note == (
        "The request names nothing that it is limited to; "
        "The answer cancelled A4 outside what was asked for."
    )
    (other,) = cancel_scope_blowout(given, LIMITS)
    assert other.note == "The answer cancelled A4 outside what was asked for."
    also = row(OutcomeKind.UNREQUESTED, "A6", took_off=True)
    (both,) = cancel_scope_blowout(request_history(opened(), answered(UNASKED, also)), LIMITS)
    assert both.note == "The answer cancelled A4, A6 outside what was asked for."
