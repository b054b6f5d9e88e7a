"""Two looks of Joomla 1.5, of tables: addresses by query alone, and those made for search engines.

Its own template prints title and buttons in one table, author, time and text in another; modules
write the parameters of one article in another order, with another menu's entry.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from bench.strangers.look import ABOUT, TUNED_TEXTS, Portal, paragraphs, texts, told, weekday, write
from pipelines.records import Precision

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from demo.content import Article

_MAIL = "/index.php?option=com_mailto&tmpl=component&link=aHR0cDovLzE5Mi4xNjguMS4x"


def _printed(at: datetime) -> str:
    return f"{weekday(at)}, {at.day:02} Tháng {at.month} {at.year} {at:%H:%M}"


def _text(one: Article) -> str:
    text = write(
        one.blocks,
        "<p style='text-align: justify;'>{0}</p>",
        "<p style='text-align: center;'><img src='/images/stories/{1}' border='0'></p>"
        "<p style='text-align: center;'><em>{0}</em></p>",
    )
    by = f"<p style='text-align: right;'><strong>{one.author}</strong></p>"
    return text + (by if one.author else "")


def _content(one: Article, pdf: str, view: str, others: Iterable[str]) -> str:
    """Write the component's part of an article's page as the stock template does."""
    buttons = "".join(
        f"<td align='right' width='100%' class='buttonheading'><a href='{escape(href)}' "
        f"rel='nofollow'><img src='/images/M_images/{name}.png' alt='{label}'></a></td>"
        for name, label, href in (
            ("pdf_button", "PDF", pdf), ("printButton", "In", view), ("emailButton", "Email", _MAIL)
        )
    )  # fmt: skip
    more = "".join(f"<li>{link}</li>" for link in others)
    return (
        "<div id='page'><table class='contentpaneopen'><tr><td class='contentheading' width='100%'>"
        f"{escape(one.title)}</td>{buttons}</tr></table><table class='contentpaneopen'><tr><td "
        "width='70%' align='left' valign='top' colspan='2'><span class='small'>Viết bởi "
        "Administrator</span>&nbsp;&nbsp;</td></tr><tr><td valign='top' colspan='2' "
        f"class='createdate'>{_printed(one.published)}</td></tr><tr><td valign='top' colspan='2'>"
        f"{_text(one)}</td></tr><tr><td colspan='2' class='modifydate'>Lần cập nhật cuối ( "
        f"{_printed(one.published)} )</td></tr></table><span class='article_separator'>&nbsp;</span>"
        f"<strong>Các tin khác:</strong><ul>{more}</ul></div>"
    )


def _blog(entries: Iterable[str], pager: str) -> str:
    rows = "".join(f"<tr><td valign='top'>{entry}</td></tr>" for entry in entries)
    return (
        f"<div class='componentheading'>Tin trong huyện</div><table class='blog'>{rows}"
        f"<tr><td align='center'>{pager}</td></tr></table>"
    )


def _teaser(one: Article, link: str) -> str:
    lead = " ".join(one.lead.split()[:18])
    return (
        "<table class='contentpaneopen'><tr><td class='contentheading' width='100%'>"
        f"{escape(one.title)}</td></tr></table><table class='contentpaneopen'><tr><td class="
        f"'createdate'>{_printed(one.published)}</td></tr><tr><td>{escape(lead)}...</td></tr><tr><td>"
        f"<a class='readon' href='{escape(link)}'>Đọc thêm...</a></td></tr></table>"
    )


def _site(main: str, latest: str, menu: str) -> str:
    return (
        "<html><head><meta name='robots' content='index, follow'><meta name='generator' content="
        "'Joomla! 1.5 - Open Source Content Management'><title>Huyện ủy Tân Lập</title></head><body "
        f"id='page_bg'><div id='tabarea'><table class='pill'><tr><td>{menu}</td></tr></table></div>"
        "<table id='wrap'><tr><td id='leftcolumn'><div class='module'><h3>Tin mới nhất</h3><ul class="
        f"'latestnews'>{latest}</ul></div><div class='module'><h3>Thống kê</h3>Lượt truy cập: %VIEWS%"
        f"</div></td><td id='maincolumn'>{main}</td></tr></table><div id='footer'>Powered by Joomla!. "
        "Valid XHTML and CSS.</div></body></html>"
    )


def _link(one: Article, href: str) -> str:
    return f"<a href='{escape(href)}' class='latestnews'>{escape(one.title)}</a>"


def _sorted_query(target: str) -> str:
    """Give an address of a query-only site by what it shows: view and number, the page of a list."""
    pairs = dict(parse_qsl(urlsplit(target).query))
    if "view" not in pairs:
        return urlsplit(target).path
    number = pairs.get("id", "").partition(":")[0]
    kept = f"{pairs['view']}/{number}/{pairs.get('limitstart') or '0'}"
    return f"/{kept}/print" if "print" in pairs or "format" in pairs else f"/{kept}"


def joomla_by_query() -> Portal:
    """Make Joomla 1.5 without short addresses: all of it is one script, numbers with an alias."""
    portal, every = Portal("Joomla 1.5 by query"), texts(TUNED_TEXTS, 3, 9)
    portal.plain = _sorted_query
    script = "/index.php?"
    numbered = list(zip(range(260, 0, -11), every, strict=False))

    def named(number: int, one: Article) -> str:
        return f"id={number}:{one.slug}&catid=34:tin-huyen"

    def listed(number: int, one: Article) -> str:
        return f"{script}option=com_content&view=article&{named(number, one)}&Itemid=54"

    def latest(number: int, one: Article) -> str:
        return f"{script}option=com_content&view=article&{named(number, one)}&Itemid=1"

    def turned(number: int, one: Article) -> str:
        """Write it as the links under an article do."""
        last = f"catid=34:tin-huyen&id={number}:{one.slug}&option=com_content&Itemid=54"
        return f"{script}view=article&{last}"

    blog = f"{script}option=com_content&view=category&layout=blog&id=34&Itemid=54"
    pager = f"<a href='{escape(blog)}&amp;limitstart=5' class='pagenav' title='2'>2</a>"
    about = f"{script}option=com_content&view=article&id=5&Itemid=55"
    menu = (
        f"<a href='/'>Trang chủ</a> <a href='{escape(about)}'>Giới thiệu</a> "
        f"<a href='{escape(blog)}'>Tin trong huyện</a>"
    )
    newest = "".join(f"<li>{_link(one, latest(n, one))}</li>" for n, one in numbered[:3])

    def page(main: str) -> str:
        return _site(main, newest, menu)

    front = _blog([_teaser(one, listed(n, one)) for n, one in numbered[:5]], pager)
    portal.pages["/"] = portal.pages["/index.php"] = page(front)
    portal.pages["/category/34/0"] = page(front)
    rest = _blog([_teaser(one, listed(n, one)) for n, one in numbered[5:]], pager)
    portal.pages["/category/34/5"] = page(rest)
    head = "<table class='contentpaneopen'><tr><td class='contentheading'>Giới thiệu</td></tr>"
    portal.pages["/article/5/0"] = page(f"{head}<tr><td>{paragraphs(ABOUT)}</td></tr></table>")
    for at, (number, one) in enumerate(numbered):
        others = [_link(other, turned(n, other)) for n, other in numbered[at + 1 : at + 4]]
        printed = f"{turned(number, one)}&tmpl=component&print=1&layout=default&page="
        content = _content(one, f"{turned(number, one)}&format=pdf", printed, others)
        path = f"/article/{number}/0"
        portal.pages[path] = page(content)
        portal.pages[f"{path}/print"] = f"<html><body class='contentpane'>{content}</body></html>"
        portal.told.append(told(one, [path], Precision.MINUTE))
    return portal


def joomla_for_engines() -> Portal:
    """Make Joomla 1.5 with short addresses: the same article under the path of every menu."""
    portal, every = Portal("Joomla 1.5 by path"), texts(TUNED_TEXTS, 9, 9)
    portal.plain = _without_view
    numbered = list(zip(range(1430, 0, -13), every, strict=False))

    def among(menu: str) -> Callable[[int, Article], str]:
        return lambda number, one: f"{menu}/78-tin-trong-tinh/{number}-{one.slug}.html"

    listed, latest = among("/index.php/tin-tuc"), among("/index.php/component/content/article")
    featured = among("/index.php/trang-chu")
    blog = "/index.php/tin-tuc/78-tin-trong-tinh.html"
    pager = f"<a href='{blog}?start=5' class='pagenav'>2</a>"
    menu = (
        "<a href='/'>Trang chủ</a> <a href='/index.php/gioi-thieu.html'>Giới thiệu</a> "
        f"<a href='{blog}'>Tin trong tỉnh</a>"
    )
    newest = "".join(f"<li>{_link(one, latest(n, one))}</li>" for n, one in numbered[:4])

    def page(main: str) -> str:
        return _site(main, newest, menu)

    front = [_teaser(one, featured(n, one)) for n, one in numbered[:3]]
    portal.pages["/"] = portal.pages["/index.php"] = page(_blog(front, ""))
    some = [_teaser(one, listed(n, one)) for n, one in numbered[:5]]
    portal.pages[blog] = page(_blog(some, pager))
    rest = [_teaser(one, listed(n, one)) for n, one in numbered[5:]]
    portal.pages[f"{blog}?start=5"] = page(_blog(rest, pager))
    head = "<table class='contentpaneopen'><tr><td class='contentheading'>Giới thiệu</td></tr>"
    portal.pages["/index.php/gioi-thieu.html"] = page(
        f"{head}<tr><td>{paragraphs(ABOUT)}</td></tr></table>"
    )
    for at, (number, one) in enumerate(numbered):
        others = [_link(other, listed(n, other)) for n, other in numbered[at + 1 : at + 4]]
        addresses = [write_to(number, one) for write_to in (listed, latest, featured)]
        printed = f"{addresses[0]}?tmpl=component&print=1&page="
        content = _content(one, f"{addresses[0]}?format=pdf", printed, others)
        portal.pages |= dict.fromkeys(addresses, page(content))
        bare = f"<html><body class='contentpane'>{content}</body></html>"
        portal.pages |= dict.fromkeys((f"{address}/print" for address in addresses), bare)
        portal.told.append(told(one, addresses, Precision.MINUTE))
    return portal


def _without_view(target: str) -> str:
    return re.sub(r"\?(?:tmpl=component&print=1.*|format=pdf)$", "/print", target)
