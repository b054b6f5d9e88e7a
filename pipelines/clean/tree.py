"""Bytes become text and a parsed tree; links and plain texts are read from it."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from pipelines.clean import legacy
from pipelines.clean.text import mojibake, tidy
from pipelines.records import Cleaned, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from selectolax.lexbor import LexborNode

MAX_LINKS = 5_000
# a page cut in transfer may lose part of its last character; more broken bytes are another charset
_BROKEN_SHARE = 0.001
_ASCII = bytes(range(128))
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:.-]{2,40})", re.IGNORECASE)
_ROOT = re.compile(r"https?://[^/?#]+")
_OWN_NAME = re.compile(r"(?=.*\d)(?=.*-.*-)[^/]+")  # of a document: a slug with a number
_FROM_ROOT = ("/", "http://", "https://")  # of the page's own address these need the host alone
# an old site's front page may be a set of frames; of a page's many links in its head two are read
ADDRESSED = "[href]:not(link:not([rel=next], [rel=canonical])), frame[src]"
_LINKS = frozenset({"a", "area"})
# an absolute address that joining leaves as it is
_PLAIN = re.compile(r"(https?://[a-zA-Z0-9.-]+(?::\d{1,5})?(?:/[^\s?#;]*)?(?:\?[^\s#]+)?)(?:#.*)?")
_TAG = re.compile(r"<[^>]{0,500}>")
_CHARSET = re.compile(r"utf|cp|iso8859|ascii|koi8|gb|big5|euc|shift|mac|tis|johab|hz|iso2022")
# the first byte of ạ to ỹ in UTF-8, which no misread text has; a page of news holds hundreds
_VIETNAMESE = b"\xe1"
_SURELY_SOUND = 50
# what only cp1258 text has: a letter followed by one of its combining tone marks
_CP1258_TONE = re.compile("[aeiouyâêôăơưAEIOUYÂÊÔĂƠƯ][\u0300\u0301\u0303\u0309\u0323]")


def to_utf8(body: bytes, declared: str | None) -> bytes | Cleaned:
    """Give the page in UTF-8 without NULs, or the fault BAD_ENCODING with the charset's name.

    Valid UTF-8 is UTF-8 whatever is declared (servers lie; other charsets do not pass for it); then
    the charset of the header, of the page's own meta, and Windows-1258. What turns out to be a
    misread Vietnamese encoding is turned into Vietnamese; what stays unreadable is a fault.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            text = body.decode(name, errors="replace").lstrip("\ufeff")
            return text.replace("\0", "").encode(errors="replace")
    try:
        text = raw = body.decode()
    except UnicodeDecodeError:
        text, raw = _other_text(body, declared), body.decode("latin-1")
        body = text.encode(errors="replace")
    if not _holds(body, _VIETNAMESE, _SURELY_SOUND):
        encoding = _misread(text)
        meant = legacy.decode(raw, encoding) if encoding else text
        if not meant or _misread(meant):
            return Cleaned(Outcome.BAD_ENCODING, f"encoding.{(encoding or 'unknown').lower()}")
        if encoding:
            body = meant.encode(errors="replace")
    return body.replace(b"\0", b"")


def _holds(body: bytes, mark: bytes, times: int) -> bool:
    """Tell whether ``mark`` stands in ``body`` so often: a count would read it to its end."""
    at = -1
    for _ in range(times):
        at = body.find(mark, at + 1)
        if at < 0:
            return False
    return True


def _misread(html: str) -> str | None:
    return mojibake(_TAG.sub(" ", html))


def _other_text(body: bytes, declared: str | None) -> str:
    """Read bytes that are no UTF-8; empty where no charset fits."""
    text = body.decode(errors="replace")
    if text.count("\ufffd") <= max(1, len(text) * _BROKEN_SHARE):
        return text
    vietnamese = body.decode("cp1258", errors="replace")
    letters = len(body.translate(None, _ASCII))
    if len(_CP1258_TONE.findall(vietnamese)) >= letters / 10:
        return unicodedata.normalize("NFC", vietnamese)
    western = body.decode("cp1252", errors="replace")
    if _misread(western):
        return western
    found = _META.search(body[:4096])
    stated = (declared, found[1].decode("ascii", "replace") if found else None)
    names = [name for name in map(_codec, filter(None, stated)) if name and name != "utf-8"]
    if names and names[0] not in {"cp1252", "cp1258"}:
        return body.decode(names[0], errors="replace")
    return western if "cp1252" in names else ""


def _codec(name: str) -> str | None:
    try:
        known = codecs.lookup(name).name
    except (LookupError, ValueError):  # ValueError: a NUL in the name
        return None
    if not _CHARSET.match(known):
        return None  # "hex", "idna" and the like decode no pages
    # browsers read every Latin-1 as Windows-1252 (WHATWG Encoding, section 4.2)
    return "cp1252" if known in {"iso8859-1", "ascii"} else known


def base_of(nodes: Iterable[LexborNode], url: str) -> str:
    """Give the address that relative links start from, of a page's elements with an address.

    A ``base href`` on another host is ignored: newspapers set it to their image server.
    """
    node = next((node for node in nodes if node.tag == "base"), None)
    base = absolute(url, node.attrs.get("href") or "") if node is not None else None
    return base if base and urlsplit(base).netloc == urlsplit(url).netloc else url


def canonical(nodes: Iterable[LexborNode], url: str) -> str | None:
    """Give the address that a copy of a page (for telephones, for print) names as the page's own.

    Many portals name one address for all their pages: only one that ends as the page's own does,
    in a name and number of the document's own, is taken at its word.
    """
    links = (node for node in nodes if node.tag == "link" and node.attrs.get("rel") == "canonical")
    stated = next((absolute(url, node.attrs.get("href") or "") for node in links), None)
    if stated is None or stated == url:
        return None
    own, other = urlsplit(url), urlsplit(stated)
    name = own.path.rstrip("/").rpartition("/")[2]
    alike = other.path.rstrip("/").rpartition("/")[2] == name and other.netloc == own.netloc
    if not alike or own.query or other.query or other.path == own.path:
        return None
    return stated if _OWN_NAME.fullmatch(name) else None


def absolute(base: str, href: str) -> str | None:
    """Give the absolute http(s) address without fragment, or None for what is none."""
    href = href.strip()
    # nine links of ten are one of these two, and joining costs ten times as much
    rooted = href[:1] == "/" != href[1:2] and "/." not in href and href.isprintable()
    if rooted and (root := _root(base)):
        return (root + href).partition("#")[0].replace(" ", "%20")
    if found := _PLAIN.fullmatch(href):
        return found[1]
    if not href or href[0] == "#" or href[:11].lower() == "javascript:":
        return None
    try:
        url = urljoin(base, href).partition("#")[0]
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return None
    return url.replace(" ", "%20")


@lru_cache(maxsize=64)
def _root(base: str) -> str:
    found = _ROOT.match(base)
    return found[0] if found else ""


def links(nodes: Iterable[LexborNode], base: str) -> tuple[str, ...]:
    """Give where a page's elements with an address lead to.

    Absolute, each address once, at most ``MAX_LINKS``.
    """
    found: dict[str, None] = {}
    root = _root(base)
    for node in nodes:
        tag, attributes = node.tag, node.attrs
        if tag == "frame":
            href = attributes.get("src") or ""
        elif tag in _LINKS or (tag == "link" and attributes.get("rel") == "next"):
            href = attributes["href"] or ""
        else:
            continue
        url = _link(root if root and href.startswith(_FROM_ROOT) else base, href)
        if url is not None:
            found[url] = None
            if len(found) >= MAX_LINKS:
                break
    return tuple(found)


@lru_cache(maxsize=4096)
def _link(base: str, href: str) -> str | None:
    """Make an address once for all the pages that have it in their menu."""
    return absolute(base, href)


def forget_links() -> None:
    """Drop the addresses kept from earlier pages: a measurement starts without them."""
    _link.cache_clear()


@dataclass(frozen=True, slots=True)
class Area:
    """Where selectors look: the article's own element, or the whole page for ``html ...``."""

    root: LexborNode
    scope: LexborNode
    head: LexborNode | None
    firsts: dict[str, LexborNode | None] = field(default_factory=dict)

    def css(self, selector: str) -> list[LexborNode]:
        """Give the matches of a selector, in the order of the page."""
        if not selector.startswith("html "):
            return self.scope.css(selector)
        # mostly a meta stands in the head, which is small
        if self.head is not None and selector.startswith("html meta"):
            return self.head.css(selector) or self.root.css(selector)
        return self.root.css(selector)

    def first(self, selector: str) -> LexborNode | None:
        """Give the first match of a selector; it is looked for once."""
        if selector not in self.firsts:
            whole = selector.startswith("html ")
            found = None
            if whole and self.head is not None and selector.startswith("html meta"):
                found = self.head.css_first(selector)
            within = self.root if whole else self.scope
            self.firsts[selector] = found or within.css_first(selector)
        return self.firsts[selector]

    def texts(self, selector: str) -> list[str]:
        """Give the texts (attributes) of all matches, those that are empty left out."""
        css, _, attribute = selector.partition("@")
        return [text for match in self.css(css) if (text := _value(match, attribute))]

    def matches(self, selector: str) -> Iterator[tuple[LexborNode, str]]:
        """Give each match of ``selector`` or ``selector@attribute`` with its text or attribute."""
        css, _, attribute = selector.partition("@")
        # no further than the first match until more are wanted: mostly it is the one
        first = self.first(css)
        if first is None:
            return
        yield first, _value(first, attribute)
        for match in self.css(css)[1:]:
            yield match, _value(match, attribute)

    def first_text(self, selectors: Iterable[str]) -> str:
        """Give the first text that one of ``selectors`` finds, in their order; empty for none."""
        return self.first_shown(selectors)[1]

    def first_shown(self, selectors: Iterable[str]) -> tuple[LexborNode | None, str]:
        """Give the first match of ``selectors`` with a text, and that; None and "" for none."""
        for selector in selectors:
            for node, text in self.matches(selector):
                if text:
                    return node, text
        return None, ""


def _value(node: LexborNode, attribute: str) -> str:
    return tidy(node.attrs.get(attribute) or "") if attribute else flat(node)


def flat(node: LexborNode, most: int | None = None) -> str:
    """Give an element's text as one line: a line break or a new block is a space.

    Of one with more than ``most`` letters and nodes give "": what it may be is shorter, and need
    not be read.
    """
    only = node.first_child
    if only is not None and only.tag == "-text" and only.next is None:  # a link, a name, a time
        text = only.text_content or ""
        return "" if most and len(text) + 2 > most else tidy(text)
    parts: list[str] = []
    read = 0
    for child in node.traverse(include_text=True):
        read += 1
        if child.tag == "-text":
            parts.append(child.text_content or "")
            read += len(parts[-1])
        elif child.tag in {"br", "p", "div", "li", "td"}:
            parts.append(" ")
        if most and read > most:
            return ""
    return tidy("".join(parts))
