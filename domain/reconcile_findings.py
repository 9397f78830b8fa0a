"""What a run finds, gathered row by row: agreement is counted, everything else is kept.

Memory holds what differs, and of every order that the statement has only which figures it told.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from operator import attrgetter
from uuid import UUID

from domain.flags.history import History
from domain.reconcile import Compared, Topic
from domain.reconcile_fills import Matches, gathering, matches_differing
from domain.reconcile_runs import SoFar
from domain.reconcile_tolerances import Tolerances
from domain.runs import Aspect, Difference, Key
from domain.statement import Lists, StatementInput, StatementRow, Unread
from domain.values import NameKind, plain

_TOLD_BY_CLAIMS = (
    ("size", Aspect.SIZE),
    ("price", Aspect.PRICE),
    ("matched", Aspect.MATCHED),
    ("remaining", Aspect.REMAINING),
    ("cancelled", Aspect.BUCKETS),
    ("lapsed", Aspect.BUCKETS),
    ("voided", Aspect.BUCKETS),
    ("status", Aspect.STATUS),
)
_NUMBERED = tuple(Aspect)
_ABOUT_ROWS = {
    (aspect, None) for aspect in (Aspect.OLD, Aspect.SOURCES, Aspect.WORD, Aspect.EARLIER)
}
"""What was wrong with an earlier row, and is not with one that is heard now."""


class Findings:
    """Collects what the rows of a statement show, for one run."""

    def __init__(
        self, before: SoFar, inputs: Sequence[StatementInput], limits: Tolerances, own_ref: str
    ) -> None:
        self.found: dict[Key, Difference] = {}
        self._inputs = inputs
        self._files = [item.name for item in inputs]
        self._limits = limits
        self._own_ref = own_ref
        self._seen: dict[str, int] = {}
        self._standing = [*before.open]
        self._watched = {str(item.order) for item in self._standing if item.order is not None}
        self._told: dict[str, set[Topic]] = {}
        self._waiting: set[str] = set()
        self._differing: set[str] = set()
        self._matches: dict[str, Matches] = {}

    def seen(self, key: str) -> bool:
        """The statement has the order."""
        return key in self._seen

    @property
    def differing(self) -> int:
        """How many orders of both sides differ."""
        return len(self._differing)

    @property
    def agreeing(self) -> int:
        """How many orders of both sides agree."""
        return len(self._seen) - len(self._differing)

    def count(self, *aspects: Aspect) -> int:
        """How many differences there are of these aspects."""
        return sum(key[0] in aspects for key in self.found)

    def agrees(self, key: str, row: StatementRow) -> None:
        """A row that says of the order what we hold."""
        if key in self._seen or key in self._watched:
            self._heard(key, row, Compared(frozenset(_told(row)), ()))
        else:
            self._seen[key] = _mask(row)

    def plainly(
        self, lines: Unread, keys: Sequence[str | None], doubtful: Container[str]
    ) -> list[int]:
        """Lines that tell their figures as the orders with these keys have them; which are left.

        Left are those that no order was found for, those whose order needs a closer look, and those
        whose id an earlier line has that is left: rows of one order are heard in their order.
        """
        mask = 0
        for name, bit in zip(_TOLD_NAMES, _BITS, strict=True):
            if name in lines.figures:
                mask |= bit
        seen, watched, waiting, left = self._seen, self._watched, self._waiting, list[int]()
        for place, (name, key) in enumerate(zip(lines.ids, keys, strict=True)):
            if key is None or name in waiting or key in seen or key in watched or key in doubtful:
                left.append(place)
                waiting.add(name)
            else:
                seen[key] = mask
        return left

    def caught_up(self, rows: Iterable[StatementRow]) -> None:
        """These rows, which were left, have been heard by now."""
        self._waiting.difference_update(row.names[0].value for row in rows)

    def held(self, key: str, row: StatementRow, result: Compared) -> None:
        """A row held against the order's facts, and what came of it."""
        place = row.place
        found = [
            replace(item, name=row.names[0], file=self._files[place.input], line=place.line)
            for item in result.differences
        ]
        self._heard(key, row, Compared(result.told, tuple(found)))
        for item in found:
            self.found[item.key] = item
            self._differing.add(key)

    def fills(self, key: str, history: History, row: StatementRow) -> None:
        """The matches that a row tells of the order; judged when all rows have been read."""
        matches = self._matches.get(key)
        if matches is None:
            matches = self._matches[key] = gathering(history, self._files)
        whole = self._inputs[row.place.input]
        listed = whole.lists is Lists.FILLS and whole.since is None
        matches.add(row, complete=listed and whole.complete is True)

    def only_theirs(self, row: StatementRow) -> None:
        """A row none of whose names is known here."""
        size = row.terms.size if row.claims.size is None else row.claims.size
        refs = (name.value for name in row.names if name.kind is NameKind.CLIENT)
        found = Difference(
            aspect=Aspect.ONLY_THEIRS,
            name=row.names[0],
            figure=self._inputs[row.place.input].lists.value,
            theirs=plain(size) if size is not None else row.claims.raw_status,
            file=self._files[row.place.input],
            line=row.place.line,
            ours_by_ref=any(ref.startswith(self._own_ref) for ref in refs),
        )
        self.found.setdefault(found.key, found)

    def absent(self, difference: Difference) -> None:
        """An order of ours that the statement should have."""
        self.found[difference.key] = difference

    def parts(self, lists: Lists, reasons: Sequence[str]) -> None:
        """A list of the statement that is not whole, and why."""
        found = Difference(
            aspect=Aspect.PARTS,
            ref=lists.value,
            theirs="; ".join(reasons[:3]) + (" …" if len(reasons) > 3 else ""),  # noqa: PLR2004 - enough to see what is wrong
            difference=str(len(reasons)),
        )
        self.found[found.key] = found

    def finish(self) -> None:
        """All rows have been read: hold the gathered matches against ours."""
        for key, matches in self._matches.items():
            told, differing = matches_differing(matches, self._limits)
            if key in self._watched:
                self._told.setdefault(key, set()).update(told)
            for item in differing:
                self.found[item.key] = item
                self._differing.add(key)

    def gone(
        self, whole: Iterable[Lists], known: Iterable[Key], over: Iterable[Key]
    ) -> dict[Key, str]:
        """The differences that stood before and that this run disproves, each with the reason.

        `known` are rows of the venue's that are orders of ours by now, `over` orders that no list
        need have any more.
        """
        lists = {item.value for item in whole}
        named, done = frozenset(known), frozenset(over)
        reasons: dict[Key, str] = {}
        for item in self._standing:
            key = item.key
            if key in self.found:
                continue
            why = self._why_gone(item, lists, named, done)
            if why is not None:
                reasons[key] = why
        return reasons

    def _why_gone(
        self, item: Difference, lists: set[str], known: frozenset[Key], over: frozenset[Key]
    ) -> str | None:
        order = str(item.order)
        match item.aspect:
            case Aspect.PARTS:
                why = "The whole list was read." if item.ref in lists else None
            case Aspect.ONLY_THEIRS:
                listed = "The list does not have it any more." if item.figure in lists else None
                why = "The order is known here now." if item.key in known else listed
            case Aspect.ONLY_OURS | Aspect.NOT_OPEN if order in self._seen:
                why = "The statement has the order."
            case _ if item.key in over:
                why = "By our events the order is over, or proved to be another one."
            case _:
                told = self._told.get(order, ())
                why = "The statement agrees." if (item.aspect, item.ref) in told else None
        return why

    def _heard(self, key: str, row: StatementRow, result: Compared) -> None:
        before = self._seen.get(key)
        if before is not None:
            self._contradicted(key, row, result, before)
        self._seen[key] = (before or 0) | _mask(row)
        if key in self._watched:
            topics = self._told.setdefault(key, set())
            topics.update(result.told, _ABOUT_ROWS)

    def _contradicted(self, key: str, row: StatementRow, result: Compared, before: int) -> None:
        """Another row of the same order: do the two say the same of what both tell?

        Of several figures that they contradict each other in, the first is told: the same one on
        every machine.
        """
        order = UUID(key)
        now = {item.aspect: item for item in result.differences if item.ref is None}
        for aspect in _NUMBERED:
            if (aspect, None) not in result.told or not before & _bit(aspect):
                continue
            then = self.found.get((aspect, order, None, None))
            told, earlier = now.get(aspect), None if then is None else then.theirs
            if (None if told is None else told.theirs) == earlier:
                continue
            basis = told or then
            assert basis is not None, "one of the two differs from ours"
            found = replace(
                basis,
                aspect=Aspect.SOURCES,
                figure=basis.figure or aspect.value,
                ours=basis.ours if then is None else then.theirs,
                theirs=basis.ours if told is None else told.theirs,
                difference=None,
                file=self._files[row.place.input],
                line=row.place.line,
            )
            self.found[found.key] = found
            self._differing.add(key)
            return


def _bit(aspect: Aspect) -> int:
    return 1 << _NUMBERED.index(aspect)


_TOLD_NAMES = tuple(name for name, _ in _TOLD_BY_CLAIMS)
_FIGURES = attrgetter(*_TOLD_NAMES)
_BITS = [_bit(aspect) for _, aspect in _TOLD_BY_CLAIMS]


def _mask(row: StatementRow) -> int:
    """Which figures a row tells, as bits: one small number for each order of the statement."""
    mask = 0
    for figure, bit in zip(_FIGURES(row.claims), _BITS, strict=True):
        if figure is not None:
            mask |= bit
    return mask


def _told(row: StatementRow) -> Iterable[Topic]:
    claims = row.claims
    for name, aspect in _TOLD_BY_CLAIMS:
        if getattr(claims, name) is not None:
            yield aspect, None
    if row.terms.size is not None:
        yield Aspect.SIZE, None
    if row.terms.price is not None:
        yield Aspect.PRICE, None
    if row.terms.currency is not None:
        yield Aspect.CURRENCY, None
