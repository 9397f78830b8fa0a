"""The replay of the user feed (`GET /v2/user/messages`): gap recovery after a dropped line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from adapters.venues.fourcasters.feed import CHANNEL, cursor, feed_message
from adapters.venues.fourcasters.fields import fields_of, items_of
from domain.messages import Message, Notice
from domain.notices import FeedGap, UnreadableValue
from domain.values import Account
from domain.wire import Unreadable


def replayed(owner: Account, body: object, query: Mapping[str, str]) -> list[Message]:
    """Every replayed message, told like a live one, in the order of the message ids.

    `success` proves that the list is complete. `cache_expired` says that it is not: then the gap
    is told as well. One message that cannot be read is noted and does not take the others along.
    """
    answer = fields_of(body, "body")
    status = answer.get("status")
    if status == "success":
        return _messages(owner, items_of(answer.get("messages"), "body.messages"), "messages")
    if status != "cache_expired":
        raise Unreadable("body.status: neither success nor cache_expired")
    kept = items_of(answer.get("availableMessages"), "body.availableMessages")
    return [_gap(owner, kept, query), *_messages(owner, kept, "availableMessages")]


def _gap(owner: Account, kept: Sequence[object], query: Mapping[str, str]) -> Notice:
    """Between the cursor that we sent and the oldest message that the venue still has."""
    after = query.get("afterID", "")
    ids = [found for item in kept if (found := _message_id(item)) is not None]
    oldest = min(ids, key=_numeric, default=query.get("beforeID", ""))
    gap = FeedGap(
        venue=owner.venue, account=owner.account, channel=CHANNEL, after=after, before=oldest
    )
    return Notice(event=gap, key=(CHANNEL, after, oldest))


def _messages(owner: Account, items: Sequence[object], field: str) -> list[Message]:
    told: list[Message] = []
    for index in _in_order(items):
        where = f"body.{field}.{index}"
        try:
            told.extend(feed_message(items[index], where))
        except Unreadable as reason:
            note = UnreadableValue(
                venue=owner.venue, account=owner.account, field=where, value=str(reason)
            )
            told.append(Notice(event=note))
    return told


def _in_order(items: Sequence[object]) -> list[int]:
    """The positions by message id; as they came when an id cannot be read."""
    ids = [_message_id(item) for item in items]
    if any(cursor(found) is None for found in ids):
        return list(range(len(items)))
    return sorted(range(len(items)), key=lambda index: _numeric(ids[index] or ""))


def _numeric(message_id: str) -> tuple[int, int]:
    return cursor(message_id) or (0, 0)


def _message_id(item: object) -> str | None:
    found = cast("Mapping[str, object]", item).get("messageID") if isinstance(item, Mapping) else 0
    return found if isinstance(found, str) and len(found) <= 100 and found.isprintable() else None  # noqa: PLR2004 - no id is longer
