"""What each question answers, field by field as the format page has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.cli.exits import Exit
from tests.adapters.cli.using import (
    BREAK_FIELDS,
    CANCEL_FIELDS,
    HISTORY_FIELDS,
    ORDER_FIELDS,
    OUTCOME_FIELDS,
    STORY,
    UNANSWERED,
    Capture,
    Run,
)


def test_an_empty_directory_becomes_a_log_with_the_first_ingest(
    run: Run, capture: Capture, tmp_path: Path
) -> None:
    ran = run("ingest", capture(STORY), "--json")
    assert ran.code == Exit.DONE
    assert ran.json["read"] == len(STORY)
    assert ran.json["set_aside"] == 0
    assert (tmp_path / "breakwater.db").exists()


def test_an_order_is_printed_with_the_fields_of_the_format_page(run: Run, capture: Capture) -> None:
    run("ingest", capture(STORY))
    (order,) = run("orders", "--json").json
    assert list(order) == ORDER_FIELDS
    assert (order["size"], order["matched"], order["cancelled"]) == ("100", "50", "50")
    assert (order["remaining"], order["lapsed"], order["voided"]) == ("0", "0", "0")
    assert order["price"] == "1.95"
    assert order["status"] == "CANCELLED"
    assert order["certain"] is True
    assert order["user_ref"] is None
    assert order["placed_at"] == "2026-02-07T12:00:01.250000Z"


def test_a_history_tells_the_line_behind_each_event_and_the_quantities_after_it(
    run: Run, capture: Capture
) -> None:
    run("ingest", capture(STORY))
    order = run("order", "show", "O1", "--json").json
    assert list(order) == [*ORDER_FIELDS, "history"]
    assert all(list(entry) == HISTORY_FIELDS for entry in order["history"])
    told = [(entry["seq"], entry["event"], entry["remaining"]) for entry in order["history"]]
    assert told == [
        (1, "OrderPlaced", "100"),
        (2, "OrderAccepted", "100"),
        (3, "Filled", "60"),
        (4, "CancelRequested", "60"),
        (4, "OrderIdentified", "60"),
        (5, "Filled", "50"),
        (6, "Cancelled", "0"),
    ]


@pytest.mark.parametrize("name", ["O1", "X", "Y"])
def test_an_order_is_found_by_each_of_its_names(run: Run, capture: Capture, name: str) -> None:
    run("ingest", capture(STORY))
    assert run("order", "show", name, "--json").json["venue_order_id"] == "O1"


def test_a_cancel_tells_what_had_matched_before_it_and_while_it_was_on_its_way(
    run: Run, capture: Capture
) -> None:
    run("ingest", capture(STORY))
    (cancel,) = run("cancels", "--json").json
    assert list(cancel) == CANCEL_FIELDS
    assert cancel["scope"] == {"kind": "orders", "values": ["O1"]}
    assert (cancel["status"], cancel["latency_ms"]) == ("answered", 2000)
    (outcome,) = cancel["outcomes"]
    assert list(outcome) == OUTCOME_FIELDS
    assert outcome["outcome"] == "cancelled"
    assert (outcome["asked"], outcome["cancelled"]) == ("O1", "50")
    assert (outcome["matched_before"], outcome["matched_in_flight"]) == ("40", "10")
    assert outcome["matched_after"] == "0"


def test_a_cancel_without_an_answer_is_a_break_with_its_proof(run: Run, capture: Capture) -> None:
    run("ingest", capture(UNANSWERED))
    ran = run("breaks", "--json")
    assert ran.code == Exit.FINDINGS
    (flag,) = ran.json
    assert list(flag)[: len(BREAK_FIELDS)] == BREAK_FIELDS
    assert (flag["code"], flag["kind"], flag["status"]) == ("CXL-11", "break", "open")
    shown = run("breaks", "show", flag["break_id"][:12], "--json").json
    assert [entry["position"] for entry in shown["proof"]] == flag["witness"]
    (order,) = run("orders", "--open", "--json").json
    assert order["certain"] is False
    assert (order["remaining_min"], order["remaining_max"]) == ("0", "60")


def test_a_clean_log_has_no_breaks_and_ends_with_zero(run: Run, capture: Capture) -> None:
    run("ingest", capture(STORY))
    ran = run("breaks", "--json")
    assert (ran.code, ran.json) == (Exit.DONE, [])
    notes = run("breaks", "--notes", "--json").json
    assert [flag["code"] for flag in notes] == ["CXL-01"]


def test_a_grace_period_ends_with_the_wall_clock_only_when_it_is_asked_for(
    run: Run, capture: Capture
) -> None:
    run("ingest", capture(STORY[:4]))
    assert run("breaks", "--json").code == Exit.DONE
    late = run("breaks", "--now", "--json")
    assert late.code == Exit.FINDINGS
    assert "CXL-10" in {flag["code"] for flag in late.json}
