"""What our books say of orders that a venue does not know any more."""

from __future__ import annotations

from sqlalchemy import select

from adapters.bootstrap import App
from projections.tables import breaks, orders


def missed(app: App) -> set[str]:
    """The orders that are a break by now: the venue's list does not have them."""
    of_ours = orders.c.order_key == breaks.c.order_key
    query = select(orders.c.venue_order_id).join(breaks, of_ours)
    found = query.where(breaks.c.code == "EXI-04", breaks.c.closed_at.is_(None))
    with app.reading() as connection:
        return set(connection.execute(found).scalars())
