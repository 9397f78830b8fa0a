"""What the desk may set: who has to agree, and what makes a break worse."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from pydantic import ValidationError

from adapters.desk_policy import DeskPolicy
from adapters.settings import Settings
from domain.flags.severity import AS_CATALOGUED, Policy


@pytest.mark.parametrize(
    ("limit", "stake", "second"),
    [
        pytest.param(None, "1000000", False, id="no limit: one person is enough"),
        pytest.param("100", "100", False, id="not above it"),
        pytest.param("100", "100.01", True, id="above it"),
        pytest.param("100", None, True, id="nobody can tell what is at stake"),
        pytest.param("0", "0", False, id="nothing is at stake"),
    ],
)
def test_when_a_second_person_has_to_agree(
    limit: str | None, stake: str | None, *, second: bool
) -> None:
    policy = DeskPolicy(approval_amount_max=None if limit is None else Decimal(limit))
    assert policy.second_person(None if stake is None else Decimal(stake)) is second


def test_nothing_is_raised_unless_somebody_says_so() -> None:
    assert DeskPolicy().severity() == AS_CATALOGUED


def test_what_is_set_is_what_the_rule_hears() -> None:
    policy = DeskPolicy(
        raise_amount_max=Decimal(10),
        critical_amount_max=Decimal("99.5"),
        raise_age_s_max=Decimal("0.000001"),
        critical_age_s_max=Decimal(86_400),
    )
    assert policy.severity() == Policy(
        raise_amount=Decimal(10),
        critical_amount=Decimal("99.5"),
        raise_age=timedelta(microseconds=1),
        critical_age=timedelta(days=1),
    )


def test_a_venue_has_limits_of_its_own() -> None:
    settings = Settings(
        approval_amount_max=Decimal(100), venues={"abp": {"approval_amount_max": "5"}}
    )
    assert settings.limits_at("abp").approval_amount_max == Decimal(5)
    assert settings.limits_at("fourcasters").approval_amount_max == Decimal(100)


@pytest.mark.parametrize(
    "told",
    [
        {"approval_amount_max": "-1"},
        {"approval_amount_max": "NaN"},
        {"raise_age_s_max": "0"},
        {"critical_age_s_max": "soon"},
    ],
    ids=str,
)
def test_what_does_not_fit_is_refused(told: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        DeskPolicy.model_validate(told)
