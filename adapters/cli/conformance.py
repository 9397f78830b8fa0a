"""`breakwater conformance`: every scenario of the published tables, played through the engine."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from adapters.bootstrap import App, open_files, opened
from adapters.cli.exits import Exit, NotFound, Usage
from adapters.cli.listing import Column, Csv, Format, Json, Ndjson, chosen, show
from adapters.conformance.lines import capture_lines
from adapters.conformance.reading import BadTable, published, scenarios
from adapters.conformance.scenario import Scenario, Variant, variants
from adapters.conformance.verdict import Verdict, judge, merged_into
from adapters.settings import Settings
from domain.recorded import Recorded
from domain.values import Account, Name
from projections import queries
from projections.break_queries import Wanted, break_list

FIELDS = (
    "source",
    "scenario",
    "title",
    "variant",
    "claims",
    "steps",
    "passed",
    "ok",
    "first_difference",
)
_COLUMNS = (
    Column("scenario", "scenario"),
    Column("variant", "variant"),
    Column("claims", "claims"),
    Column("steps", "steps", right=True),
    Column("passed", "passed", right=True),
    Column("first difference", "first_difference"),
)


def conformance(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Tables in the published JSON format; without any, the suite itself."),
    ] = None,
    scenario: Annotated[
        list[str] | None, typer.Option("--scenario", help="Only this scenario; repeatable.")
    ] = None,
    as_json: Json = False,
    ndjson: Ndjson = False,
    as_csv: Csv = False,
) -> None:
    """Play the FIX order state scenarios through the engine; the table and the score.

    Each is played along its main path, along every branch that was not taken, and with messages
    that cross in every order; all of it again without the venue's claims. Ends with 1 when a
    figure differs.
    """
    form = chosen(as_json=as_json, ndjson=ndjson, as_csv=as_csv)
    wanted = _wanted(files or [], scenario or [])
    verdicts = list(played(wanted))
    show((_record(verdict) for verdict in verdicts), form, FIELDS, _COLUMNS, "conformance")
    typer.echo(score(wanted, verdicts), err=form is not Format.TABLE)
    if not all(verdict.ok for verdict in verdicts):
        raise typer.Exit(Exit.FINDINGS)


def _wanted(files: Sequence[Path], names: Sequence[str]) -> list[Scenario]:
    gone = [str(path) for path in files if not path.exists()]
    if gone:
        raise NotFound(f"no such file: {', '.join(gone)}; check the path and try again")
    try:
        found = [one for path in files for one in scenarios(path)] if files else published()
    except BadTable as error:
        raise Usage(str(error)) from error
    missing = set(names) - {one.name for one in found}
    if missing:
        known = ", ".join(one.name for one in found)
        raise NotFound(f"no scenario {', '.join(sorted(missing))}; there are {known}")
    return [one for one in found if not names or one.name in names]


def score(wanted: Sequence[Scenario], verdicts: Sequence[Verdict]) -> str:
    """How much of it agrees, in one line."""
    good = {verdict.variant.scenario.name for verdict in verdicts}
    good -= {verdict.variant.scenario.name for verdict in verdicts if not verdict.ok}
    steps = sum(verdict.steps for verdict in verdicts)
    passed = sum(verdict.passed for verdict in verdicts)
    agreeing = sum(verdict.ok for verdict in verdicts)
    return (
        f"score: {len(good)} of {len(wanted)} scenarios, {agreeing} of {len(verdicts)} variants, "
        f"{passed} of {steps} steps"
    )


def _record(verdict: Verdict) -> dict[str, Any]:
    variant = verdict.variant
    return {
        "source": variant.scenario.source,
        "scenario": variant.scenario.name,
        "title": variant.scenario.title,
        "variant": variant.name,
        "claims": variant.claims,
        "steps": verdict.steps,
        "passed": verdict.passed,
        "ok": verdict.ok,
        "first_difference": verdict.difference,
    }


def played(wanted: Sequence[Scenario]) -> Iterator[Verdict]:
    """Every variant of the scenarios, read as a capture into a database of its own and judged."""
    captures = {
        f"{number}": variant
        for number, variant in enumerate((v for one in wanted for v in variants(one)), 1)
    }
    with tempfile.TemporaryDirectory(prefix="breakwater-conformance-") as directory:
        tape = Path(directory) / "conformance.ndjson"
        with tape.open("w", encoding="utf-8") as file:
            file.writelines(
                f"{line}\n"
                for name, variant in captures.items()
                for line in capture_lines(variant, name)
            )
        settings = Settings(database_url=f"sqlite:///{directory}/conformance.db")
        with opened(settings) as app:
            app.ingest(open_files([str(tape)]))
            refused = _refused(app)
            for name, variant in captures.items():
                yield judge(variant, _Read(app, name, variant, refused.get(name, {})))


def _refused(app: App) -> dict[str, dict[int, str]]:
    """The lines that were set aside, by capture and place."""
    found: dict[str, dict[int, str]] = {}
    for row in app.store.log.quarantined():
        if row.capture is not None and row.seq is not None and not row.released:
            found.setdefault(row.capture, {})[row.seq] = f"set aside: {row.reason}"
    return found


@dataclass(frozen=True, slots=True)
class _Read:
    """What the database knows of one variant."""

    app: App
    capture: str
    variant: Variant
    aside: Mapping[int, str]

    def history(self, names: Sequence[Name]) -> Sequence[Recorded]:
        """The events of the order that the first known of these names leads to; none, if none."""
        store = self.app.store
        for venue in self._venues():
            pairs = [(Account(venue, self.capture), name) for name in names]
            found = store.resolve(pairs)
            key = next((found[pair] for pair in pairs if pair in found), None)
            while key is not None:
                events = store.histories([key])[key]
                key = merged_into(events)
                if key is None:
                    return events
        return ()

    def _venues(self) -> list[str]:
        told = [step.wire.get("venue") for step in self.variant.steps if step.wire is not None]
        return list(dict.fromkeys([*(str(venue) for venue in told if venue), "canonical"]))

    def refused(self) -> Mapping[int, str]:
        """The lines that could not be taken, by their place, and why."""
        return self.aside

    def breaks(self) -> frozenset[str]:
        """The codes of the breaks that are open."""
        with self.app.reading() as connection:
            at = queries.as_of(connection)
            if at is None:
                return frozenset()
            wanted = Wanted(account=self.capture)
            return frozenset(flag["code"] for flag in break_list(connection, at, wanted))
