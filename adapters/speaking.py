"""Which connection a command means, what opens it, and the client that speaks over it."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from adapters import added
from adapters.clients.abp import AbpCodec
from adapters.clients.client import Address, Client, Paces
from adapters.clients.fourcasters import FourcastersCodec
from adapters.clients.port import Codec
from adapters.clients.predictstreet import PredictStreetCodec
from adapters.connections import Connection
from adapters.settings import Settings, SettingsFileError
from adapters.transport.recorded import Bounds, Recording
from domain.values import Account

TRY = "`breakwater connections list` tells what is set"

CODECS: Mapping[str, Callable[[], Codec]] = {
    "abp": AbpCodec,
    "predictstreet": PredictStreetCodec,
    "fourcasters": lambda: FourcastersCodec(lambda: f"bw-{secrets.token_hex(8)}"),
    **added.added(added.CODECS),
}
"""How each venue is spoken to; a further venue is one more line here, or a package that adds it."""


class NoConnection(SettingsFileError):
    """Nothing is set for the account, or what opens it is not there."""


@dataclass(frozen=True)
class Line:
    """An open way to one venue account, for as long as a command runs."""

    name: str
    owner: Account
    codec: Codec
    paces: Paces
    bounds: Bounds
    where: Address
    key: str
    beat_s: float = 30
    silence_s_max: float = 90

    def client(self, recording: Recording) -> Client:
        """A client whose every message goes into the recording."""
        return Client(
            self.codec,
            self.where,
            self.key,
            self.owner.account,
            recording,
            self.paces,
            self.bounds,
        )


def connection_of(settings: Settings, owner: Account) -> tuple[str, Connection]:
    """The connection of an account, and its name."""
    for name, connection in settings.connections.items():
        if (connection.venue, connection.account) == (owner.venue, owner.account):
            return name, connection
    raise NoConnection(f"no connection is set for {owner.venue} {owner.account}; {TRY}")


def line_of(settings: Settings, owner: Account) -> Line:
    """What is needed to speak for this account."""
    name, connection = connection_of(settings, owner)
    codec = CODECS[connection.venue]()
    return Line(
        name,
        owner,
        codec,
        Paces(codec, time.monotonic),
        Bounds(connection.connect_s_max, connection.answer_s_max),
        Address(connection.base_url, connection.ws_url, _feed_url(connection, codec)),
        key_of(name, connection),
        connection.beat_s or codec.feed.beat_s,
        connection.silence_s_max or codec.feed.silence_s_max,
    )


def _feed_url(connection: Connection, codec: Codec) -> str:
    """Where the feed is: beside the venue's API unless the settings name another place."""
    if connection.feed_url is not None:
        return connection.feed_url
    base = connection.base_url.rstrip("/")
    return base.replace("http", "ws", 1) + codec.feed.path if base.startswith("http") else base


def lines_of(
    settings: Settings, venue: str | None = None, account: str | None = None
) -> Sequence[Line]:
    """What is needed to speak for every account that is set, or those of one venue or name."""
    owners = [Account(one.venue, one.account) for one in settings.connections.values()]
    found = [
        owner
        for owner in owners
        if venue in {None, owner.venue} and account in {None, owner.account}
    ]
    if not found:
        asked = " ".join(filter(None, (venue, account))) or "any account"
        raise NoConnection(f"no connection is set for {asked}; {TRY}")
    return [line_of(settings, owner) for owner in found]


def key_of(name: str, connection: Connection) -> str:
    """The key of a connection, from where the settings say that it is."""
    if connection.key_env is not None:
        key = os.environ.get(connection.key_env, "").strip()
        place = f"the environment variable {connection.key_env} is not set"
    else:
        path = Path(connection.key_file or "")
        try:
            key = path.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise NoConnection(f"connection {name!r}: {path} cannot be read; {TRY}") from error
        place = f"{path} is empty"
    if not key:
        raise NoConnection(f"connection {name!r}: {place}; {TRY}")
    if not (key.isascii() and key.isprintable()):
        raise NoConnection(f"connection {name!r}: the key is not one line of ASCII; {TRY}")
    return key


def has_key(name: str, connection: Connection) -> bool:
    """The key is where the settings say."""
    try:
        key_of(name, connection)
    except NoConnection:
        return False
    return True
