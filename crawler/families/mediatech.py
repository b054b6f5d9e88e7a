"""The newspaper and broadcaster CMS signed "MEDIATECH" (Tây Ninh since the merger with Long An).

Its pages close ``<html>`` before the head and hold a second document inside the article; the
first of the two ``.sapo`` is the description, cut off in mid-word; JSON-LD names a login as author
and gives a local time without a zone.
"""

from __future__ import annotations

import re

from crawler.portal import Door, Portal
from pipelines.clean.rules import DateRule, Marker, PageRules

RULES = PageRules(
    family="mediatech",
    since="2025-07-01",
    title=(".content-article h1.name", ".content-article h1"),
    lead=("#content-detail p.sapo",),
    body=("#content-detail",),
    drop=(
        ".sapo", ".author", ".ads-zone-group", ".topics", ".relates", ".box-comments",
        ".social-links", ".newsrelationship",
    ),
    dates=(DateRule("mediatech.printed", ".content-article .date"),),
    author=("#content-detail .author",),
    not_authors=re.compile(r"^(?:báo|admin\w*|\w+tv)$|@", re.IGNORECASE),
    section=("html .breadcrumbs li.active a", "html .page-info #cate-title"),
    tags=(".content-article .tags a", "html .tags-list a"),
    soft_404=(Marker("title", text=re.compile(r"^\s*(?:404|Không tìm thấy)")),),
    listing=(
        Marker("article.card .card-title a", least=3),
        Marker("h2 a[href$='.html'], h3 a[href$='.html']", least=3),
    ),
)  # fmt: skip


class MediaTech(Portal):
    """A site on MEDIATECH's CMS: the number at the end of an address is the article's identity."""

    family = "mediatech"
    rules = RULES
    doors = (Door("listing", "/"),)
    article = re.compile(r"^/(?:[\w-]+/)?[^/?]+-(?P<key>a?\d{3,})\.html(?:$|\?)")
    listing = re.compile(r"^/(?:[\w-]+/)?(?:[\w-]+)?(?:\?(?:[^#]*&)?(?:page|p|trang)=\d+)?$")
    paging = re.compile(r"page|p|trang", re.IGNORECASE)
    deny = re.compile(
        r"^/(?:print|version|epaper|contact|multimedia|podcasts?|video|truyen-hinh|phat-thanh|rss"
        r"|tim-kiem|search|login|dang-nhap|assets|themes|app|gioi-thieu)(?:/|$|\?)"
        r"|^/(?:en|english)(?:/|$)|[?&](?:print|redirect|keyword)=|mailto:"
        r"|\.(?:jpe?g|png|gif|webp|pdf|docx?|xlsx?|mp[34])(?:$|\?)",
        re.IGNORECASE,
    )
