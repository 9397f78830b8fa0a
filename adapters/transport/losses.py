"""What became of a message that was not answered, by the way in which it failed.

The one question is whether the venue may have had it. `not_sent`: it cannot have. The three others
leave the outcome unknown: a cancel that timed out may have been done (DESIGN, decision 5).
"""

from __future__ import annotations

from collections.abc import Mapping

import httpx2
from websockets import exceptions as ws

from domain.values import Choice


class Fate(Choice):
    """Why there is no answer; the words of the capture format."""

    NOT_SENT = "not_sent"
    TIMEOUT = "timeout"
    DISCONNECTED = "disconnected"
    UNREADABLE = "unreadable"


class Lost(Exception):
    """No answer came that could be read."""

    def __init__(self, fate: Fate, detail: str) -> None:
        super().__init__(f"{fate.value}: {detail}")
        self.fate = fate
        self.detail = detail

    @property
    def may_have_happened(self) -> bool:
        """Whether the venue may have done what was asked."""
        return self.fate is not Fate.NOT_SENT


class TooLarge(Exception):
    """The answer is larger than any answer of the venue's."""


FATES: Mapping[type[Exception], Fate] = {
    httpx2.UnsupportedProtocol: Fate.NOT_SENT,
    httpx2.InvalidURL: Fate.NOT_SENT,
    httpx2.LocalProtocolError: Fate.NOT_SENT,  # refused on this side, before it was written
    httpx2.ConnectError: Fate.NOT_SENT,  # no such name, refused, TLS
    httpx2.ConnectTimeout: Fate.NOT_SENT,
    httpx2.PoolTimeout: Fate.NOT_SENT,
    httpx2.ProxyError: Fate.NOT_SENT,  # the tunnel was not made
    httpx2.ReadTimeout: Fate.TIMEOUT,
    httpx2.WriteTimeout: Fate.TIMEOUT,  # a part of it may have arrived, and may have been enough
    httpx2.ReadError: Fate.DISCONNECTED,
    httpx2.WriteError: Fate.DISCONNECTED,
    httpx2.CloseError: Fate.DISCONNECTED,
    httpx2.RemoteProtocolError: Fate.DISCONNECTED,
    httpx2.DecodingError: Fate.UNREADABLE,
    httpx2.TooManyRedirects: Fate.UNREADABLE,
    TooLarge: Fate.UNREADABLE,
}
"""Every way in which a request can end without an answer."""

SOCKET_FATES: Mapping[type[Exception], Fate] = {
    ws.InvalidURI: Fate.NOT_SENT,
    ws.InvalidProxy: Fate.NOT_SENT,
    ws.InvalidHandshake: Fate.NOT_SENT,  # the venue said no before any frame of ours
    ws.InvalidState: Fate.NOT_SENT,  # refused on this side
    ws.ConcurrencyError: Fate.NOT_SENT,
    ws.ConnectionClosed: Fate.DISCONNECTED,
    ws.ProtocolError: Fate.UNREADABLE,
    ws.PayloadTooBig: Fate.UNREADABLE,
    ws.TooManyFragments: Fate.UNREADABLE,
}
"""Every way in which a frame can stay without an answer on a socket that was open."""


def socket_fate_of(error: Exception, *, opened: bool) -> Fate | None:
    """What an error means for a frame of ours; None for one that is no loss.

    Until the socket is open no frame has left, whatever went wrong.
    """
    if isinstance(error, ws.WebSocketException | OSError | TimeoutError | EOFError):
        if not opened:
            return Fate.NOT_SENT
        for kind in type(error).__mro__:
            if kind in SOCKET_FATES:
                return SOCKET_FATES[kind]
        return Fate.TIMEOUT if isinstance(error, TimeoutError) else Fate.DISCONNECTED
    return None


def fate_of(error: Exception) -> Fate | None:
    """What an error means for the message; None for one that is no loss.

    A kind that a later version of the library adds counts as unknown, never as not sent.
    """
    for kind in type(error).__mro__:
        if kind in FATES:
            return FATES[kind]
    return Fate.DISCONNECTED if isinstance(error, httpx2.HTTPError) else None
