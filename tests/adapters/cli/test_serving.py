"""`breakwater serve` as an operator runs it: a process, a key, a cancel, SIGTERM, the books."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import httpx2

from tests.adapters.gateways.serving import free_port, wait_for

COMMAND = [sys.executable, "-c", "from adapters.cli.main import run; run()"]
ORDER = {
    "requestUuid": "0b6f6f0e-0000-4000-8000-000000000001",
    "fixtureId": "id1",
    "outcomeId": 101,
    "orderPrice": 1.95,
    "orderStake": 100,
    "userRef": "desk-7",
    "testOrder": False,
}


def asked(directory: Path, *words: str) -> str:
    """What a command prints."""
    ran = subprocess.run(  # noqa: S603 - our own command
        [*COMMAND, *words], cwd=directory, capture_output=True, text=True, check=True, timeout=60
    )
    return ran.stdout


def test_what_callers_did_is_in_the_books_when_the_service_has_ended(tmp_path: Path) -> None:
    made = json.loads(
        asked(tmp_path, "keys", "create", "--venue", "abp", "--account", "acme", "--json")
    )
    with free_port() as port:
        service = subprocess.Popen(  # noqa: S603 - our own command
            [*COMMAND, "serve", "--port", str(port)], cwd=tmp_path, stderr=subprocess.PIPE
        )
        try:
            wait_for(port)
            headers = {"x-api-key": made["key"]}
            url = f"http://127.0.0.1:{port}"
            with httpx2.Client(base_url=url, headers=headers, trust_env=False) as client:
                assert client.get("/livez").json() == {"status": "ok"}
                assert client.post("/place-orders", json={"orders": [ORDER]}).status_code == 200
                answer = client.post("/cancel-orders", json={"userRef": "desk-7"})
                assert answer.json()["cancelledCount"] == 1
            service.send_signal(signal.SIGTERM)
            _, told = service.communicate(timeout=10)
        finally:
            service.kill()
    assert service.returncode == 0, told
    (order,) = json.loads(asked(tmp_path, "orders", "--json"))
    assert (order["status"], order["cancelled"], order["user_ref"]) == (
        "CANCELLED",
        "100",
        "desk-7",
    )
    (cancel,) = json.loads(asked(tmp_path, "cancels", "--json"))
    assert cancel["status"] == "answered"
    stored = (tmp_path / "breakwater.db").read_bytes()
    assert made["key"].encode() not in stored
