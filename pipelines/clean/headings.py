"""What the headings of a page of an unknown CMS say: its title, its own element, a teaser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.clean.text import fold_key
from pipelines.clean.tree import absolute, flat
from pipelines.clean.vocabulary import is_chrome

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

    from pipelines.clean.markup import Markup

_TITLES = "h1, h2, [itemprop=headline], [class*=title], [class*=Title], [class*=Head], [id*=Title]"

TITLE_WORDS = 5

_TITLE_MOST = 50

_LEVELS = 8

_TEASERS = 2

_TEASER_LEVELS = 4


def title_of(tree: LexborHTMLParser, node: LexborNode, markup: Markup) -> str:
    """Give the heading that the page's markup confirms, else the markup's own title."""
    stated = markup.headline
    keys = [fold_key(text) for text in (stated, markup.first("og:title"), markup.title) if text]
    best = ""
    for heading in tree.css(_TITLES):
        text = flat(heading)
        key = fold_key(text)
        if len(key) > len(fold_key(best)) and any(other.startswith(key) for other in keys):
            best = text
    if len(best.split()) >= TITLE_WORDS:
        return best
    if near := _title_near(node):
        return near
    headings = [flat(node) for node in tree.css("h1")]
    if len(headings) == 1 and headings[0]:
        return headings[0]
    return stated


def _title_near(node: LexborNode) -> str:
    """Give the nearest title-like element around the text: portals repeat a section's name in h1.

    Short titles are left to the markup, links are headlines of other articles.
    """
    current: LexborNode | None = node
    for _ in range(_LEVELS):
        if current is None or current.tag == "body":
            return ""
        for candidate in current.css(_TITLES):
            text = flat(candidate)
            fits = TITLE_WORDS <= len(text.split()) <= _TITLE_MOST and not is_chrome(text)
            if fits and candidate.css_first("a, p") is None:
                return text
        current = current.parent
    return ""


def around(node: LexborNode, title: str) -> LexborNode | None:
    """Give the nearest element around the text with the title in a heading: the article's own."""
    key = fold_key(title)
    current: LexborNode | None = node
    for _ in range(_LEVELS):
        if current is None or current.tag == "body":
            return None
        if any(fold_key(flat(heading)) == key for heading in current.css(_TITLES)):
            return current
        current = current.parent
    return None


def is_teaser(tree: LexborHTMLParser, node: LexborNode, url: str, title: str) -> bool:
    """Tell a text that is one teaser of a listing: the heading above it leads to another page."""
    if len(tree.css("h1 a[href], h2 a[href], h3 a[href], h4 a[href]")) < _TEASERS:
        return False
    key, current = fold_key(title), node
    for _ in range(_TEASER_LEVELS):
        headings = current.css("h1, h2, h3, h4")
        if headings:
            own = any(fold_key(flat(h)) == key and not _leads_away(h, url) for h in headings)
            return not own and _leads_away(headings[0], url)
        if current.parent is None or current.tag == "body":
            return False
        current = current.parent
    return False


def _leads_away(heading: LexborNode, url: str) -> bool:
    link = heading.css_first("a[href]")
    href = absolute(url, link.attributes.get("href") or "") if link is not None else None
    return href is not None and href.rstrip("/") != url.rstrip("/")
