"""The looks of strange portals on which the general rules were mended."""

from __future__ import annotations

import json
from datetime import UTC, timedelta
from html import escape
from typing import TYPE_CHECKING

from bench.strangers.look import (
    ABOUT,
    CONTACT,
    TUNED_TEXTS,
    Answer,
    Portal,
    Told,
    body_of,
    paragraphs,
    texts,
    told,
    write,
)
from bench.strangers.tuned_free import drupal, liferay, one_script
from bench.strangers.tuned_joomla import joomla_by_query, joomla_for_engines
from bench.strangers.tuned_late import guids, joomla_by_commas, opaque
from bench.strangers.tuned_net import dotnetnuke, one_page, sharepoint_lists
from bench.strangers.tuned_old import frames, webforms
from pipelines.records import Precision

if TYPE_CHECKING:
    from demo.content import Article


def sharepoint() -> Portal:
    """Make a SharePoint portal: articles by query alone, counter and related news in the body."""
    portal, every = Portal("query-string pages"), texts(TUNED_TEXTS, 0, 9)
    base = "/noidung/tintuc/Pages"
    lists = f"{base}/danh-sach.aspx?l=Tintrongtinh&lv=4"
    menu = (
        "<div id='s4-topheader2'><div class='ms-quicklaunchouter'><ul class='root static'>"
        "<li><a href='/'><span>Trang chủ</span></a></li>"
        "<li><a href='/noidung/gioithieu/Pages/tong-quan.aspx'><span>Giới thiệu</span></a></li>"
        f"<li><a href='{escape(lists)}'><span>Tin trong tỉnh</span></a></li>"
        "<li><a href='/Pages/gop-y.aspx'><span>Góp ý</span></a></li></ul></div></div>"
    )

    def page(main: str, name: str = "Trang thông tin điện tử") -> str:
        return (
            f"<html dir='ltr'><head><title>{name}</title></head><body><form id='aspnetForm' "
            "method='post'><input type='hidden' name='__VIEWSTATE' value='/wEPDwUBMA9k'>"
            "<div class='s4-notdlg'><a href='javascript:;'>Skip Ribbon Commands</a></div>"
            f"{menu}<div id='s4-bodyContainer'><div id='WebPartWPQ2'>{main}</div></div>"
            "<div class='chantrang'>Bản quyền thuộc UBND tỉnh. Số lượt truy cập: %VIEWS%</div>"
            "</form></body></html>"
        )

    def path(number: int, section: str = "Tintrongtinh", level: int = 4) -> str:
        return f"{base}/chi-tiet-tin.aspx?ItemID={number}&l={section}&lv={level}"

    def teaser(number: int, one: Article, section: str = "Tintrongtinh") -> str:
        link = escape(path(number, section, 1 if section == "TinNoiBat" else 4))
        return (
            f"<div class='itemtin'><a href='{link}'>{escape(one.title)}</a>"
            f"<span class='ngay'>({one.published:%d/%m/%Y})</span></div>"
        )

    numbered = list(zip(range(400, 0, -7), every, strict=False))
    pager = f"<div class='phantrang'><a href='{escape(lists)}'>1</a> <a href='{escape(lists)}&page=2'>2</a></div>"
    portal.pages["/"] = page("".join(teaser(*one, "TinNoiBat") for one in numbered[:4]))
    portal.pages[lists] = page("".join(teaser(*one) for one in numbered[:5]) + pager)
    portal.pages[f"{lists}&page=2"] = page("".join(teaser(*one) for one in numbered[5:]) + pager)
    portal.pages["/noidung/gioithieu/Pages/tong-quan.aspx"] = page(
        f"<div class='tieude'>Giới thiệu chung</div>{paragraphs(ABOUT)}"
    )
    portal.pages["/Pages/gop-y.aspx"] = page(f"<h2>Góp ý</h2>{paragraphs(CONTACT)}")
    for at, (number, one) in enumerate(numbered):
        hour = f"{one.published:%I:%M}".lstrip("0") + (" CH" if one.published.hour > 11 else " SA")
        text = write(
            one.blocks,
            "<div style='text-align:justify'><span>{0}</span></div>",
            "<div style='text-align:center'><img src='/SiteAssets/{1}' alt=''></div>"
            "<div style='text-align:center'><em>{0}</em></div>",
        )
        by = (
            f"<div style='text-align:right'><strong>{one.author}</strong></div>"
            if one.author
            else ""
        )
        others = "".join(teaser(*numbered[(at + n) % len(numbered)]) for n in (1, 2, 3))
        full = page(
            f"<div class='chitiettin'><div class='tieude'>{escape(one.title)}</div>"
            f"<div class='ngaydang'>Ngày đăng: {one.published:%d/%m/%Y} {hour}</div>"
            f"<div class='noidung'>{text}{by}<div>Số lượt xem: %VIEWS%</div>"
            f"<div><b>Tin liên quan</b></div>{others}</div></div>"
        )
        addresses = [path(number), path(number, "TinNoiBat", 1)]
        portal.pages |= dict.fromkeys(addresses, full)
        portal.told.append(told(one, addresses, Precision.MINUTE))
    return portal


def nextjs() -> Portal:
    """Make pages that scripts fill: the article stands in the state that they start from."""
    portal, every = Portal("state of scripts"), texts(TUNED_TEXTS, 12, 8)
    portal.missing = Answer("<html><title>Trang không tồn tại</title></html>".encode(), status=404)

    def page(main: str, state: object) -> str:
        held = json.dumps({"props": {"pageProps": state}, "page": "/x", "buildId": "k3J"})
        return (
            "<!DOCTYPE html><html><head><title>Cổng thông tin</title></head><body>"
            "<div id='__next'><header><nav><a href='/'>Trang chủ</a><a href='/gioi-thieu'>"
            "Giới thiệu</a><a href='/chuyen-muc/tin-tuc'>Tin tức</a></nav></header>"
            f"<main>{main}</main></div><script id='__NEXT_DATA__' type='application/json'>"
            f"{held.replace('</', '<' + chr(92) + '/')}</script></body></html>"
        )

    def card(one: Article) -> dict[str, object]:
        at = f"{one.published.astimezone(UTC):%Y-%m-%dT%H:%M:%S.000Z}"
        return {"id": one.id, "title": one.title, "slug": one.slug, "publishedAt": at}

    def links(some: list[Article]) -> str:
        return "".join(
            f"<a class='card_k2' href='/tin-tuc/{one.slug}'><h3>{escape(one.title)}</h3></a>"
            for one in some
        )

    pager = "<a href='/chuyen-muc/tin-tuc?page=2'>2</a>"
    first = page(links(every[:5]) + pager, {"items": [card(one) for one in every[:5]]})
    portal.pages |= {"/": first, "/chuyen-muc/tin-tuc": first}
    rest = page(links(every[5:]), {"items": [card(one) for one in every[5:]]})
    portal.pages["/chuyen-muc/tin-tuc?page=2"] = rest
    about = {"title": "Giới thiệu", "content": paragraphs(ABOUT)}
    portal.pages["/gioi-thieu"] = page("<p>Đang tải...</p>", {"page": about})
    for at, one in enumerate(every):
        text = write(
            one.blocks,
            "<p>{0}</p>",
            "<figure><img src='/media/{1}'><figcaption>{0}</figcaption></figure>",
        )
        full = card(one) | {"description": body_of(one)[0][:90], "content": text}
        full["author"] = {"name": one.author} if one.author else None
        related = [card(every[(at + n) % len(every)]) for n in (1, 2, 3)]
        path = f"/tin-tuc/{one.slug}"
        portal.pages[path] = page("<p>Đang tải...</p>", {"post": full, "related": related})
        portal.told.append(told(one, [path], Precision.MINUTE))
    return portal


LAWS = (
    ("Quyết định", "118/QĐ-UBND", "công bố danh mục thủ tục hành chính mới lĩnh vực hộ tịch"),
    ("Kế hoạch", "45/KH-UBND", "phòng, chống thiên tai và tìm kiếm cứu nạn trên địa bàn huyện"),
    ("Thông báo", "76/TB-UBND", "kết quả xét tuyển viên chức ngành giáo dục đợt hai"),
    ("Công văn", "902/UBND-VP", "tăng cường kiểm tra an toàn thực phẩm dịp cuối năm"),
    ("Chỉ thị", "07/CT-UBND", "đẩy mạnh giải ngân vốn đầu tư công những tháng còn lại"),
    ("Báo cáo", "233/BC-UBND", "tình hình kinh tế - xã hội sáu tháng đầu năm và nhiệm vụ trọng tâm"),
)  # fmt: skip


def documents() -> Portal:
    """Make a store of legal documents: a table of facts and a file, or a scan, in place of text."""
    portal = Portal("legal documents")
    days = [
        one.published.replace(hour=0, minute=0, second=0)
        for one in texts(TUNED_TEXTS, 0, len(LAWS))
    ]

    def page(main: str, name: str) -> str:
        return (
            f"<html><head><title>{name}</title></head><body><div id='menu-ngang'><ul><li><a href='/'>"
            "Trang chủ</a></li><li><a href='/chuc-nang-nhiem-vu.html'>Chức năng, nhiệm vụ</a></li>"
            f"</ul></div><div class='cot-giua'>{main}</div><div class='cuoi-trang'>Phòng Tư pháp "
            "huyện. Số người đang xem: %VIEWS%</div></body></html>"
        )

    rows = []
    for number, (law, day) in enumerate(zip(LAWS, days, strict=True), 310):
        kind, sign, about = law
        issued, path = day - timedelta(days=4), f"/van-ban/chi-tiet-{number}.html"
        name, file = f"{kind} số {sign} {about}", f"{sign.lower().replace('/', '_')}.pdf"
        title = f"{kind} {about}"
        facts = [
            ("Số, ký hiệu", sign), ("Ngày ban hành", f"{issued:%d/%m/%Y}"),
            ("Loại văn bản", kind), ("Cơ quan ban hành", "Ủy ban nhân dân huyện"),
            ("Người ký", "Trần Văn Lượm"), ("Trích yếu", name),
        ]  # fmt: skip
        cells = "".join(f"<tr><td>{key}</td><td>{value}</td></tr>" for key, value in facts)
        rows.append(
            f"<tr><td><a href='{path}'>{sign}</a></td><td>{issued:%d/%m/%Y}</td>"
            f"<td><a href='{path}'>{name}</a></td></tr>"
        )
        scan = kind == "Thông báo"
        main = (
            "<p><img src='/scan/thong-bao-1.jpg'></p>"
            if scan
            else f"<table class='tt'>{cells}</table>"
        )
        portal.pages[path] = page(
            f"<h1 class='ten-vb'>{title}</h1><p class='luot'>Ngày đăng: {day:%d/%m/%Y} - Lượt xem: "
            f"%VIEWS%</p>{main}<div class='tep'>Tệp đính kèm: <a href='/upload/{file}'>{file}</a></div>",
            title,
        )
        body = (file,) if scan else tuple(f"{key} | {value}" for key, value in facts)
        images = ("thong-bao-1.jpg",) if scan else ()
        portal.told.append(
            Told(frozenset({path}), title, body, day, Precision.DAY, images=images, files=(file,))
        )
    table = "<tr><th>Số, ký hiệu</th><th>Ngày ban hành</th><th>Trích yếu</th></tr>" + "".join(rows)
    portal.pages["/"] = page(f"<h1>Văn bản mới</h1><table>{table}</table>", "Phòng Tư pháp")
    portal.pages["/chuc-nang-nhiem-vu.html"] = page(
        f"<h1>Chức năng, nhiệm vụ</h1>{paragraphs(ABOUT)}", "Chức năng, nhiệm vụ"
    )
    return portal


LOOKS = (
    sharepoint, webforms, nextjs, documents, frames, joomla_by_query, joomla_for_engines, dotnetnuke,
    one_page, sharepoint_lists, liferay, drupal, one_script, joomla_by_commas, opaque, guids,
)  # fmt: skip
