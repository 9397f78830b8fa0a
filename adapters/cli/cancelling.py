"""`breakwater cancel`: take orders off the book at a venue; asked first, recorded, never wider."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from adapters.acting import acting
from adapters.bootstrap import App
from adapters.cancel_report import FIELDS, all_done, reported
from adapters.cancelling import (
    PLAN_FIELDS,
    Ask,
    CannotSay,
    Intent,
    Plan,
    ScopeKind,
    Told,
    carried_out,
    money,
    plan_of,
)
from adapters.cli.context import app_of
from adapters.cli.exits import Exit, NotFound, Usage
from adapters.cli.listing import Column, Csv, Format, Json, Ndjson, chosen, inline, say, show
from adapters.cli.options import AccountName, Venue
from adapters.resolving import TRIES, Resolved, abandoned_told, resolved, uncertain
from adapters.speaking import Line, line_of, lines_of
from domain.ports import Conflict
from domain.values import Account

RIGHT = frozenset(
    {"price", "size", "matched", "remaining", "remaining_max", "at_risk", "cancelled"}
)
PLAN_SHOWN = tuple(name for name in PLAN_FIELDS if name not in {"order_key", "user_ref"})
SHOWN = (
    "venue_order_id",
    "asked",
    "outcome",
    "reason",
    "cancelled",
    "status",
    "remaining",
    "certain",
)

VenueName = Annotated[str, typer.Option("--venue", help="abp, predictstreet or fourcasters.")]
AccountOf = Annotated[str, typer.Option("--account", help="Whose orders.")]
Orders = Annotated[
    list[str] | None,
    typer.Option("--order", help="This order, by any name of it; may be given again."),
]
References = Annotated[
    list[str] | None, typer.Option("--ref", help="The order of this client reference; again.")
]
UserReferences = Annotated[
    list[str] | None, typer.Option("--user-ref", help="Every order with this tag of ours; again.")
]
Markets = Annotated[
    list[str] | None, typer.Option("--market", help="Every order in this market or game; again.")
]
Everything = Annotated[
    bool, typer.Option("--all", help="Every order of the account; --count or --yes confirms it.")
]
Tries = Annotated[
    int,
    typer.Option(min=0, max=20, help="How often to ask the venue about an unknown outcome."),
]


def cancel(
    context: typer.Context,
    venue: VenueName,
    account: AccountOf,
    by: Annotated[str, typer.Option("--by", help="Who wants it.")],
    why: Annotated[str, typer.Option("--why", help="For what reason.")],
    order: Orders = None,
    ref: References = None,
    user_ref: UserReferences = None,
    market: Markets = None,
    everything: Everything = False,
    dry_run: Annotated[bool, typer.Option(help="Only show what it would touch.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="With --all: whatever there is.")] = False,
    count: Annotated[
        int | None, typer.Option(min=0, help="With --all: only if so many orders are open.")
    ] = None,
    tries: Tries = TRIES,
    as_json: Json = False,
    ndjson: Ndjson = False,
    as_csv: Csv = False,
) -> None:
    """Cancel orders at a venue: show them, store who and why, send, report order by order."""
    form = chosen(as_json=as_json, ndjson=ndjson, as_csv=as_csv)
    owner = Account(venue, account)
    intent = _intent(by, why)
    wanted = _wanted(order, ref, user_ref, market, everything=everything)
    with app_of(context) as app:
        line = line_of(app.settings, owner)
        abandoned_told(app, owner)
        plan = _plan(app, line, wanted)
        if dry_run:
            _show_plan(plan, form)
            return
        _tell_plan(plan)
        if wanted.kind is ScopeKind.ALL and not yes:
            _confirmed(plan, count)
        raise typer.Exit(_run(app, line, plan, intent, form, tries))


def resolve(
    context: typer.Context,
    venue: Venue = None,
    account: AccountName = None,
    tries: Tries = TRIES,
    as_json: Json = False,
    ndjson: Ndjson = False,
    as_csv: Csv = False,
) -> None:
    """Ask the venues about everything of unknown outcome; nothing is ever sent again."""
    form = chosen(as_json=as_json, ndjson=ndjson, as_csv=as_csv)
    with app_of(context) as app:
        ran = [_asked(app, line, tries) for line in lines_of(app.settings, venue, account)]
        fields = (
            "order_key",
            "venue_order_id",
            "client_order_id",
            "market",
            "size",
            "at_risk",
            "why",
        )
        columns = [Column(name.replace("_", " "), name) for name in fields]
        left = [order for done in ran for order in done.left]
        show(left, form, fields, columns, "still uncertain")
    if not all(done.reached for done in ran):
        raise typer.Exit(Exit.UNREACHABLE)
    raise typer.Exit(Exit.FINDINGS if left else Exit.DONE)


def _asked(app: App, line: Line, tries: int) -> Resolved:
    """What one account's venue had to say."""
    owner = line.owner
    if abandoned_told(app, owner) is None:
        typer.echo(f"another program acts for {owner.venue} {owner.account}", err=True)
    before = len(uncertain(app, owner))
    with acting(app, owner) as free:
        if not free:
            raise Conflict(f"another program tidies up for {owner.venue} {owner.account}")
        done = resolved(app, line, tries)
    left = len(done.left)
    typer.echo(
        f"{owner.venue} {owner.account}: {before} uncertain, asked {done.asked} times, {left} left",
        err=True,
    )
    return done


def _intent(by: str, why: str) -> Intent:
    if not by.strip() or not why.strip():
        raise Usage("--by and --why say who wants it and for what reason: neither may be blank")
    return Intent(by.strip(), why.strip())


def _wanted(
    order: Sequence[str] | None,
    ref: Sequence[str] | None,
    user_ref: Sequence[str] | None,
    market: Sequence[str] | None,
    *,
    everything: bool,
) -> Ask:
    """The one scope that was asked for; none is nothing, never everything."""
    told = (
        (ScopeKind.ORDERS, order),
        (ScopeKind.REFERENCES, ref),
        (ScopeKind.USER_REF, user_ref),
        (ScopeKind.MARKET, market),
    )
    asks = [(kind, tuple(values)) for kind, values in told if values]
    if everything:
        asks.append((ScopeKind.ALL, ()))
    if len(asks) != 1:
        raise Usage("say what to cancel by one of --order, --ref, --user-ref, --market, --all")
    try:
        return Ask(*asks[0])
    except CannotSay as error:
        raise Usage(f"{error}") from error


def _plan(app: App, line: Line, wanted: Ask) -> Plan:
    """What will be said; an error when that is nothing, or nothing that the venue understands."""
    try:
        plan = plan_of(app, line.owner, line.codec, wanted)
        calls = [call for ask in plan.asks for call in line.codec.cancels(ask)]
    except CannotSay as error:
        raise NotFound(f"{error}; try `breakwater orders --open`") from error
    if not calls:
        raise NotFound("no order of ours is in that scope; try `breakwater orders --open`")
    return plan


def _confirmed(plan: Plan, count: int | None) -> None:
    """Everything is cancelled only by someone who knows how much that is."""
    held = len(plan.orders)
    if count is None:
        raise Usage(f"--all would cancel {held} open orders: add --count {held}, or --yes")
    if count != held:
        raise Conflict(f"{held} orders are open, not {count}; look at `breakwater orders --open`")


def _show_plan(plan: Plan, form: Format) -> None:
    columns = [Column(name.replace("_", " "), name, name in RIGHT) for name in PLAN_SHOWN]
    show(plan.orders, form, PLAN_FIELDS, columns, "would cancel")
    _tell_plan(plan)


def _tell_plan(plan: Plan) -> None:
    """What it would touch, in a few lines."""
    owner = plan.owner
    say(f"{owner.venue} {owner.account}: {len(plan.orders)} of our orders", err=True)
    for order in plan.orders[:20]:
        say(
            f"  {order['venue_order_id'] or order['client_order_id'] or order['order_key']}"
            f"  {order['market'] or '-'}  {order['side'] or '-'}"
            f"  {inline(order['remaining'])} of {inline(order['size'])}"
            f" at {inline(order['price'])}  {order['status']}",
            err=True,
        )
    if len(plan.orders) > 20:  # noqa: PLR2004 - a screen; --dry-run lists all
        say(f"  and {len(plan.orders) - 20} more; --dry-run lists them", err=True)
    for currency, amount in money(plan.orders).items():
        say(f"  money at risk {inline(amount)} {currency}", err=True)
    for name in plan.unknown:
        say(f"  {name} is in none of our books", err=True)
    for name in plan.unsaid:
        say(f"  {name} has no name that the venue knows: not cancelled", err=True)


def _run(app: App, line: Line, plan: Plan, intent: Intent, form: Format, tries: int) -> Exit:
    with acting(app, line.owner) as free:
        if not free:
            raise Conflict("another program tidies up for this account; try again")
        told, ids = carried_out(app, line, plan, intent, _heard)
        app.runner.catch_up()
        rows = reported(app, ids)
        if not all_done(rows) and not told[-1].not_sent:
            resolved(app, line, tries)
            rows = reported(app, ids)
    columns = [Column(name.replace("_", " "), name, name in RIGHT) for name in SHOWN]
    show(rows, form, FIELDS, columns, "cancelled")
    if all(one.refused_key for one in told):
        typer.echo("the venue did not take the key; try `breakwater connections list`", err=True)
        return Exit.CONFIGURATION
    if any(one.not_sent for one in told):
        typer.echo(
            f"{line.owner.venue} could not be reached: nothing more was sent; try again", err=True
        )
        return Exit.UNREACHABLE
    if plan.unsaid or not all_done(rows):
        typer.echo(
            "not all is done: `breakwater orders --open` tells what is left, "
            "`breakwater orders --uncertain` what nobody knows",
            err=True,
        )
        return Exit.FINDINGS
    return Exit.DONE


def _heard(told: Told) -> None:
    if told.lost is not None:
        say(f"no answer: {told.lost}", err=True)
