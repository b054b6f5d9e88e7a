"""Read an article page by its family's rules."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from pipelines.clean.dates import parse_machine, parse_printed
from pipelines.clean.entities import byline
from pipelines.clean.reading import Published, Reading
from pipelines.clean.text import fold_key, tidy
from pipelines.clean.tree import Area, absolute, flat
from pipelines.clean.vocabulary import is_chrome
from pipelines.clean.walk import Line, Picture, Walker, is_caption
from pipelines.records import Attachment, Caption

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from selectolax.lexbor import LexborHTMLParser, LexborNode

    from pipelines.clean.rules import CounterRule, PageRules
    from pipelines.clean.walk import Token

FILES = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|odt|ods|zip|rar|7z|csv)(?:[?#/]|$)", re.IGNORECASE)
# "Xem thêm" links that editors put into the text: a pointer, and nothing but a link or a marker
_POINTER = re.compile(r"^(?:>>|»|►|▶|\* ?)?\s*(?:xem thêm|đọc thêm|tin liên quan|mời xem)\b", re.I)
_FILE_LABEL = re.compile(r"^(?:tải về|tải xuống|download|file đính kèm|tệp đính kèm)\s*:?\s*", re.I)
_POINTER_LENGTH = 250
_SENTENCE_SPACES = 6
# who found a text elsewhere is neither its author nor its source
_COLLECTED = re.compile(r"^sưu tầm\s*:.{1,60}$", re.I)
_BYLINE_LINES = 3
_EARLIEST_YEAR = 1997  # Việt Nam was connected to the Internet in November 1997


@dataclass(frozen=True, slots=True)
class Located:
    """An article found on a page: the rules' version that fits, its area, title and body."""

    rules: PageRules
    area: Area
    title: str
    body: LexborNode


def locate(tree: LexborHTMLParser, rules: PageRules) -> Located | str:
    """Find title and body by the newest version that fits, or say which selector found nothing."""
    missing = ""
    for version in rules.versions():
        area = _area(tree, version)
        if area is None:
            missing = missing or "scope"
            continue
        body = _body(area, version)
        title = area.first_text(version.title)
        if body is not None and title:
            return Located(version, area, title, body)
        missing = missing or ("body" if body is None else "title")
    return missing


def read(found: Located, base: str, fetched_at: datetime) -> Reading:
    """Read every part of a located article; ``base`` is the address relative links start from."""
    rules, area = found.rules, found.area
    head = _head_captions(found, base)
    lead = _lead(found)
    attachments = _attachments(found, base)
    counters = _counters(area, rules.counters)
    tokens = _body_tokens(found, base)
    lines, captions = split_captions(tokens)
    lines, author, source = take_byline(lines)
    shown = displayed_author(area, rules)
    return Reading(
        extractor="family",
        family=rules.family,
        title=found.title,
        lead=lead,
        lines=tuple(without_chrome(lines, found.title)),
        captions=(*head, *captions),
        images=_images(tokens, head),
        author=shown[0] or author,
        source=shown[1] or area.first_text(rules.source) or source,
        published=published(area, rules, fetched_at),
        section=area.first_text(rules.section) or None,
        tags=_texts(area, rules.tags),
        attachments=attachments,
        counters=counters,
    )


def _area(tree: LexborHTMLParser, rules: PageRules) -> Area | None:
    root = tree.root
    assert root is not None, "a parsed page has a root"
    found = (tree.css_first(selector) for selector in rules.scope)
    scope = next((node for node in found if node is not None), None)
    if scope is None and rules.scope_required:
        return None
    return Area(root, scope or root)


def _body(area: Area, rules: PageRules) -> LexborNode | None:
    for selector in rules.body:
        nodes = [node for node in area.css(selector) if node.child is not None]
        if not nodes:
            continue
        if rules.body_pick == "first":
            return nodes[0]
        return max(nodes, key=lambda node: len(node.text(strip=True)))
    return None


def _lead(found: Located) -> str:
    rules = found.rules
    for selector in rules.lead:
        for node in found.area.css(selector):
            for waste in node.css("figure, script, style, .fl, #imghome, table, h1"):
                waste.decompose()
            lead = flat(node)
            if rules.lead_prefix:
                lead = tidy(rules.lead_prefix.sub("", lead, count=1))
            if lead:
                return lead
    return ""


def _body_tokens(found: Located, base: str) -> list[Token]:
    for selector in found.rules.drop:
        for node in found.body.css(selector):
            if node != found.body:
                node.decompose()
    return Walker(base).walk(found.body)


def _head_captions(found: Located, base: str) -> tuple[Caption, ...]:
    captions = []
    for selector in found.rules.head_image:
        for node in found.area.css(selector):
            tokens = Walker(base).walk(node)
            pictures = [token for token in tokens if isinstance(token, Picture)]
            text = " ".join(token.text for token in tokens if isinstance(token, Line))
            if fold_key(text) == fold_key(found.title):
                text = ""
            captions += [Caption(picture.src, text) for picture in pictures]
    return tuple(captions)


def split_captions(tokens: Sequence[Token]) -> tuple[list[Line], list[Caption]]:
    """Part the captions from the text; a caption belongs to the last picture before it."""
    lines: list[Line] = []
    captions: list[Caption] = []
    picture: Picture | None = None
    for token in tokens:
        if isinstance(token, Picture):
            picture = token
        elif is_caption(token, picture):
            captions.append(Caption(picture.src if picture else None, token.text))
            picture = None
        else:
            picture = None
            lines.append(token)
    return lines, captions


def take_byline(lines: list[Line]) -> tuple[list[Line], str | None, str | None]:
    """Part author and source from the end of a text; give the lines before, and what they say."""
    author = source = None
    cut = len(lines)
    for index in range(len(lines) - 1, max(-1, len(lines) - 1 - _BYLINE_LINES), -1):
        line = lines[index]
        if is_furniture(line.text):
            continue
        if _COLLECTED.search(line.text):
            cut = index
            continue
        named = line.align == "right" or line.bold or line.italic
        found = byline(line.text, last=named or cut == len(lines))
        if found is None:
            break
        author, source, cut = found.author or author, found.source or source, index
    return lines[:cut], author, source


def without_chrome(lines: Iterable[Line], title: str) -> list[str]:
    """Give the texts of the lines that are no page furniture, pointer or repeated title."""
    title_key = fold_key(title)
    kept = [line.text for line in lines if not is_furniture(line.text)]
    while kept and fold_key(kept[0]) == title_key:
        del kept[0]
    return kept


def is_furniture(text: str) -> bool:
    """Tell a line of page furniture inside an article's own body.

    A whole sentence is none: "Mọi ý kiến phản ánh gửi về UBND xã trước 17 giờ." belongs to a notice.
    """
    if _POINTER.search(text):
        return len(text) < _POINTER_LENGTH
    sentence = text[-1] in ".;!?" and text.count(" ") >= _SENTENCE_SPACES
    return is_chrome(text) and not sentence


def displayed_author(area: Area, rules: PageRules) -> tuple[str | None, str | None]:
    """Give the author and the source that the page displays; an account's name is no author."""
    text = area.first_text(rules.author)
    if not text:
        return None, None
    found = byline(text)
    author, source = (found.author, found.source) if found else (text, None)
    if author and rules.not_authors and rules.not_authors.search(author):
        author = None
    return author, source


def published(area: Area, rules: PageRules, fetched_at: datetime) -> Published:
    """Give the publication time of the first date rule that finds a possible one."""
    for rule in rules.dates:
        for _, text in area.matches(rule.selector):
            if not text:
                continue
            if rule.reader == "machine":
                found = parse_machine(text, zone=rule.zone)
            else:
                found = parse_printed(text, order=rule.order, zone=rule.zone)
            if found and possible(found.at, fetched_at):
                return Published(found.at, found.precision, rule.name)
    return Published()


def possible(at: datetime, fetched_at: datetime) -> bool:
    """Tell whether an article that was fetched then can have been published at that time."""
    return at.year >= _EARLIEST_YEAR and at <= fetched_at + timedelta(days=1)


def number(text: str) -> float | None:
    """Read a counter: "2.721" and "1.306" are thousands, "4.7" a rating."""
    text = text.strip(".,")
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", text):
        return float(re.sub(r"[.,]", "", text))
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def _counters(area: Area, rules: Iterable[CounterRule]) -> dict[str, float]:
    counters: dict[str, float] = {}
    for rule in rules:
        for node, text in area.matches(rule.selector):
            parent = node.parent if rule.parent else None
            found = rule.pattern.search(flat(parent) if parent is not None else text)
            value = number(found[1]) if found else None
            if value is not None:
                counters.setdefault(rule.name, value)
                break
    return counters


def _texts(area: Area, selectors: Iterable[str]) -> tuple[str, ...]:
    for selector in selectors:
        texts = dict.fromkeys(text for _, text in area.matches(selector) if text)
        if texts:
            return tuple(texts)
    return ()


def _attachments(located: Located, base: str) -> tuple[Attachment, ...]:
    nodes = located.body.css("a[href]")
    for selector in located.rules.attachments:
        nodes += located.area.css(selector)
    return attachments_of(nodes, base)


def attachments_of(nodes: Iterable[LexborNode], base: str) -> tuple[Attachment, ...]:
    """Give the files that ``nodes`` link to, each address once, named by the link's text."""
    found: dict[str, str] = {}
    for node in nodes:
        href = node.attributes.get("href") or ""
        url = absolute(base, href) if FILES.search(href) else None
        if url and url not in found:
            name = unquote(urlsplit(url).path.rsplit("/", 1)[-1])
            found[url] = tidy(_FILE_LABEL.sub("", flat(node))) or name
    return tuple(Attachment(url, text) for url, text in found.items())


def _images(tokens: Iterable[Token], head: Iterable[Caption]) -> tuple[str, ...]:
    pictures = [caption.image for caption in head if caption.image]
    pictures += [token.src for token in tokens if isinstance(token, Picture)]
    return tuple(dict.fromkeys(pictures))
