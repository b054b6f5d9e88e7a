"""The in-house CMS of provincial newspapers, called fck after its ``content-fck`` body.

The lead and the body are both ``.content-fck-font-size``; ``base href`` names the image server.
"""

from __future__ import annotations

import re

from crawler.portal import Door, Portal
from pipelines.clean.rules import CounterRule, DateRule, Marker, PageRules

RULES = PageRules(
    family="fck",
    since="2018-01-01",
    title=(".detail-title h1", "h1.detail-title", "h1.fw700", "h1.title"),
    lead=(
        ".detail-desc .fontd",
        ".detail-desc .content-fck-font-size",
        ".detail-desc",
        ".detail-sapo",
    ),
    lead_prefix=re.compile(r"^\s*[-–—]\s+"),
    body=(
        "#newscontents .content-fck-font-size",
        "#newscontents .content-fck",
        "#newscontents",
        "div.content-fck",
    ),
    body_pick="longest",
    drop=(
        ".detail-tag", ".detail-related", ".boxpayk", ".pub-fontsize", ".pubshare", ".note-related",
        ".detail-sharelike", ".adv", ".ads", ".box-tinlienquan", ".fb-comments", "iframe",
    ),
    dates=(
        DateRule("fck.printed", ".pubdate"),
        DateRule("fck.printed", ".detail-date, .date-detail"),
    ),
    author=("#newscontents p.author", "p.author"),
    not_authors=re.compile(r"^(?:báo|admin\w*|bút danh)\b|@", re.IGNORECASE),
    section=(".breadcrumb li:last-child a", ".box-cate .active a"),
    tags=(".detail-tag a.tag_item", ".detail-tag a"),
    counters=(CounterRule("views", ".detail-view, .view-count"),),
    soft_404=(Marker(".page-404, .error404, .notfound"),),
    listing=(
        Marker("#listcate li.item a, ul.cate-content-list-item li.item a", least=2),
        Marker("a[href*='-a'][href$='.html'] h2, a[href*='-a'][href$='.html'] h3", least=3),
        Marker("h2 a[href$='.html'], h3 a[href$='.html']", least=3),
    ),
)  # fmt: skip


class Fck(Portal):
    """A newspaper on the fck CMS: ``-a<number>.html`` is the article's identity."""

    family = "fck"
    rules = RULES
    doors = (Door("listing", "/"),)
    article = re.compile(r"^/(?:index\.php/)?(?:[\w%-]+/){0,2}[^/?]+-(?P<key>a\d+)\.html(?:$|\?)")
    listing = re.compile(r"^/(?:[\w%-]+/){0,2}(?:\?(?:[^#]*&)?(?:page|p)=\d+.*)?$")
    paging = re.compile(r"page|p", re.IGNORECASE)
    deny = re.compile(
        r"/(?:print|tim-kiem|search|video|media|podcast|rss|login|dang-nhap|emagazine|thu-vien-anh"
        r"|tag|t|app|epaper|bao-in|xem-bao|quang-cao|lien-he)(?:/|$|\?|\.)|^/(?:en|english)(?:/|$)"
        r"|[?&](?:print|redirect|d)=[^&]|mailto:|\.(?:jpe?g|png|gif|pdf|docx?|xlsx?|mp[34])(?:$|\?)",
        re.IGNORECASE,
    )
