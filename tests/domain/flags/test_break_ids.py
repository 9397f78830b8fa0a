"""The ids of breaks: they stand in the log, in exports and in people's notes."""

from __future__ import annotations

import pytest

from domain.flags.flag import Flag, break_id
from tests.building import NOON, STREAM


@pytest.mark.parametrize(
    ("code", "key", "then"),
    [
        pytest.param("CXL-04", ("F1",), "8629ec62-c0c9-5e0d-89c1-49350e721e6d", id="a match"),
        pytest.param("CXL-04", ("F2",), "d6753f7c-867b-5ac9-8729-578d11913065", id="another match"),
        pytest.param("CXL-03", ("F1",), "1406fd01-9292-5ab7-9059-f7e3dabbe784", id="another rule"),
        pytest.param("EXI-06", (), "d654ef92-dd80-5957-b7dc-7399803cc173", id="one of its kind"),
    ],
)
def test_a_break_has_the_same_id_on_every_machine_and_in_every_version(
    code: str, key: tuple[str, ...], then: str
) -> None:
    flag = Flag(code=code, key=key, opened_at=NOON, witness=(1,), note="What is wrong.")
    assert break_id(flag, STREAM) == then
