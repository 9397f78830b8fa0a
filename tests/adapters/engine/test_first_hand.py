"""Lines that are told here first: the log is not asked for them, and still none counts twice."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

import pytest

from adapters.bootstrap_dialects import DIALECTS
from adapters.captures.ndjson import item
from adapters.engine.ingest import Ingest
from tests.feeding import Feed, desk, items, orders, sound


class Asked:
    """A log that counts how often it was asked for lines."""

    def __init__(self, log: Any) -> None:  # noqa: ANN401 - passes everything on
        self._log = log
        self.times = 0

    def known_lines(self, capture: str, seqs: Iterable[int]) -> Any:  # noqa: ANN401 - passed on
        """What the log says."""
        self.times += 1
        return self._log.known_lines(capture, seqs)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - passes everything on
        return getattr(self._log, name)


def day() -> Feed:
    lines = Feed("c1").place("A").report("New", "o1", "A", order_qty="100", leaves_qty="100")
    lines.sent("OrderCancelRequest", cl_ord_id="X", orig_cl_ord_id="A", order_id="o1")
    return lines.report("Canceled", "o1", "X", orig_cl_ord_id="A")


@pytest.mark.parametrize(
    ("times", "asked"),
    [
        pytest.param(1, 0, id="told once: it is not asked for"),
        pytest.param(2, 1, id="told again: the log refuses it, and is asked then"),
    ],
)
def test_a_line_told_first_hand_counts_once(database_url: str, times: int, asked: int) -> None:
    lines = day()
    with desk(database_url) as app:
        store: Any = Asked(app.store)
        engine = Ingest(store, partial(item, "log", 0), DIALECTS, app, app.runner.take)
        engine.first_hand()
        for _ in range(times):
            engine.read("live", items(lines.records))
        engine.finish()
        assert store.times == asked
        assert (engine.tally.read, engine.tally.known) == (4, 4 * (times - 1))
        assert [order["status"] for order in orders(app).values()] == ["CANCELLED"]
        sound(app)
