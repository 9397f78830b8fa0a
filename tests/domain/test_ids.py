"""Derived ids: the same on every machine for ever, and never the same for different facts."""

from __future__ import annotations

import pickle
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.ids import cancel_stream, derived, desk_stream, event_id, notice_stream, order_stream
from domain.values import Account, Name, NameKind

OWNER = Account("abp", "desk-7")
PARTS = st.lists(st.text(alphabet="a\x1f\\x", max_size=4), min_size=1, max_size=4)


@pytest.mark.parametrize(
    ("found", "golden"),
    [
        pytest.param(
            order_stream(OWNER, Name(NameKind.VENUE, "123")),
            "4a5c0e29-bc75-5e34-8730-8fa4e19a64be",
            id="an order",
        ),
        pytest.param(
            order_stream(OWNER, Name(NameKind.CLIENT, "123")),
            "3db039a3-1047-5fa7-a3c5-849d908d1bb8",
            id="another kind of name, another order",
        ),
        pytest.param(
            cancel_stream(OWNER, "night", 7), "46fb6890-4492-5090-a5b7-3fb551535127", id="a cancel"
        ),
        pytest.param(
            notice_stream("gap", "night"), "dd8adbc6-8a9d-5ac3-97a8-d4c0dfe2a7c3", id="a notice"
        ),
        pytest.param(
            desk_stream(derived("break", "x")),
            "5a22dde4-e303-53ff-a03c-e37b3749d9ad",
            id="the work on a break",
        ),
        pytest.param(
            event_id("night", "7", 0), "48dc5bb6-8daf-56ee-a011-83fa47819458", id="an event"
        ),
        pytest.param(
            derived("a\x1fb", "\\"),
            "53f0d94c-e1be-5d75-aff0-b5f917880a57",
            id="a part with the separator in it",
        ),
        pytest.param(
            derived("\ud800"), "24b34500-bf7c-56d0-b153-923ebeeb463b", id="a part that is no text"
        ),
    ],
)
def test_ids_never_change(found: UUID, golden: str) -> None:
    assert str(found) == golden


def test_an_id_is_a_uuid_like_any_other() -> None:
    made, read = derived("a"), UUID(str(derived("a")))
    assert (made.version, made.variant, made.is_safe) == (5, read.variant, read.is_safe)
    assert hash(made) == hash(read)
    assert pickle.loads(pickle.dumps(made)) == made  # noqa: S301 - what we wrote ourselves


@given(PARTS, PARTS)
def test_different_parts_give_different_ids(one: list[str], two: list[str]) -> None:
    assert (derived(*one) == derived(*two)) is (one == two)


def test_parts_are_not_run_together() -> None:
    assert derived("a", "", "b") != derived("a\x1fb")
    assert derived("a\x1f", "b") != derived("a", "\x1fb")


def test_ids_are_name_based_uuids() -> None:
    assert derived("a").version == 5


@given(st.text(alphabet="a\x1f\\x\ud800"), st.integers(min_value=1), st.integers(min_value=0))
def test_an_events_id_is_derived_from_its_place(capture: str, seq: int, index: int) -> None:
    assert event_id(capture, f"{seq} gap", index) == derived("event", capture, f"{seq} gap", index)
