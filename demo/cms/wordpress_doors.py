"""WordPress's machine-readable doors: the posts API, the sitemaps, the feeds.

Only feeds have validators and answer 304; sitemaps carry no lastmod.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, timedelta, timezone
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from demo.content import sections
from demo.site import (
    Request,
    Response,
    Site,
    as_json,
    esc,
    http_date,
    number,
    redirect,
    window,
    xml,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from demo.content import Article

LOCAL = timezone(timedelta(hours=7))
PER_PAGE = 10
FEED_ITEMS = 10
MOST_PER_PAGE = 100
SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def texturized(text: str) -> str:
    """Give the typographic form that WordPress makes of typed text."""
    return text.replace(" - ", " – ").replace("...", "…")


def posts_json(site: Site, request: Request) -> Response:
    """Answer the posts API: page by page, with totals; 400 past the end and above 100 a page."""
    if request.path.rstrip("/") != "/wp-json/wp/v2/posts":
        return as_json({"name": site.name, "namespaces": ["wp/v2"]})
    size = number(request.query.get("per_page"), PER_PAGE)
    if size > MOST_PER_PAGE:
        return as_json({"code": "rest_invalid_param", "data": {"status": 400}}, 400)
    every = site.articles()
    rows, pages = window(every, number(request.query.get("page")), size)
    if not rows:
        return as_json({"code": "rest_post_invalid_page_number", "data": {"status": 400}}, 400)
    wanted = [name for name in request.query.get("_fields", "").split(",") if name]
    found = [_record(site, row) for row in rows]
    kept = [{key: row[key] for key in wanted or row if key in row} for row in found]
    totals = (("X-WP-Total", str(len(every))), ("X-WP-TotalPages", str(pages)))
    return as_json(kept, 200, *totals)


def _record(site: Site, article: Article) -> dict[str, Any]:
    modified = site.world.modified(article)
    return {
        "id": article.id,
        "date": _local(article.published),
        "date_gmt": _gmt(article.published),
        "modified": _local(modified),
        "modified_gmt": _gmt(modified),
        "slug": article.slug,
        "link": site.url(article),
        "title": {"rendered": _entities(texturized(article.title))},
        "excerpt": {"rendered": f"<p>{_entities(texturized(article.lead))}</p>\n"},
        "author": 1,
        "categories": [list(sections(site.id)).index(article.section) + 2],
        "tags": [],
    }


def sitemap(site: Site, name: str) -> Response | None:
    """Answer the sitemap index or one of its maps; None for a name that is not there."""
    if name == "sitemap.xml":
        return redirect(f"{site.public}/wp-sitemap.xml", 302)
    listed = {
        "wp-sitemap-posts-post-1.xml": [site.url(one) for one in site.articles()],
        "wp-sitemap-posts-page-1.xml": [f"{site.public}/", f"{site.public}/gioi-thieu/"],
        "wp-sitemap-taxonomies-category-1.xml": [
            f"{site.public}/category/{slug}/" for slug in sections(site.id)
        ],
    }
    if name == "wp-sitemap.xml":
        maps = "".join(f"<sitemap><loc>{site.public}/{one}</loc></sitemap>" for one in listed)
        return xml(f"<sitemapindex {SPACE}>{maps}</sitemapindex>")
    if name not in listed:
        return None
    urls = "".join(f"<url><loc>{url}</loc></url>" for url in listed[name])
    return xml(f"<urlset {SPACE}>{urls}</urlset>")


def feed(site: Site, request: Request, section: str, body: Callable[[Article], str]) -> Response:
    """Answer a feed of full texts (``body`` writes one), or 304 to a validator that still holds."""
    rows = site.articles(section)[:FEED_ITEMS]
    changed = max(site.world.modified(row) for row in site.articles())
    digest = hashlib.md5(f"{section}{changed}".encode(), usedforsecurity=False).hexdigest()
    tag, since = f'W/"{digest}"', http_date(changed)
    validators = (("ETag", tag), ("Last-Modified", since))
    asked = request.headers.get("if-none-match")
    if asked == tag or (not asked and request.headers.get("if-modified-since") == since):
        return Response(304, headers=validators)
    items = "".join(_feed_item(site, row, body) for row in rows)
    channel = (
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>{site.name}</title><link>{site.public}</link><language>vi</language>"
        f"<generator>https://wordpress.org/?v=6.1.9</generator>{items}</channel></rss>"
    )
    return xml(channel, *validators)


def _feed_item(site: Site, article: Article, body: Callable[[Article], str]) -> str:
    when = format_datetime(article.published.astimezone(UTC))
    lead = esc(texturized(article.lead))
    return (
        f"<item><title>{esc(texturized(article.title))}</title>"
        f"<link>{site.url(article)}</link><pubDate>{when}</pubDate>"
        f"<dc:creator><![CDATA[Ban Biên tập]]></dc:creator>"
        f'<guid isPermaLink="false">{site.public}/?p={article.id}</guid>'
        f"<description><![CDATA[{lead} &#8230;]]></description>"
        f"<content:encoded><![CDATA[{body(article)}]]></content:encoded></item>"
    )


def _entities(text: str) -> str:
    marks = {"–": "&#8211;", "…": "&#8230;", "“": "&#8220;", "”": "&#8221;"}
    escaped = esc(text)
    for mark, entity in marks.items():
        escaped = escaped.replace(mark, entity)
    return escaped


def _local(at: datetime) -> str:
    return at.astimezone(LOCAL).strftime("%Y-%m-%dT%H:%M:%S")


def _gmt(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
