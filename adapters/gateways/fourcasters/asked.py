"""What 4casters' clients ask to place and to edit, held against the documented limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from adapters.gateways.fourcasters.ids import is_object_id
from adapters.gateways.fourcasters.picks import (
    MONEYLINE,
    OPPOSITE,
    THREE_WAY,
    TOTAL,
    TYPES,
    Pick,
    american,
)
from domain.values import Price

LIMIT, POST, POST_ARB = "limit", "post", "postArb"
FILL_AND_KILL, FILL_OR_KILL = "fillAndKill", "fillOrKill"
ORDER_TYPES = frozenset({LIMIT, POST, POST_ARB, FILL_AND_KILL, FILL_OR_KILL})
RESTING = frozenset({LIMIT, POST, POST_ARB})
ODDS_MIN, ODDS_MAX = 100, 100_000
BET_MAX = 10**9
NUMBER_MAX = 10_000
PLACES_MAX = 2
"""Cents of a bet, quarters of a line."""
MINUTES_MAX = 60 * 24 * 366
TEXT_MAX = 100


class Invalid(ValueError):
    """The order is none of the documented ones: `validation_error`, nothing was placed."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One order as it is asked for."""

    pick: Pick
    odds: Price
    bet: Decimal
    order_type: str = LIMIT
    user_reference: str | None = None
    minutes: int | None = None
    replaces: int | None = None

    @property
    def rests(self) -> bool:
        """Whether what is not matched at once stays on the book."""
        return self.order_type in RESTING


def wanted(value: object) -> Wanted:
    """An order of a place; raise `Invalid` for what is none."""
    if not isinstance(value, dict):
        raise Invalid("order is not an object")
    fields = cast("dict[str, Any]", value)
    order_type = fields.get("orderType")
    if order_type is None:
        order_type = LIMIT  # the socket's page requires it, REST's says that this is the default
    if not isinstance(order_type, str) or order_type not in ORDER_TYPES:
        raise Invalid("invalid orderType")
    return Wanted(
        pick=_pick(fields),
        odds=odds_of(fields.get("odds"), "odds"),
        bet=amount_of(fields.get("bet"), "bet"),
        order_type=order_type,
        user_reference=_reference(fields.get("userReference")),
        minutes=minutes_of(fields.get("expirationMinutes"), "expirationMinutes"),
    )


def _pick(fields: Mapping[str, Any]) -> Pick:
    game = fields.get("gameID", fields.get("gameId"))
    if not is_object_id(game):
        raise Invalid("invalid game ID format")
    kind = fields.get("type")
    if not isinstance(kind, str) or kind not in TYPES:
        raise Invalid("invalid type")
    side = _label(fields.get("side"), "side")
    if kind in {TOTAL, THREE_WAY}:
        sides = ("over", "under") if kind == TOTAL else ("yes", "no")
        if side not in sides:
            raise Invalid(f"side of a {kind} is {sides[0]} or {sides[1]}")
    elif side in OPPOSITE:
        raise Invalid(f"side of a {kind} is a participant")
    if kind == THREE_WAY:
        return Pick(game, kind, side, market=_label(fields.get("market"), "market"))
    if kind == MONEYLINE:
        return Pick(game, kind, side)
    return Pick(game, kind, side, number=_number(fields.get("number"), kind))


def _label(value: object, name: str) -> str:
    """A short word without anything that an id or a side never has."""
    if (
        not isinstance(value, str)
        or not 0 < len(value) <= TEXT_MAX
        or not value.replace("-", "").replace("_", "").isalnum()
    ):
        raise Invalid(f"invalid {name}")
    return value


def _number(value: object, kind: str) -> Decimal:
    number = decimal_of(value)
    if number is None or abs(number) > NUMBER_MAX or _places(number) > PLACES_MAX:
        raise Invalid("invalid number")
    if kind == TOTAL and number < 0:
        raise Invalid("invalid number")
    return number


def odds_of(value: object, name: str) -> Price:
    """American odds of at least 100 either way, with at most one decimal place."""
    found = decimal_of(value)
    if found is None or not ODDS_MIN <= abs(found) <= ODDS_MAX or _places(found) > 1:
        raise Invalid(f"invalid {name}")
    return american(found)


def amount_of(value: object, name: str) -> Decimal:
    """Money to risk, to the cent."""
    found = decimal_of(value)
    if found is None or not 0 < found <= BET_MAX or _places(found) > PLACES_MAX:
        raise Invalid(f"invalid {name}")
    return found


def minutes_of(value: object, name: str) -> int | None:
    """Whole minutes; None for none."""
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= MINUTES_MAX:
        raise Invalid(f"invalid {name}")
    return value


def _reference(value: object) -> str | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > TEXT_MAX or not value.isprintable():
        raise Invalid("invalid userReference")
    return value


def decimal_of(value: object) -> Decimal | None:
    """A JSON number, exactly; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    found = Decimal(value)
    return found if found.is_finite() else None


def items_of(value: object) -> list[object]:
    """A JSON list; nothing for anything else."""
    return cast("list[object]", value) if isinstance(value, list) else []


def texts_in(value: object) -> list[str] | None:
    """A JSON list of texts; None for anything else."""
    if not isinstance(value, list):
        return None
    items = items_of(cast("object", value))
    texts = [item for item in items if isinstance(item, str)]
    return texts if len(texts) == len(items) else None


def _places(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
