"""Frontier: each address is decided on once, and known articles are not asked again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from crawler.network.addresses import Territory
from crawler.portal import Portal
from crawler.walk.doors import Entry
from crawler.walk.frontier import Frontier
from pipelines.records import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NOW = datetime(2026, 1, 10, tzinfo=UTC)


class News(Portal):
    """Articles end in -<id>.html; /print/ is never asked."""

    id = "news"
    hosts = ("a.vn",)
    article = re.compile(r"-(?P<key>\d+)\.html(?:$|\?)")
    listing = re.compile(r"^/tin/(page-\d+/)?$")
    deny = re.compile(r"^/print/")


@dataclass(frozen=True)
class Past:
    """What an earlier run remembers."""

    outcome: Outcome
    checked_at: datetime = NOW - timedelta(days=1)
    failures: int = 0
    listed_at: datetime | None = None
    listed_from: str = ""


class Memory:
    """Earlier runs, by key."""

    def __init__(self, pages: Mapping[str, Past]) -> None:
        self._pages = pages

    def recall(self, keys: Sequence[str]) -> Mapping[str, Past]:
        return {key: self._pages[key] for key in keys if key in self._pages}


def frontier(
    pages: Mapping[str, Past] | None = None,
    limit: int | None = None,
    settled_at: datetime | None = None,
) -> Frontier:
    territory, memory = Territory(News), Memory(pages or {})
    return Frontier(News, territory, memory, now=NOW, limit=limit, settled_at=settled_at)


def entries(*paths: str) -> list[Entry]:
    return [Entry(f"https://a.vn{path}") for path in paths]


def test_links_are_sorted_by_what_they_lead_to() -> None:
    found = frontier().sort_out(
        [
            *entries("/tin/mot-1.html", "/print/tin/mot-1.html", "/tin/page-2/", "/lien-he/"),
            Entry("https://elsewhere.vn/x-9.html"),
        ]
    )
    assert [a.key for a in found.articles] == ["1"]
    assert found.listings == ["https://a.vn/tin/page-2/"]


def test_one_document_is_one_article_whatever_its_address() -> None:
    walk = frontier()
    walk.sort_out(entries("/tin/mot-1.html"))
    again = walk.sort_out([Entry("http://www.a.vn/khac/ten-moi-1.html?utm_source=x#top")])
    assert not again.articles
    assert not again.passed


@pytest.mark.parametrize(("hours", "again"), [(23, False), (25, True)])
def test_a_listing_that_looks_like_an_article_is_one_a_day_later(hours: int, again: bool) -> None:
    walk = frontier({"9": Past(Outcome.LISTING, NOW - timedelta(hours=hours))})
    found = walk.sort_out(entries("/so-9.html"))
    assert not found.articles
    assert found.listings == (["https://a.vn/so-9.html"] if again else [])


@pytest.mark.parametrize(
    ("past", "asked"),
    [
        (Past(Outcome.STORED), False),
        (Past(Outcome.FETCHED), False),
        (Past(Outcome.COPY), False),
        (Past(Outcome.DEAD_LETTER), False),
        (Past(Outcome.NOT_ARTICLE), False),
        (Past(Outcome.NOT_ARTICLE, NOW - timedelta(days=8)), True),
        # what the portal shows and does not have: it may be in maintenance
        (Past(Outcome.GONE, NOW - timedelta(minutes=59), 1), False),
        (Past(Outcome.GONE, NOW - timedelta(hours=1), 1), True),
        (Past(Outcome.GONE, NOW - timedelta(hours=3), 3), False),
        (Past(Outcome.GONE, NOW - timedelta(hours=4), 3), True),
        (Past(Outcome.SOFT_404, failures=8), False),
        (Past(Outcome.SOFT_404, NOW - timedelta(days=8), 8), True),
        (Past(Outcome.CHALLENGE), True),
        (Past(Outcome.FAILED), True),
        (Past(Outcome.FAILED, failures=7), True),
        (Past(Outcome.FAILED, failures=8), True),
        (Past(Outcome.FAILED, NOW - timedelta(hours=23), 8), False),
        (Past(Outcome.FAILED, NOW - timedelta(days=400), 10), False),
        (Past(Outcome.NOT_REACHED), True),
    ],
)
def test_what_is_known_is_passed_over_and_what_failed_is_tried_again(
    past: Past, asked: bool
) -> None:
    found = frontier({"1": past}).sort_out(entries("/tin/mot-1.html"))
    assert bool(found.articles) is asked
    if not asked:
        assert found.passed == [("1", "https://a.vn/tin/mot-1.html", Outcome.KNOWN, past.outcome)]


def test_a_known_article_is_asked_again_once_its_door_says_it_was_edited() -> None:
    walk = frontier({"1": Past(Outcome.STORED), "2": Past(Outcome.STORED)})
    edited = Entry("https://a.vn/tin/mot-1.html", modified_at=NOW)
    older = Entry("https://a.vn/tin/hai-2.html", modified_at=NOW - timedelta(days=2))
    assert [a.key for a in walk.sort_out([edited, older]).articles] == ["1"]


@pytest.mark.parametrize(
    ("settled_at", "overlap"),
    [(None, 0), (NOW - timedelta(days=2), 0), (NOW - timedelta(hours=1), 1)],
)
def test_only_what_a_complete_crawl_held_shows_that_a_door_reaches_back(
    settled_at: datetime | None, overlap: int
) -> None:
    walk = frontier({"1": Past(Outcome.STORED)}, settled_at=settled_at)
    assert walk.sort_out(entries("/tin/mot-1.html")).overlap == overlap


def test_over_the_limit_addresses_are_named_not_lost() -> None:
    found = frontier(limit=1).sort_out(entries("/tin/a-1.html", "/tin/b-2.html"))
    assert [a.key for a in found.articles] == ["1"]
    assert [(key, outcome) for key, _, outcome, _ in found.passed] == [("2", Outcome.OVER_LIMIT)]


def test_listings_that_were_not_followed_may_be_met_again() -> None:
    walk = frontier()
    first = walk.sort_out(entries("/tin/page-2/")).listings
    assert not walk.sort_out(entries("/tin/page-2/")).listings
    walk.forget(first)
    assert walk.sort_out(entries("/tin/page-2/")).listings == first


def test_what_is_read_again_still_shows_how_far_a_door_reaches() -> None:
    walk = frontier({"1": Past(Outcome.STORED)}, settled_at=NOW)
    [again] = walk.again({"1": "https://a.vn/tin/mot-1.html"})
    assert (again.key, walk.asked) == ("1", 1)
    found = walk.sort_out(entries("/tin/mot-1.html", "/tin/hai-2.html"))
    assert ([one.key for one in found.articles], found.overlap) == (["2"], 1)
    assert walk.again({"1": "https://a.vn/tin/mot-1.html", "3": "https://b.vn/tin/ba-3.html"}) == []


def test_what_is_read_again_keeps_the_date_that_a_door_told() -> None:
    walk = frontier({"1": Past(Outcome.STORED, listed_at=NOW, listed_from="wp_json")})
    known = {"1": "https://a.vn/tin/mot-1.html", "2": "https://a.vn/tin/hai-2.html"}
    told = [(one.entry.published_at, one.entry.door) for one in walk.again(known)]
    assert told == [(NOW, "wp_json"), (None, "")]


def test_what_a_door_dates_before_the_day_is_passed_over() -> None:
    walk = Frontier(News, Territory(News), Memory({}), now=NOW, until=NOW.date())
    days = (NOW - timedelta(days=1), NOW, None)
    dated = [Entry(f"https://a.vn/tin/tin-{n}.html", day) for n, day in enumerate(days)]
    found = walk.sort_out(dated)
    assert [one.key for one in found.articles] == ["1", "2"]
    assert (walk.articles, found.passed) == (3, [])


def test_listing_pages_beyond_the_room_of_a_run_are_named() -> None:
    walk = Frontier(News, Territory(News), Memory({}), now=NOW, max_pages=2)
    first = walk.sort_out(entries("/tin/", "/tin/page-2/"))
    assert (len(first.listings), first.beyond) == (2, [])
    more = walk.sort_out(entries("/tin/page-2/", "/tin/page-3/"))
    assert (more.listings, more.beyond) == ([], ["https://a.vn/tin/page-3/"])
    walk.forget(first.listings)
    assert walk.sort_out(entries("/tin/page-3/")).listings == ["https://a.vn/tin/page-3/"]
