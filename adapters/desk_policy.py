"""What the desk may set: who has to agree above which amount, and what makes a break worse."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from domain.flags.severity import Policy

Amount = Annotated[Decimal, Field(ge=0)]
"""What is at stake in a break, in the venue's own unit."""

Age = Annotated[Decimal, Field(gt=0, le=86_400 * 366)]
"""How long a break has stood, in seconds; at most a year."""


class DeskPolicy(BaseModel):
    """What holds for the work on breaks, of one venue or of all. Nothing is set by default."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    approval_amount_max: Amount | None = None
    """Accepting or force-closing a break with more than this at stake needs a second person; so
    does one where nobody can tell. Not set: one person is enough."""

    raise_amount_max: Amount | None = None
    """More than this at stake makes a break one step more severe."""

    raise_age_s_max: Age | None = None
    """A break that has stood for longer is one step more severe."""

    critical_amount_max: Amount | None = None
    """More than this at stake makes a break critical."""

    critical_age_s_max: Age | None = None
    """A break that has stood for longer is critical."""

    def severity(self) -> Policy:
        """What makes a break worse, as the rule asks for it."""
        return Policy(
            raise_amount=self.raise_amount_max,
            critical_amount=self.critical_amount_max,
            raise_age=_span(self.raise_age_s_max),
            critical_age=_span(self.critical_age_s_max),
        )

    def second_person(self, at_stake: Decimal | None) -> bool:
        """Whether somebody else has to agree."""
        limit = self.approval_amount_max
        return limit is not None and (at_stake is None or at_stake > limit)


def _span(seconds: Decimal | None) -> timedelta | None:
    return None if seconds is None else timedelta(microseconds=int(seconds * 1_000_000))
