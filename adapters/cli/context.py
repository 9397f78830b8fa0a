"""What every command shares: which database, opened and closed around it."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from adapters.cli.chosen import Chosen

if TYPE_CHECKING:
    from adapters.bootstrap import App
    from adapters.settings import Settings


def settings_of(context: typer.Context) -> Settings:
    """The settings, with what the command line says in place of the environment."""
    from adapters.settings import Settings  # noqa: PLC0415 - a command's help needs none of it

    chosen = context.find_object(Chosen)
    if chosen is None or chosen.database is None:
        return Settings()
    return Settings(database_url=database_url(chosen.database))


def database_url(text: str) -> str:
    """The database that is named by its URL, or as a file."""
    return text if "://" in text else f"sqlite:///{text}"


@contextmanager
def app_of(context: typer.Context, *, ready: bool = True, current: bool = True) -> Generator[App]:
    """The app over the chosen database; with `current` the projections are brought up to date."""
    from adapters.bootstrap import opened  # noqa: PLC0415 - a command's help needs none of it

    with opened(settings_of(context), ready=ready) as app:
        if ready and current:
            app.runner.catch_up()
        yield app
