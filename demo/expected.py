"""What a correct crawl of the replicas must find: the articles with their fields, the traps' ends.

Written from the articles' data, not from any cleaner's output; views are the counter at the first
request. ``published_at`` of WordPress comes from its JSON door, Liferay gives none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from demo.cms import SITES
from demo.cms.wordpress_doors import texturized
from demo.content import composed, sections
from pipelines.records import Attachment, Caption, Outcome, Precision

if TYPE_CHECKING:
    from datetime import date, datetime

    from demo.content import Article, Block
    from demo.site import Site
    from demo.world import World

ENDS = {
    "robots": Outcome.DENIED_BY_ROBOTS,
    "password": Outcome.LOGIN,
    "denied": Outcome.LOGIN,
    "login": Outcome.LOGIN,
    "gone": Outcome.GONE,
    "soft404": Outcome.SOFT_404,
    "thin": Outcome.THIN,
    "listing": Outcome.LISTING,
    "challenge": Outcome.CHALLENGE,
}


@dataclass(frozen=True, slots=True)
class ExpectedArticle:
    """One article as it must arrive; names of the fields are the article record's.

    ``copy_of`` is the public address of the article that it copies (``copy_kind`` says how),
    ``series`` the name of the series whose members must stay apart, ``revised`` that the day's
    text differs from the first day's, ``section`` None where the page does not say.
    """

    url: str
    portal: str
    document: str
    title: str
    summary: str
    body: tuple[str, ...]
    captions: tuple[Caption, ...]
    author: str | None
    source: str | None
    dateline: str | None
    published_at: datetime | None
    published_precision: Precision
    section: str | None
    tags: tuple[str, ...]
    attachments: tuple[Attachment, ...]
    counters: dict[str, float]
    event_date: date | None
    copy_of: str = ""
    copy_kind: str = ""
    series: str = ""
    revised: bool = False


@dataclass(frozen=True, slots=True)
class ExpectedPortal:
    """What one portal holds: its articles, and the addresses that end in another outcome."""

    id: str
    articles: tuple[ExpectedArticle, ...]
    ends: dict[str, Outcome]


def expected(world: World) -> dict[str, ExpectedPortal]:
    """Give what a correct crawl of every portal finds on the world's day."""
    sites = {site.id: site(world) for site in SITES}
    return {portal: _portal(site, sites) for portal, site in sites.items()}


def _portal(site: Site, sites: dict[str, Site]) -> ExpectedPortal:
    real = [one for one in site.articles() if not one.trap]
    return ExpectedPortal(
        id=site.id,
        articles=tuple(_article(one, site, sites) for one in real),
        ends={site.url(one): end_of(one) for one in site.articles() if one.trap},
    )


def end_of(article: Article) -> Outcome:
    """Give the outcome of a trap's address."""
    if article.trap == "redirect":
        private = article.target.startswith("http://10.")
        return Outcome.PRIVATE_ADDRESS if private else Outcome.OFFSITE
    return ENDS[article.trap]


def _article(article: Article, site: Site, sites: dict[str, Site]) -> ExpectedArticle:
    dated = site.id != "hongngu"
    precision = Precision.MINUTE if dated else Precision.NONE
    return ExpectedArticle(
        url=site.url(article),
        portal=site.id,
        document=article.key,
        title=_text(article.title, site),
        summary=_text(article.lead, site),
        body=tuple(_text(one.text, site) for one in article.blocks if _in_body(one, site)),
        captions=_captions(article, site),
        author=article.author or None,
        source=article.source or None,
        dateline=article.dateline or None,
        published_at=article.published if dated else None,
        published_precision=precision,
        section=None if site.id in _UNNAMED else sections(site.id)[article.section],
        tags=article.tags if site.id in _TAGGED else (),
        attachments=_attachments(article, site),
        counters=_counters(article, site),
        event_date=article.event_date,
        copy_of=_address(article.copy_of, sites),
        copy_kind=article.copy_kind,
        series=article.series,
        revised=bool(article.corrections) and site.world.day > 1,
    )


_UNNAMED = {"danvankheo", "hongngu"}
_TAGGED = {"hiepninh", "baoangiang"}


def _text(text: str, site: Site) -> str:
    return composed(texturized(text) if site.id == "danvankheo" else text)


def _in_body(block: Block, site: Site) -> bool:
    # NukeViet prints files in a box of their own, the other systems link them from the text
    return block.kind != "image" and not (block.kind == "file" and site.id == "hiepninh")


def _captions(article: Article, site: Site) -> tuple[Caption, ...]:
    found: list[Caption] = []
    for block in article.blocks:
        if block.kind == "image":
            source = site.image(article, block.names[-1])
            image = source if source.startswith("http") else site.public + source
            found.append(Caption(image, _text(block.text, site)))
    return tuple(found)


def _attachments(article: Article, site: Site) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(site.attachment(article, block.names[0]), composed(block.text))
        for block in article.blocks
        if block.kind == "file"
    )


def _counters(article: Article, site: Site) -> dict[str, float]:
    if site.id in {"hongngu", "baoangiang"}:
        return {}
    counters: dict[str, float] = {"views": article.views}
    if site.id == "hiepninh":
        points, votes = article.rating
        counters |= {"comments": 0, "rating_points": points, "rating_votes": votes}
        if votes:
            counters["rating"] = round(points / votes, 1)
    return counters


def _address(key: str, sites: dict[str, Site]) -> str:
    if not key:
        return ""
    portal, _, number = key.partition("/")
    original = sites[portal].find(int(number))
    return sites[portal].url(original) if original else ""
