"""`breakwater settings`: what is set, for whom, where it came from, and what it means."""

from __future__ import annotations

from collections.abc import Iterator
from inspect import cleandoc
from urllib.parse import urlsplit, urlunsplit

import typer
from pydantic import SecretStr

from adapters.cli.context import settings_of
from adapters.cli.listing import Column, Csv, Json, Ndjson, Record, chosen, show
from adapters.limits import Limits
from adapters.settings import Settings

FIELDS = ("setting", "venue", "value", "default", "meaning")


def settings(
    context: typer.Context, as_json: Json = False, ndjson: Ndjson = False, as_csv: Csv = False
) -> None:
    """List every setting: its value here, its default, what it means."""
    form = chosen(as_json=as_json, ndjson=ndjson, as_csv=as_csv)
    columns = tuple(Column(name, name) for name in FIELDS)
    show(told(settings_of(context)), form, FIELDS, columns, "settings")


def told(chosen_settings: Settings) -> Iterator[Record]:
    """One record per setting, then one per limit that a venue has for itself."""
    for name, field in Settings.model_fields.items():
        if name in {"venues", "connections"}:
            continue  # the one is told below, the other by `breakwater connections`
        yield _record(name, None, getattr(chosen_settings, name), field.default, field.description)
    for venue, own in chosen_settings.venues.items():
        limits = chosen_settings.limits_at(venue)
        for name in own:
            field = Limits.model_fields[name]
            everywhere = getattr(chosen_settings, name)
            yield _record(name, venue, getattr(limits, name), everywhere, field.description)


def _record(
    name: str, venue: str | None, value: object, default: object, meaning: str | None
) -> Record:
    return {
        "setting": name,
        "venue": venue,
        "value": shown(value),
        "default": default,
        "meaning": " ".join(cleandoc(meaning or "").split()),
    }


def shown(value: object) -> object:
    """The value without what opens anything."""
    if isinstance(value, SecretStr):
        return "$redacted"
    return without_password(value) if isinstance(value, str) else value


def without_password(url: str) -> str:
    """A URL as it may be shown; any other text as it is."""
    parts = urlsplit(url)
    if parts.password is None:
        return url
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{parts.username}:$redacted@{host}"))
