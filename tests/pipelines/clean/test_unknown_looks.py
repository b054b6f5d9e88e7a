"""Looks of systems that have no family: what their pages are read by, and their tags."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from selectolax.lexbor import LexborHTMLParser

from pipelines.clean import tree
from pipelines.clean.markup import read_markup
from pipelines.clean.page import clean_page
from pipelines.records import Cleaned, Draft, Outcome, Page

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
URL = "https://xa.vn/tin/xa-trao-nha-123.html"
TITLE = "Xã Tân Hòa bàn giao nhà đại đoàn kết cho hộ nghèo"
TEXTS = (
    "Sáng ngày 12/7, Ủy ban Mặt trận Tổ quốc xã Tân Hòa bàn giao ba căn nhà đại đoàn kết.",
    "Mỗi căn nhà có diện tích 48 mét vuông, kinh phí 80 triệu đồng do mạnh thường quân hỗ trợ.",
    "Dịp này, các hộ dân còn được tặng tủ lạnh, bếp ga và một số vật dụng trong gia đình.",
)
BODY = "".join(f"<p>{text}</p>" for text in TEXTS)


def cleaned(body: str, head: str = f"<title>{TITLE}</title>", url: str = URL) -> Cleaned:
    html = f"<html><head>{head}</head><body>{body}</body></html>"
    return clean_page(Page(url, html.encode(), NOW, encoding="utf-8"), None)


def drafted(body: str, head: str = f"<title>{TITLE}</title>", url: str = URL) -> Draft:
    draft = cleaned(body, head, url).draft
    assert draft is not None
    return draft


def test_a_login_form_beside_the_page_is_no_login_page() -> None:
    form = "<div><h2>Đăng nhập</h2><form><input type='password'></form></div>"
    assert drafted(f"{form}<div><h1>{TITLE}</h1><div>{BODY}</div></div>").title == TITLE
    alone = cleaned(f"{form}<p>Nhập tên và mật khẩu.</p>", "<title>Cổng thông tin</title>")
    assert alone.outcome is Outcome.LOGIN


def test_what_a_page_shows_without_scripts_is_read() -> None:
    main = f"<main><h1>{TITLE}</h1><div>{BODY}</div></main>"
    script = f"<script>var state = '{'x' * 5_000}';</script>"
    draft = drafted(f"<app-root></app-root><noscript>{main}</noscript>{script}")
    assert (draft.title, draft.body) == (TITLE, TEXTS)
    warning = "<noscript><p>Trình duyệt của bạn đã tắt chức năng hỗ trợ JavaScript.</p></noscript>"
    assert drafted(f"{warning}{main}").body == TEXTS


def test_a_listing_in_a_table_beside_pictures_is_a_listing() -> None:
    row = (
        "<tr><td><img src='/anh/{0}.gif'> <a href='/tin.asp?id={0}'><b>{1}</b></a> (12/07/2026)<br>"
        "{2}</td></tr>"
    )
    rows = "".join(row.format(number, f"{TITLE} đợt {number}", TEXTS[0]) for number in range(6))
    assert cleaned(f"<table>{rows}</table>", "<title>Huyện ủy</title>").outcome is Outcome.LISTING


def test_the_first_bold_line_is_the_title_of_a_page_without_any() -> None:
    head = f"<p align='center'><b>{TITLE}</b></p><p align='center'><i>(Ngày 13/07/2026)</i></p>"
    draft = drafted(head + BODY, "<title>New Page 1</title>")
    assert (draft.title, draft.body) == (TITLE, TEXTS)
    assert draft.published_at is not None
    assert draft.published_at.date().isoformat() == "2026-07-13"


def test_a_text_deep_below_its_title_has_its_date() -> None:
    deep = "<div>" * 8 + BODY + "</div>" * 8
    date = "<div class='submitted'>Đăng bởi bientap vào Thứ hai, 13/07/2026 - 09:15</div>"
    rdf = "<span property='dc:date dc:created' content='2026-07-13T09:15:00+07:00'></span>"
    for shown in (date, rdf):
        found = drafted(f"<div><h1>{TITLE}</h1><div>{shown}{deep}</div></div>").published_at
        assert found is not None
        assert found.isoformat() == "2026-07-13T09:15:00+07:00"


@pytest.mark.parametrize(
    ("url", "stated", "own"),
    [
        (URL, "/tin/xa-trao-nha-123.html", False),
        ("https://xa.vn/m/xa-trao-nha-123.html", "/tin/xa-trao-nha-123.html", True),
        ("https://xa.vn/in/xa-trao-nha-123.html", "https://xa.vn/tin/xa-trao-nha-123.html", True),
        ("https://xa.vn/m/xa-trao-nha-123.html", "https://khac.vn/tin/xa-trao-nha-123.html", False),
        ("https://xa.vn/m/xa-trao-nha-123.html", "/", False),
        ("https://xa.vn/m/xa-trao-nha-123.html", "/tin/xa-trao-nha-124.html", False),
        ("https://xa.vn/m/chi-tiet-tin.aspx?id=5", "/tin/chi-tiet-tin.aspx", False),
        ("https://xa.vn/m/tin-tuc", "/tin-tuc", False),
        ("https://xa.vn/m/xa-trao-nha-123.html", "http://[1", False),
    ],
)
def test_only_a_copys_own_address_is_taken_at_its_word(url: str, stated: str, own: bool) -> None:
    head = f'<title>{TITLE}</title><link rel="canonical" href="{stated}">'
    draft = drafted(f"<div><h1>{TITLE}</h1><div>{BODY}</div></div>", head, url)
    assert draft.canonical_url == ("https://xa.vn/tin/xa-trao-nha-123.html" if own else url)


LINKS = '<a href="/t/1">dân vận</a>, <a href="/t/2">hộ nghèo</a>'
BOTH = ("dân vận", "hộ nghèo")
LD = '<script type="application/ld+json">{"@type": "NewsArticle", "keywords": %s}</script>'


@pytest.mark.parametrize(
    ("html", "tags"),
    [
        ('<a rel="tag" href="/t/1">dân vận</a> <a rel="category tag" href="/c">Tin</a>', BOTH[:1]),
        (f'<div class="tags">Từ khóa: {LINKS}</div>', BOTH),
        (f'<div class="itemTagsBlock"><span>Gắn thẻ</span><ul><li>{LINKS}</li></ul></div>', BOTH),
        (f'<p class="tu-khoa"><b>Từ khoá:</b> {LINKS}</p>', BOTH),
        (f'<div id="post-tags"><h4>Tags</h4>{LINKS.replace(">", "> #", 1)}</div>', BOTH),
        ('<meta property="article:tag" content="dân vận"><div class="tags">Tags</div>', BOTH[:1]),
        ('<meta name="news_keywords" content="dân vận, hộ nghèo,, Dân vận">', BOTH),
        (LD % '["dân vận", "hộ nghèo", 5]', BOTH),
        (LD % '"dân vận, hộ nghèo"', BOTH),
        # what is shown says more than what is stated
        (f'<meta name="news_keywords" content="xã"><div class="tags">{LINKS}</div>', BOTH),
        # none of these are the article's
        (f'<aside><div class="tags">{LINKS}</div></aside>', ()),
        (f'<div class="sidebar"><div class="tags">{LINKS}</div></div>', ()),
        (f'<div class="tagcloud">{LINKS}</div>', ()),
        (f'<div class="tags">Từ khóa nổi bật trong tuần: {LINKS}</div>', ()),
        (f'<div class="stage">{LINKS}</div>', ()),
        (f'<div class="khoa-noi">{LINKS}</div>', ()),
        ('<meta name="keywords" content="dân vận, hộ nghèo">', ()),
        (f'<title>{TITLE}</title><meta name="news_keywords" content="{TITLE}">', ()),
        (f'<meta name="news_keywords" content="{TEXTS[0]}">', ()),
        (LD % "null", ()),
        ('<div class="tags">' + '<a href="/t">x{}</a> ' * 30 + "</div>", ()),
        (f'<div class="tags">{LINKS}' * 400, ()),
    ],
)
def test_tags_are_those_of_the_article(html: str, tags: tuple[str, ...]) -> None:
    for number in range(30):
        html = html.replace("{}", str(number), 1)
    assert read_markup(LexborHTMLParser(f"<html><body>{html}</body></html>")).tags == tags


def test_frames_are_links() -> None:
    frames = "<frameset><frame src='menu.htm'><frame name='trong'><frame src='tin.htm'>"
    frames += "<frame href='/x'></frameset>"
    found = LexborHTMLParser(f"<html>{frames}</html>").css(tree.ADDRESSED)
    assert tree.links(found, "http://xa.vn/") == ("http://xa.vn/menu.htm", "http://xa.vn/tin.htm")
