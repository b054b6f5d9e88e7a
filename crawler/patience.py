"""What to do with a portal that asks for a pause, or that refuses."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING

from crawler.network.answers import asked_url
from crawler.network.politeness import ASKING_FOR_A_PAUSE, FLOOD, hold, retry_after
from pipelines.records import Outcome

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

    from crawler.spider import PortalSpider

logger = logging.getLogger(__name__)

TRIES = 3  # for one address
IN_A_ROW = 2 * TRIES
REFUSING = frozenset({Outcome.BLOCKED, Outcome.CHALLENGE})


class Patience:
    """Counts refusals: each may cost minutes, and a portal that only refuses is left alone."""

    def __init__(self) -> None:
        self._in_a_row = 0

    @property
    def over(self) -> bool:
        """Tell whether the portal has refused so often in a row that the run should end."""
        return self._in_a_row >= IN_A_ROW

    def wanted(self, response: Response) -> bool:
        """Tell whether the answer asks for a pause, after which its address is asked again."""
        if response.status not in ASKING_FOR_A_PAUSE:
            return False
        self._in_a_row += 1
        return _may_ask_again(response)

    def refused(self, outcome: Outcome, response: Response) -> bool:
        """Note what a page turned out to be; True when it blocked and is worth another try.

        A page of a flood blocker comes with 200, and asks for a pause all the same.
        """
        if response.status != HTTPStatus.OK:
            return False
        self._in_a_row = self._in_a_row + 1 if outcome in REFUSING else 0
        return outcome is Outcome.BLOCKED and _may_ask_again(response)


async def pause_and_ask_again(spider: PortalSpider, response: Response) -> Request:
    """Leave the host alone for as long as it asks; give the request that asks once more."""
    assert response.request is not None
    seconds = retry_after(response, spider.crawl.now())
    hold(spider.crawler, response.request, seconds)
    if response.status == HTTPStatus.OK:  # all else says so by its status
        await spider.crawl.leave_alone(response.request, seconds, FLOOD)
    logger.warning("%s asks for a pause: waiting %.0f s", response.url, seconds)
    asked, tries = asked_url(response), response.meta.get("block_tries", 0) + 1
    return response.request.replace(url=asked, meta={"asked": asked, "block_tries": tries})


def _may_ask_again(response: Response) -> bool:
    return int(response.meta.get("block_tries", 0)) + 1 < TRIES
