"""Whether the pages of a list are all there: what their cursors, counts and rows say of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from domain.statement import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page, as far as it says where it belongs.

    `known` says that its request is: then `asked` is the place that the page was asked for after.
    `given` is the next place, `more` whether there is one. `high`, `low` and `gap` are the first
    and the last of its falling numbers, and the widest step between two of them.
    """

    place: Place
    where: str
    known: bool = False
    asked: str | None = None
    given: str | None = None
    more: bool | None = None
    count: int | None = None
    rows: int = 0
    high: int | None = None
    low: int | None = None
    gap: int = 0

    @property
    def goes_on(self) -> bool:
        """Whether another page follows."""
        return self.given is not None if self.more is None else self.more


Finding = tuple[Place, str]


def missing(pages: Sequence[Page]) -> list[Finding]:
    """What shows that the pages are not the whole list, each with the page that shows it."""
    if not pages:
        return []
    found = _counted(pages)
    if all(page.known for page in pages):
        return [*found, *_followed(pages)]
    if any(page.high is not None for page in pages):
        return [*found, *_fallen(pages)]
    return [*found, *_ended(pages)]


def _counted(pages: Sequence[Page]) -> list[Finding]:
    total = sum(page.rows for page in pages)
    return [
        (page.place, f"{page.where} counts {page.count} rows and has {page.rows}")
        for page in pages
        if page.count is not None and page.count not in {page.rows, total}
    ]


def _followed(pages: Sequence[Page]) -> list[Finding]:
    """Each page that goes on leads to one that was asked for from there; one is the first."""
    asked = {page.asked for page in pages}
    given = {page.given for page in pages}
    found = [
        (page.place, f"more rows follow {page.where}: no page asks for those after {page.given}")
        for page in pages
        if page.goes_on and page.given not in asked
    ]
    if None not in asked:
        first = pages[0]
        found.append((first.place, f"the first page is missing; {first.where} is a later one"))
    found.extend(
        (page.place, f"no page leads to {page.where}, which begins after {page.asked}")
        for page in pages
        if page.asked is not None and page.asked not in given and None in asked
    )
    return found


def _fallen(pages: Sequence[Page]) -> list[Finding]:
    """Numbers fall from page to page; a hole wider than any within the pages may hide one."""
    full = sorted((page for page in pages if page.high is not None), key=_highest, reverse=True)
    found: list[Finding] = []
    widest = max((page.gap for page in full), default=1)
    for page, after in pairwise(full):
        assert page.low is not None
        assert after.high is not None
        if after.high >= page.low:
            found.append((after.place, f"{after.where} overlaps {page.where}, down to {page.low}"))
        elif page.low - after.high > max(widest, 1):
            hole = f"between {page.low} ({page.where}) and {after.high} ({after.where})"
            found.append((after.place, f"a page may be missing {hole}"))
        if not page.goes_on:
            said = f"{page.where} says that nothing follows, and {after.where} does"
            found.append((after.place, said))
    if full and full[-1].goes_on:
        last = full[-1]
        if all(page.goes_on for page in pages):
            found.append((last.place, f"more rows follow after {last.low} ({last.where})"))
    return found


def _highest(page: Page) -> int:
    assert page.high is not None
    return page.high


def _ended(pages: Sequence[Page]) -> list[Finding]:
    """Nothing but the ends is told: one page is the last."""
    found: list[Finding] = []
    ends = [page for page in pages if not page.goes_on]
    if not ends:
        last = pages[-1]
        found.append((last.place, f"more rows follow {last.where} (next: {last.given})"))
    found.extend(
        (page.place, f"{page.where} and {ends[0].where} both say that they are the last page")
        for page in ends[1:]
    )
    given = [page.given for page in pages if page.goes_on]
    found.extend(
        (page.place, f"{page.where} leads where another page leads: pages overlap")
        for place, page in enumerate(page for page in pages if page.goes_on)
        if page.given in given[:place]
    )
    return found
