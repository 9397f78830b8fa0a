"""Commands that are imported when they are called; until then their line in the list is all."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand
from typer.main import get_command, get_group

from adapters.collecting import collected_rarely


class Later(TyperCommand):
    """Stands for a command in the list of commands, and makes way for it when it is called."""

    def make_context(self, *given: Any, **named: Any) -> Any:  # noqa: ANN401 - the library's own types are private
        """The context of the command itself: its options, its help, its errors."""
        assert self.callback is not None, "`listed` gives one to each"
        return self.callback().make_context(*given, **named)


def listed(group: typer.Typer, name: str, place: str, says: str) -> None:
    """Add the command at `place` to a group, where its name and a sentence tell of it."""

    def command() -> Any:  # noqa: ANN401 - as above: a command of the library
        return loaded(name, place)

    group.command(name, cls=Later, help=says)(command)


def loaded(name: str, place: str) -> Any:  # noqa: ANN401 - as above: a command of the library
    """The command at `place`, imported now: `module:attribute`, beside this module."""
    module, attribute = place.split(":")
    with collected_rarely():  # what is imported stays: there is nothing to collect
        home = import_module(f"adapters.cli.{module}")
    target: typer.Typer | Callable[..., Any] = getattr(home, attribute)
    if isinstance(target, typer.Typer):
        return get_group(target)
    alone = typer.Typer(add_completion=False)
    alone.command(name)(target)
    return get_command(alone)
