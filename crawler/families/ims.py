"""IMS, the news CMS of VCCorp: the Government's paper and portals (baochinhphu.vn, chinhphu.vn).

Tuổi Trẻ, Thanh Niên, Người Lao Động and VTV run on it, too. Parts of a page are named by
``data-role``; what an editor has put into the text is a block with a ``type``. The name below the
text is the paper's, the author stands above it or ends the text.
"""

from __future__ import annotations

import re

from crawler.portal import Door, Portal
from pipelines.clean.rules import DateRule, Marker, PageRules

RULES = PageRules(
    family="ims",
    since="2021-01-01",
    title=("[data-role=title]", "h1.detail-title"),
    lead=("[data-role=sapo]", ".detail-sapo"),
    body=("[data-role=content]", ".detail-content"),
    body_pick="longest",
    drop=(
        "[type=RelatedNewsBox]", "[type=RelatedOneNews]", "[type=RelatedNews]",
        "[type=VideoStream]", ".readmore-body-box", ".detail-relate", ".c-banner", ".admzone",
        ".link-source-wrapper",
    ),
    dates=(
        DateRule("ims.printed", "[data-role=publishdate]"),
        DateRule("ims.printed", ".detail-time"),
        DateRule("ims.published_time", "html meta[property='article:published_time']@content",
                 reader="machine"),
    ),
    author=(".detail-author .name", ".author-info .name"),
    not_authors=re.compile(r"^(?:báo|cổng|admin\w*|theo)\b|\bonline$|@|^\w+\d+$", re.IGNORECASE),
    section=("[data-role=cate-name]", ".detail-cate a", ".list-cate a"),
    tags=("[data-role=tags] a", ".tags-list a"),
    soft_404=(Marker("title", text=re.compile(r"^\s*(?:404|Không tìm thấy)")),),
    listing=(
        Marker("a[data-linktype=newsdetail]", least=3),
        Marker("a.box-category-link-title", least=3),
    ),
)  # fmt: skip


class Ims(Portal):
    """A site on IMS: the long number before ``.htm`` is the article's identity."""

    family = "ims"
    rules = RULES
    doors = (Door("listing", "/"),)
    article = re.compile(r"^/(?:[\w-]+/)*[^/?]+-(?P<key>\d{12,20})\.(?:html?|chn)(?:$|\?)")
    listing = re.compile(
        r"^/(?:(?:[\w-]+/){0,2}[\w-]+\.(?:html?|chn)|timelinelist/\d+/\d+\.htm)?"
        r"(?:\?(?:[^#]*&)?(?:page|trang)=\d+)?$"
    )
    paging = re.compile(r"page|trang", re.IGNORECASE)
    deny = re.compile(
        r"^/(?:print|in-bai|video|podcast|emagazine|longform|anh|rss|tim-kiem|search|login"
        r"|dang-nhap|ajax|tag|lien-he|so-do-website|hoi-dap)(?:/|$|\?|\.|-)"
        r"|^/(?:en|english)(?:/|$)|[?&](?:print|redirect|keywords?)=|mailto:"
        r"|\.(?:jpe?g|png|gif|webp|pdf|docx?|xlsx?|mp[34]|rss)(?:$|\?)",
        re.IGNORECASE,
    )
