"""The closed words of the canonical feed: FIX names, FIX codes and our own, in tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache

from domain.lifecycle import Status
from domain.values import Choice, PriceFormat, Side

_WORDS_REMEMBERED = 1024


class ExecType(Choice):
    """What a report says has happened (FIX tag 150)."""

    PENDING_NEW = "PendingNew"
    NEW = "New"
    TRADE = "Trade"
    TRADE_CANCEL = "TradeCancel"
    TRADE_CORRECT = "TradeCorrect"
    CANCELED = "Canceled"
    PENDING_CANCEL = "PendingCancel"
    REPLACED = "Replaced"
    PENDING_REPLACE = "PendingReplace"
    REJECTED = "Rejected"
    EXPIRED = "Expired"
    DONE_FOR_DAY = "DoneForDay"
    STOPPED = "Stopped"
    SUSPENDED = "Suspended"
    RESTATED = "Restated"
    ORDER_STATUS = "OrderStatus"
    TRIGGERED = "TriggeredOrActivatedBySystem"
    CALCULATED = "Calculated"
    LAPSED = "Lapsed"


_GLUE = str.maketrans("", "", " _")


@lru_cache(maxsize=_WORDS_REMEMBERED)
def plain_word(text: str) -> str:
    """A word without what spellings differ in: `PARTIALLY_FILLED`, `PartiallyFilled`."""
    return text.translate(_GLUE).lower()


EXEC_TYPES: Mapping[str, ExecType] = {
    **{plain_word(word): word for word in ExecType},
    "0": ExecType.NEW,
    "1": ExecType.TRADE,  # FIX 4.2 PartialFill
    "2": ExecType.TRADE,  # FIX 4.2 Fill
    "3": ExecType.DONE_FOR_DAY,
    "4": ExecType.CANCELED,
    "5": ExecType.REPLACED,
    "6": ExecType.PENDING_CANCEL,
    "7": ExecType.STOPPED,
    "8": ExecType.REJECTED,
    "9": ExecType.SUSPENDED,
    "a": ExecType.PENDING_NEW,
    "b": ExecType.CALCULATED,
    "c": ExecType.EXPIRED,
    "d": ExecType.RESTATED,
    "e": ExecType.PENDING_REPLACE,
    "f": ExecType.TRADE,
    "g": ExecType.TRADE_CORRECT,
    "h": ExecType.TRADE_CANCEL,
    "i": ExecType.ORDER_STATUS,
    "j": ExecType.ORDER_STATUS,  # clearing holds the trade: nothing happens to the order
    "k": ExecType.ORDER_STATUS,  # clearing has the trade: nothing happens to the order
    "l": ExecType.TRIGGERED,
    "cancelled": ExecType.CANCELED,
    "partialfill": ExecType.TRADE,
    "fill": ExecType.TRADE,
    "tradeinaclearinghold": ExecType.ORDER_STATUS,
    "tradehasbeenreleasedtoclearing": ExecType.ORDER_STATUS,
}

STATUSES: Mapping[str, Status] = {
    **{plain_word(word): word for word in Status},
    "0": Status.NEW,
    "1": Status.PARTIALLY_FILLED,
    "2": Status.FILLED,
    "3": Status.DONE_FOR_DAY,
    "4": Status.CANCELLED,
    "5": Status.REPLACED,
    "6": Status.PENDING_CANCEL,
    "7": Status.STOPPED,
    "8": Status.REJECTED,
    "9": Status.SUSPENDED,
    "a": Status.PENDING_NEW,
    "b": Status.CALCULATED,
    "c": Status.EXPIRED,
    "d": Status.NEW,
    "e": Status.PENDING_REPLACE,
    "acceptedforbidding": Status.NEW,  # FIX 4.4: open, unmatched, not yet on a book
    "canceled": Status.CANCELLED,
    "lapsed": Status.EXPIRED,  # a lapsed order is shown as expired (domain.lifecycle)
}

SIDES: Mapping[str, Side] = {
    "buy": Side.BUY,
    "back": Side.BUY,
    "1": Side.BUY,
    "sell": Side.SELL,
    "lay": Side.SELL,
    "2": Side.SELL,
}

PRICE_FORMATS: Mapping[str, PriceFormat] = {word.value: word for word in PriceFormat}

TIMES_IN_FORCE: Mapping[str, str] = {
    "0": "DAY",
    "day": "DAY",
    "1": "GTC",
    "goodtillcancel": "GTC",
    "3": "IOC",
    "immediateorcancel": "IOC",
    "4": "FOK",
    "fillorkill": "FOK",
    "6": "GTD",
    "goodtilldate": "GTD",
}
"""FIX tag 59 in the usual letters; any other word is kept as written, in capitals."""

_RFC_3339 = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,12})?([Zz]|[+-]\d\d:\d\d)", re.ASCII
).fullmatch
_FIX_TIME = re.compile(
    r"(\d{4})(\d\d)(\d\d)-(\d\d:\d\d(?::\d\d(?:\.\d{1,12})?)?)", re.ASCII
).fullmatch


def instant(text: str) -> datetime | None:
    """The instant that an RFC 3339 time or a FIX UTCTimestamp names; None when it names none.

    What is finer than a microsecond is cut: this is evidence, and the raw message is kept.
    """
    if _RFC_3339(text) is None:
        fix = _FIX_TIME(text)
        if fix is None:
            return None
        text = f"{fix[1]}-{fix[2]}-{fix[3]}T{fix[4]}Z"
    try:
        told = datetime.fromisoformat(text.upper())
        return told if told.tzinfo is UTC else told.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def time_in_force(text: str) -> str:
    """How long the order was meant to rest, in the usual letters."""
    return TIMES_IN_FORCE.get(plain_word(text), text.upper())
