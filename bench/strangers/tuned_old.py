"""Two looks of old portals on which the general rules were mended."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from bench.strangers.look import ABOUT, TUNED_TEXTS, Portal, paragraphs, texts, told, weekday, write
from pipelines.clean import legacy
from pipelines.records import Precision

if TYPE_CHECKING:
    from demo.content import Article


def webforms() -> Portal:
    """Make old ASP.NET pages of tables: the day stands in the listing alone, paging by a form."""
    portal, every = Portal("form paging, days in listings"), texts(TUNED_TEXTS, 6, 9)
    portal.plain = lambda target: re.sub(r"^/\(s\(\w+\)\)", "", target.lower())
    visit = "/(S(%VISIT%))"

    def page(main: str) -> str:
        return (
            "<html><head><title>UBND huyện Tân Lập</title></head><body><form method='post'>"
            "<input type='hidden' name='__VIEWSTATE' value='dDwtMTA4'><table width='980'><tr>"
            "<td colspan='2'><img src='/Images/banner.jpg'></td></tr><tr><td colspan='2'>"
            "Hôm nay: Thứ hai, 23/11/2026</td></tr><tr><td width='180' valign='top'>"
            f"<table><tr><td><a href='{visit}/Default.aspx'>Trang nhất</a></td></tr>"
            f"<tr><td><a href='{visit}/GioiThieu.aspx'>Lịch sử hình thành</a></td></tr>"
            f"<tr><td><a href='{visit}/News/List.aspx?CID=2'>Tin tức</a></td></tr></table></td>"
            f"<td valign='top'>{main}</td></tr><tr><td colspan='2'>Đơn vị quản lý: Văn phòng HĐND "
            "và UBND huyện. Điện thoại: 0277 3 888 111</td></tr></table></form></body></html>"
        )

    def entry(number: int, one: Article) -> str:
        return (
            f"<tr><td><a class='TinTieuDe' href='{visit}/News/View.aspx?NID={number}&CID=2'>"
            f"{escape(one.title)}</a> <i>({one.published:%d/%m/%Y})</i></td></tr>"
        )

    numbered = list(enumerate(every, 51))
    pager = "".join(
        f"<a href=\"javascript:__doPostBack('grid','Page${n}')\">{n}</a> " for n in (1, 2)
    )
    rows = "".join(entry(*one) for one in numbered[:6])
    portal.pages["/"] = page(f"<table>{rows}</table>")
    portal.pages["/default.aspx"] = portal.pages["/"]
    portal.pages["/news/list.aspx?cid=2"] = page(f"<table>{rows}<tr><td>{pager}</td></tr></table>")
    portal.pages["/gioithieu.aspx"] = page(
        f"<table><tr><td><b>Lịch sử hình thành</b></td></tr><tr><td>{paragraphs(ABOUT)}</td></tr></table>"
    )
    for at, (number, one) in enumerate(numbered):
        text = write(
            one.blocks,
            "<p align='justify'><font face='Arial' size='2'>{0}</font></p>",
            "<table align='center'><tr><td><img src='/Upload/{1}'></td></tr><tr><td align='center'>"
            "<i>{0}</i></td></tr></table>",
        )
        by = f"<p align='right'><b>{one.author}</b></p>" if one.author else ""
        older = "".join(entry(*other) for other in numbered[at + 1 : at + 4])
        link = f"{visit}/NEWS/PRINT.ASPX?NID={number}"
        top = f"<tr><td align='right'><a href='{link}'>Bản in</a></td></tr>"
        head = (
            f"<tr><td class='TinTieuDe'><font size='3'><b>{escape(one.title)}</b></font></td></tr>"
        )
        article = f"{head}<tr><td>{text}{by}</td></tr>"
        more = f"<tr><td><b>Các tin đã đưa</b></td></tr>{older}" if older else ""
        addresses = [f"/news/view.aspx?nid={number}{more}" for more in ("&cid=2", "&cid=3", "")]
        portal.pages |= dict.fromkeys(addresses, page(f"<table>{top}{article}{more}</table>"))
        portal.pages[f"/news/print.aspx?nid={number}"] = f"<html><table>{article}</table></html>"
        portal.told.append(told(one, addresses, Precision.DAY))
    return portal


def in_vni(html: str) -> bytes:
    """Write a page in the letters of the VNI fonts."""
    letters = (next(iter(legacy.misread(one, "VNI")), one) for one in html)
    return "".join(letters).encode("cp1252", "xmlcharrefreplace")


_NUMBERS = (
    "",
    "một",
    "hai",
    "ba",
    "tư",
    "năm",
    "sáu",
    "bảy",
    "tám",
    "chín",
    "mười",
    "mười một",
    "mười hai",
)


def frames() -> Portal:
    """Make a set of frames in an old font, without a class; the month in words, addresses in both cases."""
    portal, every = Portal("frames in an old font"), texts(TUNED_TEXTS, 16, 7)
    portal.plain = str.upper
    portal.pages["/"] = (
        "<html><head><title>Xa Tan Lap</title></head><frameset rows='90,*'><frame src='TOP.HTM'>"
        "<frameset cols='160,*'><frame src='MENU.HTM'><frame src='TIN/MOI.HTM'></frameset></frameset>"
    )

    def page(main: str) -> bytes:
        font = "<font face='VNI-Times' size='3'>"
        return in_vni(f"<html><body bgcolor='#FFFFFF'>{font}{main}</font></body></html>")

    portal.pages["/TOP.HTM"] = page("<center><b>Trang tin xã Tân Lập</b></center>")
    portal.pages["/MENU.HTM"] = page(
        "<a href='tin/moi.htm' target='main'>Tin tức</a><br><a href='GIOITHIEU.HTM'>Giới thiệu</a>"
    )
    portal.pages["/GIOITHIEU.HTM"] = page(f"<center><b>Giới thiệu</b></center>{paragraphs(ABOUT)}")
    items = []
    for number, one in enumerate(every, 1):
        link = f"Bai{number}.htm" if number % 2 else f"BAI{number}.HTM"
        items.append(f"<li><a href='{link}'>{escape(one.title)}</a>")
        at = one.published
        text = write(
            one.blocks,
            "<p align='justify'>{0}</p>",
            "<center><img src='ANH/{1}'><br><i>{0}</i></center>",
        )
        by = f"<p align='right'><b>{one.author}</b></p>" if one.author else ""
        portal.pages[f"/TIN/BAI{number}.HTM"] = page(
            f"<center><b><font size='4'>{escape(one.title)}</font></b></center><p><i>{weekday(at)}, ngày "
            f"{at.day} tháng {_NUMBERS[at.month]} năm {at.year}</i></p>{text}{by}"
            "<p><a href='MOI.HTM'>Trở về</a></p>"
        )
        portal.told.append(told(one, [f"/TIN/BAI{number}.HTM"], Precision.DAY))
    items.append("<li><a href='bai1.htm'>Xem tin đầu trang</a>")
    portal.pages["/TIN/MOI.HTM"] = page(f"<b>Tin mới</b><ul>{''.join(items)}</ul>")
    return portal
