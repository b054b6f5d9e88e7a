"""The connections of a crawl, each under guard: where it leads, how long its head is, its pace.

Scrapy bounds the size of a body and the time of an answer. What it leaves open is bounded here, on
the connection itself: the address is looked at once more after connecting and before a byte is
sent, so that no spelling of a host and no second answer of a name server leads inside; headers
without end never reach Scrapy's limit; and a server that drips could hold a slot for a minute.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from urllib.request import getproxies

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from scrapy.exceptions import DownloadFailedError
from twisted.internet.protocol import connectionDone
from twisted.python.failure import Failure
from twisted.web._newclient import HEADER, STATUS

from crawler.addresses import is_loopback, is_private
from crawler.politeness import Refused
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

LONGEST_HEAD = 256 * 1024  # bytes; browsers take 256 kB of headers
PACE_SECONDS = 10.0
# in each PACE_SECONDS once an answer has begun: a tenth of what the slowest telephone line brings
LEAST_BYTES = 4_000


class GuardedProtocol(_LenientHTTP11ClientProtocol):
    """One connection, which is given up with a named outcome when its server misbehaves."""

    public_only = True

    def connectionMade(self) -> None:  # noqa: N802 - Twisted's name
        """Give the connection up, before a byte is sent, where it has led to a private address."""
        super().connectionMade()
        self._fault: Refused | None = None
        assert self.transport is not None
        peer = self.transport.getPeer().host  # type: ignore[misc]  # zope's interface
        if self.public_only and is_private(peer):
            self._give_up(Outcome.PRIVATE_ADDRESS, f"connected to the private address {peer}")

    def request(self, request: SentRequest) -> Deferred[IResponse]:
        """Send a request, and count what comes for it."""
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

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: N802 - as above
        """Tell the request why the connection has ended, in our own words where it was us."""
        super().connectionLost(Failure(self._fault) if self._fault else reason)  # type: ignore[no-untyped-call]  # Twisted's

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
        self._fault = Refused(outcome, detail)
        self.transport.abortConnection()


class LocalProtocol(GuardedProtocol):
    """A connection to a replica on this machine, or to the proxy that the operator has named."""

    public_only = False


class _Factory(_LenientHTTP11ClientFactory):
    protocol_class: type[GuardedProtocol] = GuardedProtocol

    def buildProtocol(self, addr: IAddress | None) -> GuardedProtocol:  # noqa: ARG002, N802 - Twisted's
        return self.protocol_class(self._quiescentCallback)


class _LocalFactory(_Factory):
    protocol_class = LocalProtocol


class GuardedHandler(HTTP11DownloadHandler):
    """Scrapy's own handler of http and https, on guarded connections."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        local = is_loopback(crawler.spider.crawl.territory.root)  # type: ignore[union-attr]  # PortalSpider has one
        self._pool._factory = _LocalFactory if local or getproxies() else _Factory  # noqa: SLF001 - as Scrapy sets it

    async def download_request(self, request: Request) -> Response:
        """Give the answer, or raise Refused with the outcome for which it was given up."""
        try:
            return await super().download_request(request)
        except DownloadFailedError as error:
            for reason in getattr(error.__cause__, "reasons", ()):
                if isinstance(reason.value, Refused):
                    raise reason.value from error
            raise
