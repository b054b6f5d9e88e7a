"""Other looks of the newer families: what their rules read where a site's theme differs."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.families import FAMILIES
from pipelines.clean.detect import detect_family
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

JOOMLA_15 = f"""<div class="componentheading">Tin trong huyện</div><table class="contentpaneopen">
<tr><td class="contentheading" width="100%">{TITLE}</td><td class="buttonheading">
<a href="/index.php?view=article&id=1&tmpl=component&print=1"><img alt="In"></a></td></tr></table>
<table class="contentpaneopen"><tr><td width="70%" colspan="2"><span class="small">Viết bởi Thu Hà
</span></td></tr><tr><td colspan="2" class="createdate">Thứ tư, 12 Tháng 7 2023 15:20</td></tr>
<tr><td valign="top" colspan="2"><p>{LEAD}</p>{TEXT}</td></tr><tr><td colspan="2"
class="modifydate">Lần cập nhật cuối ( Thứ năm, 13 Tháng 7 2023 09:00 )</td></tr></table>"""

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

IMS_BLOCKS = f"""<div class="detail-top"><div class="list-cate"><a data-role="cate-name"
href="/xa-hoi.htm">Xã hội</a></div><div class="detail-time" data-role="publishdate">
12/07/2023&nbsp; 15:20</div></div><h1 class="detail-title" data-role="title">{TITLE}</h1>
<div class="detail__audio"><span>Nghe bài viết</span></div>
<h2 class="detail-sapo" data-role="sapo">(Chinhphu.vn) - {LEAD}</h2>
<div class="detail-content afcbc-body" data-role="content"><figure type="Photo"><div>
<img src="https://bcp.cdnchinhphu.vn/a.jpg"></div><figcaption class="PhotoCMS_Caption">
<p>Tổ tự quản</p></figcaption></figure>{TEXT}
<div class="VCSortableInPreviewMode" type="RelatedOneNews"><a href="/b-102230711.htm">Tin khác</a>
<p>Sáng 11/7, một xã khác cũng ra mắt tổ tự quản bảo vệ môi trường với 20 thành viên.</p></div>
<div type="VideoStream"><p>Đoạn phim về buổi ra mắt của tổ tự quản tại xã Phú Hội.</p></div>
<p style="text-align: right;"><b>Thu Hà</b></p></div><ul data-role="tags"><li><a>môi trường</a></li>
</ul><div class="detail-author-bot" data-role="author"><a class="name">Báo điện tử</a></div>"""

IMS_AUTHOR = f"""<div class="detail-time">
<time data-role="publishdate">12/07/2023 15:20 GMT+7</time></div>
<h1 class="detail-title">{TITLE}</h1><div class="detail-author" data-role="author">
<a class="avata" title="Thu Hà"><img alt="tác giả"></a><div class="author-info">
<a class="name">Thu Hà</a></div></div><p class="detail-sapo" data-role="sapo">{LEAD}</p>
<div class="detail-content" data-role="content">{TEXT}</div>"""

EPI_STORY = f"""<ul class="breadcrumbs"><li class="main"><a href="/xa-hoi/">Xã hội</a></li></ul>
<div class="article"><h1 class="article__title cms-title ">{TITLE}</h1><div class="article__meta">
<time class="time" datetime="2023-07-12T15:20:00+0700">12/07/2023 15:20</time></div>
<div class="article__sapo cms-desc">{LEAD}</div><table class="picture"><tr><td><img src="/a.jpg">
</td></tr><tr><td class="caption">Tổ tự quản</td></tr></table>
<div class="article__body zce-content-body cms-body">{TEXT}<div class="related-news">
<h3>Tin liên quan</h3><article class="story"><h2><a class="cms-link" href="/b-post2.html">Một xã
khác cũng ra mắt tổ tự quản bảo vệ môi trường</a></h2></article></div>
<a class="cms-relate" href="/c-post3.html">Phú Hội trồng thêm 2 km đường hoa</a></div>
<div class="article__author"><a class="cms-author"><span class="name">Thu Hà</span></a></div>
<div class="article__tag"><h3><a class="title">Từ khóa:</a></h3><div class="box-content">
<a>môi trường</a></div></div></div>"""

EPI_PRINTED = f"""<div class="article"><h1 class="main-title cms-title">{TITLE}</h1>
<div class="tdetail"><span>Thứ tư, ngày 12/07/2023 - 15:20</span></div>
<div class="sapo cms-desc"><p>{LEAD}</p></div><div class="cms-body">{TEXT}
<p class="body-author"><strong>Thu Hà</strong></p></div></div>"""

FLATSOME = f"""<body class="single single-post"><article class="post type-post"><header>
<h6 class="entry-category"><a rel="category tag">Xã hội</a></h6><h1 class="entry-title">{TITLE}</h1>
<div class="entry-meta"><time class="entry-date published" datetime="2023-07-12T15:20:00+07:00">
</time><span class="byline">bởi <a class="url fn n">admin</a></span></div></header>
<div class="entry-content single-page"><p><strong>{LEAD}</strong></p>{TEXT}
<p style="text-align: right;"><strong>Thu Hà</strong></p><div class="blog-share text-center">
<span class="des">Chia sẻ bài viết trên:</span><div class="social-icons share-icons"></div></div>
</div><footer class="entry-meta">Bài viết này được đăng trong <a rel="category tag">Xã hội</a> và
được gắn thẻ <a rel="tag">môi trường</a>.</footer></article>"""

NEWSPAPER = f"""<body class="single single-post"><h1 class="td-logo"><a href="/">Xã Phú Hội</a></h1>
<article class="post type-post"><ul class="td-category"><li class="entry-category"><a>Xã hội</a>
</li></ul><header class="td-post-title"><h1 class="entry-title">{TITLE}</h1>
<div class="td-module-meta-info"><div class="td-post-author-name"><div class="td-author-by">Bởi
</div> <a href="/author/ha/">Thu Hà</a></div><span class="td-post-date">
<time class="entry-date updated td-module-date" datetime="2023-07-12T08:20:00+00:00"></time></span>
<div class="td-post-views"><span class="td-nr-views-12">1.306</span></div></div></header>
<div class="td-post-content tagdiv-type"><p>{LEAD}</p>{TEXT}</div>
<ul class="td-tags"><li><span>TAGS</span></li><li><a>môi trường</a></li></ul></article>"""

JNEWS = f"""<body class="single single-post jnews"><div class="entry-header">
<h1 class="jeg_post_title">{TITLE}</h1><h2 class="jeg_post_subtitle">{LEAD}</h2>
<div class="jeg_post_meta"><div class="jeg_meta_author"><a>Thu Hà</a></div><div
class="jeg_meta_date"><a>12/07/2023 15:20</a></div><div class="jeg_meta_category"><a
rel="category tag">Xã hội</a></div></div></div><div class="entry-content"><div
class="content-inner">{TEXT}<div class="jeg_post_tags"><span>Tags:</span> <a rel="tag">môi trường
</a></div></div></div><article class="jeg_post"><h3><a href="/b-c-d/">Một xã khác</a></h3></article>
"""

MINUTE = "2023-07-12T15:20:00+07:00"
LOOKS = [
    ("joomla", JOOMLA_15, {"author": "Thu Hà", "section": "Tin trong huyện"}),
    ("joomla", JOOMLA_25, {"author": "Thu Hà", "section": "Tin tức", "views": 1306}),
    ("onecms", ONECMS_FIGURE, {"author": "Thu Hà", "captions": ["Tổ tự quản"]}),
    ("ministry", MINISTRY_CONTENT, {"source": "Báo Nhân Dân"}),
    ("dotnetnuke", DNN_CONTROLS, {"author": "Thu Hà"}),
    ("aspportal", ASP_PRINTED, {"author": "Thu Hà"}),
    ("vnptnews", VNPT_NO_REPLY, {"author": "Thu Hà"}),
    ("mediatech", MEDIATECH_LINE, {"author": "Thu Hà"}),
    (
        "ims",
        IMS_BLOCKS,
        {
            "author": "Thu Hà",
            "section": "Xã hội",
            "tags": ("môi trường",),
            "captions": ["Tổ tự quản"],
        },
    ),
    ("ims", IMS_AUTHOR, {"author": "Thu Hà"}),
    (
        "epi",
        EPI_STORY,
        {
            "author": "Thu Hà",
            "section": "Xã hội",
            "tags": ("môi trường",),
            "captions": ["Tổ tự quản"],
        },
    ),
    ("epi", EPI_PRINTED, {"author": "Thu Hà"}),
    ("wordpress", FLATSOME, {"author": "Thu Hà", "section": "Xã hội", "tags": ("môi trường",)}),
    (
        "wordpress",
        NEWSPAPER,
        {"author": "Thu Hà", "section": "Xã hội", "tags": ("môi trường",), "views": 1306},
    ),
    ("wordpress", JNEWS, {"author": "Thu Hà", "section": "Xã hội", "tags": ("môi trường",)}),
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
        "tags": draft.tags,
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


LISTINGS = [
    (
        "ims",
        (
            '<h3><a data-type="title" data-linktype="newsdetail" href=" /t-{at}-115241129123.htm">'
            "Tin số {at} của Văn phòng Chính phủ</a></h3>"
        ),
    ),
    (
        "epi",
        (
            '<article class="story"><h2 class="story__heading"><a class="cms-link"'
            ' href="/tin-{at}-post91.html">Tin số {at} của xã Phú Hội</a></h2></article>'
        ),
    ),
]


@pytest.mark.parametrize(("family", "item"), LISTINGS, ids=[family for family, _ in LISTINGS])
def test_a_listing_is_told_and_leads_to_its_articles(family: str, item: str) -> None:
    items = "".join(item.format(at=at) for at in range(4))
    page = Page("https://portal.example.vn/", items.encode(), NOW, encoding="utf-8")
    cleaned = clean_page(page, FAMILIES[family].rules)
    assert (detect_family(page), cleaned.outcome) == (family, Outcome.LISTING)
    paths = [link.removeprefix("https://portal.example.vn") for link in cleaned.links]
    assert [bool(FAMILIES[family].article.search(path)) for path in paths] == [True] * 4
