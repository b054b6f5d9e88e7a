"""The news CMS of ePi: Nhân Dân, VietnamPlus, SGGP, Tiền Phong and papers of provinces.

Parts of an article have classes that begin with ``cms-`` whatever the paper's theme is called. The
lead and the head picture's table stand before the text; related stories stand in it.
"""

from __future__ import annotations

import re

from crawler.portal import Door, Portal
from pipelines.clean.rules import DateRule, Marker, PageRules

RULES = PageRules(
    family="epi",
    since="2020-01-01",
    title=("h1.cms-title", ".cms-title", "h1.article__title", "h1.article__header"),
    lead=(".cms-desc", ".article__sapo"),
    body=(".cms-body", ".article__body"),
    body_pick="longest",
    drop=(
        ".related-news", ".cms-relate", ".ads_middle", ".article__tag", ".article__author",
        ".article__comment", ".zone",
    ),
    head_image=(".article__avatar", ".article > .picture"),
    dates=(
        DateRule("epi.time", ".article__meta time@datetime", reader="machine"),
        DateRule("epi.printed", ".article__meta, .article__header .time, .tdetail, time.time"),
        DateRule("epi.cms_date", "html meta.cms-date@content", reader="machine"),
        DateRule("epi.published_time", "html meta[property='article:published_time']@content",
                 reader="machine"),
    ),
    author=(".article__author .name", ".article__author", ".cms-author", ".body-author"),
    not_authors=re.compile(r"^(?:báo|admin\w*|pv|theo)\b|@|^\w+\d+$", re.IGNORECASE),
    section=("html .breadcrumbs .main a", "html .breadcrumbs a", "html .breadcrumb a"),
    tags=(".article__tag .box-content a", ".article__tag a"),
    soft_404=(Marker("title", text=re.compile(r"^\s*(?:404|Không tìm thấy)")),),
    listing=(Marker("a.cms-link", least=3), Marker(".story__heading a", least=3)),
)  # fmt: skip


class Epi(Portal):
    """A paper on ePi's CMS: the number behind ``-post`` is the article's identity."""

    family = "epi"
    rules = RULES
    doors = (Door("listing", "/"),)
    article = re.compile(r"^/(?:[\w-]+/)*[^/?]+-post(?P<key>\d+)\.\w{3,4}(?:$|\?)")
    listing = re.compile(r"^/(?:[\w-]+/){0,2}(?:\?(?:[^#]*&)?(?:page|trang)=\d+)?$")
    paging = re.compile(r"page|trang", re.IGNORECASE)
    deny = re.compile(
        r"^/(?:print|in-bai|api|video|podcast|multimedia|emagazine|longform|infographic|epaper|rss"
        r"|tim-kiem|search|login|dang-nhap|tag|tu-khoa|tac-gia|chu-de|ajax)(?:/|$|\?|\.)"
        r"|^/(?:en|fr|ru|zh|es)(?:/|$)|[?&](?:print|redirect|q)=|mailto:"
        r"|\.(?:jpe?g|png|gif|webp|pdf|docx?|xlsx?|mp[34]|rss)(?:$|\?)",
        re.IGNORECASE,
    )
