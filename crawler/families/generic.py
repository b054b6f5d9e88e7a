"""Sites of an unknown CMS: any page of the host may be an article, the page itself decides."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.portal import Door, Portal
from pipelines.clean.listed import DOOR

if TYPE_CHECKING:
    from collections.abc import Iterable

# what a system calls the number of an article: NewsID, nid, ItemID, idtin, DocID
_THING = "news?|tin(?:tuc)?|items?|article|post|bai(?:viet)?|content|detail|doc(?:ument)?|vanban|n"
_DOCUMENT = rf"(?:{_THING})_?id|id_?(?:{_THING})"
DOCUMENT = re.compile(_DOCUMENT, re.IGNORECASE)
# the number of a menu's entry, beside that of the article
_MENU_ENTRY = "itemid"
# pages of files; where they end so, most servers take capitals for small letters
_SCRIPT = "html?|aspx?"
_FOLDED = re.compile(r"\.(?:html?|aspx?)(?:$|\?)")
# one address for all that a system can do: the same number is another thing in another part
PART = re.compile(r"mod(?:ule)?|act(?:ion)?|op|option|task|do|cmd|view|controller", re.IGNORECASE)
PAGING = re.compile(
    r"p|pg|pn|trang|limitstart|_?page(?:index|number|num|no)?|p(?:age)?index|cur(?:rent)?_?page",
    re.IGNORECASE,
)
# what says where a visitor comes from, how the page is to look, or which day of a calendar it is
_PASSING = re.compile(
    r"utm_\w+|\w*clid|zarsrc|ref|lang(?:uage)?(?:id)?|culture|print|preview|mobile|theme|skin|font"
    r"|sort(?:by)?|order(?:by)?|dir|t|ts|time|rnd|rand(?:om)?|v|ver|_|return_?url|redirect|share"
    r"|back(?:url)?|q|s|key(?:words?)?|search\w*|txt\w*|(?:from|to)?_?(?:date|day|month|year)"
    r"|(?:tu|den)?_?(?:ngay|thang|nam)|__\w+",
    re.IGNORECASE,
)


class Generic(Portal):
    """A site without family rules: cleaned by the generic path."""

    family = "generic"
    rules = None
    doors = (Door("sitemap", "/sitemap.xml"), Door("feed", "/rss"), Door("listing", "/"))
    article = re.compile(
        rf"^/[^?]*[\w-]{{4,}}|^/[^?]*\.(?:{_SCRIPT})(?:$|\?)|[?&](?:id|p|{_DOCUMENT})=",
        re.IGNORECASE,
    )
    # The slash between two segments must stand there: where it may be left out, a long segment
    # can be cut in so many ways that one search takes minutes.
    listing = re.compile(r"^/(?:[\w%-]+/){0,2}(?:[\w%-]+/?)?(?:\?[^#]*)?$")
    paging = PAGING
    dated_doors = Portal.dated_doors | {DOOR}
    deny = re.compile(
        r"/(?:login|logout|register|signin|dang-nhap|dang-ky|admin|wp-admin|wp-login|print|savefile"
        r"|in-?(?:bai|tin|trang)(?:-viet)?|ban-?in"
        r"|user|cart|search|tim-kiem|rss|feed|cdn-cgi|c/portal)(?:[/.?]|$)"
        r"|update_language|languageId=|p_p_lifecycle=1|p_p_state=|[?&](?:replytocom|redirect|print"
        r"|returnurl|share|tmpl|pop(?:up)?)=|[?&](?:format=(?:pdf|feed)|option=com_(?:mailto|user))|/(?:vi|en)/(?:vi|en)(?:/|$)|mailto:"
        r"|\.(?:jpe?g|png|gif|webp|svg|pdf|docx?|xlsx?|pptx?|zip|rar|mp[34]|css|js|xml|ico)(?:$|\?)",
        re.IGNORECASE,
    )

    @classmethod
    def identifying(cls, names: Iterable[str]) -> set[str]:
        """Give the parameters with the article's number; without one, all that may tell apart.

        A system that is not known calls the number of an article what it likes ("nid", "cid"): to
        drop it would make one document of all its articles. A number that is surely the article's
        is enough: the section that a link came from tells nothing more.
        """
        given = cls.lasting(names)
        if {"option", "id", _MENU_ENTRY} <= {name.casefold() for name in given}:
            return {name for name in given if name.casefold() == "id" or PART.fullmatch(name)}
        numbers = {name for name in given if DOCUMENT.fullmatch(name)}
        return numbers | {name for name in given if PART.fullmatch(name)} if numbers else given

    @classmethod
    def page_key(cls, url: str) -> str:
        """Give the identity of a page; "/TIN/BAI1.HTM" is that of "/tin/bai1.htm", too."""
        key = super().page_key(url)
        path, mark, query = key.partition("?")
        small = path.casefold()
        return small + mark + query if _FOLDED.search(small) else key

    @classmethod
    def lasting(cls, names: Iterable[str]) -> set[str]:
        """Give all parameters but those of a visit, of paging and of a calendar's day."""
        passing = (_PASSING, PAGING)
        return {
            name
            for name in names
            if name.casefold() == "p" or not any(kind.fullmatch(name) for kind in passing)
        }
