"""danvankheo-ketnoithongtin.vn: WordPress 6.1 with the Astra theme.

Astra prints neither date nor author here; both are only behind the JSON door.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from demo import markup
from demo.cms.wordpress_doors import feed, posts_json, sitemap, texturized
from demo.content import sections
from demo.site import Request, Response, Site, esc, fill, number, page, redirect, window

if TYPE_CHECKING:
    from collections.abc import Sequence

    from demo.content import Article

PER_PAGE = 10
ABOUT = (
    '<main id="main" class="site-main"><article class="post-2 page type-page hentry" id="post-2">'
    '<header class="entry-header"><h1 class="entry-title">Giới thiệu</h1></header>'
    '<div class="entry-content clear"><p>Trang thông tin kết nối hoạt động dân vận giữa các địa '
    "phương, do Ban Biên tập phụ trách.</p></div></article></main>"
)
LOCKED = (
    '<form action="https://danvankheo-ketnoithongtin.vn/wp-login.php?action=postpass" '
    'class="post-password-form" method="post"><p>Nội dung này được bảo mật. Hãy nhập mật khẩu để '
    'xem tiếp:</p><p><label>Mật khẩu: <input name="post_password" type="password" size="20" />'
    '</label> <input type="submit" name="Submit" value="Nhập" /></p></form>'
)
COMMENT = (
    '<h3 class="comments-title">1 thought on this post</h3><ol class="ast-comment-list">'
    '<li class="comment"><article class="ast-comment"><div class="ast-comment-info"><cite>'
    '<b class="fn">Bạn đọc</b></cite><time datetime="2025-11-01T08:30:00+07:00">01/11/2025 at '
    '08:30</time></div><section class="ast-comment-content comment"><p>Cách làm này rất thiết '
    "thực, mong Ban Biên tập giới thiệu thêm nhiều nơi khác.</p></section></article></li></ol>"
)


class DanVanKheo(Site):
    """The replica of a WordPress portal."""

    id: ClassVar[str] = "danvankheo"
    name: ClassVar[str] = "Dân vận khéo - Kết nối thông tin"
    public: ClassVar[str] = "https://danvankheo-ketnoithongtin.vn"
    robots: ClassVar[str] = (
        "User-agent: *\nDisallow: /wp-admin/\nAllow: /wp-admin/admin-ajax.php\n"
        "Disallow: /tai-lieu-noi-bo/\n\n"
        "Sitemap: https://danvankheo-ketnoithongtin.vn/wp-sitemap.xml\n"
    )

    def path(self, article: Article) -> str:
        """Give the root address of a post."""
        return f"/{article.slug}/"

    def image(self, article: Article, name: str) -> str:
        """Give the absolute address of an upload."""
        return f"{self.public}/wp-content/uploads/{article.published:%Y/%m}/{name}"

    def attachment(self, article: Article, name: str) -> str:
        """Give the absolute address of an uploaded file."""
        return self.image(article, name)

    def page(self, request: Request) -> Response:
        """Answer by the kind of address that WordPress's rewrite rules know."""
        parts = [part for part in request.path.split("/") if part]
        door = self._door(request, parts)
        if door:
            return door
        if not parts:
            return self._front(request)
        if not request.path.endswith("/"):
            return redirect(f"{self.public}{request.path}/")
        return self._listing(parts) if parts[0] in {"page", "category"} else self._post(parts[0])

    def _door(self, request: Request, parts: list[str]) -> Response | None:
        first, last = (parts[0], parts[-1]) if parts else ("", "")
        if first == "wp-json":
            return posts_json(self, request)
        if last == "feed":
            return feed(self, request, parts[1] if first == "category" else "", self._body)
        return (sitemap(self, first) or self._missing()) if first.endswith(".xml") else None

    def _front(self, request: Request) -> Response:
        if "p" in request.query:
            article = self.find(number(request.query["p"], 0))
            return redirect(self.url(article)) if article else self._missing()
        return self._listing([])

    def _listing(self, parts: list[str]) -> Response:
        section = parts[1] if len(parts) > 1 and parts[0] == "category" else ""
        at = number(parts[-1]) if "page" in parts else 1
        rows, pages = window(self.articles(section), at, PER_PAGE)
        if not rows:
            return self._missing()
        base = f"{self.public}/category/{section}" if section else self.public
        cards = "\n".join(self._card(row) for row in rows)
        main = f'<main id="main" class="site-main">{cards}</main>{_pages(base, at, pages)}'
        title = sections(self.id)[section] if section else "Trang chủ"
        return self._wrap(title, main, classes="home blog archive")

    def _card(self, article: Article) -> str:
        lead = esc(texturized(article.lead))
        return (
            f'<article class="post-{article.id} post type-post status-publish hentry '
            f'category-{article.section} ast-article-post" id="post-{article.id}">'
            f'<h2 class="entry-title" itemprop="headline"><a href="{self.url(article)}" '
            f'rel="bookmark">{esc(texturized(article.title))}</a></h2>'
            f'<div class="entry-content clear" itemprop="text"><p>{lead}</p></div></article>'
        )

    def _post(self, slug: str) -> Response:
        article = next((one for one in self.articles() if one.slug == slug), None)
        if article is None:
            return self._guess(slug)
        if article.trap == "redirect":
            return redirect(article.target, 302)
        canonical = f'<link rel="canonical" href="{self.url(article)}" />'
        title, body = esc(texturized(article.title)), self._body(article)
        if article.trap == "password":
            title, body = f"Bảo vệ: {title}", LOCKED
        turn = self.views(article)
        main = fill(
            "wordpress_post.html",
            id=article.id,
            section=article.section,
            title=title,
            body=body,
            views=turn,
            related="".join(self._item(one) for one in self.others(4, turn, article)),
            neighbours=self._neighbours(article),
            comments=COMMENT if article.id % 3 == 0 else "",
        )
        classes = f"post-template-default single single-post postid-{article.id} ast-single-post"
        return self._wrap(title, main, canonical, classes)

    def _guess(self, slug: str) -> Response:
        if slug == "gioi-thieu":
            return self._wrap("Giới thiệu", ABOUT, classes="page-template-default page page-id-2")
        guess = next((one for one in self.articles() if one.slug.startswith(slug)), None)
        return redirect(self.url(guess)) if guess else self._missing()

    def _body(self, article: Article) -> str:
        if article.trap == "password":
            return ""
        spaced = esc(article.lead).replace(", ", ",&nbsp; ", 1)
        lead = f"<p><strong>{spaced}</strong></p>\n"
        text = lead + markup.body(article.rest, self._figure(article), self._file(article))
        if article.author:
            text += f'\n<p style="text-align: right;"><strong>{esc(article.author)}</strong></p>'
        if article.source:
            text += f'\n<p style="text-align: right;"><em>Theo {esc(article.source)}</em></p>'
        return texturized(text)

    def _figure(self, article: Article) -> markup.Picture:
        def figure(names: Sequence[str], caption: str) -> str:
            images = "".join(
                f'<img loading="lazy" width="640" alt="" class="wp-image-{article.id}" '
                f'src="{self.image(article, name)}" />'
                for name in names
            )
            note = f'<figcaption class="wp-element-caption">{caption}</figcaption>'
            return f'<figure class="wp-block-image size-full">{images}{note}</figure>'

        return figure

    def _file(self, article: Article) -> markup.File:
        def file(name: str, label: str) -> str:
            link = f'<a href="{self.image(article, name)}">{label}</a>'
            return f'<div class="wp-block-file">{link}</div>'

        return file

    def _item(self, article: Article) -> str:
        label = esc(texturized(article.title))
        return f'<li><a href="{self.url(article)}" rel="bookmark">{label}</a></li>'

    def _neighbours(self, article: Article) -> str:
        real = [one for one in self.articles() if not one.trap or one.id == article.id]
        at = next(at for at, one in enumerate(real) if one.id == article.id)
        links = []
        if at + 1 < len(real):
            href = self.url(real[at + 1])
            links.append(
                f'<div class="nav-previous"><a href="{href}">&larr; Previous Post</a></div>'
            )
        if at > 0:
            href = self.url(real[at - 1])
            links.append(f'<div class="nav-next"><a href="{href}">Next Post &rarr;</a></div>')
        return "".join(links)

    def _wrap(
        self, title: str, main: str, canonical: str = "", classes: str = "", status: int = 200
    ) -> Response:
        menu = "\n".join(
            f'<li class="menu-item"><a href="{self.public}/category/{slug}/" class="menu-link">'
            f"{esc(name)}</a></li>"
            for slug, name in sections(self.id).items()
        )
        latest = "".join(
            f'<li><a class="wp-block-latest-posts__post-title" href="{self.url(one)}">'
            f'{esc(texturized(one.title))}</a><time datetime="{one.published.isoformat()}" '
            f'class="wp-block-latest-posts__post-date">{one.published:%d/%m/%Y}</time></li>'
            for one in self.others(5, 0)
        )
        visitors = f"{self.visitors():,}".replace(",", ".")
        values = {"title": title, "main": main, "canonical": canonical, "classes": classes}
        return page(
            fill(
                "wordpress.html",
                public=self.public,
                menu=menu,
                latest=latest,
                visitors=visitors,
                **values,
            ),
            status,
        )

    def _missing(self) -> Response:
        main = (
            '<main id="main" class="site-main"><section class="error-404 not-found">'
            '<h1 class="page-title">This page doesn&#8217;t seem to exist.</h1></section></main>'
        )
        return self._wrap("Không tìm thấy trang", main, classes="error404", status=404)


def _pages(base: str, at: int, pages: int) -> str:
    links = "".join(
        f'<span aria-current="page" class="page-numbers current">{one}</span>'
        if one == at
        else f'<a class="page-numbers" href="{base}/{f"page/{one}/" if one > 1 else ""}">{one}</a>'
        for one in range(1, pages + 1)
    )
    if at < pages:
        links += f'<a class="next page-numbers" href="{base}/page/{at + 1}/">Next Page &rarr;</a>'
    return (
        "<div class='ast-pagination'><nav class=\"navigation pagination\">"
        f'<h2 class="screen-reader-text">Posts navigation</h2>{links}</nav></div>'
    )
