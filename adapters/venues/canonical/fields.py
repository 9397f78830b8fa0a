"""What several canonical messages tell in the same fields: names, prices, terms, claims."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from adapters.venues.canonical.words import (
    PRICE_FORMATS,
    SIDES,
    STATUSES,
    instant,
    plain_word,
    time_in_force,
)
from domain.events import Claims, Terms, UnknownValueSeen
from domain.values import Name, NameKind, Price, PriceFormat, Side
from domain.wire import Unreadable

NO_INSTRUMENT = "-"
NO_ID = "NONE"
"""What a venue writes as `order_id` when it knows no order (FIX tag 37)."""
WORDS_MAX = 500
"""Longer texts of a venue are cut: the raw message is kept beside."""
_CLIENT = NameKind.CLIENT
_VENUE = NameKind.VENUE


def client_names(*ids: str | None) -> tuple[Name, ...]:
    """Our own ids for an order, those that were told."""
    return tuple([Name(_CLIENT, text) for text in ids if text is not None])


def venue_names(order_id: str | None) -> tuple[Name, ...]:
    """The venue's id for an order, if it told one."""
    return () if order_id is None or order_id == NO_ID else (Name(_VENUE, order_id),)


def price_of(value: Decimal | None, price_format: str | None) -> Price | None:
    """A price in the format that the message names; a plain one if it names none."""
    if value is None:
        return None
    if price_format is None:
        return Price(value)
    found = PRICE_FORMATS.get(price_format.lower())
    if found is None:
        raise Unreadable("price_format: not decimal, american, probability or plain")
    return Price(value, found) if found is not PriceFormat.PLAIN else Price(value)


def terms_of(
    size: Decimal | None,
    price: Price | None,
    side: str | None,
    instrument: str | None,
    in_force: str | None,
) -> Terms:
    """What the order is, as far as the message tells."""
    return Terms(
        size=size,
        price=price,
        side=side_of(side),
        market=instrument or NO_INSTRUMENT,
        time_in_force=None if in_force is None else time_in_force(in_force),
    )


def lasting(terms: Terms, until: str | None) -> Terms:
    """The terms with the time at which the order expires (FIX ExpireTime), if it is told."""
    expires_at = None if until is None else instant(until)
    return terms if expires_at is None else replace(terms, expires_at=expires_at)


def side_of(text: str | None) -> Side | None:
    """The side; None when it was not told, or in a word that nobody knows."""
    return None if text is None else SIDES.get(plain_word(text))


def claims_of(  # noqa: PLR0913 - what a report can claim, each by its name
    status: str | None,
    *,
    size: Decimal | None = None,
    matched: Decimal | None = None,
    remaining: Decimal | None = None,
    price: Price | None = None,
    average: Price | None = None,
) -> Claims | None:
    """The venue's word on its own state; None when it told nothing of it."""
    if status is None and size is None and matched is None and remaining is None:
        told = price is not None or average is not None
        return Claims(price=price, average=average) if told else None
    return Claims(
        status=None if status is None else STATUSES.get(plain_word(status)),
        raw_status=status,
        size=size,
        matched=matched,
        remaining=remaining,
        price=price,
        average=average,
    )


def unknown_word(field: str, word: str) -> UnknownValueSeen:
    """A note that a word has no meaning in our tables."""
    return UnknownValueSeen(field=field, value=word[:WORDS_MAX])


def venue_words(*texts: str | None) -> str | None:
    """The venue's own words, whichever it gave."""
    return ": ".join([text for text in texts if text])[:WORDS_MAX] or None
