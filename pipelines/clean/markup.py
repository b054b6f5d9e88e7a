"""What a page of an unknown CMS says of itself in markup: JSON-LD, Open Graph, its title."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pipelines.clean.entities import is_login
from pipelines.clean.tags import listed, tags_of
from pipelines.clean.text import fold_key, tidy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from selectolax.lexbor import LexborHTMLParser

_ARTICLES = frozenset(
    {"NewsArticle", "Article", "BlogPosting", "ReportageNewsArticle", "AnalysisNewsArticle"}
)
_DEPTH = 6
_SITE_WORDS = 6  # of a site's name
_SUFFIX = re.compile(r"\s+(?:[-–—|»:•]|::)\s+")


@dataclass(frozen=True, slots=True)
class Markup:
    """The article that a page's JSON-LD describes, its meta tags by name, and its title element."""

    article: dict[str, Any] = field(default_factory=dict)
    meta: dict[str, tuple[str, ...]] = field(default_factory=dict)
    title: str = ""
    stated_times: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    def first(self, *names: str) -> str:
        """Give the first value of the meta tags named, in that order; empty for none."""
        return next((self.meta[name][0] for name in names if name in self.meta), "")

    @property
    def site(self) -> str:
        """Give the site's own name, which is neither a title nor an author."""
        return self.first("og:site_name", "author", "copyright")

    @property
    def headline(self) -> str:
        """Give the title as markup names it, without the site's name at its end."""
        for text in (self.article.get("headline"), self.first("og:title"), self.title):
            if isinstance(text, str) and tidy(text):
                return without_site(tidy(html.unescape(text)), self.site)
        return ""

    @property
    def author(self) -> str | None:
        """Give the person that JSON-LD names as author; organisations and addresses are none."""
        people = self.article.get("author")
        for person in people if isinstance(people, list) else [people]:
            if isinstance(person, dict) and person.get("@type") == "Person":
                name = tidy(str(person.get("name") or ""))
                if name and "http" not in name and fold_key(name) != fold_key(self.site):
                    return None if is_login(name) else name
        return None


def read_markup(tree: LexborHTMLParser) -> Markup:
    """Collect the page's markup; broken JSON-LD is passed by, as search engines do."""
    article: dict[str, Any] = {}
    for node in tree.css("script[type='application/ld+json']"):
        for candidate in _objects(_load(node.text())):
            kinds = candidate.get("@type")
            if not _ARTICLES.isdisjoint(kinds if isinstance(kinds, list) else [str(kinds)]):
                article = article or candidate
    meta: dict[str, tuple[str, ...]] = {}
    for node in tree.css("meta[content]"):
        attributes = node.attributes
        name = (attributes.get("property") or attributes.get("name") or "").strip().lower()
        content = tidy(attributes.get("content") or "")
        if name and content:
            meta[name] = (*meta.get(name, ()), content)
    title = tree.css_first("title")
    times = (
        node.attributes.get("datetime") or node.attributes.get("content") or ""
        for node in tree.css(
            "[itemprop=datePublished], [property~='dc:date'], [property~='dc:created']"
        )
    )
    found = Markup(
        article,
        meta,
        tidy(title.text()) if title is not None else "",
        tuple(filter(None, times)),
    )
    return replace(found, tags=_tags(tree, found))


def _tags(tree: LexborHTMLParser, found: Markup) -> tuple[str, ...]:
    """Give the article's tags; some pages list their title, section or site among them."""
    if "article:tag" in found.meta:
        return found.meta["article:tag"]
    keywords = (found.article.get("keywords"), *found.meta.get("news_keywords", ()))
    listings = (tuple(filter(str.strip, listed(value))) for value in keywords)
    others = (found.headline, found.site, found.first("article:section"))
    return tags_of(tree, next(filter(None, listings), ()), others)


def _load(text: str) -> object:
    try:
        return json.loads(text, strict=False)
    except ValueError:
        return None


def _objects(value: object, depth: int = 0) -> Iterator[dict[str, Any]]:
    if depth > _DEPTH:
        return
    if isinstance(value, dict):
        yield value
        yield from _objects(value.get("@graph"), depth + 1)
        yield from _objects(value.get("mainEntity"), depth + 1)
    elif isinstance(value, list):
        for item in value:
            yield from _objects(item, depth + 1)


def without_site(title: str, site: str) -> str:
    """Cut the site's name off a title: "Tựa bài - Ban Dân vận", "Tựa bài | Báo Tỉnh"."""
    parts = _SUFFIX.split(title)
    if len(parts) == 1:
        return title
    last = parts[-1]
    known = bool(site) and fold_key(last) in fold_key(site)
    if known or (len(last.split()) <= _SITE_WORDS and _NAMES_SITE.search(last)):
        return title[: title.rindex(last)].rstrip(" -–—|»:•")
    return title


_NAMES_SITE = re.compile(
    r"^(?:báo|cổng|trang|ban|đài|sở|ubnd|ủy ban|thành ủy|tỉnh ủy|huyện ủy|đảng bộ|mặt trận|hội)\b"
    r"|\.vn$|\.com$|portal|điện tử|online",
    re.IGNORECASE,
)


def machine_times(markup: Markup) -> Iterable[tuple[str, str]]:
    """Give the publication times that markup states, the surest first, with the rule's name.

    Papers on one CMS write M/D/Y into ``article:published_time`` beside a right JSON-LD.
    """
    published = markup.article.get("datePublished")
    if isinstance(published, str):
        yield "generic.json_ld", published
    for value in markup.meta.get("article:published_time", ()):
        yield "generic.published_time", value
    for value in markup.stated_times:
        yield "generic.microdata", value
