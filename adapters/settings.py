"""What can be set from outside, each with its default.

The environment (`BREAKWATER_…`) outranks the settings file, which outranks the defaults. The file
is `breakwater.toml` in the working directory, or the one that `BREAKWATER_SETTINGS` names; `.env`
is not read. `[venues.NAME]` sets a limit for one venue alone.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from adapters.connections import Connection
from adapters.limits import Limits, Seconds, span
from domain.flags.systemic import Grouping

DEFAULT_DATABASE_URL = "sqlite:///breakwater.db"
DEFAULT_FILE = "breakwater.toml"
PROCESSES_MAX = 4
"""Unless more are asked for: one process writes for all, and soon has its hands full."""
FILE_VARIABLE = "BREAKWATER_SETTINGS"


ENVIRONMENT = "BREAKWATER_"
"""How the variables begin that are settings."""


class BadSettings(Exception):
    """What is set cannot be read or does not fit; the text ends with what to try next."""


class SettingsFileError(BadSettings):
    """The settings file cannot be read, or says something that no setting is called."""


class Settings(Limits, BaseSettings):
    """Read from `BREAKWATER_…` and the settings file; a value that does not fit is named."""

    model_config = SettingsConfigDict(
        env_prefix=ENVIRONMENT,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,  # a key that was written in the wrong place stays unseen
    )

    database_url: str = DEFAULT_DATABASE_URL
    """SQLite file or PostgreSQL database."""

    durability: Literal["full", "normal"] = "full"
    """`full`: what is acknowledged survives a power cut. `normal`: it survives a crash of the
    program; the last batches may be lost in a power cut."""

    own_reference: str = ""
    """How our client references begin: an order in a venue's statement that nobody here knows and
    that carries one is ours all the same (EXI-01, else EXI-02)."""

    actor: str | None = None
    """Who works breaks, where `--by` does not say."""

    group_min: int = Field(default=20, ge=2, le=1_000_000)
    """So many breaks of one account and code that opened in one burst are one row of `breaks`."""

    group_s_max: Seconds = Decimal(60)
    """A burst ends when no further break opens for this long."""

    keys_secret: SecretStr | None = None
    """Under what the keys of the gateways are hashed: 16 characters or more, the same wherever
    the keys are used. By default it is made once and kept in `breakwater.secret`."""

    nats_url: SecretStr | None = None
    """Where `publish nats` publishes to, where `--url` does not say: `nats://HOST:4222`."""

    publish_lease_s: Annotated[Decimal, Field(ge=1, le=3600)] = Decimal(15)
    """When a process that publishes is gone, one that waits goes on within this time."""

    streams_max: Annotated[int, Field(ge=1, le=10_000)] = 100
    """So many streams of events (`/v1/events/stream`) one key may follow at a time; a further one
    is turned away (429)."""

    workers: Annotated[int, Field(ge=0, le=64)] = 0
    """How many processes share a large job (a rebuild, a long ingest). 1: no other is begun; 0: as
    many as there are processors, four at most."""

    run_resolve_s: Seconds = Decimal(30)
    """How often `run` asks the venues about what is unknown."""

    run_reconcile_s: Seconds = Decimal(300)
    """How often `run` reads what the venues have open, and holds it against the books."""

    run_lease_s: Annotated[Decimal, Field(ge=1, le=3600)] = Decimal(15)
    """When a process of `run` is gone, another has its accounts within this time."""

    run_drain_s_max: Annotated[Decimal, Field(gt=0, le=600)] = Decimal(10)
    """What is under way when `run` is told to end has so long."""

    venues: Mapping[str, Mapping[str, Any]] = Field(default_factory=dict)
    """Limits of one venue alone, by its name: `[venues.abp]` in the settings file."""

    connections: Mapping[str, Connection] = Field(default_factory=dict)
    """Accounts at venues, by names of your choice: `[connections.NAME]` in the settings file."""

    def __init__(self, **outright: Any) -> None:  # noqa: ANN401 - settings by name, of any kind
        """Read them; raise `BadSettings` when one does not fit."""
        try:
            super().__init__(**outright)
        except ValidationError as error:
            raise BadSettings(told_problems(error)) from error

    @model_validator(mode="after")
    def _one_connection_an_account(self) -> Settings:
        owners = [(one.venue, one.account) for one in self.connections.values()]
        for venue, account in owners:
            if owners.count((venue, account)) > 1:
                raise ValueError(f"two connections are for {venue} {account}")
        return self

    @model_validator(mode="after")
    def _limits_of_venues_fit(self) -> Settings:
        for venue in self.venues:
            try:
                self.limits_at(venue)
            except ValidationError as error:
                raise BadSettings(told_problems(error, "venues", venue)) from error
        return self

    @property
    def processes(self) -> int:
        """How many processes share a large job."""
        return self.workers or min(len(os.sched_getaffinity(0)), PROCESSES_MAX)

    @property
    def grouping(self) -> Grouping:
        """Which breaks are told as one."""
        return Grouping(least=self.group_min, gap=span(self.group_s_max))

    def limits_at(self, venue: str) -> Limits:
        """The limits of one venue: its own where the file has them, else those of all."""
        own = {name: getattr(self, name) for name in Limits.model_fields}
        return Limits.model_validate({**own, **self.venues.get(venue, {})})

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the hook's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the hook's signature
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What was said outright, then the environment, then the file."""
        return init_settings, env_settings, SettingsFile(settings_cls)


class SettingsFile(PydanticBaseSettingsSource):
    """The settings file, every number with the digits that were written."""

    def __call__(self) -> dict[str, Any]:
        """All that the file says."""
        path = settings_file()
        if path is None:
            return {}
        try:
            with path.open("rb") as file:
                told = tomllib.load(file, parse_float=Decimal)
        except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsFileError(f"{path}: {error}; {_TRY}") from error
        for name in told:
            if name not in self.settings_cls.model_fields:
                near = difflib.get_close_matches(name, self.settings_cls.model_fields, n=1)
                hint = f"; did you mean {near[0]}?" if near else ""
                raise SettingsFileError(f"{path}: no setting is called {name!r}{hint}; {_TRY}")
        return told

    def get_field_value(self, field: object, field_name: str) -> tuple[Any, str, bool]:
        """What the file says of one setting; None when it says nothing."""
        del field
        return self().get(field_name), field_name, False


_TRY = f"`{FILE_VARIABLE}={os.devnull} breakwater settings` lists them all"
_WORDS = (
    ("Input should", "should"),
    ("Field required", "is missing"),
    ("Extra inputs are not permitted", "no setting is called so"),
    ("Value error, ", ""),
)
"""What pydantic says, and how we say it."""


def told_problems(error: ValidationError, *within: str) -> str:
    """What does not fit and where it was set, in one line that ends with what to try next."""
    said: list[str] = []
    variables: dict[str, None] = {}
    for problem in error.errors(include_url=False, include_context=False, include_input=False):
        place = [*within, *map(str, problem["loc"])]
        what = problem["msg"]
        for theirs, ours in _WORDS:
            what = what.replace(theirs, ours)
        variable = f"{ENVIRONMENT}{place[0]}".upper() if place else ""
        if variable in os.environ:
            variables[variable] = None
            place[0] += f" ({variable})"
        said.append(": ".join(filter(None, (".".join(place), what))))
    unset = "".join(f"-u {name} " for name in variables)
    try_this = f"`env {unset}breakwater settings` lists them all" if variables else _TRY
    path = None if variables else settings_file()
    return f"{'' if path is None else f'{path}: '}{'; '.join(said)}; {try_this}"


def settings_file() -> Path | None:
    """The file that is read: the one that was named, or the usual one if it is there."""
    named = os.environ.get(FILE_VARIABLE)
    if named:
        return Path(named)
    usual = Path(DEFAULT_FILE)
    return usual if usual.is_file() else None
