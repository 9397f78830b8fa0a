"""Stretches of disagreement: from the first report that differs to what settles it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from domain.flags.claims import Word
from domain.flags.flag import Flag, closing
from domain.flags.history import History
from domain.recorded import Recorded
from domain.values import plain

Verdict = Callable[[Word], bool | None]
"""Does the report break the rule? None: it does not say."""

Explained = Callable[[int, Word], bool]
"""After the event at this index, what the report claimed is so."""


class Span(NamedTuple):
    """Reports that broke a rule one after the other, and the event that settled it."""

    number: int
    words: tuple[Word, ...]
    closed: Recorded | None

    @property
    def first(self) -> Word:
        """The report that opened it."""
        return self.words[0]

    @property
    def last(self) -> Word:
        """The newest report that breaks the rule."""
        return self.words[-1]

    @property
    def ends(self) -> tuple[Recorded, Recorded]:
        """The first and the newest report: the proof."""
        return self.first.recorded, self.last.recorded


def never(_index: int, _word: Word) -> bool:
    """Nothing but a better report settles it."""
    return False


def spans(history: History, verdict: Verdict, explained: Explained = never) -> list[Span]:
    """Each stretch of reports that break a rule: consecutive ones are one finding.

    It ends at the first event after which the newest of them is explained, or at a report that
    keeps the rule. A message that explains the last report and breaks the rule itself goes on
    with the same stretch.
    """
    found: list[Span] = []
    current: list[Word] = []
    seen = 0
    for word in history.words:
        says = verdict(word)
        if current:
            until = word.start if says else word.after + 1
            ended = _explained_at(history, explained, current[-1], seen, until)
            seen = max(seen, until)
            if ended is None and says is False:
                ended = word.recorded
            if ended is not None:
                found.append(Span(len(found) + 1, tuple(current), ended))
                current = []
        if says:
            current.append(word)
            seen = word.after + 1
    if current:
        ended = _explained_at(history, explained, current[-1], seen, len(history.events))
        found.append(Span(len(found) + 1, tuple(current), ended))
    return found


def _explained_at(
    history: History, explained: Explained, word: Word, start: int, until: int
) -> Recorded | None:
    for index in range(start, until):
        if explained(index, word):
            return history.events[index]
    return None


def places(*events: Recorded | None) -> tuple[int, ...]:
    """The log positions of the events, in order, each once."""
    return tuple(sorted({event.position for event in events if event is not None}))


def flag_of(  # noqa: PLR0913 - the parts of a flag
    code: str,
    span: Span,
    note: str,
    *,
    ours: Decimal | str | None = None,
    theirs: Decimal | str | None = None,
    after: timedelta = timedelta(),
) -> Flag:
    """The flag of one stretch, `after` its first report; numbers get their difference."""
    opened_at = span.first.recorded.observed_at + after
    difference = None
    if isinstance(ours, Decimal) and isinstance(theirs, Decimal):
        difference = plain(theirs - ours)
    return Flag(
        code=code,
        key=(str(span.number),),
        opened_at=opened_at,
        closed_at=closing(opened_at, span.closed),
        witness=places(*span.ends),
        note=note,
        ours=shown(ours),
        theirs=shown(theirs),
        difference=difference,
    )


def outlasts(span: Span, grace: timedelta) -> bool:
    """The stretch was not settled within the time that a venue is given."""
    return span.closed is None or span.closed.observed_at > (
        span.first.recorded.observed_at + grace
    )


def shown(value: Decimal | str | None) -> str | None:
    """A value as a flag shows it."""
    return plain(value) if isinstance(value, Decimal) else value
