"""The SharePoint template that ministries share: ``divArticleDescription1`` to ``3``.

Ids of web parts differ from site to site: they are matched by their end. Dates are D/M/Y.
"""

from __future__ import annotations

import re

from crawler.families.sharepoint import RULES as SHAREPOINT
from crawler.families.sharepoint import SharePoint
from pipelines.clean.rules import CounterRule, DateRule, Marker, PageRules

VIEWS = re.compile(r"lượt xem\s*:?\s*(\d[\d.,]*)", re.IGNORECASE)

RULES = PageRules(
    family="ministry",
    since="2014-01-01",
    title=("h1.News_Detail_Title", "#divArticleDescription3 h1", "#news-title"),
    lead=("#divArticleDescription1", "#news-des", "#divArticleDescription"),
    body=("#divArticleDescription2", "#news-detail", "#divArticleContent"),
    drop=(
        ".othernews_fullwidth", ".groupnews_head", "[id$=_pnTinLienQuan]",
        ".Author_Write_TG",
    ),
    dates=(
        DateRule("ministry.printed", ".News_Time_Post"),
        DateRule("ministry.printed", "[id$=_pnHide] span"),
    ),
    author=(".Author_Write_TG",),
    not_authors=re.compile(r"^(?:system account|quản trị|admin\w*|\w+\\\w+)|@|^\d", re.IGNORECASE),
    source=("[id$=_pnNguontin] font", "[id$=_pnNguontin] p"),
    section=("li.Lv_3 a", "li.Lv_2 a"),
    counters=(CounterRule("views", ".News_Time_Post", VIEWS),),
    login=SHAREPOINT.login,
    soft_404=SHAREPOINT.soft_404,
    listing=(
        Marker(".H3_iTem_ListNews a", least=2),
        Marker(".news_datetime", least=3),
        *SHAREPOINT.listing,
    ),
)  # fmt: skip


class Ministry(SharePoint):
    """A ministry's portal: the number in ``/vn/tin-tuc/`` or the item of a list is the identity."""

    family = "ministry"
    rules = RULES
    paging = re.compile(r"page|pageindex", re.IGNORECASE)
    article = re.compile(
        r"^/vn/tin-tuc/(?:\d+/)?(?P<key>\d+)/[^/?]+\.aspx"
        r"|^/(?:[\w%.-]+/)*Pages/[^?#]+\.aspx\?(?:[^#]*&)?ItemID=\d+",
        re.IGNORECASE,
    )
    listing = re.compile(
        r"^/$|^/vn/(?:pages|chuyen-muc/\d+)/[\w.-]+\.aspx(?:\?page=\d+)?$"
        r"|^/[\w%-]+/Pages/[\w%-]+\.aspx(?:\?(?:date=&EventID=\d+&)?page=\d+)?$",
        re.IGNORECASE,
    )
