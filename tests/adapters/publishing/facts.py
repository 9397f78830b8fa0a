"""Facts for what leaves the log: one of each kind, every field set."""

from __future__ import annotations

from typing import Any, cast, get_args

from domain.desk import DeskEvent
from domain.events import Event, OrderEvent
from tests.domain.desk_facts import full_desk
from tests.domain.facts import full, full_request


def sample(kind: type[Any]) -> Event:
    """The fact of this kind with every field set."""
    if kind in get_args(DeskEvent):
        return cast("Event", full_desk(kind))
    made = full(kind) if kind in get_args(OrderEvent) else full_request(kind)
    return cast("Event", made)
