"""The report of an incident: its sentences, its proof, and what no word of others can do to it."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.bootstrap import EXAMPLES, App, open_files
from adapters.bootstrap_report import Incident, incident_of, page
from adapters.bootstrap_timeline import scope_timeline
from adapters.timeline import page_tables
from adapters.timeline.telling import sections
from projections.queries import Only
from tests.feeding import Feed, clock, desk, feed


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    with desk(f"sqlite:///{tmp_path}/log.db") as opened:
        yield opened


def reported(app: App, only: Only) -> Incident:
    """What the report of a scope is made from."""
    told = scope_timeline(app, "a test", only)
    found = incident_of(app, told, "breakwater timeline --market M1")
    assert found is not None
    return found


def said(incident: Incident, heading: str) -> str:
    """What stands under a heading of the summary."""
    (found,) = (section for section in sections(incident) if section.heading == heading)
    return " ".join(found.sentences)


def unanswered() -> Feed:
    """A cancel that nobody answered."""
    story = Feed().place("X").report("New", "O1", "X", exec_id="n")
    return story.trade("O1", "X", "t", "40").cancel("Y", "X", "O1").lose("Y", "X")


def behind() -> Feed:
    """A match that was told four seconds after it happened."""
    story = Feed().place("X").report("New", "O1", "X", exec_id="n")
    trade = {"exec_id": "t", "last_qty": "40", "last_px": "1.95", "transact_time": clock(3)}
    story.add("received", at=7, frame={
        "msg": "ExecutionReport", "order_id": "O1", "cl_ord_id": "X", "exec_type": "Trade", **trade,
    })  # fmt: skip
    return story


@pytest.mark.parametrize(
    ("story", "heading", "words"),
    [
        pytest.param(
            unanswered(),
            "What happened",
            "This is about 1 order of account desk at canonical. Between 2026-02-07 12:00:01.000 "
            "and 2026-02-07 12:00:05.000 UTC (4 s), 5 messages were recorded",
            id="who, when, how much was said",
        ),
        pytest.param(
            unanswered(), "What happened", "Of 100 in all (canonical), as known now: 40 matched, "
            "60 remaining.", id="where the size is",
        ),
        pytest.param(
            unanswered(), "What happened", "1 cancel request touched these orders. Of the orders "
            "in them: 1 of unknown fate.", id="what became of cancels",
        ),
        pytest.param(
            unanswered(), "How much money is affected", "could have been lost at one time",
            id="the risk at its worst",
        ),
        pytest.param(
            unanswered(), "What is still unknown", "Order O1: 0 to 60 may be live: nobody knows "
            "what became of our cancel. What ends the doubt: the cancel's answer",
            id="what is in doubt, and what ends it",
        ),
        pytest.param(
            unanswered(), "What to do next", "`breakwater resolve`", id="whom to ask",
        ),
        pytest.param(
            unanswered(), "What to do next", "`breakwater breaks show ", id="what to work",
        ),
        pytest.param(
            behind(), "What happened", "Even a client that read every message at once was behind: "
            "for 4 s from 2026-02-07 12:00:03.000 on, 40 more had matched (canonical) than it "
            "could know.", id="how far behind a client was",
        ),
        pytest.param(
            behind(), "What is still unknown", "Every order is certain", id="nothing in doubt",
        ),
    ],
)  # fmt: skip
def test_people_who_were_not_there_are_told(
    app: App, story: Feed, heading: str, words: str
) -> None:
    feed(app, story)
    assert words in said(reported(app, Only(market="M1")), heading)


def test_a_break_of_no_order_is_in_the_report_of_the_order_that_proves_it(app: App) -> None:
    app.ingest(open_files([str(EXAMPLES / "abp-filter-cancel.ndjson")]))
    incident = reported(app, Only(account="northwind"))
    assert "CXL-23" in [record["code"] for record in incident.breaks]
    severities = [record["severity"] for record in incident.to_do]
    assert severities[0] == "critical"


def test_the_proof_of_a_break_leads_to_rows_of_the_page(app: App) -> None:
    app.ingest(open_files([str(EXAMPLES / "predictstreet-batch.ndjson")]))
    told = page(reported(app, Only(market="FEDMAR26-BIN-017")))
    links = set(re.findall(r'href="#([^"]+)"', told))
    assert links
    assert links <= set(re.findall(r' id="([^"]+)"', told))


def test_the_policy_of_the_page_lets_in_its_style_alone(app: App) -> None:
    feed(app, unanswered())
    told = page(reported(app, Only(market="M1")))
    (style,) = re.findall(r"<style>(.*?)</style>", told, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert "default-src 'none'" in told
    assert f"style-src 'sha256-{digest}'" in told
    assert "<script" not in told
    assert " style=" not in told
    assert set(re.findall(r"https?://[^\"'\s<]+", told)) == {"http://www.w3.org/2000/svg"}


def test_the_same_log_gives_the_same_page(app: App) -> None:
    feed(app, unanswered())
    first, again = (page(reported(app, Only(market="M1"))) for _time in range(2))
    assert first == again


def test_the_end_of_the_page_says_which_log_it_comes_from(app: App) -> None:
    feed(app, unanswered())
    about = dict(reported(app, Only(market="M1")).about)
    assert about["log position"] == str(app.store.head())
    assert about["hash of the log there"] == app.store.log.head().hash.hex()
    assert about["recordings"] == "c1"


def test_both_databases_report_alike(database_url: str) -> None:
    with desk(database_url) as app:
        feed(app, unanswered())
        incident = reported(app, Only(account="desk"))
        assert [record["code"] for record in incident.to_do] == ["CXL-11"]
        assert page(incident).startswith("<!doctype html>")


def test_a_page_is_cut_and_says_so(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_tables, "ROWS_MAX", 3)
    feed(app, unanswered())
    told = page(reported(app, Only(market="M1")))
    assert "The first 3 of " in told
    assert "all of them: <code>breakwater timeline --market M1</code>" in told


def test_nothing_is_reported_of_a_log_that_has_seen_nothing(app: App) -> None:
    told = scope_timeline(app, "nothing", Only(market="M1"))
    assert incident_of(app, told, "") is None
