"""Three looks more: commas for a query, an opaque state in each address, two GUIDs in the query."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from bench.strangers.look import ABOUT, TUNED_TEXTS, Portal, paragraphs, texts, told, weekday, write
from pipelines.records import Precision

if TYPE_CHECKING:
    from demo.content import Article


def joomla_by_commas() -> Portal:
    """Make Joomla 1.0 without its name: commas in place of a query, the author below the title."""
    portal, every = Portal("Joomla 1.0 by commas"), texts(TUNED_TEXTS, 7, 9)
    portal.plain = lambda target: re.sub(r"/Itemid,\d+/", "/", target)
    content = "/component/option,com_content/task"
    numbered = list(zip(range(212, 0, -7), every, strict=False))

    def link(number: int, one: Article, item: int) -> str:
        href = f"{content},view/id,{number}/Itemid,{item}/"
        return f"<a href='{href}' class='mainlevel'>{escape(one.title)}</a>"

    blog = f"{content},blogcategory/id,18/Itemid,26/"
    newest = "".join(f"<li>{link(n, one, 2)}</li>" for n, one in numbered[:3])

    def page(main: str) -> str:
        return (
            "<html><head><title>Ban Tuyên giáo Huyện ủy</title></head><body><table class='moduletable'>"
            f"<tr><td><a href='/'>Trang chủ</a></td></tr><tr><td><a href='{blog}'>Tin trong huyện</a>"
            f"</td></tr><tr><td><a href='{content},view/id,5/Itemid,27/'>Giới thiệu</a></td></tr></table>"
            f"<table class='moduletable'><tr><th>Tin mới</th></tr><tr><td><ul>{newest}</ul></td></tr>"
            f"</table><div id='giua'>{main}</div><div>Khách: %VIEWS%</div></body></html>"
        )

    def teaser(number: int, one: Article) -> str:
        lead = " ".join(one.lead.split()[:15])
        return (
            "<table class='contentpaneopen'><tr><td class='contentheading'>"
            f"{link(number, one, 26)}</td></tr><tr><td>{escape(lead)}...</td></tr></table>"
        )

    front = page("".join(teaser(*pair) for pair in numbered[:5]))
    every_entry = page("".join(teaser(*pair) for pair in numbered))
    portal.pages |= {"/": front, portal.plain(blog): every_entry}
    head = "<table class='contentpaneopen'><tr><td class='contentheading'>Giới thiệu</td></tr>"
    portal.pages[f"{content},view/id,5/"] = page(
        f"{head}<tr><td>{paragraphs(ABOUT)}</td></tr></table>"
    )
    for number, one in numbered:
        text = write(
            one.blocks,
            "<p align='justify'>{0}</p>",
            "<div align='center'><img src='/images/stories/{1}'><br><em>{0}</em></div>",
        )
        at = one.published
        author = one.author or "Administrator"
        shown = f"{weekday(at)}, {at.day:02} Tháng {at.month} {at.year}"
        full = page(
            "<table class='contentpaneopen'><tr><td class='contentheading' width='100%'>"
            f"{escape(one.title)}</td><td class='buttonheading'><a href='/index2.php?option=com_content&"
            f"task=view&id={number}&pop=1&page=0'><img alt='In'></a></td></tr></table><table class="
            f"'contentpaneopen'><tr><td><span class='small'>Người viết: {author}</span></td></tr><tr>"
            f"<td class='createdate'>{shown}</td></tr><tr><td>{text}</td></tr></table>"
            f"<table><tr><th class='pagenav_next'>{link(*numbered[0], 26)}</th></tr></table>"
        )
        portal.pages[f"{content},view/id,{number}/"] = full
        pop = f"/index2.php?option=com_content&task=view&id={number}&pop=1&page=0"
        portal.pages[pop] = f"<html><b>{escape(one.title)}</b>{text}</html>"
        portal.told.append(told(one, [f"{content},view/id,{number}/"], Precision.DAY))
    return portal


def opaque() -> Portal:
    """Make WebSphere: an article's address ends in a state that differs at every visit."""
    portal, every = Portal("opaque states"), texts(TUNED_TEXTS, 10, 8)
    portal.plain = lambda target: re.sub(r"/!ut/p/.*", "", target)
    home = "/wps/portal/Home/home"
    state = "/!ut/p/b1/04_Sj9CPykssy0xPLMnMz0vMAfGj%VISIT%/dl4/d5/"

    def path(one: Article) -> str:
        return f"{home}/detail/tintuc/{uuid5(NAMESPACE_URL, one.slug)}"

    def page(main: str) -> str:
        return (
            "<html><head><title>Nông thôn mới</title></head><body><div class='wpthemeHeader'><ul><li>"
            f"<a href='{home}'>Trang chủ</a></li><li><a href='/wps/portal/Home/gioi-thieu{state}'>Giới "
            f"thiệu</a></li><li><a href='/wps/portal/Home/tin-tuc{state}'>Tin tức</a></li></ul></div>"
            f"<div>Lượt truy cập: 1.%VIEWS%</div><div class='wpthemeMain'>{main}</div></body></html>"
        )

    def entry(one: Article) -> str:
        return f"<li><a href='{path(one)}{state}'>{escape(one.title)}</a></li>"

    portal.pages |= dict.fromkeys(("/", home), page(f"<ul>{''.join(map(entry, every[:4]))}</ul>"))
    portal.pages["/wps/portal/Home/tin-tuc"] = page(f"<ul>{''.join(map(entry, every))}</ul>")
    about = f"<h2>Giới thiệu</h2>{paragraphs(ABOUT)}"
    portal.pages["/wps/portal/Home/gioi-thieu"] = page(about)
    for at, one in enumerate(every):
        text = write(one.blocks, "<p>{0}</p>", "<p><img src='/wps/wcm/{1}'></p><p><em>{0}</em></p>")
        by = f"<p style='text-align:right'><b>{one.author}</b></p>" if one.author else ""
        beside = "".join(entry(other) for other in every[at + 1 : at + 3])
        portal.pages[path(one)] = page(
            f"<h1>{escape(one.title)}</h1><span class='date'>{one.published:%d/%m/%Y %H:%M}</span><div "
            f"class='body'>{text}{by}</div><h4>Tin khác</h4><ul>{beside}</ul>"
        )
        portal.told.append(told(one, [path(one)], Precision.MINUTE))
    return portal


def guids() -> Portal:
    """Make ASP.NET with GUIDs for menu and article: "GuidNews.aspx?MenuID=..&NewsID=.."."""
    portal, every = Portal("GUIDs by query"), texts(TUNED_TEXTS, 16, 9)
    portal.plain = lambda target: re.sub(r"MenuID=[\w-]+&", "", target)

    def guid(name: str) -> str:
        return str(uuid5(NAMESPACE_URL, name))

    def link(one: Article, menu: str) -> str:
        href = f"/Introduction.aspx?MenuID={guid(menu)}&amp;NewsID={guid(one.slug)}"
        return (
            f"<div class='news'><a href='{href}'>{escape(one.title)}</a> "
            f"<i>{one.published:%d/%m/%Y}</i></div>"
        )

    listing = f"/News.aspx?MenuID={guid('tin')}"

    def page(main: str) -> str:
        return (
            "<html><head><title>Sở Xây dựng</title></head><body><form method='post' action='x.aspx'>"
            f"<div id='menu'><a href='/Default.aspx'>Trang chủ</a><a href='{listing}'>Tin ngành</a><a "
            f"href='/Introduction.aspx?MenuID={guid('gt')}'>Giới thiệu</a></div><div id='noidung'>"
            f"{main}</div><div id='chan'>Sở Xây dựng. Lượt truy cập: %VIEWS%</div></form></body></html>"
        )

    front = page("".join(link(one, "moi") for one in every[:4]))
    portal.pages |= dict.fromkeys(("/", "/Default.aspx"), front)
    portal.pages[listing] = page("".join(link(one, "tin") for one in every))
    portal.pages[f"/Introduction.aspx?MenuID={guid('gt')}"] = page(
        f"<h2>Giới thiệu chung</h2>{paragraphs(ABOUT)}"
    )
    for at, one in enumerate(every):
        text = write(
            one.blocks, "<p>{0}</p>", "<center><img src='/Upload/{1}'><br><i>{0}</i></center>"
        )
        by = f"<p align='right'><b>{one.author}</b></p>" if one.author else ""
        near = "".join(link(other, "tin") for other in every[at + 1 : at + 4])
        path = f"/Introduction.aspx?NewsID={guid(one.slug)}"
        portal.pages[path] = page(
            f"<div class='TitleNews'>{escape(one.title)}</div><div class='tools'>Gửi lúc: "
            f"{one.published:%d/%m/%Y %H:%M:%S} | Lượt xem: %VIEWS% |</div><div class='Content'>{text}"
            f"{by}</div><div><b>Các tin khác</b></div>{near}"
        )
        portal.told.append(told(one, [path], Precision.MINUTE))
    return portal
