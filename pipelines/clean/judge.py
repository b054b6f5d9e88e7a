"""Say what a page is when it is no article: challenge, block, login, soft 404, listing, thin."""

from __future__ import annotations

import re
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING

from pipelines.clean.tree import flat
from pipelines.records import Cleaned, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from collections.abc import Set as AbstractSet

    from selectolax.lexbor import LexborHTMLParser, LexborNode

    from pipelines.clean.rules import Marker, PageRules
    from pipelines.records import Page

EMPTY_SELECTOR = "clean.empty_selector:"
_SMALL = 30_000
_BLANK = re.compile(rb"[ \t\r\n\0]*+")
_D1N = re.compile(rb"document\.cookie\s*=\s*[\"']D1N=")
_RELOAD = re.compile(
    rb"\s*(?:<html>\s*)?<script[^>]*>[^<]{0,4000}location\.(?:reload|href)", re.IGNORECASE
)
_CLOUDFLARE = re.compile(
    rb"cf-chl-|/cdn-cgi/challenge-platform/h/|_cf_chl_opt|<title>Just a moment\.\.\.</title>"
    rb"|Attention Required! \| Cloudflare"
)
# NukeViet's flood blocker answers 200 in some editions, also in place of robots.txt and feeds
_FLOOD = re.compile(r"floodblocker|<title>\s*Hãy đợi|Hệ thống đang từ chối truy cập".encode())
_BINARY = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"PK\x03\x04", "archive"),
    (b"\x1f\x8b", "gzip"),
    (b"Rar!", "archive"),
    (b"\xd0\xcf\x11\xe0", "office"),
    (b"RIFF", "media"),
    (b"ID3", "media"),
)
_FEED = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<[!?][^>]*>\s*)*<(rss|feed|urlset|sitemapindex|rdf:RDF)\b"
)
_JSON = re.compile(rb"\s*[\[{]\s*[\"\]}{\[]")
_NUL_SHARE = 0.01
_PRINT = re.compile(
    r"/(?:print|savefile|in-(?:bai|tin|trang)(?:-viet)?|ban-in)/|/print\.aspx|[?&]print=",
    re.IGNORECASE,
)
_PAGE_CLASSES = re.compile(r"body\.([\w.-]+)")
_GONE = frozenset({404, 410})
_REFUSED = frozenset({403, 405, 406, 429, 451})
_NOT_FOUND_TITLE = re.compile(
    r"(?:lỗi )?(?:404\b|error 404|lỗi truy cập 404|page not found|not found\b|không tìm thấy"
    r"|trang không tồn tại|bài viết không tồn tại|this page doesn't seem to exist)",
    re.IGNORECASE,
)


def bytes_fault(page: Page) -> Cleaned | None:
    """Judge a page before it is decoded: what it visibly is when it is no HTML article."""
    body = page.body
    if _BLANK.fullmatch(body):
        return Cleaned(Outcome.EMPTY, "page.empty")
    for magic, name in _BINARY:
        if body.startswith(magic):
            return Cleaned(Outcome.BAD_CONTENT, f"content.{name}")
    wide = body[:2] in {b"\xff\xfe", b"\xfe\xff"}
    if 0 in body and not wide and body.count(0) > len(body) * _NUL_SHARE:
        return Cleaned(Outcome.BAD_CONTENT, "content.nul")
    return wall_in(body) or _status(page.status) or _other_content(body)


def wall_in(body: bytes) -> Cleaned | None:
    """Name the wall that a short page is: a challenge, or a flood blocker's refusal."""
    if len(body) > _SMALL:
        return None
    if _D1N.search(body):
        return Cleaned(Outcome.CHALLENGE, "challenge.d1n")
    if _CLOUDFLARE.search(body):
        return Cleaned(Outcome.CHALLENGE, "challenge.cloudflare")
    if _FLOOD.search(body):
        return Cleaned(Outcome.BLOCKED, "blocked.flood")
    if _RELOAD.match(body):
        return Cleaned(Outcome.CHALLENGE, "challenge.script")
    return None


def _status(status: int) -> Cleaned | None:
    if status in _GONE:
        return Cleaned(Outcome.GONE, f"http.{status}")
    if status == HTTPStatus.UNAUTHORIZED:
        return Cleaned(Outcome.LOGIN, "http.401")
    if status in _REFUSED:
        return Cleaned(Outcome.BLOCKED, f"http.{status}")
    if status >= HTTPStatus.BAD_REQUEST:
        return Cleaned(Outcome.FAILED, f"http.{status}")
    return None


def _other_content(body: bytes) -> Cleaned | None:
    start = body[:3000].removeprefix(b"\xef\xbb\xbf")
    if found := _FEED.match(start):
        return Cleaned(Outcome.NOT_ARTICLE, f"content.{found[1].decode()}")
    if _JSON.match(start):
        return Cleaned(Outcome.NOT_ARTICLE, "content.json")
    return None


def page_fault(tree: LexborHTMLParser, page: Page) -> Cleaned | None:
    """Judge a parsed page by what holds whether or not its family is known."""
    if _PRINT.search(page.url):
        return Cleaned(Outcome.NOT_ARTICLE, "judge.print")
    title = tree.css_first("title")
    if title is not None and _NOT_FOUND_TITLE.match(flat(title)):
        return Cleaned(Outcome.SOFT_404, "judge.title_404")
    return None


def with_body(tree: LexborHTMLParser, body: LexborNode, rules: PageRules) -> Cleaned | None:
    """Judge a page with title and body: a marker counts in the body or on the page's element.

    Elsewhere on such a page it is another block's, an empty side column for example.
    """
    whole = _classes(tree.body)
    return _refused(rules, lambda marker: _marks(whole, body, marker))


def without_body(tree: LexborHTMLParser, rules: PageRules, missing: str) -> Cleaned:
    """Name a page on which the family's rules found no article; the missing selector is loud."""
    root = tree.root
    assert root is not None, "a parsed page has a root"
    for kind in (_refused, _listed):
        if found := kind(rules, lambda marker: _marked(root, marker)):
            return found
    return Cleaned(Outcome.NOT_ARTICLE, EMPTY_SELECTOR + missing)


def _refused(rules: PageRules, is_marked: Callable[[Marker], bool]) -> Cleaned | None:
    kinds = (
        (rules.blocked, Outcome.BLOCKED, "blocked"),
        (rules.login, Outcome.LOGIN, "login"),
        (rules.soft_404, Outcome.SOFT_404, "soft_404"),
        (rules.other, Outcome.NOT_ARTICLE, "other"),
    )
    return _first(kinds, is_marked)


def _listed(rules: PageRules, is_marked: Callable[[Marker], bool]) -> Cleaned | None:
    kinds = (
        (rules.gallery, Outcome.NOT_ARTICLE, "gallery"),
        (rules.listing, Outcome.LISTING, "listing"),
    )
    return _first(kinds, is_marked)


def _first(
    kinds: Iterable[tuple[Iterable[Marker], Outcome, str]], is_marked: Callable[[Marker], bool]
) -> Cleaned | None:
    for markers, outcome, name in kinds:
        for marker in markers:
            if is_marked(marker):
                return Cleaned(outcome, f"judge.{name}:{marker.selector}")
    return None


def _marked(node: LexborNode, marker: Marker) -> bool:
    nodes = node.css(marker.selector)
    if marker.text is not None:
        nodes = [node for node in nodes if marker.text.search(flat(node))]
    return len(nodes) >= marker.least


def _marks(whole: AbstractSet[str], body: LexborNode, marker: Marker) -> bool:
    """Ask the classes of the page's element for ``body.attachment``, the body for the others."""
    wanted = _page_classes(marker.selector)
    return wanted <= whole if wanted else _marked(body, marker)


@lru_cache(maxsize=256)
def _page_classes(selector: str) -> frozenset[str]:
    found = _PAGE_CLASSES.fullmatch(selector)
    return frozenset(found[1].split(".")) if found else frozenset()


def _classes(node: LexborNode | None) -> frozenset[str]:
    return frozenset((node.attrs.get("class") or "").split()) if node is not None else frozenset()
