"""DotNetNuke (DNN): provincial portals and the army newspaper; the whole page is one form.

Modules differ from site to site, so controls are matched by the end of their ids. The lead stands
outside the text; captions are the second row of a picture's table.
"""

from __future__ import annotations

import re

from crawler.portal import Door, Portal
from pipelines.clean.rules import CounterRule, DateRule, Marker, PageRules

VIEWS = re.compile(r"(?:lượt xem|lượt đọc|số lần xem)\s*:?\s*(\d[\d.,]*)", re.IGNORECASE)
GUID = r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"

RULES = PageRules(
    family="dotnetnuke",
    since="2012-01-01",
    title=(
        ".article-detail h1.post-title",
        "[id$=_lblTitle]",
        "[id$=_lblTieuDe]",
        ".news-view .view-title",
        ".ArticleTitle, .edn_articleTitle",
    ),
    lead=(".post-summary", "[id$=_lblSummary]", "[id$=_lblTomTat]", ".news-view .view-summary"),
    body=(
        ".post-content [itemprop=articleBody]",
        ".post-content",
        "[id$=_lblContent]",
        "[id$=_pnContent]",
        "[id$=_lblNoiDung]",
        ".news-view .view-content",
    ),
    body_pick="longest",
    drop=(
        ".post-relate", ".news-other", ".list-newslive", ".social-plugin", ".post-tag",
        ".view-info", ".view-att",
    ),
    dates=(
        DateRule("dotnetnuke.printed", ".article-detail .post-subinfo span"),
        # the skin's own clock is "dnn_dnnCURRENTDATE_lblDate"
        DateRule(
            "dotnetnuke.printed", "[id$=_lblDate]:not([id*=currentdate i]), [id$=_lblNgayDang]"
        ),
        DateRule("dotnetnuke.printed", ".news-view .view-info"),
    ),
    author=(".post-author", "[id$=_lblAuthor]", "[id$=_lblTacGia]"),
    not_authors=re.compile(
        r"^(?:host|superuser|admin\w*|quản trị\w*|ban biên tập)\b|@|^\w+\d+$", re.IGNORECASE
    ),
    source=("[id$=_lblSource]", "[id$=_lblNguon]"),
    section=(".breadcrumb .head a + span + a", ".breadcrumb .head a", ".SkinObject:last-child"),
    tags=(".post-tag a",),
    counters=(CounterRule("views", ".news-view .view-info, [id$=_lblView]", VIEWS),),
    attachments=(".view-att a",),
    login=(
        Marker("[id*=_Login_][id$=_cmdLogin], [id*=Login_DNN_txtPassword]"),
        Marker(".dnnFormWarning", text=re.compile(r"không có quyền|do not have access")),
    ),
    soft_404=(
        Marker("title", text=re.compile(r"^\s*(?:404|Lỗi 404|Error 404)")),
        Marker(
            ".dnnFormMessage, #dnn_ContentPane .Normal > h2, .NormalRed",
            text=re.compile(r"không tồn tại|đã bị xóa|not found|404"),
        ),
    ),
    listing=(
        Marker("#dnn_ContentPane .news-item a.title, .news-list .item a", least=2),
        Marker(".list-news article h3 a, article .article-title a, article h3 a", least=3),
        Marker("#dnn_ContentPane a[href*='/newsid/']", least=3),
    ),
)  # fmt: skip


class DotNetNuke(Portal):
    """A portal on DotNetNuke: the module's own number or GUID is the article's identity."""

    family = "dotnetnuke"
    rules = RULES
    doors = (Door("listing", "/"),)
    article = re.compile(
        rf"/newsid/(?P<key>{GUID})|/(?:id|itemid|articleid)/(?P<number>\d+)(?:/|$)"
        r"|^/(?:[\w%-]+/){1,3}[\w%.-]+-(?P<last>\d{5,})(?:$|\?)",
        re.IGNORECASE,
    )
    listing = re.compile(
        rf"^/(?:vi-vn/?)?(?:[\w%-]+/){{0,2}}(?:[\w%-]+)?(?:/p/\d+|/cid/{GUID})?(?:\?page=\d+)?$",
        re.IGNORECASE,
    )
    paging = re.compile(r"page", re.IGNORECASE)
    deny = re.compile(
        r"/(?:ctl|desktopmodules|portals|resources|admin|host|login|dang-nhap|dang-ky|user-profile"
        r"|print|in-trang|tag|rss|search|tim-kiem|lien-he|services)(?:/|$|\?|\.)"
        r"|/(?:en-us|en)(?:/|$)|[?&](?:returnurl|skinsrc|containersrc|ctl|print|language)="
        r"|linkclick\.aspx|mailto:|\.(?:jpe?g|png|gif|pdf|docx?|xlsx?|zip|rar|ashx|axd)(?:$|\?)",
        re.IGNORECASE,
    )
