"""A bare Scrapy spider that fetches one page: what starting Scrapy costs at the least."""

from __future__ import annotations

from typing import TYPE_CHECKING

import scrapy

if TYPE_CHECKING:
    from scrapy.http import Response


class OnePage(scrapy.Spider):
    """Asks for ``url`` (``-a url=...``) and does nothing with the answer."""

    name = "one-page"

    def __init__(self, url: str, **kwargs: str) -> None:
        super().__init__(**kwargs)
        self.start_urls = [url]

    def parse(self, response: Response) -> None:
        """Look at nothing."""
