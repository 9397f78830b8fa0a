"""Accounts by other names: the same one everywhere, of the same shape, in whatever was recorded.

A name is replaced where it stands as a whole text of JSON, and, when it is long enough not to be a
word of some message, wherever it stands by itself within a longer text. A wallet stays a wallet,
in whatever case it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from hashlib import sha256

from domain.values import Account

ANYWHERE_MIN = 6
"""Names of so many characters are replaced within longer texts, too."""
_WALLET = re.compile(r"0x[0-9a-fA-F]{8,}")
_SHOWN = "account"


def pseudonyms(accounts: Iterable[Account]) -> dict[str, str]:
    """What each account is called; the same accounts are called the same in every bundle."""
    names = sorted({owner.account for owner in accounts if owner.account})
    return {name: _shaped(name, number) for number, name in enumerate(names, 1)}


def _shaped(name: str, number: int) -> str:
    if _WALLET.fullmatch(name) is None:
        return f"{_SHOWN}-{number}"
    digits = sha256(f"{_SHOWN} {number}".encode()).hexdigest() * (1 + len(name) // 64)
    return f"0x{digits[: len(name) - 2]}"


class Renaming:
    """Puts other names in the place of these, in JSON text and in plain text."""

    def __init__(self, called: Mapping[str, str]) -> None:
        self._called = {_folded(name): new for name, new in called.items()}
        names = sorted(called, key=lambda name: (-len(name), name))
        whole = "|".join(_escaped(name) for name in names)
        within = "|".join(_escaped(name) for name in names if len(name) >= ANYWHERE_MIN)
        parts = [rf'(?<=")(?:{whole})(?="(?!\s*:))'] if whole else []
        if within:
            parts.append(rf"(?<![A-Za-z0-9_])(?:{within})(?![A-Za-z0-9_])(?!\"\s*:)")
        self._find = re.compile("|".join(parts)) if parts else None

    def text(self, text: str) -> str:
        """The text of one line, with the new names."""
        return text if self._find is None else self._find.sub(self._new, text)

    def name(self, name: str) -> str:
        """What an account, or a recording that has its name, is called."""
        whole = self._called.get(_folded(name))
        return self.text(name) if whole is None else whole

    def _new(self, found: re.Match[str]) -> str:
        return self._called[_folded(found.group())]


def _folded(name: str) -> str:
    return name.lower() if _WALLET.fullmatch(name) else name


def _escaped(name: str) -> str:
    if _WALLET.fullmatch(name) is None:
        return re.escape(name)
    return f"0x(?i:{name[2:]})"
