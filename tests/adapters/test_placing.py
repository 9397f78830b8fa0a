"""An order is placed once: stored before it leaves, looked up when its answer is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from adapters.bootstrap import App, opened
from adapters.clients.client import Told
from adapters.clients.port import Wanted
from adapters.live import new_capture, recorder_of
from adapters.recording.lines import Intent
from adapters.resolving import resolved
from adapters.settings import Settings
from adapters.speaking import line_of
from domain.values import Side
from projections import queries
from tests.adapters.at_venues import DESKS, Desk, quiet
from tests.adapters.gateways.fourcasters import GAME, HOME
from tests.adapters.lossy import Loss, lossy

__all__ = ["quiet"]
UUID = "0b6f6f0e-0000-4000-8000-{:012d}"
INTENT = Intent("ann", "quotes")


def wanted(venue: str, number: int = 1) -> Wanted:
    """An order that this venue takes."""
    told: dict[str, dict[str, Any]] = {
        "abp": {"market": "id1", "selection": "101", "price": Decimal("1.95")},
        "predictstreet": {
            "market": "XYZ-BIN-1", "selection": "0", "price": Decimal("0.4"),
            "more": {
                "nonce": str(number), "expiry": 0, "maker": "0x" + "d4" * 20,
                "signature": "0x" + "5e" * 65,
            },
        },
        "fourcasters": {"market": GAME, "selection": f"spread:{HOME}:-3.5", "price": Decimal(-110)},
    }  # fmt: skip
    return Wanted(
        side=Side.BUY, size=Decimal(100), reference=UUID.format(number), user_ref="desk-7",
        **told[venue],
    )  # fmt: skip


@pytest.fixture(params=sorted(DESKS))
def desk(
    request: pytest.FixtureRequest, quiet: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    del quiet
    monkeypatch.chdir(tmp_path)
    with DESKS[request.param]() as desk:
        desk.settings(tmp_path)
        yield desk


def placed(app: App, desk: Desk, orders: Sequence[Wanted]) -> Sequence[Told]:
    line = line_of(app.settings, desk.owner)
    with recorder_of(app) as recorder:
        session = recorder.session(desk.owner, new_capture(desk.owner, "client"))

        async def sent() -> Sequence[Told]:
            async with line.client(session) as client:
                return await client.place(orders, INTENT, lambda _told: None)

        told = asyncio.run(sent())
    app.runner.catch_up()
    return told


def books(app: App) -> list[Any]:
    with app.reading() as connection:
        return list(queries.order_list(connection))


def test_what_is_placed_rests_there_and_is_in_our_books(desk: Desk) -> None:
    with opened(Settings()) as app:
        placed(app, desk, [wanted(desk.owner.venue)])
        (order,) = books(app)
    (theirs,) = desk.live()
    assert (order["size"], order["remaining"], order["status"]) == (100, 100, "NEW")
    assert order["certain"]
    assert theirs.terms.size == order["size"]


@pytest.mark.parametrize("desk", ["abp", "predictstreet"], indirect=True)
@pytest.mark.parametrize(
    ("loss", "live"),
    [
        pytest.param(Loss.AFTER, 1, id="it was placed, and nobody said so"),
        pytest.param(Loss.BEFORE, 0, id="it never came there"),
    ],
)
def test_a_place_whose_answer_is_lost_is_not_sent_again(
    desk: Desk, tmp_path: Path, loss: Loss, live: int
) -> None:
    with lossy(desk.served.port) as wire:
        desk.settings(tmp_path, base_url=wire.url)
        wire.loss = loss
        orders = [wanted(desk.owner.venue, number) for number in range(1, 13)]
        batch = min(len(orders), 100 if desk.owner.venue == "abp" else 10)
        with opened(Settings()) as app:
            told = placed(app, desk, orders)
            assert [one.in_doubt for one in told] == [True]  # whatever stands behind it waits
            uncertain = books(app)
            assert {order["certain"] for order in uncertain} == {False}
            assert len(desk.live()) == live * batch
            wire.loss = Loss.NONE
            resolved(app, line_of(app.settings, desk.owner), tries=1, sleep=lambda _seconds: None)
    assert len(wire.cancels) == 1
    assert len(desk.live()) == live * batch
