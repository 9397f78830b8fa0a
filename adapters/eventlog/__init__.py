"""The event log: a persistence module of the `eventsourcing` library, and the log beneath it."""

from adapters.eventlog.factory import Factory

__all__ = ["Factory"]
