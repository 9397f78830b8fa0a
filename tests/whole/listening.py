"""`breakwater run` for one account, in a thread, beside a simulated venue that others trade at."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from time import monotonic, sleep

from adapters.bootstrap import opened
from adapters.paper.script import Script
from adapters.running_account import AccountRun
from adapters.standing import Apps, Standing, Times
from domain.values import Account
from projections import queries
from projections.queries import Only
from tests.whole.live import Live
from tests.whole.placing import PLACES

PATIENCE_S = 60.0
"""A busy machine takes its time."""
QUICK = {"beat_s": 0.3, "silence_s_max": 1.5}
TIMES = Times(resolve_s=0.5, reconcile_s=1, lease_s=3)
FEED_FAULTS = Script.model_validate(
    {
        "market": {"per_second": "6", "share": ["0.2", "1"]},
        "fault": [
            {"do": "feed_duplicate", "probability": "0.2"},
            {"do": "feed_reorder", "by": 2, "within_s": "0.3", "probability": "0.2"},
            {"do": "feed_gap", "messages": 2, "every": 7},
            {"do": "silence", "seconds": "2", "nth": 9},
            {"do": "hang_up", "nth": [14, 30]},
        ],
    }
)
"""Everything that can be wrong with a feed, each now and then."""


@dataclass
class Running:
    """An account that is looked after."""

    account: AccountRun
    errors: list[BaseException] = field(default_factory=list[BaseException])

    @property
    def standing(self) -> Standing:
        """How it is doing."""
        return self.account.standing


@contextmanager
def listening(there: Live, times: Times = TIMES) -> Generator[Running]:
    """Look after the account until the block ends; the way out is that of a SIGTERM."""
    ready = threading.Event()
    held: list[tuple[asyncio.AbstractEventLoop, asyncio.Event, Running]] = []
    settings = there.app.settings

    async def lived(apps: Apps) -> None:
        ending = asyncio.Event()
        running = Running(AccountRun(apps, there.line, times, ending))
        held.append((asyncio.get_running_loop(), ending, running))
        ready.set()
        await running.account.run()

    def run() -> None:
        with opened(settings) as comes, opened(settings) as asks:
            asyncio.run(lived(Apps(comes, asks)))

    thread = threading.Thread(target=run, name="run")
    thread.start()
    assert ready.wait(PATIENCE_S)
    loop, ending, running = held[0]
    try:
        yield running
    finally:
        loop.call_soon_threadsafe(ending.set)
        thread.join(PATIENCE_S)
        assert not thread.is_alive()


def back(there: Live) -> None:
    """The venue's server is back."""
    there.server.start()
    until(lambda: there.client.get("/paper/orders").is_success, "the venue answers")


def until(holds: Callable[[], bool], what: str, seconds: float = PATIENCE_S) -> None:
    """Return as soon as it holds."""
    over = monotonic() + seconds
    while not holds():
        assert monotonic() < over, f"not within {seconds} s: {what}"
        sleep(0.05)


def traded(there: Live, orders: int) -> list[str]:
    """Orders that another program places for the account: our books hear of them by the feed."""
    calls, read = PLACES[there.venue.name]
    ids: list[str] = []
    first = len(there.books())
    for call in calls(range(first, first + orders), there.line.owner):
        answer = there.client.request(call.method, call.path, content=call.body)
        ids.extend(read(json.loads(answer.content)))
    return ids


def taken_off(there: Live, ids: Sequence[str]) -> None:
    """The other program cancels some of them."""
    name = there.venue.name
    paths = {
        "abp": ("/cancel-orders", "orderIds"),
        "predictstreet": ("/api/orders/cancel-batch", "orderIds"),
        "fourcasters": ("/session/cancelMultiple", "sessionIDs"),
    }
    path, field_name = paths[name]
    there.client.post(path, json={field_name: [int(one) if name == "abp" else one for one in ids]})


def ours(there: Live) -> dict[str, str]:
    """What is open by our books, and how much of it."""
    owner: Account = there.line.owner
    with there.app.reading() as connection:
        held = queries.order_list(connection, Only(owner.venue, owner.account), open_only=True)
        return {
            str(row["venue_order_id"]): f"{row['remaining'].normalize():f} {row['certain']}"
            for row in held
        }


def theirs(there: Live) -> dict[str, str]:
    """What is open by the venue's."""
    return {
        str(row["order_id"]): f"{Decimal(row['remaining']).normalize():f} True"
        for row in there.books()
        if Decimal(row["remaining"])
    }
