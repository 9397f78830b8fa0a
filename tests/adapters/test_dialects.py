"""Dialects by venue: known at once, imported when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import EntryPoint
from typing import Any

import pytest

from adapters import added
from adapters.bootstrap_dialects import DIALECTS, OURS, ByVenue
from adapters.paperapi.dialect import PaperDialect
from domain.wire import Dialect


class _Spoken(PaperDialect):
    """A dialect that somebody hands in."""


@pytest.fixture
def points(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """What is installed beside the program: dialects by venue."""
    installed: dict[str, str] = {}

    def found(group: str) -> tuple[EntryPoint, ...]:
        return tuple(EntryPoint(name, value, group) for name, value in installed.items())

    monkeypatch.setattr(added, "_points", found)
    added.part.cache_clear()
    yield installed
    added.part.cache_clear()


@pytest.mark.parametrize("venue", [pytest.param(venue, id=f"{venue} speaks") for venue in DIALECTS])
def test_every_venue_that_is_known_has_a_dialect(venue: str) -> None:
    assert hasattr(DIALECTS[venue], "translate")
    assert DIALECTS[venue] is DIALECTS[venue], "made once"


def test_a_venue_that_nobody_knows_has_none(points: dict[str, str]) -> None:
    del points
    assert sorted(ByVenue()) == sorted(OURS)
    assert ByVenue().get("nowhere") is None


@pytest.mark.usefixtures("points")
def test_what_is_handed_in_counts_until_it_is_taken_away() -> None:
    dialects, mine = ByVenue(), _Spoken()
    dialects["mine"] = mine
    assert (dialects["mine"], "mine" in dialects, len(dialects)) == (mine, True, len(OURS) + 1)
    del dialects["mine"]
    assert dialects.get("mine") is None
    assert "mine" not in dialects


@pytest.mark.parametrize(
    ("venue", "value", "then"),
    [
        pytest.param("new", "adapters.paperapi.dialect:PaperDialect", PaperDialect, id="it speaks"),
        pytest.param(
            "canonical",
            "adapters.paperapi.dialect:PaperDialect",
            PaperDialect,
            id="it may speak for one of ours",
        ),
        pytest.param("new", "adapters.paperapi.nowhere:It", type(None), id="it is not there"),
    ],
)
def test_a_venue_that_a_package_adds(
    points: dict[str, str], venue: str, value: str, then: type[Any]
) -> None:
    points[venue] = value
    dialects = ByVenue()
    assert venue in dialects, "known without being loaded"

    spoken: Dialect | None = dialects.get(venue)

    assert isinstance(spoken, then)
    assert (venue in dialects) is (spoken is not None)


def test_a_package_that_cannot_be_loaded_leaves_a_venue_of_ours_as_it_is(
    points: dict[str, str],
) -> None:
    points["canonical"] = "adapters.paperapi.nowhere:It"
    assert type(ByVenue()["canonical"]) is type(DIALECTS["canonical"])
