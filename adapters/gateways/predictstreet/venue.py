"""What PredictStreet's routes stand on: the frame, its buckets, and what the venue remembers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel

from adapters.gateways.frame import Frame
from adapters.gateways.predictstreet import told
from adapters.gateways.predictstreet.buckets import Buckets
from adapters.gateways.predictstreet.calling import Need, Recognise, caller
from adapters.gateways.predictstreet.rows import Settling
from adapters.gateways.reading import body_schema
from adapters.paper.book import Order

Trip = Literal["lock_invariant", "unknown"]


def no_trips(_order_id: str) -> Trip | None:
    """Nothing goes wrong by itself."""
    return None


@dataclass(slots=True)
class Venue:
    """The venue as its routes see it."""

    frame: Frame
    buckets: Buckets
    settling: Settling
    trips: Callable[[str], Trip | None]
    _placed: dict[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])

    def caller(self, need: Need) -> Recognise:
        """Who calls."""
        return caller(self.frame, self.buckets, need)

    def placed_as(self, wallet: str, client_order_id: str | None) -> Order | None:
        """The order that the wallet placed under its own id, if it did."""
        if client_order_id is None:
            return None
        number = self._placed.get((wallet, client_order_id))
        return None if number is None else self.frame.book.find(wallet, number)

    def remember(self, wallet: str, client_order_id: str | None, order: Order) -> None:
        """A repeat of this id is answered with this order."""
        if client_order_id is not None:
            self._placed[wallet, client_order_id] = order.order_id


_REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {"model": told.PsRefusal, "description": "The request does not fit"},
    401: {"model": told.PsRefusal, "description": "The key or the wallet is not recognised"},
    403: {"model": told.PsRefusal, "description": "The key lacks a scope"},
    429: {"model": told.PsRefusal, "description": "A bucket is empty; see Retry-After"},
}
_ABSENT: dict[int | str, dict[str, Any]] = {
    404: {"model": told.PsRefusal, "description": "The wallet has no such order"}
}


def answers(
    model: type[BaseModel],
    body: type[BaseModel] | None = None,
    *,
    absent: bool = False,
    bodiless: bool = False,
) -> dict[str, Any]:
    """What the OpenAPI document says of a route's answers, and of its body (if it needs one)."""
    found = {200: {"model": model}, **_REFUSALS, **(_ABSENT if absent else {})}
    if body is None:
        return {"responses": found}
    extra = body_schema(body)
    extra["requestBody"]["required"] = not bodiless
    return {"responses": found, "openapi_extra": extra}
