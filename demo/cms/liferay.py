"""btg.dongthap.gov.vn/web/btg: Liferay 7, asset publisher; its pages print no date.

Language toggles and login variants lead ever deeper: on one such farm they were 98 % of what a
naive mirror collected.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from demo import markup
from demo.content import sections
from demo.site import Request, Response, Site, esc, fill, number, page, redirect, window

if TYPE_CHECKING:
    from collections.abc import Sequence

    from demo.content import Article

PER_PAGE = 5
PORTLET = "com_liferay_asset_publisher_web_portlet_AssetPublisherPortlet_INSTANCE_kLm93QwErTyU"
DETAIL = re.compile(r"/web/btg/chi-tiet-bai-viet/-/asset_publisher/1mOzUrGkrdAE/content/id/(\d+)")
LANGUAGES = re.compile(r"^((?:/(?:vi|en))+)(/.*|$)")
LOGIN = (
    '<div class="portlet-login"><form class="form sign-in-form" method="post" action="/c/portal/'
    'login"><label>Địa chỉ thư điện tử</label><input name="login" type="text" /><label>Mật khẩu'
    '</label><input name="password" type="password" /><button type="submit">Đăng nhập</button>'
    "</form></div>"
)
EXPIRED = (
    '<section class="portlet"><h3 class="alert-error">Trạng thái</h3><div class="alert '
    'alert-danger">Nội dung không tồn tại hoặc đã hết hạn.</div><p><a href="javascript:'
    'history.back();">Quay lại</a></p></section>'
)


class HongNgu(Site):
    """The replica of a site on a Liferay farm."""

    id: ClassVar[str] = "hongngu"
    name: ClassVar[str] = "Ban Tuyên giáo và Dân vận"
    public: ClassVar[str] = "https://btg.dongthap.gov.vn"
    robots: ClassVar[str] = "User-Agent: *\nDisallow: /c/\nDisallow: /group/\n"

    def path(self, article: Article) -> str:
        """Give the asset's address by id."""
        return f"/web/btg/chi-tiet-bai-viet/-/asset_publisher/1mOzUrGkrdAE/content/id/{article.id}"

    def image(self, article: Article, name: str) -> str:
        """Give the address of a document library's file."""
        return f"/documents/20182/{article.id}/{name}?t={int(article.published.timestamp())}000"

    def attachment(self, article: Article, name: str) -> str:
        """Give the absolute address of a document library's file."""
        return f"{self.public}/documents/20182/{article.id}/{name}"

    def answer(self, request: Request) -> Response:
        """Answer any GET request; login and toggles come before files."""
        if request.path.startswith("/c/portal/login"):
            return self._wrap("Đăng nhập", LOGIN, request.path)
        if request.path.startswith("/c/portal/update_language"):
            return redirect(request.query.get("redirect", "/web/btg"), 302)
        return super().answer(request)

    def page(self, request: Request) -> Response:
        """Answer with or without language prefixes: each of them adds one more to its toggles."""
        prefix = LANGUAGES.match(request.path)
        path = (prefix[2] if prefix else request.path).rstrip("/") or "/"
        toggle = f"{prefix[1] if prefix else ''}/en{path}"
        found = DETAIL.fullmatch(path)
        if found:
            return self._asset(self.find(int(found[1])), toggle)
        section = path.removeprefix("/web/btg").strip("/")
        if section == "thu-vien-anh":
            return self._gallery(toggle)
        if path != "/" and (not path.startswith("/web/btg") or section not in self._pages()):
            return self._wrap("Không tìm thấy", EXPIRED, toggle, 404)
        return self._listing(section, number(request.query.get(f"_{PORTLET}_cur")), toggle)

    def _pages(self) -> set[str]:
        return {"", *sections(self.id)}

    def _asset(self, article: Article | None, toggle: str) -> Response:
        if article is None or article.trap == "soft404":
            return self._wrap("Chi tiết bài viết", EXPIRED, toggle)
        if article.trap == "listing":
            return self._listing(article.section, 1, toggle)
        if article.trap == "login":
            return self._wrap("Đăng nhập", LOGIN, toggle)
        turn = self.views(article)
        main = fill(
            "liferay_asset.html",
            id=article.id,
            section=article.section,
            title=esc(article.title),
            body=self._body(article),
            related="".join(self._related(one) for one in self.others(4, turn, article)),
        )
        return self._wrap("Chi tiết bài viết", main, toggle)

    def _body(self, article: Article) -> str:
        spaced = esc(article.lead).replace(", ", ",&nbsp;", 1)
        lead = f'<p style="text-align:justify"><strong>{spaced}</strong></p>\n'
        text = lead + markup.body(article.rest, self._picture(article), self._file(article))
        signed = f"Theo {article.source}" if article.source else article.author
        if signed:
            text += f'\n<p style="text-align:right"><strong>{esc(signed)}</strong></p>'
        return text

    def _picture(self, article: Article) -> markup.Picture:
        def picture(names: Sequence[str], caption: str) -> str:
            images = "".join(
                f'<img alt="" src="{self.image(article, name)}" style="width:600px" />'
                for name in names
            )
            return f'<p style="text-align:center">{images}<br />\n<em>{caption}</em></p>'

        return picture

    def _file(self, article: Article) -> markup.File:
        def file(name: str, label: str) -> str:
            return f'<p><a href="{self.attachment(article, name)}">{label}</a></p>'

        return file

    def _related(self, article: Article) -> str:
        return (
            f'<div class="news-other"><a href="{self.path(article)}">{esc(article.title)}</a>'
            f'<span class="date"> ({article.published:%d/%m/%Y})</span></div>'
        )

    def _listing(self, section: str, at: int, toggle: str) -> Response:
        rows, pages = window(self.articles(section), at, PER_PAGE)
        title = sections(self.id)[section] if section else "Trang chủ"
        cards = "\n".join(
            '<div class="asset-abstract default-asset-publisher"><h3 class="asset-title">'
            f'<a href="{self.public}{self.path(row)}">{esc(row.title)}</a></h3>'
            f'<div class="asset-summary">{esc(row.lead)}</div></div>'
            for row in rows
        )
        base = f"/web/btg/{section}" if section else "/web/btg"
        ask = f"?p_p_id={PORTLET}&amp;p_p_lifecycle=0&amp;_{PORTLET}_delta={PER_PAGE}"
        links = " ".join(
            f'<a href="{base}{ask}&amp;_{PORTLET}_cur={one}">{one}</a>'
            for one in range(1, pages + 1)
        )
        main = (
            f'<section class="portlet" id="portlet_{PORTLET}"><h2 class="portlet-title-text">'
            f'{esc(title)}</h2><div class="portlet-body">{cards}</div>'
            f'<div class="taglib-page-iterator"><ul class="pagination">{links}</ul></div></section>'
        )
        return self._wrap(title, main, toggle)

    def _gallery(self, toggle: str) -> Response:
        albums = "".join(
            f'<div class="album-item"><a href="/documents/alb/{at}.jpg"><img src="/documents/alb/'
            f'{at}.jpg" alt="Ảnh {at}" /></a><div class="album-title">{esc(one.title)}</div></div>'
            for at, one in enumerate(self.others(6, 0))
        )
        return self._wrap("Thư viện ảnh", f'<div class="portlet-body">{albums}</div>', toggle)

    def _wrap(self, title: str, main: str, toggle: str, status: int = 200) -> Response:
        visitors = self.visitors()
        menu = "".join(
            f'<li class="lfr-nav-item nav-item"><a class="nav-link" href="{self.public}/web/btg/'
            f'{slug}">{esc(name)}</a></li>'
            for slug, name in sections(self.id).items()
        )
        return page(
            fill(
                "liferay.html",
                title=esc(title),
                canonical=f"{self.public}/web/btg/chi-tiet-bai-viet",
                stamp=int(self.world.now().timestamp()) + visitors,
                toggle=toggle,
                menu=menu,
                main=main,
                votes=visitors % 41,
                visitors=visitors,
            ),
            status,
        )
