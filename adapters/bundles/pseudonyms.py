"""Accounts by other names: the same one everywhere, of the same shape, in whatever was recorded.

A name is replaced where it stands as a whole text of JSON, and, when it is long enough not to be a
word of some message, wherever it stands by itself within a longer text, however it is escaped
there. A wallet stays a wallet, in whatever case it is written.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from hashlib import sha256
from urllib.parse import quote, quote_plus

from adapters.bundles.texts import told_anew
from domain.values import Account

ANYWHERE_MIN = 6
"""Names of so many characters are replaced within longer texts, too."""
BOLD_MIN = 2
"""Of so many, when they have a letter and it changes nothing of what is understood."""
KNOWN_MAX = 1 << 16
"""So many texts are remembered: most of a recording are words that come again and again."""
_WALLET = re.compile(r"0x[0-9a-fA-F]{8,}")
_SHOWN = "account"


def pseudonyms(accounts: Iterable[Account]) -> dict[str, str]:
    """What each account is called; the same accounts are called the same in every bundle."""
    names = sorted({owner.account for owner in accounts if owner.account})
    return {name: _shaped(name, number) for number, name in enumerate(names, 1)}


def telling(name: str) -> bool:
    """Whether the name is hardly anything else where it stands in a text."""
    return len(name) >= (BOLD_MIN if any(map(str.isalpha, name)) else ANYWHERE_MIN)


def _shaped(name: str, number: int) -> str:
    if _WALLET.fullmatch(name) is None:
        return f"{_SHOWN}-{number}"
    digits = sha256(f"{_SHOWN} {number}".encode()).hexdigest() * (1 + len(name) // 64)
    return f"0x{digits[: len(name) - 2]}"


class Renaming:
    """Puts other names in the place of these, in JSON text and in plain text.

    When it is `bold`, short names too are replaced within texts, and all of them where they are
    keys; whoever is bold looks whether what comes of it is still understood.
    """

    def __init__(self, called: Mapping[str, str], *, bold: bool = False) -> None:
        self._called = {_folded(name): new for name, new in called.items()}
        self.bold = bold
        within = [name for name in called if len(name) >= ANYWHERE_MIN or (bold and telling(name))]
        self._spelt = {
            _folded(text): self._called[_folded(name)]
            for name in within
            for text in (_spellings(name) if bold else [name])
        }
        self._within = _finder(self._spelt)
        self._anywhere = _finder(self._called)
        self._known = lru_cache(KNOWN_MAX)(self._worded)

    def text(self, text: str) -> str:
        """The JSON text of one line, with the new names; what has none is as it was written."""
        return told_anew(text, self._value, self._key) if self._called else text

    def words(self, text: str) -> str:
        """A plain text, with the new names."""
        return self._known(text)

    def _worded(self, text: str) -> str:
        whole = self._called.get(_folded(text))
        if whole is not None or self._within is None:
            return text if whole is None else whole
        return self._within.sub(lambda found: self._spelt[_folded(found.group())], text)

    def name(self, name: str) -> str:
        """What an account, or a recording that has its name, is called."""
        whole = self._called.get(_folded(name))
        if whole is not None or self._anywhere is None:
            return name if whole is None else whole
        found = self.words(name)
        if found != name:
            return found
        return self._anywhere.sub(lambda found: self._called[_folded(found.group())], name)

    def _value(self, key: str | None, text: str) -> str:
        if key == "capture":
            return self.name(text)
        if key == "$base64" and self.bold:
            return self._packed(text)
        return self.words(text)

    def _key(self, text: str) -> str:
        return self._called.get(_folded(text), text) if self.bold and telling(text) else text

    def _packed(self, text: str) -> str:
        try:
            told = base64.b64decode(text, validate=True).decode("utf-8", "surrogateescape")
        except binascii.Error:
            return text
        found = self.words(told)
        if found == told:
            return text
        return base64.b64encode(found.encode("utf-8", "surrogateescape")).decode()


def _spellings(name: str) -> set[str]:
    """How a name may be written within a text: as it is, in an address, in JSON in a text."""
    escaped = {json.dumps(name)[1:-1], json.dumps(name, ensure_ascii=False)[1:-1]}
    return {name, quote(name), quote(name, safe=""), quote_plus(name), *escaped}


def _finder(names: Iterable[str]) -> re.Pattern[str] | None:
    """Finds the names where they stand by themselves, the longest first."""
    ordered = sorted(names, key=lambda name: (-len(name), name))
    return re.compile("|".join(map(_alone, ordered))) if ordered else None


def _alone(name: str) -> str:
    """No letter stands beside a letter at its ends, nor a digit beside a digit."""
    before, after = _beside(name[0]), _beside(name[-1])
    return f"(?<!{before}){_escaped(name)}(?!{after})"


def _beside(end: str) -> str:
    if end.isalpha():
        return r"[^\W\d_]"
    return r"\d" if end.isdigit() else r"(?!)"


def _folded(name: str) -> str:
    return name.lower() if _WALLET.fullmatch(name) else name


def _escaped(name: str) -> str:
    if _WALLET.fullmatch(name) is None:
        return re.escape(name)
    return f"0x(?i:{name[2:]})"
