"""Relay the outbox to a Redis stream: each event at least once, under an id that stays the same.

An event counts as relayed only when it is still in the stream a little later: Redis writes its
append-only file to disk every second, so what it answered just before losing power may be gone. A
relay that takes over finds in the stream what the one before it had sent, and repeats none of that.
"""

from __future__ import annotations

import json
import logging
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import redis

from config.traces import begin
from pipelines.store.outbox import Event, mark_relayed, unrelayed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from pipelines.store.engine import Store

log = logging.getLogger(__name__)

STREAM = "gomtin:events"
LEADER = "gomtin:relay"
LEADER_SECONDS = 10
KEPT = 100_000  # events kept in the stream, about
BATCH = 500
UNSETTLED = 4 * BATCH  # at most: a batch a second, settled in the third second
SETTLE_SECONDS = 2.0  # longer than Redis's fsync interval of 1 s
VERSION = "1"


class Relay:
    """Move events from the outbox to the stream; of several relays one is at work at a time."""

    def __init__(
        self,
        store: Store,
        client: redis.Redis,
        *,
        owner: str,
        settle_seconds: float = SETTLE_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._redis = client
        self._owner = owner.encode()
        self._settle_seconds = settle_seconds
        self._clock = clock
        self._sent: dict[int, tuple[bytes, float]] = {}

    def relay(self, now: datetime) -> int:
        """Send what is new and settle what was sent; give the number of events sent.

        Raise redis.RedisError when Redis is away: nothing is lost, call again later.
        """
        self._settle(now)
        with self._store.read() as conn:
            events = unrelayed(conn, BATCH + len(self._sent))
        if not self._fresh(events) or not self._leads():
            return 0
        fresh = self._fresh(events)  # who has just taken over knows of more that was sent
        self._send(fresh)
        return len(fresh)

    def _fresh(self, events: Sequence[Event]) -> list[Event]:
        return [event for event in events if event.id not in self._sent]

    def _leads(self) -> bool:
        """Hold the relay's lease in Redis; two leaders for a moment only double deliveries."""
        leader = self._redis.get(LEADER)
        if leader is None:
            self._take_over()
            return bool(self._redis.set(LEADER, self._owner, nx=True, ex=LEADER_SECONDS))
        if leader != self._owner:
            return False
        self._redis.expire(LEADER, LEADER_SECONDS)
        return True

    def _take_over(self) -> None:
        """Find in the stream what a relay sent that did not live to settle it.

        An id alone shows nothing: the stream may be older than the archive, whose first events
        then have the ids of others, and other programs may write into it.
        """
        with self._store.read() as conn:
            waiting = unrelayed(conn, UNSETTLED)
        at = self._clock()
        page: Any = self._redis.xrevrange(STREAM, count=UNSETTLED)
        entries = {frozenset(fields.items()): entry for entry, fields in page}
        for event in waiting:
            if entry := entries.get(frozenset(_message(event).items())):
                self._sent[event.id] = entry, at

    def _send(self, events: Sequence[Event]) -> None:
        with self._redis.pipeline(transaction=False) as pipe:
            for event in events:
                pipe.xadd(STREAM, _message(event), maxlen=KEPT, approximate=True)
            entries = pipe.execute()
        for event in events:
            begin(f"relay {event.type}", event.trace, at=event.created_at).end()
        at = self._clock()
        self._sent |= {event.id: (entry, at) for event, entry in zip(events, entries, strict=True)}

    def _settle(self, now: datetime) -> None:
        """Mark as relayed what is still in the stream; what is gone is sent again."""
        past = self._clock() - self._settle_seconds
        old = {event: entry for event, (entry, at) in self._sent.items() if at <= past}
        if not old:
            return
        with self._redis.pipeline(transaction=False) as pipe:
            for entry in old.values():
                pipe.xrange(STREAM, entry, entry)
            found = pipe.execute()
        kept = [event for event, hit in zip(old, found, strict=True) if hit]
        with self._store.begin() as conn:
            mark_relayed(conn, kept, now)
        for event in old:
            del self._sent[event]
        if len(kept) < len(old):
            log.warning("%d events were lost in Redis and are sent again", len(old) - len(kept))

    def release(self) -> None:
        """Give up the lease, so that another relay starts at once, unless Redis is away."""
        with suppress(redis.RedisError):
            if self._redis.get(LEADER) == self._owner:
                self._redis.delete(LEADER)


def _message(event: Event) -> dict[Any, Any]:
    """Give the fields of a stream entry; ``id`` is what a consumer recognises repetitions by.

    A consumer that traces goes on from ``traceparent``, which an event of a traced page has.
    """
    traced = {"traceparent": event.trace} if event.trace else {}
    fields = traced | {
        "id": str(event.id),
        "type": event.type,
        "version": VERSION,
        "at": event.created_at.isoformat(),
        "payload": json.dumps(event.payload, ensure_ascii=False),
    }
    return {name.encode(): text.encode() for name, text in fields.items()}
