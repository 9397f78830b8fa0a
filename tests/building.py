"""Builders for tests: every field filled, a test names the one it is about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from domain.events import Event, Filled, OrderAccepted, OrderEvent, OrderPlaced, Terms
from domain.flags.history import History, Link, NoticeHistory, RequestHistory, order_history
from domain.ids import derived
from domain.notices import NoticeEvent
from domain.recorded import Recorded
from domain.requests import RequestEvent
from domain.values import Account, Price, Side

NOON = datetime(2026, 2, 7, 12, 0, tzinfo=UTC)
OWNER = Account("canonical", "desk-7")
STREAM = derived("order", "under test")
REQUEST = derived("cancel", "under test")


def seconds(value: float) -> datetime:
    """`value` seconds after noon."""
    return NOON + timedelta(seconds=value)


def at(
    event: Event, *, seen: float = 0.0, venue: float | None = None
) -> tuple[Event, float, float | None]:
    """An event with the seconds after noon when we saw it and when the venue says it was."""
    return event, seen, venue


Told = Event | tuple[Event, float, float | None]


def recorded(
    told: Sequence[Told], *, stream: UUID = STREAM, owner: Account = OWNER, first: int = 1
) -> list[Recorded]:
    """Log entries at positions `first`, `first + 1`, …; unless told, one second apart."""
    entries: list[Recorded] = []
    for index, item in enumerate(told):
        event, seen, venue = item if isinstance(item, tuple) else (item, float(index), None)
        entries.append(
            Recorded(
                position=first + index,
                stream=stream,
                version=index + 1,
                owner=owner,
                event_id=derived("event", stream, index),
                occurred_at=None if venue is None else seconds(venue),
                observed_at=seconds(seen),
                recorded_at=seconds(seen),
                capture="test",
                seq=first + index,
                event=event,
            )
        )
    return entries


def history(*told: OrderEvent | tuple[Event, float, float | None]) -> History:
    """An order's history made of these events."""
    return order_history(STREAM, recorded(told))


def request_history(
    *told: RequestEvent | tuple[Event, float, float | None], links: Sequence[Link] = ()
) -> RequestHistory:
    """A cancel request's history made of these events."""
    return RequestHistory(REQUEST, recorded(told, stream=REQUEST), links)


def notice_history(*told: NoticeEvent | tuple[Event, float, float | None]) -> NoticeHistory:
    """A notice's history made of these events."""
    return NoticeHistory(STREAM, recorded(told))


def terms(size: str = "100", **others: object) -> Terms:
    """Full terms of an order of this size."""
    values: dict[str, object] = {
        "size": Decimal(size),
        "price": Price(Decimal("1.95")),
        "side": Side.BUY,
        "market": "M1",
        "selection": "S1",
        "currency": "USD",
    }
    return Terms(**{**values, **others})  # type: ignore[arg-type]  # a test names any field


def placed(size: str = "100", **others: object) -> OrderPlaced:
    """We placed an order of this size."""
    return OrderPlaced(terms=terms(size, **others))


def accepted() -> OrderAccepted:
    """The venue took it."""
    return OrderAccepted()


def filled(size: str, fill_id: str = "F1", price: str = "1.95") -> Filled:
    """A recorded match."""
    return Filled(fill_id=fill_id, size=Decimal(size), price=Price(Decimal(price)))
