"""Watch from outside whether the inbox gets shorter, whatever the ingest worker says of itself."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from pipelines.store.inbox import pending, stale

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from pipelines.store.engine import Store


class InboxWatch:
    """Tell when drafts wait, are free to be taken, and none of them was ingested for ``limit`` s.

    Only drafts that waited at the last sign of progress are counted: new ones may arrive faster
    than they are ingested without anything standing still.
    """

    def __init__(
        self, store: Store, limit: float, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._store = store
        self._clock = clock
        self._looked_at = 0.0
        self._limit = limit
        self._since: datetime | None = None
        self._left = 0

    def look(self, now: datetime) -> str:
        """Say what stands still, or nothing."""
        with self._store.read() as conn:
            left = pending(conn, delivered_by=self._since or now)
            if self._since is not None and self._since <= now and left and left >= self._left:
                waited = self._clock() - self._looked_at  # the wall clock may be put forward
                if waited <= self._limit or not stale(conn, now, 1, self._limit):
                    return ""
                self._since = None
                return f"{left} drafts wait and none was ingested for {waited:.0f} s"
            self._left = pending(conn, delivered_by=now)
        self._since, self._looked_at = now, self._clock()
        return ""
