"""Where a publisher goes on, from what it wrote down and how the stream ends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.jetstream.resuming import End, resumed
from adapters.jetstream.tracking import Placed
from domain.ports import Conflict

HEAD = 100


def id_at(position: int) -> str | None:
    return f"id{position}" if 1 <= position <= HEAD else None


def ends(sequence: int, position: int, event_id: str | None = None) -> End:
    return End(sequence, position, event_id or f"id{position}", is_there=True)


@pytest.mark.parametrize(
    ("tracked", "end", "then"),
    [
        pytest.param(None, End(0), Placed(0, 0), id="never published, a new stream: the start"),
        pytest.param(None, ends(7, 7), Placed(7, 7), id="not written down: behind the last"),
        pytest.param(Placed(7, 7), ends(7, 7), Placed(7, 7), id="nothing happened since"),
        pytest.param(
            Placed(7, 7), ends(9, 9), Placed(9, 9), id="killed between sending and writing down"
        ),
        pytest.param(
            Placed(7, 3), End(3), Placed(7, 3), id="the stream's messages are old and gone"
        ),
        pytest.param(
            Placed(7, 3), End(5), Placed(9, 5), id="as above, two were sent after the last note"
        ),
        pytest.param(
            Placed(9, 9), ends(7, 7), Placed(7, 7), id="the server lost its last ones: again"
        ),
    ],
)
def test_it_goes_on_behind_what_the_stream_has_had(
    tracked: Placed | None, end: End, then: Placed
) -> None:
    assert resumed("S", tracked, end, id_at) == then


@pytest.mark.parametrize(
    ("tracked", "end", "says"),
    [
        pytest.param(Placed(7, 7), End(0), "--from-start", id="a new stream, or another server's"),
        pytest.param(Placed(7, 7), End(3), "--from-start", id="a stream that had fewer messages"),
        pytest.param(None, End(3), "--from-start", id="emptied, and nothing is written down"),
        pytest.param(
            None, End(3, is_there=True), "not published by this program", id="somebody else's"
        ),
        pytest.param(Placed(7, 7), ends(7, 7, "other"), "another log", id="another log's events"),
        pytest.param(Placed(7, 7), ends(9, 8), "somebody else", id="a foreign one in between"),
        pytest.param(None, ends(101, 101), "backup", id="ahead of the log"),
        pytest.param(Placed(99, 9), End(11), "backup", id="ahead of the log, messages gone"),
    ],
)
def test_what_cannot_be_known_is_not_guessed(tracked: Placed | None, end: End, says: str) -> None:
    with pytest.raises(Conflict, match=says):
        resumed("S", tracked, end, id_at)


@pytest.mark.parametrize("tracked", [None, Placed(7, 7)])
def test_from_the_start_is_for_a_stream_without_messages(tracked: Placed | None) -> None:
    assert resumed("S", tracked, End(0), id_at, from_start=True) == Placed(0, 0)
    assert resumed("S", tracked, End(9), id_at, from_start=True) == Placed(0, 9)
    assert resumed("S", tracked, ends(7, 7), id_at, from_start=True) == Placed(7, 7)


@given(
    began=st.integers(0, 5),
    noted=st.integers(0, HEAD),
    more=st.integers(0, HEAD),
    is_there=st.booleans(),
)
def test_whenever_it_is_stopped_the_next_event_is_the_next_message(
    *, began: int, noted: int, more: int, is_there: bool
) -> None:
    """The stream had `began` messages before; up to `noted` was written down, `more` were sent."""
    last = min(HEAD, noted + more)
    sequence = began + last
    end = ends(sequence, last) if is_there and last else End(sequence)
    found = resumed("S", Placed(noted, began + noted), end, id_at)
    assert found == Placed(last, sequence)
