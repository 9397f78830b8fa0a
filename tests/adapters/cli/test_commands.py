"""The list of commands: what it says of each is what the command itself says."""

from __future__ import annotations

import pytest

from adapters.cli.commands import COMMANDS, Command
from adapters.cli.later import loaded


@pytest.mark.parametrize(
    "listed", [pytest.param(row, id=f"{row.name} is in the list as it is") for row in COMMANDS]
)
def test_a_row_of_the_list_is_the_first_paragraph_of_the_commands_own_help(listed: Command) -> None:
    command = loaded(listed.name, listed.place)

    first, *_ = command.help.split("\n\n")
    assert first.replace("\n", " ") == listed.says


def test_no_name_is_given_twice() -> None:
    names = [row.name for row in COMMANDS]

    assert len(set(names)) == len(names)
