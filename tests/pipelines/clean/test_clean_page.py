"""Whole pages through ``clean_page``: the DOM of each family, the traps, and what is no article."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.families import FAMILIES
from pipelines.clean.detect import detect_family
from pipelines.clean.page import clean_page
from pipelines.records import Cleaned, Outcome, Page, Precision

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TITLE = "Phường Long Thạnh ra quân làm công tác dân vận đợt 1 năm 2023"
LEAD = "Sáng ngày 12/7, Ban Chỉ đạo phường Long Thạnh tổ chức lễ ra quân làm công tác dân vận."
FIRST = "Tham dự có đông đảo cán bộ, đảng viên và nhân dân trên địa bàn phường Long Thạnh."
SECOND = "Thời gian làm công tác dân vận là 15 ngày, từ ngày 17/7 đến ngày 31/7/2023."
BODY = f"<p>{FIRST}</p><p>{SECOND}</p>"
RELATED = "".join(
    f'<li><h3><a href="/tin/tin-khac-{i}.html">Khởi công tuyến đường liên xã dài 5,2 km</a></h3>'
    f"<span>(08/06/2021 10:25)</span></li>"
    for i in range(8)
)

NUKEVIET = f"""<html><head><title>{TITLE}</title><meta name="generator" content="NukeViet v4.5">
<meta property="article:published_time" content="2023-07-12+0711:46:00">
<meta property="article:section" content="Dân vận"><meta property="article:tag" content="dân vận">
</head><body><span class="current-time">Chủ nhật, 22/11/2026, 10:30</span>
<div class="news_column panel"><div><h1 class="title" itemprop="headline">{TITLE}</h1>
<div class="hidden" itemprop="author"><span itemprop="name">quantri</span></div>
<span class="hidden" itemprop="datePublished">2023-09-20T08:02:11+07:00</span>
<span class="h5">Thứ tư - 12/07/2023 11:46</span>
<ul><li><em class="fa fa-eye">&nbsp;</em> 2.721</li>
<li><em class="fa fa-comment-o"></em> 3</li></ul>
<div class="hometext m-bottom" itemprop="description">{LEAD}</div>
<figure class="article center"><img src="/uploads/a.jpg"><figcaption>{TITLE}</figcaption></figure>
<div id="news-bodyhtml" class="bodytext">{BODY}</div>
<p class="h5 text-right"><strong>Tác giả bài viết: </strong>Quỳnh Yên</p></div></div>
<div class="news-download-file"><a href="/uploads/kh.pdf">Tải về: kế hoạch</a></div>
<form id="form3B"><p id="stringrating">Tổng số điểm của bài viết là: 122 trong 26 đánh giá</p>
<span id="numberrating">4.7</span> - <span id="click_rating">26</span></form>
<div id="idcomment"><p>Bài viết rất hay, cảm ơn các anh đã giữ gìn cho con cháu mai sau.</p></div>
<div class="other-news"><h4>Những tin mới hơn</h4><ul class="related">{RELATED}</ul></div></body>
</html>"""

WORDPRESS = f"""<html><head><title>{TITLE}</title><meta name="generator" content="WordPress 6.1.9">
</head><body class="single single-post"><article class="post-1 post type-post"><header>
<h1 class="entry-title">{TITLE}</h1><span class="cat-links"><a>Dân vận khéo</a></span>
<span class="posted-by"><span class="author-name">Ban Biên tập</span></span></header>
<div class="entry-content"><p><strong>{LEAD}</strong></p>{BODY}
<p style="text-align:right"><strong>Quỳnh Yên (Ban Tuyên giáo)</strong></p>
<div class="post-views">12 lượt xem</div></div></article>
<div id="comments"><article><time datetime="2026-11-21T01:00:00+00:00"></time>Hay quá
</article></div>
<aside><ul>{RELATED}</ul></aside></body></html>"""

SHAREPOINT = f"""<html><head><title>Xây dựng Đảng</title>
<meta name="GENERATOR" content="Microsoft SharePoint"></head><body><form><div id="s4-workspace">
<div id="sideNavBox"><ul>{RELATED}</ul></div><div id="DeltaPlaceHolderMain">
<h1 class="ms-webpart-titleText">Xây dựng Đảng</h1><div class="news-detail">
<div class="news-date">Thứ 5, Ngày 14/12/2023, 07:00</div><div class="news-title">{TITLE}</div>
<div class="font-size">Cỡ chữ: <a>Giảm (A-)</a></div>
<div class="news-content"><div class="ExternalClassA1"><p><b>(TUAG)- {LEAD}</b></p>
<div>{FIRST}</div><div><br></div><div>&#8203;{SECOND}</div>
<p align="right"><b>TRUNG HIẾU</b></p></div>
</div><div class="news-views">Lượt người xem: <span>Views:</span> 259</div></div>
<table class="ms-formtable"><tr><td class="ms-formlabel">Tiêu đề</td><td></td></tr></table>
</div></div></form></body></html>"""

LIFERAY = f"""<html><head><title>Chi tiết tin tức</title></head><body>
<div class="portlet-boundary"><section class="portlet"><h2 class="portlet-title-text">
Xuất bản thông tin</h2><div class="portlet-body"><div class="h2">
<span class="header-back-to"><a>null</a></span><span class="header-title">{TITLE}</span></div>
<div class="asset-full-content">
<div class="asset-metadata"><span class="metadata-publish-date">10:12 14/10/2022</span>
<span class="metadata-view-count">305 Lượt xem</span></div><div class="asset-content">
<div class="journal-content-article"><div class="title-block"><h2>Chi tiết bài viết</h2></div>
<p><b>{LEAD}</b></p>{BODY}<p align="right"><b>Đoàn Ti Vi</b></p></div></div></div></div></section>
</div><div class="portlet-boundary"><div class="journal-content-article"></div></div>
<ul class="title-list">{RELATED}</ul><script>var x = Liferay.Util;</script></body></html>"""

FCK = f"""<html><head><base href="https://images.portal.vn/static/"><title>{TITLE}</title></head><body>
<div class="detail-title"><h1>{TITLE}</h1></div><div class="pubdate">09/06/2021 - 14:33</div>
<div class="detail-desc"><div class="content-fck"><div class="content-fck-font-size">
<p class="fontd"> - {LEAD}</p></div></div></div>
<div id="newscontents"><div class="content-fck"><div class="content-fck-font-size">
<p class="note ignore"><img src="https://images.portal.vn/a.jpg"><br>Quang cảnh buổi lễ</p>{BODY}
<p class="author ignore">Tin, ảnh: TRUNG HIẾU</p></div></div></div>
<div class="detail-tag"><a class="tag_item">An Giang</a></div>
<div class="detail-related"><ul>{RELATED}</ul></div></body></html>"""

PAGES = {
    "nukeviet": NUKEVIET,
    "wordpress": WORDPRESS,
    "sharepoint": SHAREPOINT,
    "liferay": LIFERAY,
    "fck": FCK,
}
URL = "https://portal.vn/tin/bai-viet-1.html"


def clean(html: str | bytes, family: str | None, **changes: Any) -> Cleaned:
    body = html.encode() if isinstance(html, str) else html
    given: dict[str, Any] = {"url": URL, "body": body, "fetched_at": NOW} | changes
    return clean_page(Page(**given), FAMILIES[family].rules if family else None)


@pytest.mark.parametrize("family", PAGES)
def test_family_is_detected(family: str) -> None:
    page = Page(url=URL, body=PAGES[family].encode(), fetched_at=NOW)
    assert detect_family(page) == family


@pytest.mark.parametrize("rules", ["family", "generic"])
@pytest.mark.parametrize("family", PAGES)
def test_article_comes_out_whole_and_alone(family: str, rules: str) -> None:
    cleaned = clean(PAGES[family], family if rules == "family" else None)
    assert cleaned.outcome is Outcome.FETCHED, cleaned.reason
    draft = cleaned.draft
    assert draft is not None
    assert draft.title == TITLE
    assert draft.summary == LEAD
    assert draft.body == (LEAD, FIRST, SECOND)
    assert draft.extractor == rules
    assert any("tin-khac-3" in link for link in cleaned.links)


FIELDS = [
    ("nukeviet", "2023-07-12T11:46:00+07:00", "Quỳnh Yên", "Dân vận"),
    ("wordpress", None, "Quỳnh Yên (Ban Tuyên giáo)", "Dân vận khéo"),
    ("sharepoint", "2023-12-14T07:00:00+07:00", "TRUNG HIẾU", "Xây dựng Đảng"),
    ("liferay", "2022-10-14T10:12:00+07:00", "Đoàn Ti Vi", None),
    ("fck", "2021-06-09T14:33:00+07:00", "TRUNG HIẾU", None),
]


@pytest.mark.parametrize(("family", "published", "author", "section"), FIELDS)
def test_time_author_and_section_are_read(
    family: str, published: str | None, author: str, section: str | None
) -> None:
    draft = clean(PAGES[family], family).draft
    assert draft is not None
    assert (draft.published_at.isoformat() if draft.published_at else None) == published
    assert draft.author is not None
    assert draft.author.casefold() == author.casefold()
    assert draft.section == section or (family == "sharepoint" and draft.section is not None)


def test_counters_attachments_and_captions_stay_out_of_the_text() -> None:
    draft = clean(NUKEVIET, "nukeviet").draft
    assert draft is not None
    assert draft.counters == {
        "views": 2721,
        "comments": 3,
        "rating": 4.7,
        "rating_votes": 26,
        "rating_points": 122,
    }
    assert [(a.url, a.text) for a in draft.attachments] == [
        ("https://portal.vn/uploads/kh.pdf", "kế hoạch")
    ]
    assert draft.captions == ()  # the head picture's caption repeats the title
    assert draft.images == ("https://portal.vn/uploads/a.jpg",)
    newspaper = clean(FCK, "fck").draft
    assert newspaper is not None
    assert [c.text for c in newspaper.captions] == ["Quang cảnh buổi lễ"]


@pytest.mark.parametrize(
    ("link", "file"),
    [
        ('<a href="/uploads/kh.pdf">Tải về: kế hoạch</a>', ("/uploads/kh.pdf", "kế hoạch")),
        (
            '<a href="/news/a-6.html?download=1&amp;id=0">Tải về 1: <b>kh 71.signed.pdf</b></a>',
            ("/news/a-6.html?download=1&id=0", "kh 71.signed.pdf"),
        ),
        (
            '<a href="/download.aspx?id=7">Mẫu số 2.docx (35 KB)</a>',
            ("/download.aspx?id=7", "Mẫu số 2.docx (35 KB)"),
        ),
        ('<a href="/news/download/">Kế hoạch 71 (bản .pdf)</a>', None),
        ('<a href="/news/xem.html?id=7">Thông báo số 7</a>', None),
        ("<a href=\"javascript:tai('?7')\">kh.pdf</a>", None),
    ],
)
def test_a_file_shows_itself_by_its_address_or_its_name(
    link: str, file: tuple[str, str] | None
) -> None:
    draft = clean(
        NUKEVIET.replace('<a href="/uploads/kh.pdf">Tải về: kế hoạch</a>', link), "nukeviet"
    ).draft
    assert draft is not None
    found = [(one.url.removeprefix("https://portal.vn"), one.text) for one in draft.attachments]
    assert found == ([file] if file else [])


def test_base_on_the_image_server_does_not_carry_links_away() -> None:
    assert all(link.startswith("https://portal.vn/") for link in clean(FCK, "fck").links)


LISTED = datetime(2023, 7, 12, 4, 50, tzinfo=UTC)


def test_the_door_dates_a_page_that_prints_no_time() -> None:
    draft = clean(WORDPRESS, "wordpress", listed_at=LISTED, listed_from="wp_json").draft
    assert draft is not None
    assert draft.published_at == LISTED
    assert draft.published_from == "door:wp_json"
    assert draft.published_precision is Precision.MINUTE


def test_the_printed_time_wins_over_the_door() -> None:
    draft = clean(NUKEVIET, "nukeviet", listed_at=LISTED, listed_from="feed").draft
    assert draft is not None
    assert draft.published_from == "nukeviet.printed"


def test_no_date_is_invented_from_clock_or_related_list() -> None:
    for rules in ("wordpress", None):
        draft = clean(WORDPRESS, rules).draft
        assert draft is not None
        assert draft.published_at is None
        assert draft.published_precision is Precision.NONE


ADDRESSES = [
    ("https://xa.vn/portal/pages/2023-01-30/bai-viet-4686.aspx", "2023-01-30T00:00:00+07:00"),
    ("https://xa.vn/2023/01/30/bai-viet/", "2023-01-30T00:00:00+07:00"),
    ("https://xa.vn/2030/01/30/bai-viet/", None),
    ("https://xa.vn/chinh-tri/202112/bai-viet-1/", None),
]


@pytest.mark.parametrize(("url", "published"), ADDRESSES)
def test_day_in_the_address_is_the_last_witness(url: str, published: str | None) -> None:
    draft = clean(WORDPRESS, None, url=url).draft
    assert draft is not None
    assert (draft.published_at.isoformat() if draft.published_at else None) == published


def test_longest_side_column_of_liferay_is_not_the_body() -> None:
    column = '<div class="journal-content-article"></div>'
    long = column.replace("></div>", f"><p>{'Chuyên mục dài của cổng. ' * 60}</p></div>")
    draft = clean(LIFERAY.replace(column, long), "liferay").draft
    assert draft is not None
    assert draft.body == (LEAD, FIRST, SECOND)


def test_early_end_of_the_document_hides_nothing() -> None:
    early = NUKEVIET.replace("<head>", "</html><head>").replace(
        '<div id="news-bodyhtml"', '</body></html><div id="news-bodyhtml"'
    )
    for rules in ("nukeviet", None):
        draft = clean(early, rules).draft
        assert draft is not None
        assert draft.body == (LEAD, FIRST, SECOND)


LIST_ITEM = (
    '<div class="news_column"><div class="panel"><h3><a href="/dan-van/bai-{i}.html">Hội nghị tổng'
    " kết công tác dân vận lần {i}</a></h3><ul><li>06/07/2024 14:17</li></ul>Ngày {i}/7, phường tổ"
    " chức hội nghị tổng kết công tác dân vận với sự tham dự của đông đảo nhân dân.</div></div>"
)
LISTING = "<html><head><title>Dân vận</title></head><body><h1>Dân vận</h1>{}</body></html>".format(
    "".join(LIST_ITEM.replace("{i}", str(i)) for i in range(1, 9))
)
DENIED = (
    "<html><head><title>Access required</title></head><body><h1>Sorry, this site hasn't been shared"
    ' with you.</h1><div class="ms-error-body"><p>You are currently signed in as:</p></div></body>'
)
NOT_FOUND = "<html><head><title>Lỗi truy cập 404</title></head><body><h2>Lỗi 404</h2></body></html>"
GALLERY = "<body>{}</body>".format(
    '<div class="album-item"><a href="/a.jpg"><img src="/a.jpg"></a><div>Lễ hội</div></div>' * 9
)
ARCHIVE = (
    '<body class="archive"><article><h2 class="entry-title"><a href="/a/">A</a></h2>'
    '<div class="entry-content">Tóm tắt</div></article></body>'
)
ONLY_A_FILE = NUKEVIET.replace(BODY, "<p>Xem tệp</p>").replace(LEAD, "")
NO_ARTICLES = [
    ("nukeviet", LISTING, Outcome.LISTING),
    (None, LISTING, Outcome.LISTING),
    ("wordpress", ARCHIVE, Outcome.LISTING),
    ("wordpress", WORDPRESS.replace("single single-post", "page page-template-default"),
     Outcome.NOT_ARTICLE),
    ("wordpress", WORDPRESS.replace('<div class="entry-content">',
     '<div class="entry-content"><form class="post-password-form"></form>'), Outcome.LOGIN),
    ("sharepoint", DENIED, Outcome.LOGIN),
    (None, DENIED, Outcome.LOGIN),
    ("nukeviet", NOT_FOUND, Outcome.SOFT_404),
    (None, NOT_FOUND, Outcome.SOFT_404),
    ("liferay", GALLERY, Outcome.NOT_ARTICLE),
    (None, GALLERY, Outcome.NOT_ARTICLE),
    ("nukeviet", "<body><p>Trang chủ</p></body>", Outcome.NOT_ARTICLE),
    ("nukeviet", ONLY_A_FILE.replace("kh.pdf", "kh/"), Outcome.THIN),
    (None, "<body><h1>Liên hệ</h1><p>Địa chỉ: số 1 đường A</p></body>", Outcome.THIN),
]  # fmt: skip


@pytest.mark.parametrize(("family", "html", "outcome"), NO_ARTICLES)
def test_page_that_is_no_article_is_named(family: str | None, html: str, outcome: Outcome) -> None:
    cleaned = clean(html, family)
    assert cleaned.outcome is outcome, cleaned.reason
    assert cleaned.draft is None
    assert cleaned.reason


def test_a_refusal_in_another_block_does_not_refuse_the_article() -> None:
    block = '<div class="nv-infodie">Chuyên mục không tồn tại</div>'
    beside = clean(NUKEVIET.replace("</body>", f"{block}</body>"), "nukeviet")
    assert beside.draft is not None
    assert beside.draft.body == (LEAD, FIRST, SECOND)
    inside = clean(NUKEVIET.replace(BODY, f"{block}{BODY}"), "nukeviet")
    assert inside.outcome is Outcome.SOFT_404


def test_notice_whose_text_lies_in_its_file_is_an_article() -> None:
    draft = clean(ONLY_A_FILE, "nukeviet").draft
    assert draft is not None
    assert draft.body == ("Xem tệp",)
    assert [file.url for file in draft.attachments] == ["https://portal.vn/uploads/kh.pdf"]


def test_login_form_in_a_side_column_hides_no_short_article() -> None:
    form = '<div class="moduletable"><form><input type="password"></form></div>'
    draft = clean(WORDPRESS.replace("<aside>", f"{form}<aside>"), None).draft
    assert draft is not None
    assert draft.body == (LEAD, FIRST, SECOND)


def test_time_beside_the_share_buttons_is_read() -> None:
    share = '<div class="sharemxh fb-share"><span>09/06/2021 - 14:33</span><a>Facebook</a></div>'
    page = FCK.replace('<div class="pubdate">09/06/2021 - 14:33</div>', share)
    draft = clean(page.replace("<body>", "<body><div>"), None).draft
    assert draft is not None
    assert draft.published_at is not None
    assert draft.published_at.isoformat() == "2021-06-09T14:33:00+07:00"


def test_print_view_is_no_article() -> None:
    cleaned = clean(NUKEVIET, "nukeviet", url="https://portal.vn/print/tin/bai-viet-1.html")
    assert (cleaned.outcome, cleaned.reason) == (Outcome.NOT_ARTICLE, "judge.print")


def test_a_failed_selector_is_named_and_a_document_is_still_read() -> None:
    broken = NUKEVIET.replace('id="news-bodyhtml" class="bodytext"', 'id="new-theme"')
    page = Page(url=URL, body=broken.encode(), fetched_at=NOW)
    rules = FAMILIES["nukeviet"].rules
    unknown, document = clean_page(page, rules), clean_page(page, rules, document_key="1")
    assert unknown.outcome is Outcome.NOT_ARTICLE
    assert unknown.reason == document.reason == "clean.empty_selector:body"
    assert document.draft is not None
    assert (document.draft.family, document.draft.extractor) == ("nukeviet", "generic")
    assert document.draft.body == (LEAD, FIRST, SECOND)


D1N = '<script>document.cookie="D1N=0f"+"; path=/";window.location.reload(true);</script>'
FLOOD = (
    "<html><head><title>Hãy đợi...</title></head><body><div class='floodblocker'>Hệ thống đang từ"
    " chối truy cập của bạn. Hãy đợi 59 giây</div></body></html>"
)
CLOUDFLARE = "<html><head><title>Just a moment...</title></head><body></body></html>"
FAULTS = [
    (b"", Outcome.EMPTY, "page.empty"),
    (b" \n\0\0", Outcome.EMPTY, "page.empty"),
    (b"<p>x</p>" + b"\0" * 500, Outcome.BAD_CONTENT, "content.nul"),
    (b"%PDF-1.4", Outcome.BAD_CONTENT, "content.pdf"),
    (b"\x1f\x8b\x08\x00cut", Outcome.BAD_CONTENT, "content.gzip"),
    (b'<?xml version="1.0"?><rss version="2.0"></rss>', Outcome.NOT_ARTICLE, "content.rss"),
    (b'{"a": 1}', Outcome.NOT_ARTICLE, "content.json"),
    (D1N.encode(), Outcome.CHALLENGE, "challenge.d1n"),
    (CLOUDFLARE.encode(), Outcome.CHALLENGE, "challenge.cloudflare"),
    (FLOOD.encode(), Outcome.BLOCKED, "blocked.flood"),
    (b"<div>" * 100_000, Outcome.TOO_LARGE, "bounds.depth"),
]


@pytest.mark.parametrize("family", ["nukeviet", None])
@pytest.mark.parametrize(("body", "outcome", "reason"), FAULTS)
def test_bad_input_is_a_named_outcome(
    body: bytes, outcome: Outcome, reason: str, family: str | None
) -> None:
    cleaned = clean(body, family)
    assert (cleaned.outcome, cleaned.reason) == (outcome, reason)


WRONG_TYPES = '{"@type": "Article", "author": [1], "headline": [2]}'
PIECES = (
    NUKEVIET[:900],
    NUKEVIET[900:],
    WORDPRESS,
    FCK[300:],
    f'<script type="application/ld+json">{WRONG_TYPES}</script>',
    *("<table><tr><td>", "</div>" * 9, "<p><img>", '<base href="http://[bad">', "<a href>"),
    *("<!--", "<![CDATA[", "<svg><title>", "<plaintext>", "\x00", "\ud7ff", "<frameset>"),
    *("<template><p>x", '<time datetime="99-99">', "</html>"),
)


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(PIECES), max_size=6),
    st.sampled_from([*FAMILIES]),
    st.sampled_from(["", "1"]),
)
def test_any_page_ends_in_a_named_outcome(pieces: list[str], family: str, key: str) -> None:
    page = Page(url=URL, body="".join(pieces).encode(), fetched_at=NOW)
    cleaned = clean_page(page, FAMILIES[family].rules, document_key=key)
    assert (cleaned.draft is not None) == (cleaned.outcome is Outcome.FETCHED)
    assert cleaned.reason or cleaned.draft


STATUSES = [(404, Outcome.GONE), (410, Outcome.GONE), (401, Outcome.LOGIN), (403, Outcome.BLOCKED),
            (429, Outcome.BLOCKED), (503, Outcome.FAILED)]  # fmt: skip


@pytest.mark.parametrize(("status", "outcome"), STATUSES)
def test_status_is_an_outcome(status: int, outcome: Outcome) -> None:
    assert clean(NUKEVIET, "nukeviet", status=status).outcome is outcome


@pytest.mark.parametrize(
    ("printed", "views"),
    [
        ("2 939", 2939), ("2\u00a0939", 2939), ("2\u202f939", 2939), ("1.306", 1306),
        ("12,450", 12450), ("1 234 567", 1234567), ("7", 7), ("7 20231", 7),
    ],
)  # fmt: skip
def test_thousands_are_read_however_they_are_parted(printed: str, views: int) -> None:
    draft = clean(NUKEVIET.replace("2.721", printed), "nukeviet").draft
    assert draft is not None
    assert draft.counters["views"] == views
