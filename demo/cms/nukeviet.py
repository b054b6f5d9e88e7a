"""hiepninh.tayninh.gov.vn: NukeViet eGovernment 1.2, a ward's portal.

Kept as measured on the running CMS: ``datePublished`` is the time of the last edit,
``article:published_time`` is no ISO time, RSS has the month in place of the minutes, no page
answers 304, a page past the end answers 200, the flood blocker answers 200 too.
"""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from demo import markup
from demo.cms import nukeviet_parts as parts
from demo.content import sections
from demo.site import (
    FILES,
    Request,
    Response,
    Site,
    esc,
    fill,
    http_date,
    number,
    page,
    redirect,
    window,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from demo.content import Article

PER_PAGE = 6
ARTICLE = re.compile(r"/vi/news/([\w-]+)/([\w-]+)-(\d+)\.html")
LISTING = re.compile(r"/(?:vi/)?(?:news/)?(?:([a-z-]+)/)?(?:page-(\d+)/)?")
ROBOTS_TAG = '"1795306552-7f3797d6a7e152c9ae2760fc816c6014"'
FLOOD = (
    '<!DOCTYPE html><html lang="vi"><head><title>Hãy đợi...</title><meta name="robots" '
    'content="noindex"></head><body><div class="floodblocker"><h1>Hãy đợi…</h1><p>Hệ thống đang '
    'từ chối truy cập của bạn.</p><p>Hãy đợi <span id="secField">59</span> giây</p></div></body>'
    "</html>"
)


class HiepNinh(Site):
    """The replica of a NukeViet eGovernment portal."""

    id: ClassVar[str] = "hiepninh"
    name: ClassVar[str] = "Trang thông tin điện tử phường Hiệp Ninh"
    public: ClassVar[str] = "http://hiepninh.tayninh.gov.vn"
    robots: ClassVar[str] = (
        "User-agent: *\nDisallow: /admin/\nDisallow: /data/\nDisallow: /includes/\n"
        "Disallow: /install/\nDisallow: /modules/\nDisallow: /users/\nDisallow: /statistics/\n"
        "Sitemap: http://hiepninh.tayninh.gov.vn/sitemap.xml\n"
    )

    def path(self, article: Article) -> str:
        """Give the canonical path: language, module, category, alias and id."""
        return f"/vi/news/{self._tail(article)}"

    def image(self, article: Article, name: str) -> str:
        """Give the host-relative address of an upload."""
        return f"/uploads/news/{article.published:%Y_%m}/{name}"

    def attachment(self, article: Article, name: str) -> str:
        """Give the absolute address of an attached file."""
        return f"{self.public}/uploads/news/{article.published:%Y_%m}/{name}"

    def answer(self, request: Request) -> Response:
        """Answer any GET request; the flood blocker comes before robots.txt and feeds."""
        if self.world.flood and Path(request.path).suffix not in FILES:
            return page(FLOOD)
        if request.path == "/robots.txt" and request.headers.get("if-none-match") == ROBOTS_TAG:
            return Response(304, headers=(("ETag", ROBOTS_TAG),))
        return super().answer(request)

    def page(self, request: Request) -> Response:
        """Answer by the kind of address; a known id under a wrong alias moves to the right one."""
        if request.path.endswith(".xml"):
            return parts.sitemap(self, request.path)
        if "/rss/" in request.path:
            return parts.feed(self)
        if "/savefile/" in request.path or "/print/" in request.path:
            return self._copy(request.path)
        found = ARTICLE.fullmatch(request.path)
        if found:
            article = self.find(int(found[3]))
            moved = article is not None and self.path(article) != request.path
            return redirect(self.path(article)) if moved and article else self._detail(article)
        return self._listing(request.path)

    def _tail(self, article: Article) -> str:
        return f"{article.section}/{article.slug}-{article.id}.html"

    def _detail(self, article: Article | None) -> Response:
        if article is None or article.trap == "gone":
            missing = '<div class="nv-infodie"><h2>Không tìm thấy trang</h2></div>'
            return self._wrap("Lỗi 404", missing, status=404)
        if article.trap == "redirect":
            return redirect(article.target, 302)
        views, votes = self.views(article), article.rating
        main = fill(
            "nukeviet_post.html",
            title=parts.coded(article.title),
            login=esc(article.author or "quantri"),
            modified=self.world.modified(article).astimezone(parts.LOCAL).isoformat(),
            url=self.url(article),
            date=parts.printed(article.published),
            views=f"{views:,}".replace(",", "."),
            tail=self._tail(article),
            head_image=parts.head_image(self, article),
            lead=parts.coded(article.lead),
            body=self._body(article),
            files=parts.files(self, article),
            byline=parts.byline(article),
            rating=f"Tổng số điểm của bài viết là: {votes[0]} trong {votes[1]} đánh giá",
            stars=parts.stars(votes) if votes[1] else "",
            related="".join(parts.related(self, one) for one in self._older(article)),
            keywords=parts.keywords(article),
        )
        return self._wrap(article.title, main, article)

    def _body(self, article: Article) -> str:
        blocks = [block for block in article.rest if block.kind != "file"]
        return markup.body(
            blocks,
            lambda names, caption: self._picture(article, names, caption),
            lambda _name, _text: "",
            article.style,
        )

    def _picture(self, article: Article, names: Sequence[str], caption: str) -> str:
        images = "".join(
            f'<img alt="{caption}" height="427" src="{self.image(article, name)}" width="640" />'
            for name in names
        )
        if article.style == "div":
            return (
                '<table align="center" class="image"><tbody><tr><td style="text-align:center">'
                f"{images}</td></tr><tr><td><em>{caption}</em></td></tr></tbody></table>"
            )
        note = f"<figcaption>{caption}</figcaption>"
        return f'<figure class="image" style="text-align:center">{images}{note}</figure>'

    def _older(self, article: Article) -> list[Article]:
        return [one for one in self.articles(article.section) if one.published < article.published][
            :5
        ]

    def _copy(self, path: str) -> Response:
        found = re.search(r"-(\d+)\.html$", path)
        article = self.find(int(found[1])) if found else None
        if article is None:
            return self._detail(None)
        title, lead = parts.coded(article.title), parts.coded(article.lead)
        head = f"<h1>{title}</h1><div id='hometext'>{lead}</div>"
        html = f"<html><body>{head}<div id='bodytext'>{self._body(article)}</div></body></html>"
        kept = ("Content-Disposition", f'attachment; filename="{article.slug}.html"')
        return page(html, 200, *([kept] if "/savefile/" in path else []))

    def _listing(self, path: str) -> Response:
        if path.startswith("/en/"):
            return self._wrap("Home", '<a href="/en/vi/news/">News</a> <a href="/en/en/">Home</a>')
        found = LISTING.fullmatch(path)
        section = found[1] or "" if found else ""
        if found is None or (section and section not in {*sections(self.id), "news", "vi"}):
            return redirect("/")
        section = "" if section in {"news", "vi"} else section
        at = number(found[2])
        rows, pages = window(self.articles(section), at, PER_PAGE)
        base = f"/vi/news/{section}/" if section else "/vi/news/"
        panels = "\n".join(self._panel(row) for row in rows)
        title = sections(self.id)[section] if section else "Tin tức"
        heading = f'<div class="news_column"><h1 class="hidden">{esc(title)}</h1></div>'
        return self._wrap(title, heading + panels + parts.pagination(base, at, pages))

    def _panel(self, article: Article) -> str:
        seen = article.views + self.world.hit(f"list/{self.id}") % 7
        clock = article.published.strftime("%d/%m/%Y %I:%M:%S %p")
        title = parts.coded(article.title)
        return (
            '<div class="news_column panel panel-default"><div class="panel-body featured">'
            f'<h2><a href="{self.path(article)}" title="{title}">{title}</a></h2>'
            '<div class="text-muted"><ul class="list-unstyled '
            f'list-inline"><li><em class="fa fa-clock-o">&nbsp;</em> {clock}</li><li>'
            f'<em class="fa fa-eye">&nbsp;</em> Đã xem: {seen}</li><li>'
            '<em class="fa fa-comment-o">&nbsp;</em> Phản hồi: 0</li></ul></div>'
            f"{parts.coded(article.lead)}</div></div>"
        )

    def _wrap(
        self, title: str, main: str, article: Article | None = None, status: int = 200
    ) -> Response:
        total = self.visitors()
        menu = "".join(
            f'<li><a href="/vi/news/{slug}/" title="{esc(name)}">{esc(name)}</a></li>'
            for slug, name in sections(self.id).items()
        )
        popular = "".join(
            f'<li><a href="{self.path(one)}">{parts.coded(one.title)}</a></li>'
            for one in self.others(5, total, article)
        )
        filled = fill(
            "nukeviet.html",
            title=parts.coded(title),
            description=parts.coded(article.lead[:160]) if article else parts.coded(self.name),
            meta=parts.meta(self, article) if article else "",
            stamp=int(self.world.now().timestamp()),
            menu=menu,
            crumbs=parts.crumbs(self.id, article),
            main=main,
            popular=popular,
            online=total % 9 + 1,
            today=f"{403 + total % 97:,}",
            month=f"{1048 + total % 997:,}",
            total=f"{total:,}",
        )
        yesterday = http_date(self.world.now() - timedelta(days=1))
        headers = (("Last-Modified", yesterday), ("Cache-Control", "no-store"))
        return page(filled, status, *headers)
