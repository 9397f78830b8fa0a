"""What `breakwater verify` found wrong with the log, or with what is made from it.

A finding stands from the check that found it to the next one that finds nothing. The time is that
of the books that were checked, so that it stands beside what the venues said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from domain.flags.flag import Flag, Thresholds, closing
from domain.flags.history import NoticeHistory
from domain.flags.rule import NoticeRule
from domain.notices import Check, CheckFailed, CheckPassed
from domain.recorded import Recorded

CODES: Mapping[Check, str] = {
    Check.READ_MODELS: "INT-01",
    Check.LOG: "INT-02",
    Check.REPLAY: "INT-03",
}
"""What a check that failed is called in the catalogue."""


def _finding(check: Check, history: NoticeHistory, _limits: Thresholds) -> Iterable[Flag]:
    """What this check found, until it finds nothing any more."""
    opened: Recorded | None = None
    newest: tuple[Recorded, CheckFailed] | None = None
    passed: Recorded | None = None
    for entry in history.events:
        event = entry.event
        if isinstance(event, CheckFailed) and event.check is check:
            opened = entry if opened is None or passed is not None else opened
            newest, passed = (entry, event), None
        elif isinstance(event, CheckPassed) and event.check is check:
            passed = entry
    if opened is None or newest is None:
        return
    entry, event = newest
    positions = {opened.position, entry.position}
    if passed is not None:
        positions.add(passed.position)
    yield Flag(
        code=CODES[check],
        key=(check.value,),
        opened_at=opened.observed_at,
        closed_at=closing(opened.observed_at, passed),
        witness=tuple(sorted(positions)),
        note=f"{event.what[:1].upper()}{event.what[1:]}.",
    )


RULES = tuple(NoticeRule(code, partial(_finding, check), since=2) for check, code in CODES.items())
"""The rules about the machine itself: INT-01, INT-02, INT-03."""
