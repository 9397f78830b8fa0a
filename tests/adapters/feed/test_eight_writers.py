"""The feed under eight writers: nothing skipped, nothing twice, for whoever may see it."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from multiprocessing import get_context
from threading import Event
from typing import Any

import httpx2

from tests.adapters.feed.logs import ACME, OWNERS, write_alone
from tests.adapters.feed.serving import AUDITOR, Followed, followed, messages

WRITERS = 8
EACH = 150
ALL = WRITERS * EACH


def paged(feed: Followed, key: str, limit: int, done: Event) -> list[dict[str, Any]]:
    """What a reader gets who asks for page after page until nothing is left."""
    seen: list[dict[str, Any]] = []
    after = 0
    with feed.client(key) as client:
        while True:
            ending = done.is_set()
            page = client.get(f"/v1/events?after={after}&limit={limit}").json()
            seen += page["events"]
            if ending and page["next"] == after:
                return seen
            after = page["next"]


def streamed(feed: Followed, key: str, breaks_off: int) -> list[dict[str, Any]]:
    """What a listener gets that loses its connection again and again, until it was all told."""
    seen: list[dict[str, Any]] = []
    last = "0"
    while int(last) < ALL:
        with feed.client(key, **{"last-event-id": last}) as client:
            heard = 0
            with client.stream("GET", "/v1/events/stream") as answer:
                for one in messages(answer):
                    last = one.get("id", last)
                    if "data" in one:
                        seen.append(one["data"])
                        heard += 1
                    if heard == breaks_off or int(last) >= ALL:
                        break
    return seen


def test_readers_beside_eight_writers_skip_nothing_and_get_nothing_twice(database_url: str) -> None:
    mine = f"read:{ACME.venue}:{ACME.account}"
    done = Event()
    with (
        followed(database_url) as feed,
        ProcessPoolExecutor(WRITERS, mp_context=get_context("spawn")) as processes,
        ThreadPoolExecutor(4) as threads,
    ):
        readers: dict[str, Future[list[dict[str, Any]]]] = {
            "small pages": threads.submit(paged, feed, AUDITOR, 7, done),
            "an account's pages": threads.submit(paged, feed, mine, 100, done),
            "a stream": threads.submit(streamed, feed, AUDITOR, 90),
            "an account's stream": threads.submit(streamed, feed, mine, 40),
        }
        work = partial(write_alone, database_url, events=EACH)
        stored = [told for ids in processes.map(work, range(WRITERS)) for told in ids]
        done.set()
        seen = {name: reader.result(120) for name, reader in readers.items()}
    assert Counter(one["id"] for one in seen["small pages"]) == Counter(stored)
    assert [one["position"] for one in seen["small pages"]] == list(range(1, ALL + 1))
    assert seen["a stream"] == seen["small pages"]
    owns = [one for one in seen["a stream"] if (one["venue"], one["account"]) == tuple(_of_acme())]
    assert 0 < len(owns) < ALL / len(OWNERS) * 2
    assert seen["an account's pages"] == seen["an account's stream"] == owns


def _of_acme() -> list[str]:
    return [ACME.venue, ACME.account]


def test_a_reader_that_waits_is_told_of_another_program_s_events_at_once(database_url: str) -> None:
    with (
        followed(database_url) as feed,
        ProcessPoolExecutor(1, mp_context=get_context("spawn")) as processes,
        feed.client() as client,
        client.stream("GET", "/v1/events/stream", timeout=httpx2.Timeout(60)) as answer,
    ):
        told = (one for one in messages(answer) if "data" in one)
        first = processes.submit(write_alone, database_url, 1, 1).result(60)
        assert next(told)["data"]["id"] == first[0]
