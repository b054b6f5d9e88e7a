"""The connections of a crawl, each under guard: where it leads, how long its head is, its pace.

Scrapy bounds the size of a body and the time of an answer. What it leaves open is bounded here, on
the connection itself: the address is looked at once more after connecting and before a byte is
sent, so that no spelling of a host and no second answer of a name server leads inside; headers
without end never reach Scrapy's limit; and a server that is silent or drips could hold a slot for
a minute. Who is silent is asked again by a later run, not by this one.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urlsplit
from urllib.request import getproxies

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from twisted.web._newclient import HEADER, STATUS
from twisted.web.client import URI

from config.traces import begin
from crawler.network.addresses import is_loopback, is_private
from crawler.network.answer_time import AnswerTime
from crawler.network.answers import Refused
from crawler.network.politeness import PublicResolver
from crawler.part import crawl_of
from pipelines.records import Outcome

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.internet.defer import Deferred
    from twisted.internet.interfaces import IAddress
    from twisted.web._newclient import HTTP11ClientProtocol, HTTPClientParser
    from twisted.web._newclient import Request as SentRequest
    from twisted.web.iweb import IResponse

    from crawler.walk.candidates import Candidate

LONGEST_HEAD = 256 * 1024  # bytes; browsers take 256 kB of headers
PACE_SECONDS = 10.0
# in the first PACE_SECONDS once an answer has begun, a tenth of what the slowest telephone line
# brings; twice as much in each further one: a drip ends soon, a long file on a slow line does not
LEAST_BYTES = 4_000
BODY_SECONDS = 60.0
TRACED = 1_000  # fetches of a run: a trace that follows more is taken by no collector


class GuardedProtocol(_LenientHTTP11ClientProtocol):
    """One connection, which is given up with a named outcome when its server misbehaves.

    ``faults`` takes that outcome by the address that was asked: an answer without a stated length
    would else pass for a whole one when it is cut off. ``waits`` are the waits for first bytes.
    """

    public_only: bool
    faults: dict[bytes, Refused]
    waits: dict[bytes, Wait]

    def connectionMade(self) -> None:
        """Give the connection up, before a byte is sent, where it has led to a private address."""
        super().connectionMade()
        self._fault: Refused | None = None
        self._asked = b""
        assert self.transport is not None
        peer = self.transport.getPeer().host  # type: ignore[misc]  # zope's interface
        if self.public_only and is_private(peer):
            self._give_up(Outcome.PRIVATE_ADDRESS, f"connected to the private address {peer}")

    def request(self, request: SentRequest) -> Deferred[IResponse]:
        """Send a request, and count what comes for it."""
        self._asked = request.absoluteURI or b""
        if self._fault:
            self.faults[self._asked] = self._fault
        self._head = self._lately = 0
        self._begun = False
        self._least = LEAST_BYTES
        return super().request(request)

    def dataReceived(self, data: bytes) -> None:
        """Take a part of the answer, and give up where its head has grown too long."""
        answer = self._parser
        if answer is not None and not self._begun:
            self._begun = True
            if wait := self.waits.get(self._asked):
                wait.over()
            self._look_again(answer)
        self._lately += len(data)
        super().dataReceived(data)  # type: ignore[no-untyped-call]  # Twisted's, inherited
        if answer is not None and answer is self._parser and answer.state in {STATUS, HEADER}:
            self._head += len(data)
            if self._head > LONGEST_HEAD:
                self._give_up(Outcome.TOO_LARGE, f"bounds.head:{self._head}")

    def _look_again(self, answer: HTTPClientParser) -> None:
        asyncio.get_running_loop().call_later(PACE_SECONDS, self._pace, answer)

    def _pace(self, answer: HTTPClientParser) -> None:
        if self._parser is not answer or self._fault:
            return  # that answer has come to its end
        if self._lately < self._least:
            slow = f"network.slow: {self._lately} bytes in {PACE_SECONDS:g} s"
            self._give_up(Outcome.FAILED, slow)
            return
        self._lately = 0
        self._least *= 2
        self._look_again(answer)

    def _give_up(self, outcome: Outcome, detail: str) -> None:
        assert self.transport is not None
        self._fault = self.faults[self._asked] = Refused(outcome, detail)
        self.transport.abortConnection()


class Wait:
    """The wait for one answer: for its first byte, then for its end."""

    def __init__(self, seconds: float, limit: asyncio.Timeout) -> None:
        self.seconds = seconds
        self.took: float | None = None
        self._limit = limit
        self._began = time.monotonic()

    def over(self) -> None:
        """Note that the answer has begun, and when it is to end."""
        if self.took is None:
            self.took = time.monotonic() - self._began
            self._limit.reschedule(asyncio.get_running_loop().time() + BODY_SECONDS)

    @property
    def fault(self) -> Refused:
        """Say what came of it when it has taken too long."""
        if self.took is None:
            return Refused(Outcome.FAILED, f"network.timeout: no answer in {self.seconds:g} s")
        return Refused(Outcome.FAILED, f"network.slow: no end in {BODY_SECONDS:g} s")


class _Factory(_LenientHTTP11ClientFactory):
    """Makes the connections of one handler, all of its ``kind``."""

    kind: type[GuardedProtocol]

    def buildProtocol(self, addr: IAddress | None) -> HTTP11ClientProtocol:
        """Make a connection as Scrapy does; its kind adds no state before it is connected."""
        made = super().buildProtocol(addr)
        made.__class__ = self.kind
        return made


class GuardedHandler(HTTP11DownloadHandler):
    """Scrapy's own handler of http and https, on guarded connections."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._faults: dict[bytes, Refused] = {}
        self._waits: dict[bytes, Wait] = {}
        self._time = AnswerTime()
        self._crawl = crawl_of(crawler)
        self._traced = 0
        # a replica on this machine, or a proxy that the operator has named, may be anywhere
        public_only = not is_loopback(self._crawl.territory.root) and not getproxies()
        shared = {"public_only": public_only, "faults": self._faults, "waits": self._waits}
        kind = type("Connection", (GuardedProtocol,), shared)
        factory: type[_Factory] = type("Factory", (_Factory,), {"kind": kind})
        self._pool._factory = factory  # noqa: SLF001 - as Scrapy sets it

    async def download_request(self, request: Request) -> Response:
        """Give the answer, or raise Refused with the outcome for which it was given up.

        What becomes of the page is traced under the span of its fetch, whose context is ``trace``
        in the request's meta.
        """
        self._traced += 1
        parent = self._crawl.trace if self._traced <= TRACED else ""
        fetch = begin("fetch", parent, {"url.full": request.url})
        request.meta["trace"] = fetch.context
        try:
            response = await self._download(request)
        except BaseException as error:
            fetch.end(f"{type(error).__name__}: {error}")
            raise
        fetch.tell({"http.response.status_code": response.status})
        fetch.end()
        return response

    async def _download(self, request: Request) -> Response:
        asked = URI.fromBytes(urldefrag(request.url)[0].encode()).toBytes()
        try:
            response = await self._in_time(request, asked)
        except Exception as error:
            if fault := self._faults.pop(asked, None):
                raise fault from error
            host = urlsplit(request.url).hostname or ""
            if address := PublicResolver.refused.get(host):
                detail = f"{host} resolves to the private address {address}"
                raise Refused(Outcome.PRIVATE_ADDRESS, detail) from error
            raise
        if fault := self._faults.pop(asked, None):
            raise fault
        return response

    async def _in_time(self, request: Request, asked: bytes) -> Response:
        """Give the answer; raise Refused for one that does not begin, or does not end, in time."""
        candidate: Candidate | None = request.cb_kwargs.get("candidate")
        failures = candidate.failures if candidate else 0
        seconds = self._time.wait(self._crawl.portal.answer_seconds, failures)
        try:
            async with asyncio.timeout(seconds) as limit:
                wait = self._waits[asked] = Wait(seconds, limit)
                return await super().download_request(request)
        except TimeoutError as error:
            raise wait.fault from error
        finally:
            self._waits.pop(asked, None)  # where an address is asked twice at once, it is gone
            if wait.took is not None:
                self._time.heard(wait.took)
