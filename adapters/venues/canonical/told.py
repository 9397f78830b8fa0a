"""What an ExecutionReport tells whatever has happened: names, terms, claims, reasons."""

from __future__ import annotations

from typing import NamedTuple

from adapters.venues.canonical.fields import (
    claims_of,
    client_names,
    lasting,
    price_of,
    terms_of,
    venue_names,
    venue_words,
)
from adapters.venues.canonical.wire import ExecutionReport
from adapters.venues.canonical.words import plain_word
from domain import events as e
from domain.values import Name, Price
from domain.wire import Line, Unreadable

DUPLICATE = frozenset({"6", "duplicateorder"})
"""OrdRejReason (tag 103): an order of this reference exists. Not 7, a copy of an order by voice:
that one goes by no reference of ours, and the copy is refused like any other order."""

SPLIT = frozenset({"0", "gtcorporateaction"})
"""ExecRestatementReason (tag 378): what a unit of the order is has changed."""


class Told(NamedTuple):
    """A report, read, with what every translation needs of it.

    `ref` names the report for ever: the venue's `exec_id`, else its place in the capture. Only the
    former is told as `report_id`: it is the same when the venue repeats itself (`poss_dup`), so
    that repeats are dropped; without it, a repeat cannot be told from a second happening.
    `quoted` is the id of the cancel or replace request that the report answers.
    """

    report: ExecutionReport
    ref: str
    report_id: str | None
    quoted: str | None
    terms: e.Terms
    claims: e.Claims | None

    @property
    def request(self) -> str:
        """The id of the replace that this report is about, whether or not it quotes `orig`."""
        return self.quoted or self.report.cl_ord_id or self.ref

    @property
    def why(self) -> str | None:
        """The venue's own words for why it did this."""
        report = self.report
        reason = report.reason or report.ord_rej_reason or report.exec_restatement_reason
        return venue_words(reason, report.text)

    @property
    def last_price(self) -> Price | None:
        """The price of this match."""
        return price_of(self.report.last_px, self.report.price_format)


def means(words: frozenset[str], *reasons: str | None) -> bool:
    """Whether the first reason given is one of these words: the FIX number, its name, or both."""
    given = next((reason for reason in reasons if reason), "")
    number, _, name = given.strip().partition(" ")
    return not words.isdisjoint({plain_word(given), plain_word(number), plain_word(name)})


_Names = tuple[Name, ...]


def names_in(told: Told) -> tuple[_Names, _Names, _Names]:
    """The order's own names, names that lead to it, and names that it learns on the way."""
    report = told.report
    venue = venue_names(report.order_id)
    own = client_names(report.cl_ord_id)
    if told.quoted is None:
        names = venue + own
        if not names:
            raise Unreadable("order_id, cl_ord_id: missing: nothing says which order")
        return names, (), ()
    # `cl_ord_id` is the request's: it joins the chain, and is no name the order began with.
    orig = client_names(report.orig_cl_ord_id)
    return venue or orig, orig + own, own


def told_in(line: Line, report: ExecutionReport) -> Told:
    """The report, read, with what every translation needs of it."""
    price = price_of(report.price, report.price_format)
    orig = report.orig_cl_ord_id
    return Told(
        report,
        report.exec_id or f"{line.capture}:{line.seq}",
        report.exec_id,
        None if orig is None or orig == report.cl_ord_id else report.cl_ord_id,
        lasting(
            terms_of(report.order_qty, price, report.side, report.instrument, report.time_in_force),
            report.expire_time,
        ),
        claims_of(
            report.ord_status,
            size=report.order_qty,
            matched=report.cum_qty,
            remaining=report.leaves_qty,
            price=price,
            average=price_of(report.avg_px or None, report.price_format),
        ),
    )
