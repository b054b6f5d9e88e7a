"""Keep a run's lease while its crawl goes on, and end the run in the store when that has ended."""

from __future__ import annotations

import asyncio
import logging
import os
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from crawler.crawl import OWN_FAULT
from crawler.walk.leftovers import forget_doors
from pipelines.errors import Halt
from pipelines.store.health import note_run
from pipelines.store.revisits import revisit
from pipelines.store.runs import finish_fetch, heartbeat
from pipelines.store.walks import end_walk

if TYPE_CHECKING:
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from crawler.crawl import Crawl
    from crawler.spider import PortalSpider

logger = logging.getLogger(__name__)

FLUSH_SECONDS = 1.0
JUDGED = frozenset({"incremental", "backfill"})  # they go through the portal's doors
STUCK = 70  # exit code of a run whose reactor stood still (sysexits.h: EX_SOFTWARE)


class LeaseKeeper:
    """Keeps the run's lease while the reactor turns, and ends the run when it is lost.

    The lease is renewed inside the event loop: a reactor that hangs renews nothing, so another
    process may take the run over; a thread then ends this one.
    """

    def __init__(self, crawl: Crawl, owner: str) -> None:
        self._crawl = crawl
        self._owner = owner
        self._task: asyncio.Task[None] | None = None
        self._ending = asyncio.Event()
        self._last = time.monotonic()
        self._halting: asyncio.Task[None] | None = None
        self.finished = False
        self.broke = False

    def opened(self, spider: PortalSpider) -> None:
        """Start renewing the lease."""
        self._spider = spider
        self._task = asyncio.ensure_future(self._keep())
        threading.Thread(target=self._guard, daemon=True).start()

    def broken(self, failure: Failure, response: Response) -> None:
        """Note a fault of our own: the run goes on, but it has not read all that it met.

        A Halt ends it: no other page would fare better.
        """
        if isinstance(failure.value, Halt) and not self._halting:
            self._crawl.trouble = failure.value.code, str(failure.value)
            self._crawl.fault = str(failure.value)
            self._halting = self._close_spider("halted")
        elif not self._halting:
            self._crawl.fault = f"{response.url} {OWN_FAULT}: {failure.getErrorMessage()}"

    def _close_spider(self, reason: str) -> asyncio.Task[None]:
        engine = self._spider.crawler.engine
        assert engine is not None
        return asyncio.ensure_future(engine.close_spider_async(reason=reason))

    async def _keep(self) -> None:
        renewed = time.monotonic()
        while not self._ending.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), FLUSH_SECONDS)
            self._last = time.monotonic()
            await self._crawl.recorder.flush()
            if self._last - renewed >= self._crawl.settings.lease_seconds / 6:
                renewed = self._last
                if not await asyncio.to_thread(self._renew):
                    self._crawl.fault = "another process has taken this run over"
                    self._halting = self._close_spider("lease lost")
                    return

    def _renew(self) -> bool:
        """Renew the lease; False when it is lost. A store that is away says nothing of it."""
        crawl = self._crawl
        try:
            with crawl.store.begin() as conn:
                return heartbeat(
                    conn, crawl.run.id, self._owner, crawl.now(), crawl.settings.lease_seconds
                )
        except SQLAlchemyError as error:
            logger.warning("the lease of run %s cannot be renewed: %s", crawl.run.id, error)
            return True

    def _guard(self) -> None:
        while not self.finished:
            time.sleep(5)
            if time.monotonic() - self._last > self._crawl.settings.lease_seconds:
                logger.critical("the reactor stands still, ending run %s", self._crawl.run.id)
                os._exit(STUCK)

    async def closed(self, reason: str) -> None:
        """Commit the rest and end the run; note a fault of our own, which waiting does not cure."""
        try:
            await self._close(reason)
        except Exception as error:
            self.broke = not isinstance(error, SQLAlchemyError)
            raise  # Scrapy logs it

    async def _close(self, reason: str) -> None:
        """Commit the rest and end the run, unless it was only interrupted."""
        self._ending.set()
        if self._task:
            await self._task  # it may be in the middle of a commit
        if reason == "finished":
            self._crawl.fault = self._crawl.fault or self._crawl.emptiness
        complete = reason == "finished" and not self._crawl.fault
        interrupted = reason in {"shutdown", "lease lost"}
        if not interrupted:
            self._crawl.recorder.settle_titles(self._crawl.tally.repeated_titles())
        await self._crawl.recorder.close(complete=complete)
        if interrupted:
            return  # the lease runs out, the sweeper starts the run again
        if reason != "halted":
            await self._crawl.look_into_fault()
        self._finish()
        self.finished = True

    def _finish(self) -> None:
        """End the run in the store, and note how its portal stands now."""
        crawl, now = self._crawl, self._crawl.now()
        with crawl.store.begin() as conn:
            mine = finish_fetch(conn, crawl.run.id, self._owner, now, crawl.fault)
            if mine and crawl.backfill and not crawl.fault:
                end_walk(conn, crawl.run.portal, crawl.run.section)
            if mine and crawl.run.kind in JUDGED:
                if crawl.settled and not crawl.fault:
                    forget_doors(crawl, conn)
                facts, bounds = crawl.facts(), crawl.portal.expect
                note_run(conn, crawl.run.id, crawl.run.portal, facts, bounds, now)
        if mine and crawl.run.kind in JUDGED:
            # apart: a scheduler that holds the slot may be waiting for the end of this run
            with crawl.store.begin() as conn:
                revisit(conn, crawl.run.portal, crawl.run.section, now)
