"""Accounts get other names everywhere, and lines other places, and nothing else changes."""

from __future__ import annotations

import pytest

from adapters.bundles.numbering import Numbering, renumbered
from adapters.bundles.pseudonyms import Renaming, pseudonyms
from domain.values import Account

WALLET = "0x8a3Fd1c7b2604e95fa01c36d7e9b20458cd6e1f3"
ACCOUNTS = [Account("abp", "northwind"), Account("canonical", "desk"), Account("x", WALLET)]
CALLED = pseudonyms(ACCOUNTS)
RENAMING = Renaming(CALLED)


def test_the_same_accounts_are_called_the_same() -> None:
    assert pseudonyms(reversed(ACCOUNTS)) == CALLED
    assert CALLED["desk"] == "account-2"
    assert CALLED["northwind"] == "account-3"


def test_a_wallet_stays_a_wallet() -> None:
    called = CALLED[WALLET]
    assert called.startswith("0x")
    assert len(called) == len(WALLET)
    assert int(called, 16)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param('{"account":"desk"}', '{"account":"account-2"}', id="a whole text"),
        pytest.param('{"desk":1}', '{"desk":1}', id="a key is no account"),
        pytest.param('{"desk" : 1}', '{"desk" : 1}', id="nor is it with a space"),
        pytest.param('{"a":"desk 7"}', '{"a":"desk 7"}', id="a short word within a text"),
        pytest.param('{"a":"northwind 7"}', '{"a":"account-3 7"}', id="a long one within a text"),
        pytest.param('{"a":"northwinds"}', '{"a":"northwinds"}', id="a part of a word"),
        pytest.param('{"a":"bet_northwind"}', '{"a":"bet_northwind"}', id="behind a line"),
        pytest.param('{"a":"abp-northwind-1"}', '{"a":"abp-account-3-1"}', id="within dashes"),
        pytest.param(f'"{WALLET}"', f'"{CALLED[WALLET]}"', id="a wallet as it is"),
        pytest.param(f'"{WALLET.lower()}"', f'"{CALLED[WALLET]}"', id="a wallet in small letters"),
        pytest.param('["desk","DESK"]', '["account-2","DESK"]', id="names have their case"),
        pytest.param('{"a":"account-2"}', '{"a":"account-2"}', id="no name of ours"),
    ],
)
def test_a_name_is_replaced_where_it_is_one(text: str, told: str) -> None:
    assert RENAMING.text(text) == told


def test_a_recording_called_after_an_account_is_called_otherwise_too() -> None:
    assert RENAMING.name("abp-northwind-20260207") == "abp-account-3-20260207"
    assert RENAMING.name("desk") == "account-2"
    assert Renaming({}).text('"desk"') == '"desk"'


@pytest.mark.parametrize(
    ("held", "chosen", "told"),
    [
        pytest.param([1, 2, 3], {1, 3}, [1, 2], id="a line left out is no jump"),
        pytest.param([1, 2, 5], {1, 2, 5}, [1, 2, 5], id="a jump stays one"),
        pytest.param([1, 2, 5, 6], {1, 6}, [1, 4], id="a jump between lines left out"),
        pytest.param([3, 4], {4}, [3], id="a recording that began later"),
    ],
)
def test_places_tell_what_was_missing(held: list[int], chosen: set[int], told: list[int]) -> None:
    numbering = Numbering({"c": held}, {"c": chosen})
    assert [numbering.of("c", seq) for seq in sorted(chosen)] == told
    assert numbering.of("another", 7) == 7


@pytest.mark.parametrize(
    ("line", "told"),
    [
        pytest.param('{"v":1,"seq":7,"at":"7"}', '{"v":1,"seq":2,"at":"7"}', id="plain"),
        pytest.param('{ "seq" :  7 }', '{ "seq" :  2 }', id="spaces stay"),
        pytest.param('{"x":{"seq":70},"seq":7}', '{"x":{"seq":70},"seq":2}', id="another seq"),
    ],
)
def test_a_line_has_its_new_place_and_is_as_it_was(line: str, told: str) -> None:
    assert renumbered(line, 7, 2) == told


def test_a_line_without_its_place_is_refused() -> None:
    with pytest.raises(ValueError, match="does not tell that it is line 7"):
        renumbered('{"seq":8}', 7, 2)
