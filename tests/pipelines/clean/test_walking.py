"""What a body's walk makes of the ways in which editors set paragraphs, pictures and tables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from pipelines.clean.tokens import Token, split_captions, take_byline, without_chrome
from pipelines.clean.walk import Walker
from pipelines.clean.waste import NO_WASTE, Waste, waste_of

LONG = (
    "Sáng 12/7, Đảng ủy phường tổ chức hội nghị triển khai công tác dân vận sáu tháng cuối năm " * 4
)


def tokens(html: str, waste: Waste = NO_WASTE) -> list[Token]:
    body = LexborHTMLParser(f"<div id=b class=waste>{html}</div>").css_first("#b")
    assert body is not None
    return Walker("https://a.vn/", waste).walk(body)


def read(html: str, waste: Waste = NO_WASTE) -> tuple[list[str], list[tuple[str | None, str]]]:
    lines, captions = split_captions(tokens(html, waste))
    return [line.text for line in lines], [(c.image, c.text) for c in captions]


A, B = "https://a.vn/a.jpg", "https://a.vn/b.jpg"
PARAGRAPHS = {
    "paragraphs": ("<p>Một</p><p>Hai</p>", ["Một", "Hai"]),
    "div among p": ("<p>Một</p><div>Hai</div><p>Ba</p>", ["Một", "Hai", "Ba"]),
    "line breaks": ("Một<br><br>Hai<br>Ba", ["Một", "Hai", "Ba"]),
    "naked text after a table": (
        "<table><tr><td>1</td><td>x</td></tr></table>Hai",
        ["1 | x", "Hai"],
    ),
    "inline tags": ("<p>trên <b>4 tỷ</b> đồng<i>,</i> nay</p>", ["trên 4 tỷ đồng, nay"]),
    "list": ("<ul><li>Một</li><li><p>Hai</p></li></ul>", ["Một", "Hai"]),
    "list in a list": ("<ul><li>Một<ul><li>Hai</li></ul></li></ul>", ["Một", "Hai"]),
    "quote and heading": ("<h2>Đầu</h2><blockquote><p>Lời</p></blockquote>", ["Đầu", "Lời"]),
    "data table": (
        "<table><tr><th>STT</th><th>Tên</th></tr><tr><td>1</td><td><p>An</p></td></tr></table>",
        ["STT | Tên", "1 | An"],
    ),
    "empty cells": ("<table><tr><td>1</td><td></td><td>An</td></tr></table>", ["1 | An"]),
    "layout table": ("<table><tr><td><p>Một</p><p>Hai</p></td></tr></table>", ["Một", "Hai"]),
    "word debris": ("<p>Một<o:p>&nbsp;</o:p></p><p>&nbsp;</p><p>\u200bHai</p>", ["Một", "Hai"]),
    "silent elements": (
        "<p>Một</p><script>x</script><style>y</style><noscript>z</noscript><!-- c -->",
        ["Một"],
    ),
    "hidden": ('<p>Một</p><p style="display: none">ẩn</p><span class="sr-only">ẩn</span>', ["Một"]),
    "unclosed": ("<p>Một<p>Hai<li>Ba", ["Một", "Hai", "Ba"]),
}
CAPTIONS = {
    "figcaption": ("<figure><img src=/a.jpg><figcaption>Ảnh</figcaption></figure>", [(A, "Ảnh")]),
    "caption above": (
        "<figure><figcaption>Ảnh</figcaption><img src=/a.jpg></figure>",
        [(A, "Ảnh")],
    ),
    "paragraph in it": (
        "<figure><img src=/a.jpg><figcaption><p>Ảnh</p></figcaption></figure>",
        [(A, "Ảnh")],
    ),
    "behind a break": (
        "<p style='text-align:center'><img src=/a.jpg><br><em>Ảnh</em></p>",
        [(A, "Ảnh")],
    ),
    "note class": ('<p class="note ignore"><img src=/a.jpg><br>Ảnh</p>', [(A, "Ảnh")]),
    "next centred paragraph": (
        "<p align=center><img src=/a.jpg></p><p align=center><em>Ảnh</em></p>",
        [(A, "Ảnh")],
    ),
    "two pictures, one caption": (
        "<p><img src=/a.jpg><img src=/b.jpg></p><p align=center><em>Ảnh</em></p>",
        [(B, "Ảnh")],
    ),
    "table below": (
        "<table><tr><td><img src=/a.jpg></td></tr><tr><td><em>Ảnh</em></td></tr></table>",
        [(A, "Ảnh")],
    ),
    "table of four": (
        (
            "<table><tr><td><img src=/a.jpg></td><td><img src=/b.jpg></td></tr>"
            "<tr><td>Một</td><td>Hai</td></tr></table>"
        ),
        [(A, "Một"), (B, "Hai")],
    ),
    "same cell": ("<table><tr><td><img src=/a.jpg><br>Ảnh</td></tr></table>", [(A, "Ảnh")]),
    "lazy picture": (
        "<figure><img src=/lazy.gif data-src=/a.jpg><figcaption>Ảnh</figcaption></figure>",
        [(A, "Ảnh")],
    ),
}


@pytest.mark.parametrize("name", PARAGRAPHS)
def test_every_paragraph_is_kept(name: str) -> None:
    html, expected = PARAGRAPHS[name]
    assert read(html) == (expected, [])


@pytest.mark.parametrize("name", CAPTIONS)
def test_caption_is_tied_to_its_picture(name: str) -> None:
    html, expected = CAPTIONS[name]
    lines, captions = read(f"<p>{LONG}</p>{html}<p>{LONG}</p>")
    assert captions == expected
    assert lines == [LONG.strip()] * 2


NOT_CAPTIONS = {
    "a paragraph behind a picture": f"<p><img src=/a.jpg></p><p>{LONG}</p>",
    "a paragraph beside a picture": f"<p><img src=/a.jpg>{LONG}</p>",
    "a heading behind a picture": "<p align=center><img src=/a.jpg></p><h2>Đầu</h2>",
    "a credit behind a picture": "<p><img src=/a.jpg></p><p align=right><b>TRUNG HIẾU</b></p>",
    "a quotation": "<p>x</p><p align=center><em>“Dân vận khéo”</em></p>",
}


@pytest.mark.parametrize("name", NOT_CAPTIONS)
def test_text_is_no_caption(name: str) -> None:
    assert read(NOT_CAPTIONS[name])[1] == []


CREDITS = [
    ("<p align=right><b>TRUNG HIẾU</b></p>", "TRUNG HIẾU", None),
    ("<p style='text-align: right'>Tin, ảnh: Minh Thư</p>", "Minh Thư", None),
    ("<p class=author>Phóng sự của MINH ĐỨC</p>", None, None),
    ("<p><em>Theo Báo Nhân Dân</em></p>", None, "Báo Nhân Dân"),
    ("<p>Sưu tầm: Ngọc Giàu</p>", None, None),
]


@pytest.mark.parametrize(("html", "author", "source"), CREDITS)
def test_credit_is_taken_from_the_end(html: str, author: str | None, source: str | None) -> None:
    lines, _ = split_captions(tokens(f"<p>{LONG}</p>{html}"))
    rest, found, origin = take_byline(lines)
    assert [line.text for line in rest] == [LONG.strip()]
    assert (found, origin) == (author, source)


FURNITURE = [
    "&gt;&gt; Xem thêm: Hội nghị tổng kết",
    "Tải về: a.pdf",
    "Danvan-1.jpg",
    "Lượt xem: 12",
]
OWN = [
    "Mọi ý kiến phản ánh gửi về UBND xã trước 17 giờ ngày 26/3/2024.",
    "Nội dung",
    "I. Danh sách",
]


@pytest.mark.parametrize("text", FURNITURE)
def test_furniture_is_dropped(text: str) -> None:
    lines, _ = split_captions(tokens(f"<p>{LONG}</p><p>{text}</p>"))
    assert without_chrome(lines, "Tựa bài") == [LONG.strip()]


@pytest.mark.parametrize("text", OWN)
def test_lines_of_the_article_are_kept(text: str) -> None:
    lines, _ = split_captions(tokens(f"<p>{LONG}</p><p>{text}</p>"))
    assert without_chrome(lines, "Tựa bài") == [LONG.strip(), text]


WORDS = st.text(alphabet="abcđêơư ", min_size=1, max_size=20).map(str.split).filter(bool)
INLINE = st.sampled_from(["", "b", "i", "span", "a", "strong", "u"])
BLOCK = st.sampled_from(["p", "div", "li", "h2", "blockquote", "td"])


@given(st.lists(st.tuples(BLOCK, INLINE, WORDS), min_size=1, max_size=12))
def test_no_word_is_lost_or_doubled(parts: list[tuple[str, str, list[str]]]) -> None:
    html = ""
    for block, inline, words in parts:
        text = " ".join(words)
        inner = f"<{inline}>{text}</{inline}>" if inline else text
        cell = f"<table><tr><td>{inner}</td></tr></table>"
        html += cell if block == "td" else f"<{block}>{inner}</{block}>"
    lines, captions = read(html)
    assert " ".join(lines).split() == [word for _, _, words in parts for word in words]
    assert captions == []


def test_deep_nesting_is_walked_without_a_fault() -> None:
    assert read("<div>" * 240 + "Một" + "</div>" * 240)[0] == ["Một"]


WASTE = {
    "block": '<p>Một</p><div class="x waste"><p>Chia sẻ</p></div><p>Hai</p>',
    "id": "<p>Một</p><div id=share>Chia sẻ</div><p>Hai</p>",
    "inline": "<p>Một <span class=waste>Chia sẻ</span></p><p>Hai</p>",
    "picture": "<p>Một</p><img class=waste src=/a.jpg><p><i>Hai</i></p>",
    "row and cell": "<table><tr><td>Một</td><td class=waste>Chia sẻ</td></tr>"
    "<tr class=waste><td>Chia</td><td>sẻ</td></tr><tr style='display:none'><td>ẩn</td></tr>"
    "<tr><td>Hai</td><td class=hide-accessible>ẩn</td></tr></table>",
    "combined selector": "<p>Một</p><ul class=related><li>Chia sẻ</ul><p>Hai</p>",
}


@pytest.mark.parametrize("case", WASTE)
def test_waste_is_passed_over_wherever_it_stands(case: str) -> None:
    assert read(WASTE[case], waste_of((".waste", "#share", "ul.related"))) == (["Một", "Hai"], [])
