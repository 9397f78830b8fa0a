"""`python -m bench kills [KILLS] [SEED]`: programs of `run` on one PostgreSQL, killed at random."""

from __future__ import annotations

import logging
import sys
import tempfile
from pathlib import Path

import structlog

from tests.postgres import ScratchDatabases, postgres_server
from tests.whole.competing import killed_at_random
from tests.whole.programs import at_one_venue

KILLS, SEED = 200, 7
LEASE_S = 1


def main() -> int:
    """Print what came of it; whether anybody acted out of turn, or anything was lost."""
    given = [int(word) for word in sys.argv[1:] if word.isdigit()]
    kills, seed = (given + [KILLS, SEED][len(given) :])[:2]
    silent = structlog.make_filtering_bound_logger(logging.CRITICAL)
    structlog.configure(wrapper_class=silent)
    with (
        postgres_server() as server,
        tempfile.TemporaryDirectory(prefix="breakwater-kills-") as directory,
    ):
        databases = ScratchDatabases(server)
        url = databases.fresh()
        with at_one_venue(url, Path(directory), LEASE_S) as there:
            found = killed_at_random(there, Path(directory), kills, seed)
        databases.drop(url)
        databases.close()
    same = found.ours == found.theirs
    print(
        f"{found.kills} kills, {found.holders} of them of the holder, in {found.seconds:.0f} s: "
        f"{found.acts} messages of ours under {found.turns} tokens"
    )
    print(
        f"  under two tokens {len(found.twice)}, out of turn {found.out_of_turn}, "
        f"{found.orders} orders, our open orders are the venue's: {'yes' if same else 'no'}"
    )
    return int(bool(found.twice or found.out_of_turn or not same))


if __name__ == "__main__":
    sys.exit(main())
