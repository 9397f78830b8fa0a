"""What an order's history says of each cancel: its fate, matched before, in flight and after."""

from __future__ import annotations

from decimal import Decimal

import pytest

from domain import events as e
from domain.flags.history import Link
from domain.links import Match, links_of, standing_matches
from domain.reasons import CancelRejectReason
from domain.values import Name, NameKind, plain
from tests.building import STREAM, Told, accepted, at, filled, history, placed, seconds
from tests.cancelling import Q2, Q, asked, cancelled, implied, lost, reduced, refused

KEPT = CancelRejectReason.NOT_CANCELLABLE
OPEN: list[Told] = [at(placed(), seen=0), at(accepted(), seen=1)]


def told(link: Link) -> str:
    """Outcome, what was taken, and matched before/in flight/after."""
    matched = (link.matched_before, link.matched_in_flight, link.matched_after)
    taken = "-" if link.cancelled is None else plain(link.cancelled)
    return f"{link.outcome} {taken} {'/'.join(map(plain, matched))}"


def links(*more: Told) -> list[str]:
    """What the history says of its cancels, in short."""
    return [told(link) for link in links_of(history(*OPEN, *more))]  # type: ignore[arg-type]  # all are facts of an order


ASKED = at(asked(), seen=10)
DONE = at(cancelled(), seen=12, venue=11)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        pytest.param([ASKED, DONE], ["cancelled 100 0/0/0"], id="nothing matched"),
        pytest.param(
            [at(filled("40"), seen=5), ASKED, DONE], ["cancelled 60 40/0/0"], id="before we asked"
        ),
        pytest.param(
            [at(filled("40"), seen=5, venue=20), ASKED, DONE],
            ["cancelled 60 40/0/0"],
            id="seen before we asked, by a venue whose clock is ahead",
        ),
        pytest.param(
            [ASKED, at(filled("40"), seen=10.5), DONE],
            ["cancelled 60 0/40/0"],
            id="while our request was on its way",
        ),
        pytest.param(
            [ASKED, DONE, at(filled("40"), seen=20)],
            ["cancelled 60 0/0/40"],
            id="after, by the only time that is known",
        ),
        pytest.param(
            [ASKED, DONE, at(filled("40"), seen=20, venue=10.5)],
            ["cancelled 60 0/40/0"],
            id="told after, matched in flight by the venue's clock",
        ),
        pytest.param(
            [ASKED, DONE, at(filled("40"), seen=20, venue=9)],
            ["cancelled 60 40/0/0"],
            id="told after, matched before by the venue's clock",
        ),
        pytest.param(
            [
                at(filled("10", "a"), seen=5),
                ASKED,
                at(filled("20", "b"), seen=10.5),
                DONE,
                at(filled("30", "c"), seen=20),
            ],
            ["cancelled 40 10/20/30"],
            id="some of each",
        ),
        pytest.param(
            [
                at(filled("1", "a"), seen=5),
                at(filled("2", "b"), seen=6),
                ASKED,
                at(filled("4", "c"), seen=10.5),
                at(filled("8", "d"), seen=10.6),
                DONE,
                at(filled("16", "e"), seen=20),
                at(filled("32", "f"), seen=21),
            ],
            ["cancelled 37 3/12/48"],
            id="several of each add up",
        ),
        pytest.param(
            [ASKED, at(filled("40"), seen=10), DONE],
            ["cancelled 60 0/40/0"],
            id="as we asked: in flight",
        ),
        pytest.param(
            [ASKED, DONE, at(filled("40"), seen=20, venue=11)],
            ["cancelled 60 0/40/0"],
            id="as the venue cancelled: in flight",
        ),
        pytest.param(
            [ASKED, at(implied("40"), seen=10.5), DONE],
            ["cancelled 60 0/40/0"],
            id="a match that is only implied",
        ),
        pytest.param(
            [ASKED, at(implied("40"), seen=10.5), DONE, at(filled("30"), seen=20)],
            ["cancelled 60 0/10/30"],
            id="a record takes the place of what was implied",
        ),
        pytest.param(
            [ASKED, at(filled("40"), seen=10.5), DONE, at(e.FillVoided(fill_id="F1"), seen=30)],
            ["cancelled 100 0/0/0"],
            id="a match that was taken back",
        ),
        pytest.param(
            [
                ASKED,
                at(filled("40"), seen=10.5),
                DONE,
                at(e.FillVoided(fill_id="F1", size=Decimal(30)), seen=30),
            ],
            ["cancelled 90 0/10/0"],
            id="a match that was taken back in part",
        ),
        pytest.param(
            [
                ASKED,
                at(filled("40"), seen=10.5),
                DONE,
                at(
                    e.FillCorrected(fill_id="F1", correction_id="F2", size=Decimal(45)),
                    seen=30,
                ),
            ],
            ["cancelled 55 0/45/0"],
            id="a match that was corrected",
        ),
        pytest.param(
            [ASKED, at(cancelled("60"), seen=12)],
            ["cancelled 60 0/0/0"],
            id="the venue's own figure stands",
        ),
        pytest.param(
            [at(asked("30"), seen=10), at(reduced("30"), seen=12), at(filled("70"), seen=20)],
            ["cancelled 30 0/0/70"],
            id="a part",
        ),
        pytest.param(
            [at(asked("30"), seen=10), at(reduced("30"), seen=12), at(e.Expired(), seen=20)],
            ["cancelled 30 0/0/0"],
            id="a part, then another end",
        ),
        pytest.param(
            [
                at(asked("30"), seen=10),
                at(reduced("30"), seen=12),
                at(asked(cancel_id=Q2), seen=20),
                at(cancelled(cancel_id=Q2), seen=22),
            ],
            ["cancelled 30 0/0/0", "cancelled 70 0/0/0"],
            id="a part, then the rest",
        ),
        pytest.param(
            [at(e.Expired(), seen=5), ASKED, DONE],
            ["cancelled 0 0/0/0"],
            id="another end came first: the cancel took nothing",
        ),
        pytest.param(
            [at(cancelled(), seen=12)], ["cancelled 100 0/0/0"], id="its request is not known"
        ),
        pytest.param(
            [at(filled("40"), seen=5), at(cancelled(), seen=12), at(filled("9", "b"), seen=20)],
            ["cancelled 51 40/0/9"],
            id="without a request, what came before its answer is before",
        ),
        pytest.param(
            [
                at(filled("1", "a"), seen=5),
                at(filled("2", "b"), seen=6),
                at(cancelled(), seen=12),
            ],
            ["cancelled 97 3/0/0"],
            id="without a request, several add up",
        ),
        pytest.param(
            [at(cancelled(requested=False), seen=12)],
            ["unrequested 100 0/0/0"],
            id="in an answer to a request for other orders",
        ),
        pytest.param([at(cancelled(cancel_id=None), seen=12)], [], id="unasked: no request"),
        pytest.param([], [], id="no cancel"),
        pytest.param([ASKED], ["None - 0/0/0"], id="no answer yet"),
        pytest.param(
            [ASKED, at(filled("40"), seen=12)],
            ["None - 0/40/0"],
            id="no answer yet: what matches since is in flight",
        ),
        pytest.param(
            [ASKED, at(refused(KEPT), seen=12), at(filled("40"), seen=20)],
            ["rejected - 0/0/40"],
            id="refused",
        ),
        pytest.param([ASKED, at(lost(), seen=12)], ["unknown - 0/0/0"], id="the answer was lost"),
        pytest.param(
            [ASKED, at(lost(), seen=12), at(filled("40"), seen=20)],
            ["unknown - 0/40/0"],
            id="lost: it may still be on its way",
        ),
        pytest.param(
            [ASKED, at(lost("not_mentioned"), seen=12)],
            ["not_mentioned - 0/0/0"],
            id="not mentioned",
        ),
        pytest.param(
            [ASKED, at(e.CancelNotSent(cancel_id=Q), seen=12)], ["None - 0/0/0"], id="never sent"
        ),
        pytest.param(
            [ASKED, at(lost(), seen=12), at(cancelled(), seen=15)],
            ["cancelled 100 0/0/0"],
            id="lost, then answered",
        ),
        pytest.param(
            [ASKED, at(cancelled(), seen=12), at(lost(), seen=15)],
            ["cancelled 100 0/0/0"],
            id="answered, then told to be lost",
        ),
        pytest.param(
            [ASKED, at(refused(KEPT), seen=12), at(cancelled(), seen=15)],
            ["cancelled 100 0/0/0"],
            id="refused, then cancelled: the last word",
        ),
        pytest.param(
            [
                ASKED,
                at(refused(KEPT), seen=12),
                at(filled("40"), seen=15),
                at(asked(cancel_id=Q2), seen=20),
                at(cancelled(cancel_id=Q2), seen=22),
            ],
            ["rejected - 0/0/40", "cancelled 60 40/0/0"],
            id="two requests, each with its own before and after",
        ),
    ],
)
def test_links(more: list[Told], expected: list[str]) -> None:
    assert links(*more) == expected


def test_a_link_names_the_order_the_request_and_the_venue_s_words() -> None:
    named = e.OrderIdentified(names=(Name(NameKind.CLIENT, "c"), Name(NameKind.VENUE, "v")))
    (link,) = links_of(history(placed(), named, asked(), refused(KEPT)))
    assert (link.order, link.cancel_id, link.venue_order_id) == (STREAM, Q, "v")
    assert (link.asked, link.requested, link.position) == ("A1", True, 4)
    assert (link.reason, link.raw_reason, link.took_off_at) == ("NOT_CANCELLABLE", "no", None)


def test_a_link_tells_when_the_order_was_taken_off() -> None:
    (link,) = links_of(history(placed(), at(cancelled(), seen=12, venue=11)))
    assert (link.took_off_at, link.requested, link.asked) == (seconds(11), False, None)
    assert link.venue_order_id is None


def test_standing_matches_count_each_size_once() -> None:
    lived = history(placed(), at(implied("40"), seen=3), at(filled("30"), seen=5))
    assert standing_matches(lived) == [
        Match(seconds(5), Decimal(30), seconds(5)),
        Match(seconds(3), Decimal(10), seconds(3)),
    ]


def test_what_records_have_replaced_is_no_match_any_more() -> None:
    lived = history(placed(), at(implied("40"), seen=3), at(filled("40"), seen=5))
    assert standing_matches(lived) == [Match(seconds(5), Decimal(40), seconds(5))]


def test_of_several_implied_matches_the_newest_stand() -> None:
    lived = history(
        placed(), at(implied("40"), seen=3), at(implied("50"), seen=4), at(filled("30"), seen=5)
    )
    assert [(match.at, match.size) for match in standing_matches(lived)] == [
        (seconds(5), Decimal(30)),
        (seconds(4), Decimal(50)),
        (seconds(3), Decimal(10)),
    ]
