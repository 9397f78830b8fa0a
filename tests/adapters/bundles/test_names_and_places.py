"""Accounts get other names everywhere, and lines other places, and nothing else changes."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.bundles.numbering import Numbering, renumbered
from adapters.bundles.pseudonyms import Renaming, pseudonyms
from adapters.bundles.texts import texts, told_anew
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
        pytest.param('{"a":"bet_northwind"}', '{"a":"bet_account-3"}', id="behind a line"),
        pytest.param('{"a":"northwind2026"}', '{"a":"account-32026"}', id="before a number"),
        pytest.param('{"a":"abp-northwind-1"}', '{"a":"abp-account-3-1"}', id="within dashes"),
        pytest.param(f'"{WALLET}"', f'"{CALLED[WALLET]}"', id="a wallet as it is"),
        pytest.param(f'"{WALLET.lower()}"', f'"{CALLED[WALLET]}"', id="a wallet in small letters"),
        pytest.param('["desk","DESK"]', '["account-2","DESK"]', id="names have their case"),
        pytest.param('{"a":"account-2"}', '{"a":"account-2"}', id="no name of ours"),
        pytest.param(
            r'{"a":"n\u006frthwind","b":"\u00e9"}', r'{"a":"account-3","b":"\u00e9"}', id="escaped"
        ),
        pytest.param(
            '{"a":"n\\qorth","b":"desk"}', '{"a":"n\\qorth","b":"account-2"}', id="no JSON"
        ),
        pytest.param(
            '{"capture":"desk-7","a":{"capture":"desk"}}',
            '{"capture":"account-2-7","a":{"capture":"account-2"}}',
            id="a short name in that of a recording",
        ),
    ],
)
def test_a_name_is_replaced_where_it_is_one(text: str, told: str) -> None:
    assert RENAMING.text(text) == told


EVIL = [
    'o"brien',
    "back\\slash",
    "Jürgen Müller",
    "名前アカウント",
    "tab\there",
    "a/b?c=d&e",
    "bob",
    "emoji🎯desk",
    "x1\u2028y",
]


@pytest.mark.parametrize("name", EVIL)
@pytest.mark.parametrize("ascii_only", [True, False])
def test_a_name_is_found_however_it_is_written(name: str, *, ascii_only: bool) -> None:
    """As a value, within one, as a key, in an address, in JSON within a text, in packed bytes."""
    inner = json.dumps({"user": name}, ensure_ascii=ascii_only)
    message = {
        "account": name,
        "text": f"no answer for {name}.",
        "path": f"/users/{quote(name)}/orders?of={quote_plus(name)}",
        "body": {"$text": inner},
        "packed": {"$base64": base64.b64encode(inner.encode()).decode()},
        name: 1,
    }
    renaming = Renaming({name: "account-1"}, bold=True)
    told = json.loads(renaming.text(json.dumps(message, ensure_ascii=ascii_only)))
    assert told == {
        "account": "account-1",
        "text": "no answer for account-1.",
        "path": "/users/account-1/orders?of=account-1",
        "body": {"$text": '{"user": "account-1"}'},
        "packed": {"$base64": base64.b64encode(b'{"user": "account-1"}').decode()},
        "account-1": 1,
    }
    assert renaming.name(f"{name} session 1") == "account-1 session 1"


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(value=JSON_VALUES, ascii_only=st.booleans())
def test_what_names_nobody_keeps_its_bytes(value: object, *, ascii_only: bool) -> None:
    line = json.dumps({"value": value}, ensure_ascii=ascii_only)
    assert Renaming({"nobody is called this": "account-1"}, bold=True).text(line) == line


@given(value=JSON_VALUES)
def test_only_texts_are_told_anew(value: object) -> None:
    def shouted(_key: str | None, text: str) -> str:
        return f"{text}!"

    told = texts(told_anew(json.dumps({"": value}), shouted, str))
    was = texts(json.dumps({"": value}))
    assert [one.value for one in told] == [
        one.value if one.is_key else f"{one.value}!" for one in was
    ]


@pytest.mark.parametrize("packed", ["%%%", base64.b64encode(b"\xff\x00").decode()])
def test_bytes_that_name_nobody_stay(packed: str) -> None:
    line = json.dumps({"$base64": packed})
    assert Renaming({"northwind": "account-1"}, bold=True).text(line) == line


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
        pytest.param(
            '{"x":{"seq":7},"seq":7}', '{"x":{"seq":7},"seq":2}', id="the same seq before"
        ),
        pytest.param('{"x":"seq","seq":7}', '{"x":"seq","seq":2}', id="a text that says seq"),
    ],
)
def test_a_line_has_its_new_place_and_is_as_it_was(line: str, told: str) -> None:
    assert renumbered(line, 7, 2) == told


def test_a_line_without_its_place_is_refused() -> None:
    with pytest.raises(ValueError, match="does not tell that it is line 7"):
        renumbered('{"seq":8}', 7, 2)
