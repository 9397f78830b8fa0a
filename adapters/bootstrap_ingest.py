"""The part of bootstrap that reads recordings into the log: files, engine, venues."""

from __future__ import annotations

from functools import partial

from adapters.bootstrap import App, Sources
from adapters.bootstrap_beside import follower_of
from adapters.captures.ndjson import item
from adapters.collecting import collected_rarely
from adapters.engine.ingest import Ingest
from adapters.engine.sorting import Tally
from adapters.following import following

__all__ = ["Tally", "ingested"]


def ingested(app: App, sources: Sources) -> Tally:
    """Read recordings into the log and keep the projections current; what there was."""
    app.runner.catch_up()
    begin = partial(follower_of, app.settings, app.limits)
    with collected_rarely(), following(app.runner, begin, app) as models:
        engine = Ingest(app.store, partial(item, "log", 0), app.dialects, models, models.take)
        for source, items in sources:
            engine.read(source, items)
        engine.finish()
    app.checkpoint()
    return engine.tally
