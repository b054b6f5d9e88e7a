"""What the parts have in common that a crawl adds to Scrapy's own: they know whose they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from scrapy import Spider

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.crawl import Crawl


class SpiderOfCrawl(Spider):
    """A spider that knows its crawl."""

    def __init__(self, crawl: Crawl) -> None:
        super().__init__()
        self.crawl = crawl


def crawl_of(crawler: Crawler) -> Crawl:
    """Give the crawl for which Scrapy runs."""
    assert isinstance(crawler.spider, SpiderOfCrawl)
    return crawler.spider.crawl


class DownloaderStep:
    """One of Scrapy's downloader middlewares."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the step for ``crawler``."""
        return cls(crawler)
