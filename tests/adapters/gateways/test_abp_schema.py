"""Whatever fits the documents, or does not: no answer that they do not tell of, and no 5xx."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from adapters.gateways.abp.rates import Rates
from adapters.gateways.abp.routes import router
from tests.adapters.gateways.serving import Served, serving
from tests.adapters.gateways.test_abp_answers import order

SEEDS = Path(__file__).parent / "abp_seeds"
ERRORS_PAGE = {code: {"description": "the venue's errors page"} for code in ("422", "429")}


@pytest.fixture(scope="module")
def venue() -> Iterator[Served]:
    with serving("abp", lambda frame, _: [router(frame, Rates(10**6))]) as served:
        with served.client(**{"x-api-key": "acme-key"}) as client:
            client.post("/place-orders", json={"orders": [order(1, userRef="0")]})
        yield served


def document(venue: Served, name: str) -> dict[str, Any]:
    """A seed's document, with what the venue's errors page adds to every operation; or ours."""
    if name == "ours":
        with venue.client() as client:
            ours: dict[str, Any] = client.get("/openapi.json").json()
        return ours
    told: dict[str, Any] = json.loads((SEEDS / f"{name}.json").read_text())
    operations: Iterator[Mapping[str, Any]] = (
        operation for path in told["paths"].values() for operation in path.values()
    )
    for operation in operations:
        operation["responses"].update(ERRORS_PAGE)
    return told


@pytest.mark.parametrize("name", ["cancel_orders", "get_orders", "ours"])
def test_every_answer_is_one_that_the_document_tells_of(venue: Served, name: str) -> None:
    library: Any = schemathesis
    schema = library.openapi.from_dict(document(venue, name))
    cases: list[Any] = [found.ok().as_strategy() for found in schema.get_all_operations()]
    library.checks.load_all_checks()
    inapplicable = library.checks.CHECKS.get_one("positive_data_acceptance")  # no filter is a 400

    @seed(2026)
    @settings(
        max_examples=60,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    @given(case=st.one_of(cases))
    def run(case: Any) -> None:  # noqa: ANN401 - the library's own kind
        answer = case.call(
            base_url=f"http://127.0.0.1:{venue.port}", headers={"x-api-key": "acme-key"}
        )
        assert answer.status_code < 500, answer.text
        case.validate_response(answer, excluded_checks=[inapplicable])

    run()
