"""Every sample portal's pages, against what the articles' data says they are."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from crawler.registry import find_portal, portal_ids
from demo.cms import SITES
from demo.content import composed, sections
from demo.samples import SAMPLES
from demo.site import Request
from demo.world import World
from pipelines.clean.detect import family_evidence
from pipelines.clean.page import clean_page
from pipelines.records import Attachment, Caption, Cleaned, Outcome, Page, Precision

if TYPE_CHECKING:
    from demo.content import Article
    from demo.samples.sample import Sample

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
EVERY = [pytest.param(kind, id=kind.id) for kind in SAMPLES]
ON_FRONT_PAGE = {"moet": "sharepoint"}  # the template shows on its articles alone
FAMILIES = {
    "onecms", "vnptnews", "mediatech", "joomla", "dotnetnuke", "aspportal", "ministry", "fck",
    "nukeviet", "liferay", "wordpress",
}  # fmt: skip


def sample_of(kind: type[Sample]) -> Sample:
    return kind(World(clock=lambda: NOW))


def page_of(sample: Sample, path: str) -> Page:
    answer = sample.answer(Request.of(path))
    return Page(
        sample.public + path, answer.body, NOW, sample.id, encoding="utf-8", status=answer.status
    )


def cleaned(sample: Sample, path: str) -> Cleaned:
    portal = find_portal(sample.id)
    page = page_of(sample, path)
    return clean_page(page, portal.rules, document_key=portal.document_key(page.url))


def in_text(article: Article) -> list[str]:
    """Give the text's lines without the names of files, which some looks print within it."""
    files = {block.text for block in article.blocks if block.kind == "file"}
    texts = [composed(block.text) for block in article.blocks if block.kind != "image"]
    return [text for text in texts if text not in files]


def captions(sample: Sample, article: Article) -> list[Caption]:
    found = []
    for block in article.blocks:
        if block.kind == "image":
            src = sample.image(article, block.names[-1])
            whole = src if src.startswith("http") else sample.public + src
            found.append(Caption(whole, composed(block.text)))
    return found


def files(sample: Sample, article: Article) -> list[Attachment]:
    return [
        Attachment(sample.attachment(article, block.names[0]), block.text)
        for block in article.blocks
        if block.kind == "file"
    ]


def test_every_portal_has_a_replica_or_a_sample() -> None:
    assert sorted(kind.id for kind in (*SITES, *SAMPLES)) == portal_ids()
    assert {find_portal(kind.id).family for kind in SAMPLES} == FAMILIES


@pytest.mark.parametrize("kind", EVERY)
def test_articles_arrive_with_every_field(kind: type[Sample]) -> None:
    sample = sample_of(kind)
    for article in sample.articles():
        found = cleaned(sample, sample.path(article))
        assert found.outcome is Outcome.FETCHED, found.reason
        assert found.reason == ""
        draft = found.draft
        assert draft is not None
        assert draft.extractor == "family"
        assert draft.title == composed(article.title)
        assert draft.summary == composed(article.lead)
        assert [x for x in draft.body if x not in {f.text for f in files(sample, article)}] == (
            in_text(article)
        )
        assert list(draft.captions) == captions(sample, article)
        assert list(draft.attachments) == files(sample, article)
        assert (draft.author, draft.source) == (article.author or None, article.source or None)
        assert draft.dateline == (article.dateline or None)
        assert draft.event_date == article.event_date or not article.event_date


@pytest.mark.parametrize("kind", EVERY)
def test_times_and_what_stands_around_arrive_as_printed(kind: type[Sample]) -> None:
    sample = sample_of(kind)
    for article in sample.articles():
        draft = cleaned(sample, sample.path(article)).draft
        assert draft is not None
        midnight = article.published.hour == article.published.minute == 0
        minute = "minute" in sample.prints and not midnight
        assert draft.published_at == article.published
        assert draft.published_precision is (Precision.MINUTE if minute else Precision.DAY)
        named = sections(sample.id)[article.section].split("/")[-1]
        assert draft.section == (named if "section" in sample.prints else None)
        assert draft.tags == (article.tags if "tags" in sample.prints else ())
        views = draft.counters.get("views")
        assert views == (article.views if "views" in sample.prints else None)


@pytest.mark.parametrize("kind", EVERY)
def test_a_front_page_is_a_listing_and_a_missing_page_none(kind: type[Sample]) -> None:
    sample = sample_of(kind)
    front = cleaned(sample, sample.listing_path(""))
    assert front.outcome is Outcome.LISTING, front.reason
    assert {sample.url(article) for article in sample.articles()} <= set(front.links)
    assert cleaned(sample, sample.missing_path()).outcome is Outcome.SOFT_404


@pytest.mark.parametrize("kind", EVERY)
def test_articles_and_front_pages_tell_their_family(kind: type[Sample]) -> None:
    sample = sample_of(kind)
    family = find_portal(sample.id).family
    article, front = sample.path(sample.articles()[0]), sample.listing_path("")
    for path, shown in ((article, family), (front, ON_FRONT_PAGE.get(sample.id, family))):
        found, evidence = family_evidence(page_of(sample, path))
        assert found == shown, path
        assert evidence
        assert "\n" not in evidence


@pytest.mark.parametrize("kind", EVERY)
def test_portals_own_the_addresses_of_their_samples(kind: type[Sample]) -> None:
    sample = sample_of(kind)
    portal = find_portal(sample.id)
    assert sample.public == f"{portal.scheme}://{portal.hosts[0]}"
    for article in sample.articles():
        path = sample.path(article)
        assert portal.article.search(path), path
        assert not portal.deny.search(path), path
    for section in ("", *sections(sample.id)):
        path = sample.listing_path(section)
        assert portal.listing.search(path), path
        assert not portal.article.search(path) or portal.family == "joomla", path
        assert not portal.deny.search(path), path
    keys = {portal.document_key(sample.url(article)) for article in sample.articles()}
    assert len(keys) == len(sample.articles())
