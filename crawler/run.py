"""Crawl one run in a process of its own: ``python -m crawler.run RUN_ID``."""

from __future__ import annotations

import logging
import os
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess
from sqlalchemy.exc import SQLAlchemyError

from config.logs import start_logging
from config.settings import Settings, load_settings
from config.traces import begin, start_tracing, stop_tracing
from crawler.crawl import Crawl
from crawler.lease import LeaseKeeper
from crawler.network.addresses import is_loopback
from crawler.network.answer_time import MOST
from crawler.spider import PortalSpider
from crawler.survey.spider import SurveySpider
from pipelines.clean.child import serve
from pipelines.errors import GomtinError
from pipelines.store.engine import open_store
from pipelines.store.faults import StoreError
from pipelines.store.runs import claim_run, finish_fetch

if TYPE_CHECKING:
    from config.traces import Facts, Span
    from pipelines.store.engine import Store
    from pipelines.store.runs import Run

logger = logging.getLogger(__name__)

HTTP = "crawler.network.guarded.GuardedHandler"
# All parts of Scrapy that a run uses. What is not named here is not even imported: among others
# the telnet console and the remote control, which execute what they are sent, cookies, and the
# handlers of file: and ftp: addresses.
DOWNLOADER_PARTS = {
    "crawler.network.politeness.StayInTerritory": 50,
    "crawler.network.politeness.Robots": 100,
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": 550,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": 590,
    "crawler.network.politeness.WholeAnswers": 595,  # nearer to the host than decompression
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": 600,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": 750,
    "crawler.room.WaitForRoom": 890,
    "crawler.network.turns.TakeTurns": 900,  # the last: whatever is sent has had its turn
}
SPIDER_PARTS = {
    "scrapy.spidermiddlewares.start.StartSpiderMiddleware": 25,
    "scrapy.spidermiddlewares.referer.RefererMiddleware": 700,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": 800,
}
ALWAYS = {  # the Scrapy settings of every run
    "ROBOTSTXT_OBEY": True,
    "ROBOTSTXT_USER_AGENT": "gomtin",
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "RETRY_TIMES": 2,
    "RETRY_HTTP_CODES": [408, 500, 502, 504, 522, 524],
    "DOWNLOAD_DELAY_JITTER": 0.0,  # a jitter would go below the floor
    "CONCURRENT_REQUESTS": 4,
    # Scrapy starts this many tasks for each answer; callbacks yield only requests here
    "CONCURRENT_ITEMS": 1,
    "WARN_ON_GENERATOR_RETURN_VALUE": False,  # it reads the callback's source at each answer
    "DOWNLOAD_TIMEOUT": 4 * MOST,  # behind the handler's own, which names what it gives up
    "REDIRECT_MAX_TIMES": 8,  # scheme, host, language, front page: each waits for its turn
    "DOWNLOAD_WARNSIZE": 0,
    "EXTENSIONS_BASE": {"scrapy.extensions.throttle.AutoThrottle": 0},
    "DOWNLOADER_MIDDLEWARES_BASE": DOWNLOADER_PARTS,
    "SPIDER_MIDDLEWARES_BASE": SPIDER_PARTS,
    "DOWNLOAD_HANDLERS_BASE": dict.fromkeys(("http", "https"), HTTP),
    "DEFAULT_REQUEST_HEADERS": {
        "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "Accept-Language": "vi",
    },
    "LOG_INSTALL_ROOT_HANDLER": False,
    "STATS_DUMP": False,
}
TRY_LATER = 75  # exit code of a run that found the store away (sysexits.h: EX_TEMPFAIL)


def main(argv: list[str] | None = None) -> int:
    """Run the crawl whose id is the only argument; exit code 0 done, 1 failed, 2 wrong use."""
    arguments = sys.argv[1:] if argv is None else argv
    if len(arguments) != 1 or not arguments[0].isdigit():
        sys.stderr.write("usage: python -m crawler.run RUN_ID\n")
        return 2
    settings = load_settings()
    try:
        return _run(settings, int(arguments[0]))
    except (SQLAlchemyError, StoreError) as error:
        sys.stderr.write(f"the run waits until the store answers again: {error}\n")
        return TRY_LATER


def _run(settings: Settings, run_id: int) -> int:
    store = open_store(settings.store_url)
    owner = f"{os.uname().nodename}:{os.getpid()}"
    with store.begin() as conn:
        run = claim_run(conn, run_id, owner, datetime.now(UTC), settings.lease_seconds)
    if run is None:
        logger.info("run %s is taken or ended", run_id)
        return 0
    try:
        return _crawl(settings, store, run, owner)
    except GomtinError as error:
        with store.begin() as conn:
            finish_fetch(conn, run.id, owner, datetime.now(UTC), str(error))
        return 1
    finally:
        stop_tracing()
        store.close()


def _crawl(settings: Settings, store: Store, run: Run, owner: str) -> int:
    crawl = Crawl(settings, store, run)
    crawl.cleaner.fork(serve)  # while no thread and no reactor runs
    start_tracing("crawl")
    traced = _trace(run)
    crawl.trace = traced.context
    process = AsyncCrawlerProcess(scrapy_settings(settings, crawl))
    _log_to_stderr(settings, run)
    crawler = process.create_crawler(SurveySpider if run.kind == "survey" else PortalSpider)
    keeper = LeaseKeeper(crawl, owner)
    crawler.signals.connect(keeper.opened, signals.spider_opened)
    crawler.signals.connect(keeper.closed, signals.spider_closed)
    crawler.signals.connect(keeper.broken, signals.spider_error)
    process.crawl(crawler, crawl=crawl)
    process.start()
    crawl.cleaner.close()
    traced.end(crawl.fault)
    if not keeper.finished:  # the store did not take its end, or we could not make one
        return 1 if keeper.broke else TRY_LATER
    return 1 if crawl.fault else 0


def _trace(run: Run) -> Span:
    """Begin the span of the run, under that of its slot if a schedule has made it."""
    facts: Facts = {"gomtin.portal": run.portal, "gomtin.run": run.id, "gomtin.kind": run.kind}
    return begin("crawl", run.trace or None, {**facts, "gomtin.attempt": run.attempts})


def _log_to_stderr(settings: Settings, run: Run) -> None:
    """Log as the settings say; Scrapy and Twisted, which tell every request, only what is wrong."""
    start_logging(settings, portal=run.portal, run=run.id)
    for library in ("scrapy", "twisted"):
        logging.getLogger(library).setLevel(logging.WARNING)
    # the spider names the outcome of a robots.txt that cannot be fetched, without a traceback
    logging.getLogger("scrapy.downloadermiddlewares.robotstxt").setLevel(logging.CRITICAL)


def scrapy_settings(settings: Settings, crawl: Crawl) -> dict[str, Any]:
    """Give the Scrapy settings of a run: polite, closed to the outside, quick to start."""
    delay, here = crawl.delay, is_loopback(crawl.territory.root)
    return ALWAYS | {
        "USER_AGENT": settings.agent,
        "DOWNLOAD_DELAY": delay,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1 if delay else 4,
        "AUTOTHROTTLE_ENABLED": delay > 0,
        "AUTOTHROTTLE_START_DELAY": delay,
        "DOWNLOAD_MAXSIZE": settings.max_page_bytes,
        "DOWNLOAD_VERIFY_CERTIFICATES": crawl.portal.verify_certificate,
        "TWISTED_DNS_RESOLVER": "scrapy.resolver.CachingThreadedResolver"
        if here
        else "crawler.network.politeness.PublicResolver",
        "HTTPPROXY_ENABLED": not here,  # a proxy's own loopback is another machine's
        "LOG_LEVEL": settings.log_level,
    }


if __name__ == "__main__":
    sys.exit(main())
