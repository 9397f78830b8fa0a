"""Messages that nobody here saw and that the venue does not tell again."""

from __future__ import annotations

from collections.abc import Iterable

from domain.flags.account_history import AccountHistory
from domain.flags.flag import Flag, Thresholds
from domain.flags.rule import AccountRule


def unrecoverable_gap(history: AccountHistory, _limits: Thresholds) -> Iterable[Flag]:
    """STR-02: messages of a feed are gone for good, and the account had orders on the book then.

    Cleared by a complete statement of a later time: what happened meanwhile shows in it.
    """
    for blind in history.blind:
        if not blind.orders:
            continue
        covered = blind.covered
        closing = () if covered is None else (covered[1],)
        yield Flag(
            code="STR-02",
            key=(blind.what, blind.at.isoformat()),
            opened_at=blind.at,
            closed_at=None if covered is None else max(blind.at, covered[0]),
            witness=tuple(sorted({*blind.witness, *closing})),
            note=f"{blind.what} Nothing replays them, and orders were on the book: they may have "
            "matched or ended unseen.",
        )


RULES = (AccountRule("STR-02", unrecoverable_gap, since=2),)
