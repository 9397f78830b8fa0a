"""Terms that a venue tells otherwise than we hold them: what is news of that.

A message about an order may tell more of it than what happened: its side, its market. Where that
is not what we hold, the message is about another order than we think, or one of the two is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from domain.events import OrderEvent, Source, Terms, TermsDisputed
from domain.order import UNDISPUTED, Order

UNTOLD = "-"
"""What stands for a market that nobody named."""

_COMPARED = ("side", "market", "selection", "time_in_force")
MIXED: Mapping[str, frozenset[str]] = {"fourcasters": frozenset({"side", "selection"})}
"""What a venue tells now from our side, now from the other's, by its own examples: not compared."""


def dispute(
    order: Order, told: Terms, venue: str, *, account: str | None = None
) -> TermsDisputed | None:
    """What the venue disputes after telling these terms; None: nothing that it did not before.

    What the message does not tell stays as it was. `account` is the one that it names, if that is
    not the order's.
    """
    held, known = order.terms, order.disputed
    if known is UNDISPUTED and account is None and not _differs(held, told):
        return None  # nearly always
    standing = known
    for name in _COMPARED:
        value, ours = getattr(told, name), getattr(held, name)
        if value is None or UNTOLD in {value, ours} or name in MIXED.get(venue, ()):
            continue
        other = None if ours is None or value == ours else value
        standing = replace(standing, **{name: other})
    if standing == known and account in {None, order.disputed_account}:
        return None
    return TermsDisputed(terms=standing, account=account or order.disputed_account)


def _differs(held: Terms, told: Terms) -> bool:
    side, market = told.side, told.market
    picked, force = told.selection, told.time_in_force
    return (
        (side is not None and side is not held.side and held.side is not None)
        or (market is not None and market != held.market and held.market is not None)
        or (picked is not None and picked != held.selection and held.selection is not None)
        or (force is not None and force != held.time_in_force and held.time_in_force is not None)
    )


def news(order: Order, item: TermsDisputed, _source: Source) -> list[OrderEvent]:
    """Terms that are disputed already are not news."""
    same = (item.terms, item.account) == (order.disputed, order.disputed_account)
    return [] if same else [item]
