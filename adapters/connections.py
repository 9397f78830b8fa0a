"""What `[connections.NAME]` of the settings file says: an account at a venue, and how to reach it.

The key itself is in no setting: it is named by the variable of the environment or by the file that
holds it, and is read when something is sent.
"""

from __future__ import annotations

import ipaddress
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from adapters import added

WAIT_S_MAX = 300
OURS = frozenset({"abp", "fourcasters", "predictstreet"})
"""The venues that this package speaks to; others are added (`adapters.added`)."""


def _reachable(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https", "ws", "wss"} or not parts.hostname:
        raise ValueError("needs a scheme and a host, as in https://venue.example")
    if parts.username is not None or parts.password is not None:
        raise ValueError("holds a password; name the key by key_env or key_file")
    return url


Url = Annotated[str, AfterValidator(_reachable)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Wait = Annotated[float, Field(gt=0, le=WAIT_S_MAX)]


def _spoken_to(venue: str) -> str:
    known = OURS | added.names(added.CODECS)
    if venue not in known:
        raise ValueError(f"no venue that is spoken to: there are {', '.join(sorted(known))}")
    return venue


class Connection(BaseModel):
    """An account at a venue."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    venue: Annotated[str, AfterValidator(_spoken_to)]
    account: Name
    base_url: Url
    ws_url: Url | None = None
    feed_url: Url | None = None
    key_env: Name | None = None
    key_file: Name | None = None
    connect_s_max: Wait = 5
    answer_s_max: Wait = 10
    beat_s: Wait | None = None
    silence_s_max: Wait | None = None
    plain: bool = False

    @model_validator(mode="after")
    def _fits(self) -> Connection:
        if (self.key_env is None) == (self.key_file is None):
            raise ValueError("name the key by one of key_env and key_file")
        if self.venue == "fourcasters" and self.ws_url is None:
            raise ValueError("fourcasters takes cancels on a socket: ws_url is missing")
        for url in filter(None, (self.base_url, self.ws_url, self.feed_url)):
            parts = urlsplit(url)
            if parts.scheme in {"http", "ws"} and not self.plain and not _here(parts.hostname):
                raise ValueError(
                    f"{parts.scheme}://{parts.hostname} would show the key to the network; "
                    "`plain = true` allows it"
                )
        return self


def _here(host: str | None) -> bool:
    """On this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False
