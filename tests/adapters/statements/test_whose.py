"""Another account's list is not held against this account's books."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.bootstrap_statements import statement_of
from domain.values import Account
from tests.adapters.statements.saved import DIALECTS, abp_order, abp_page, file, saved, told

OURS, THEIRS = "0x" + "ab" * 20, "0x" + "cd" * 20
ORDER = {
    "id": "7b-1",
    "marketId": "M",
    "side": "buy",
    "outcome": "0",
    "price": "0.4",
    "quantity": "100",
    "filledQty": "40",
    "remainingQty": "60",
    "status": "OPEN",
}


@pytest.mark.parametrize(
    ("account", "page", "then"),
    [
        pytest.param(
            OURS, {"walletAddress": OURS, "orders": [ORDER]},
            ["7b-1 PARTIALLY_FILLED 100/40/60"], id="our own",
        ),
        pytest.param(
            OURS, {"walletAddress": OURS.upper().replace("0X", "0x"), "orders": [ORDER]},
            ["7b-1 PARTIALLY_FILLED 100/40/60"], id="our own, spelled in capitals",
        ),
        pytest.param(
            "desk", {"walletAddress": THEIRS, "orders": [ORDER]},
            ["7b-1 PARTIALLY_FILLED 100/40/60"], id="we call the wallet by another name",
        ),
        pytest.param(
            OURS, {"walletAddress": THEIRS, "orders": [ORDER]},
            [f"! 1: walletAddress: of account '{THEIRS}', not of '{OURS}'"],
            id="another wallet's page",
        ),
        pytest.param(
            OURS, {"walletAddress": THEIRS, "orders": []},
            [f"! 1: walletAddress: of account '{THEIRS}', not of '{OURS}'"],
            id="another wallet's page is no proof that we have no orders",
        ),
        pytest.param(
            OURS, {"orders": [{**ORDER, "userWallet": THEIRS}, {**ORDER, "id": "7b-2"}]},
            [f"! 1: userWallet: of account '{THEIRS}', not of '{OURS}'",
             "7b-2 PARTIALLY_FILLED 100/40/60"],
            id="another wallet's row among ours",
        ),
    ],
)  # fmt: skip
def test_whose_a_list_is(
    account: str, page: dict[str, object], then: list[str], tmp_path: Path
) -> None:
    path = file(tmp_path, "open.json", {"nextCursor": None, **page})
    found = statement_of(DIALECTS, Account("predictstreet", account), [path], None)
    assert told(found) == then


def test_another_client_s_orders_at_abp_are_not_ours(tmp_path: Path) -> None:
    page = abp_page(2, 1)
    page["orders"] = [abp_order(2, clientName="Desk"), abp_order(1, clientName="other")]
    assert told(saved(tmp_path, "abp", page)) == [
        "2=0b6f6f0e-0000-4000-8000-000000000002 NEW 300/0/-",
        "! 2: clientName: of account 'other', not of 'desk'",
    ]
