"""Sites of an unknown CMS: any page of the host may be an article, the page itself decides."""

from __future__ import annotations

import re

from crawler.portal import Door, Portal


class Generic(Portal):
    """A site without family rules: cleaned by the generic path."""

    family = "generic"
    rules = None
    doors = (Door("sitemap", "/sitemap.xml"), Door("feed", "/rss"), Door("listing", "/"))
    article = re.compile(r"^/[^?]*[\w-]{4,}|[?&](?:id|newsid|itemid|p)=", re.IGNORECASE)
    # The slash between two segments must stand there: where it may be left out, a long segment
    # can be cut in so many ways that one search takes minutes.
    listing = re.compile(
        r"^/(?:[\w%-]+/){0,2}(?:[\w%-]+/?)?(?:[?&](?:page|p|trang|pageindex)=\d+)?$", re.IGNORECASE
    )
    identity = ("id", "newsid", "itemid", "menuid", "p")
    paging = re.compile(r"page|p|pg|trang|pageindex", re.IGNORECASE)
    deny = re.compile(
        r"/(?:login|logout|register|signin|dang-nhap|dang-ky|admin|wp-admin|wp-login|print|savefile"
        r"|user|cart|search|tim-kiem|rss|feed|cdn-cgi|c/portal)(?:[/.?]|$)"
        r"|update_language|languageId=|p_p_lifecycle=1|p_p_state=|[?&](?:replytocom|redirect|print"
        r"|returnurl|share)=|/(?:vi|en)/(?:vi|en)(?:/|$)|mailto:"
        r"|\.(?:jpe?g|png|gif|webp|svg|pdf|docx?|xlsx?|pptx?|zip|rar|mp[34]|css|js|xml|ico)(?:$|\?)",
        re.IGNORECASE,
    )
