"""What Prometheus is told, and what `/readyz` says when the service cannot do its work."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import insert, text

from adapters import readiness
from adapters.bootstrap import App, opened
from adapters.bootstrap_metrics import LogFigures
from adapters.eventlog.database import downgrade, open_database
from adapters.gateways.app import create_app
from adapters.gateways.metering import Meters
from adapters.gateways.metrics import metrics
from adapters.jetstream.schema import publications
from adapters.settings import Settings
from domain.ports import Conflict
from tests.adapters.feed.logs import ACME, RIVAL, VENUES, EveryAccount, placed
from tests.adapters.feed.serving import AUDITOR
from tests.adapters.gateways.serving import free_port, running
from tests.building import NOON, seconds
from tests.feeding import Feed, feed

Figures = dict[str, float]


def read(told: bytes) -> Figures:
    """The samples: a name with its labels, and the figure."""
    found: Figures = {}
    for family in text_string_to_metric_families(told.decode()):
        for sample in family.samples:
            labels = ",".join(f"{key}={value}" for key, value in sorted(sample.labels.items()))
            found[f"{sample.name}{{{labels}}}"] = sample.value
    return found


def figures(app: App, moment: datetime = NOON, *, by_account: bool = True) -> Figures:
    """What is told at this moment."""
    return read(LogFigures(app, lambda: moment).told(by_account=by_account))


@pytest.fixture
def app(database_url: str) -> Iterator[App]:
    with opened(Settings(database_url=database_url)) as found:
        yield found


def test_an_empty_log_has_figures_too(app: App) -> None:
    told = figures(app)
    assert (told["breakwater_database_up{}"], told["breakwater_log_position{}"]) == (1, 0)
    assert not [name for name in told if "silence" in name]


def test_lags_are_in_events_and_in_seconds(app: App) -> None:
    app.runner.catch_up()
    app.store.append([placed(ACME) for _ in range(3)], (), (), (), ())
    with app.writing() as connection:
        row = {"name": "nats:B", "position": 2, "sequence": 2, "moved_at": 0}
        connection.execute(insert(publications), row)
    (first, second, third) = (one.recorded_at for one in app.store.after(0, 3))
    assert first == second == third
    told = figures(app, third + timedelta(seconds=90))
    for name in ("orders", "breaks", "cancels"):
        assert told[f"breakwater_projection_lag_events{{projection={name}}}"] == 3
        assert told[f"breakwater_projection_lag_seconds{{projection={name}}}"] == 90
    assert told["breakwater_publisher_lag_events{publisher=nats:B}"] == 1
    assert told["breakwater_publisher_lag_seconds{publisher=nats:B}"] == 90
    app.runner.catch_up()
    told = figures(app, third + timedelta(seconds=90))
    assert told["breakwater_projection_lag_seconds{projection=orders}"] == 0


def story() -> Feed:
    """An order whose cancel got no answer; the venue was last heard three seconds after noon."""
    told = Feed(account="acme").place("c1")
    told.report("New", "v1", "c1", order_qty="100")
    told.report("OrderStatus", "v1", "c1", ord_status="New", leaves_qty="100")
    return told.cancel("x1", "c1", "v1").lose("x1", "c1")


def test_what_is_in_doubt_is_counted_by_account_or_by_venue(app: App) -> None:
    feed(app, story())
    told = figures(app, seconds(63))
    for name in ("uncertain_orders", "unknown_outcomes"):
        assert told[f"breakwater_{name}{{account=acme,venue=canonical}}"] == 1
    assert told["breakwater_venue_silence_seconds{account=acme,venue=canonical}"] == 60
    summed = figures(app, seconds(63), by_account=False)
    assert summed["breakwater_uncertain_orders{venue=canonical}"] == 1
    assert summed["breakwater_venue_silence_seconds{venue=canonical}"] == 60
    assert not [name for name in summed if "acme" in name]


def test_silence_ends_with_the_next_message_and_not_with_our_own(app: App) -> None:
    told = story()
    feed(app, told)
    kept = LogFigures(app, lambda: seconds(100), now=iter(range(0, 200, 10)).__next__)
    name = "breakwater_venue_silence_seconds{account=acme,venue=canonical}"
    assert read(kept.told(by_account=True))[name] == 97
    feed(app, told.place("c2"))
    assert read(kept.told(by_account=True))[name] == 97
    feed(app, told.report("New", "v2", "c2", order_qty="100"))
    assert read(kept.told(by_account=True))[name] == 93


@pytest.mark.parametrize(
    ("hours", "age"),
    [
        pytest.param(1, "1h", id="this hour"),
        pytest.param(5, "1d", id="today"),
        pytest.param(70, "7d", id="this week"),
        pytest.param(400, "older", id="older"),
    ],
)
def test_a_break_is_counted_once_by_how_old_it_is(app: App, hours: int, age: str) -> None:
    feed(app, story())
    told = figures(app, NOON + timedelta(hours=hours))
    counted = {name: count for name, count in told.items() if "open_breaks" in name}
    assert counted
    assert all(f"age={age}," in name for name in counted)


def test_conflicts_of_appends_are_counted(app: App) -> None:
    entry = placed(ACME)
    app.store.append([entry], (), (), (), ())
    with pytest.raises(Conflict):
        app.store.append([entry], (), (), (), ())
    assert figures(app)["breakwater_append_conflicts_total{}"] == 1


def test_figures_are_read_once_in_a_while_however_often_they_are_asked_for(app: App) -> None:
    now = [0.0]
    kept = LogFigures(app, now=lambda: now[0])
    before = kept.told(by_account=False)
    app.store.append([placed(RIVAL)], (), (), (), ())
    assert kept.told(by_account=False) is before
    now[0] += 2
    assert read(kept.told(by_account=False))["breakwater_log_position{}"] == 1


def test_a_database_that_is_gone_is_a_figure_and_no_error() -> None:
    nowhere = "postgresql+psycopg://nobody@127.0.0.1:1/none"
    with opened(Settings(database_url=nowhere), ready=False) as app:
        told = figures(app)
    assert told["breakwater_database_up{}"] == 0
    assert "breakwater_log_position{}" not in told


def test_requests_are_counted_by_our_routes_and_by_nothing_that_callers_chose(
    sqlite_url: str,
) -> None:
    with ExitStack() as stack:
        app = stack.enter_context(opened(Settings(database_url=sqlite_url)))
        meters = Meters()
        routes = metrics(meters, LogFigures(app), EveryAccount(), VENUES)
        port = stack.enter_context(free_port())
        served = create_app([routes], checks={"it": lambda: None}, seen=meters.visited)
        stack.enter_context(running(served, port))
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}") as client:
            for path in ("/livez", "/livez", "/readyz", "/canary-1", "/canary-2?x=canary-3"):
                client.get(path)
            client.request("CANARY", "/livez")
            mine = client.get("/metrics", headers={"x-api-key": "read:abp:acme"})
            nobodys = client.get("/metrics", headers={"x-api-key": "canary"})
            auditors = client.get("/metrics", headers={"authorization": f"Bearer {AUDITOR}"})
            answer = client.get("/metrics")
    assert (mine.status_code, nobodys.status_code, auditors.status_code) == (403, 401, 200)
    assert answer.headers["content-type"].startswith("text/plain; version=")
    assert "canary" not in answer.text.lower()
    told = read(answer.content)
    total = "breakwater_requests_total"
    assert told[f"{total}{{method=GET,route=/livez,status=200}}"] == 2
    assert told[f"{total}{{method=GET,route=-,status=404}}"] == 2
    assert told[f"{total}{{method=-,route=/livez,status=405}}"] == 1
    assert told["breakwater_request_seconds_count{route=/livez}"] == 3


def test_where_only_this_machine_can_ask_everything_is_told(app: App) -> None:
    feed(app, story())
    routes = metrics(Meters(), LogFigures(app), None)
    with free_port() as port, running(create_app([routes]), port):
        answer = httpx2.get(f"http://127.0.0.1:{port}/metrics", headers={"x-api-key": "x"})
    assert "breakwater_venue_silence_seconds{account=acme,venue=canonical}" in read(answer.content)


def checks(app: App) -> dict[str, str | None]:
    """What `/readyz` says."""
    return {name: check() for name, check in readiness.checks_of(app, None).items()}


def test_all_is_well(app: App) -> None:
    app.runner.catch_up()
    assert set(checks(app).values()) == {None}


def test_a_schema_that_is_behind_is_told_with_what_to_do(
    sqlite_url: str, sqlite_template: Path, tmp_path: Path
) -> None:
    older = f"sqlite:///{tmp_path / 'older.db'}"
    shutil.copy(sqlite_template, tmp_path / "older.db")
    engine = open_database(older)
    downgrade(engine, "-1")
    engine.dispose()
    with opened(Settings(database_url=older), ready=False) as app:
        assert checks(app)["database"] == (
            "its schema is behind: stop the service, back it up, run `breakwater db upgrade`"
        )
    with opened(Settings(database_url=sqlite_url)) as app:
        with app.writing() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = 'from-afar'"))
        assert checks(app)["database"] == "its schema is newer: use the newer program"


def test_an_empty_database_is_told(empty_database_url: str) -> None:
    with opened(Settings(database_url=empty_database_url), ready=False) as app:
        found = checks(app)
    assert found["database"] == "its schema is empty: `breakwater db upgrade` makes it"
    assert re.match(r"unknown \(\w+\)", found["projections"] or "")


def test_a_database_that_is_gone_is_told() -> None:
    nowhere = "postgresql+psycopg://nobody@127.0.0.1:1/none"
    with opened(Settings(database_url=nowhere), ready=False) as app:
        found = checks(app)
    assert re.match(r"not reachable \(\w+\)", found["database"] or "")
    assert re.match(r"unknown \(\w+\)", found["projections"] or "")


def test_read_models_that_are_far_behind_tell_of_the_past(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.runner.catch_up()
    monkeypatch.setattr(readiness, "BEHIND_MAX", 2)
    app.store.append([placed(ACME) for _ in range(2)], (), (), (), ())
    assert checks(app)["projections"] is None
    app.store.append([placed(ACME)], (), (), (), ())
    assert checks(app)["projections"] == "3 events behind the log"
