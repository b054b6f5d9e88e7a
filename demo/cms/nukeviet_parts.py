"""Parts of NukeViet's pages and its doors, with the CMS's own slips in every time but one."""

from __future__ import annotations

from datetime import UTC, timedelta, timezone
from typing import TYPE_CHECKING

from demo.content import sections
from demo.site import WEEKDAYS, Response, Site, esc, http_date, xml

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from demo.content import Article

LOCAL = timezone(timedelta(hours=7))


def coded(text: str) -> str:
    """Escape text as NukeViet does, ``:`` and ``/`` as entities too."""
    return esc(text).replace(":", "&#x3A;").replace("/", "&#x002F;")


def printed(at: datetime) -> str:
    """Write a time as the page prints it."""
    local = at.astimezone(LOCAL)
    return f"{WEEKDAYS[local.weekday()]} - {local:%d/%m/%Y %H:%M}"


def _broken(at: datetime) -> str:
    return at.astimezone(LOCAL).strftime("%Y-%m-%d+07%H:%M:%S")


def meta(site: Site, article: Article) -> str:
    """Write the head's metadata, with the times as this CMS writes them."""
    tags = "".join(f'<meta property="article:tag" content="{esc(tag)}">' for tag in article.tags)
    section = esc(sections(site.id)[article.section])
    modified = site.world.modified(article)
    return (
        f'<meta property="og:title" content="{coded(article.title)}">'
        f'<meta property="og:type" content="article">'
        f'<meta property="og:url" content="{site.url(article)}">'
        f'<meta property="article:published_time" content="{_broken(article.published)}">'
        f'<meta property="article:modified_time" content="{_broken(modified)}">'
        f'<meta property="article:section" content="{section}">{tags}'
        f'<link rel="canonical" href="{site.url(article)}">'
    )


def related(site: Site, article: Article) -> str:
    """Write one line of the list of older articles."""
    return (
        f'<li><em class="fa fa-angle-right">&nbsp;</em><h4><a href="{site.path(article)}">'
        f"{coded(article.title)}</a></h4><em>({article.published:%d/%m/%Y})</em></li>"
    )


def keywords(article: Article) -> str:
    """Write the line of tags."""
    links = ", ".join(
        f'<a title="{esc(tag)}" href="/vi/news/tag/{tag.replace(" ", "-")}"><em>{esc(tag)}</em></a>'
        for tag in article.tags
    )
    return (
        f'<div class="h5"><em class="fa fa-tags">&nbsp;</em><strong>Từ khóa:</strong> {links}</div>'
    )


def head_image(site: Site, article: Article) -> str:
    """Write the head picture, whose caption is the title once more."""
    if not article.images:
        return ""
    source, alt = site.image(article, article.images[0]), coded(article.title)
    return (
        '<figure class="article left pointer" style="width:100px;">'
        f'<p class="text-center"><img alt="{alt}" src="{source}" class="img-thumbnail"/></p>'
        f"<figcaption>{alt}</figcaption></figure>"
    )


def files(site: Site, article: Article) -> str:
    """Write the box of attached files."""
    links = "".join(
        f'<li><a href="{site.attachment(article, block.names[0])}" title="{esc(block.text)}">'
        f"{esc(block.text)}</a></li>"
        for block in article.blocks
        if block.kind == "file"
    )
    if not links:
        return ""
    return (
        '<div class="panel panel-default news-download-file"><div class="panel-heading">'
        f'Tệp đính kèm</div><ul class="list-group">{links}</ul></div>'
    )


def stars(votes: tuple[int, int]) -> str:
    """Write the mean rating and the number of votes."""
    return (
        f'Xếp hạng: <span id="numberrating" itemprop="ratingValue">{votes[0] / votes[1]:.1f}</span>'
        f' - <span id="click_rating" itemprop="ratingCount">{votes[1]}</span> phiếu bầu'
    )


def byline(article: Article) -> str:
    """Write the lines of author and source."""
    lines = []
    if article.author:
        lines.append(f"<strong>Tác giả bài viết: </strong>{esc(article.author)}")
    if article.source:
        lines.append(f"<strong>Nguồn tin: </strong>{esc(article.source)}")
    return "".join(f'<p class="h5 text-right">{line}</p>' for line in lines)


def crumbs(portal: str, article: Article | None) -> str:
    """Write the hidden breadcrumb of an article's category."""
    if article is None:
        return ""
    name = esc(sections(portal)[article.section])
    return (
        f'<li><a href="/vi/news/{article.section}/" itemprop="item"><span itemprop="name">{name}'
        "</span></a></li>"
    )


def pagination(base: str, at: int, pages: int) -> str:
    """Write the links to the pages of a listing."""
    links = "".join(
        f'<li class="{"active" if one == at else ""}"><a href="{base}'
        f'{f"page-{one}/" if one > 1 else ""}">{one}</a></li>'
        for one in range(1, pages + 1)
    )
    if at < pages:
        links += f'<li><a rel="next" href="{base}page-{at + 1}/">&raquo;</a></li>'
    return f'<div class="text-center"><ul class="pagination">{links}</ul></div>'


def sitemap(site: Site, path: str) -> Response:
    """Answer the sitemap index or one of its maps; lastmod is the publication."""
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    newest = ("Last-Modified", http_date(site.articles()[0].published))
    if path == "/sitemap.xml":
        maps = "".join(
            f"<sitemap><loc>{site.public}/sitemap-vi.{name}.xml</loc></sitemap>"
            for name in ("about", "news")
        )
        return xml(f"<sitemapindex {space}>{maps}</sitemapindex>", newest)
    rows: Iterable[Article] = site.articles() if "news" in path else ()
    urls = "".join(
        f"<url><loc>{site.url(row)}</loc><lastmod>{row.published.isoformat()}</lastmod>"
        "<changefreq>daily</changefreq><priority>0.8</priority></url>"
        for row in rows
    )
    return xml(f"<urlset {space}>{urls}</urlset>", newest)


def feed(site: Site) -> Response:
    """Answer the feed of the newest 30 articles, leads only."""
    items = "".join(
        f"<item><title>{coded(row.title)}</title><link>{site.url(row)}</link>"
        f'<guid isPermaLink="false"><![CDATA[news_{row.id}]]></guid>'
        f"<pubDate>{_month_for_minutes(row.published)}</pubDate>"
        f"<description><![CDATA[{coded(row.lead)}]]></description></item>"
        for row in site.articles()[:30]
    )
    body = (
        f'<rss version="2.0"><channel><title>{site.name}</title><link>{site.public}/</link>'
        f"<language>vi</language>{items}</channel></rss>"
    )
    return xml(body, ("X-Robots-Tag", "noindex"))


def _month_for_minutes(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%a, %d %b %Y %H:%m:%S GMT")
