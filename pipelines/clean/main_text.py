"""Find the main text of a page of an unknown CMS: prune, trafilatura, and the element it lies in.

trafilatura says what the text is; its serialisation loses ``<div>`` paragraphs, captions and leads,
so the element that holds its lines is walked again and the gaps between them are filled.
Settings: the best of those measured on portal pages (F1 .968 against .805 of the default).
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import lxml.html
import trafilatura
from trafilatura import external

from pipelines.clean.dates import parse_printed
from pipelines.records import Precision

if TYPE_CHECKING:
    from collections.abc import Sequence

    from selectolax.lexbor import LexborHTMLParser, LexborNode


# whole class and id tokens: "content-fck-font-size" is a newspaper's body, "font-size" a tool bar
_WASTE_WORDS = """
ad ads adv advertisement banner breadcrumb breadcrumbs c-box c-comment c-news-related c-powered
c-toolbar comment comment-area comment-item comment-list comments comments-area counter
detail-related detail-tag fb-comments fb-like font-size footer form3B header idcomment lienquan
list-news listnews menu mod-related nav navbar navigation news-other news-related newsother
onetidinfoblock1 onetidinfoblock2 other-news post-navigation related related-list related-news
related-posts relatednews rating respond screen-reader-text share sharedaddy showcomment sidebar
sideNavBox site-footer site-header skip-link skip-to-content social socials sr-only tag tags
taglib-ratings thumbrating timeoutsess tin-khac tin-lien-quan tinkhac tinlienquan tlq-item tool
toolbar tools topnav tools-bar top-bar video-box widget widget-area wp-block-latest-posts yarpp
header-banner box-related boxpayk pubshare hidden s4-notdlg ms-formtable ms-formtoolbar
s4-ribbonrow noindex current-time clock album-item
"""
_WASTE = frozenset(_WASTE_WORDS.split())
# parts of class and id tokens ("cmt__item", "NewsRelated"): waste where they hold no large share of
# the page's text and no main heading, for wrappers are called "has-sidebar" and "comments-open"
_PART_WORDS = """
banner breadcrumb breadcrumbs cmt comment comments copyright crumbs lienquan modal newsletter paging
pagination poll popup rating related relate share sharing sidebar social tinkhac toolbar vote
"""
_WASTE_PARTS = frozenset(_PART_WORDS.split())
# the page's own clock: "dnn_dnnCURRENTDATE_lblDate", "date-now"
_CLOCK = re.compile(r"current[-_]?(?:date|time)|(?:date|time)[-_]now\b", re.IGNORECASE)
# bars in which papers print the time beside share buttons or the breadcrumb
_BAR_WORDS = "breadcrumb breadcrumbs crumbs share sharing social tool toolbar tools"
_BARS = frozenset(_BAR_WORDS.split())
_BAR_LETTERS = 200
_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_LARGE_SHARE = 0.4
_RENDERED_SHARE = 0.8
_SILENT_WORDS = """
script style noscript iframe svg template button select option textarea nav footer aside
"""
_SILENT = frozenset(_SILENT_WORDS.split())
_KEPT = frozenset({"html", "body", "form", "main"})
# Drupal prints author and date of an article in a footer above its text
_HEADERS = frozenset({"node__meta", "entry-meta"})
_TABLE = frozenset({"table", "tbody", "thead", "tfoot", "tr"})
_TEXT_BLOCKS = frozenset({"p", "ul", "ol", "blockquote", "pre"})
STOPS = frozenset('.;:!?…”"')
PROSE_WORDS = 8
_CELL_LETTERS = 600  # no cell of data has more
_MOST, _MORE_THAN_HALF = 0.85, 0.55
_NOT_WORD = re.compile(r"\W+")


def prune(tree: LexborHTMLParser) -> None:
    """Take out what is no text of an article: by element, class and id."""
    body = tree.body
    if body is None:
        return
    _show_rendered(body)
    waste: list[LexborNode] = []
    doubtful: list[LexborNode] = []
    for node in body.traverse():
        tag = node.tag
        if tag in _SILENT:
            if tag != "footer" or _HEADERS.isdisjoint((node.attrs.get("class") or "").split()):
                waste.append(node)
        elif node.is_element_node and tag not in _KEPT:
            attributes = node.attributes
            named = attributes.get("class"), attributes.get("id")
            if named != (None, None) and (kind := _waste(named[0] or "", named[1] or "")):
                (waste if kind == "sure" else doubtful).append(node)
    whole = len(body.text()) if doubtful else 0
    waste += [
        node
        for node in doubtful
        if len(node.text()) < whole * _LARGE_SHARE and node.css_first("h1") is None
    ]
    for node in reversed(waste):
        if not _dated_bar(node):
            node.decompose()


def _show_rendered(body: LexborNode) -> None:
    """Take the text out of the noscript element of a page that scripts would else fill."""
    hidden = max(body.css("noscript"), key=_length, default=None)
    if hidden is not None and hidden.css_first("h1, h2, p") is not None:
        silent = sum(map(_length, body.css("script, style")))
        if _length(hidden) > (_length(body) - silent) * _RENDERED_SHARE:
            hidden.unwrap()


def _length(node: LexborNode) -> int:
    return len(node.text())


def _dated_bar(node: LexborNode) -> bool:
    """Tell a bar around the title with the time of the article in it."""
    parts = _PARTS.findall(node.attributes.get("class") or "") if node.tag == "div" else ()
    if _BARS.isdisjoint(parts):
        return False
    text = node.text(separator=" ")
    printed = parse_printed(text) if len(text) <= _BAR_LETTERS else None
    return printed is not None and printed.precision is Precision.MINUTE


@lru_cache(maxsize=4096)
def _waste(classes: str, identity: str) -> str:
    """Say whether an element's names make it waste: "sure", "doubtful", or "" for no."""
    tokens = classes.split()
    if not _WASTE.isdisjoint(tokens) or identity in _WASTE:
        return "sure"
    if _CLOCK.search(classes) or _CLOCK.search(identity):
        return "sure"
    parts = (part.lower() for token in (*tokens, identity) for part in _PARTS.findall(token))
    return "" if _WASTE_PARTS.isdisjoint(parts) else "doubtful"


def extracted(tree: LexborHTMLParser) -> list[str]:
    """Give the lines of text that trafilatura takes from a pruned page."""
    # trafilatura stumbles over a comment in a list
    parser = lxml.html.HTMLParser(remove_comments=True, remove_pis=True)
    page = lxml.html.document_fromstring(tree.html or "<html></html>", parser)
    _open_layout_tables(page)
    # for its second opinion on short pages; with those of all languages it takes 6 ms more a page
    external.JT_STOPLIST = _frequent_words()  # type: ignore[assignment]  # its first value is None
    found = trafilatura.extract(page, favor_recall=True, include_comments=False)
    return [line for line in (found or "").splitlines() if line.strip()]


@cache
def _frequent_words() -> tuple[str, ...]:
    return tuple(external.get_stoplist("Vietnamese"))  # type: ignore[attr-defined]  # justext's, taken from where it is used


def _open_layout_tables(page: lxml.html.HtmlElement) -> None:
    """Make blocks of tables that lay out the page: a row of them would come out as one line."""
    for table in list(page.iter("table")):
        if table.find(".//table") is not None or any(
            len(cell.text_content()) > _CELL_LETTERS for cell in table.iter("td")
        ):
            for part in table.iter("table", *_TABLE, "td", "th"):
                if next(part.iterancestors("table"), table) is table:
                    part.tag = "div"


def letters(text: str) -> str:
    """Give the letters only: the two parsers join and space inline elements differently."""
    return _NOT_WORD.sub("", text if text.isascii() else unicodedata.normalize("NFC", text))


def is_sentence(line: str) -> bool:
    """Tell prose from the headlines of other articles, which end without a stop."""
    return line.rstrip()[-1:] in STOPS and line.count(" ") >= PROSE_WORDS


def container(tree: LexborHTMLParser, lines: Sequence[str]) -> LexborNode | None:
    """Give the deepest element that still holds most of the extracted text."""
    return _deepest(tree.body, _prose_keys(lines), _MOST) if tree.body is not None else None


def _prose_keys(lines: Sequence[str]) -> set[str]:
    return {letters(line) for line in [line for line in lines if is_sentence(line)] or lines}


def _deepest(node: LexborNode, keys: set[str], share: float) -> LexborNode:
    """Descend to the element with ``share`` of the text; of a layout table to the cell."""
    least = sum(map(len, keys)) * share
    best = node
    while (inner := _holding(node, keys, least)) is not None and inner.tag not in _TEXT_BLOCKS:
        node = inner
        if node.tag not in _TABLE:
            best = node
    return best


def _holding(node: LexborNode, keys: set[str], least: float) -> LexborNode | None:
    for child in node.iter():
        text = child.text() if child.child is not None else ""
        if len(text) >= least:
            held = letters(text)
            if sum(len(key) for key in keys if key in held) >= least:
                return child
    return None


def core(node: LexborNode, lines: Sequence[str]) -> LexborNode:
    """Give the element within the container that holds more than half of the extracted text."""
    return _deepest(node, _prose_keys(lines), _MORE_THAN_HALF)
