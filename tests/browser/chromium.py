"""A real Chromium without a screen, told what to do over its debugging protocol."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.gates import tree

AXE = tree.ROOT / ".venv" / "browser" / "node_modules" / "axe-core" / "axe.min.js"
REQUIRED = "BREAKWATER_BROWSER"
"""Set to `required` where the browser tests must run: there nothing of them is left out."""

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--remote-debugging-port=0",
)
STARTED_S_MAX = 60
ANSWER_S_MAX = 120
MESSAGE_BYTES_MAX = 64 * 2**20


def lacking() -> str | None:
    """Why the browser tests cannot run here; None when they can."""
    if shutil.which("chromium") is None:
        return "BROWSER TESTS LEFT OUT: no chromium here; `.ci/browser` installs it"
    if not AXE.exists():
        return "BROWSER TESTS LEFT OUT: no axe-core here; `.ci/browser` installs it"
    return None


def required() -> bool:
    """Nothing may be left out here."""
    return os.environ.get(REQUIRED) == "required"


class Page:
    """One page of the browser."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._count = 0
        self._session: str | None = None
        self.asked_for: list[str] = []
        """Every address that the page made the browser ask for."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: object) -> dict[str, Any]:
        """Ask the browser for something; its answer."""
        self._count += 1
        number = self._count
        asked: dict[str, object] = {"id": number, "method": method, "params": parameters}
        if self._session is not None:
            asked["sessionId"] = self._session
        self._socket.send(json.dumps(asked))
        while True:
            told = self._hear()
            if told.get("id") == number:
                assert "error" not in told, told
                result: dict[str, Any] = told["result"]
                return result

    def show(self, path: Path, width: int, height: int) -> None:
        """Open a file, in a window of this size."""
        self.size(width, height)
        self.call("Page.navigate", url=path.as_uri())
        while self._hear().get("method") != "Page.loadEventFired":
            pass

    def size(self, width: int, height: int) -> None:
        """Make the window this large."""
        metrics: Mapping[str, object] = {"deviceScaleFactor": 1, "mobile": False}
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, **metrics)

    def media(self, kind: str, scheme: str) -> None:
        """Show it as on a screen or on paper, in light or dark."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.call("Emulation.setEmulatedMedia", media=kind, features=features)

    def run(self, script: str) -> Any:  # noqa: ANN401 - any JSON value
        """The value of an expression, once it is there."""
        told = self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in told, told
        return told["result"].get("value")

    def picture(self) -> bytes:
        """What the window shows, as PNG."""
        return base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"])

    def _hear(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self._socket.recv(timeout=ANSWER_S_MAX))
        if told.get("method") == "Network.requestWillBeSent":
            self.asked_for.append(told["params"]["request"]["url"])
        return told


@contextmanager
def browser(directory: Path) -> Generator[Page]:
    """A page of a browser of its own, which ends with it."""
    program = shutil.which("chromium")
    assert program is not None
    process = subprocess.Popen(  # noqa: S603 - the system's browser, by its full path
        [program, *FLAGS, f"--user-data-dir={directory}", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        with connect(_address(directory), max_size=MESSAGE_BYTES_MAX) as socket:
            yield Page(socket)
    finally:
        process.terminate()
        process.wait()


def _address(directory: Path) -> str:
    """Where the browser listens: it writes it down once it does."""
    told = directory / "DevToolsActivePort"
    end = time.monotonic() + STARTED_S_MAX
    while time.monotonic() < end:
        lines = told.read_text().splitlines() if told.exists() else []
        if len(lines) > 1:
            return f"ws://127.0.0.1:{lines[0]}{lines[1]}"
        time.sleep(0.05)
    raise TimeoutError("chromium did not start")
