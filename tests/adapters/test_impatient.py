"""What a paused process holds in the database ends with its lease."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from adapters.bootstrap import opened
from adapters.running import impatient
from adapters.settings import Settings
from tests.whole.listening import until

HEAD = text("SELECT * FROM log_head FOR UPDATE NOWAIT")


def test_a_transaction_that_waits_for_a_paused_process_ends(postgres_url: str) -> None:
    settings = Settings.model_validate({"database_url": postgres_url, "run_lease_s": 1})
    at = settings.model_copy(update={"database_url": impatient(settings)})
    with opened(at) as paused, opened(settings) as other:

        def free() -> bool:
            try:
                with other.writing() as connection:
                    connection.execute(HEAD)
            except DBAPIError:
                return False
            return True

        with pytest.raises(DBAPIError), paused.writing() as connection:  # noqa: PT012 - it is ended while it is open
            connection.execute(HEAD)
            assert not free()
            until(free, "whoever takes over can store")
            connection.execute(HEAD)


def test_a_file_needs_none(sqlite_url: str) -> None:
    assert impatient(Settings(database_url=sqlite_url)) == sqlite_url
