"""Whatever is asked of the feed: an answer that its document tells of, and no fault of ours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.adapters.feed.logs import ACME, RIVAL, placed
from tests.adapters.feed.serving import Followed, followed


@pytest.fixture
def feed(sqlite_url: str) -> Iterator[Followed]:
    with followed(sqlite_url) as served:
        served.app.store.append([placed(owner) for owner in (ACME, RIVAL) * 3], (), (), (), ())
        yield served


def test_every_answer_is_one_that_the_document_tells_of(feed: Followed) -> None:
    document: dict[str, Any] = feed.get("/openapi.json").json()
    del document["paths"]["/v1/events/stream"]  # what fits it is an answer that does not end
    library: Any = schemathesis
    schema = library.openapi.from_dict(document)
    cases: list[Any] = [found.ok().as_strategy() for found in schema.get_all_operations()]
    library.checks.load_all_checks()
    # A position behind the end and a name of no event fit the document, and not this log.
    inapplicable = library.checks.CHECKS.get_one("positive_data_acceptance")

    @seed(2026)
    @settings(
        max_examples=80,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    @given(case=st.one_of(cases))
    def run(case: Any) -> None:  # noqa: ANN401 - the library's own kind
        address = f"http://127.0.0.1:{feed.port}"
        answer = case.call(base_url=address, headers={"x-api-key": "read:abp:acme"})
        assert answer.status_code < 500, answer.text
        case.validate_response(answer, excluded_checks=[inapplicable])

    run()
