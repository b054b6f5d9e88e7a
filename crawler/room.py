"""Back-pressure: nothing more is asked of a portal than the archive can take in.

Fetching is faster than ingesting when a worker is stopped or a host is short of processors, and
the store may be away or full. Requests then wait before they are sent; the lease is kept, and the
run goes on where it was when there is room again.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from crawler.part import DownloaderStep, crawl_of
from pipelines.store.inbox import holds_more_than

if TYPE_CHECKING:
    from scrapy import Request

    from crawler.recorder import Recorder
    from pipelines.store.engine import Store

logger = logging.getLogger(__name__)

LOOK_SECONDS = 1.0  # one look serves all requests of the run
RESUME = 0.8  # of the bound: so that a full inbox does not stop and start every request


class Room:
    """Tells whether what is fetched next finds room; ``bound`` in drafts of all runs together."""

    def __init__(self, store: Store, recorder: Recorder, bound: int) -> None:
        self._store = store
        self._recorder = recorder
        self._bound = bound
        self._full = ""
        self._looked_at = float("-inf")
        self._lock = asyncio.Lock()

    async def full(self) -> str:
        """Say what is full, or nothing."""
        async with self._lock:
            if time.monotonic() - self._looked_at >= LOOK_SECONDS:
                found = await asyncio.to_thread(self._look)
                if bool(found) != bool(self._full):
                    logger.warning("%s", f"waiting: {found}" if found else "there is room again")
                self._full = found
                self._looked_at = time.monotonic()
        return self._full

    async def pause(self) -> None:
        """Wait for the next look."""
        await asyncio.sleep(LOOK_SECONDS)

    def _look(self) -> str:
        bound = int(self._bound * RESUME) if self._full else self._bound
        try:
            with self._store.read() as conn:
                if holds_more_than(conn, bound):
                    return f"more than {bound} drafts wait in the inbox"
        except SQLAlchemyError as error:
            return f"the store does not answer: {error}".partition("\n")[0]
        if self._recorder.crowded:
            return "the store takes nothing at present"
        return ""


class WaitForRoom(DownloaderStep):
    """Scrapy's step before the turn at the host: a request waits while there is no room."""

    async def process_request(self, request: Request) -> None:  # noqa: ARG002 - Scrapy's signature
        """Return when there is room, or when the run is ending anyway."""
        crawl = crawl_of(self._crawler)
        if crawl.run.kind == "survey":  # it delivers nothing
            return
        while not crawl.fault and await crawl.room.full():
            await crawl.room.pause()
