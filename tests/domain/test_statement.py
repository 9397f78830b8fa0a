"""What a statement says of itself."""

from __future__ import annotations

from dataclasses import replace

from tests.building import seconds
from tests.stating import listing, statement


def test_a_statement_was_true_at_the_newest_time_that_its_files_tell() -> None:
    files = [replace(listing(), at=seconds(at)) for at in (3, 9, 5)]
    assert statement(inputs=[*files, listing()]).own_time == seconds(9)
    assert statement(inputs=[listing()]).own_time is None
