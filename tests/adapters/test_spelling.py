"""How words of others are shown to people."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.spelling import visible


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        pytest.param("plain, 1.95", "plain, 1.95", id="plain words stay"),
        pytest.param("Zoë Ωmega 東京", "Zoë Ωmega 東京", id="other letters stay"),
        pytest.param("שלום", "שלום", id="words that are written from right to left stay"),
        pytest.param("two\nlines\tand", "two\nlines\tand", id="new lines and tabs stay"),
        pytest.param("क\u200cष", "क\u200cष", id="what joins letters stays"),
        pytest.param("a\u202eb", r"a\u202eb", id="a turned direction is seen"),
        pytest.param("\x1b[2J\x07", r"\x1b[2J\x07", id="an escape sequence is seen"),
        pytest.param("a\rb", r"a\rb", id="going back to the start of the line is seen"),
        pytest.param("\x9b31m", r"\x9b31m", id="an escape sequence in one character is seen"),
        pytest.param("a\u200bb", r"a\u200bb", id="a space without width is seen"),
        pytest.param("\ud800", r"\ud800", id="half a character is seen"),
    ],
)
def test_text_is_seen_and_does_not_act(said: str, shown: str) -> None:
    assert visible(said) == shown


@given(st.text())
def test_shown_once_more_it_is_the_same_and_nothing_in_it_acts(text: str) -> None:
    shown = visible(text)
    assert visible(shown) == shown
    acting = {one for one in shown if unicodedata.category(one) in {"Cc", "Cs", "Zl", "Zp"}}
    assert acting <= {"\n", "\t"}
