"""How bad a break is: by its code, and worse by amount and age where the desk says so."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.flags.catalogue import CATALOGUE
from domain.flags.severity import AS_CATALOGUED, LADDER, Policy, Rating, Severity, at_stake, rated

POLICY = Policy(
    raise_amount=Decimal(100),
    critical_amount=Decimal(1000),
    raise_age=timedelta(days=1),
    critical_age=timedelta(days=7, hours=3),
)
DAY = timedelta(days=1)
TINY = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("age", "words"),
    [
        pytest.param(timedelta(seconds=45), "45 s", id="seconds"),
        pytest.param(timedelta(minutes=3, seconds=1), "3 min 1 s", id="minutes"),
        pytest.param(timedelta(hours=2, minutes=5), "2 h 5 min", id="hours"),
        pytest.param(timedelta(days=1, hours=2, minutes=5), "1 d 2 h", id="days, and no minutes"),
        pytest.param(timedelta(days=1, seconds=5), "1 d 5 s", id="days, and nothing between"),
    ],
)
def test_how_long_it_has_stood_is_told_in_two_units(age: timedelta, words: str) -> None:
    policy = Policy(critical_age=timedelta(seconds=1))
    assert rated("low", None, age, policy).because == (
        f"it has stood for {words}, longer than 1 s",
    )


@pytest.mark.parametrize(
    ("default", "stake", "age", "severity", "because"),
    [
        pytest.param("low", "100", DAY, "low", (), id="not more than the limits"),
        pytest.param(
            "low", "100.01", DAY, "medium", ("100.01 at stake, more than 100",), id="much at stake"
        ),
        pytest.param(
            "low", None, DAY + TINY, "medium", ("it has stood for 1 d, longer than 1 d",), id="old"
        ),
        pytest.param(
            "low",
            "101",
            DAY * 2,
            "high",
            ("101 at stake, more than 100", "it has stood for 2 d, longer than 1 d"),
            id="both",
        ),
        pytest.param(
            "high",
            "101",
            DAY * 2,
            "critical",
            ("101 at stake, more than 100", "it has stood for 2 d, longer than 1 d"),
            id="no worse than critical",
        ),
        pytest.param(
            "low", "1000.5", DAY, "critical", ("1000.5 at stake, more than 1000",), id="a fortune"
        ),
        pytest.param(
            "low",
            "0",
            timedelta(days=7, hours=4),
            "critical",
            ("it has stood for 7 d 4 h, longer than 7 d 3 h",),
            id="very old",
        ),
        pytest.param("critical", "5000", DAY * 9, "critical", (), id="as bad as can be"),
        pytest.param("info", "5000", DAY * 9, "info", (), id="what informs only informs"),
    ],
)
def test_amount_and_age_make_a_break_worse(
    default: str, stake: str | None, age: timedelta, severity: str, because: tuple[str, ...]
) -> None:
    amount = None if stake is None else Decimal(stake)
    assert rated(default, amount, age, POLICY) == Rating(Severity(severity), because)


def test_a_span_without_length_is_told() -> None:
    policy = Policy(critical_age=timedelta())
    assert rated("low", None, TINY, policy).because == (
        "it has stood for no time, longer than no time",
    )


@pytest.mark.parametrize(
    ("code", "difference", "remaining", "found"),
    [
        pytest.param("CXL-04", "-40.5", None, "40.5", id="a difference of size, either way"),
        pytest.param("CXL-04", "-40.5", "100", "40.5", id="rather than what remains"),
        pytest.param("QTY-07", None, "60", "60", id="no difference: what may still be live"),
        pytest.param("QTY-05", "a lot", "60", "60", id="no number"),
        pytest.param("CXL-20", "3", "60", "60", id="a count of orders"),
        pytest.param("STR-01", "3", None, None, id="a count of lines"),
        pytest.param("QTY-06", "0.05", None, None, id="a price"),
        pytest.param("CXL-33", "3.5", "60", "60", id="a time"),
        pytest.param("XXX-01", "5", None, None, id="a code of a newer program"),
    ],
)
def test_what_is_at_stake(
    code: str, difference: str | None, remaining: str | None, found: str | None
) -> None:
    live = None if remaining is None else Decimal(remaining)
    assert at_stake(code, difference, live) == (None if found is None else Decimal(found))


@pytest.mark.parametrize(
    ("code", "theirs", "remaining", "found"),
    [
        pytest.param("EXI-01", "25", None, "25", id="an order that nobody here knows"),
        pytest.param("EXI-02", "OPEN", None, None, id="of which not even the size is told"),
        pytest.param("CXL-25", "60", "0", "60", id="cancelled for us and live for them"),
        pytest.param("CXL-25", "live", "0", "0", id="how much of it they do not say"),
        pytest.param("EXI-03", "25", "60", "60", id="gone for them: what we hold live"),
        pytest.param("CXL-10", None, "60", "60", id="no answer: all that may be live"),
    ],
)
def test_what_is_live_at_the_venue_alone_is_at_stake(
    code: str, theirs: str, remaining: str | None, found: str | None
) -> None:
    live = None if remaining is None else Decimal(remaining)
    assert at_stake(code, None, live, theirs) == (None if found is None else Decimal(found))


AMOUNTS = st.none() | st.decimals(0, 10**6, places=2)
AGES = st.timedeltas(timedelta(), timedelta(days=400))
POLICIES = st.builds(
    Policy,
    raise_amount=AMOUNTS,
    critical_amount=AMOUNTS,
    raise_age=st.none() | AGES,
    critical_age=st.none() | AGES,
)


@given(st.sampled_from(Severity), AMOUNTS, AGES, POLICIES)
def test_a_policy_only_raises_and_tells_why(
    default: Severity, stake: Decimal | None, age: timedelta, policy: Policy
) -> None:
    rating = rated(default, stake, age, policy)
    assert LADDER.index(rating.severity) >= LADDER.index(default)
    assert bool(rating.because) == (rating.severity is not default)


@given(st.sampled_from(Severity), AMOUNTS, AGES)
def test_without_a_policy_a_break_is_as_bad_as_its_code(
    default: Severity, stake: Decimal | None, age: timedelta
) -> None:
    assert rated(default, stake, age, AS_CATALOGUED) == Rating(default)


def test_every_code_of_the_catalogue_has_a_known_severity() -> None:
    assert {entry.severity for entry in CATALOGUE.values()} <= {*Severity}
