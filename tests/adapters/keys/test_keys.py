"""Keys: shown once, kept as keyed hashes, good for one account at one venue until revoked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import Connection, Engine, text

from adapters.bootstrap import App, opened
from adapters.eventlog.database import reading, writing
from adapters.gateways.clients import Scope
from adapters.keyring import REMEMBERED_S, KeyedClients, keys_of, keys_secret
from adapters.keys.store import Keys, PepperTooShort
from adapters.settings import Settings

NOON = datetime(2026, 2, 7, 12, tzinfo=UTC)


Connecting = Callable[[], AbstractContextManager[Connection]]


def connecting(engine: Engine) -> tuple[Connecting, Connecting]:
    return partial(reading, engine), partial(writing, engine)


@pytest.fixture
def keys(engine: Engine) -> Keys:
    return Keys(*connecting(engine), b"p" * 16, lambda: NOON)


def test_a_key_opens_its_account_at_its_venue(keys: Keys) -> None:
    made = keys.create("abp", "acme", ["read", "cancel"])
    found = keys.open("abp", made.secret)
    assert found is not None
    assert (found.key_id, found.venue, found.account) == (made.key_id, "abp", "acme")
    assert found.scopes == {"read", "cancel"}


@pytest.mark.parametrize(
    ("venue", "change"),
    [
        pytest.param("predictstreet", "{}", id="at another venue"),
        pytest.param("abp", "{}x", id="with a letter more"),
        pytest.param("abp", "", id="nothing at all"),
        pytest.param("abp", "\ud800", id="what is no text"),
    ],
)
def test_nothing_else_opens_it(keys: Keys, venue: str, change: str) -> None:
    made = keys.create("abp", "acme", ["read"])
    assert keys.open(venue, change.format(made.secret)) is None


def test_a_revoked_key_opens_nothing(keys: Keys) -> None:
    made = keys.create("abp", "acme", ["read"])
    assert keys.revoke(made.key_id)
    assert not keys.revoke(made.key_id)
    assert keys.open("abp", made.secret) is None
    assert [row["revoked_at"] for row in keys.listed()] == [NOON]


def test_under_another_secret_no_key_is_known(engine: Engine, keys: Keys) -> None:
    made = keys.create("abp", "acme", ["read"])
    other = Keys(*connecting(engine), b"q" * 16, lambda: NOON)
    assert other.open("abp", made.secret) is None


def test_what_is_stored_opens_nothing(engine: Engine, keys: Keys) -> None:
    made = keys.create("abp", "acme", ["read"])
    with engine.connect() as connection:
        stored = repr(connection.execute(text("SELECT * FROM api_keys")).all())
    assert made.secret not in stored
    _, _, random = made.secret.partition(f"{made.key_id}_")  # which may hold a `_` of its own
    assert len(random) == 43
    assert random not in stored
    assert keys.open("abp", made.key_id) is None


def test_a_venue_s_clients_find_the_shape_that_they_check(keys: Keys) -> None:
    made = keys.create("predictstreet", "0x" + "ab" * 20, ["read"])
    prefix, live, key_id, secret = made.secret.split("_", 3)
    assert (prefix, live, key_id, len(key_id), len(secret)) == ("ps", "live", made.key_id, 16, 43)


def test_a_short_secret_is_refused(engine: Engine) -> None:
    with pytest.raises(PepperTooShort, match="BREAKWATER_KEYS_SECRET"):
        Keys(*connecting(engine), b"short", lambda: NOON)


def test_a_secret_is_made_once_and_only_its_owner_may_read_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    first = keys_secret(Settings())
    assert keys_secret(Settings()) == first
    (file,) = tmp_path.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert keys_secret(Settings(keys_secret=SecretStr("set outside"))) == b"set outside"


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    monkeypatch.chdir(tmp_path)
    with opened(Settings(database_url=f"sqlite:///{tmp_path / 'keys.db'}")) as app:
        yield app


def test_a_caller_is_remembered_for_a_moment_and_a_stranger_is_not(app: App) -> None:
    now = [0.0]
    keys = keys_of(app)
    clients = KeyedClients(keys, lambda: now[0])
    made = keys.create("abp", "acme", ["read"])
    assert clients.of("abp", "stranger") is None
    client = clients.of("abp", made.secret)
    assert client is not None
    assert client.may(Scope.READ)
    assert not client.may(Scope.CANCEL)
    keys.revoke(made.key_id)
    assert clients.of("abp", made.secret) is client
    now[0] += REMEMBERED_S
    assert clients.of("abp", made.secret) is None
