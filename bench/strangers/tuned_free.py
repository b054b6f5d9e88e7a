"""Three looks of portals on free systems: Liferay's publisher, Drupal's nodes, a home-made script."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from bench.strangers.look import (
    ABOUT,
    CONTACT,
    TUNED_TEXTS,
    Portal,
    paragraphs,
    texts,
    told,
    weekday,
    write,
)
from pipelines.records import Precision

if TYPE_CHECKING:
    from demo.content import Article


def liferay() -> Portal:
    """Make Liferay with a template of its own: one asset by number and by words, with a way back."""
    portal, every = Portal("Liferay publisher"), texts(TUNED_TEXTS, 2, 9)
    portal.plain = _asset
    publisher = "/web/guest/tin-tuc/-/asset_publisher/1mOzUrGkrdAE/content"
    numbered = list(zip(range(7337177, 0, -2113), every, strict=False))

    def by_words(one: Article) -> str:
        return f"{publisher}/{one.slug}?inheritRedirect=false"

    def with_way_back(one: Article) -> str:
        back = "http%3A%2F%2F127.0.0.1%2Fweb%2Fguest%2Ftin-tuc%3Fp_p_id%3D101_INSTANCE_1mOzUrGkrdAE"
        return f"{publisher}/{one.slug}?redirect={back}%26p_p_lifecycle%3D0"

    def page(main: str) -> str:
        return (
            "<html class='ltr' lang='vi-VN'><head><title>Tin tức - Cổng thông tin</title></head><body "
            "class='yui3-skin-sam'><script>Liferay.Browser={};Liferay.ThemeDisplay={};</script><header "
            "id='banner'><nav id='navigation'><ul><li><a href='/web/guest/home'>Trang chủ</a></li><li>"
            "<a href='/web/guest/gioi-thieu'>Giới thiệu</a></li><li><a href='/web/guest/tin-tuc'>Tin tức"
            "</a></li></ul><a href='/c/portal/login?p_l_id=20184'>Đăng nhập</a></nav></header><div "
            "class='columns-2' id='main-content'><div class='portlet-boundary portlet-asset-publisher' "
            "id='p_p_id_101_INSTANCE_1mOzUrGkrdAE_'><div class='portlet-content'>"
            f"{main}</div></div><div class='portlet-boundary' id='p_p_id_56_INSTANCE_x_'><div class="
            "'journal-content-article'><p>Số lượt truy cập: %VIEWS%</p></div></div></div><footer>Bản "
            "quyền thuộc Ban Tuyên giáo và Dân vận.</footer></body></html>"
        )

    def entry(href: str, one: Article) -> str:
        return (
            f"<li class='tin-item'><a href='{escape(href)}'>{escape(one.title)}</a> "
            f"<i>{one.published:%d/%m/%Y}</i></li>"
        )

    cur = (
        "/web/guest/tin-tuc?p_p_id=101_INSTANCE_1mOzUrGkrdAE&p_p_lifecycle=0&p_p_state=normal"
        "&p_p_mode=view&_101_INSTANCE_1mOzUrGkrdAE_delta=5&_101_INSTANCE_1mOzUrGkrdAE_cur=2"
    )
    pager = f"<ul class='pager'><li><a href='{escape(cur)}'>Trang sau</a></li></ul>"
    front = "".join(entry(by_words(one), one) for _, one in numbered[:4])
    portal.pages |= dict.fromkeys(("/", "/web/guest/home"), page(f"<ul>{front}</ul>"))
    first = "".join(entry(with_way_back(one), one) for _, one in numbered[:5])
    portal.pages["/web/guest/tin-tuc"] = page(f"<ul>{first}</ul>{pager}")
    rest = "".join(entry(by_words(one), one) for _, one in numbered[5:])
    portal.pages["/web/guest/tin-tuc?cur=2"] = page(f"<ul>{rest}</ul>{pager}")
    portal.pages["/web/guest/gioi-thieu"] = page(
        f"<div class='journal-content-article'><h2>Giới thiệu</h2>{paragraphs(ABOUT)}</div>"
    )
    for at, (number, one) in enumerate(numbered):
        text = write(
            one.blocks,
            "<p style='text-align: justify;'>{0}</p>",
            "<p style='text-align: center;'><img src='/documents/20181/{1}' alt=''></p>"
            "<p style='text-align: center;'><em>{0}</em></p>",
        )
        by = (
            f"<p style='text-align: right;'><strong>{one.author}</strong></p>" if one.author else ""
        )
        others = "".join(
            entry(f"{publisher}/id/{n}", other) for n, other in numbered[at + 1 : at + 4]
        )
        full = page(
            f"<div class='chi-tiet'><h3 class='tieu-de'>{escape(one.title)}</h3><p class='ngay-dang'>"
            f"{one.published:%d/%m/%Y %H:%M}</p><div class='noi-dung'>{text}{by}</div></div><div class="
            f"'tin-khac'><h4>Tin khác</h4><ul>{others}</ul></div>"
        )
        addresses = [f"{publisher}/{one.slug}", f"{publisher}/id/{number}"]
        stated = f"<link rel='canonical' href='{addresses[0]}'></head>"
        portal.pages |= dict.fromkeys(addresses, full.replace("</head>", stated))
        portal.told.append(told(one, addresses, Precision.MINUTE))
    return portal


def _asset(target: str) -> str:
    parts = urlsplit(target)
    cur = [value for name, value in parse_qsl(parts.query) if name.endswith("_cur")]
    return parts.path + (f"?cur={cur[0]}" if cur and cur[0] != "1" else "")


def drupal() -> Portal:
    """Make Drupal 7: a node under its number and its alias, terms with pages, views for printing."""
    portal, every = Portal("Drupal nodes and aliases"), texts(TUNED_TEXTS, 8, 9)
    numbered = list(zip(range(640, 0, -5), every, strict=False))

    def page(main: str, head: str = "") -> str:
        return (
            "<html lang='vi'><head><meta name='Generator' content='Drupal 7 (http://drupal.org)'>"
            f"{head}<title>Thành phố Tân Lập</title></head><body class='html not-front'><div id='page'>"
            "<div id='header'><a href='/' rel='home'>Trang chủ</a></div><div id='main-menu'><ul class="
            "'links'><li><a href='/gioi-thieu'>Giới thiệu</a></li><li><a href='/taxonomy/term/7'>Tin "
            "thành phố</a></li><li><a href='/contact'>Liên hệ</a></li></ul></div><div id='content'>"
            f"<div class='region region-content'>{main}</div></div><div class='region-sidebar-first'>"
            "<div class='block block-user'><h2>Đăng nhập</h2><a href='/user/password'>Quên mật khẩu</a>"
            "</div></div><div id='footer'>UBND thành phố Tân Lập. Lượt xem: %VIEWS%</div></div></body>"
            "</html>"
        )

    def alias(one: Article) -> str:
        return f"/tin-thanh-pho/{one.slug}"

    def teaser(number: int, one: Article) -> str:
        lead = " ".join(one.lead.split()[:20])
        return (
            f"<div id='node-{number}' class='node node-tin node-teaser'><h2><a href='{alias(one)}'>"
            f"{escape(one.title)}</a></h2><div class='content'><p>{escape(lead)}...</p></div><ul class="
            f"'links inline'><li class='node-readmore'><a href='/node/{number}'>Đọc tiếp</a></li></ul>"
            "</div>"
        )

    pager = "<ul class='pager'><li><a href='/taxonomy/term/7?page=1'>2</a></li></ul>"
    first = page("".join(teaser(*pair) for pair in numbered[:5]) + pager)
    portal.pages |= dict.fromkeys(("/", "/node", "/taxonomy/term/7"), first)
    rest = "".join(teaser(*pair) for pair in numbered[5:])
    portal.pages["/taxonomy/term/7?page=1"] = page(rest + pager)
    about = f"<h1 class='title'>Giới thiệu</h1><div class='field-item'>{paragraphs(ABOUT)}</div>"
    portal.pages["/gioi-thieu"] = page(about)
    contact = f"<h1 class='title'>Liên hệ</h1><form><p>{CONTACT[0]}</p></form>"
    portal.pages["/contact"] = page(contact)
    for at, (number, one) in enumerate(numbered):
        text = write(
            one.blocks,
            "<p class='rtejustify'>{0}</p>",
            "<p class='rtecenter'><img src='/sites/default/files/{1}'></p><p class='rtecenter'><em>{0}"
            "</em></p>",
        )
        by = f"<p class='rteright'><strong>{one.author}</strong></p>" if one.author else ""
        others = "".join(
            f"<li><a href='/node/{n}'>{escape(other.title)}</a></li>"
            for n, other in numbered[at + 1 : at + 3]
        )
        when = f"{weekday(one.published)}, {one.published:%d/%m/%Y - %H:%M}"
        shown = (
            f"<h1 class='title' id='page-title'>{escape(one.title)}</h1><div class='tabs'></div><div "
            f"id='node-{number}' class='node node-tin'><div class='meta submitted'>Được đăng bởi "
            f"<span class='username'>admin</span> vào {when}</div><div class='content'><div class='field "
            f"field-name-body'><div class='field-items'><div class='field-item even'>{text}{by}</div>"
            f"</div></div></div><ul class='links inline'><li><a href='/print/{number}'>Bản in</a></li>"
            f"</ul></div><div class='block-views'><h2>Tin liên quan</h2><ul>{others}</ul></div>"
        )
        addresses = [alias(one), f"/node/{number}"]
        stated = f"<link rel='canonical' href='{alias(one)}'><link rel='shortlink' href='/node/{number}'>"
        portal.pages |= dict.fromkeys(addresses, page(shown, stated))
        portal.pages[f"/print/{number}"] = f"<html><h1>{escape(one.title)}</h1>{text}{by}</html>"
        portal.told.append(told(one, addresses, Precision.MINUTE))
    return portal


def one_script() -> Portal:
    """Make a script of somebody's own: part, number and visit in the query, in either order."""
    portal, every = Portal("home-made script"), texts(TUNED_TEXTS, 11, 9)
    portal.plain = _shown
    numbered = list(zip(range(88, 0, -3), every, strict=False))

    def page(main: str) -> str:
        visit = "PHPSESSID=%VISIT%"
        return (
            "<html><head><title>:: Hội Nông dân tỉnh ::</title></head><body topmargin='0'><table width="
            "'1000' align='center'><tr><td colspan='3'><img src='images/banner.jpg'></td></tr><tr><td "
            f"class='menu' colspan='3'><a href='index.php?{visit}'>Trang chủ</a> | <a href='index.php?pg="
            f"gioithieu&{visit}'>Giới thiệu</a> | <a href='index.php?pg=chuyenmuc&cat=3&{visit}'>Tin hoạt "
            f"động</a> | <a href='index.php?pg=vanban&{visit}'>Văn bản</a></td></tr><tr><td width='200' "
            "valign='top'><b>LIÊN KẾT WEBSITE</b><br><select><option>Chính phủ</option></select><p>Khách "
            f"đang xem: %VIEWS%</p></td><td valign='top'>{main}</td></tr><tr><td colspan='3' align="
            "'center'>Hội Nông dân tỉnh - Điện thoại: 0277 3 851 222</td></tr></table></body></html>"
        )

    def entry(number: int, one: Article, order: str = "pg=tin&id={}") -> str:
        href = f"index.php?{order.format(number)}&PHPSESSID=%VISIT%"
        return (
            f"<p><img src='images/muiten.gif'> <a href='{escape(href)}'>{escape(one.title)}</a> "
            f"<font color='#999999'>({one.published:%d-%m-%Y})</font></p>"
        )

    pager = "Trang: 1 <a href='index.php?pg=chuyenmuc&cat=3&trang=2'>2</a>"
    front = "".join(entry(number, one) for number, one in numbered[:4])
    portal.pages["/"] = portal.pages["/index.php"] = page(front)
    listing = "".join(entry(number, one) for number, one in numbered[:5])
    portal.pages["/chuyenmuc/3/"] = page(f"<b>TIN HOẠT ĐỘNG</b>{listing}{pager}")
    rest = "".join(entry(number, one) for number, one in numbered[5:])
    portal.pages["/chuyenmuc/3/2"] = page(f"<b>TIN HOẠT ĐỘNG</b>{rest}{pager}")
    portal.pages["/gioithieu//"] = page(f"<b>GIỚI THIỆU</b>{paragraphs(ABOUT)}")
    files = "".join(
        f"<tr><td>{number}/KH-HND</td><td><a href='upload/{number}.pdf'>Tải về</a></td></tr>"
        for number in range(7, 13)
    )
    portal.pages["/vanban//"] = page(f"<b>VĂN BẢN</b><table border='1'>{files}</table>")
    for at, (number, one) in enumerate(numbered):
        text = write(
            one.blocks,
            "<div align='justify'><font size='3'>{0}</font></div>",
            "<div align='center'><img src='upload/{1}'><br><font color='blue'><i>{0}</i></font></div>",
        )
        by = f"<div align='right'><b>{one.author}</b></div>" if one.author else ""
        older = "".join(entry(*pair, "id={}&pg=tin") for pair in numbered[at + 1 : at + 4])
        full = page(
            f"<font size='4' color='#CC0000'><b>{escape(one.title)}</b></font><br><i>Cập nhật lúc "
            f"{one.published:%H:%M}, ngày {one.published:%d/%m/%Y}</i><hr>{text}{by}<p align='right'><a "
            f"href='index.php?pg=in&id={number}'>[In bài viết]</a> <a href='javascript:history.back()'>"
            f"[Quay lại]</a></p><b>CÁC TIN KHÁC</b>{older}"
        )
        portal.pages[f"/tin/{number}/"] = full
        portal.pages[f"/in/{number}/"] = f"<html><b>{escape(one.title)}</b>{text}{by}</html>"
        portal.told.append(told(one, [f"/tin/{number}/"], Precision.MINUTE))
    return portal


def _shown(target: str) -> str:
    pairs = dict(parse_qsl(urlsplit(target).query))
    if "pg" not in pairs:
        return urlsplit(target).path
    return f"/{pairs['pg']}/{pairs.get('id') or pairs.get('cat', '')}/{pairs.get('trang', '')}"
