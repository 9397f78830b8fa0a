"""`python -m bench live [ORDERS] [SEED]`: the engine against each simulated venue, all faults on.

Cancels go over real connections while answers are lost, cut and invented and strangers match on the
way; then it is quiet, and our books are held against the venue's, order by order.
"""

from __future__ import annotations

import logging
import sys
import tempfile
from pathlib import Path

import structlog

from adapters.simulating import read_script
from adapters.standing import Times
from tests.whole.listening import listening
from tests.whole.live import QUIET_S_MAX, SCRIPT, Proof, live, prove
from tests.whole.placing import PLACES

ORDERS, SEED = 2_000, 11
BEATS = {"beat_s": 1, "silence_s_max": 3}
TIMES = Times(resolve_s=5, reconcile_s=20, lease_s=15)


def main() -> int:
    """Print what came of each venue; whether anything is unexplained."""
    given = [int(word) for word in sys.argv[1:] if word.isdigit()]
    orders, seed = (given + [ORDERS, SEED][len(given) :])[:2]
    chosen = [word for word in sys.argv[1:] if word in PLACES] or sorted(PLACES)
    silent = structlog.make_filtering_bound_logger(logging.CRITICAL)
    structlog.configure(wrapper_class=silent)
    bad = 0
    for venue in chosen:
        with (
            tempfile.TemporaryDirectory(prefix="breakwater-live-") as directory,
            live(venue, read_script(SCRIPT), seed, Path(directory), **BEATS) as there,
            listening(there, TIMES) as running,
        ):
            proof = prove(there, orders, seed)
            feed = running.standing.feed
        _tell(venue, seed, proof)
        print(
            f"  beside it `run`: {feed.frames} messages heard on {feed.connections} connections, "
            f"{feed.gaps} gaps made up for"
        )
        bad += _is_bad(proof)
    return int(bad > 0)


def _tell(venue: str, seed: int, proof: Proof) -> None:
    print(
        f"{venue}: {proof.orders} orders, seed {seed}, {proof.asked} asked to cancel in "
        f"{proof.sent} calls, {proof.lost} of them without an answer; {proof.seconds:.0f} s"
    )
    print(f"  faults: {', '.join(f'{do} {n}' for do, n in sorted(proof.fired.items()))}")
    print(
        f"  after {proof.quiet_s:.1f} s of quiet: {proof.agree} agree, "
        f"{len(proof.uncertain)} in a human's list, {len(proof.forgotten)} forgotten by the venue, "
        f"{len(proof.otherwise)} off the book by another name, "
        f"{len(proof.differ)} differ"
    )
    print(
        f"  wider than declared {len(proof.wider)}, lost intents {proof.lost_intents}, requests "
        f"open {proof.open_requests}, unknown {proof.unknown_requests}"
    )
    for name, (ours, theirs) in list(proof.differ.items())[:10]:
        print(f"    {name}: ours {ours}, theirs {theirs}")


def _is_bad(proof: Proof) -> bool:
    wrong = proof.differ or proof.wider or proof.lost_intents or proof.open_requests
    return bool(wrong) or proof.quiet_s >= QUIET_S_MAX


if __name__ == "__main__":
    sys.exit(main())
