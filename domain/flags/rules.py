"""The registry: every rule, and which of them a history gives reason to ask."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from domain.events import OrderMerged
from domain.flags import (
    cancels,
    cancels_plain,
    existence,
    fills,
    fills_missing,
    fills_totals,
    quantities,
    quantities_report,
    statuses,
    statuses_reopened,
    statuses_steps,
    stream,
)
from domain.flags.flag import Flag, Thresholds
from domain.flags.history import History, NoticeHistory, RequestHistory
from domain.flags.rule import NoticeRule, OrderRule, RequestRule

RULES: tuple[OrderRule | RequestRule | NoticeRule, ...] = (
    *cancels.RULES,
    *fills.RULES,
    *fills_totals.RULES,
    *fills_missing.RULES,
    *quantities.RULES,
    *quantities_report.RULES,
    *statuses.RULES,
    *statuses_steps.RULES,
    *statuses_reopened.RULES,
    *existence.RULES,
    *stream.RULES,
    *stream.NOTICE_RULES,
)
"""Every rule of this version; `RULES_VERSION` counts what they answer."""

ORDER_RULES = tuple(rule for rule in RULES if isinstance(rule, OrderRule))
REQUEST_RULES = tuple(rule for rule in RULES if isinstance(rule, RequestRule))
NOTICE_RULES = tuple(rule for rule in RULES if isinstance(rule, NoticeRule))


@lru_cache(maxsize=4096)
def asked_of(kinds: frozenset[type], *, agreed: bool = False) -> tuple[OrderRule, ...]:
    """The rules that these kinds of events give reason to ask. Few mixtures of kinds occur."""
    return tuple(
        rule
        for rule in ORDER_RULES
        if not rule.needs.isdisjoint(kinds) and not (agreed and rule.differing)
    )


_OF_CANCELS = frozenset(rule for rule in cancels.RULES if isinstance(rule, OrderRule))


@lru_cache(maxsize=4096)
def besides_cancels(kinds: frozenset[type], *, agreed: bool = False) -> tuple[OrderRule, ...]:
    """As `asked_of`, without the rules about cancels."""
    return tuple(rule for rule in asked_of(kinds, agreed=agreed) if rule not in _OF_CANCELS)


def examine_order(history: History, limits: Thresholds) -> list[Flag]:
    """Every flag of an order, open and closed.

    A stream that was merged into another tells nothing any more: its facts were told again
    there, so what is still open here closes with the merge.
    """
    found: list[Flag] = []
    asked = besides_cancels if cancels_plain.as_asked(history, limits) else asked_of
    for rule in asked(history.kinds, agreed=history.agreed):
        found.extend(rule.find(history, limits))
    if OrderMerged in history.kinds:
        merged_at = history.of(OrderMerged)[-1].recorded.observed_at
        return [_handed_over(flag, merged_at) for flag in found if _told_before(flag, merged_at)]
    return found


def _told_before(flag: Flag, merged_at: datetime) -> bool:
    """A flag whose time of grace had not passed at the merge is told by the other order alone."""
    return flag.closed_at is not None or flag.opened_at <= merged_at


def _handed_over(flag: Flag, merged_at: datetime) -> Flag:
    return flag if flag.closed_at is not None else replace(flag, closed_at=merged_at)


def examine_request(history: RequestHistory, limits: Thresholds) -> list[Flag]:
    """Every flag of a cancel request."""
    return [flag for rule in REQUEST_RULES for flag in rule.find(history, limits)]


def examine_notice(history: NoticeHistory, limits: Thresholds) -> list[Flag]:
    """Every flag of a notice about the recording or a feed."""
    return [flag for rule in NOTICE_RULES for flag in rule.find(history, limits)]
