"""PredictStreet as `breakwater serve` has it: keys of the database, ids of the clock, the log."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from adapters.bootstrap import App, opened
from adapters.gateways.clients import Scope
from adapters.keyring import keys_of
from adapters.serving import service
from adapters.settings import Settings
from tests.adapters.gateways.predictstreet import ACME, RIVAL, order
from tests.adapters.gateways.serving import free_port, running
from tests.feeding import book, flags


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    monkeypatch.chdir(tmp_path)  # where the secret of the keys is kept
    with opened(Settings(database_url=f"sqlite:///{tmp_path / 'service.db'}")) as app:
        yield app


def test_one_key_acts_for_the_wallet_that_each_request_names(app: App) -> None:
    scopes = [Scope.READ, Scope.PLACE, Scope.CANCEL]
    key = keys_of(app).create("predictstreet", "*", scopes).secret
    ids: dict[str, str] = {}
    with (
        service(app) as application,
        free_port() as port,
        running(application, port),
        httpx2.Client(base_url=f"http://127.0.0.1:{port}", headers={"X-Api-Key": key}) as client,
    ):
        for wallet in (ACME, RIVAL):
            headers = {"X-User-Wallet": wallet}
            placed = client.post("/api/orders/place", json=order(), headers=headers).json()
            ids[wallet] = placed["orderId"]
        for path, body in (("cancel-all", {}), ("cancel-batch", {"orderIds": list(ids.values())})):
            answer = client.post(
                f"/api/orders/{path}", json=body, headers={"X-User-Wallet": ACME.upper()}
            )
            assert answer.status_code == 401  # 0X is no address
            answer = client.post(f"/api/orders/{path}", json=body, headers={"X-User-Wallet": ACME})
            assert answer.status_code == 200
    assert answer.json() == {
        "cancelled": [],
        "notCancelled": {ids[ACME]: "already_terminal", ids[RIVAL]: "not_found"},
    }
    assert book(app) == {
        ids[ACME]: "100 0 0 100 0 0 CANCELLED",
        ids[RIVAL]: "100 0 100 0 0 0 NEW",
    }
    assert flags(app) == []
