"""The ASP.NET portal of several provinces: ``/portal/pages/<day>/<slug>.aspx``.

Of its pages only ``#art-content`` and the addresses are known; the address holds the day of
publication, which counts where the page prints no time.
"""

from __future__ import annotations

import re

from crawler.portal import Door, Portal
from pipelines.clean.rules import CounterRule, DateRule, Marker, PageRules

VIEWS = re.compile(r"(?:lượt xem|lượt truy cập|đã xem)\s*:?\s*(\d[\d.,]*)", re.IGNORECASE)

RULES = PageRules(
    family="aspportal",
    since="2015-01-01",
    title=("#art-title", ".art-title", ".article-title", "#art-detail h1", "h1"),
    lead=("#art-summary", ".art-summary", ".art-sapo"),
    body=("#art-content", ".art-content"),
    drop=(".art-related", ".art-tools", ".art-other", ".art-file"),
    dates=(DateRule("aspportal.printed", "#art-date, .art-date, .art-time"),),
    dated_address=re.compile(
        r"/portal/pages/(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})/", re.IGNORECASE
    ),
    author=("#art-author, .art-author",),
    not_authors=re.compile(r"^(?:admin\w*|quản trị\w*|ban biên tập)\b|@|^\w+\d+$", re.IGNORECASE),
    source=("#art-source, .art-source",),
    section=(".art-category a", ".breadcrumb li:last-child a"),
    counters=(CounterRule("views", ".art-views, .art-date", VIEWS),),
    attachments=(".art-file a",),
    soft_404=(
        Marker("title", text=re.compile(r"^\s*(?:404|Lỗi|Error|Page not found)\b", re.IGNORECASE)),
        Marker(".art-error, .ms-error-body", text=re.compile(r"không tồn tại|not exist|404")),
    ),
    listing=(Marker("a[href*='/portal/pages/'], a[href*='/portal/Pages/']", least=3),),
)


class AspPortal(Portal):
    """A portal with ``/portal/pages/``: the file name of a page is the article's identity."""

    family = "aspportal"
    rules = RULES
    doors = (Door("listing", "/portal/Home/default.aspx"),)
    article = re.compile(
        r"^/portal/pages/\d{4}-\d{1,2}-\d{1,2}/(?P<key>[^/?]+)\.aspx(?:$|\?)", re.IGNORECASE
    )
    listing = re.compile(
        r"^/(?:default\.aspx)?$|^/portal/(?:home/default|kenhtin/[\w-]+)\.aspx(?:\?page=\d+)?$"
        r"|^/default\.aspx\?sname=\w+&sid=\d+&pageid=\d+$",
        re.IGNORECASE,
    )
    identity = ("sname", "sid", "pageid")
    paging = re.compile(r"page", re.IGNORECASE)
    deny = re.compile(
        r"/portal/pages/print\.aspx|/portal/(?:photos|vanban|videos?|lichcongtac|lienhe)(?:/|$)"
        r"|/_layouts/|/_api|/_vti_|login|dang-nhap|[?&](?:returnurl|print|lang)=|mailto:"
        r"|\.(?:jpe?g|png|gif|pdf|docx?|xlsx?|zip|rar|ashx|axd|asmx)(?:$|\?)",
        re.IGNORECASE,
    )
