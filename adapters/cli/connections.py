"""`breakwater connections list`: the accounts at venues that are set; no key is ever shown."""

from __future__ import annotations

from collections.abc import Iterator

import typer

from adapters.cli.context import settings_of
from adapters.cli.listing import Column, Csv, Json, Ndjson, Record, chosen, show
from adapters.settings import Settings
from adapters.speaking import has_key

connections = typer.Typer(help="Accounts at venues.", no_args_is_help=True)
FIELDS = ("name", "venue", "account", "base_url", "ws_url", "key", "key_found")


@connections.command("list")
def listed(
    context: typer.Context, as_json: Json = False, ndjson: Ndjson = False, as_csv: Csv = False
) -> None:
    """List the connections of the settings file, and whether their keys are there."""
    form = chosen(as_json=as_json, ndjson=ndjson, as_csv=as_csv)
    columns = tuple(Column(name.replace("_", " "), name) for name in FIELDS)
    show(_told(settings_of(context)), form, FIELDS, columns, "connections")


def _told(settings: Settings) -> Iterator[Record]:
    for name, connection in settings.connections.items():
        in_file = connection.key_env is None
        yield {
            "name": name,
            "venue": connection.venue,
            "account": connection.account,
            "base_url": connection.base_url,
            "ws_url": connection.ws_url,
            "key": f"file {connection.key_file}" if in_file else f"variable {connection.key_env}",
            "key_found": has_key(name, connection),
        }
