"""The newspaper CMS of VNPT (Đắk Lắk, the Phú Yên archive kept there): ``#page_info`` on each page.

The lead stands beside the text and is printed again as its first paragraph; a site-name h1 comes
before the article, an h1 "Tin liên quan" after it; the header's clock may stand still.
"""

from __future__ import annotations

import re

from crawler.portal import Door, Portal
from pipelines.clean.rules import DateRule, Marker, PageRules

RULES = PageRules(
    family="vnptnews",
    since="2023-01-01",
    title=(".detail-main-title h1.title", ".content-title h1.title", "#page_info #article_title"),
    lead=(".content-reply .reply", ".wrapper-post-detail-main .info-description"),
    body=(".content-fully .td-post-content", "#content.content-detail"),
    body_pick="longest",
    drop=(
        ".td-post-sharing", ".related-post", ".related2", ".box-tag", ".tags-box", ".after-author",
        ".image_related_1", ".image_related_2",
    ),
    head_image=(".detail-main-title .image-background",),
    dates=(DateRule("vnptnews.printed", ".wrapper-post-detail-header time.time"),),
    author=(".content-author .author", ".after-author .author"),
    not_authors=re.compile(r"^(?:bút danh|báo|admin\w*)\b|@", re.IGNORECASE),
    section=("html .breadcrumb-item.active", "#page_info #cate_title"),
    tags=(".tags-box .tags a",),
    soft_404=(Marker("title", text=re.compile(r"^\s*(?:404|Không tìm thấy|Trang không tồn tại)")),),
    listing=(
        Marker(".vertical-post-box .info-name a, .horizontal-post-box .info-name a", least=3),
        Marker(".info-name h3 a, h3.name a", least=3),
    ),
)  # fmt: skip


class VnptNews(Portal):
    """A newspaper on VNPT's CMS: year and month, slug, then the article's hexadecimal number."""

    family = "vnptnews"
    rules = RULES
    doors = (Door("listing", "/"),)
    article = re.compile(
        r"^/(?:[\w-]+/){1,3}\d{6}/[^/?]+-(?P<key>[0-9a-f]{6,8})/?(?:$|\?)"
        r"|^/\d{1,4}/(?P<old>\d{3,})/[\w-]+/?(?:$|\?)"  # as before 2023
    )
    listing = re.compile(
        r"^/(?:(?!tim-kiem|lien-he)[\w-]+/){0,2}(?:\?(?:[^#]*&)?(?:page|p|trang)=\d+)?$"
    )
    paging = re.compile(r"page|p|trang", re.IGNORECASE)
    deny = re.compile(
        r"^/(?:tim-kiem|search|print|in-bai|video|media|podcast|bao-in|epaper|rss|login|dang-nhap"
        r"|quang-cao|lien-he|multimedia|file|common|upload|filehttp:)(?:/|$|\?)"
        r"|^/(?:en|english)(?:/|$)|[?&](?:print|redirect|key)=|mailto:"
        r"|\.(?:jpe?g|png|gif|webp|pdf|docx?|xlsx?|mp[34])(?:$|\?)",
        re.IGNORECASE,
    )
