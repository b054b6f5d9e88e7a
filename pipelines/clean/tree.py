"""Bytes become text and a parsed tree; links and plain texts are read from it."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipelines.clean.text import mojibake, tidy
from pipelines.records import Cleaned, Link, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_LINKS = 5_000
# a page cut in transfer may lose part of its last character; more broken bytes are another charset
_BROKEN_SHARE = 0.001
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:.-]{2,40})", re.IGNORECASE)
_ROOT = re.compile(r"https?://[^/?#]+")
_CHARSET = re.compile(r"utf|cp|iso8859|ascii|koi8|gb|big5|euc|shift|mac|tis|johab|hz|iso2022")
_STRAY_END = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)
# frequent letters that no misread text has; a page of news holds hundreds
_VIETNAMESE = "ạảấầếộợư"
_SURELY_SOUND = 50
# what only cp1258 text has: a letter followed by one of its combining tone marks
_CP1258_TONE = re.compile("[aeiouyâêôăơưAEIOUYÂÊÔĂƠƯ][\u0300\u0301\u0303\u0309\u0323]")


def decode(body: bytes, declared: str | None) -> str | Cleaned:
    """Give the page's text without NULs, or the fault BAD_ENCODING with the charset's name.

    Valid UTF-8 is UTF-8 whatever is declared (servers lie; other charsets do not pass for it); then
    the charset of the header, of the page's own meta, and Windows-1258.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body.decode(name, errors="replace").lstrip("\ufeff").replace("\0", "")
    try:
        return _sound(body.decode())
    except UnicodeDecodeError:
        return _decode_other(body, declared)


def _decode_other(body: bytes, declared: str | None) -> str | Cleaned:
    text = body.decode(errors="replace")
    if text.count("\ufffd") <= max(1, len(text) * _BROKEN_SHARE):
        return _sound(text)
    found = _META.search(body[:4096])
    stated = (declared, found[1].decode("ascii", "replace") if found else None)
    names = [name for name in map(_codec, filter(None, stated)) if name and name != "utf-8"]
    if names and names[0] not in {"cp1252", "cp1258"}:
        return _sound(body.decode(names[0], errors="replace"))
    vietnamese = body.decode("cp1258", errors="replace")
    letters = sum(byte > 127 for byte in body)  # noqa: PLR2004 - the end of ASCII
    if len(_CP1258_TONE.findall(vietnamese)) >= letters / 10:
        return _sound(unicodedata.normalize("NFC", vietnamese))
    western = body.decode("cp1252", errors="replace")
    if "cp1252" in names or mojibake(western):
        return _sound(western)
    return Cleaned(Outcome.BAD_ENCODING, "encoding.unknown")


def _codec(name: str) -> str | None:
    try:
        known = codecs.lookup(name).name
    except LookupError:
        return None
    if not _CHARSET.match(known):
        return None  # "hex", "idna" and the like decode no pages
    # browsers read every Latin-1 as Windows-1252 (WHATWG Encoding, section 4.2)
    return "cp1252" if known in {"iso8859-1", "ascii"} else known


def _sound(text: str) -> str | Cleaned:
    text = text.replace("\0", "")
    if sum(map(text.count, _VIETNAMESE)) >= _SURELY_SOUND:
        return text
    legacy = mojibake(re.sub(r"<[^>]{0,500}>", " ", text))
    return Cleaned(Outcome.BAD_ENCODING, f"encoding.{legacy.lower()}") if legacy else text


def parse(text: str) -> LexborHTMLParser:
    """Parse a page once; early end tags of html and body, which hide the rest, are taken out."""
    return LexborHTMLParser(_STRAY_END.sub("", text))


def base_of(tree: LexborHTMLParser, url: str) -> str:
    """Give the address that relative links start from.

    A ``base href`` on another host is ignored: newspapers set it to their image server.
    """
    node = tree.css_first("base[href]")
    if node is None:
        return url
    base = absolute(url, node.attributes.get("href") or "")
    return base if base and urlsplit(base).netloc == urlsplit(url).netloc else url


def absolute(base: str, href: str) -> str | None:
    """Give the absolute http(s) address without fragment, or None for what is none."""
    href = href.strip()
    if (
        href[:1] == "/" != href[1:2]
        and "/." not in href
        and href.isprintable()
        and (root := _ROOT.match(base))
    ):
        return (root[0] + href).partition("#")[0].replace(" ", "%20")  # nine links of ten
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


def links(tree: LexborHTMLParser, base: str) -> tuple[Link, ...]:
    """Give the page's links, absolute, each address once, at most ``MAX_LINKS``."""
    found: dict[str, str] = {}
    for node in tree.css("a[href], area[href], link[rel=next]"):
        url = absolute(base, node.attributes.get("href") or "")
        if url is None:
            continue
        if not found.get(url):
            found[url] = tidy(node.text(separator=" "))[:300]
        if len(found) >= MAX_LINKS:
            break
    return tuple(Link(url, text) for url, text in found.items())


@dataclass(frozen=True, slots=True)
class Area:
    """Where selectors look: the article's own element, or the whole page for ``html ...``."""

    root: LexborNode
    scope: LexborNode

    def css(self, selector: str) -> list[LexborNode]:
        """Give the matches of a selector, in the order of the page."""
        return (self.root if selector.startswith("html ") else self.scope).css(selector)

    def matches(self, selector: str) -> Iterator[tuple[LexborNode, str]]:
        """Give each match of ``selector`` or ``selector@attribute`` with its text or attribute."""
        css, _, attribute = selector.partition("@")
        for match in self.css(css):
            value = match.attributes.get(attribute) if attribute else flat(match)
            yield match, tidy(value or "")

    def first_text(self, selectors: Iterable[str]) -> str:
        """Give the first text that one of ``selectors`` finds, in their order; empty for none."""
        texts = (text for selector in selectors for _, text in self.matches(selector))
        return next(filter(None, texts), "")


def flat(node: LexborNode) -> str:
    """Give an element's text as one line: a line break or a new block is a space."""
    parts: list[str] = []
    for child in node.traverse(include_text=True):
        if child.tag == "-text":
            parts.append(child.text_content or "")
        elif child.tag in {"br", "p", "div", "li", "td"}:
            parts.append(" ")
    return tidy("".join(parts))
