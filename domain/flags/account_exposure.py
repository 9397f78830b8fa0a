"""The money that may be lost on orders of which nobody can tell whether they are live."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from operator import itemgetter

from domain.flags.account_history import AccountHistory, Exposure
from domain.flags.flag import Flag, Thresholds
from domain.flags.rule import AccountRule
from domain.values import ZERO, plain

WITNESS_MAX = 100
"""So many positions prove a sum over orders; the breaks that it is a sum of prove the rest."""


@dataclass(slots=True)
class _Spell:
    """A stretch of time over the limit."""

    since: datetime
    most: Decimal
    orders: int
    witness: tuple[int, ...]
    until: datetime | None = None


def unresolved_exposure(history: AccountHistory, limits: Thresholds) -> Iterable[Flag]:
    """ECO-06: what may be live at worst of all unresolved orders is more than the account's limit.

    Each currency for itself, each order once however many breaks it has. Cleared when enough of it
    is resolved. CXL-06, CXL-10, CXL-11, EXI-04 and EXI-05 leave an order unresolved.
    """
    limit = limits.exposure_max
    if limit is None:
        return
    by_currency: dict[str, list[Exposure]] = {}
    for exposure in history.exposures:
        by_currency.setdefault(exposure.currency or "", []).append(exposure)
    for currency, exposures in sorted(by_currency.items()):
        unit = f" {currency}" if currency else ""
        for spell in _over(exposures, limit):
            count = "1 unresolved order" if spell.orders == 1 else f"{spell.orders} orders"
            yield Flag(
                code="ECO-06",
                key=(currency, spell.since.isoformat()),
                opened_at=spell.since,
                closed_at=spell.until,
                witness=spell.witness,
                note=f"Of {count} that nobody can tell the outcome of, {plain(spell.most)}{unit} "
                f"may be live at worst; the limit is {plain(limit)}.",
                ours=plain(spell.most),
                difference=plain(spell.most - limit),
            )


def _over(exposures: Sequence[Exposure], limit: Decimal) -> Iterator[_Spell]:
    """The stretches of time in which the sum was over the limit, with the most that it was."""
    spell: _Spell | None = None
    standing: dict[str, list[Exposure]] = {}
    total = ZERO
    for moment, steps in groupby(_steps(exposures), key=itemgetter(0)):
        for _, ends, _, exposure in steps:
            mine = standing.setdefault(exposure.order, [])
            total -= _worst(mine)
            if ends:
                mine.remove(exposure)
            else:
                mine.append(exposure)
            total += _worst(mine)
            if not mine:
                del standing[exposure.order]
        if total > limit and (spell is None or total > spell.most):
            since, proof = (moment, ()) if spell is None else (spell.since, spell.witness)
            if len(proof) < WITNESS_MAX:  # looked for anew with each order, it costs their square
                proof = _proof(standing)
            spell = _Spell(since, total, len(standing), proof)
        elif total <= limit and spell is not None:
            spell.until = moment
            yield spell
            spell = None
    if spell is not None:
        yield spell


def _steps(exposures: Sequence[Exposure]) -> list[tuple[datetime, bool, int, Exposure]]:
    """Every beginning and end in order; at one moment, what begins comes before what ends."""
    steps = [(item.opened_at, False, n, item) for n, item in enumerate(exposures)]
    steps.extend(
        (max(item.opened_at, item.closed_at), True, n, item)
        for n, item in enumerate(exposures)
        if item.closed_at is not None
    )
    return sorted(steps, key=itemgetter(0, 1, 2))


def _worst(exposures: Sequence[Exposure]) -> Decimal:
    """An order is at risk once, whatever many breaks it has."""
    return max((item.amount for item in exposures), default=ZERO)


def _proof(standing: dict[str, list[Exposure]]) -> tuple[int, ...]:
    positions = sorted({p for mine in standing.values() for item in mine for p in item.witness})
    return tuple(positions[:WITNESS_MAX])


RULES = (AccountRule("ECO-06", unresolved_exposure, since=2),)
