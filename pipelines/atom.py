"""Articles as an Atom feed (RFC 4287), for an export and for the console."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipelines.store.articles import StoredArticle

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Feed:
    """What is said of the whole feed: its lasting id, its title, links by their relation."""

    id: str
    title: str = "gomtin"
    links: tuple[tuple[str, str], ...] = ()
    updated: datetime | None = None


def write_atom(found: Iterable[StoredArticle], feed: Feed) -> Iterator[str]:
    """Write a feed part by part; it is as new as its first article unless ``feed`` says more."""
    articles = iter(found)
    first = list(islice(articles, 1))
    unknown = first[0].revised_at if first else datetime.fromtimestamp(0, UTC)
    yield '<?xml version="1.0" encoding="utf-8"?>\n'
    yield '<feed xmlns="http://www.w3.org/2005/Atom">\n' + element("title", feed.title)
    yield element("id", feed.id) + element("updated", (feed.updated or unknown).isoformat())
    yield "".join(element("link", "", rel=rel, href=href) for rel, href in feed.links)
    yield from (_entry(article) for article in chain(first, articles))
    yield "</feed>\n"


def element(name: str, text: str, **attributes: str) -> str:
    """Write an XML element; what XML cannot hold becomes a space."""
    named = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{name}{named}>{escape(_NO_XML.sub(' ', text))}</{name}>\n"


def _entry(article: StoredArticle) -> str:
    draft = article.draft
    web = urlsplit(draft.url).scheme in {"http", "https"}  # an import may bring any other
    parts = (
        element("title", draft.title),
        element("id", f"tag:gomtin,2026:article/{article.id}"),
        element("link", "", href=draft.url) if web else "",
        element("published", article.dated_at.isoformat()),
        element("updated", article.revised_at.isoformat()),
        f"<author>{element('name', draft.author or draft.portal)}</author>\n",
        element("summary", draft.summary or ""),
    )
    return f'<entry xml:lang="vi">\n{"".join(parts)}</entry>\n'
