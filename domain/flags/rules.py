"""The registry: every rule, and which of them a history gives reason to ask."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from domain.events import OrderMerged
from domain.flags import (
    account_blindness,
    account_exposure,
    cancels,
    cancels_plain,
    clocks,
    deadlines,
    disputed_terms,
    existence,
    ghosts,
    machine,
    matches,
    quantities,
    quantities_report,
    reconciliation,
    restatements,
    settled_open,
    statuses,
    statuses_reopened,
    statuses_steps,
    stream,
    unlinked,
)
from domain.flags.account_history import AccountHistory
from domain.flags.flag import RULES_VERSION, Flag, Thresholds
from domain.flags.history import History, NoticeHistory, RequestHistory
from domain.flags.rule import (
    AccountRule,
    NoticeRule,
    OrderRule,
    RequestRule,
    Rule,
    RunRule,
    holds,
)
from domain.flags.run_history import RunHistory

EVERY_RULE: tuple[Rule, ...] = (
    *cancels.RULES,
    *matches.RULES,
    *quantities.RULES,
    *quantities_report.RULES,
    *statuses.RULES,
    *statuses_steps.RULES,
    *statuses_reopened.RULES,
    *existence.RULES,
    *ghosts.RULES,
    *unlinked.RULES,
    *disputed_terms.RULES,
    *restatements.RULES,
    *clocks.RULES,
    *stream.RULES,
    *stream.NOTICE_RULES,
    *settled_open.RULES,
    *deadlines.RULES,
    *reconciliation.RULES,
    *machine.RULES,
    *account_exposure.RULES,
    *account_blindness.RULES,
)
"""The rules of all versions, this one's among them."""


@lru_cache
def rules_of(version: int) -> tuple[Rule, ...]:
    """The rules of one version of the rule set."""
    return tuple(rule for rule in EVERY_RULE if holds(rule, version))


RULES = rules_of(RULES_VERSION)
"""The rules of this version; `RULES_VERSION` counts what they answer."""


@lru_cache(maxsize=4096)
def asked_of(
    kinds: frozenset[type], *, agreed: bool = False, version: int = RULES_VERSION
) -> tuple[OrderRule, ...]:
    """The rules that these kinds of events give reason to ask. Few mixtures of kinds occur."""
    return tuple(
        rule
        for rule in rules_of(version)
        if isinstance(rule, OrderRule)
        and not rule.needs.isdisjoint(kinds)
        and not (agreed and rule.differing)
    )


_OF_CANCELS = frozenset(rule for rule in cancels.RULES if isinstance(rule, OrderRule))


@lru_cache(maxsize=4096)
def besides_cancels(
    kinds: frozenset[type], *, agreed: bool = False, version: int = RULES_VERSION
) -> tuple[OrderRule, ...]:
    """As `asked_of`, without the rules about cancels."""
    asked = asked_of(kinds, agreed=agreed, version=version)
    return tuple(rule for rule in asked if rule not in _OF_CANCELS)


@lru_cache
def request_rules(version: int) -> tuple[RequestRule, ...]:
    """The rules about cancel requests of one version."""
    return tuple(rule for rule in rules_of(version) if isinstance(rule, RequestRule))


@lru_cache
def notice_rules(version: int) -> tuple[NoticeRule, ...]:
    """The rules about notices of one version."""
    return tuple(rule for rule in rules_of(version) if isinstance(rule, NoticeRule))


@lru_cache
def run_rules(version: int) -> tuple[RunRule, ...]:
    """The rules about statements of one version."""
    return tuple(rule for rule in rules_of(version) if isinstance(rule, RunRule))


@lru_cache
def account_rules(version: int) -> tuple[AccountRule, ...]:
    """The rules about accounts of one version."""
    return tuple(rule for rule in rules_of(version) if isinstance(rule, AccountRule))


def examine_order(history: History, limits: Thresholds, version: int = RULES_VERSION) -> list[Flag]:
    """Every flag of an order, open and closed.

    A stream that was merged into another tells nothing any more: its facts were told again
    there, so what is still open here closes with the merge.
    """
    found: list[Flag] = []
    asked = besides_cancels if cancels_plain.as_asked(history, limits) else asked_of
    for rule in asked(history.kinds, agreed=history.agreed, version=version):
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


def examine_request(
    history: RequestHistory, limits: Thresholds, version: int = RULES_VERSION
) -> list[Flag]:
    """Every flag of a cancel request."""
    return [flag for rule in request_rules(version) for flag in rule.find(history, limits)]


def examine_notice(
    history: NoticeHistory, limits: Thresholds, version: int = RULES_VERSION
) -> list[Flag]:
    """Every flag of a notice about the recording or a feed."""
    return [flag for rule in notice_rules(version) for flag in rule.find(history, limits)]


def examine_runs(
    history: RunHistory, limits: Thresholds, version: int = RULES_VERSION
) -> list[Flag]:
    """Every flag that the statements of an account prove."""
    return [flag for rule in run_rules(version) for flag in rule.find(history, limits)]


def examine_account(
    history: AccountHistory, limits: Thresholds, version: int = RULES_VERSION
) -> list[Flag]:
    """Every flag that the streams of an account prove side by side."""
    return [flag for rule in account_rules(version) for flag in rule.find(history, limits)]
