"""WordPress: Astra, Twenty Twenty-One, Elementor, Flatsome, Newspaper, JNews and most other themes.

Astra prints no date at all: the time then comes from the door. Machine times are in UTC.
"""

from __future__ import annotations

import re

from crawler.portal import Door, Portal
from pipelines.clean.rules import CounterRule, DateRule, Marker, PageRules

ACCOUNT = re.compile(
    r"^(?:quản trị(?: viên| website)?|quantri\w*|admin\w*|administrator|editor|webmaster"
    r"|ban biên tập|btv|biên tập viên|bbt|tòa soạn|editorial)\b|^(?:cổng|trang) (?:thông tin|tt)"
    r"|@|^\w+\d+$|^ban (?:dân vận|tuyên giáo|quản trị)\b",
    re.IGNORECASE,
)

RULES = PageRules(
    family="wordpress",
    since="2020-01-01",
    scope=(
        ".elementor-location-single",
        "body.single article.type-post:has(h1)",
        "body.single article.post:has(h1)",
        "body.single main:has(h1)",
        "body.single",
        "article:has(> header h1.entry-title)",
    ),
    scope_required=True,
    title=("h1.entry-title", "h1[itemprop=headline]", ".elementor-widget-theme-post-title h1",
           "h1.elementor-heading-title", "h1.post-title", "h1"),
    # no page has two themes: what only one of them prints is asked for in one query
    lead=(":is(.jeg_post_subtitle, .td-post-sub-title)",),
    body=(".entry-content", ".elementor-widget-theme-post-content .elementor-widget-container",
          ".elementor-widget-theme-post-content", ".td-post-content", ".post-content"),
    drop=(
        ".post-views", ".sharedaddy", ".yarpp", ".jp-relatedposts",
        ".ast-single-related-posts-container", ".addtoany_share_save_container",
        ".wp-post-navigation", ".post-navigation", ".comments-area", ".author-box",
        ".related-posts", ".rmp-widgets-container", ".kk-star-ratings", ".toc_container",
        "#ez-toc-container", ".ez-toc-container", ".lwptoc", ".page-links",
        ".heateor_sss_sharing_container", ".code-block", ".tags-links", ".cat-links",
        ".entry-meta", ".fb-comments", ".elementor-share-buttons", ".blog-share", ".share-icons",
        ".td-post-sharing", ".jeg_post_tags", ".jeg_share_container",
    ),
    dates=(
        DateRule("wordpress.time", "time.entry-date.published@datetime", reader="machine"),
        DateRule("wordpress.time", "time.entry-date@datetime", reader="machine"),
        DateRule("wordpress.published_time", "html meta[property='article:published_time']@content",
                 reader="machine"),
        DateRule("wordpress.printed",
                 ":is(.elementor-widget-post-info, .posted-on .published, .jeg_meta_date)"),
    ),
    author=(".posted-by .author-name", ".byline a[rel=author]", "a[rel=author]",
            ".elementor-post-info__item--type-author",
            ":is(.td-post-author-name, .jeg_meta_author) a"),
    not_authors=ACCOUNT,
    section=(".cat-links a", ".ast-terms-link a", ".elementor-post-info__item--type-terms a",
             ".entry-category a", ".jeg_meta_category a"),
    tags=(".tags-links a", "a[rel=tag]:not([rel~=category])", ".td-tags a"),
    counters=(CounterRule("views", ".post-views .post-views-count, .post-views-count"),
              CounterRule("views", ".td-post-views")),
    login=(Marker("form.post-password-form"), Marker("body.login #loginform")),
    soft_404=(Marker("body.error404"), Marker(".error-404.not-found")),
    other=(Marker("body.page-template-default.page"), Marker("body.attachment")),
    listing=(
        Marker("article h2.entry-title a, article h3.entry-title a, .entry-title a[rel=bookmark]"),
        Marker("article h2 a, article h3 a", least=3),
        Marker("body.archive, body.home, body.blog, body.search"),
    ),
)  # fmt: skip


class WordPress(Portal):
    """A portal on WordPress: the path of the slug is the article's identity."""

    family = "wordpress"
    rules = RULES
    doors = (
        Door(
            "wp_json",
            "/wp-json/wp/v2/posts?per_page=50&page={page}"
            "&_fields=id,date,date_gmt,modified,modified_gmt,slug,link,title,excerpt,author,categories,tags",
        ),
        Door("sitemap", "/sitemap.xml"),
        Door("feed", "/feed/"),
        Door("listing", "/"),
    )
    article = re.compile(
        r"^(?!/(?:category|chuyen-muc|danh-muc|page)/)"
        r"(?P<key>/(?:[\w%.~-]+/)*(?=[^/?]*-[^/?]*-)[\w%.~-]+?(?:\.html)?)/?(?:$|[?#])"
    )
    listing = re.compile(r"^/(?:(?:category|chuyen-muc|danh-muc)/[\w%/.-]+?/)?(?:page/\d+/)?$")
    deny = re.compile(
        r"^/wp-(?:admin|login|includes|content|json|cron)|/feed/?(?:$|\?)|/(?:comments|embed|amp"
        r"|trackback|author|tag|xmlrpc\.php)(?:/|$|\?)|[?&](?:replytocom|share|print|s|p|preview"
        r"|attachment_id|redirect_to|feed|lang)=|^/(?:en|vi)/(?:en|vi)(?:/|$)|login|dang-nhap"
        r"|wp-sitemap|mailto:|\.(?:jpe?g|png|gif|webp|pdf|docx?|xlsx?|zip|rar)$",
        re.IGNORECASE,
    )
