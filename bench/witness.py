"""Measure what the second witness costs and how often it differs on sound pages."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from itertools import pairwise

from bench.large_world import LargeWorld
from crawler.registry import find_portal
from demo.cms import SITES
from demo.site import Request
from pipelines.clean.page import clean_page
from pipelines.clean.witness import bear_witness
from pipelines.records import Page

FURTHER = 10  # generated articles on each replica


def main() -> None:
    """Print CPU milliseconds a page, and the pages on which the two readings differ."""
    world, now = LargeWorld(FURTHER), datetime.now(UTC)
    print("portal        pages  family ms  witness ms  differing")
    for kind in SITES:
        site, rules = kind(world), find_portal(kind.id).rules
        pages = [
            Page(site.url(one), site.answer(Request.of(site.path(one))).body, now)
            for one in site.articles()
            if not one.trap
        ]
        bear_witness(pages[0], clean_page(pages[0], rules, document_key="1"))  # imports
        times = [time.process_time()]
        cleaned = [clean_page(page, rules, document_key="1") for page in pages]
        times.append(time.process_time())
        found = [bear_witness(page, one) for page, one in zip(pages, cleaned, strict=True)]
        times.append(time.process_time())
        family, witness = (
            (after - before) * 1000 / len(pages) for before, after in pairwise(times)
        )
        differing = sum(bool(one and one.differing) for one in found)
        print(f"{site.id:<13} {len(pages):>5} {family:>10.2f} {witness:>11.2f} {differing:>10}")


if __name__ == "__main__":
    main()
