"""Our fields in a CSV: which belong together, what they make, and how a cell of each is read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

from adapters.statements.csv_cells import Cells, Quantities, Remembered
from adapters.statements.csv_mapping import Mapping
from domain.events import Claims, Terms
from domain.values import NameKind, Price, PriceFormat

NAMES = (
    ("venue_order_id", NameKind.VENUE),
    ("client_order_id", NameKind.CLIENT),
    ("wager_id", NameKind.WAGER),
)
FIGURES = ("size", "matched", "remaining", "cancelled", "lapsed", "voided")
CLAIMS = ("price", "price_format", "status", *FIGURES)
TERMS = ("market", "selection", "side", "currency", "user_ref", "placed_at", "expires_at")
SIZES = frozenset({*FIGURES, "fill_size"})
PRICES = ("price", "average_price", "fill_price")
EXTRA = ("average_price", "profit", "updated_at")
NO_EXTRA = (None, None, None)
MAKE_CLAIMS = (
    "Claims(status={status}, raw_status={status}, size={size}, matched={matched}, "
    "remaining={remaining}, cancelled={cancelled}, lapsed={lapsed}, voided={voided}, "
    "price={price} if {price_format} is None else written({price}, {price_format}))"
)
MAKE_TERMS = (
    "Terms(market={market}, selection={selection}, side={side}, "
    "currency={currency} or OWN, user_ref={user_ref}, placed_at={placed_at}, "
    "expires_at={expires_at})"
)
MAKE_EXTRA = "{average_price}, {profit}, {updated_at}"
FILLS = ("fill_id", "fill_size", "fill_price", "fill_at", "fee")


def often(cells: Cells, mapping: Mapping) -> dict[str, Remembered[str, Any]]:
    """How a cell of each of our fields is read that may hold the same in many lines."""

    def price(text: str) -> Price | None:
        value = cells.number(text)
        return None if value is None else Price(value, mapping.price_format)

    reads: dict[str, Callable[[str], Any]] = {
        **dict.fromkeys(PRICES, price),
        **dict.fromkeys(("profit", "fee"), cells.number),
        **dict.fromkeys(SIZES, cells.quantity),
        **dict.fromkeys(TERMS, cells.words),
        **dict.fromkeys(("placed_at", "expires_at", "updated_at", "fill_at"), cells.time),
        "status": cells.status,
        "side": cells.side,
        "price_format": cells.format,
    }
    plain = mapping.decimal == "." and not any(word[:1].isdigit() for word in mapping.empty)
    return {
        name: Quantities(read) if plain and name in SIZES else Remembered(read)
        for name, read in reads.items()
    }


def group(
    places: dict[str, int],
    known: dict[str, Remembered[str, Any]],
    wanted: Sequence[str],
    nothing: object,
    make: str,
) -> Callable[[Sequence[str]], Any]:
    """Read these columns together; `nothing` where all their cells are empty.

    `make` is what they make, with a name of ours for each column's value. Written out once for the
    file's own columns, it takes a third of the time of a loop over them: a statement may have a
    million lines.
    """
    here = {name: places[name] for name in wanted if name in places}
    if not here:
        return lambda _cells: nothing
    around = {"Claims": Claims, "Terms": Terms, "written": _written, "nothing": nothing, **known}
    values = dict.fromkeys(wanted, "None")
    values.update({name: f"{name}[cells[{spot}]]" for name, spot in here.items()})
    filled = " or ".join(f"cells[{spot}]" for spot in here.values())
    source = f"lambda cells: ({make.format(**values)}) if {filled} else nothing"
    return cast("Callable[[Sequence[str]], Any]", eval(source, around))  # noqa: S307 - our own field names, and places as numbers


def _written(price: Price | None, written: PriceFormat | None) -> Price | None:
    """A price in the format that its own line tells."""
    return price if price is None or written is None else Price(price.value, written)
