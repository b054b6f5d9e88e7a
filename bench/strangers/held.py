"""Five looks of strange portals that are kept out of tuning."""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING

from bench.strangers.held_old import old_joomla, php_cms
from bench.strangers.look import (
    ABOUT,
    CONTACT,
    HELD_TEXTS,
    Answer,
    Portal,
    Told,
    body_of,
    paragraphs,
    texts,
    told,
    weekday,
    write,
)
from pipelines.records import Precision

if TYPE_CHECKING:
    from demo.content import Article


def json_ld() -> Portal:
    """Make pages with hashed classes, on which JSON-LD alone tells the time and the author."""
    portal, every = Portal("JSON-LD alone, soft 404s"), texts(HELD_TEXTS, 0, 9)

    def page(main: str, name: str, head: str = "") -> str:
        return (
            f"<!DOCTYPE html><html lang='vi'><head><title>{name} | Trang tin Tân Lập</title>{head}</head>"
            "<body><div class='css-1q8'><header class='css-9x'><nav class='css-u0'><a href='/'>Trang chủ"
            "</a><a href='/ve-chung-toi'>Về chúng tôi</a><a href='/thoi-su'>Thời sự</a></nav></header>"
            f"<main class='css-7h2'>{main}</main><div class='css-cookie'><p>Trang này dùng cookie để "
            "cải thiện trải nghiệm của bạn. Tiếp tục truy cập là bạn đồng ý.</p><button>Đồng ý</button>"
            "</div><footer class='css-f'><p>Giấy phép số 12/GP-TTĐT</p></footer></div></body></html>"
        )

    gone = "<h1>Không tìm thấy nội dung</h1><p>Nội dung bạn tìm không còn. Mời xem các tin mới.</p>"
    portal.missing = Answer(page(gone, "Không tìm thấy").encode())

    def card(one: Article) -> str:
        return (
            f"<div class='css-c1'><a class='css-l' href='/{one.slug}'><img src='/i/{one.id}.jpg'></a>"
            f"<a class='css-l2' href='/{one.slug}'>{escape(one.title)}</a></div>"
        )

    dead = "<div class='css-c1'><a href='/bai-viet-da-go-khoi-he-thong'>Bài viết đã gỡ khỏi hệ thống</a></div>"
    more = "<a class='css-p' href='/thoi-su?trang=2'>Xem thêm</a>"
    portal.pages["/"] = page("".join(map(card, every[:4])) + dead, "Trang chủ")
    portal.pages["/thoi-su"] = page("".join(map(card, every[:6])) + more, "Thời sự")
    portal.pages["/thoi-su?trang=2"] = page("".join(map(card, every[6:])), "Thời sự")
    portal.pages["/ve-chung-toi"] = page(
        f"<h1>Về chúng tôi</h1>{paragraphs(ABOUT)}", "Về chúng tôi"
    )
    for at, one in enumerate(every):
        data = {
            "@context": "https://schema.org", "@type": "NewsArticle", "headline": one.title,
            "datePublished": one.published.isoformat(),
            "author": {"@type": "Person", "name": one.author} if one.author else None,
        }  # fmt: skip
        head = f"<script type='application/ld+json'>{json.dumps(data)}</script>"
        text = write(
            one.blocks,
            "<p class='css-t'>{0}</p>",
            "<div class='css-img'><img data-src='/i/{1}' src='/i/blank.gif'><figcaption>{0}</figcaption></div>",
            "<p class='css-t'><a href='/t/{1}'>{0}</a></p>",
        )
        other = every[(at + 1) % len(every)]
        read = f"<p class='css-rm'>Đọc thêm: <a href='/{other.slug}'>{escape(other.title)}</a></p>"
        middle = text.find("</p>") + 4
        text = text[:middle] + read + text[middle:]
        below = "".join(card(every[(at + n) % len(every)]) for n in (2, 3, 4))
        portal.pages[f"/{one.slug}"] = page(
            f"<h1 class='css-h'>{escape(one.title)}</h1><div class='css-b'>{text}</div>"
            f"<div class='css-more'><div class='css-mh'>Có thể bạn quan tâm</div>{below}</div>",
            escape(one.title),
            head,
        )
        portal.told.append(told(one, [f"/{one.slug}"], Precision.MINUTE))
    return portal


ENGLISH = (
    "The delegation visited two villages and talked with farmers about water, seeds and prices.",
    "Local leaders promised that the road to the market would be finished before the rainy season.",
    "The visit ended with a small ceremony at which ten bicycles were handed to pupils.",
)


def bilingual() -> Portal:
    """Make pages in two columns, Vietnamese beside English, with switches of the language."""
    portal, every = Portal("two languages side by side"), texts(HELD_TEXTS, 16, 7)

    def page(main: str, path: str) -> str:
        return (
            "<html><head><title>Sở Ngoại vụ - Department of Foreign Affairs</title></head><body>"
            f"<div class='lang'><a href='{path}?lang=vi'>VI</a> <a href='{path}?lang=en'>EN</a></div>"
            "<div class='navbar-top'><a href='/'>Trang chủ / Home</a><a href='/gioi-thieu'>Giới thiệu "
            f"/ About</a></div><div class='container'>{main}</div><div class='bottom'>Sở Ngoại vụ. "
            "Lượt truy cập / Visitors: %VIEWS%</div></body></html>"
        )

    numbered = list(enumerate(every, 1201))
    items = "".join(
        f"<li><a href='/tin-tuc/chi-tiet/{number}'>{escape(one.title)}</a><br><span>"
        f"{one.published:%d.%m.%Y}</span></li>"
        for number, one in numbered
    )
    portal.pages["/"] = page(f"<h2>Tin tức / News</h2><ul>{items}</ul>", "/")
    columns = "<table><tr><td>{0}</td><td>{1}</td></tr></table>"
    both = columns.format(paragraphs(ABOUT), paragraphs(ENGLISH))
    portal.pages["/gioi-thieu"] = page(f"<h1>Giới thiệu / About us</h1>{both}", "/gioi-thieu")
    for number, one in numbered:
        text = write(
            one.blocks, "<p>{0}</p>", "<p><img src='/anh/{1}'></p><p class='caption'>{0}</p>"
        )
        by = f"<p style='text-align:right'><b>{one.author}</b></p>" if one.author else ""
        path, at = f"/tin-tuc/chi-tiet/{number}", one.published
        day = f"{at.day} tháng {at.month}, {at.year} / {at:%B} {at.day}, {at.year}"
        two = (
            f"<div class='row'><div class='col-md-6'>{text}{by}</div><div class='col-md-6'>"
            f"{paragraphs(ENGLISH)}</div></div>"
        )
        full = page(f"<h1>{escape(one.title)}</h1><div class='ngay'>{day}</div>{two}", path)
        addresses = [path, f"{path}?lang=vi", f"{path}?lang=en"]
        portal.pages |= dict.fromkeys(addresses, full)
        body = (*body_of(one), *ENGLISH)
        portal.told.append(told(one, addresses, Precision.DAY, body=body))
    for path in ("/", "/gioi-thieu"):
        portal.pages |= dict.fromkeys([f"{path}?lang=vi", f"{path}?lang=en"], portal.pages[path])
    return portal


SCENES = (
    "Từ sáng sớm, các đội thi đã có mặt tại bến sông để kiểm tra ghe và mái chèo lần cuối.",
    "Hàng nghìn người dân đứng kín hai bên bờ, cổ vũ cho các đội của mười hai phường, xã.",
    "Đội ghe ngo của phường Bình Minh về nhất ở cự ly một nghìn hai trăm mét nam.",
    "Ban tổ chức trao cờ lưu niệm cho các đội trước giờ khai cuộc.",
)


def media() -> Portal:
    """Make a station's portal: stories in pictures, videos without a text, the time in words."""
    portal, every = Portal("photo stories and videos"), texts(HELD_TEXTS, 22, 7)

    def page(main: str, name: str) -> str:
        return (
            f"<html><head><title>{name}</title><meta property='og:title' content='{name}'></head><body>"
            "<div class='main-menu'><a href='/'>Trang chủ</a><a href='/gioi-thieu.htm'>Giới thiệu Đài</a>"
            f"<a href='/lien-he.htm'>Liên hệ</a><a href='/video.htm'>Video</a></div><div class='page'>{main}"
            "</div><div class='bot'>Đài Phát thanh và Truyền hình. Tổng biên tập: Lê Thị Ngọc</div>"
            "</body></html>"
        )

    def tile(path: str, name: str) -> str:
        return (
            f"<div class='tile'><a href='{path}'><img src='/thumb{path}.jpg'></a><p><a href='{path}'>"
            f"{escape(name)}</a></p><span class='eye'>%VIEWS%</span></div>"
        )

    numbered = list(zip(range(700, 800, 11), every, strict=False))
    news = [tile(f"/tin/{one.slug}-{number}.htm", one.title) for number, one in numbered]
    story = "Chùm ảnh: Sôi nổi lễ hội đua ghe trên sông Tân Lập"
    clips = [
        tile(f"/video/ban-tin-trua-ngay-{n}-{900 + n}.htm", f"Bản tin trưa ngày {n} tháng 10")
        for n in (3, 4, 5)
    ]
    portal.pages["/"] = page(
        "".join([tile("/anh/le-hoi-dua-ghe-880.htm", story), *news, *clips]), "Đài PTTH"
    )
    portal.pages["/video.htm"] = page("".join(clips), "Video")
    portal.pages["/gioi-thieu.htm"] = page(
        f"<h1>Giới thiệu Đài</h1>{paragraphs(ABOUT)}", "Giới thiệu Đài"
    )
    portal.pages["/lien-he.htm"] = page(f"<h1>Liên hệ</h1>{paragraphs(CONTACT)}", "Liên hệ")
    for n in (3, 4, 5):
        name = f"Bản tin trưa ngày {n} tháng 10"
        portal.pages[f"/video/ban-tin-trua-ngay-{n}-{900 + n}.htm"] = page(
            f"<h1>{name}</h1><span class='tg'>12 giờ 30 phút, ngày 0{n} tháng 10 năm 2026</span>"
            "<iframe src='https://www.youtube.com/embed/x'></iframe><h4>Video khác</h4>"
            + "".join(clips),
            name,
        )
    figures = "".join(
        f"<div class='photo'><img src='/anh/ghe-{n}.jpg'></div><div class='photo-caption'>{text}</div>"
        for n, text in enumerate(SCENES, 1)
    )
    first = every[0].published.replace(second=0)
    portal.pages["/anh/le-hoi-dua-ghe-880.htm"] = page(
        f"<h1>{story}</h1><span class='tg'>{first.hour:02} giờ {first.minute:02} phút, ngày {first:%d} tháng "
        f"{first:%m} năm {first.year}</span>{figures}<p style='text-align:right'><b>Văn Thịnh</b></p>",
        story,
    )
    names = tuple(f"ghe-{n}.jpg" for n in range(1, len(SCENES) + 1))
    portal.told.append(
        Told(
            frozenset({"/anh/le-hoi-dua-ghe-880.htm"}), story, (), first, Precision.MINUTE,
            "Văn Thịnh", names, SCENES,
        )
    )  # fmt: skip
    for number, one in numbered:
        at, path = one.published, f"/tin/{one.slug}-{number}.htm"
        text = write(
            one.blocks,
            "<p>{0}</p>",
            "<div class='photo'><img src='/anh/{1}'></div><div class='photo-caption'>{0}</div>",
        )
        by = f"<p style='text-align:right'><b>{one.author}</b></p>" if one.author else ""
        time = f"{at.hour:02} giờ {at.minute:02} phút, {weekday(at)}, ngày {at:%d} tháng {at:%m} năm {at.year}"
        portal.pages[path] = page(
            f"<h1>{escape(one.title)}</h1><span class='tg'>{time}</span><div class='nd'>{text}{by}</div>"
            f"<h4>Tin xem nhiều</h4>{''.join(news[:3])}",
            escape(one.title),
        )
        portal.told.append(told(one, [path], Precision.MINUTE))
    return portal


LOOKS = (json_ld, old_joomla, bilingual, media, php_cms)
