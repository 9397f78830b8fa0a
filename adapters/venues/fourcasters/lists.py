"""4casters' lists: open orders, matched bets, graded bets, and the buckets that hold all three.

An open order's `offered` and `filled` are those of its resting part: what it took when it came is
in neither, so only what remains is told of the whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from adapters.venues.fourcasters.bets import bet_row
from domain.listing import Cursor, Listing
from domain.statement import Lists

_BUCKETS = r"(?:.*/)?(?:getOrdersForGame|getBetByUserReference|getBetByWagerRequestID)"
_GRADED = r"(?:.*/)?(?:getGraded|getGradedSince|getGradedWagers)"
_MARKS = frozenset({"txID"})

_OPEN = Listing(
    name="open orders",
    path=r"(?:.*/)?getUnmatched",
    ask="/user/getUnmatched",
    lists=Lists.OPEN,
    rows=("data", "unmatched"),
    marks=frozenset({"offered", "filled"}),
    key=(("id", "orderID", "sessionID"),),
    whole=True,
    rests=True,
)
_MATCHED = Listing(
    name="matched bets",
    path=r"(?:.*/)?getMatchedBets",
    ask="/user/getMatchedBets",
    lists=Lists.FILLS,
    rows=("data", "matchedBets"),
    marks=_MARKS,
    key=(("txID",),),
    whole=False,
    read=bet_row,
)
_SETTLED = Listing(
    name="graded bets",
    path=_GRADED,
    ask="/user/v2/getGraded",
    lists=Lists.SETTLED,
    rows=("data", "graded"),
    marks=_MARKS | {"fee"},
    key=(("txID",),),
    whole=None,
    cursor=Cursor(asks=("cursor",), gives=("data", "cursor"), more=("data", "hasMore")),
    narrows=frozenset({"startDate", "endDate"}),
    since="since",
    again="newer",
    posts=True,
    profit="result",
    read=bet_row,
)

LISTINGS: Sequence[Listing] = (
    _OPEN,
    _SETTLED,
    _MATCHED,
    replace(_OPEN, name="open orders, by what was asked", path=_BUCKETS, whole=False),
    replace(
        _MATCHED,
        name="matched bets, by what was asked",
        path=_BUCKETS,
        rows=("data", "matched"),
    ),
    replace(
        _SETTLED, name="graded bets, by what was asked", path=_BUCKETS, whole=False, cursor=None
    ),
)
"""A list without pages is whole: `getUnmatched` has every open order. `getMatchedBets` leaves out
what is graded, and graded bets are asked for by dates of games."""
