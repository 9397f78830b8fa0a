from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError, dataclass, field, replace
from functools import partial
from typing import Any

import pytest

from domain.making import quickly_made


@quickly_made
@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Fields that are told by name."""

    kind: str
    value: str = "none"


@quickly_made
@dataclass(frozen=True, slots=True)
class Placed:
    """Fields that are told by place, and one by name."""

    first: int
    second: int | None = None
    third: int = field(default=3, kw_only=True)


def test_it_is_made_like_any_other_dataclass() -> None:
    assert Named(kind="a") == Named(value="none", kind="a")
    assert Placed(1) == Placed(1, None, third=3)
    assert replace(Placed(1, 2), first=5) == Placed(5, 2)


NAMED: Callable[..., Any] = Named
PLACED: Callable[..., Any] = Placed


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(NAMED, id="a field is missing"),
        pytest.param(
            partial(NAMED, "a"),  # pyright: ignore[reportCallIssue]  # wrongly made, on purpose
            id="told by place where names are asked",
        ),
        pytest.param(
            partial(PLACED, 1, 2, 3),  # pyright: ignore[reportCallIssue]  # wrongly made, on purpose
            id="one too many",
        ),
        pytest.param(
            partial(PLACED, 1, fourth=4),  # pyright: ignore[reportCallIssue]  # wrongly made, on purpose
            id="an unknown name",
        ),
    ],
)
def test_what_does_not_fit_is_refused(make: Callable[[], Any]) -> None:
    with pytest.raises(TypeError):
        make()


def test_it_stays_frozen() -> None:
    named: Any = Named(kind="a")
    with pytest.raises(FrozenInstanceError):
        named.kind = "b"


def test_a_default_that_is_made_anew_is_refused() -> None:
    @dataclass(frozen=True, slots=True)
    class Listed:
        """A field with a factory."""

        items: list[int] = field(default_factory=list[int])

    with pytest.raises(TypeError, match=r"Listed\.items"):
        quickly_made(Listed)
