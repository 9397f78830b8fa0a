"""Terms that the venue tells otherwise: of a match, of the order, how long it is to rest."""

from __future__ import annotations

from collections.abc import Iterable

from domain import events as e
from domain.flags.claims_spans import places
from domain.flags.flag import Flag, Thresholds, closing
from domain.flags.history import At, History
from domain.flags.rule import OrderRule
from domain.order import Order
from domain.recorded import Recorded

_IDENTITY = ("side", "market", "selection")


def fill_of_another(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """A match's record names another side, market or selection than the order's (FIL-12).

    Cleared when the match is taken back or corrected, or told again with the order's own.
    """
    told: set[str] = set()
    for item in history.of(e.TermsDisputed):
        fill_id = item.event.fill_id
        differ = _differ(history, item)
        if fill_id is None or not differ or fill_id in told:
            continue
        told.add(fill_id)
        opened_at = item.recorded.observed_at
        match = _match(history, fill_id)
        yield Flag(
            code="FIL-12",
            key=(fill_id,),
            opened_at=opened_at,
            closed_at=closing(opened_at, _righted(history, item, fill_id)),
            witness=places(None if match is None else match.recorded, item.recorded),
            note=f"The record of match {fill_id} names {_said(item.event.terms, differ)}; "
            f"the order is of {_said(history.before(item.index).terms, differ)}.",
            ours=_said(history.before(item.index).terms, differ),
            theirs=_said(item.event.terms, differ),
        )


def _differ(history: History, item: At[e.TermsDisputed]) -> list[str]:
    """What this message disputes of which order it is: not what stood disputed before it."""
    before = history.before(item.index).disputed
    now = item.event.terms
    return [
        name
        for name in _IDENTITY
        if getattr(now, name) is not None and getattr(now, name) != getattr(before, name)
    ]


def _match(history: History, fill_id: str) -> At[e.Filled] | None:
    return next((fill for fill in history.of(e.Filled) if fill.event.fill_id == fill_id), None)


def _righted(history: History, item: At[e.TermsDisputed], fill_id: str) -> Recorded | None:
    def right(_index: int, order: Order, entry: Recorded) -> bool:
        event = entry.event
        again = isinstance(event, e.TermsDisputed) and event.fill_id == fill_id
        if again and not _names(order.disputed):
            return True
        return fill_id in order.busts or fill_id in order.corrections

    return history.first(item.index + 1, right)


def _names(terms: e.Terms) -> list[str]:
    return [name for name in _IDENTITY if getattr(terms, name) is not None]


def _said(terms: e.Terms, names: Iterable[str]) -> str:
    return ", ".join(f"{name} {getattr(terms, name)}" for name in names)


def wrong_account_or_market(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """The venue reports the order under another account, market, selection or side (EXI-11).

    In the record of a match it is FIL-12. Cleared by a report that has them as we have; nothing
    clears another account.
    """
    number, since = 0, -1
    for item in history.of(e.TermsDisputed):
        account, before = item.event.account, history.before(item.index)
        if account is not None and account != before.disputed_account:
            ours, theirs = f"account {history.owner.account}", f"account {account}"
            yield _elsewhere(item.recorded, (account,), ours, theirs, None)
        differ = _differ(history, item)
        if item.index < since or item.event.fill_id is not None or not differ:
            continue
        end = next(
            (later.index for later in _after(history, item) if not _names(later.event.terms)), None
        )
        since = len(history.events) if end is None else end
        ours, theirs = _said(before.terms, differ), _said(item.event.terms, differ)
        clear = None if end is None else history.events[end]
        number += 1
        yield _elsewhere(item.recorded, ("terms", str(number)), ours, theirs, clear)


def _after(history: History, item: At[e.TermsDisputed]) -> list[At[e.TermsDisputed]]:
    return [later for later in history.of(e.TermsDisputed) if later.index > item.index]


def _elsewhere(
    entry: Recorded, key: tuple[str, ...], ours: str, theirs: str, clear: Recorded | None
) -> Flag:
    return Flag(
        code="EXI-11",
        key=key,
        opened_at=entry.observed_at,
        closed_at=closing(entry.observed_at, clear),
        witness=places(entry),
        note=f"The venue reports the order under {theirs}; ours is {ours}.",
        ours=ours,
        theirs=theirs,
    )


def time_in_force_mismatch(history: History, _limits: Thresholds) -> Iterable[Flag]:
    """The venue has the order rest for another time than we asked for (QTY-14).

    Cleared by a report that has it as we have.
    """
    number = 0
    since: At[e.TermsDisputed] | None = None
    for item in history.of(e.TermsDisputed):
        told = item.event.terms.time_in_force
        if told is not None and since is None:
            number, since = number + 1, item
        elif told is None and since is not None:
            yield _in_force(history, number, since, item.recorded)
            since = None
    if since is not None:
        yield _in_force(history, number, since, None)


def _in_force(
    history: History, number: int, since: At[e.TermsDisputed], clear: Recorded | None
) -> Flag:
    ours = history.states[since.index].terms.time_in_force
    theirs = since.event.terms.time_in_force
    return Flag(
        code="QTY-14",
        key=(str(number),),
        opened_at=since.recorded.observed_at,
        closed_at=closing(since.recorded.observed_at, clear),
        witness=places(since.recorded),
        note=f"The venue has the order as {theirs}; we sent it as {ours}.",
        ours=ours,
        theirs=theirs,
    )


_DISPUTED = frozenset({e.TermsDisputed})

RULES = (
    OrderRule("FIL-12", _DISPUTED, fill_of_another, since=2),
    OrderRule("EXI-11", _DISPUTED, wrong_account_or_market, since=2),
    OrderRule("QTY-14", _DISPUTED, time_in_force_mismatch, since=2),
)
"""The rules about terms that the venue tells otherwise."""
