"""`breakwater breaks assign`, `comment`, `acknowledge`, …: what people do about breaks.

Several breaks may be named; it is done to all of them or, when one does not allow it, to none. A
group stands for those of its members that allow it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer
from sqlalchemy import Connection

from adapters.bootstrap import App
from adapters.bootstrap_desk import desk_of, severities_of
from adapters.cli.context import app_of, settings_of
from adapters.cli.exits import NotFound, Usage
from adapters.cli.listing import Column, Format, Json, Record, show
from adapters.cli.options import Now
from adapters.desk import Case
from domain.desk_decisions import ALLOWED, Asked, Verb
from domain.desk_state import Work
from domain.values import Account
from projections import queries
from projections.break_groups import find_group, told_of
from projections.break_queries import BREAK_FIELDS, DESK_FIELDS, evidence_of, find_break

Ids = Annotated[list[str], typer.Argument(metavar="ID…", help="Breaks by id, or the start of it.")]
By = Annotated[str | None, typer.Option("--by", help="Who does it (env BREAKWATER_ACTOR).")]
Reason = Annotated[str, typer.Option("--reason", help="Why; it is kept with the decision.")]

NOBODY = "-"
WHO_CHARACTERS_MAX = 200
TEXT_CHARACTERS_MAX = 4_000
COLUMNS = (
    Column("break", "break_id", characters=8),
    Column("code", "code"),
    Column("status", "status"),
    Column("owner", "owner"),
    Column("by", "decided_by"),
    Column("what", "note"),
)


def assign(
    context: typer.Context,
    break_ids: Ids,
    who: Annotated[str, typer.Argument(help="Whose it is from now on; - is nobody.")],
    by: By = None,
    now: Now = False,
    as_json: Json = False,
) -> None:
    """Give breaks to somebody."""
    to = None if who.strip() == NOBODY else named(who, "who it is given to")
    _work(context, break_ids, Verb.ASSIGN, by, now=now, as_json=as_json, to=to)


def comment(
    context: typer.Context,
    break_ids: Ids,
    text: Annotated[str, typer.Argument(help="What is to be remembered.")],
    by: By = None,
    now: Now = False,
    as_json: Json = False,
) -> None:
    """Write something down about breaks; closed ones too."""
    _work(context, break_ids, Verb.COMMENT, by, now=now, as_json=as_json, text=text)


def acknowledge(
    context: typer.Context, break_ids: Ids, by: By = None, now: Now = False, as_json: Json = False
) -> None:
    """Say that breaks were seen and will be worked. They stay open."""
    _work(context, break_ids, Verb.ACKNOWLEDGE, by, now=now, as_json=as_json)


def accept(
    context: typer.Context,
    break_ids: Ids,
    reason: Reason,
    by: By = None,
    now: Now = False,
    as_json: Json = False,
) -> None:
    """Live with the difference as it is now; other figures open the break again."""
    _work(context, break_ids, Verb.ACCEPT, by, now=now, as_json=as_json, text=reason)


def resolve(
    context: typer.Context,
    break_ids: Ids,
    reason: Annotated[str | None, typer.Option("--reason", help="How.")] = None,
    by: By = None,
    now: Now = False,
    as_json: Json = False,
) -> None:
    """Say that the cause was dealt with; newer proof opens the break again."""
    _work(context, break_ids, Verb.RESOLVE, by, now=now, as_json=as_json, text=reason)


def reopen(
    context: typer.Context,
    break_ids: Ids,
    reason: Reason,
    by: By = None,
    now: Now = False,
    as_json: Json = False,
) -> None:
    """Take back what was decided or proposed."""
    _work(context, break_ids, Verb.REOPEN, by, now=now, as_json=as_json, text=reason)


def force_close(
    context: typer.Context,
    break_ids: Ids,
    reason: Reason,
    by: By = None,
    now: Now = False,
    as_json: Json = False,
) -> None:
    """Close breaks by hand, future occurrences with the same figures included."""
    _work(context, break_ids, Verb.FORCE_CLOSE, by, now=now, as_json=as_json, text=reason)


def approve(
    context: typer.Context, break_ids: Ids, by: By = None, now: Now = False, as_json: Json = False
) -> None:
    """Agree, as a second person, with what somebody else asked for."""
    _work(context, break_ids, Verb.APPROVE, by, now=now, as_json=as_json)


def decline(
    context: typer.Context,
    break_ids: Ids,
    reason: Reason,
    by: By = None,
    now: Now = False,
    as_json: Json = False,
) -> None:
    """Refuse, as a second person, what somebody else asked for."""
    _work(context, break_ids, Verb.DECLINE, by, now=now, as_json=as_json, text=reason)


COMMANDS = (
    (Verb.ASSIGN, assign),
    (Verb.COMMENT, comment),
    (Verb.ACKNOWLEDGE, acknowledge),
    (Verb.ACCEPT, accept),
    (Verb.RESOLVE, resolve),
    (Verb.REOPEN, reopen),
    (Verb.FORCE_CLOSE, force_close),
    (Verb.APPROVE, approve),
    (Verb.DECLINE, decline),
)
"""Every command of the desk, by the name of what it does."""


def named(text: str, what: str) -> str:
    """The name of a person, on one line."""
    name = " ".join(said(text, what).split())
    if len(name) > WHO_CHARACTERS_MAX:
        raise Usage(f"{what}: a name of more than {WHO_CHARACTERS_MAX} characters; shorten it")
    return name


def said(text: str, what: str) -> str:
    """A text that people wrote: not empty, not endless, and text."""
    told = text.strip()
    if not told:
        raise Usage(f"{what}: it is empty; say something")
    if len(told) > TEXT_CHARACTERS_MAX:
        raise Usage(f"{what}: more than {TEXT_CHARACTERS_MAX} characters; shorten it")
    for character in told:
        if not (character.isprintable() or character in "\n\t\u00a0 "):
            raise Usage(f"{what}: {character!r} is no character of a text; leave it out")
    return told


def _work(
    context: typer.Context,
    break_ids: Sequence[str],
    verb: Verb,
    by: str | None,
    *,
    now: bool,
    as_json: bool,
    to: str | None = None,
    text: str | None = None,
) -> None:
    """Ask for it, and show how the breaks stand then."""
    told = None if text is None else said(text, "the text" if verb is Verb.COMMENT else "--reason")
    actor = by if by is not None else settings_of(context).actor
    if actor is None:
        raise Usage("nobody said who does this; add `--by WHO`, or set BREAKWATER_ACTOR")
    asked = Asked(verb=verb, by=named(actor, "--by"), to=to, text=told)
    with app_of(context) as app:
        with app.reading() as connection:
            at = app.as_of(connection, now=now)
            found = _found(app, connection, break_ids, at, verb)
            cases = [_case(app, connection, record, at, asked) for record in found]
        if desk_of(app).work(cases):
            app.runner.catch_up()
            app.checkpoint()
        with app.reading() as connection:
            done = _found(app, connection, [record["break_id"] for record in found], at, verb)
    form = Format.JSON if as_json else Format.TABLE
    show(done, form, (*BREAK_FIELDS, *DESK_FIELDS), COLUMNS, verb.value)


def _found(
    app: App, connection: Connection, break_ids: Sequence[str], at: datetime | None, verb: Verb
) -> list[Record]:
    """The breaks that go by these ids, each once; a group stands for its members."""
    found: dict[str, Record] = {}
    for break_id in break_ids:
        record = None if at is None else find_break(connection, break_id, at, severities_of(app))
        members = () if record is not None else _members(app, connection, break_id, at, verb)
        if members:
            found.update({member["break_id"]: member for member in members})
            continue
        if record is None or at is None:
            raise NotFound(f"no one break is called {break_id!r}; try `breakwater breaks --all`")
        if record["opened_at"] > at:
            raise NotFound(
                f"break {record['break_id']} is not there before its time of grace is over; "
                "try again with --now"
            )
        found[record["break_id"]] = record
    return list(found.values())


def _members(
    app: App, connection: Connection, name: str, at: datetime | None, verb: Verb
) -> Sequence[Record]:
    """The members of a group of this name with which this can be done; else all of them."""
    burst = None if at is None else find_group(connection, name, at, app.settings.grouping)
    if burst is None or at is None:
        return ()
    for statuses in (ALLOWED[verb] - {Work.CLOSED}, frozenset[Work]()):
        _, members = told_of(connection, burst, at, severities_of(app), statuses)
        if members:
            return members
    return ()


def _case(
    app: App, connection: Connection, record: Record, at: datetime | None, asked: Asked
) -> Case:
    """What is asked of one break, as it is seen now."""
    assert at is not None, "without a moment there is no break"
    position = queries.standings(connection)["breaks"].position
    policy = app.settings.limits_at(record["venue"])
    return Case(
        break_id=UUID(record["break_id"]),
        owner=Account(record["venue"], record["account"]),
        seen=evidence_of(record, at, position),
        asked=replace(asked, at_stake=policy.second_person(record["at_stake"])),
    )
