"""Read the doors where a portal announces articles: feeds, sitemaps and the WordPress posts API."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from lxml import etree

from crawler.network.addresses import is_readable
from pipelines.clean.dates import parse_machine
from pipelines.errors import Reject

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

ROWS = ("{*}url", "{*}sitemap")
ATOM = "{http://www.w3.org/2005/Atom}"
MAX_ENTRIES = 50_000  # the sitemap protocol's own limit for one file


@dataclass(frozen=True, slots=True)
class Entry:
    """A whole address that a door announces, with the times it tells (aware, or None).

    ``door``: of which kind it was, where that is known.
    """

    url: str
    published_at: datetime | None = None
    modified_at: datetime | None = None
    door: str = ""


@dataclass(frozen=True, slots=True)
class Announcement:
    """What one door page said: its entries, and further door pages of the same kind."""

    entries: tuple[Entry, ...]
    further: tuple[str, ...] = ()


@contextmanager
def _as_xml(code: str, url: str) -> Iterator[None]:
    """Make a Reject of what lxml says of bytes that are no XML, or that hold half a character."""
    try:
        yield
    except (etree.XMLSyntaxError, UnicodeDecodeError) as error:
        raise Reject(code, f"not XML: {error}", url=url) from error


def read_feed(body: bytes, url: str) -> Announcement:
    """Read an RSS 2.0, RSS 1.0 or Atom feed; raise Reject("door.feed") if it is none."""
    with _as_xml("door.feed", url):
        root = _xml(body, "door.feed", url)
        items = [*root.iter("{*}item"), *root.iter(f"{ATOM}entry")]
        name = _local(root)
        if name not in {"rss", "RDF", "feed"}:
            raise Reject("door.feed", f"<{name}> is not a feed", url=url)
        entries = []
        for item in items[:MAX_ENTRIES]:
            link = _whole(_feed_link(item), url)
            if link:
                published = _first_text(item, "{*}pubDate", "{*}published", "{*}date")
                updated = _first_text(item, "{*}updated")
                entries.append(Entry(link, _time(published), _time(updated)))
        return Announcement(tuple(entries))


def read_sitemap(body: bytes, url: str) -> Announcement:
    """Read a sitemap or an index of sitemaps; raise Reject("door.sitemap") if it is neither."""
    with _as_xml("door.sitemap", url):
        root = _xml(body, "door.sitemap", url)
        name = _local(root)
        if name not in {"urlset", "sitemapindex"}:
            raise Reject("door.sitemap", f"<{name}> is not a sitemap", url=url)
        read = ((_whole(_first_text(row, "{*}loc"), url), row) for row in root.iter(*ROWS))
        rows = list(islice(((address, row) for address, row in read if address), MAX_ENTRIES))
        if name == "sitemapindex":
            return Announcement((), tuple(address for address, _ in rows))
        modified = ((one, _time(_first_text(row, "{*}lastmod"))) for one, row in rows)
        return Announcement(tuple(Entry(one, None, at) for one, at in modified))


def read_wp_json(body: bytes, url: str) -> Announcement:
    """Read a page of WordPress's posts API; raise Reject("door.wp_json") if it is none.

    ``date_gmt`` and ``modified_gmt`` are UTC without a zone mark (WordPress REST API handbook).
    """
    try:
        posts = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Reject("door.wp_json", f"not JSON: {error}", url=url) from error
    if not isinstance(posts, list):
        raise Reject("door.wp_json", "the answer is not a list of posts", url=url)
    entries = []
    for post in posts:
        link = post.get("link") if isinstance(post, dict) else None
        if isinstance(link, str) and (link := _whole(link, url)):
            published, modified = (_gmt(post.get(key)) for key in ("date_gmt", "modified_gmt"))
            entries.append(Entry(link, published, modified))
    return Announcement(tuple(entries))


READERS = {"feed": read_feed, "sitemap": read_sitemap, "wp_json": read_wp_json}


def _xml(body: bytes, code: str, url: str) -> etree._Element:
    # no entities, no network: a door comes from a foreign server
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
    root = etree.fromstring(body.strip(), parser)
    if root is None:
        raise Reject(code, "not XML", url=url)
    return root


def _local(element: etree._Element) -> str:
    """Give the name without its namespace; lxml's own QName refuses what a mended file may hold."""
    return str(element.tag).rpartition("}")[2]


def _whole(link: str, base: str) -> str:
    """Give ``link`` as a whole address; "" for one that cannot be read: the others still count."""
    try:
        address = urljoin(base, link) if link else ""
    except ValueError:
        return ""
    return address if is_readable(address) else ""


def _feed_link(item: etree._Element) -> str:
    for link in item.iter("{*}link"):
        if link.get("href"):
            if link.get("rel", "alternate") == "alternate":
                return str(link.get("href"))
        elif link.text and link.text.strip():
            return link.text.strip()
    return ""


def _first_text(item: etree._Element, *names: str) -> str:
    for name in names:
        found = item.find(name)
        if found is not None and found.text:
            return found.text.strip()
    return ""


def _time(text: str | None) -> datetime | None:
    printed = parse_machine(text) if text else None
    return printed.at if printed else None


def _gmt(text: object) -> datetime | None:
    return _time(f"{text}+00:00") if isinstance(text, str) and text else None
