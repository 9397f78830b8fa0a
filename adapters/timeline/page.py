"""The report of an incident as one page: no script, nothing fetched, others' words escaped."""

from __future__ import annotations

import base64
import hashlib

from adapters.timeline.chart import chart
from adapters.timeline.incident import Incident
from adapters.timeline.page_breaks import breaks
from adapters.timeline.page_style import STYLE
from adapters.timeline.page_tables import lines, orders
from adapters.timeline.page_words import facts, heading, prose, wide
from adapters.timeline.sequence import plates
from adapters.timeline.spans import clock
from adapters.timeline.svg import element, said
from adapters.timeline.telling import Section, count, sections

WHO, WHERE = "Who said what, when", "Where the size was, and what could be lost"


def page(incident: Incident) -> str:
    """The page. The same log gives the same bytes."""
    told = incident.told
    title = f"Incident report: {told.title}"
    main = element(
        "main",
        {},
        element("div", {"class": "summary"}, *map(_card, sections(incident))),
        heading(WHO, "screen"),
        wide(WHO, "".join(plates(told))),
        heading(WHERE, "screen"),
        wide(WHERE, chart(told, styled=False)),
        *breaks(incident),
        *orders(incident),
        *lines(incident),
    )
    about = (*incident.about, ("the same on a terminal", incident.command))
    body = element(
        "body",
        {},
        element("header", {}, element("h1", {}, said(title)), _lead(incident)),
        main,
        element("footer", {}, heading("Where this comes from"), facts(about)),
    )
    return f"<!doctype html>\n{element('html', {'lang': 'en'}, _head(title), body)}\n"


def _head(title: str) -> str:
    """What a browser may do with the page: show it in our style, and nothing else."""
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return element(
        "head",
        {},
        element("meta", {"charset": "utf-8"}),
        element("meta", {"http-equiv": "Content-Security-Policy", "content": policy}),
        element("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        element("meta", {"name": "referrer", "content": "no-referrer"}),
        element("title", {}, said(title)),
        f"<style>{STYLE}</style>",
    )


def _lead(incident: Incident) -> str:
    waiting = len(incident.to_do)
    are = "is" if waiting == 1 else "are"
    words = f"As of {clock(incident.as_of)} UTC. {count(waiting, 'break')} {are} to be worked."
    return element("p", {}, said(words))


def _card(section: Section) -> str:
    sentences = [element("li", {}, prose(words)) for words in section.sentences]
    return element(
        "section",
        {"class": "card"},
        element("h2", {}, said(section.heading)),
        element("ul", {}, *sentences),
    )
