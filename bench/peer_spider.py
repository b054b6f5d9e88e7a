"""The peer: a Scrapy spider with trafilatura in its callback, as one writes it for known sites.

``scrapy runspider bench/peer_spider.py -a sites=FILE -O out.jsonl`` where FILE is JSON: portal id
to base address. It knows the article addresses of each site, obeys robots.txt, and leaves alone
what leads into endless toggles; whatever trafilatura finds a text in is an article.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.http import HtmlResponse
from scrapy.linkextractors import LinkExtractor
from scrapy.spiders import CrawlSpider, Rule
from trafilatura import bare_extraction
from trafilatura.settings import Document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy.http import Response
    from scrapy.link import Link
    from scrapy.settings import BaseSettings

ARTICLES = [
    r"://[^/]+/[a-z0-9]+(?:-[a-z0-9]+){3,}/$",
    r"/Lists/\w+/DispForm\.aspx\?ID=\d+",
    r"/news/[\w-]+/[\w-]+-\d+\.html$",
    r"/asset_publisher/\w+/content/id/\d+$",
    r"-a\d+\.html$",
]
AVOIDED = [
    r"/en/", r"/c/portal", r"/print/", r"/savefile/", r"/rss", r"/feed", r"/wp-", r"/users/",
    r"/tag/", r"/t/\d+", r"\?p=\d+$", r"/search", r"replytocom", r"share=", r"language",
]  # fmt: skip
PUBLIC = {
    "danvankheo-ketnoithongtin.vn": "danvankheo",
    "www.angiang.dcs.vn": "angiang_dcs",
    "hiepninh.tayninh.gov.vn": "hiepninh",
    "btg.dongthap.gov.vn": "hongngu",
    "baoangiang.com.vn": "baoangiang",
}
SETTINGS = {
    "ROBOTSTXT_OBEY": True,
    "DOWNLOAD_DELAY": 0,
    "CONCURRENT_REQUESTS": 16,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
    "COOKIES_ENABLED": False,
    "LOG_LEVEL": "WARNING",
}
HOST = re.compile(r"^https?://([^/]+)(.*)$")


class NewsSpider(CrawlSpider):
    """Follows every link of the sites and reads every article address."""

    name = "news"
    allowed_domains = ("127.0.0.1",)
    rules = (
        Rule(
            LinkExtractor(allow=ARTICLES, deny=AVOIDED, deny_domains=["localhost"]),
            callback="parse_article",
            process_links="at_replica",
            follow=True,
        ),
        Rule(LinkExtractor(deny=AVOIDED), process_links="at_replica", follow=True),
    )

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Obey robots.txt, as fast as the replicas answer."""
        super().update_settings(settings)
        settings.setdict(SETTINGS, priority="spider")

    def __init__(self, sites: str, **kwargs: str) -> None:
        super().__init__(**kwargs)
        self.sites: dict[str, str] = json.loads(Path(sites).read_text("utf-8"))
        self.start_urls = list(self.sites.values())

    def at_replica(self, links: list[Link]) -> list[Link]:
        """Point links that name a site's public host at its replica."""
        for link in links:
            found = HOST.match(link.url)
            portal = PUBLIC.get(found[1]) if found else None
            if found and portal:
                link.url = self.sites[portal].rstrip("/") + found[2]
        return links

    def parse_article(self, response: Response) -> Iterator[dict[str, Any]]:
        """Extract text and metadata."""
        if not isinstance(response, HtmlResponse):
            return
        document = bare_extraction(response.text, url=response.url, with_metadata=True)
        if not isinstance(document, Document) or not document.text:
            return
        yield {
            "url": response.url,
            "title": document.title,
            "author": document.author,
            "date": document.date,
            "text": document.text,
        }
