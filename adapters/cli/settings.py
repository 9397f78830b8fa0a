"""`breakwater settings`: what is set, for whom, where it came from, and what it means."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from inspect import cleandoc, getsource
from itertools import pairwise
from urllib.parse import urlsplit, urlunsplit

import typer
from pydantic import SecretStr

from adapters.cli.context import settings_of
from adapters.cli.listing import Column, Csv, Json, Ndjson, Record, chosen, show
from adapters.desk_policy import DeskPolicy
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
    meaning = dict(meanings())
    for name, field in Settings.model_fields.items():
        if name in {"venues", "connections"}:
            continue  # the one is told below, the other by `breakwater connections`
        yield _record(name, None, getattr(chosen_settings, name), field.default, meaning[name])
    for venue, own in chosen_settings.venues.items():
        limits = chosen_settings.limits_at(venue)
        for name in own:
            everywhere = getattr(chosen_settings, name)
            yield _record(name, venue, getattr(limits, name), everywhere, meaning[name])


def meanings() -> Iterator[tuple[str, str]]:
    """What each setting means: the text under it, read from the source when somebody asks.

    Pydantic would read it too, whenever any command starts (`use_attribute_docstrings`).
    """
    for kind in (DeskPolicy, Limits, Settings):
        (told_kind,) = ast.parse(getsource(kind)).body
        assert isinstance(told_kind, ast.ClassDef), "the source of a class"
        for field, under in pairwise(told_kind.body):
            match field, under:
                case (
                    ast.AnnAssign(target=ast.Name(id=name)),
                    ast.Expr(value=ast.Constant(value=str(text))),
                ):
                    yield name, text
                case _:
                    pass  # a method, the text itself


def _record(name: str, venue: str | None, value: object, default: object, meaning: str) -> Record:
    return {
        "setting": name,
        "venue": venue,
        "value": shown(value),
        "default": default,
        "meaning": " ".join(cleandoc(meaning).split()),
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
