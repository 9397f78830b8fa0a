"""Terms that a venue changes because of what happened in the market."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from domain.events import OrderRestated
from domain.flags.cancel_evidence import in_brackets
from domain.flags.flag import Flag, Thresholds, closing
from domain.flags.history import At, History
from domain.flags.rule import OrderRule
from domain.prices import BadPrice, convert
from domain.values import ZERO, Price, PriceFormat, plain

NOT_THE_MARKET = re.compile(
    r"(1|2|4|5|9|10)\b|gt renewal|renew|verbal|broker|partial decline|not best|warehouse",
    re.IGNORECASE,
).match
"""FIX ExecRestatementReason (378) of what is no market event: renewed, agreed, cut down."""

_FACTOR = re.compile(r"(\d+(?:\.\d+)?)\s*(%|p\b)?", re.ASCII)
_REDUCTION = re.compile(r"reduction|rule ?4|non.?runner|withdrawn", re.IGNORECASE).search
CENT = Decimal("0.01")
"""Reduced odds are rounded to it."""


def restated_by_event(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """A market event changed the order's odds or size (anomalies: ECO-05).

    Cleared as it opens when a rule reproduces the change: a split, by which price times size
    stays, or the reduction factor that the venue tells. FIX H.1.b.
    """
    for number, item in enumerate(history.of(OrderRestated), 1):
        event, entry = item.event, item.recorded
        reason = (event.reason or "").strip()
        before, after = history.before(item.index), history.states[item.index]
        if not reason or NOT_THE_MARKET(reason):
            continue
        if (before.size, before.terms.price) == (after.size, after.terms.price):
            continue
        rule = _rule(history, item, reason)
        changed = f"from {_terms(before.size, before.terms.price)} to "
        changed += _terms(after.size, after.terms.price)
        yield Flag(
            code="ECO-05",
            key=(event.report_id or str(number),),
            opened_at=entry.observed_at,
            closed_at=closing(entry.observed_at, entry if rule else None),
            witness=(item.position,),
            note=f"The venue restated the order {changed}{in_brackets(f'“{reason}”')}"
            f"{'' if rule is None else f', as {rule} has it'}.",
            ours=_terms(before.size, before.terms.price),
            theirs=_terms(after.size, after.terms.price),
        )


def _terms(size: Decimal | None, price: Price | None) -> str:
    at = "" if price is None else f" at {plain(price.value)}"
    return ("an unknown size" if size is None else plain(size)) + at


def _rule(history: History, item: At[OrderRestated], reason: str) -> str | None:
    """The rule that gives these terms from those before, if one does."""
    before, after = history.before(item.index), history.states[item.index]
    if item.event.split:
        return "a split"
    old, new = before.terms.price, after.terms.price
    if old is None or new is None or before.size is None or after.size is None:
        return None
    if before.size * old.value == after.size * new.value:
        return "a split"
    factor = _factor(reason)
    if factor is None or before.size != after.size:
        return None
    reduced = _reduced(old, factor)
    told = _decimal(new)
    if reduced is not None and told is not None and abs(reduced - told) <= CENT:
        return f"a reduction of {plain(factor * 100)} %"
    return None


def _factor(reason: str) -> Decimal | None:
    """The share that the reason takes off the winnings: `reduction factor 0.15`, `15 %`, `15p`."""
    found = _FACTOR.search(reason, 0) if _REDUCTION(reason) else None
    texts = _FACTOR.findall(reason) if found else []
    if not texts:
        return None
    number, unit = texts[-1]
    share = Decimal(number)
    share = share / 100 if unit or share > 1 else share
    return share if ZERO < share < 1 else None


def _reduced(price: Price, factor: Decimal) -> Decimal | None:
    """Decimal odds whose winnings are less by this share."""
    odds = _decimal(price)
    return None if odds is None else 1 + (odds - 1) * (1 - factor)


def _decimal(price: Price) -> Decimal | None:
    if price.format is PriceFormat.PLAIN:
        return price.value if price.value > 1 else None
    try:
        return convert(price, PriceFormat.DECIMAL).price.value
    except BadPrice:
        return None


RULES = (OrderRule("ECO-05", frozenset({OrderRestated}), restated_by_event, since=2),)
"""The rule about terms that the market changed."""
