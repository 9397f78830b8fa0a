"""Every match of an order as one line of its own: what was told of it, and what stands of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import get_args

from domain import events as e
from domain.flags.history import At, History
from domain.matching import in_force
from domain.order import Correction, Order
from domain.recorded import Recorded
from domain.values import ZERO, Choice, Price, PriceFormat


class MatchState(Choice):
    """How a match stands. `replaced`: a total implied it, and a record has taken its place."""

    STANDING = "standing"
    PROVISIONAL = "provisional"
    VOIDED = "voided"
    REPLACED = "replaced"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchLine:
    """One match of an order.

    `told` is the event that told of it first. `size` and `price` are what stands after corrections,
    voids and splits, `voided` what was taken back. `settlement` is the match's own, `settled` true
    also where the order was settled as a whole. `last_position` is the event that changed it last.
    """

    fill_id: str
    told: Recorded
    event: e.Filled
    state: MatchState
    size: Decimal
    price: Price | None
    voided: Decimal = ZERO
    returned: bool = False
    corrected_by: str | None = None
    settlement: e.Settlement | None = None
    settled: bool = False
    last_position: int

    @property
    def turnover(self) -> Decimal | None:
        """Size times price; None where no price was told, or one in American odds.

        Those are no factor of a size.
        """
        price = self.price
        if price is None or price.format is PriceFormat.AMERICAN:
            return None
        return self.size * price.value


def match_lines(history: History) -> list[MatchLine]:
    """The matches of an order in the order in which they were told.

    Their sizes sum to what the order holds as matched, beyond its own size, too.
    """
    fills = history.of(e.Filled)
    if not fills:
        return []
    recorded: dict[str, At[e.Filled]] = {}
    implied: dict[str, list[At[e.Filled]]] = {}
    for fill in fills:
        if fill.event.inferred:
            implied.setdefault(fill.event.fill_id, []).append(fill)
        else:
            recorded.setdefault(fill.event.fill_id, fill)
    lines = list(_recorded_lines(history, recorded.values()))
    lines.extend(_implied_lines(history, implied, recorded.keys()))
    lines.sort(key=lambda line: line.told.position)
    return lines


def _recorded_lines(history: History, fills: Iterable[At[e.Filled]]) -> Iterator[MatchLine]:
    order = history.order
    last_of, moves_all = _named(history)
    for fill in fills:
        fill_id = fill.event.fill_id
        known = order.fills[fill_id]
        size, bust = in_force(fill_id, known, order.busts, order.corrections)
        voided = ZERO if bust is None else size if bust.size is None else min(size, bust.size)
        chain = _chain(order, fill_id)
        names = [*(correction.correction_id for correction in reversed(chain)), fill_id]
        last = chain[-1] if chain else None
        own = next((order.settled[name] for name in names if name in order.settled), None)
        settled = own is not None or None in order.settled
        yield MatchLine(
            fill_id=fill_id,
            told=fill.recorded,
            event=fill.event,
            state=_state(size - voided, voided, settled=settled, provisional=known.provisional),
            size=size - voided,
            price=known.price if last is None or last.price is None else last.price,
            voided=voided,
            returned=bust is not None and bust.returns,
            corrected_by=None if last is None else last.correction_id,
            settlement=own,
            settled=settled,
            last_position=max(moves_all, *(last_of.get(name, 0) for name in names)),
        )


def _state(size: Decimal, voided: Decimal, *, settled: bool, provisional: bool) -> MatchState:
    if voided and not size:
        return MatchState.VOIDED
    if settled:
        return MatchState.SETTLED
    return MatchState.PROVISIONAL if provisional else MatchState.STANDING


def _chain(order: Order, fill_id: str) -> list[Correction]:
    """The corrections of a match, each of the one before it; a circle is walked once."""
    chain: list[Correction] = []
    passed = {fill_id}
    correction = order.corrections.get(fill_id)
    while correction is not None:
        chain.append(correction)
        if correction.correction_id in passed:
            break
        passed.add(correction.correction_id)
        correction = order.corrections.get(correction.correction_id)
    return chain


_Naming = (
    e.Filled | e.FillVoided | e.FillCorrected | e.FillConfirmed | e.Settled | e.SettlementRevised
)
_NAMING: tuple[type[_Naming], ...] = get_args(_Naming)


def _named(history: History) -> tuple[dict[str, int], int]:
    """The position of the last event that names each match, and of the last that moves all."""
    last: dict[str, int] = {}
    moves_all = 0
    items: list[At[_Naming]] = history.of(*_NAMING)
    for item in items:
        fill_id = item.event.fill_id
        if fill_id is None:
            moves_all = item.position
        elif not (isinstance(item.event, e.Filled) and item.event.inferred):
            last[fill_id] = item.position
    return last, max([moves_all, *_splits(history)])


def _splits(history: History) -> list[int]:
    return [item.position for item in history.of(e.OrderRestated) if item.event.split]


def _implied_lines(
    history: History, implied: dict[str, list[At[e.Filled]]], taken: Iterable[str]
) -> Iterator[MatchLine]:
    """The matches that only totals imply, as far as records have not taken their place."""
    if not implied:
        return
    order = history.order
    sizes, moved = _shares(history, list(implied.values()))
    settled = None in order.settled
    endings: list[At[e.Settled | e.SettlementRevised]] = history.of(e.Settled, e.SettlementRevised)
    whole = [item.position for item in endings if item.event.fill_id is None]
    recorded = set(taken)
    for (fill_id, told), size, last in zip(implied.items(), sizes, moved, strict=True):
        state = MatchState.SETTLED if settled else MatchState.STANDING
        yield MatchLine(
            fill_id=f"{fill_id} (implied)" if fill_id in recorded else fill_id,
            told=told[0].recorded,
            event=told[0].event,
            state=state if size else MatchState.REPLACED,
            size=size,
            price=told[-1].event.price,
            settled=settled,
            last_position=max([last, *whole]),
        )


def _shares(
    history: History, told: Sequence[Sequence[At[e.Filled]]]
) -> tuple[Sequence[Decimal], Sequence[int]]:
    """What each implied match still stands for, and the position of the last event to change it.

    A record takes the place of the oldest: the newest total knows of the matches before it.
    """
    before: Sequence[Decimal] = [ZERO] * len(told)
    moved = [fills[0].position for fills in told]
    held = ZERO
    for index, (entry, state) in enumerate(zip(history.events, history.states, strict=True)):
        if state.inferred == held:
            continue
        held = state.inferred
        sizes = [_told_by(fills, index) for fills in told]
        shares = _shared(held, sizes)
        for place, share in enumerate(shares):
            if share != before[place]:
                moved[place] = entry.position
        before = shares
    return before, moved


def _told_by(fills: Sequence[At[e.Filled]], index: int) -> Decimal:
    return sum((fill.event.size for fill in fills if fill.index <= index), ZERO)


def _shared(held: Decimal, sizes: Sequence[Decimal]) -> list[Decimal]:
    """What is held, dealt out from the newest to the oldest; the oldest has what is over.

    More than was told is held after a split alone.
    """
    shares = [ZERO] * len(sizes)
    for place in range(len(sizes) - 1, -1, -1):
        shares[place] = min(held, sizes[place])
        held -= shares[place]
    shares[0] += held
    return shares
