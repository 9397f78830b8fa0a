"""Secrets that callers send are nowhere afterwards: database, log, exports, error messages."""

from __future__ import annotations

import json
from pathlib import Path

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.adapters.gateways.test_abp_answers import order
from tests.adapters.gateways.test_service import Running, command, ended, started

CANARY = "canary-7f3a9c"
HEADERS = ("authorization", "cookie", "x-abp-api-key", "x-auth-token", "signature", "referer")
FIELDS = ("apiKey", "password", "token", "access_token", "secret", "Authorization", "session_id")


def told_secrets(running: Running) -> str:
    """Send canaries through every door; everything that was answered."""
    answers: list[str] = []
    count = 0

    def canary() -> str:
        nonlocal count
        count += 1
        return f"{CANARY}-{count}"

    with running.client(**{"x-api-key": running.key}) as client:
        given = [{header: canary()} for header in HEADERS]
        given += [{"x-api-key": key} for key in (canary(), f"bw_{CANARY}_x")]
        answers.extend(client.get("/orders?userRef=a", headers=told).text for told in given)
        for field in FIELDS:
            answers.append(client.get("/orders", params={"userRef": "a", field: canary()}).text)
            answers.append(client.post("/cancel-orders", json={field: canary()}).text)
            meta = order(count, meta={field: canary(), "deep": [{field: canary()}]})
            client.post("/place-orders", json={"orders": [meta]})
            broken = f'{{"{field}": "{canary()}"'
            answers.append(client.post("/cancel-orders", content=broken).text)
            wrong = {"orderIds": [{field: canary()}]}
            answers.append(client.post("/cancel-orders", json=wrong).text)
        answers.append(client.get(f"/ws?apiKey={canary()}").text)
        for path in ("/v1/events", "/v1/events/stream", "/v1/orders", "/metrics"):
            wrong_place = {"after": "-1", "limit": "0"}  # a stream would not end
            answers += [client.get(path, headers=told, params=wrong_place).text for told in given]
            for name in ("apiKey", "type", "after", "limit"):
                asked = client.get(path, params={name: canary(), "after": "-1"})
                answers.append(asked.text)
        answers.append(client.get(f"/v1/events/types/{canary()}").text)
        answers.append(client.get("/metrics").text)
    for login in (
        {"type": "login", "apiKey": canary()},
        {"type": "login", "apiKey": running.key, "token": canary()},
    ):
        with connect(f"ws://127.0.0.1:{running.port}/ws?apiKey={canary()}") as feed:
            feed.send(json.dumps(login))
            try:
                answers.append(str(feed.recv(5)))
            except ConnectionClosed as closed:
                answers.append(str(closed))
    return "\n".join(answers)


def test_no_secret_is_kept_anywhere(tmp_path: Path) -> None:
    running = started(tmp_path)
    told = told_secrets(running)
    ended(running)
    assert CANARY not in told
    assert running.key not in told
    for kind in ("orders", "cancels", "breaks", "quarantine"):
        told = command(tmp_path, kind, "--json")
        assert told.startswith("[")
        assert CANARY not in told
        assert running.key not in told
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {"breakwater.db", "log"} <= {path.name for path in files}
    secret = running.key.rpartition("_")[2].encode()
    for path in files:
        stored = path.read_bytes()
        assert CANARY.encode() not in stored, path.name
        assert secret not in stored, path.name
