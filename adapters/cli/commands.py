"""Every command: its name, where it is, and the sentence that the list of commands says of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Command(NamedTuple):
    """A row of the list: `place` is a `module:attribute` here in `adapters.cli`.

    What it says is the first paragraph of the command's own help; a test holds the two together.
    """

    name: str
    place: str
    says: str


COMMANDS: Sequence[Command] = (
    Command(
        "ingest",
        "ingesting:ingest",
        "Read recordings into the log and keep the projections current.",
    ),
    Command(
        "orders",
        "asking_orders:orders",
        "List orders: size = matched + remaining + cancelled + lapsed + voided, always.",
    ),
    Command(
        "timeline",
        "timeline:timeline",
        "Tell what happened to an order, a market or an account, by all three clocks.",
    ),
    Command(
        "replay",
        "replaying:replay",
        "Read traffic again, into a log of its own: the same events, breaks and state hash.",
    ),
    Command(
        "diff",
        "differing:diff",
        "Tell what differs between two databases, captures, rule sets or readings: 1 when "
        "anything.",
    ),
    Command(
        "races",
        "racing:races_command",
        "Play the messages that crossed on the wire in every course that events may have taken.",
    ),
    Command(
        "as-of",
        "as_of:as_of",
        "Show open orders, orders, cancels and breaks as they stood at a moment of the past.",
    ),
    Command(
        "cancels",
        "asking_cancels:cancels",
        "List cancel requests: asked when, by whom, how wide, and what became of every order.",
    ),
    Command(
        "cancel",
        "cancelling:cancel",
        "Cancel orders at a venue: show them, store who and why, send, report order by order.",
    ),
    Command(
        "resolve",
        "cancelling:resolve",
        "Ask the venues about everything of unknown outcome; nothing is ever sent again.",
    ),
    Command(
        "activity",
        "asking_upkeep:activity",
        "Count what happened per venue, account and UTC day.",
    ),
    Command(
        "quarantine",
        "asking_upkeep:quarantine",
        "List what was set aside: where it stood, why, and its bytes.",
    ),
    Command(
        "events",
        "events:events",
        "Print what happened, as others get it: a CloudEvent a line (docs/feed).",
    ),
    Command(
        "reconcile",
        "reconciling:reconcile",
        "Hold a venue's own list against our books at the list's own time, and record the run.",
    ),
    Command(
        "verify",
        "upkeep:verify",
        "Walk the hash chain, then rebuild the read models beside the stored ones and compare.",
    ),
    Command(
        "doctor",
        "doctor:doctor",
        "Say what is wrong and which command to try next. Nothing is changed.",
    ),
    Command(
        "run",
        "running:run_command",
        "Listen to the feeds of the accounts that are set, keep the books current, compare them.",
    ),
    Command(
        "serve",
        "serving:serve_command",
        "Serve the venues' APIs over the paper venue and record whatever their callers do.",
    ),
    Command(
        "simulate",
        "simulating:simulate_command",
        "Serve a venue's API over books that match, race and fail as the script says.",
    ),
    Command(
        "settings",
        "settings:settings",
        "List every setting: its value here, its default, what it means.",
    ),
    Command(
        "demo",
        "demo:demo",
        "Read the example captures into SQLite and show what is open, cancelled, and broken.",
    ),
    Command(
        "conformance",
        "conformance:conformance",
        "Play the FIX order state scenarios through the engine; the table and the score.",
    ),
    Command(
        "export",
        "exporting:export_command",
        "Write orders, fills, cancels, breaks, days and events as files, by day and venue.",
    ),
    Command("order", "asking_orders:order", "One order."),
    Command("report", "reporting:report", "Pages for people who have no terminal."),
    Command("bundle", "bundles:bundles", "Pieces of the log, to be handed to others."),
    Command("case", "cases:cases", "Incidents as tests."),
    Command("connections", "connections:connections", "Accounts at venues."),
    Command("projections", "upkeep:projections", "The read models."),
    Command("db", "upkeep:db", "The database's schema."),
    Command("keys", "keys:keys", "Keys that open the gateways."),
    Command("publish", "publishing:publish", "Send the log's events on as they come."),
    Command("scaffold", "scaffolding:scaffolds", "Write what a new part begins with."),
    Command(
        "breaks",
        "working_breaks:break_group",
        "List what does not add up, each with its proof. Ends with 1 when a break is to be worked.",
    ),
)
"""In the order of the list: what is done to one thing first, then the groups."""
