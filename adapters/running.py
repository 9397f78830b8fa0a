"""`breakwater run`: every account that is set is listened to, looked after and compared.

Several of these may run on one database: each account is one process's at a time, by its lease, and
another's within seconds when that one is gone.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import structlog
from granian.constants import Interfaces
from granian.server.embed import Server
from sqlalchemy import make_url

from adapters.bootstrap import opened
from adapters.bootstrap_metrics import LogFigures
from adapters.gateways.app import create_app
from adapters.gateways.metering import Meters
from adapters.gateways.metrics import metrics
from adapters.ports import ensure_free
from adapters.readiness import checks_of
from adapters.running_account import AccountRun
from adapters.settings import Settings
from adapters.speaking import Line
from adapters.standing import Apps, Standing, Times

__all__ = ["Standing", "Times", "run"]

log = structlog.get_logger()
Show = Callable[[Sequence[Standing]], None]
"""Told every so often how every account is doing."""
SHOW_S = 0.5
HEALTH_HOST = "127.0.0.1"
THREADS = 4
"""What one account may do at the same time: a job, its lease, a question to the books, an end."""


def run(
    settings: Settings, lines: Sequence[Line], show: Show, health_port: int | None = None
) -> None:
    """Run until SIGTERM or SIGINT; a second signal ends the process at once.

    So does the end of the drain: then whoever comes next looks up what was under way.
    """
    if health_port is not None:
        ensure_free(HEALTH_HOST, health_port, "--health")
    at = settings.model_copy(update={"database_url": impatient(settings)})
    with ExitStack() as stack:
        apps = [
            Apps(stack.enter_context(opened(at)), stack.enter_context(opened(at))) for _ in lines
        ]
        for each in apps[:1]:
            each.comes.runner.catch_up()
        asyncio.run(_run(settings, apps, lines, show, health_port))


def impatient(settings: Settings) -> str:
    """The database, where a transaction of a process that was paused ends with its lease.

    Else its locks would keep whoever takes over from storing anything.
    """
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite":
        return settings.database_url
    limit = f"-c idle_in_transaction_session_timeout={int(settings.run_lease_s * 1000)}"
    return url.update_query_pairs([("options", limit)], append=True).render_as_string(
        hide_password=False
    )


async def _run(
    settings: Settings,
    apps: Sequence[Apps],
    lines: Sequence[Line],
    show: Show,
    health_port: int | None,
) -> None:
    ending = asyncio.Event()
    _on_signals(ending)
    threads = ThreadPoolExecutor(THREADS * (len(lines) + 1), "breakwater-run")
    asyncio.get_running_loop().set_default_executor(threads)
    times = Times(
        float(settings.run_resolve_s), float(settings.run_reconcile_s), float(settings.run_lease_s)
    )
    accounts = [
        AccountRun(each, line, times, ending) for each, line in zip(apps, lines, strict=True)
    ]
    standings = [account.standing for account in accounts]
    work = [asyncio.create_task(account.run()) for account in accounts]
    beside = [asyncio.create_task(_shown(standings, show))]
    server = None
    if health_port is not None:
        server = _health(apps[0], standings, health_port)
        beside.append(asyncio.create_task(server.serve()))
    for task in beside:  # nothing here ends by itself, or unnoticed
        task.add_done_callback(lambda _task: ending.set())
    await ending.wait()
    log.info("ending", accounts=len(accounts))
    _, left = await asyncio.wait(work, timeout=float(settings.run_drain_s_max))
    if server is not None:
        server.stop()  # type: ignore[no-untyped-call] # granian leaves it untyped
    for task in beside:
        task.cancel()
    if left:
        # Requests without an answer: whoever comes next looks up what became of them.
        log.warning("not everything has ended in time", accounts=len(left))
        _leave(0)
    told = await asyncio.gather(*beside, return_exceptions=True)
    for error in told:
        if isinstance(error, Exception):
            raise error


def _leave(code: int) -> None:
    """End this process now, whatever its threads do."""
    if sys.stderr.isatty():
        sys.stderr.write("\x1b[?25h\n")  # the table that lived here hid the cursor
        sys.stderr.flush()
    os._exit(code)


def _on_signals(ending: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()

    def told(number: int) -> None:
        if ending.is_set():
            _leave(128 + number)
        ending.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told, number)


async def _shown(standings: Sequence[Standing], show: Show) -> None:
    while True:
        show(standings)
        await asyncio.sleep(SHOW_S)


def _health(apps: Apps, standings: Sequence[Standing], port: int) -> Server:
    """`/livez`, `/readyz` and `/metrics` on this machine."""
    meters = Meters()
    figures = metrics(meters, LogFigures(apps.asks), clients=None)
    application = create_app([figures], checks=_checks(apps, standings), seen=meters.visited)
    return Server(
        application,
        address=HEALTH_HOST,
        port=port,
        interface=Interfaces.ASGI,
        log_enabled=False,
    )


def _checks(apps: Apps, standings: Sequence[Standing]) -> Mapping[str, Callable[[], str | None]]:
    def check(standing: Standing) -> Callable[[], str | None]:
        return lambda: None if standing.well else standing.told

    named = {f"{one.line.owner.venue} {one.line.owner.account}": check(one) for one in standings}
    usual = checks_of(apps.asks, None)
    return {**usual, **named}
