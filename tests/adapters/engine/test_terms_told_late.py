"""An order that a bare match made known learns its terms from the first row that tells them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from adapters.engine.orders import Orders
from adapters.engine.working import Moment, WorkingSet
from domain.events import Cancelled, Claims, Filled, OrderReported, Source, Terms
from domain.lifecycle import Status
from domain.messages import MatchedTotal, OrderMessage, Said
from domain.recorded import Recorded
from domain.standing import standing
from domain.values import Account, Name, NameKind

OWNER = Account("predictstreet", "0x1")
NAMES = (Name(NameKind.VENUE, "order-1"),)
SEEN = datetime(2031, 1, 2, tzinfo=UTC)
FORTY = Decimal(40)


class Log:
    """A log that holds what it is given: here, nothing yet."""

    def __init__(self) -> None:
        self.events: dict[UUID, list[Recorded]] = {}
        self.names: dict[tuple[Account, Name], UUID] = {}

    def histories(self, streams: Sequence[UUID]) -> Mapping[UUID, list[Recorded]]:
        """The events of each stream that has any."""
        return {key: self.events[key] for key in streams if key in self.events}

    def resolve(self, names: Sequence[tuple[Account, Name]]) -> Mapping[tuple[Account, Name], UUID]:
        """The stream of each name that is known."""
        return {name: self.names[name] for name in names if name in self.names}


MATCH = OrderMessage(names=NAMES, said=(Filled(fill_id="t1", size=FORTY),), source=Source.FILL)


def row(*said: Said) -> OrderMessage:
    """A row of a list that tells 100 as the size, 40 of it matched."""
    return OrderMessage(
        names=NAMES,
        terms=Terms(size=Decimal(100)),
        said=(MatchedTotal(total=FORTY), *said),
        source=Source.LIST,
    )


@pytest.mark.parametrize(
    ("then", "held"),
    [
        pytest.param(
            row(OrderReported(claims=Claims(status=Status.PARTIALLY_FILLED, matched=FORTY))),
            {"size": 100, "matched": 40, "remaining": 60, "cancelled": 0},
            id="a live row: the rest remains",
        ),
        pytest.param(
            row(Cancelled(size=Decimal(60), matched=FORTY)),
            {"size": 100, "matched": 40, "remaining": 0, "cancelled": 60},
            id="a row of its end: the rest was cancelled",
        ),
    ],
)
def test_terms_told_after_a_match(then: OrderMessage, held: dict[str, int]) -> None:
    orders = Orders(WorkingSet(Log()))
    orders.hear(OWNER, MATCH, Moment("c", 1, SEEN))
    stream, _ = orders.hear(OWNER, then, Moment("c", 2, SEEN))
    assert stream is not None
    told = standing(stream.order).buckets
    assert {name: getattr(told, name) for name in held} == held
    _, again = orders.hear(OWNER, then, Moment("c", 3, SEEN))
    assert list(again) == []
