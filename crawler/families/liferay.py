"""Liferay 6 and 7: the asset publisher's full content.

Side columns are ``.journal-content-article`` too: the body is the longest one inside the article's
asset publisher. "12:00 AM" is the time of migrated items and means that only the day is known.
"""

from __future__ import annotations

import re

from crawler.portal import Door, Portal
from pipelines.clean.rules import CounterRule, DateRule, Marker, PageRules

RULES = PageRules(
    family="liferay",
    since="2012-01-01",
    scope=(
        ".portlet-boundary:has(.asset-full-content)",
        "section.portlet:has(.asset-full-content)",
        ".asset-full-content",
    ),
    scope_required=True,
    title=(
        ".header-title",
        ".asset-full-content-title",
        ".journal-content-article .title-detail",
        "[data-analytics-asset-title]@data-analytics-asset-title",
        ".asset-full-content .asset-title",
    ),
    lead=(".asset-full-content p.sapo",),
    body=(".asset-full-content .journal-content-article", ".asset-full-content .asset-content"),
    body_pick="longest",
    drop=(
        ".title-block", ".title-detail", ".taglib-ratings", ".asset-metadata", ".related_asset",
        ".asset-control-detail", ".asset-more", ".view-content-author", ".social-bookmarks",
        ".taglib-social-bookmarks", ".lfr-meta-actions", ".asset-links", ".news-other",
        ".taglib-discussion", ".separator", ".header-back-to", ".pager", "p.sapo",
    ),
    dates=(
        DateRule("liferay.printed", ".assetPublishDate"),
        DateRule("liferay.printed", ".asset-full-content .metadata-publish-date"),
        DateRule("liferay.printed", ".asset-user-actions .date, .publish-date"),
    ),
    author=(".asset-full-content p.view-content-author",),
    not_authors=re.compile(r"^(?:admin\b|test test|quản trị|super ?admin)", re.IGNORECASE),
    source=(".asset-full-content .view-content-source",),
    section=("html .dd_chuyenmuc a:last-child", ".asset-categories-summary a"),
    tags=(".taglib-asset-tags-summary a",),
    counters=(
        CounterRule("views", ".asset-full-content .metadata-view-count"),
        CounterRule("views", ".view-count"),
    ),
    attachments=(".asset-full-content .asset-attachments a",),
    login=(Marker("#p_p_id_58_ form, .portlet-login form.sign-in-form"),),
    soft_404=(
        Marker(".portlet-msg-error, .alert-danger, .alert-error",
               text=re.compile(r"không tồn tại|not found|không tìm thấy")),
        Marker("h1, h2, h3", text=re.compile(r"^\s*(?:Trạng thái|Status)\s*$")),
    ),
    gallery=(Marker(".album-item, .image-gallery .image-thumbnail", least=3),),
    listing=(
        Marker(".asset-abstract .asset-title a, .asset-abstract h3 a", least=2),
        Marker(".portlet-column-first .title-list a, .portlet-column-first .news-item a", least=3),
        Marker("a[href*='/asset_publisher/'], a[href*='/view_content/']", least=3),
    ),
)  # fmt: skip


class Liferay(Portal):
    """A site on Liferay: the number of the asset's content is the article's identity."""

    family = "liferay"
    rules = RULES
    doors = (Door("listing", "/"),)
    article = re.compile(
        r"/-/asset_publisher/\w+/content/(?:id/)?(?P<key>[\w%.-]+)"
        r"|/-/view_content/(?P<view>\d+)-|/-/[\w%.]+(?:-[\w%.]+){3,}",
    )
    listing = re.compile(
        r"^/(?:web/[\w-]+(?:/[\w%-]+)?)?/?(?:\?(?!.*p_p_lifecycle=1)[^#]*\b_?\w*cur=\d+.*)?$"
        r"|^/(?!web/|c/|documents/|image/|o/)[\w%-]+/?$"
    )
    paging = re.compile(r"(?:\w*_)?cur")
    deny = re.compile(
        r"/c/portal/|/c/document|update_language|languageId=|p_p_state=|p_p_lifecycle=[12]|/login"
        r"|dang-nhap|/(?:vi|en)(?:/(?:vi|en))+(?:/|$)|\.html/(?:vi|en)(?:/|$)|^/(?:en|en_US)(?:/|$)"
        r"|/print|viewMode=print|mailto:"
        r"|redirect=|_calendar_|/polls?/|_polls_|/control_panel|/group/|/user/|/documents/|/image/"
        r"|\.(?:jpe?g|png|gif|pdf|docx?|xlsx?|pptx?|zip|rar)(?:$|[?/])",
        re.IGNORECASE,
    )
