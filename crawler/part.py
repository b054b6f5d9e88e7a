"""What the steps have in common that a crawl adds to Scrapy's own: they know whose they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.crawl import Crawl


def crawl_of(crawler: Crawler) -> Crawl:
    """Give the crawl for which Scrapy runs."""
    crawl: Crawl = crawler.spider.crawl  # type: ignore[union-attr]  # PortalSpider has one
    return crawl


class DownloaderStep:
    """One of Scrapy's downloader middlewares."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the step for ``crawler``."""
        return cls(crawler)
