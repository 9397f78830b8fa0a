"""Why publishing does not go on: for now, or at all."""

from __future__ import annotations


class Interrupted(Exception):
    """It does not go on now, and may later: the server is away, or the stream is full."""


class Denied(Exception):
    """The server does not let us in; trying again changes nothing."""
