"""The connections of a crawl, each under guard: where it leads, how long its head is, its pace.

Scrapy bounds the size of a body and the time of an answer. What it leaves open is bounded here, on
the connection itself: the address is looked at once more after connecting and before a byte is
sent, so that no spelling of a host and no second answer of a name server leads inside; headers
without end never reach Scrapy's limit; and a server that drips could hold a slot for a minute.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any
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
from crawler.addresses import is_loopback, is_private
from crawler.politeness import PublicResolver, Refused
from pipelines.records import Outcome

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.internet.defer import Deferred
    from twisted.internet.interfaces import IAddress
    from twisted.web._newclient import HTTPClientParser
    from twisted.web._newclient import Request as SentRequest
    from twisted.web.iweb import IResponse

    from crawler.crawl import Crawl

LONGEST_HEAD = 256 * 1024  # bytes; browsers take 256 kB of headers
PACE_SECONDS = 10.0
# in each PACE_SECONDS once an answer has begun: a tenth of what the slowest telephone line brings
LEAST_BYTES = 4_000
TRACED = 1_000  # fetches of a run: a trace that follows more is taken by no collector


class GuardedProtocol(_LenientHTTP11ClientProtocol):
    """One connection, which is given up with a named outcome when its server misbehaves.

    ``faults`` takes that outcome by the address that was asked: an answer without a stated length
    would else pass for a whole one when it is cut off.
    """

    public_only: bool
    faults: dict[bytes, Refused]

    def connectionMade(self) -> None:  # noqa: N802 - Twisted's name
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
        return super().request(request)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        """Take a part of the answer, and give up where its head has grown too long."""
        answer = self._parser
        if answer is not None and not self._begun:
            self._begun = True
            self._look_again(answer)
        self._lately += len(data)
        super().dataReceived(data)  # type: ignore[no-untyped-call]  # Twisted's
        if answer is not None and answer is self._parser and answer.state in {STATUS, HEADER}:
            self._head += len(data)
            if self._head > LONGEST_HEAD:
                self._give_up(Outcome.TOO_LARGE, f"bounds.head:{self._head}")

    def _look_again(self, answer: HTTPClientParser) -> None:
        asyncio.get_running_loop().call_later(PACE_SECONDS, self._pace, answer)

    def _pace(self, answer: HTTPClientParser) -> None:
        if self._parser is not answer or self._fault:
            return  # that answer has come to its end
        if self._lately < LEAST_BYTES:
            slow = f"network.slow: {self._lately} bytes in {PACE_SECONDS:g} s"
            self._give_up(Outcome.FAILED, slow)
            return
        self._lately = 0
        self._look_again(answer)

    def _give_up(self, outcome: Outcome, detail: str) -> None:
        assert self.transport is not None
        self._fault = self.faults[self._asked] = Refused(outcome, detail)
        self.transport.abortConnection()


class _Factory(_LenientHTTP11ClientFactory):
    """Makes the connections of one handler, which reads their ``faults``."""

    def __init__(
        self,
        public_only: bool,  # noqa: FBT001 - Twisted adds its own arguments by position
        faults: dict[bytes, Refused],
        *twisted: Any,  # noqa: ANN401 - what the connection pool passes on
    ) -> None:
        super().__init__(*twisted)  # type: ignore[no-untyped-call]  # Twisted's
        self._public_only = public_only
        self._faults = faults

    def buildProtocol(self, addr: IAddress | None) -> GuardedProtocol:  # noqa: ARG002, N802 - Twisted's
        made = GuardedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]  # Twisted's
        made.public_only = self._public_only
        made.faults = self._faults
        return made


class GuardedHandler(HTTP11DownloadHandler):
    """Scrapy's own handler of http and https, on guarded connections."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._faults: dict[bytes, Refused] = {}
        # a replica on this machine, or a proxy that the operator has named, may be anywhere
        self._crawl: Crawl = crawler.spider.crawl  # type: ignore[union-attr]  # PortalSpider has one
        self._traced = 0
        local = is_loopback(self._crawl.territory.root)
        public_only = not local and not getproxies()
        self._pool._factory = partial(_Factory, public_only, self._faults)  # type: ignore[assignment]  # noqa: SLF001 - as Scrapy sets it

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
        try:
            response = await super().download_request(request)
        except Exception as error:
            if fault := self._fault(request):
                raise fault from error
            host = urlsplit(request.url).hostname or ""
            if address := PublicResolver.refused.get(host):
                detail = f"{host} resolves to the private address {address}"
                raise Refused(Outcome.PRIVATE_ADDRESS, detail) from error
            raise
        if fault := self._fault(request):
            raise fault
        return response

    def _fault(self, request: Request) -> Refused | None:
        """Take what is wrong with the answer to this request, by the address as it was sent."""
        if not self._faults:
            return None
        asked = URI.fromBytes(urldefrag(request.url)[0].encode()).toBytes()  # type: ignore[no-untyped-call]  # Twisted's
        return self._faults.pop(asked, None)
