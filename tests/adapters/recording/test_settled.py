"""Many small steps of live traffic leave the read models as one large one would."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from adapters.bootstrap import opened
from adapters.clock import utc_now
from adapters.live import LiveLog, Step, joined
from adapters.settings import Settings
from domain.values import Account
from projections import queries

OWNER = Account("canonical", "desk")


def line(seq: int, message: dict[str, str]) -> bytes:
    frame = {"v": 1, "capture": "live", "seq": seq, "at": utc_now().strftime("%Y-%m-%dT%H:%M:%SZ")}
    told = {**frame, "venue": OWNER.venue, "account": OWNER.account, "direction": "received"}
    return json.dumps({**told, "frame": message}).encode()


def report(number: int, kind: str) -> dict[str, str]:
    told = {"order_id": f"o{number}", "cl_ord_id": f"c{number}", "exec_type": kind}
    size = {"order_qty": "10", "price": "2", "side": "BUY", "instrument": "i"}
    filled = {"exec_id": f"e{number}", "last_qty": "4", "last_px": "2"}
    return {"msg": "ExecutionReport", **told, **size, **(filled if kind == "Trade" else {})}


def test_steps_that_follow_each_other_are_taken_as_one(tmp_path: Path) -> None:
    with opened(Settings(database_url=f"sqlite:///{tmp_path / 'live.db'}")) as app:
        log = LiveLog(app)
        seq = 0
        for kind in ("New", "Trade", "Canceled"):
            for number in range(5):
                seq += 1
                log.store([line(seq, report(number, kind))])
            log.settle()
        log.close()
        assert not any(app.compare().values())
        head = app.store.head()
        with app.reading() as connection:
            stands = {stand.position for stand in queries.standings(connection).values()}
    assert stands == {head}


def test_a_gap_or_a_step_that_is_not_at_hand_stays_a_step_of_its_own() -> None:
    at = datetime(2026, 2, 7, tzinfo=UTC)
    steps: list[Step] = [({}, 0, 3, at), ({}, 3, 4, None)]
    assert joined(steps) == steps
