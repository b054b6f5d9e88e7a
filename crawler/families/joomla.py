"""Joomla 2.5 to 5: articles of ``com_content``.

The language pack prints "Được đăng: Thứ ba, 13 Tháng 10 2015 09:10" and "Lượt xem: 24342" in a
``dl.article-info``; "Viết bởi" names an account more often than a person. A category has the
shape of an article's address: the page decides.
"""

from __future__ import annotations

import re

from crawler.portal import Door, Portal
from pipelines.clean.rules import CounterRule, DateRule, Marker, PageRules

ACCOUNT = re.compile(
    r"^(?:super ?user|administrator|admin\w*|quản trị\w*|quantri\w*|editor|btv|bbt|ban biên tập)\b"
    r"|^(?:cổng|trang) (?:thông tin|tt)|@|^\w+\d+$",
    re.IGNORECASE,
)
HITS = re.compile(r"(?:lượt xem|số lần xem|hits)\s*:?\s*(\d[\d.,]*)", re.IGNORECASE)
SOFT_404 = (
    Marker("#errorboxbody, #error-title, body.error-page, body.error_page"),
    Marker("title", text=re.compile(r"^\s*(?:404|Lỗi: 404|Không tìm thấy)")),
)
LOGIN = (
    Marker(".com-users-login form, #com-login-form, .login > form[action*='task=user.login']"),
)
LISTING = (
    Marker(".blog h2 a, .blog-featured h2 a, .blog .item-title a, .items-row h2 a", least=2),
    Marker("table.category td a, .category-list td a, .cat-children a", least=2),
    Marker(".items-leading h2 a, .items-more li a", least=2),
    Marker("table.blog .contentheading", least=2),
    Marker(".sectiontableentry1 a, .sectiontableentry2 a", least=2),
)

# Joomla 1.0 and 1.5 print title and buttons in one table, author, time and text in another.
TABLES = PageRules(
    family="joomla",
    since="2005-09-01",
    scope=("body:not(:has(table.blog, .readon, .sectiontableheader))",),
    scope_required=True,
    title=(".contentheading", "td.contentheading"),
    body=("table.contentpaneopen td[colspan='2']",),
    body_pick="longest",
    drop=(".createdate", ".modifydate", ".buttonheading", ".contentheading", ".pagenav"),
    dates=(DateRule("joomla.printed", ".contentpaneopen .createdate"),),
    author=(".contentpaneopen .small", ".contentpaneopen .createby"),
    not_authors=ACCOUNT,
    section=(".componentheading",),
    login=LOGIN,
    soft_404=SOFT_404,
    listing=LISTING,
)

RULES = PageRules(
    family="joomla",
    since="2012-01-01",
    older=(TABLES,),
    scope=(".item-page:has(h1), .item-page:has(h2)", "article.item", ".item-page"),
    scope_required=True,
    title=(
        "h1[itemprop=headline], h2[itemprop=headline]",
        ".page-header h1, .page-header h2",
        "h1.article-title, h2.article-title",
        "h2",
        "h1",
    ),
    body=("[itemprop=articleBody]", ".com-content-article__body", ".article-content", ".item-page"),
    drop=(
        ".article-info", ".icons", ".actions", ".btn-group", ".page-header", ".pager", ".pagenav",
        ".pagination", ".tags", ".content_rating", ".extravote", ".article-index", ".relateditems",
        "#jc", ".addtoany_container",
    ),
    head_image=(".item-image",),
    dates=(
        DateRule("joomla.printed", "dl.article-info .published"),
        DateRule("joomla.printed", "dl.article-info .create"),
        DateRule("joomla.time", "time[itemprop=datePublished]@datetime", reader="machine"),
        DateRule("joomla.time", "time[itemprop=dateCreated]@datetime", reader="machine"),
    ),
    author=("dl.article-info .createdby [itemprop=name]", "dl.article-info .createdby"),
    not_authors=ACCOUNT,
    section=("dl.article-info .category-name a", "dl.article-info .category-name"),
    tags=(".tags a",),
    counters=(CounterRule("views", "dl.article-info .hits", HITS),),
    login=LOGIN,
    soft_404=SOFT_404,
    listing=LISTING,
)  # fmt: skip


class Joomla(Portal):
    """A portal on Joomla: the number before the alias is the article's identity."""

    family = "joomla"
    rules = RULES
    # whether pubDate is the publication or the creation is a setting of the site
    dated_doors = frozenset()
    doors = (Door("feed", "/?format=feed&type=rss"), Door("listing", "/"))
    article = re.compile(
        r"^/(?:index\.php/)?(?:[\w%-]+/)+(?P<key>\d+)-[^/?]+$"
        r"|^/index\.php\?(?=[^#]*\bview=article\b)[^#]*\bid=(?P<old>\d+)"
    )
    identity = ("option", "view", "id")
    listing = re.compile(
        r"^/index\.php\?(?=[^#]*\bview=(?:category|section|frontpage|featured)\b)|^/(?:index\.php/)?(?:[\w%-]+/){0,2}(?:[\w%-]+(?:\.html)?)?(?:\?(?:limit)?start=\d+)?$"
    )
    paging = re.compile(r"(?:limit)?start")
    deny = re.compile(
        r"/component/(?!content)|/(?:administrator|media|templates|modules|plugins|cache|tmp"
        r"|mailto|login|dang-nhap|dang-ky|search|tim-kiem|lien-he)(?:/|$|\?|\.)"
        r"|[?&](?:tmpl|print|format|task|layout=(?!blog|list)|return|lang|showall)=|option=com_(?!content)"
        r"|^/(?:en|english)(?:/|$)|mailto:|\.(?:jpe?g|png|gif|pdf|docx?|xlsx?|zip|rar)(?:$|\?)",
        re.IGNORECASE,
    )
