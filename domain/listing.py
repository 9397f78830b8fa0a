"""What a venue documents of a list: where it is asked for, where its rows are, what it proves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from domain.messages import Message
from domain.statement import Lists
from domain.values import NameKind

Again = Literal["overlap", "older", "newer"]
"""What a second row under one key is: a sign that pages overlap, an older state of it, or a newer
one that takes the place of the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """How the pages of a list lead to one another.

    `asks` are the parameters that ask for the rows after a place, `gives` leads to the next place
    in the answer, `more` to whether there is one, `count` to how many rows the page has. Where
    `falling` names a field of the rows, its whole numbers fall from row to row and page to page.
    """

    asks: tuple[str, ...]
    gives: tuple[str, ...]
    more: tuple[str, ...] = ()
    count: tuple[str, ...] = ()
    falling: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One documented list.

    `path` matches the path of a `GET` request (where `posts` also of a `POST`), `ask` is one as
    documented. `rows` leads to the rows in
    the answer; `()` is the answer itself: one row, or with `bare` the list of them. `marks` tell a
    row of this list when it stands by itself, `needs` is what must stand beside the rows. `key`
    names a row within the list, each part of it in any of its spellings. `states` are the only
    words that `status` has in this list, where the body tells it from another by nothing else.

    `whole` is what answers with no page missing have: all that `lists` says (True), a part of it by
    their nature (False), or what only whoever asked can know (None). Of the parameters, `asks_for`
    name orders, `narrows` leave others out, `since` leaves out what is older. `empty_on` are
    refusals that say "no rows". `live` are the words of orders that are not over: of two rows of
    one order, the one that says it is over is the newer.

    `whose` are the fields, of a row or beside the rows, that say whose orders they are. `rests`:
    its figures are those of what came to rest, not of the order as a whole. `fits` says whether a
    row that stands by itself is of this list at all. `changed` is the field that tells
    when a row last changed, `profit` what it was settled with. `read` translates a row that the
    dialect says nothing of.
    """

    name: str
    path: str
    ask: str
    lists: Lists
    rows: tuple[str, ...]
    marks: frozenset[str]
    key: tuple[tuple[str, ...], ...]
    whole: bool | None
    needs: frozenset[str] = frozenset()
    bare: bool = False
    posts: bool = False
    states: frozenset[str] | None = None
    cursor: Cursor | None = None
    asks_for: tuple[tuple[str, NameKind], ...] = ()
    narrows: frozenset[str] = frozenset()
    since: str | None = None
    empty_on: frozenset[int] = frozenset()
    again: Again = "overlap"
    live: frozenset[str] = frozenset()
    fits: Callable[[Mapping[str, object]], bool] | None = None
    whose: tuple[str, ...] = ()
    rests: bool = False
    changed: str | None = None
    profit: str | None = None
    read: Callable[[object], Sequence[Message]] | None = None
