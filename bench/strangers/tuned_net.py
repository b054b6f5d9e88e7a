"""Three looks of portals on .NET: DotNetNuke's tabs, one page for all by query, SharePoint's lists."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from bench.strangers.look import ABOUT, CONTACT, TUNED_TEXTS, Portal, paragraphs, texts, told, write
from pipelines.records import Precision

if TYPE_CHECKING:
    from demo.content import Article


def _half_day(one: Article) -> str:
    """Print a time of twelve hours as the culture "vi-VN" of .NET does."""
    at = one.published
    return f"{at:%d/%m/%Y} {at:%I:%M:%S}".replace(" 0", " ") + (" CH" if at.hour > 11 else " SA")


def dotnetnuke() -> Portal:
    """Make an old DotNetNuke: details are a control of a tab, by path and by query."""
    portal, every = Portal("DotNetNuke tabs and controls"), texts(TUNED_TEXTS, 5, 9)
    portal.plain = lambda target: re.sub(r"/language/vi-vn(?=/)", "", target.lower())
    numbered = list(zip(range(2210, 0, -17), every, strict=False))
    tab = "/TinTuc/tabid/62"

    def by_path(number: int) -> str:
        return f"{tab}/ctl/Details/mid/403/ItemID/{number}/Default.aspx"

    def by_query(number: int) -> str:
        return f"/Default.aspx?tabid=62&ctl=Details&mid=403&ItemID={number}"

    def page(main: str) -> str:
        skin = "id='dnn_dnnMENU' class='MainMenu_MenuContainer'"
        return (
            "<html xml:lang='vi-VN'><head><meta id='MetaGenerator' name='GENERATOR' content="
            "'DotNetNuke '><script src='/js/dnncore.js'></script><title>Sở Nông nghiệp</title></head>"
            "<body id='Body'><form name='Form' method='post' action='/Default.aspx' id='Form'><input "
            "type='hidden' name='__VIEWSTATE' value='/wEPDwUKLTI5'><script>function __doPostBack("
            f"eventTarget, eventArgument) {{}}</script><div {skin}><a href='/Default.aspx'>Trang chủ</a>"
            f"<a href='/GioiThieu/tabid/60/Default.aspx'>Giới thiệu</a><a href='{tab}/language/vi-VN/"
            "Default.aspx'>Tin tức</a></div><span id='dnn_dnnCURRENTDATE_lblDate'>Thứ Hai, 23 Tháng "
            "Mười Một 2026</span><a id='dnn_dnnLOGIN_cmdLogin' href='/TinTuc/tabid/62/ctl/Login/Default"
            ".aspx?returnurl=%2f'>Đăng nhập</a><table><tr><td id='dnn_LeftPane' class='leftpane'>"
            "<span class='Head'>Liên kết</span><div class='Normal'>Số lượt truy cập: %VIEWS%</div></td>"
            f"<td id='dnn_ContentPane' class='contentpane'>{main}</td></tr></table><div class='footer'>"
            "<span id='dnn_dnnCOPYRIGHT_lblCopyright'>Bản quyền của Sở Nông nghiệp</span></div></form>"
            "</body></html>"
        )

    def entry(href: str, one: Article) -> str:
        return (
            f"<tr><td><a class='TieuDe' href='{escape(href)}'>{escape(one.title)}</a><br><span class="
            f"'Ngay'>{one.published:%d/%m/%Y}</span></td></tr>"
        )

    def rows(some: list[tuple[int, Article]]) -> str:
        return "".join(entry(by_path(number), one) for number, one in some)

    turn = "javascript:__doPostBack('dnn$ctr403$ViewNews$pager','2')"
    front = "".join(entry(by_query(number), one) for number, one in numbered[:4])
    portal.pages["/"] = page(f"<table>{front}</table>")
    portal.pages["/default.aspx"] = portal.pages["/"]
    listing = f'<table>{rows(numbered[:6])}</table><a href="{turn}">2</a>'
    portal.pages["/tintuc/tabid/62/default.aspx"] = page(listing)
    portal.pages["/gioithieu/tabid/60/default.aspx"] = page(
        f"<span class='Head'>Giới thiệu</span><div class='Normal'>{paragraphs(ABOUT)}</div>"
    )
    for at, (number, one) in enumerate(numbered):
        text = write(
            one.blocks,
            "<p class='MsoNormal' style='text-align:justify'>{0}</p>",
            "<p align='center'><img src='/Portals/0/AnhTin/{1}'></p><p align='center'><em>{0}</em></p>",
        )
        by = f"<p align='right'><strong>{one.author}</strong></p>" if one.author else ""
        older = rows(numbered[at + 1 : at + 4])
        control = "dnn_ctr403_Details"
        full = page(
            f"<a name='403'></a><div id='{control}_UP'><table><tr><td><span id='{control}_tieude' "
            f"class='Head'>{escape(one.title)}</span></td></tr><tr><td><span id='{control}_ngay'>"
            f"{_half_day(one)}</span> <a href='{tab}/ctl/Print/mid/403/ItemID/{number}/Default.aspx?"
            f"SkinSrc=[G]Skins%2f_default%2fNo+Skin'>In trang này</a></td></tr><tr><td><div id='{control}"
            f"_noidung' class='Normal'>{text}{by}</div></td></tr></table><span class='SubHead'>Các tin "
            f"khác</span><table>{older}</table></div>"
        )
        skinless = f"{tab}/ctl/print/mid/403/itemid/{number}/default.aspx".lower()
        portal.pages[f"{skinless}?skinsrc=[g]skins/_default/no+skin"] = f"<html>{text}{by}</html>"
        addresses = [by_path(number).lower(), by_query(number).lower()]
        portal.pages |= dict.fromkeys(addresses, full)
        portal.told.append(told(one, addresses, Precision.MINUTE))
    return portal


def one_page() -> Portal:
    """Make WebForms where "Default.aspx" shows everything: the query says site, part and number."""
    portal, every = Portal("one page, parts by query"), texts(TUNED_TEXTS, 14, 9)
    portal.plain = _by_part
    base = "/Default.aspx?sname=tanlap&sid=1273&pageid"
    numbered = list(zip(range(5120, 0, -9), every, strict=False))

    def path(number: int, catid: int = 57) -> str:
        return f"{base}=30461&catid={catid}&newsid={number}&catname=tin-hoat-dong"

    def turned(number: int) -> str:
        return f"/Default.aspx?newsid={number}&catid=57&pageid=30461&sid=1273&sname=tanlap"

    def page(main: str) -> str:
        return (
            "<html><head><title>Trang thông tin điện tử xã Tân Lập</title></head><body><form name="
            "'aspnetForm' method='post' action='Default.aspx' id='aspnetForm'><input type='hidden' "
            "name='__EVENTTARGET'><input type='hidden' name='__VIEWSTATE' value='/wEPDwULLTE3'><ul id="
            f"'menungang'><li><a href='{base}=30450'>Trang chủ</a></li><li><a href='{base}=30455'>Giới "
            f"thiệu</a></li><li><a href='{base}=30460&amp;catid=57'>Tin hoạt động</a></li><li><a href="
            f"'{base}=30470'>Hỏi đáp</a></li></ul><div id='ctl00_noidung'>{main}</div><div id='chan'>"
            "Cơ quan chủ quản: UBND xã Tân Lập. Đang truy cập: %VIEWS%</div></form></body></html>"
        )

    def entry(href: str, one: Article) -> str:
        lead = " ".join(one.lead.split()[:12])
        return (
            f"<div class='tin'><a class='tieude' href='{escape(href)}'>{escape(one.title)}</a>"
            f"<p>{escape(lead)}...</p></div>"
        )

    turn = "<a href=\"javascript:__doPostBack('ctl00$pager','Page$2')\">Trang sau</a>"
    front = "".join(entry(path(number, 99), one) for number, one in numbered[:4])
    portal.pages |= dict.fromkeys(("/", "/Default.aspx", "/30450///"), page(front))
    listing = "".join(entry(path(number), one) for number, one in numbered[:6])
    portal.pages["/30460/57//"] = page(f"<h2>Tin hoạt động</h2>{listing}{turn}")
    portal.pages["/30455///"] = page(f"<h2>Giới thiệu</h2>{paragraphs(ABOUT)}")
    portal.pages["/30470///"] = page(f"<h2>Hỏi đáp</h2>{paragraphs(CONTACT)}")
    for at, (number, one) in enumerate(numbered):
        text = write(
            one.blocks,
            "<p><span style='font-size:14px'>{0}</span></p>",
            "<div align='center'><img src='/UploadedFiles/{1}'><br><i>{0}</i></div>",
        )
        by = f"<p style='text-align:right'><b>{one.author}</b></p>" if one.author else ""
        older = "".join(
            f"<li><a href='{escape(turned(n))}'>{escape(other.title)}</a> "
            f"({other.published:%d/%m/%Y})</li>"
            for n, other in numbered[at + 1 : at + 4]
        )
        full = page(
            f"<div class='chitiet'><span class='tieude-tin'>{escape(one.title)}</span><br><span class="
            f"'thoigian'>Cập nhật: {one.published:%d/%m/%Y %H:%M}</span><div class='noidung'>{text}{by}"
            f"</div><a href='{escape(path(number))}&amp;in=1'>In bài</a><div class='tinkhac'><b>Tin "
            f"khác</b><ul>{older}</ul></div></div>"
        )
        own = f"/30461//{number}/"
        portal.pages[own] = full
        portal.pages[f"{own}in"] = (
            f"<html><body><h3>{escape(one.title)}</h3>{text}{by}</body></html>"
        )
        portal.told.append(told(one, [own], Precision.MINUTE))
    return portal


def _by_part(target: str) -> str:
    pairs = dict(parse_qsl(urlsplit(target).query))
    if "pageid" not in pairs:
        return urlsplit(target).path
    number = pairs.get("newsid", "")
    part = "" if number else pairs.get("catid", "")
    return f"/{pairs['pageid']}/{part}/{number}/{'in' if 'in' in pairs else ''}"


def sharepoint_lists() -> Portal:
    """Make SharePoint 2010: news as pages of a library and as items that a page of a list shows."""
    portal, every = Portal("SharePoint pages and items"), texts(TUNED_TEXTS, 19, 10)
    portal.plain = str.lower
    numbered = list(zip(range(900, 0, -7), every, strict=False))

    def page(main: str) -> str:
        return (
            "<html dir='ltr'><head><meta name='GENERATOR' content='Microsoft SharePoint'><title>Cổng "
            "thông tin điện tử</title></head><body><form name='aspnetForm' method='post' id="
            "'aspnetForm'><input type='hidden' name='__REQUESTDIGEST' value='0xA8'><div id='s4-ribbonrow'"
            "><a href='javascript:;'>Skip Ribbon Commands</a></div><div id='s4-workspace'><div id="
            "'s4-topheader2'><ul class='root'><li><a href='/Pages/default.aspx'>Trang chủ</a></li><li><a "
            "href='/Pages/gioi-thieu.aspx'>Giới thiệu</a></li><li><a href='/tintuc/Pages/tin-moi.aspx'>"
            "Tin mới</a></li><li><a href='/tintuc/Lists/TinTuc/View_List.aspx'>Tin huyện</a></li></ul>"
            f"</div><div id='s4-mainarea'>{main}</div><div class='footer'>Bản quyền thuộc UBND huyện. "
            "Lượt truy cập: %VIEWS%</div></div></form></body></html>"
        )

    def path(number: int, one: Article) -> str:
        """Odd numbers are pages of the library, the others items of a list."""
        if number % 2:
            return f"/tintuc/Pages/{one.slug}.aspx"
        return f"/tintuc/Lists/TinTuc/View_Detail.aspx?ItemID={number}"

    def entry(number: int, one: Article) -> str:
        extra = "&PageIndex=1" if number % 2 == 0 else ""
        return (
            f"<div class='dong'><a href='{escape(path(number, one) + extra)}'>{escape(one.title)}</a> "
            f"<span>({one.published:%d/%m/%Y})</span></div>"
        )

    odd = [entry(*pair) for pair in numbered if pair[0] % 2]
    even = [entry(*pair) for pair in numbered if pair[0] % 2 == 0]
    front = page("".join(entry(*pair) for pair in numbered[:4]))
    portal.pages |= dict.fromkeys(("/", "/pages/default.aspx"), front)
    portal.pages["/tintuc/pages/tin-moi.aspx"] = page("".join(odd))
    portal.pages["/tintuc/lists/tintuc/view_list.aspx"] = page("".join(even))
    portal.pages["/pages/gioi-thieu.aspx"] = page(
        f"<h1>Giới thiệu</h1><div class='ms-rtestate-field'>{paragraphs(ABOUT)}</div>"
    )
    for at, (number, one) in enumerate(numbered):
        text = write(
            one.blocks,
            "<p>{0}</p>",
            "<p style='text-align:center'><img src='/tintuc/PublishingImages/{1}' alt=''></p>"
            "<p style='text-align:center'><em>{0}</em></p>",
        )
        by = f"<p style='text-align:right'><strong>{one.author}</strong></p>" if one.author else ""
        near = "".join(entry(*numbered[(at + step) % len(numbered)]) for step in (1, 2, 3))
        full = page(
            f"<div class='khung-tin'><div class='tieu-de-tin'>{escape(one.title)}</div><div class="
            f"'ngay-tin'>{one.published:%d/%m/%Y %H:%M}</div><div class='ExternalClass0B2F'>{text}{by}"
            f"</div></div><div class='tin-lien-quan'><b>Tin liên quan</b>{near}</div>"
        )
        address = path(number, one).lower()
        addresses = [address] if number % 2 else [address, f"{address}&pageindex=1"]
        portal.pages |= dict.fromkeys(addresses, full)
        portal.told.append(told(one, addresses, Precision.MINUTE))
    return portal
