"""NukeViet 3.4 to 5 and its eGovernment edition: ward, district and department portals.

The printed line "Thứ tư - 12/07/2023 11:46" is the only right date: ``itemprop=datePublished``
holds the time of the last edit, ``article:published_time`` is not ISO.
"""

from __future__ import annotations

import re

from crawler.portal import Door, Portal
from pipelines.clean.rules import CounterRule, DateRule, Marker, PageRules

ACCOUNT = re.compile(
    r"^(?:quản? ?trị(?: viên)?|quantri\w*|admin\w*|ban biên tập|ban quản trị)$"
    r"|^(?:cổng|trang) (?:thông tin|tt)|@|^\w+\d+$",
    re.IGNORECASE,
)
BODY_WASTE = (
    ".news-download-file", "#form3B", "#idcomment", ".other-news", ".detail-related", ".alert",
    ".hidden", "ul.related", ".copyright", ".newsdetailbox", "#timeoutsess", ".news-tags",
)  # fmt: skip
RATING = (
    CounterRule("rating", "html #numberrating"),
    CounterRule("rating_votes", "html #click_rating"),
    CounterRule("rating_points", "html #stringrating", re.compile(r"là\s*:?\s*(\d[\d.,]*)")),
    CounterRule("rating_votes", "html #stringrating", re.compile(r"trong\s*(\d[\d.,]*)")),
)
SOFT_404 = (
    Marker(".nv-infodie, .nv-info", text=re.compile(r"\b404\b|không tồn tại|không tìm thấy")),
    Marker("#content .alert, .panel-body > .alert", text=re.compile(r"không tồn tại")),
)
LISTING = (
    Marker(".news_column h2 > a, .news_column h3 > a", least=2),
    Marker(".panel-body > h2 > a, .panel-body > h3 > a", least=2),
)
BLOCKED = (Marker(".floodblocker"), Marker("title", text=re.compile(r"^Hãy đợi")))
LOGIN = (Marker("body.login, #content form.loginform, form[action*='users/login'].main-login"),)

V3 = PageRules(
    family="nukeviet",
    since="2011-01-01",
    scope=(".news_column:has(#news_detail)", "#news_detail"),
    title=("#news_detail h1", "h1"),
    lead=("#hometext",),
    body=("#news_detail .bodytext", ".bodytext"),
    drop=BODY_WASTE,
    head_image=("#imghome",),
    dates=(DateRule("nukeviet.printed", "#news_detail .time, span.time"),),
    author=("p[style*='right']",),
    not_authors=ACCOUNT,
    section=("html .temp-breadcrumbs li:last-child [itemprop=name]",),
    tags=("html meta[property='article:tag']@content",),
    counters=RATING,
    attachments=(".news-download-file a",),
    blocked=BLOCKED,
    soft_404=SOFT_404,
    listing=LISTING,
)

RULES = PageRules(
    family="nukeviet",
    since="2018-01-01",
    scope=(".news_column:has(h1):has(.bodytext)",),
    title=(
        "div.news_column h1[itemprop=headline]",
        "div.news_column h1.title",
        "h1[itemprop=headline]",
        "div:has(> #news-bodyhtml) > h1",
    ),
    lead=("div.hometext", "#hometext"),
    body=("#news-bodyhtml", ".news_column .bodytext"),
    drop=BODY_WASTE,
    head_image=("figure.article",),
    dates=(
        DateRule("nukeviet.printed", "span.h5"),
        DateRule("nukeviet.printed", "html .newsdetailmetatop span.h5"),
        DateRule(
            "nukeviet.published_time",
            "html meta[property='article:published_time']@content",
            reader="machine",
        ),
    ),
    author=("p.h5.text-right",),
    not_authors=ACCOUNT,
    section=(
        "html meta[property='article:section']@content",
        "html .temp-breadcrumbs li:last-child [itemprop=name]",
    ),
    tags=("html meta[property='article:tag']@content", "html .news_column a[href*='/tag/']"),
    counters=(
        CounterRule("views", "li .fa-eye", parent=True),
        CounterRule("views", ".newsdetailmetatop .fa-eye", parent=True),
        CounterRule("comments", "li .fa-comment-o", parent=True),
        CounterRule("comments", ".newsdetailmetatop .fa-comment-o", parent=True),
        *RATING,
    ),
    attachments=("html .news-download-file a",),
    blocked=BLOCKED,
    login=LOGIN,
    soft_404=SOFT_404,
    listing=LISTING,
    older=(V3,),
)


class NukeViet(Portal):
    """A portal on NukeViet: the number at the end of an address is the article's identity."""

    family = "nukeviet"
    rules = RULES
    # its feed writes the month where the minutes belong, its sitemap the date of the last edit
    dated_doors = frozenset()
    doors = (Door("feed", "/rss/"), Door("sitemap", "/sitemap.xml"), Door("listing", "/"))
    article = re.compile(r"^/(?:[\w%.-]+/)+[\w%.~+,&'()-]*?-(?P<key>\d+)\.html(?:$|\?)")
    listing = re.compile(r"^/(?:[a-z]{2}/)?(?:news/)?(?:[\w%-]+/){0,2}(?:page-\d+/)?$")
    deny = re.compile(
        r"/(?:admin|data|includes|install|modules|users|statistics|print|savefile|sendmail|login"
        r"|rating|comment|seek|search|tag|contact|feeds|banners|voting|about|siteterms)(?:/|$|\?)"
        r"|/(?:vi|en)/(?:vi|en)(?:/|$)|^/en(?:/|$)|dang-nhap|[?&](?:language|nv_redirect|redirect"
        r"|nvvithemever|second|checkss)=|^/index\.php\?|mailto:|\.(?:jpe?g|png|gif|pdf|docx?|xlsx?"
        r"|zip|rar)$",
        re.IGNORECASE,
    )
