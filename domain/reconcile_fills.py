"""The matches of a statement against ours: one order has any number of them, in any rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from uuid import UUID

from domain.flags.history import History
from domain.matching import in_force
from domain.order import Order
from domain.reconcile import Topic
from domain.reconcile_tolerances import Tolerances, near
from domain.runs import Aspect, Difference
from domain.statement import StatementFill, StatementRow
from domain.values import ZERO, plain


@dataclass(slots=True)
class Matches:
    """The matches that a statement tells of one order, gathered from all of its rows.

    `complete`: they are all that the order has by the venue's word.
    """

    order: UUID
    position: int
    ours: Order
    files: Sequence[str]
    told: dict[str, tuple[StatementFill, StatementRow]] = field(
        default_factory=dict[str, tuple[StatementFill, StatementRow]]
    )
    complete: bool = False

    def add(self, row: StatementRow, *, complete: bool) -> None:
        """The matches of one more row; told again, the newest word on a match counts."""
        self.complete = self.complete or complete or row.claims.records
        ours = self.ours.terms.currency
        for fill in row.fills or ():
            known = fill
            if fill.currency is not None and fill.currency != ours:
                known = replace(fill, size=None)  # in money that cannot be held against ours
            self.told[fill.fill_id] = known, row


def gathering(history: History, files: Sequence[str]) -> Matches:
    """The order's matches as we hold them, for those of a statement's files to be added."""
    return Matches(history.stream, history.events[-1].position, history.order, files)


def matches_differing(
    matches: Matches, limits: Tolerances
) -> tuple[frozenset[Topic], Sequence[Difference]]:
    """What was told of the order's matches, and what of it differs from ours.

    A match that we lack is none when only a running total told us of that much (an inferred
    match): the size is in our books already, its record is missing (FIL-06).
    """
    order = matches.ours
    told: set[Topic] = {(Aspect.FILL, fill_id) for fill_id in matches.told}
    lacking = [item for item in matches.told.values() if _lacking(order, item[0])]
    if sum((fill.size or ZERO for fill, _ in lacking), ZERO) <= order.inferred:
        lacking = []
    found = [_differing(matches, fill, row, "size", None, fill.size) for fill, row in lacking]
    for fill, row in matches.told.values():
        found.extend(_of_known(matches, fill, row, limits))
    if matches.complete:
        absent = list(_absent(matches))
        told.update((Aspect.FILL, difference.ref) for difference in absent)
        found.extend(absent)
    return frozenset(told), found


def _lacking(order: Order, fill: StatementFill) -> bool:
    """The venue counts a match that we have no record of."""
    return not fill.gone and fill.fill_id not in _known(order)


def _known(order: Order) -> frozenset[str]:
    corrected = {item.correction_id for item in order.corrections.values()}
    return frozenset({*order.fills, *order.busts, *corrected})


def _held(order: Order, fill_id: str) -> Decimal:
    """What of a match counts by our events; a correction goes by the id of either."""
    root = next(
        (old for old, new in order.corrections.items() if new.correction_id == fill_id), fill_id
    )
    fill = order.fills.get(root) or order.fills.get(fill_id)
    if fill is None:
        return ZERO
    size, bust = in_force(root, fill, order.busts, order.corrections)
    if bust is None:
        return size
    return ZERO if bust.size is None else max(ZERO, size - bust.size)


def _of_known(
    matches: Matches, fill: StatementFill, row: StatementRow, limits: Tolerances
) -> Iterator[Difference]:
    """A match that both sides have: its size, or where that agrees its price."""
    order = matches.ours
    if fill.fill_id not in _known(order):
        return
    ours = _held(order, fill.fill_id)
    theirs = ZERO if fill.gone else fill.size
    if theirs is not None and not near(ours, theirs, limits.matched):
        yield _differing(matches, fill, row, "size", ours, theirs)
        return
    price = None if fill.gone else _price(order, fill)
    if price is None or fill.price is None or near(price, fill.price.value, limits.price):
        return
    yield _differing(matches, fill, row, "price", price, fill.price.value)


def _price(order: Order, fill: StatementFill) -> Decimal | None:
    """Our price of a match, where it can be compared; a correction has its own."""
    ours = order.fills.get(fill.fill_id)
    if ours is None or ours.price is None or fill.price is None:
        return None
    if fill.fill_id in order.corrections or ours.price.format is not fill.price.format:
        return None
    return ours.price.value


def _absent(matches: Matches) -> Iterator[Difference]:
    """Ours that a complete list of the order's matches does not have."""
    order = matches.ours
    renamed = {old: new.correction_id for old, new in order.corrections.items()}
    for fill_id in order.fills:
        names = {fill_id, renamed.get(fill_id, fill_id)}
        size = _held(order, fill_id)
        if size and names.isdisjoint(matches.told):
            yield Difference(
                aspect=Aspect.FILL,
                order=matches.order,
                ref=fill_id,
                figure="size",
                ours=plain(size),
                difference=plain(-size),
                witness=(matches.position,),
            )


def _differing(  # noqa: PLR0913, PLR0917 - a match, where it was told, and both figures
    matches: Matches,
    fill: StatementFill,
    row: StatementRow,
    figure: str,
    ours: Decimal | None,
    theirs: Decimal | None,
) -> Difference:
    return Difference(
        aspect=Aspect.FILL,
        order=matches.order,
        name=row.names[0],
        ref=fill.fill_id,
        figure=figure,
        ours=None if ours is None else plain(ours),
        theirs=None if theirs is None else plain(theirs),
        difference=None if theirs is None else plain(theirs - (ours or ZERO)),
        file=matches.files[row.place.input],
        line=row.place.line,
        witness=(matches.position,),
    )
