"""Our own `/v1`: the key's account alone, the rows of the command line, pages, ETags."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from typer.testing import CliRunner

from adapters.books import ReadModels
from adapters.bootstrap import EXAMPLES, App, open_files, opened
from adapters.cli.main import app as command
from adapters.gateways.app import create_app
from adapters.gateways.clients import Client, Scope
from adapters.gateways.v1 import v1
from adapters.settings import Settings
from domain.values import Account
from tests.adapters.gateways.serving import free_port, running


class EveryAccount:
    """A key `SCOPE:VENUE:ACCOUNT` for whatever it says."""

    def of(self, venue: str, secret: str) -> Client | None:
        """Whose key it is."""
        scope, _, owner = secret.partition(":")
        at, _, account = owner.partition(":")
        if at != venue:
            return None
        return Client("k", Account(at, account), frozenset({Scope(scope)}))


@dataclass
class Books:
    """The service over the example captures."""

    app: App
    url: str
    database: str

    def get(self, path: str, key: str, **headers: str) -> httpx2.Response:
        """One answer."""
        return httpx2.get(f"{self.url}{path}", headers={"x-api-key": key, **headers})

    def told(self, *words: str) -> list[dict[str, object]]:
        """What the command line prints."""
        ran = CliRunner().invoke(command, ["--database", self.database, *words, "--json"])
        found: list[dict[str, object]] = json.loads(ran.stdout)
        return found


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Books]:
    url = f"sqlite:///{tmp_path_factory.mktemp('v1') / 'books.db'}"
    with opened(Settings(database_url=url)) as app:
        app.ingest(open_files([str(path) for path in sorted(Path(EXAMPLES).glob("*.ndjson"))]))
        routes = v1(ReadModels(app), EveryAccount(), ("abp", "predictstreet", "fourcasters"))
        with free_port() as port, running(create_app([routes]), port):
            yield Books(app, f"http://127.0.0.1:{port}", url)


def owners(books: Books) -> set[tuple[str, str]]:
    """The accounts of the examples that a key can be for."""
    rows = books.told("orders")
    known = {(str(row["venue"]), str(row["account"])) for row in rows}
    return {owner for owner in known if owner[0] != "canonical"}


@pytest.mark.parametrize(
    ("name", "key", "words"),
    [
        ("orders", "order_key", ["orders"]),
        ("cancels", "cancel_id", ["cancels"]),
        ("breaks", "break_id", ["breaks", "--members"]),
    ],
    ids=["orders", "cancels", "breaks"],
)
def test_rows_are_those_of_the_command_line_for_the_account_alone(
    books: Books, name: str, key: str, words: list[str]
) -> None:
    for venue, account in owners(books):
        wanted = books.told(*words, "--venue", venue, "--account", account)
        seen: list[dict[str, object]] = []
        after = ""
        while True:
            page = books.get(f"/v1/{name}?limit=2{after}", f"read:{venue}:{account}").json()
            seen += page[name]
            assert page["count"] == len(page[name])
            if not page["has_more"]:
                break
            after = f"&after={page['next_cursor']}"
        assert seen == sorted(wanted, key=lambda row: str(row[key]))


def test_an_auditor_sees_every_account(books: Books) -> None:
    page = books.get("/v1/orders?limit=1000", "auditor:abp:nobody").json()
    assert len(page["orders"]) == len(books.told("orders"))


@pytest.mark.parametrize(
    ("key", "status"),
    [
        pytest.param("", 401, id="no key"),
        pytest.param("read:elsewhere:x", 401, id="a key that was never given out"),
        pytest.param("cancel:abp:acme", 403, id="a key that may only cancel"),
        pytest.param("admin:abp:acme", 200, id="an admin may read what is its account's"),
    ],
)
def test_who_may_read(books: Books, key: str, status: int) -> None:
    assert books.get("/v1/orders", key).status_code == status
    bearer = httpx2.get(f"{books.url}/v1/orders", headers={"authorization": f"Bearer {key or 0}"})
    assert bearer.status_code == status


def test_an_order_with_its_history_and_another_s_like_none(books: Books) -> None:
    (venue, account), (other, stranger) = sorted(owners(books))[:2]
    key = f"read:{venue}:{account}"
    mine = books.get("/v1/orders", key).json()["orders"][0]
    told = books.get(f"/v1/orders/{mine['order_key']}", key).json()
    assert told.items() >= mine.items()
    assert told["history"]
    theirs = books.get(f"/v1/orders/{mine['order_key']}", f"read:{other}:{stranger}")
    nobodys = books.get("/v1/orders/nothing", f"read:{other}:{stranger}")
    assert (theirs.status_code, theirs.content) == (404, nobodys.content)


def test_what_has_not_changed_is_not_sent_again(books: Books) -> None:
    venue, account = min(owners(books))
    key = f"read:{venue}:{account}"
    for path in ("/v1/orders", "/v1/cancels", "/v1/breaks"):
        first = books.get(path, key)
        assert first.headers["etag"] == f'"{books.app.store.head()}"'
        again = books.get(path, key, **{"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert books.get(path, key, **{"if-none-match": '"1"'}).status_code == 200
