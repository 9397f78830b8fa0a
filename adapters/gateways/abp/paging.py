"""Newest first, a page at a time: what ABP's lists have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import Query
from starlette.exceptions import HTTPException

LIMIT_MAX = 1000
Limit = Annotated[
    int, Query(ge=1, le=LIMIT_MAX, description="Maximum number of orders to return per page")
]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Cut:
    """Which page: of the keys below `after`, no more than `limit`."""

    after: int | None
    limit: int


def page(
    name: str,
    rows: Sequence[T],
    key: Callable[[T], int],
    row: Callable[[T], dict[str, Any]],
    cut: Cut,
) -> dict[str, Any]:
    """The page after that key; `rows` are newest first."""
    rest = [item for item in rows if cut.after is None or key(item) < cut.after]
    some, more = rest[: cut.limit], len(rest) > cut.limit
    return {
        name: [row(item) for item in some],
        "count": len(some),
        "hasMore": more,
        "nextCursor": key(some[-1]) if more else None,
    }


def ids(text: str | None, name: str) -> list[int]:
    """Numbers with commas between; raise an error that names the field."""
    try:
        return [int(part) for part in (text or "").split(",") if part.strip()]
    except ValueError as error:
        raise HTTPException(400, f"{name} must be comma-separated integers") from error
