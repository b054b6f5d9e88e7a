"""What a spider asks, and what comes in place of an answer: the faults of a run, and its end."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import scrapy
from scrapy.exceptions import CloseSpider

from crawler.network.answers import fault_of
from crawler.part import SpiderOfCrawl
from crawler.patience import Patience
from crawler.walk.frontier import target_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable

    from twisted.python.failure import Failure

    from crawler.crawl import Crawl
    from crawler.network.answers import Fault

logger = logging.getLogger(__name__)


class AskingSpider(SpiderOfCrawl):
    """A spider that asks each address once, names every fault, and gives up a portal's refusals."""

    def __init__(self, crawl: Crawl) -> None:
        super().__init__(crawl)
        self._patience = Patience()

    def _request(
        self,
        url: str,
        answered: Callable[..., AsyncIterator[scrapy.Request]],
        failed: Callable[[Failure], Iterable[scrapy.Request] | None],
        priority: int,
        **answer_arguments: object,
    ) -> scrapy.Request:
        return scrapy.Request(
            url,
            callback=answered,
            errback=failed,
            priority=priority,
            dont_filter=True,  # the frontier decides on each address once
            cb_kwargs=answer_arguments,
            meta={"asked": url},
        )

    def _note_fault(self, failure: Failure) -> Fault:
        """Record the outcome of an address that is neither a door's nor a listing or an article."""
        fault = self._fault(failure)
        key = target_of(fault.asked)
        self.crawl.recorder.outcome(key, fault.asked, fault.outcome, fault.detail)
        return fault

    def _fault(self, failure: Failure) -> Fault:
        fault = fault_of(failure)
        self.crawl.last_fault = f"{fault.asked}: {fault.detail}"
        logger.warning("%s: %s: %s", fault.asked, fault.outcome, fault.detail)
        return fault

    async def _settle(self) -> None:
        if self.crawl.recorder.full:
            await self.crawl.recorder.flush()
        if self._patience.over:
            self.crawl.fault = "the portal refuses every page; it is left alone until the next run"
            raise CloseSpider("blocked")
