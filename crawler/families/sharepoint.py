"""SharePoint: list items shown by their display form, and publishing pages.

A portal on SharePoint prints dates in its own order: ``rules.but(dates=...)`` where it is M/D.
"""

from __future__ import annotations

import re

from crawler.portal import Door, Portal
from pipelines.clean.rules import CounterRule, DateRule, Marker, PageRules

VIEWS = re.compile(r"lượt xem\s*:?\s*(\d[\d.,]*)", re.IGNORECASE)

RULES = PageRules(
    family="sharepoint",
    since="2013-01-01",
    title=(
        ".news-detail .news-title",
        ".article-header .title",
        ".article .article-title",
        "h1.news-title, h2.news-title, .news-title h1",
        ".detail-title",
        "#DeltaPlaceHolderMain h1.title",
    ),
    lead=(
        ".news-detail .news-summary",
        ".news-detail .news-sapo",
        ".article-byline + .article-summary",
    ),
    body=(
        ".news-detail .news-content",
        ".article .article-content .ms-rtestate-field",
        ".article .article-content",
        "#DeltaPlaceHolderMain div[class^=ExternalClass]",
        "#noidung",
    ),
    body_pick="longest",
    drop=(
        ".ms-formtable", ".ms-formtoolbar", ".font-size", ".news-views", ".tools", ".tinlienquan",
        ".ms-hide", "[id^=onetidinfoblock]", ".news-other", ".captioned-image:empty", ".share",
    ),
    dates=(
        DateRule("sharepoint.printed", ".news-detail .news-date"),
        DateRule("sharepoint.printed", ".article .date-line"),
        DateRule("sharepoint.printed", ".news-meta span"),
    ),
    author=(".news-meta span + span", ".news-author"),
    not_authors=re.compile(r"^(?:system account|quản trị|admin\w*|\w+\\\w+)|@|^\d", re.IGNORECASE),
    source=(".news-source",),
    section=(
        ".news-detail .news-cate",
        ".article .breadcrumb span:last-child a",
        "h1.ms-webpart-titleText",
    ),
    counters=(
        CounterRule("views", ".news-views"),
        CounterRule("views", ".article .ms-hide", VIEWS),
    ),
    attachments=("#idAttachmentsTable a", ".news-files a"),
    login=(
        Marker(".ms-error-body, #ms-error-body", text=re.compile("signed in|cấp quyền|shared")),
        Marker("title", text=re.compile(r"^\s*(?:Access (?:denied|required)|Sign [Ii]n)")),
    ),
    soft_404=(
        Marker(
            ".ms-error-body, #ms-error-body, .ms-errorMsg",
            text=re.compile(r"does not exist|not be found|không tồn tại|404", re.IGNORECASE),
        ),
        Marker("title", text=re.compile(r"^\s*(?:Lỗi|Error|Page not found)\b", re.IGNORECASE)),
    ),
    gallery=(Marker(".ms-picturelibrary, .album-item", least=3),),
    listing=(
        Marker(".news-item .news-title a, .news-item a.news-title", least=2),
        Marker(".news-list .item a, .list-news li a", least=3),
        Marker("#DeltaPlaceHolderMain a[href*='DispForm.aspx']", least=3),
        Marker("#DeltaPlaceHolderMain a[href*='ItemID=']", least=3),
    ),
)  # fmt: skip


class SharePoint(Portal):
    """A portal on SharePoint: list and ID of the item are the article's identity."""

    family = "sharepoint"
    rules = RULES
    doors = (Door("listing", "/"),)
    identity = ("ID", "ItemID", "NewsID", "nid")
    paging = re.compile(r"PageIndex|Page", re.IGNORECASE)
    # the library of pages is "Trang" where the site was set up in Vietnamese
    article = re.compile(
        r"^(?P<key>/Lists/[^/?]+/DispForm\.aspx\?(?:[^#]*&)?ID=\d+|/(?:[\w%.-]+/)*(?:Pages|Trang)"
        r"/[^?#]+\.aspx\?(?:[^#]*&)?(?:Item|News|n)ID=\d+)",
        re.IGNORECASE,
    )
    listing = re.compile(
        r"^/$|^/Lists/[^/?]+/(?:TongQuat|AllItems|DanhSach)\.aspx"
        r"|^/(?:[\w%-]+/)*(?:Pages|Trang)/[\w%-]+\.aspx$",
        re.IGNORECASE,
    )
    deny = re.compile(
        r"/_layouts/|/_login|/_api|/_vti_|/_catalogs|/Authenticate|AccessDenied|SignOut|/(?:New|Edit)"
        r"Form\.aspx|/Forms/|/print|mailto:|redirect|[?&](?:ReturnUrl|IsDlg|Print)="
        r"|/(?:vi|en)/(?:vi|en)(?:/|$)|login|dang-nhap"
        r"|\.(?:jpe?g|png|gif|pdf|docx?|xlsx?|pptx?|zip|rar|svc|asmx)(?:$|\?)",
        re.IGNORECASE,
    )

    @classmethod
    def document_key(cls, url: str) -> str:
        """Give list and ID, whatever other parameters (PageIndex, ...) the address carries."""
        key = super().document_key(url)
        found = re.match(r"(.*\.aspx)\?.*?\b((?:item|news|n)?id=\d+)", key)
        return f"{found[1]}?{found[2]}" if found else key
