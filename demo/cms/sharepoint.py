"""www.angiang.dcs.vn: SharePoint list items shown by their display form."""

from __future__ import annotations

import base64
import hashlib
import re
from calendar import SUNDAY
from typing import TYPE_CHECKING, ClassVar

from demo import markup
from demo.content import sections
from demo.site import Request, Response, Site, esc, fill, number, page, redirect, window

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from demo.content import Article

PER_PAGE = 3
VIEWSTATE_BYTES = 3_000
LABELS = (
    "Tiêu đề", "Hình ảnh", "Hình ảnh mô tả", "Tóm tắt", "Nội dung", "Link thay thế nội dung",
    "Ngày xuất bản", "Tin nổi bật (cick)", "Tác giả", "Loại bài viết", "Số Trang", "Số Ảnh",
    "Số tiền", "Tin liên quan", "Trạng thái", "Lịch sử", "Số lượt người đọc", "Tin nổi bật",
    "Phân loại", "Approval Status", "Attachments",
)  # fmt: skip
DENIED = (
    "<h1><span>Sorry, this site hasn't been shared with you.</span></h1>"
    '<div class="ms-error-body"><p>Current User</p><p>You are currently signed in as: </p>'
    "<p>Vui lòng liên hệ quản trị hệ thống để được cấp quyền truy cập. Bạn có thể quay lại trang "
    "chủ hoặc đăng nhập bằng tài khoản khác.</p></div>"
)
MISSING = (
    '<div class="ms-error-body"><p>Item does not exist. It may have been deleted by another user.'
    "</p></div>"
)
LIST = re.compile(r"/Lists/(\w+)/(TongQuat|DispForm)\.aspx", re.IGNORECASE)


class AnGiangDcs(Site):
    """The replica of a SharePoint portal."""

    id: ClassVar[str] = "angiang_dcs"
    name: ClassVar[str] = "Cổng thông tin điện tử Đảng bộ tỉnh An Giang"
    public: ClassVar[str] = "https://www.angiang.dcs.vn"
    robots: ClassVar[str] = "User-agent: *\nDisallow: /_layouts/\nDisallow: /_api/\n"

    def path(self, article: Article) -> str:
        """Give the address of a list item's display form."""
        return f"/Lists/{article.section}/DispForm.aspx?ID={article.id}"

    def image(self, article: Article, name: str) -> str:
        """Give the host-relative address of a picture library's file."""
        return f"/PublishingImages/{article.published:%Y/%m}/{name}"

    def attachment(self, article: Article, name: str) -> str:
        """Give the absolute address of a list item's attachment."""
        return f"{self.public}/Lists/{article.section}/Attachments/{article.id}/{name}"

    def page(self, request: Request) -> Response:
        """Answer a list's overview or one item; names are compared without case."""
        if request.path == "/" or request.path.casefold() == "/pages/trang-chu.aspx":
            return self._front()
        found = LIST.fullmatch(request.path)
        names = {name.casefold(): name for name in sections(self.id)}
        if found is None or found[1].casefold() not in names:
            return self._wrap("Error", MISSING, request.path, 404)
        section = names[found[1].casefold()]
        query = {name.casefold(): value for name, value in request.query.items()}
        if found[2].casefold() == "tongquat":
            return self._overview(section, number(query.get("pageindex")))
        return self._item(section, number(query.get("id"), 0))

    def _front(self) -> Response:
        boxes = []
        for section, name in sections(self.id).items():
            rows = self.articles(section)[:2]
            links = "".join(self._link(row) for row in rows)
            href = f"/Lists/{section}/TongQuat.aspx"
            boxes.append(
                f'<div class="news-box"><h2><a href="{href}">{esc(name)}</a>'
                f'</h2><ul class="dfwp-list">{links}</ul></div>'
            )
        return self._wrap("Trang chủ", "\n".join(boxes), "/")

    def _overview(self, section: str, at: int) -> Response:
        rows, pages = window(self.articles(section), at, PER_PAGE)
        items = "\n".join(self._row(row, at) for row in rows)
        base = f"/Lists/{section}/TongQuat.aspx?PageIndex="
        links = " ".join(f'<a href="{base}{one}">{one}</a>' for one in range(1, pages + 1))
        name = esc(sections(self.id)[section])
        main = (
            f'<h1 class="ms-webpart-titleText"><span>{name}</span></h1><div class="news-list">'
            f'{items}</div><div class="pager">{links}</div>'
        )
        return self._wrap(name, main, f"{base}{at}")

    def _row(self, article: Article, at: int) -> str:
        shown = article.published
        half = ("SA", "CH")[shown.hour // 12]
        href = self.path(article) + (f"&PageIndex={at}" if at > 1 else "")
        return (
            f'<div class="news-item"><div class="news-title"><a href="{href}">{esc(article.title)}'
            f'</a></div><span class="date">{shown:%d/%m/%Y} {shown.hour % 12 or 12}:{shown:%M} '
            f'{half}</span><div class="summary">{esc(article.lead)}</div>'
            '<span class="status">Đã ban hành</span></div>'
        )

    def _item(self, section: str, wanted: int) -> Response:
        article = self.find(wanted)
        if article is None or article.section != section:
            return self._wrap("Error", MISSING, f"DispForm.aspx?ID={wanted}", 404)
        if article.trap == "redirect":
            return redirect(article.target, 302)
        if article.trap == "denied":
            return self._wrap("Access Denied", DENIED, f"DispForm.aspx?ID={wanted}")
        views = self.views(article)
        main = fill(
            "sharepoint_item.html",
            section=esc(sections(self.id)[section]),
            list=f"/Lists/{section}/TongQuat.aspx",
            date=_printed(article.published),
            day=f"{article.published:%d/%m/%Y}",
            title=esc(article.title),
            author=f" | <span>{esc(article.author)}</span>" if article.author else "",
            hash=hashlib.md5(article.key.encode(), usedforsecurity=False).hexdigest()[:16].upper(),
            body=self._body(article),
            views=views,
            labels="".join(_label(at, name) for at, name in enumerate(LABELS)),
            others="".join(self._link(one) for one in self.others(6, views, article)),
        )
        title = esc(f"{sections(self.id)[section]} - {article.title}")[:90]
        return self._wrap(title, main, f"DispForm.aspx?ID={wanted}")

    def _body(self, article: Article) -> str:
        prefix = f"({article.dateline})- " if article.dateline else ""
        lead = f"<p><strong>{esc(prefix + article.lead)}</strong></p>\n"
        text = lead + markup.body(article.rest, self._picture(article), self._file(article))
        if article.author:
            text += (
                f'\n<p style="text-align:right;"><strong>{esc(article.author.upper())}</strong>'
                "&#8203;</p>"
            )
        return text.replace('<p style="text-align: justify;">', "<p>&#8203;", 1)

    def _picture(self, article: Article) -> markup.Picture:
        def picture(names: Sequence[str], caption: str) -> str:
            images = "".join(
                f'<img alt="{name}" src="{self.image(article, name)}" '
                'style="margin:5px;width:640px;" />'
                for name in names
            )
            if len(names) > 1:
                note = f'<p style="text-align:center;"><em>{caption}</em></p>'
                return f'<p style="text-align:center;">{images}</p>\n{note}'
            return f'<p style="text-align:center;">{images}<br /><em>{caption}</em></p>'

        return picture

    def _file(self, article: Article) -> markup.File:
        def file(name: str, label: str) -> str:
            href = self.attachment(article, name).removeprefix(self.public)
            return f'<p><a href="{href}" target="_blank">{label}</a></p>'

        return file

    def _link(self, article: Article) -> str:
        return (
            f'<li class="dfwp-item"><div class="item link-item"><a href="{self.path(article)}" '
            f'title="{esc(article.title)}">{esc(article.title)}</a> <span class="date">'
            f"({article.published:%d/%m/%Y})</span></div></li>"
        )

    def _wrap(self, title: str, main: str, action: str, status: int = 200) -> Response:
        visitors = self.visitors()
        menu = "".join(
            f'<li class="static"><a class="static menu-item" href="{self.public}/Lists/{section}'
            f'/TongQuat.aspx">{esc(name)}</a></li>'
            for section, name in sections(self.id).items()
        )
        return page(
            fill(
                "sharepoint.html",
                title=title,
                action=esc(action),
                viewstate=_viewstate(f"{action}{visitors}"),
                menu=menu,
                main=main,
                visitors=f"{18_442_190 + visitors:,}".replace(",", "."),
            ),
            status,
        )


def _printed(at: datetime) -> str:
    day = "Chủ nhật" if at.weekday() == SUNDAY else f"Thứ {at.weekday() + 2}"
    return f"{day}, Ngày {at:%d/%m/%Y, %H:%M}"


def _label(at: int, name: str) -> str:
    return (
        f'<tr><td nowrap="true" valign="top" width="113px" class="ms-formlabel">'
        f'<h3 class="ms-standardheader"><nobr>{name}</nobr></h3></td><td valign="top" '
        f'class="ms-formbody" width="350px" id="SPField{at}">&#160;</td></tr>'
    )


def _viewstate(seed: str) -> str:
    return base64.b64encode(hashlib.shake_128(seed.encode()).digest(VIEWSTATE_BYTES)).decode()
