"""baoangiang.com.vn: a provincial newspaper on the in-house "fck" CMS.

``base href`` names the image server, lead and body share a class, one address answers with a
cookie challenge, another, article-shaped, with a section's listing.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, ClassVar

from demo import markup
from demo.content import sections
from demo.site import WEEKDAYS, Request, Response, Site, esc, fill, number, page, redirect, window

if TYPE_CHECKING:
    from collections.abc import Sequence

    from demo.content import Article

PER_PAGE = 6
IMAGES = "https://images.baoangiang.com.vn"
ARTICLE = re.compile(r"/(?:index\.php/)?(?:print/)?[\w-]+-a(\d+)\.html")
# 177 bytes, status 200, as the cookie wall of several newspapers sends it
CHALLENGE = (
    '<html><body><script>document.cookie="D1N=7f3a9c5e1b2d4068a7c9e0f1d2b3a495"+"; '
    'expires=Fri, 31-Dec-9999 23:59:59 GMT; path=/";window.location.reload(true);</script>'
    "</body></html>"
)


class BaoAnGiang(Site):
    """The replica of a newspaper."""

    id: ClassVar[str] = "baoangiang"
    name: ClassVar[str] = "Báo An Giang"
    public: ClassVar[str] = "https://baoangiang.com.vn"
    robots: ClassVar[str] = "User-agent: *\nDisallow: /print/\nDisallow: /tim-kiem/\n"
    gzip: ClassVar[bool] = True

    def path(self, article: Article) -> str:
        """Give the root address that ends with the id."""
        return f"/{article.slug}-a{article.id}.html"

    def image(self, article: Article, name: str) -> str:
        """Give the address of an upload on the image server."""
        day = article.published
        return f"{IMAGES}/image/fckeditor/upload/{day:%Y}/{day:%Y%m%d}/images/{name}"

    def attachment(self, article: Article, name: str) -> str:
        """Give the absolute address of a file on the image server."""
        return f"{IMAGES}/files/{article.published:%Y}/{name}"

    def page(self, request: Request) -> Response:
        """Answer an article by its id whatever its alias says, a section, or the front page."""
        found = ARTICLE.fullmatch(request.path)
        if found:
            return self._detail(self.find(int(found[1])))
        if request.path.startswith("/video/"):
            return self._wrap("Video", '<div class="video"><h1>Toàn cảnh tuần qua</h1></div>')
        section = request.path.strip("/")
        if section and section not in sections(self.id):
            return self._missing()
        return self._listing(section, number(request.query.get("p")))

    def _missing(self) -> Response:
        body = '<div class="page-404"><h1>Trang bạn tìm không tồn tại</h1></div>'
        return self._wrap("Không tìm thấy", body, status=404)

    def _detail(self, article: Article | None) -> Response:
        if article is None:
            return self._missing()
        if article.trap == "redirect":
            return redirect(article.target, 302)
        if article.trap == "challenge":
            return page(CHALLENGE)
        if article.trap == "listing":
            return self._listing(article.section, 1)
        turn = self.views(article)
        others = self.others(9, turn, article)
        main = fill(
            "fck_detail.html",
            public=self.public,
            section=article.section,
            section_name=esc(sections(self.id)[article.section]),
            title=esc(article.title),
            date=f"{article.published:%d/%m/%Y - %H:%M}",
            tail=self.path(article).removeprefix("/"),
            lead=esc(article.lead),
            body=markup.body(article.rest, self._picture(article), self._file(article)),
            author=_signed(article),
            tags="".join(
                f'<a class="tag_item" href="{self.public}/t/{at}">{esc(tag)}</a>'
                for at, tag in enumerate(article.tags)
            ),
            related="".join(self._related(one) for one in others[:6]),
            more="".join(self._related(one) for one in others[6:]),
        )
        return self._wrap(article.title, main, article)

    def _picture(self, article: Article) -> markup.Picture:
        def picture(names: Sequence[str], caption: str) -> str:
            images = "".join(
                f'<img title="{esc(article.title)}" class="zoomimg" alt="" '
                f'src="{self.image(article, name)}" style="width: 620px; height: 413px;" />'
                for name in names
            )
            return f'<p class="note ignore">{images}<br />\n{caption}</p>'

        return picture

    def _file(self, article: Article) -> markup.File:
        def file(name: str, label: str) -> str:
            return f'<p><a href="{self.attachment(article, name)}">{label}</a></p>'

        return file

    def _related(self, article: Article) -> str:
        href, title = self.url(article), esc(article.title)
        return (
            '<li class="related-item col-xs-12 col-sm-4"><div class="news-img-top">'
            f'<a class="b-img" title="{title}" href="{href}"><img class="i-img" alt="{title}" '
            f'src="{IMAGES}/t/{article.id}.jpg" /></a><div class="b-content"><a title="{title}" '
            f'href="{href}"><h3 class="b-title">\n\t\t\t{title}\t\t</h3></a></div></div></li>'
        )

    def _listing(self, section: str, at: int) -> Response:
        rows, pages = window(self.articles(section), at, PER_PAGE)
        name = sections(self.id)[section] if section else "Trang chủ"
        items = "\n".join(self._item(row) for row in rows)
        base = f"{self.public}/{section}/" if section else f"{self.public}/"
        links = "".join(
            f'<a class="page" href="{base}?p={one}">{one}</a>' for one in range(1, pages + 1)
        )
        main = (
            f'<div class="box1"><div class="catename"><h2>{esc(name)}</h2></div><div id="listcate">'
            f'<ul class="cate-content-list-item">{items}</ul></div>'
            f'<div class="pagination">{links}</div></div>'
        )
        return self._wrap(name, main)

    def _item(self, article: Article) -> str:
        href, title = self.url(article), esc(article.title)
        return (
            f'<li class="item"><a class="b-img" href="{href}" title="{title}"><img src="{IMAGES}/t/'
            f'{article.id}.jpg" alt="{title}" /></a><h3><a href="{href}" title="{title}">{title}'
            f'</a></h3><span class="time">{article.published:%d/%m/%Y - %H:%M}</span>'
            f"<p>{esc(article.lead)}</p></li>"
        )

    def _wrap(
        self, title: str, main: str, article: Article | None = None, status: int = 200
    ) -> Response:
        visitors = self.visitors()
        now = self.world.now()
        menu = "".join(
            f'<li class="col-xs-6"><a class="subcm" href="/{slug}/" title="{esc(name)}">{esc(name)}'
            "</a></li>"
            for slug, name in sections(self.id).items()
        )
        popular = "".join(
            f'<li><a href="{self.url(one)}">{esc(one.title)}</a></li>'
            for one in self.others(5, visitors, article)
        )
        section = article.section if article else "home"
        return page(
            fill(
                "fck.html",
                title=esc(title),
                description=esc(article.lead if article else self.name),
                meta=self._meta(article) if article else "",
                data=f"cate/detail/cate={section}",
                clock=f"{WEEKDAYS[now.weekday()]}, {now:%d/%m/%Y | %H:%M:%S}",
                menu=menu,
                main=main,
                popular=popular,
                visitors=visitors % 997,
            ),
            status,
        )

    def _meta(self, article: Article) -> str:
        url = self.url(article)
        news = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": article.title,
            "description": article.lead,
            "author": {"@type": "Organization", "name": self.name},
            "publisher": {"@type": "Organization", "name": self.name},
            "datePublished": article.published.isoformat(),
            "mainEntityOfPage": {"@type": "WebPage", "@id": url},
        }
        linked = json.dumps(news, ensure_ascii=False)
        return (
            '<meta property="og:type" content="blog" />'
            f'<meta property="og:url" content="{url}" />'
            f'<meta property="og:title" content="{esc(article.title)}" />'
            f'<script type="application/ld+json">{linked}</script>'
        )


def _signed(article: Article) -> str:
    if article.source:
        return f'<p class="author ignore">Theo {esc(article.source)}</p>'
    if not article.author:
        return ""
    credit = "Tin, ảnh: " if article.images else ""
    return f'<p class="author ignore">{credit}{esc(article.author)}</p>'
