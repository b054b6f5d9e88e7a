"""Every page of every replica, against what the articles' data says it is."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from itertools import combinations
from typing import TYPE_CHECKING

import pytest

from crawler.registry import find_portal
from demo.cms import SITES
from demo.content import PORTALS, articles
from demo.expected import ExpectedArticle, expected
from demo.site import Request, Response, Site
from demo.world import World
from pipelines.clean.page import clean_page
from pipelines.dedupe.reading import Text
from pipelines.dedupe.verify import compare
from pipelines.records import Cleaned, Draft, Outcome, Page

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
FIELDS = (
    "title", "summary", "body", "captions", "author", "source", "dateline", "published_at",
    "published_precision", "section", "tags", "attachments", "counters",
)  # fmt: skip


def world(day: int = 1) -> World:
    return World(day=day, clock=lambda: NOW)


def all_expected(day: int = 1) -> Iterator[tuple[Site, ExpectedArticle]]:
    found = expected(world(day))
    for site in SITES:
        for article in found[site.id].articles:
            yield site(world(day)), article


def cleaned(site: Site, url: str, listed: datetime | None = None) -> Cleaned:
    answer = fetched(site, url)
    page = Page(
        url=url,
        body=answer.body,
        fetched_at=NOW,
        portal=site.id,
        encoding="utf-8",
        status=answer.status,
        listed_at=listed,
        listed_from="wp_json" if listed else "",
    )
    return clean_page(page, find_portal(site.id).rules)


def fetched(site: Site, url: str) -> Response:
    return site.answer(Request.of(url.removeprefix(site.public)))


def draft_of(site: Site, article: ExpectedArticle) -> Draft:
    listed = article.published_at if site.id == "danvankheo" else None
    found = cleaned(site, article.url, listed)
    assert found.outcome is Outcome.FETCHED, (article.url, found.reason)
    assert found.draft is not None
    return found.draft


def test_every_portal_with_articles_for_it_has_a_replica() -> None:
    assert sorted(PORTALS) == sorted(site.id for site in SITES)


@pytest.mark.parametrize("day", [1, 2])
def test_articles_arrive_with_every_field(day: int) -> None:
    for site, article in all_expected(day):
        draft = draft_of(site, article)
        for name in FIELDS:
            assert getattr(draft, name) == getattr(article, name), (article.document, name)
        if article.event_date:
            assert draft.event_date == article.event_date, article.document


def test_traps_end_as_they_should() -> None:
    for site in SITES:
        for url, outcome in expected(world())[site.id].ends.items():
            if outcome in {Outcome.OFFSITE, Outcome.PRIVATE_ADDRESS}:
                headers = dict(fetched(site(world()), url).headers)
                host = headers["Location"].split("/")[2]
                assert host not in find_portal(site.id).hosts
                assert (host == "10.0.0.1") == (outcome is Outcome.PRIVATE_ADDRESS)
            elif outcome is Outcome.DENIED_BY_ROBOTS:
                assert f"Disallow: {url.removeprefix(site.public)}" in site.robots
            else:
                assert cleaned(site(world()), url).outcome is outcome, url


def test_portals_own_the_addresses_of_their_articles_and_traps() -> None:
    for site in SITES:
        portal = find_portal(site.id)
        found = expected(world())[site.id]
        for url in (*(one.url for one in found.articles), *found.ends):
            target = "/" + url.split("/", 3)[3]
            assert portal.article.search(target), url
            assert not portal.deny.search(target), url


def test_copies_are_copies_and_nothing_else_is() -> None:
    found = {article.url: article for _, article in all_expected()}
    texts = {url: Text(one.title, one.body) for url, one in found.items()}
    kinds = {
        "identical": {"identical"},
        "respelt": {"identical"},
        "retitled": {"republished", "identical"},
        "excerpt": {"excerpt"},
        "extended": {"extended"},
    }
    for url, one in found.items():
        if one.copy_of:
            verdict = compare(texts[url], texts[one.copy_of])
            assert verdict.kind in kinds[one.copy_kind], (one.document, verdict)
    for first, second in combinations(found.values(), 2):
        if first.copy_of != second.url and second.copy_of != first.url:
            verdict = compare(texts[first.url], texts[second.url])
            assert verdict.kind in {"different", "related"}, (first.document, second.document)


def test_the_replicas_hold_every_kind_of_difficulty() -> None:
    every = [one for portal in PORTALS for one in articles(portal)]
    assert all(12 <= len(articles(portal)) <= 25 for portal in PORTALS)
    assert {one.copy_kind for one in every} == {
        "", "identical", "retitled", "excerpt", "extended", "respelt",
    }  # fmt: skip
    assert {one.trap for one in every} == {
        "", "robots", "password", "redirect", "denied", "thin", "gone", "listing", "soft404",
        "login", "challenge",
    }  # fmt: skip
    series = [one.series for one in every if one.series]
    assert {name: series.count(name) for name in series} == {
        "lich-tiep-cong-dan": 4,
        "ngay-thu-bay-vi-dan": 3,
    }
    longest = max(sum(len(block.text.split()) for block in one.blocks) for one in every)
    assert 4_000 <= longest <= 5_000


def test_one_copy_mixes_spellings_and_comes_out_composed() -> None:
    respelt = next(one for one in articles("danvankheo") if one.copy_kind == "respelt")
    raw = [block.text for block in respelt.blocks]
    assert {unicodedata.is_normalized("NFC", text) for text in raw} == {True, False}
    site, article = next((site, one) for site, one in all_expected() if one.copy_kind == "respelt")
    draft = draft_of(site, article)
    assert all(unicodedata.is_normalized("NFC", text) for text in draft.body)
    original = next(one for one in articles("hongngu") if one.key == respelt.copy_of)
    assert "hoà giải" in original.lead
    assert "hòa giải" in (draft.summary or "")


def test_views_count_requests_and_change_nothing_else() -> None:
    for site, article in all_expected():
        first, second = draft_of(site, article), draft_of(site, article)
        if "views" in article.counters:
            assert second.counters["views"] == first.counters["views"] + 1
        assert replace(second, counters=first.counters) == first


def test_the_same_requests_give_the_same_bytes() -> None:
    for site, article in all_expected():
        again = type(site)(world())
        assert fetched(again, article.url) == fetched(type(site)(world()), article.url)


def test_the_second_day_corrects_two_and_adds_two() -> None:
    first = {article.url: article for _, article in all_expected(1)}
    second = {article.url: article for _, article in all_expected(2)}
    new = {url.split("/")[2] for url in second if url not in first}
    changed = {url for url, one in first.items() if second[url].body != one.body}
    assert new == {"danvankheo-ketnoithongtin.vn", "baoangiang.com.vn"}
    assert changed == {url for url, one in second.items() if one.revised}
    assert {second[url].document for url in changed} == {"danvankheo/1030", "hiepninh/6140"}
