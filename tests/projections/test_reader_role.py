"""The role for SQL users, on a server as others run it: no superuser, roles that exist already."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import URL, make_url

from adapters.eventlog.database import open_database, upgrade
from projections.reader_role import reader_role


class House:
    """A database whose owner is no superuser, and the name of a reader of it."""

    def __init__(self, admin: URL) -> None:
        mark = uuid4().hex[:12]
        self.owner, self.reader, self.name = f"own_{mark}", f"bi_{mark}", f"house_{mark}"
        self._admin = admin.set(drivername="postgresql")
        self.told(None, f"CREATE ROLE {self.owner} LOGIN CREATEROLE")
        self.told(None, f"CREATE DATABASE {self.name} OWNER {self.owner}")
        engine = open_database(
            admin.set(database=self.name).update_query_dict({"options": f"-c role={self.owner}"})
        )
        upgrade(engine)
        engine.dispose()

    def told(self, user: str | None, *statements: str) -> None:
        """Say this to the server: as the administrator, or in the house as somebody."""
        place = self._admin if user is None else self._admin.set(database=self.name)
        address = place.render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            if user is not None:
                connection.execute(f"SET SESSION AUTHORIZATION {user}".encode())
            for statement in statements:
                connection.execute(statement.encode())

    def as_administrator(self, *statements: str) -> None:
        """Say this in the house as a superuser."""
        self.told("DEFAULT", *statements)

    def close(self) -> None:
        """Nothing is left on the server."""
        self.told(None, f"DROP DATABASE {self.name} WITH (FORCE)")
        self.told(None, f"DROP ROLE IF EXISTS {self.reader}", f"DROP ROLE {self.owner}")


@pytest.fixture
def house(postgres_url: str) -> Iterator[House]:
    """A house of one's own."""
    made = House(make_url(postgres_url))
    yield made
    made.close()


def test_an_owner_who_is_no_superuser_can_make_it(house: House) -> None:
    for _ in range(2):
        house.told(house.owner, reader_role(house.reader))
    house.told(house.reader, "SELECT * FROM rpt_orders_v1")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        house.told(house.reader, "SELECT * FROM events")


def test_what_the_role_could_do_before_is_taken_away(house: House) -> None:
    house.as_administrator(
        f"CREATE ROLE {house.reader} LOGIN CREATEDB BYPASSRLS",
        f"GRANT pg_read_all_data TO {house.reader}",
        f"GRANT SELECT (state) ON events TO {house.reader}",
        reader_role(house.reader),
    )
    for forbidden in ("SELECT state FROM events", "SELECT 1 FROM api_keys"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            house.told(house.reader, forbidden)


def test_what_cannot_be_taken_away_is_named_and_nothing_is_changed(house: House) -> None:
    house.as_administrator(
        "CREATE SCHEMA other",
        "CREATE TABLE other.wages (n int)",
        "GRANT USAGE ON SCHEMA other TO PUBLIC",
        "GRANT SELECT ON other.wages TO PUBLIC",
    )
    with pytest.raises(psycopg.errors.RaiseException, match=r"could read other\.wages too"):
        house.told(house.owner, reader_role(house.reader))
    with pytest.raises(psycopg.errors.InvalidParameterValue, match="does not exist"):
        house.told(house.reader, "SELECT 1")


def test_the_owner_of_the_tables_is_no_reader(house: House) -> None:
    with pytest.raises(psycopg.errors.RaiseException, match="choose another name"):
        house.as_administrator(reader_role(house.owner))
