"""The order as its facts make it: state and the marks that facts leave, nothing derived.

Quantities that follow from others (remaining, the buckets, the status) are in `domain.buckets`
and `domain.standing`. The fold is in `domain.evolve`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from domain.events import Claims, Settlement, Source, Terms
from domain.lifecycle import Closure
from domain.making import quickly_made
from domain.values import ZERO, Choice, Name, Price

UNDISPUTED = Terms()
"""The venue tells no term of the order otherwise."""


class Ask(NamedTuple):
    """What a change of ours asked for; None asked for no change.

    `rest` is what should remain, whatever has matched, where the order is taken off for it first.
    """

    size: Decimal | None
    price: Price | None
    rest: Decimal | None = None


def _nothing() -> Mapping[Any, Any]:
    return {}


class Try(Choice):
    """How far a cancel, an amendment or the sending of an order has come."""

    SENT = "sent"
    PENDING = "pending"
    UNKNOWN = "unknown"
    UNMENTIONED = "unmentioned"
    NOT_SENT = "not_sent"
    DONE = "done"
    REJECTED = "rejected"


@quickly_made
@dataclass(frozen=True, slots=True)
class Attempt:
    """One cancel request as this order sees it; `size` None asked for all that remains."""

    state: Try
    size: Decimal | None = None


@quickly_made
@dataclass(frozen=True, slots=True)
class Fill:
    """One recorded match, as first told. `provisional`: the venue may still take it back."""

    size: Decimal
    price: Price | None
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Correction:
    """What a match was replaced by."""

    correction_id: str
    size: Decimal
    price: Price | None


@dataclass(frozen=True, slots=True)
class Bust:
    """How much of a match was taken back (None: all) and whether it returns to the book."""

    size: Decimal | None
    returns: bool


@dataclass(frozen=True, kw_only=True)
class Order:
    """The fold of an order's facts.

    `terms` are what it is by now, but for the size; `sent` what we sent; `amended` and `repriced`
    say that the venue has changed size or price since. `real` is what recorded matches sum to,
    `inferred` what only a running total told of; `taken` is matched size that was taken back,
    `out` the part of it that does not return to the book. `told` is the venue's last word on the
    order's state, `told_of` what we held when it was told. `seen` names the facts that would be
    known again (`domain.marks`); `doubts` is why what remains may be gone. `sending` is what a loss
    says of our sending it (UNKNOWN, NOT_SENT), which counts until something proves that the order
    `arrived` at the venue. `settled` is the money that came of each match (None: of the order), and
    `voided_by_settlement` the busts that a later settlement can lift. `fell` is the venue's running
    total while it is lower than ours. `disputed` are the terms that the venue's messages tell
    otherwise, `disputed_account` the other account that they name.
    """

    placed: bool = False
    sending: Try | None = None
    arrived: bool = False
    pending_new: bool = False
    accepted: bool = False
    discovered: Source | None = None
    merged_into: UUID | None = None
    names: tuple[Name, ...] = ()
    terms: Terms = Terms()
    sent: Terms | None = None
    size: Decimal | None = None
    amended: bool = False
    repriced: bool = False
    fills: Mapping[str, Fill] = field(default_factory=_nothing)
    busts: Mapping[str, Bust] = field(default_factory=_nothing)
    corrections: Mapping[str, Correction] = field(default_factory=_nothing)
    confirmed: frozenset[str] = frozenset()
    settled: Mapping[str | None, Settlement] = field(default_factory=_nothing)
    voided_by_settlement: frozenset[str] = frozenset()
    real: Decimal = ZERO
    inferred: Decimal = ZERO
    out: Decimal = ZERO
    taken: Decimal = ZERO
    fell: Decimal | None = None
    disputed: Terms = UNDISPUTED
    disputed_account: str | None = None
    cancelled_part: Decimal = ZERO
    lapsed_part: Decimal = ZERO
    voided_part: Decimal = ZERO
    closure: Closure | None = None
    day_over: bool = False
    stopped: bool = False
    suspended: bool = False
    cancels: Mapping[UUID, Attempt] = field(default_factory=_nothing)
    amends: Mapping[str, Try] = field(default_factory=_nothing)
    asks: Mapping[str, Ask] = field(default_factory=_nothing)
    venue_cancel_pending: bool = False
    told: Claims | None = None
    told_of: Quantities | None = None
    doubts: frozenset[str] = frozenset()
    seen: frozenset[tuple[object, ...]] = frozenset()


Quantities = tuple[Decimal | None, Decimal, Decimal, Decimal, Decimal, Decimal, Closure | None]


def quantities(order: Order) -> Quantities:
    """What the buckets follow from: two states with the same ones stand alike."""
    return (
        order.size,
        order.real + order.inferred,
        order.out,
        order.cancelled_part,
        order.lapsed_part,
        order.voided_part,
        order.closure,
    )


def changed(order: Order, **changes: object) -> Order:
    """The order with some fields changed.

    `dataclasses.replace` runs `__init__` over every field; copying the dictionary is four times
    faster, and the fold is the hottest loop of the program (docs/performance.md).
    """
    result = object.__new__(Order)
    object.__setattr__(result, "__dict__", {**order.__dict__, **changes})
    return result


NOTHING_KNOWN = Order()
"""An order before its first fact; making one takes as long as three facts."""
