"""Subjects: one for each account, legal whatever it is called, and readable back."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.jetstream.subjects import LONG, BadName, checked, named, subject_of, token

LEGAL = re.compile(r"[A-Za-z0-9_%~-]+")
NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        pytest.param("desk-1_A", "desk-1_A", id="letters, digits, _ and - stay"),
        pytest.param("a.b", "a%2Eb", id="a dot would begin another part"),
        pytest.param("*", "%2A", id="a star would be a pattern"),
        pytest.param(">", "%3E", id="so would this"),
        pytest.param("a b", "a%20b", id="a blank ends the line's word"),
        pytest.param("é", "%C3%A9", id="bytes of UTF-8"),
        pytest.param("100%", "100%25", id="the sign itself"),
        pytest.param("~", "%7E", id="the sign of a cut name"),
        pytest.param("", "%", id="nothing is something"),
    ],
)
def test_a_name_as_a_part_of_a_subject(name: str, told: str) -> None:
    assert token(name) == told
    assert named(told) == name


@given(NAMES)
def test_every_name_is_legal_and_comes_back(name: str) -> None:
    assert LEGAL.fullmatch(token(name))
    assert named(token(name)) == name


@given(st.text("ab.é", min_size=LONG, max_size=LONG + 9), st.text("ab.é", min_size=LONG))
def test_a_long_name_is_cut_and_stays_its_own(one: str, other: str) -> None:
    assert len(token(one)) < LONG + 80
    assert LEGAL.fullmatch(token(one))
    assert (token(one) == token(other)) == (one == other)
    assert named(token(one)) in {one, None}


def test_a_subject_has_three_parts() -> None:
    assert subject_of("bw.test", "abp", "a.b") == "bw.test.abp.a%2Eb"


@pytest.mark.parametrize(
    ("server", "stream", "prefix"),
    [
        pytest.param("http://host", "S", "p", id="another scheme"),
        pytest.param("nats://", "S", "p", id="no host"),
        pytest.param("nats://host", "a b", "p", id="a stream with a blank"),
        pytest.param("nats://host", "", "p", id="no stream"),
        pytest.param("nats://host", "S", "p.*", id="a pattern"),
        pytest.param("nats://host", "S", "p..q", id="an empty part"),
    ],
)
def test_what_no_server_takes_is_refused(server: str, stream: str, prefix: str) -> None:
    with pytest.raises(BadName):
        checked([server], stream, prefix)


def test_what_a_server_takes_is_taken() -> None:
    checked(["nats://127.0.0.1:4222", "tls://u:p@host"], "S-1_a", "bw.test")
