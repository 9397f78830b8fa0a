"""What we serve of PredictStreet answers as the document that we serve says, whatever is asked."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.adapters.gateways.predictstreet import OWN, order, street
from tests.adapters.gateways.serving import Served

# Its types are generic over what it does not tell: read as Any, once.
schemathesis: Any = import_module("schemathesis")
checked: Any = import_module("schemathesis.specs.openapi.checks")
SEED = int(os.environ.get("SCHEMA_SEED", "20260207"))
CASES = int(os.environ.get("SCHEMA_CASES", "8"))
CHECKS = [
    schemathesis.checks.not_a_server_error,
    checked.status_code_conformance,
    checked.content_type_conformance,
    checked.response_headers_conformance,
    checked.response_schema_conformance,
]
OPERATIONS = [
    ("POST", "/api/orders/cancel"),
    ("POST", "/api/orders/cancel-batch"),
    ("POST", "/api/orders/cancel-all"),
    ("POST", "/api/orders/place"),
    ("POST", "/api/orders/place-batch"),
    ("GET", "/api/orders/open"),
    ("GET", "/api/orders/history"),
    ("GET", "/api/orders/{order_id}"),
    ("GET", "/api/orders/{order_id}/fills"),
    ("GET", "/api/me/trades"),
]


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with street() as served:
        with served.client(**{"X-Api-Key": OWN}) as client:
            for price in ("0.10", "0.20", "0.30"):
                client.post("/api/orders/place", json=order(price=price))
        yield served


@pytest.fixture(scope="module")
def document(served: Served) -> Any:  # noqa: ANN401 - see above
    return schemathesis.openapi.from_url(f"http://127.0.0.1:{served.port}/openapi.json")


def test_the_document_has_these_operations(document: Any) -> None:  # noqa: ANN401 - see above
    found = [result.ok() for result in document.get_all_operations()]
    assert sorted((told.method.upper(), told.path) for told in found) == sorted(OPERATIONS)


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_what_is_answered_is_what_the_document_says(
    served: Served,
    document: Any,  # noqa: ANN401 - see above
    method: str,
    path: str,
) -> None:
    operation = document[path][method]
    fitting: st.SearchStrategy[Any] = operation.as_strategy()
    negative = schemathesis.GenerationMode.NEGATIVE
    other: st.SearchStrategy[Any] = operation.as_strategy(generation_mode=negative)

    @seed(SEED)
    @settings(
        max_examples=CASES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    @given(case=st.one_of(fitting, other))
    def answered(case: Any) -> None:  # noqa: ANN401 - see above
        case.call_and_validate(
            base_url=f"http://127.0.0.1:{served.port}", headers={"X-Api-Key": OWN}, checks=CHECKS
        )

    answered()
