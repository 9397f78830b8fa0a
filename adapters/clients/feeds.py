"""The three venues' feeds: what is said to be let in, to stay, and what shows that news is missing.

Facts: venues/abp.md 7, venues/predictstreet.md 10, venues/fourcasters.md 7.
"""

from __future__ import annotations

from collections.abc import Sequence

from adapters.clients.hearing import NOTHING, FeedPlace, Heard, Numbers, fields_of, words_of
from adapters.clients.words import body

ABP_PLACE = FeedPlace("/ws", "ws", beat_s=30, silence_s_max=90)
STREET_PLACE = FeedPlace("/ws/user", "user", beat_s=25, silence_s_max=60)
CASTERS_PLACE = FeedPlace("/v2/user", "user-feed", beat_s=10, silence_s_max=30)
ABP_CHANNELS = ("orders", "bets", "settlements")
STREET_CHANNELS = ("user_orders", "user_fills")


class AbpFeed:
    """Log in, choose channels, answer pings; `seq` counts the messages of the connection."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._numbers = Numbers()

    def opening(self) -> Sequence[bytes]:
        """The login: its key is redacted where it is kept."""
        login = {
            "type": "login",
            "apiKey": self._key,
            "channels": list(ABP_CHANNELS),
            "reliableDelivery": False,
        }
        return (body(login),)

    def heard(self, frame: bytes) -> Heard:
        """A ping is answered, a number noted."""
        told = fields_of(frame)
        match told.get("type"):
            case "ping":
                return Heard(says=(body({"type": "pong"}),))
            case "login_ok":
                return Heard(opens=True)
            case "error":
                return Heard(refused=words_of(told, "message", "error", "detail", "code"))
            case "data" if type(told.get("seq")) is int:
                self._numbers.saw(told["seq"])
            case _:
                pass
        return NOTHING

    def beat(self) -> bytes | None:
        """Some generations of the venue wait for ours, others send theirs."""
        return body({"type": "ping"})

    @property
    def missing(self) -> bool:
        """Whether a number was jumped over."""
        return self._numbers.missing

    def covered(self) -> None:
        """Jumps so far do not count."""
        self._numbers.covered()


class StreetFeed:
    """Subscribe to the wallet's own channels. Nothing is numbered and nothing is replayed."""

    def __init__(self) -> None:
        self._commands = 0

    def opening(self) -> Sequence[bytes]:
        """One subscription for each channel: one that is refused does not take the other along."""
        wanted = [{"channel": channel} for channel in STREET_CHANNELS]
        return (self._command("subscribe", {"subscriptions": wanted}),)

    def heard(self, frame: bytes) -> Heard:
        """The acknowledgement says which channels we hear."""
        told = fields_of(frame)
        match told.get("type"):
            case "subscribed" if told.get("rejected"):
                return Heard(refused=f"not every channel: {str(told['rejected'])[:120]}")
            case "subscribed":
                return Heard(opens=True)
            case "error" if told.get("id") == "1":
                return Heard(refused=words_of(told, "code", "message"))
            case _:
                pass
        return NOTHING

    def beat(self) -> bytes | None:
        """The documented keep-alive."""
        return self._command("ping", None)

    @property
    def missing(self) -> bool:
        """Nothing tells."""
        return False

    def covered(self) -> None:
        """Nothing is counted."""

    def _command(self, name: str, params: object) -> bytes:
        self._commands += 1
        told = {"id": str(self._commands), "cmd": name}
        return body(told if params is None else {**told, "params": params})


class CastersFeed:
    """To be connected is to listen. Every message has an id that a replay can begin after."""

    def opening(self) -> Sequence[bytes]:
        """Nothing."""
        return ()

    def heard(self, frame: bytes) -> Heard:
        """The message's id."""
        told = fields_of(frame).get("messageID")
        return Heard(after=told) if isinstance(told, str) and cursor(told) else NOTHING

    def beat(self) -> bytes | None:
        """What a client says here means nothing; the socket's own pings keep it."""
        return None

    @property
    def missing(self) -> bool:
        """Ids rise in steps of any width: only a replay tells."""
        return False

    def covered(self) -> None:
        """Nothing is counted."""


def cursor(message_id: str | None) -> tuple[int, int] | None:
    """`<ms>-<seq>` as numbers: as text, `…-10` would come before `…-9`."""
    ms, _, seq = (message_id or "").partition("-")
    if not all(part.isascii() and part.isdigit() and len(part) <= 20 for part in (ms, seq)):  # noqa: PLR2004 - far beyond any clock
        return None
    return int(ms), int(seq)
