"""4casters as one process serves it: its market, feed, timers, sessions, over one set of books."""

from __future__ import annotations

from adapters.gateways.feed import Feed
from adapters.gateways.fourcasters.cancels import Cancels
from adapters.gateways.fourcasters.gradings import Gradings
from adapters.gateways.fourcasters.market import Market
from adapters.gateways.fourcasters.messages import KEPT, Messages
from adapters.gateways.fourcasters.sessions import Sessions
from adapters.gateways.fourcasters.timers import Timers
from adapters.gateways.frame import Frame
from adapters.paper.book import Change


class House:
    """What every route and socket of this venue works on."""

    def __init__(self, frame: Frame, feed: Feed, kept: int = KEPT) -> None:
        self.frame = frame
        self.feed = feed
        self.market = Market(frame)
        self.messages = Messages(frame, self.market, kept)
        self.gradings = Gradings(frame)
        self.timers = Timers(frame)
        self.sessions = Sessions(frame)
        self.cancels = Cancels(frame, self.market)
        frame.book.listen(self._hear)

    def _hear(self, change: Change) -> None:
        """The market first: the messages tell what it noted."""
        self.market.hear(change)
        self.messages.hear(change)
        self.gradings.hear(change)
        self.timers.hear(change)
