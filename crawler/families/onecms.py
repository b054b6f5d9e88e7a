"""The "onecms" of provincial newspapers: Đà Nẵng, Hải Phòng, Nghệ An.

The entry repeats title, section, byline and date in a header of its own. The meta tag
``article:published_time`` is written M/D/Y h:m AM ("1/8/2026 10:02:01 AM" is 8 January); the
printed line is D/M/Y and comes first.
"""

from __future__ import annotations

import re

from crawler.portal import Door, Portal
from pipelines.clean.rules import DateRule, Marker, PageRules

RULES = PageRules(
    family="onecms",
    since="2023-01-01",
    title=(".c-news-detail .block-sc-title", ".c-detail-head h1", ".c-news-detail h1"),
    lead=(".c-news-detail .block-sc-sapo", ".c-detail-head .c-detail-sapo"),
    body=(".c-news-detail .entry", ".c-news-detail [itemprop=articleBody]"),
    body_pick="longest",
    drop=(
        ".block-sc-longform-header", ".sc-longform-header", ".c-box", ".c-news-related", ".c-tag",
        ".c-sticky-share", ".c-powered", ".oneads", ".AdsBetweenContent", ".c-banner-inpage",
        ".c-comments", ".sc-empty-layer", ".vtranslate-author-translate",
    ),
    dates=(
        DateRule("onecms.printed", ".block-sc-publish-time"),
        DateRule("onecms.published_time", "html meta[name='article:published_time']@content",
                 order="mdy"),
    ),
    author=(".block-sc-author", ".vtranslate-author-translate"),
    not_authors=re.compile(r"^(?:báo|admin\w*|ban biên tập|bút danh)\b|@", re.IGNORECASE),
    section=("html .breadcrumb .active", "html meta[name='article:section']@content"),
    tags=("html .onecms__tags h4 a", "html .onecms__tags a"),
    soft_404=(Marker("title", text=re.compile(r"^\s*(?:404|Không tìm thấy)")),),
    listing=(
        Marker(".b-grid__title a", least=3),
        Marker("h2 a[href$='.html'], h3 a[href$='.html']", least=3),
    ),
)  # fmt: skip


class OneCms(Portal):
    """A newspaper on onecms: the number before ``.html`` is the article's identity."""

    family = "onecms"
    rules = RULES
    doors = (Door("listing", "/"),)
    article = re.compile(r"^/[^/?]+-(?P<key>\d{5,})\.html(?:$|\?)")
    listing = re.compile(r"^/(?:[\w-]+/)?(?:[\w-]+)?(?:\?(?:[^#]*&)?(?:page|p|trang)=\d+)?$")
    paging = re.compile(r"page|p|trang", re.IGNORECASE)
    deny = re.compile(
        r"^/(?:print|api|tim-kiem|search|tag|video|shorts-video|podcast|emagazine|longform|epaper"
        r"|rss|login|dang-nhap|am-duong-lich-hom-nay|media|anh|infographic|ajax)(?:/|$|\?|\.)"
        r"|^/(?:en|fr|ru|cn|zh|lo|kr|jp)(?:/|$)|-ptag\.html|[?&](?:print|redirect)=|mailto:"
        r"|\.(?:jpe?g|png|gif|webp|pdf|docx?|xlsx?|mp[34])(?:$|\?)",
        re.IGNORECASE,
    )
