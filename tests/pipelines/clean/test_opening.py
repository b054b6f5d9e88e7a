"""What themes print between title and text, and where they have moved it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from crawler.families import FAMILIES
from pipelines.clean.page import clean_page
from pipelines.clean.rules import DateRule, PageRules
from pipelines.records import Outcome, Page

if TYPE_CHECKING:
    from pipelines.records import Draft

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TITLE = "Xã Phú Hội ra mắt tổ tự quản bảo vệ môi trường"
LEAD = "Sáng 12/7, xã Phú Hội ra mắt tổ tự quản bảo vệ môi trường với 24 thành viên ở bốn ấp."
TEXTS = (
    "Mỗi tuần một buổi, thành viên của tổ đi từng nhà hướng dẫn bà con phân loại rác.",
    "Bà con đóng góp 18 triệu đồng để mua thùng rác và trồng hoa dọc hai bên đường liên ấp.",
    "Xã phấn đấu đến cuối năm có thêm ba tổ tự quản như vậy ở các ấp còn lại trên địa bàn.",
)
BODY = "".join(f"<p>{text}</p>" for text in TEXTS)
OTHERS = "".join(
    f'<li><a href="/tin-{at}.html">Tin đã đưa số {at} của xã Phú Hội</a> (10/07/2023)</li>'
    for at in range(6)
)
FOOT = f"<h3>Các tin khác</h3><ul>{OTHERS}</ul><div>Trang thông tin điện tử xã Phú Hội</div>"
MINUTE = "2023-07-12T15:20:00+07:00"

MOJO = f"""<form><h1>TRANG THÔNG TIN ĐIỆN TỬ</h1><div><div id="own">
<h2 class="articletitle">{TITLE}</h2><div class="sapo">{LEAD}</div>
<div class="left-article-more"><img src="/clock.png">
<span>12/07/2023 15:20<span>|&nbsp;Đã xem: <span class="texthit">1.306</span></span></span></div>
<div class="articletext">{BODY}</div></div><div class="article-author" id="Author">Thu Hà</div>
</div>{FOOT}</form>"""

VSW = f"""<div class="module"><div class="news-detail-title"><div class="news-detail-datetime">
Ngày đăng:&nbsp;12/07/2023 15:20 - Số lượt xem:&nbsp;1306 - Số lượt bình luận:&nbsp;2</div>
<div class="news-detail-title-text">{TITLE}</div><div><h2>{LEAD}</h2></div></div>
<div class="news-detail-content">{BODY}</div></div>{FOOT}"""

PICTURE_ABOVE = f"""<div class="article"><h1>{TITLE}</h1><div class="meta"><img src="/clock.png">
12/07/2023 15:20</div><div class="sapo">{LEAD}</div><table class="picture"><tr><td>
<img src="/a.jpg"></td></tr><tr><td class="caption">Tổ tự quản</td></tr></table>
<div class="text">{BODY}</div></div>{FOOT}"""

PICTURE_FIRST = f"""<div class="article"><h1>{TITLE}</h1><time>12/07/2023 15:20</time>
<h2 class="sapo">{LEAD}</h2><div class="text"><figure><img src="/a.jpg"><figcaption>Tổ tự quản
</figcaption></figure>{BODY}</div></div>{FOOT}"""

TIME_IN_TITLE = f"""<div class="detail"><h1>{TITLE}<span>(12/07/2023 15:20)</span></h1>
<p><b>{LEAD}</b></p><div>{BODY}</div></div>{FOOT}"""

TIME_IN_TITLE_ALONE = f"""<div class="detail"><h1>{TITLE} <small>12/07/2023 15:20</small></h1>
<p>{LEAD}</p>{BODY}</div>{FOOT}"""

CLOCK = f"""<div class="head"><span id="ctl00_lblCurrentDate">Thứ bảy, 21/11/2026 10:20</span></div>
<div class="detail"><span class="time-now">21/11/2026 10:20</span><h1>{TITLE}</h1>
<p><b>{LEAD}</b></p><div>{BODY}</div></div>{FOOT}"""

LEAD_AS_HEADING = f"""<div class="page"><div class="article"><h1><a>{TITLE}</a></h1>
<time class="ct_time">Cập nhật : 12-07-2023 - 15:20</time><div><h2>{LEAD}</h2>
<div class="text">{BODY}</div></div></div></div>{FOOT}"""


def read(html: str, family: str | None = None) -> Draft:
    body = f"<html><head><title>{TITLE}</title></head><body>{html}</body></html>".encode()
    page = Page("https://portal.example.vn/x-5.html", body, NOW, encoding="utf-8")
    cleaned = clean_page(page, FAMILIES[family].rules if family else None)
    assert cleaned.outcome is Outcome.FETCHED, cleaned.reason
    assert cleaned.draft is not None
    return cleaned.draft


GENERIC: dict[str, tuple[str, str | None, dict[str, object]]] = {
    "author behind": (MOJO, MINUTE, {"author": "Thu Hà", "counters": {"views": 1306}}),
    "counters": (VSW, MINUTE, {"counters": {"views": 1306, "comments": 2}}),
    "picture above": (PICTURE_ABOVE, MINUTE, {"captions": ["Tổ tự quản"]}),
    "picture first": (PICTURE_FIRST, MINUTE, {"captions": ["Tổ tự quản"]}),
    "time in title": (TIME_IN_TITLE, MINUTE, {}),
    "time in title alone": (TIME_IN_TITLE_ALONE, MINUTE, {}),
    "clock": (CLOCK, None, {}),
    "lead as heading": (LEAD_AS_HEADING, MINUTE, {}),
}


@pytest.mark.parametrize("look", GENERIC)
def test_an_unknown_cms_is_read_with_what_stands_at_its_head(look: str) -> None:
    html, published, more = GENERIC[look]
    draft = read(html)
    assert (draft.title, draft.body) == (TITLE, (LEAD, *TEXTS))
    assert (draft.published_at.isoformat() if draft.published_at else None) == published
    found = {
        "author": draft.author,
        "counters": draft.counters,
        "captions": [caption.text for caption in draft.captions],
    }
    assert {name: found[name] for name in more} == more


def test_a_story_in_pictures_is_told_by_its_captions() -> None:
    rows = "".join(
        f'<tr><td><img src="/{at}.jpg"></td></tr><tr><td><p class="Image">{text}</p></td></tr>'
        for at, text in enumerate(TEXTS)
    )
    draft = read(
        f'<div class="article"><h1>{TITLE}</h1><time>12/07/2023 15:20</time><div>'
        f"<table>{rows}</table><p>Mỗi tổ có từ năm đến bảy thành viên, do bà con tự bầu ra.</p>"
        f"</div></div>{FOOT}"
    )
    assert [caption.text for caption in draft.captions] == list(TEXTS)


HIDDEN = (
    '<div class="hidden" itemprop="author"><span itemprop="name">Quản trị</span></div>'
    '<span class="hidden" itemprop="datePublished">2023-09-20T08:02:11+07:00</span>'
)
LI = f"""<div class="blog" itemtype="http://schema.org/NewsArticle"><div class="meta"><ul>
<li class="post-date">Ngày đăng : Thứ tư - 12/07/2023 15:20</li>
<li><a href="#"><strong>Tác giả: </strong>Thu Hà</a></li></ul></div>
<h1 class="title" itemprop="headline">{TITLE}</h1>{HIDDEN}
<div id="news-bodyhtml" class="bodytext"><p>{LEAD}</p>{BODY}</div></div>"""
SPANS = f"""<div class="detail-news"><h1 class="entry-title">{TITLE}</h1>
<p><span>Thứ tư - 12/07/2023 15:20</span>
<span>Tác giả: <b>Thu Hà</b> Nguồn tin: Báo tỉnh</span></p>
<div class="hometext">{LEAD}</div><div id="news-bodyhtml"><div class="card">{BODY}</div></div>
</div>"""
UNDATED = LI.replace("Ngày đăng : Thứ tư - 12/07/2023 15:20", "Hội nghị ngày 10/07/2023")
ACCOUNT = SPANS.replace("Thu Hà", "Quản trị")
THEMES = {
    "list": (LI, MINUTE, "Thu Hà"),
    "spans": (SPANS, MINUTE, "Thu Hà"),
    "a day is no time": (UNDATED, None, "Thu Hà"),
    "an account is no author": (ACCOUNT, MINUTE, None),
}


@pytest.mark.parametrize("theme", THEMES)
def test_a_theme_that_moves_time_and_author_is_read_by_its_family(theme: str) -> None:
    html, published, author = THEMES[theme]
    draft = read(html, "nukeviet")
    assert (draft.extractor, draft.title, draft.body) == ("family", TITLE, (LEAD, *TEXTS))
    assert (draft.published_at.isoformat() if draft.published_at else None) == published
    assert draft.author == author


def test_a_time_is_read_below_a_title_that_is_no_heading() -> None:
    head = f'<p class="ten">{TITLE}</p><p>12/07/2023 15:20</p>'
    page = Page(
        "https://portal.example.vn/x-5.html",
        f'<div>{head}<div class="text"><p>{LEAD}</p>{BODY}</div></div>{FOOT}'.encode(),
        NOW,
        encoding="utf-8",
    )
    dates = (DateRule("own.printed", ".ngay"),)
    draft = clean_page(page, PageRules("own", (".ten",), (".text",), dates=dates)).draft
    assert draft is not None
    assert draft.published_at is not None
    assert (draft.title, draft.published_at.isoformat()) == (TITLE, MINUTE)


def test_the_clock_of_a_skin_dates_no_article() -> None:
    clock = '<span id="dnn_dnnCURRENTDATE_lblDate">Thứ bảy, 21/11/2026 10:20</span>'
    text = f'<span id="dnn_ctr4_View_lblTitle">{TITLE}</span><div id="dnn_ctr4_View_lblContent">'
    draft = read(
        f'{clock}<div id="dnn_ContentPane">{text}<p>{LEAD}</p>{BODY}</div></div>', "dotnetnuke"
    )
    assert (draft.extractor, draft.published_at) == ("family", None)
