from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given as for_any
from hypothesis import strategies as st

from domain import events as e
from domain.buckets import buckets
from domain.evolve import fold
from domain.flags.claims import CLAIMING, OURS
from domain.flags.history import History, order_history
from domain.flags.rules import asked_of
from domain.lifecycle import Status
from domain.standing import status_of
from tests.building import STREAM, accepted, at, filled, history, placed, recorded
from tests.cancelling import LIMITS, asked, cancelled, claims, in_one_message, reduced, reported
from tests.claiming import (
    CANCELLED,
    FULL,
    NEW,
    OPEN,
    PARTLY,
    amended,
    amending,
    match,
    priced,
    raised,
    saying,
    total,
)


def test_claims_may_stand_beside_what_a_venue_says_and_not_beside_what_we_did() -> None:
    assert e.OrderReported in CLAIMING
    assert CLAIMING.isdisjoint(OURS)


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(history(*OPEN), id="nothing claimed"),
        pytest.param(history(*OPEN, reported(NEW, matched="0", remaining="100")), id="on the book"),
        pytest.param(history(*OPEN, match("40", "F1", "40", "60")), id="partly matched"),
        pytest.param(history(*OPEN, match("100", "F1", "100", "0")), id="filled"),
        pytest.param(
            history(*OPEN, saying(cancelled(), CANCELLED, remaining="0", cancelled="100")),
            id="cancelled",
        ),
        pytest.param(
            history(*OPEN, filled("100"), saying(cancelled(), FULL, cancelled="0")),
            id="all matched before the cancel",
        ),
        pytest.param(
            history(*OPEN, saying(e.Expired(), Status.EXPIRED, lapsed="100")), id="expired"
        ),
        pytest.param(
            history(*OPEN, reduced("10"), reported(NEW, remaining="90", cancelled="10")),
            id="a part cancelled",
        ),
        pytest.param(
            history(*OPEN, amending("90"), amended("90"), reported(NEW, size="90")), id="amended"
        ),
        pytest.param(history(placed(), reported(Status.PENDING_NEW)), id="not acknowledged"),
        pytest.param(
            history(*OPEN, saying(e.CancelPending(), Status.PENDING_CANCEL)), id="a cancel pending"
        ),
        pytest.param(history(*OPEN, priced("1.950")), id="the price"),
    ],
)
def test_claims_that_are_ours_agree(given: History) -> None:
    assert given.agreed


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(history(*OPEN, reported(matched="1")), id="matched"),
        pytest.param(history(*OPEN, reported(size="1")), id="size"),
        pytest.param(history(*OPEN, priced("1.9")), id="price"),
        pytest.param(history(*OPEN, reported(remaining="1")), id="remaining"),
        pytest.param(history(*OPEN, reported(cancelled="1")), id="cancelled"),
        pytest.param(history(*OPEN, reported(lapsed="1")), id="lapsed"),
        pytest.param(history(*OPEN, reported(voided="1")), id="voided"),
        pytest.param(history(*OPEN, reported(PARTLY)), id="status"),
        pytest.param(history(*OPEN, filled("101"), reported()), id="more matched than there is"),
        pytest.param(history(accepted(), reported()), id="our size is not known"),
        pytest.param(
            history(*OPEN, e.Stopped(), cancelled(), reported(Status.STOPPED)),
            id="live with nothing left",
        ),
    ],
)
def test_claims_that_are_not_ours_do_not_agree(given: History) -> None:
    assert not given.agreed


def test_a_claim_speaks_of_the_state_after_its_whole_message() -> None:
    one, two = saying(filled("40"), PARTLY, matched="50"), filled("10", "F2")
    assert in_one_message(*OPEN, one, two, together=(2, 3)).agreed
    assert not history(*OPEN, one, two).agreed


def test_a_claim_told_by_several_facts_of_one_message_is_told_once() -> None:
    told = claims(PARTLY, matched="50")
    one = e.Filled(fill_id="F1", size=Decimal(40), claims=told)
    given = in_one_message(*OPEN, one, e.OrderReported(claims=told), together=(2, 3))
    assert [(word.place, word.start, word.after) for word in given.words] == [(2, 2, 3)]
    other = e.OrderReported(claims=claims(NEW))
    given = in_one_message(*OPEN, one, other, together=(2, 3))
    assert [(word.place, word.start, word.after) for word in given.words] == [(2, 2, 3), (3, 2, 3)]


def test_facts_told_again_after_a_merge_are_messages_of_their_own() -> None:
    entries = recorded([*OPEN, reported(NEW), reported(PARTLY)])
    entries[3] = entries[3]._replace(seq=entries[2].seq)
    given = order_history(STREAM, entries)
    assert [(word.start, word.after) for word in given.words] == [(2, 2), (3, 3)]


def test_facts_of_no_capture_are_messages_of_their_own() -> None:
    entries = [entry._replace(seq=None) for entry in recorded([at(accepted()), at(reported(NEW))])]
    assert [word.start for word in order_history(STREAM, entries).words] == [1]


FIGURES = st.sampled_from([None, "0", "10", "40", "60", "90", "100", "110"])
STEPS: st.SearchStrategy[e.OrderEvent] = st.sampled_from(
    [
        accepted(),
        filled("40"),
        filled("60", "F2"),
        filled("10", "F3"),
        total("10"),
        e.FillVoided(fill_id="F1"),
        asked(),
        cancelled(),
        reduced("10"),
        e.CancelPending(),
        amending("90"),
        amended("90"),
        e.Expired(),
        e.Lapsed(),
        e.Voided(),
        e.OrderRejected(),
        e.DoneForDay(),
        e.Suspended(),
        e.Resumed(),
        e.Stopped(),
    ]
)


def told_to_us(events: Sequence[e.OrderEvent]) -> History:
    return history(placed(), *events)


@st.composite
def reports(draw: st.DrawFn) -> e.OrderReported:
    told = {
        name: size
        for name in ("size", "matched", "remaining", "cancelled", "lapsed", "voided")
        if (size := draw(FIGURES)) is not None
    }
    return reported(draw(st.none() | st.sampled_from(Status)), **told)


def honest(steps: Sequence[e.OrderEvent]) -> History:
    """After each step the venue reports exactly what we hold."""
    told: list[e.OrderEvent] = [placed()]
    for step in steps:
        told.append(step)
        order = fold(told)
        held = buckets(order)
        told.append(
            e.OrderReported(
                claims=e.Claims(
                    status=status_of(order, held),
                    size=held.size,
                    matched=held.matched + held.excess,
                    remaining=held.remaining,
                    cancelled=held.cancelled,
                    lapsed=held.lapsed,
                    voided=held.voided,
                    price=order.terms.price,
                )
            )
        )
    return history(*told)


def looked_at_closer(given: History) -> History:
    """The same history, whose claims no rule may take as agreed."""
    closer = order_history(STREAM, given.events)
    closer.__dict__["agreed"] = False
    return closer


@for_any(st.lists(STEPS, max_size=8))
def test_a_venue_that_says_what_we_hold_is_never_said_to_differ(steps: list[e.OrderEvent]) -> None:
    given = looked_at_closer(honest(steps))
    differing = {"QTY-02", "QTY-03", "QTY-04", "QTY-05", "QTY-06", "QTY-07"}
    assert differing.isdisjoint(raised(given))


@for_any(
    st.lists(STEPS, max_size=8).map(honest)
    | st.lists(STEPS | reports(), max_size=8).map(told_to_us)
)
def test_an_order_is_passed_over_only_when_a_closer_look_finds_no_more(given: History) -> None:
    if given.agreed:
        assert raised(given) == raised(looked_at_closer(given))


@for_any(st.lists(STEPS | reports(), max_size=8))
def test_rules_take_whatever_a_venue_says(told: list[e.OrderEvent]) -> None:
    given = history(*told, placed())
    for rule in asked_of(given.kinds):
        for flag in rule.find(given, LIMITS):
            assert flag.code == rule.code
            assert flag.closed_at is None or flag.closed_at >= flag.opened_at
            assert flag.witness == tuple(sorted(set(flag.witness)))
            assert flag.witness
