"""The script of a simulated venue: what goes wrong, when, and how lively its market is.

A TOML file. Each `[[fault]]` says what happens (`do`) and to which of the requests or feed
messages that it is about: all of them, the nth, every nth, or by chance; of one operation, one
account, within a span of time since the start, so many times at most.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from adapters.paper.operations import Operation

T = TypeVar("T")
TEXT_MAX = 65_536
SECONDS_MAX = 3_600

Seconds = Annotated[Decimal, Field(ge=0, le=SECONDS_MAX)]
Share = Annotated[Decimal, Field(gt=0, le=1)]
Chance = Annotated[Decimal, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=1, le=1_000_000)]
Effect = Literal["before", "after"]


def _listed(told: Any) -> Any:  # noqa: ANN401 - whatever stands in the file
    return told if type(told) in {list, tuple} else [told]


Some = Annotated[tuple[T, ...], BeforeValidator(_listed)]
"""One value, or a list of them."""
Span = Annotated[Some[T], Field(min_length=1, max_length=2)]
"""One value, or the least and the most of a draw."""


class ScriptError(Exception):
    """The script cannot be read; the text names the file, the fault and the field."""


class _Said(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class When(_Said):
    """To which requests, or messages of the feed, a fault comes."""

    on: Some[Operation] = ()
    """The operations; none named are all."""
    account: str | None = None
    nth: Some[Count] = ()
    every: Count | None = None
    probability: Chance | None = None
    after_s: Seconds = Decimal(0)
    until_s: Seconds | None = None
    at_most: Count | None = None

    @model_validator(mode="after")
    def _one_way_to_choose(self) -> When:
        ways = [bool(self.nth), self.every is not None, self.probability is not None]
        if sum(ways) > 1:
            raise ValueError("give one of nth, every, probability")
        return self


class Latency(When):
    """The request waits: before it reaches the venue, or before the answer leaves."""

    do: Literal["latency"]
    seconds: Span[Seconds]
    effect: Effect = "before"


class Drop(When):
    """No answer comes: the connection ends, or stays silent until the client has had enough."""

    do: Literal["drop"]
    effect: Effect
    closes: bool = True


class Error(When):
    """An answer with a status of its own, whatever the venue did."""

    do: Literal["error"]
    status: Annotated[int, Field(ge=400, le=599)] = 503
    body: Annotated[str, Field(max_length=TEXT_MAX)] = "upstream unavailable"
    effect: Effect = "before"


class Throttle(When):
    """429: the venue does nothing, and says when to come again."""

    do: Literal["throttle"]
    retry_after_s: Annotated[int, Field(ge=0, le=SECONDS_MAX)] = 1
    body: Annotated[str, Field(max_length=TEXT_MAX)] = '{"detail":"Too many requests"}'


class Garbage(When):
    """The answer is no JSON."""

    do: Literal["garbage"]
    body: Annotated[str, Field(max_length=TEXT_MAX)] = '{"status": "cancel'
    effect: Effect = "after"


class Half(When):
    """The answer breaks off in the middle: the connection ends, or it claims to be whole."""

    do: Literal["half"]
    announced: Literal["whole", "half"] = "whole"


class Crossing(When):
    """A stranger matches a share of what remains while the cancel is on its way."""

    do: Literal["crossing"]
    share: Span[Share] = (Decimal(1),)


class Ends(When):
    """The venue takes a live order of the account off by itself."""

    do: Literal["ends"]
    how: Literal["cancelled", "lapsed", "expired", "voided"] = "lapsed"
    effect: Effect = "before"


class Forgets(When):
    """The venue knows an order of the account no longer, without a word."""

    do: Literal["forgets"]
    effect: Effect = "before"


class Skew(When):
    """From then on the venue's clock is off by so many minutes."""

    do: Literal["clock"]
    minutes: Annotated[Decimal, Field(ge=-1440, le=1440)]


class Duplicate(When):
    """A message of the feed comes more than once."""

    do: Literal["feed_duplicate"]
    times: Annotated[int, Field(ge=1, le=10)] = 1


class Reorder(When):
    """A message of the feed comes after so many later ones, or when nothing else came in time."""

    do: Literal["feed_reorder"]
    by: Annotated[int, Field(ge=1, le=100)] = 1
    within_s: Seconds = Decimal(1)


class Gap(When):
    """So many messages of the feed never come."""

    do: Literal["feed_gap"]
    messages: Annotated[int, Field(ge=1, le=10_000)] = 1


class Slow(When):
    """The feed stands still for a while; what follows comes after it, in order."""

    do: Literal["feed_slow"]
    seconds: Seconds


class Silence(When):
    """The connection stays, and nothing comes for so long: no news, no heartbeat."""

    do: Literal["silence"]
    seconds: Seconds


class HangUp(When):
    """The feed's connection ends."""

    do: Literal["hang_up"]
    code: Annotated[int, Field(ge=1000, le=4999)] = 1011


OfRequest = Latency | Drop | Error | Throttle | Garbage | Half | Ends | Forgets | Skew
OfFeed = Duplicate | Reorder | Gap | Slow | Silence | HangUp
Fault = OfRequest | OfFeed | Crossing
OF_REQUEST: tuple[type[Fault], ...] = get_args(OfRequest)
OF_FEED: tuple[type[Fault], ...] = get_args(OfFeed)


class Market(_Said):
    """Strangers who take what rests: by chance with each request, and as time goes by."""

    each_request: Chance = Decimal(0)
    per_second: Annotated[Decimal, Field(ge=0, le=1000)] = Decimal(0)
    share: Span[Share] = (Decimal("0.1"), Decimal(1))


class Script(_Said):
    """Everything that a simulated venue does beyond what its clients ask."""

    market: Market = Market()
    fault: tuple[Annotated[Fault, Field(discriminator="do")], ...] = ()


def read_script(path: Path) -> Script:
    """The script of a file; raise `ScriptError` with the place of whatever does not fit."""
    try:
        with path.open("rb") as file:
            told = tomllib.load(file, parse_float=Decimal)
        return Script.model_validate(told)
    except ValidationError as error:
        problems = "; ".join(_told(error))
        raise ScriptError(f"{path}: {problems}; docs/howto/simulate.md lists the faults") from error
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ScriptError(f"{path}: {error}; docs/howto/simulate.md shows a script") from error


def _told(error: ValidationError) -> Iterator[str]:
    for problem in error.errors(include_url=False, include_context=False, include_input=False):
        place = [str(part + 1) if isinstance(part, int) else part for part in problem["loc"]]
        yield f"{' '.join(place) or 'the script'}: {problem['msg']}"
