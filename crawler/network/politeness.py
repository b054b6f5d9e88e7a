"""Scrapy parts that keep a crawl polite and inside its territory."""

from __future__ import annotations

import logging
import zlib
from datetime import UTC
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from time import monotonic
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit
from urllib.request import getproxies

from scrapy import signals
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.extensions.throttle import AutoThrottle
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.error import DNSLookupError

from crawler.network.addresses import is_private
from crawler.network.answers import UNREADABLE, Refused, fault_outcome
from crawler.part import DownloaderStep, crawl_of
from pipelines.clean.judge import wall_in
from pipelines.records import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser
    from twisted.internet.base import ReactorBase
    from twisted.internet.defer import Deferred


logger = logging.getLogger(__name__)

PIECE = 1 << 20
MAX_HOLD = 300.0  # seconds: longer waits are for the next run
MAX_REST = 3_600.0  # seconds: a host that asks for more is asked again once an hour
PAUSE = 60.0  # seconds, where a host does not say how long
ASKING_FOR_A_PAUSE = frozenset({429, 503})
FLOOD = "it asked for a pause (flood blocker)"
UNAVAILABLE = frozenset({429, *range(500, 600)})
LONGEST_ROBOTS = 512_000  # bytes; RFC 9309, 2.5: at least 500 kibibytes are read
ROBOTS_MARKUP = (b"<html", b"<!doctype")


class StayInTerritory(DownloaderStep):
    """Refuse every request, redirects included, that leaves the run's territory."""

    def process_request(self, request: Request) -> None:
        """Raise Refused when the address is not this run's to ask."""
        refusal = crawl_of(self._crawler).territory.refusal(request.url)
        if refusal:
            raise Refused(refusal, f"refused {request.url}")


class WholeAnswers(DownloaderStep):
    """Refuse compressed answers that are cut short, too large or packed more than once.

    Scrapy would pass on the half that came, and would unpack as many layers as a server names.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._largest = crawler.settings.getint("DOWNLOAD_MAXSIZE")

    def process_response(self, request: Request, response: Response) -> Response:  # noqa: ARG002 - Scrapy's signature
        """Give the answer on, or raise Refused when it cannot be unpacked to its end."""
        named = b",".join(response.headers.getlist(b"Content-Encoding")).lower().split(b",")
        encodings = [name for one in named if (name := one.strip()) not in {b"", b"identity"}]
        if len(encodings) > 1:
            raise Refused(Outcome.BAD_CONTENT, f"content.encoding: packed {len(encodings)} times")
        if encodings == [b"gzip"]:
            try:
                self._unpack(response.body)
            except zlib.error as error:
                raise Refused(Outcome.BAD_CONTENT, f"content.encoding: {error}") from error
        return response

    def _unpack(self, rest: bytes) -> None:
        stream, size = zlib.decompressobj(zlib.MAX_WBITS + 16), 0
        while rest and not stream.eof:  # in pieces: a bomb must not fill the memory
            size += len(stream.decompress(rest, PIECE))
            if size > self._largest:
                raise Refused(Outcome.TOO_LARGE, f"bounds.bytes: unpacks to more than {size}")
            rest = stream.unconsumed_tail
        if not stream.eof:
            raise Refused(Outcome.BAD_CONTENT, "content.cut_short")


class Robots(RobotsTxtMiddleware):
    """Obey robots.txt with its Crawl-delay; where it cannot be read, ask nothing.

    RFC 9309, 2.3.1.4, wants an unreachable file to be taken for a complete disallow. NukeViet's
    flood blocker answers 200 with an HTML page in place of robots.txt: no permission either.
    """

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Raise Refused for a path that robots.txt denies."""
        netloc = request.url.split("/")[2]
        if netloc in self._unreadable:
            outcome, why = self._unreadable[netloc]
            raise Refused(outcome, f"robots.txt: {why}")
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as error:
            raise Refused(Outcome.DENIED_BY_ROBOTS, "robots.txt") from error

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._unreadable: dict[str, tuple[Outcome, str]] = {}
        crawler.signals.connect(self._keep_pace, signals.robots_parsed)

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        head = response.body[:200].lstrip().lower()
        wall = wall_in(response.body)
        if response.status == HTTPStatus.OK and wall and wall.outcome is Outcome.BLOCKED:
            await self._leave_alone(response, request)
        if response.status in UNAVAILABLE:
            self._unreadable[netloc] = Outcome.BLOCKED, f"http.{response.status}"
        elif response.status == HTTPStatus.OK and head.startswith(ROBOTS_MARKUP):
            self._unreadable[netloc] = Outcome.BLOCKED, "a page in place of the file"
        elif response.status >= HTTPStatus.BAD_REQUEST:
            response = response.replace(body=b"")  # RFC 9309, 2.3.1.3: no rules
        elif len(response.body) > LONGEST_ROBOTS:
            whole_lines = response.body[:LONGEST_ROBOTS].rpartition(b"\n")[0]
            response = response.replace(body=whole_lines)
        await super()._parse_robots(response, netloc, request)

    async def _keep_pace(self, robotparser: RobotParser, request: Request) -> None:
        """Take a Crawl-delay over, for all processes, before any request goes on."""
        delay = robotparser.crawl_delay(self._default_useragent)
        if delay and delay > MAX_HOLD:  # a run of that pace would never end
            netloc = request.url.split("/")[2]
            self._unreadable[netloc] = Outcome.BLOCKED, f"asks for {delay:g} s between requests"
        elif delay:
            self._crawl_delay(request, float(delay))
            # robots.txt itself was asked at the pace of before
            await crawl_of(self.crawler).leave_alone(request, float(delay), "")

    async def _leave_alone(self, response: Response, request: Request) -> None:
        """Let no process ask the host: this run is over, but the next would come at once."""
        crawl = crawl_of(self.crawler)
        await crawl.leave_alone(request, retry_after(response, crawl.now()), FLOOD)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        outcome, why = fault_outcome(exc)
        if outcome in UNREADABLE:  # the file, not the pages: these are tried again
            outcome = Outcome.FAILED
        self._unreadable[netloc] = outcome, why
        super()._robots_error(exc, netloc)

    def _crawl_delay(self, request: Request, delay: float) -> None:
        """Raise the delay of every host: of its turns, and of this process where none are read."""
        crawl = crawl_of(self.crawler)
        crawl.crawl_delay = max(crawl.crawl_delay, delay)
        throttle = self.crawler.get_extension(AutoThrottle)
        if throttle:
            throttle.mindelay = max(throttle.mindelay, delay)
        for slot in self.crawler.engine.downloader.slots.values():
            slot.delay = max(slot.delay, delay)
        logger.info("robots.txt of %s asks for %s s between requests", request.url, delay)


def hold(crawler: Crawler, request: Request, seconds: float) -> None:
    """Send nothing to the host of ``request`` for ``seconds`` (at most MAX_HOLD)."""
    slot = crawler.engine.downloader.slots.get(request.meta.get("download_slot", ""))
    if slot:
        # the downloader waits for ``delay`` after ``lastseen``: moving it ahead is a pause
        slot.lastseen = monotonic() + min(seconds, MAX_HOLD) - slot.delay
        slot.delay = max(slot.delay, 0.001)  # a slot without delay never looks at lastseen


class PublicResolver(CachingThreadedResolver):
    """Resolve names, but refuse those that lead to an address outside the public internet.

    The proxies that the operator has named may be anywhere. ``refused`` keeps the names and their
    addresses, for Twisted says no more of a failed look-up than that it failed.
    """

    refused: ClassVar[dict[str, str]] = {}

    def __init__(self, reactor: ReactorBase, cache_size: int, timeout: float) -> None:
        super().__init__(reactor, cache_size, timeout)
        self._proxies = {urlsplit(proxy).hostname for proxy in getproxies().values()}

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:
        """Resolve ``name``; fail with DNSLookupError for a private address."""
        resolved: Deferred[str] = super().getHostByName(name, timeout)
        return resolved.addCallback(self._public, name)

    def _public(self, address: str, name: str) -> str:
        if is_private(address) and name not in self._proxies:
            self.refused[name] = address
            raise DNSLookupError(f"{name} resolves to the private address {address}")
        return address


def retry_after(response: Response, now: datetime) -> float:
    """Give the seconds that the answer asks to wait, at most MAX_REST; PAUSE where it says none.

    Retry-After holds seconds or a date (RFC 9110, 10.2.3).
    """
    value = (response.headers.get(b"Retry-After") or b"").decode("latin-1").strip()
    if value.isascii() and value.isdigit():
        return min(float(value), MAX_REST)
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return PAUSE
    if until.tzinfo is None:  # "-0000": UTC, too
        until = until.replace(tzinfo=UTC)
    return min(max((until - now).total_seconds(), 0.0), MAX_REST)
