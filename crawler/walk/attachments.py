"""Fetch the files that an article links to and read their texts, where its portal asks for it."""

from __future__ import annotations

import re
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from scrapy import Request

from crawler.network.answers import fault_outcome, status_outcome
from crawler.walk.frontier import target_of
from pipelines.records import Outcome

if TYPE_CHECKING:
    from collections.abc import Collection

    from scrapy.crawler import Crawler

    from crawler.crawl import Crawl
    from pipelines.records import Attachment, Draft

READABLE = re.compile(r"\.(?:pdf|docx)(?:[?#/]|$)", re.IGNORECASE)
MOST_FILES = 10  # an article
PRIORITY = 5


async def with_texts(draft: Draft, crawl: Crawl, crawler: Crawler, held: Collection[str]) -> Draft:
    """Give the draft with the texts and sizes of its PDF and DOCX files, as far as they are had.

    Those ``held`` were asked for when the article was read before, and are not asked again.

    The files are asked as every page is: in the portal's territory, by robots.txt, after its delay.
    What comes of each is its ``outcome``, and that of its address in the run.
    """
    read = []
    for number, file in enumerate(draft.attachments):
        new = number < MOST_FILES and file.url not in held
        wanted = new and (READABLE.search(file.url) or READABLE.search(file.text))
        read.append(await _with_text(file, crawl, crawler) if wanted else file)
    return replace(draft, attachments=tuple(read))


async def _with_text(file: Attachment, crawl: Crawl, crawler: Crawler) -> Attachment:
    url = crawl.territory.relocate(file.url)
    key = f"file:{target_of(url)}"
    if not crawl.frontier.meet(key):
        return replace(file, outcome="known")  # another article of this run has it
    assert crawler.engine is not None
    try:
        asked = Request(url, priority=PRIORITY, dont_filter=True, meta={"asked": url})
        response = await crawler.engine.download_async(asked)
    except Exception as error:  # noqa: BLE001 - whatever kept the file away, the article is stored
        outcome, detail = fault_outcome(error)
        crawl.recorder.outcome(key, url, outcome, detail)
        return replace(file, outcome=outcome.value)
    if response.status != HTTPStatus.OK:
        outcome, detail = status_outcome(response.status)
        crawl.recorder.outcome(key, url, outcome, detail)
        return replace(file, outcome=outcome.value)
    found = await crawl.cleaner.read_file(response.body)
    crawl.recorder.outcome(key, url, Outcome.NOT_ARTICLE, f"attachment.{found.outcome}")
    size = len(response.body)
    return replace(file, size=size, outcome=found.outcome, content=found.text)
