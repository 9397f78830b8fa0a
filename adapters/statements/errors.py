"""What can be wrong with a whole file; the text ends with what to try next."""

from __future__ import annotations


class NotAStatement(Exception):
    """The file holds no list of orders that the venue documents."""


class BadMapping(Exception):
    """The column mapping is wrong, or does not fit the file."""
