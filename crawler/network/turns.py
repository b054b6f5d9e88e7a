"""One budget of requests a host, shared by every process that asks it."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sqlalchemy.exc import SQLAlchemyError

from crawler.network.answers import Refused
from crawler.network.politeness import ASKING_FOR_A_PAUSE, MAX_HOLD, retry_after
from crawler.part import DownloaderStep, crawl_of
from pipelines.codec import VIETNAM
from pipelines.records import Outcome
from pipelines.store.turns import Turn, leave_alone, resting_hosts, take_turn

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

    from pipelines.store.engine import Store

logger = logging.getLogger(__name__)

PATIENCE = timedelta(seconds=MAX_HOLD)


class Turns:
    """Takes turns at hosts in a store that all processes share, without holding the event loop.

    Where the store does not answer, the delay of this process alone counts.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    async def take(self, host: str, delay: float) -> Turn:
        """Take the next turn at ``host``, ``delay`` seconds before the one after it."""
        try:
            return await asyncio.to_thread(self._take, host, timedelta(seconds=delay))
        except SQLAlchemyError as error:
            logger.warning("the turns at %s cannot be read: %s", host, error)
            return Turn(datetime.now(UTC), "")

    def _take(self, host: str, delay: timedelta) -> Turn:
        with self._store.begin() as conn:
            return take_turn(conn, host, delay, datetime.now(UTC), PATIENCE)

    async def is_resting(self, host: str) -> bool:
        """Tell whether ``host`` is now left alone for a reason."""
        try:
            return await asyncio.to_thread(self._is_resting, host)
        except SQLAlchemyError as error:
            logger.warning("the turns at %s cannot be read: %s", host, error)
            return False

    def _is_resting(self, host: str) -> bool:
        with self._store.read() as conn:
            return host in resting_hosts(conn, datetime.now(UTC))

    async def leave_alone(self, request: Request, seconds: float, reason: str) -> None:
        """Let no process ask the host of ``request`` for so many seconds; "": it is only slow."""
        host = host_of(request)
        try:
            await asyncio.to_thread(self._leave_alone, host, timedelta(seconds=seconds), reason)
        except SQLAlchemyError as error:
            logger.warning("%s is left alone by this process only: %s", host, error)

    def _leave_alone(self, host: str, rest: timedelta, reason: str) -> None:
        now = datetime.now(UTC)
        with self._store.begin() as conn:
            leave_alone(conn, host, now + rest, reason, now)


class TakeTurns(DownloaderStep):
    """The step next to the host: a request waits for its turn, an answer may ask for a pause."""

    async def process_request(self, request: Request) -> None:
        """Return when it is this request's turn; raise Refused when that is too far away."""
        crawl, host = crawl_of(self._crawler), host_of(request)
        turns, delay = crawl.turns, crawl.delay
        if not delay:  # a replica on this machine
            return
        while True:
            turn = await turns.take(host, delay)
            wait = (turn.at - datetime.now(UTC)).total_seconds()
            if wait > MAX_HOLD:
                until = f"{turn.at.astimezone(VIETNAM):%H:%M}"
                said = f"host.resting: left alone until {until}: {turn.reason}"
                raise Refused(Outcome.BLOCKED, said)
            await asyncio.sleep(max(wait, 0))
            # while this one waited, the host may have asked another process for a pause
            if wait <= 0 or turn.reason or not await turns.is_resting(host):
                return

    async def process_response(self, request: Request, response: Response) -> Response:
        """Let no process ask a host that asks for a pause, whatever it was asked for."""
        crawl = crawl_of(self._crawler)
        if response.status in ASKING_FOR_A_PAUSE:
            seconds = retry_after(response, crawl.now())
            reason = f"it asked for a pause (http.{response.status})"
            await crawl.leave_alone(request, seconds, reason)
        return response


def host_of(request: Request) -> str:
    """Give the host against whose budget a request counts; ports tell replicas apart."""
    return urlsplit(request.url).netloc.rpartition("@")[2].casefold()
