"""Two looks of old portals that are kept out of tuning."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from bench.strangers.look import (
    ABOUT,
    HELD_TEXTS,
    Portal,
    Told,
    body_of,
    paragraphs,
    texts,
    told,
    weekday,
    write,
)
from demo.content import composed
from pipelines.records import Precision

if TYPE_CHECKING:
    from demo.content import Article


def old_joomla() -> Portal:
    """Make pages of an old Joomla without its name: one script, print and mail views, itemids."""
    portal, every = Portal("one script for all, print views"), texts(HELD_TEXTS, 8, 9)
    section = "/index.php?option=com_content&view=category&layout=blog&id=3&Itemid=54"

    def page(main: str) -> str:
        link = escape(section)
        about = "/index.php?option=com_content&amp;view=article&amp;id=1:gioi-thieu&amp;Itemid=53"
        return (
            "<html><head><title>Trang tin</title></head><body id='page_bg'><div id='tabbar'><ul "
            f"id='mainlevel-nav'><li><a href='/' class='mainlevel-nav'>Trang nhất</a></li><li>"
            f"<a href='{about}' class='mainlevel-nav'>Giới thiệu</a></li><li><a href='{link}' "
            f"class='mainlevel-nav'>Tin tức</a></li></ul></div><div id='maincolumn'>{main}</div>"
            "<div id='footer'>Hiện có 12 khách trực tuyến. Đã truy cập: %VIEWS%</div></body></html>"
        )

    def path(number: int, one: Article, item: int = 54) -> str:
        return f"/index.php?option=com_content&view=article&id={number}:{one.slug}&catid=3:tin&Itemid={item}"

    def row(number: int, one: Article) -> str:
        lead = escape(body_of(one)[0])
        link = escape(path(number, one))
        return (
            "<table class='contentpaneopen'><tr><td class='contentheading'>"
            f"<a href='{link}' class='contentpagetitle'>{escape(one.title)}</a></td></tr><tr><td>"
            f"<p>{lead}</p><a href='{link}' class='readon'>Đọc thêm...</a></td></tr></table>"
        )

    numbered = list(zip(range(90, 0, -3), every, strict=False))
    pager = f"<div><a href='{escape(section)}&amp;limitstart=5'>Trang sau</a></div>"
    home = "".join(
        f"<li><a href='{escape(path(*one, 1))}'>{escape(one[1].title)}</a></li>"
        for one in numbered[:4]
    )
    portal.pages["/"] = page(
        f"<div class='componentheading'>Tin mới</div><ul class='latestnews'>{home}</ul>"
    )
    portal.pages[section] = page("".join(row(*one) for one in numbered[:5]) + pager)
    portal.pages[f"{section}&limitstart=5"] = page("".join(row(*one) for one in numbered[5:]))
    portal.pages["/index.php?option=com_content&view=article&id=1:gioi-thieu&Itemid=53"] = page(
        "<table class='contentpaneopen'><tr><td class='contentheading'>Giới thiệu về xã</td></tr>"
        f"<tr><td>{paragraphs(ABOUT)}</td></tr></table>"
    )
    for number, one in numbered:
        at = one.published
        text = write(
            one.blocks, "<p>{0}</p>", "<p><img src='/images/stories/{1}'><br><em>{0}</em></p>"
        )
        by = (
            f"<tr><td><span class='small'>Viết bởi {one.author}</span></td></tr>"
            if one.author
            else ""
        )
        main = (
            f"<table class='contentpaneopen'><tr><td class='contentheading'>{escape(one.title)}</td>"
            f"<td class='buttonheading'><a href='{escape(path(number, one))}&amp;format=pdf'>PDF</a></td>"
            f"<td class='buttonheading'><a href='{escape(path(number, one))}&amp;tmpl=component&amp;print=1'>In</a></td>"
            "<td class='buttonheading'><a href='/index.php?option=com_mailto&amp;tmpl=component&amp;link=%VISIT%'>"
            f"Gửi bạn bè</a></td></tr></table><table class='contentpaneopen'>{by}<tr><td class='createdate'>"
            f"{weekday(at)}, {at.day:02} Tháng {at.month} {at.year} {at:%H:%M}</td></tr><tr><td>{text}</td></tr></table>"
        )
        addresses = [path(number, one), path(number, one, 1)]
        portal.pages |= dict.fromkeys(addresses, page(main))
        portal.pages[f"{path(number, one)}&tmpl=component&print=1"] = (
            f"<html><body>{main}</body></html>"
        )
        portal.told.append(told(one, addresses, Precision.MINUTE))
    return portal


def php_cms() -> Portal:
    """Make a home-made PHP system: visits in addresses, days in listings alone, scans, an index of feeds."""
    portal, every = Portal("visits in addresses, scans, feeds"), texts(HELD_TEXTS, 28, 8)
    portal.plain = lambda target: re.sub(r"[?&]PHPSESSID=\w+", "", target).replace(
        "/Index.php", "/index.php"
    )

    def link(query: str) -> str:
        return escape(f"/index.php?{query}&PHPSESSID=%VISIT%")

    def page(main: str) -> str:
        return (
            "<html><head><title>Thị trấn Tân Lập</title></head><body><div id='wrap'><div id='left_menu'>"
            f"<a href='{link('mod=home')}'>Trang chủ</a><a href='{link('mod=page&act=view&id=2')}'>"
            f"Cơ cấu tổ chức</a><a href='{link('mod=news&act=cat&id=4')}'>Tin tức</a><a href='/rss.html'>RSS</a>"
            f"</div><div id='content_main'>{main}</div><div id='bottom'>Đang xem: 4. Tổng: %VIEWS%</div>"
            "</div></body></html>"
        )

    numbered = list(zip(range(160, 0, -9), every, strict=False))

    def entry(number: int, name: str, day: str) -> str:
        return (
            f"<div class='one'><div class='dt'>Đăng ngày {day}</div><div class='nm'><a href="
            f"'{link(f'mod=news&act=view&id={number}')}'>{escape(name)}</a></div></div>"
        )

    rows = [entry(number, one.title, f"{one.published:%d-%m-%Y}") for number, one in numbered]
    scan = "Thông báo về việc niêm yết danh sách cử tri khu phố 3"
    rows.insert(2, entry(77, scan, "14-05-2026"))
    home = page("".join(rows[:4]))
    portal.pages |= {"/": home, "/index.php?mod=home": home}
    pager = f"<a href='{link('mod=news&act=cat&id=4&pg=2')}'>Trang 2</a>"
    portal.pages["/index.php?mod=news&act=cat&id=4"] = page("".join(rows[:5]) + pager)
    portal.pages["/index.php?mod=news&act=cat&id=4&pg=2"] = page("".join(rows[5:]))
    portal.pages["/index.php?mod=page&act=view&id=2"] = page(
        f"<h2>Cơ cấu tổ chức</h2>{paragraphs(ABOUT)}"
    )
    feeds = "".join(
        f"<li><a href='/rss/{name}.xml'>Kênh tin {name} của thị trấn Tân Lập</a></li>"
        for name in ("tin", "van-ban", "su-kien")
    )
    portal.pages["/rss.html"] = page(
        "<h1>Các kênh tin RSS của trang thông tin</h1><p>RSS là cách để bạn đọc theo dõi tin mới mà không phải "
        f"mở từng trang; chép địa chỉ dưới đây vào chương trình đọc tin.</p><ul>{feeds}</ul>"
    )
    items = "".join(
        f"<item><title>{escape(one.title)}</title><link>/index.php?mod=news&amp;act=view&amp;id={number}</link></item>"
        for number, one in numbered[:3]
    )
    feed = f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>Tin</title>{items}</channel></rss>"
    portal.pages |= dict.fromkeys(
        [f"/rss/{name}.xml" for name in ("tin", "van-ban", "su-kien")], feed
    )
    for number, one in numbered:
        text = write(
            one.blocks, "<div>{0}</div>", "<div align='center'><img src='/data/{1}'><br>{0}</div>"
        )
        by = f"<div align='right'><i>{one.author}</i></div>" if one.author else ""
        head = f"<div class='ten'>{escape(one.title)}</div>"
        prints = f"<a href='{link(f'mod=news&act=print&id={number}')}'>In bài</a>"
        path = f"/index.php?mod=news&act=view&id={number}"
        portal.pages[path] = page(f"{head}<div class='ct'>{text}{by}</div>{prints}")
        portal.pages[f"/index.php?mod=news&act=print&id={number}"] = (
            f"<html>{head}{text}{by}</html>"
        )
        portal.told.append(told(one, [path], Precision.DAY))
    path = "/index.php?mod=news&act=view&id=77"
    portal.pages[path] = page(
        f"<div class='ten'>{scan}</div><div class='ct'><a href='/data/niem-yet.pdf'>niem-yet.pdf</a>"
        "<img src='/data/niem-yet-1.jpg'></div>"
    )
    day = every[0].published.replace(year=2026, month=5, day=14, hour=0, minute=0)
    portal.told.append(
        Told(
            frozenset({path}),
            composed(scan),
            ("niem-yet.pdf",),
            day,
            Precision.DAY,
            images=("niem-yet-1.jpg",),
            files=("niem-yet.pdf",),
        )
    )
    return portal
