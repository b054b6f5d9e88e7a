"""Other looks of the newer families: what their rules read where a site's theme differs."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.families import FAMILIES
from pipelines.clean.page import clean_page
from pipelines.records import Draft, Outcome, Page

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TITLE = "Xã Phú Hội ra mắt tổ tự quản bảo vệ môi trường"
LEAD = "Sáng 12/7, xã Phú Hội ra mắt tổ tự quản bảo vệ môi trường với 24 thành viên ở bốn ấp."
FIRST = (
    "Mỗi tuần một buổi, thành viên của tổ đi từng nhà hướng dẫn phân loại rác và nhặt rác ven kênh."
)
TEXT = f"<p>{FIRST}</p>"

JOOMLA_25 = f"""<div class="item-page"><h2><a href="/tin-tuc/14-x.html">{TITLE}</a></h2>
<ul class="actions"><li class="print-icon"><a href="?tmpl=component">In</a></li></ul>
<dl class="article-info"><dt class="article-info-term">Chi tiết</dt>
<dd class="category-name">Chuyên mục: <a href="/tin-tuc.html">Tin tức</a></dd>
<dd class="create">Được tạo: Thứ tư, 12 Tháng 7 2023 15:20</dd>
<dd class="createdby">Viết bởi Quản trị</dd><dd class="hits">Lượt xem: 1.306</dd></dl>
<p>{LEAD}</p>{TEXT}<p style="text-align: right;"><strong>Thu Hà</strong></p>
<ul class="pagenav"><li><a href="/tin-tuc/13-y.html">Trang trước</a></li></ul></div>"""

ONECMS_FIGURE = f"""<meta name="article:published_time" content="7/12/2023 3:20:00 PM">
<div class="c-detail-head"><h1>{TITLE}</h1></div><div class="c-news-detail">
<div class="entry" itemprop="articleBody">
<p class="sc-longform-header-sapo block-sc-sapo">{LEAD}</p>
{TEXT}<figure><img src="https://bqn.1cdn.vn/a.jpg"><figcaption>Tổ tự quản</figcaption></figure>
<div class="c-box">Quảng cáo giữa bài</div>
<b class="vtranslate-author-translate">Tin và ảnh: Thu Hà</b></div></div>"""

MINISTRY_CONTENT = f"""<div id="news_content"><h1 class="News_Detail_Title">{TITLE}</h1>
<div id="ctl00_g_1_ctl00_pnHide"><span>12/07/2023 15:20</span></div>
<div id="divArticleDescription">{LEAD}</div>
<div id="divArticleContent">{TEXT}</div>
<div id="ctl00_g_1_ctl00_pnNguontin"><p>Nguồn tin: Báo Nhân Dân</p></div></div>"""

DNN_CONTROLS = f"""<div id="dnn_ContentPane"><span id="dnn_ctr412_View_lblTieuDe">{TITLE}</span>
<span id="dnn_ctr412_View_lblNgayDang">12/07/2023 3:20 CH</span>
<div id="dnn_ctr412_View_lblTomTat">{LEAD}</div><div id="dnn_ctr412_View_lblNoiDung">{TEXT}</div>
<span id="dnn_ctr412_View_lblTacGia">Thu Hà</span></div>"""

ASP_PRINTED = f"""<h1 class="art-title">{TITLE}</h1><div class="art-date">12/07/2023 15:20</div>
<div id="art-content"><p>{LEAD}</p>{TEXT}</div><div class="art-author">Thu Hà</div>"""

VNPT_NO_REPLY = f"""<div class="wrapper-post-detail-header">
<time class="time">15:20, 12/07/2023</time>
</div><div class="wrapper-post-detail-main">
<div class="content-title"><h1 class="title">{TITLE}</h1></div>
<div class="content-fully"><div class="td-post-content"><p>{LEAD}</p>{TEXT}</div>
<div class="content-author"><p class="author">Thu Hà</p></div></div></div>"""

MEDIATECH_LINE = f"""<div class="content-article"><h1>{TITLE}</h1>
<div class="date">Chủ nhật, 12/07/2023 | 15:20:00 [GMT +7]</div><div id="content-detail">
<div class="sapo">{LEAD} Mỗi tu</div><p class="sapo">{LEAD}</p>{TEXT}
<div class="author"><strong>Thu Hà</strong></div></div></div>"""

MINUTE = "2023-07-12T15:20:00+07:00"
LOOKS = [
    ("joomla", JOOMLA_25, {"author": "Thu Hà", "section": "Tin tức", "views": 1306}),
    ("onecms", ONECMS_FIGURE, {"author": "Thu Hà", "captions": ["Tổ tự quản"]}),
    ("ministry", MINISTRY_CONTENT, {"source": "Báo Nhân Dân"}),
    ("dotnetnuke", DNN_CONTROLS, {"author": "Thu Hà"}),
    ("aspportal", ASP_PRINTED, {"author": "Thu Hà"}),
    ("vnptnews", VNPT_NO_REPLY, {"author": "Thu Hà"}),
    ("mediatech", MEDIATECH_LINE, {"author": "Thu Hà"}),
]
URL = "https://portal.example.vn/portal/pages/2021-1-2/x.aspx"


def read(family: str, html: str) -> Draft:
    page = Page(URL, f"<html><body>{html}</body></html>".encode(), NOW, encoding="utf-8")
    cleaned = clean_page(page, FAMILIES[family].rules)
    assert cleaned.outcome is Outcome.FETCHED, cleaned.reason
    assert cleaned.draft is not None
    return cleaned.draft


@pytest.mark.parametrize(("family", "html", "more"), LOOKS, ids=[look[0] for look in LOOKS])
def test_another_look_is_read_as_well(family: str, html: str, more: dict[str, object]) -> None:
    draft = read(family, html)
    assert (draft.title, draft.body) == (TITLE, (LEAD, FIRST))
    assert draft.published_at is not None
    assert draft.published_at.isoformat() == MINUTE
    found = {
        "author": draft.author,
        "source": draft.source,
        "section": draft.section,
        "captions": [caption.text for caption in draft.captions],
        "views": draft.counters.get("views"),
    }
    assert {name: found[name] for name in more} == more


@pytest.mark.parametrize(
    ("address", "day"),
    [
        ("/portal/pages/2023-01-30/hoi-nghi-468686.aspx", "2023-01-30"),
        ("/portal/Pages/2020-5-9/hoi-nghigaykd6fqr.aspx", "2020-05-09"),
        ("/portal/pages/2023-13-40/hoi-nghi.aspx", None),
        ("/portal/pages/2031-01-30/hoi-nghi.aspx", None),
        ("/portal/Home/default.aspx", None),
    ],
)
def test_the_address_dates_a_page_that_prints_no_time(address: str, day: str | None) -> None:
    html = ASP_PRINTED.replace("12/07/2023 15:20", "")
    page = Page(f"https://portal.example.vn{address}", html.encode(), NOW, encoding="utf-8")
    draft = clean_page(page, FAMILIES["aspportal"].rules).draft
    assert draft is not None
    assert (draft.published_at.date().isoformat() if draft.published_at else None) == day
    assert draft.published_from == ("aspportal.address" if day else None)
