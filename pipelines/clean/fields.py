"""Read single fields of an article page: author, time, counters, tags, attachments."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from pipelines.clean.dates import parse_machine, parse_printed
from pipelines.clean.entities import byline
from pipelines.clean.reading import Published
from pipelines.clean.text import tidy
from pipelines.clean.tokens import FILE_LABEL
from pipelines.clean.tree import absolute, flat
from pipelines.records import Attachment, Precision

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from selectolax.lexbor import LexborNode

    from pipelines.clean.dates import Order
    from pipelines.clean.rules import CounterRule, PageRules
    from pipelines.clean.tree import Area

_TYPES = r"\.(?:pdf|docx?|xlsx?|pptx?|odt|ods|zip|rar|7z|csv)"
FILES = re.compile(rf"{_TYPES}(?:[?#/]|$)", re.IGNORECASE)
# a link's text that is a file's name: its address may tell no more than a number
FILE_NAME = re.compile(rf"[^/]*\w{_TYPES}(?: ?\([^()]{{1,20}}\))?", re.IGNORECASE)
AUTHOR_LABEL = re.compile(r"^(?:viết|đăng|được đăng) bởi\s*:?\s*", re.IGNORECASE)
SOURCE_LABEL = re.compile(r"^(?:nguồn(?: tin)?\s*:|theo\b)\s*", re.IGNORECASE)

DATE_ORDER = "date.order:"
_OTHER_ORDER: dict[Order, Order] = {"dmy": "mdy", "mdy": "dmy"}
_SIGN_LENGTH = 60
_SIZE = re.compile(r"(?<![\w.,])(\d+(?:[.,]\d+)?) ?(bytes|[KMG]?B)\b", re.IGNORECASE)
_UNITS = {"B": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}
_SIZE_LINE = 300  # characters: a longer line is prose
_EARLIEST_YEAR = 1997  # Việt Nam was connected to the Internet in November 1997


def displayed_author(area: Area, rules: PageRules) -> tuple[str | None, str | None]:
    """Give the author and the source that the page displays; an account's name is no author."""
    shown = (text for selector in rules.author for text in area.texts(selector))
    bare = (AUTHOR_LABEL.sub("", text) for text in dict.fromkeys(shown))
    texts = [text for text in bare if text]
    if not texts:
        return None, None
    found = [byline(text) for text in texts]
    author = found[0].author if found[0] else texts[0]
    source = next((line.source for line in found if line and line.source), None)
    return person(author, rules), source


def person(author: str | None, rules: PageRules) -> str | None:
    """Give the author who is a person; an account's name is none."""
    account = author and rules.not_authors and rules.not_authors.search(author)
    return None if account else author


def displayed_source(area: Area, rules: PageRules) -> str:
    """Give the source that the page displays, without its label ("Nguồn: ")."""
    return SOURCE_LABEL.sub("", area.first_text(rules.source))


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


def published_among(lines: Iterable[str], rules: PageRules, fetched_at: datetime) -> Published:
    """Give the minute that one of the lines tells, in the order and zone of the portal's rules.

    For a theme that prints the time elsewhere than the family's other themes: a day alone may be
    that of an event.
    """
    rule = next((rule for rule in rules.dates if rule.reader == "printed"), None)
    if rule is None:
        return Published()
    for line in lines:
        found = parse_printed(line, order=rule.order, zone=rule.zone)
        if found and found.precision is Precision.MINUTE and possible(found.at, fetched_at):
            return Published(found.at, found.precision, f"{rules.family}.header")
    return Published()


def published_by_address(rules: PageRules, url: str, fetched_at: datetime) -> Published:
    """Give the day of publication that the page's address states."""
    found = rules.dated_address.search(url) if rules.dated_address else None
    stated = parse_machine(f"{found['y']}-{found['m']:0>2}-{found['d']:0>2}") if found else None
    if stated and possible(stated.at, fetched_at):
        return Published(stated.at, stated.precision, f"{rules.family}.address")
    return Published()


def date_signs(
    area: Area, rules: PageRules, found: Published, fetched_at: datetime
) -> tuple[str, ...]:
    """Tell of a printed date that can be read only in the other order of day and month.

    Nothing is read that way: the order is the portal's, and one page may hold a slip of the pen.
    """
    for rule in rules.dates:
        if rule.name == found.source:
            break
        if rule.reader == "machine":
            continue
        for _, text in area.matches(rule.selector):
            if parse_printed(text, order=rule.order, zone=rule.zone):
                continue
            other = parse_printed(text, order=_OTHER_ORDER[rule.order], zone=rule.zone)
            if other and possible(other.at, fetched_at):
                return (f"{DATE_ORDER}{text[:_SIGN_LENGTH]}",)
    return ()


def possible(at: datetime, fetched_at: datetime) -> bool:
    """Tell whether an article that was fetched then can have been published at that time."""
    return at.year >= _EARLIEST_YEAR and at <= fetched_at + timedelta(days=1)


def number(text: str) -> float | None:
    """Read a counter: "2.721", "1,306" and "2 939" are thousands, "4.7" a rating."""
    text = text.strip(".,")
    if re.fullmatch(r"\d{1,3}(?:[., ]\d{3})+", text):
        return float(re.sub(r"[., ]", "", text))
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def counters(area: Area, rules: Iterable[CounterRule]) -> dict[str, float]:
    """Read the counters of a page; the first rule that finds a number gives it."""
    found_values: dict[str, float] = {}
    for rule in rules:
        for node, text in area.matches(rule.selector):
            parent = node.parent if rule.parent else None
            found = rule.pattern.search(flat(parent) if parent is not None else text)
            value = number(found[1]) if found else None
            if value is not None:
                found_values.setdefault(rule.name, value)
                break
    return found_values


def all_texts(area: Area, selectors: Iterable[str]) -> tuple[str, ...]:
    """Give the different texts of the first selector that finds any."""
    for selector in selectors:
        if texts := area.texts(selector):
            return tuple(dict.fromkeys(texts))
    return ()


def attachments_of(nodes: Iterable[LexborNode], base: str) -> tuple[Attachment, ...]:
    """Give the files that ``nodes`` link to, each address once, named by the link's text.

    A file shows itself by its address, or by a name in the link's text: NukeViet sends its files
    from "x-55.html?download=1&id=0", portals on ASP.NET from "download.aspx?id=7".
    """
    found: dict[str, Attachment] = {}
    for node in nodes:
        href = node.attributes.get("href") or ""
        by_address = FILES.search(href)
        if not by_address and "?" not in href:
            continue
        text = tidy(FILE_LABEL.sub("", flat(node)))
        named = by_address or FILE_NAME.fullmatch(text)
        url = absolute(base, href) if named else None
        if url and url not in found:
            name = unquote(urlsplit(url).path.rsplit("/", 1)[-1])
            found[url] = Attachment(url, text or name, _printed_size(node))
    return tuple(found.values())


def _printed_size(node: LexborNode) -> int | None:
    """Give the size in bytes that stands in a file's link, or beside the only link of a line."""
    around = node.parent
    beside = around is not None and len(around.css("a[href]")) == 1
    text = flat(around if around is not None and beside else node)
    found = _SIZE.findall(text) if len(text) <= _SIZE_LINE else []
    if len(found) != 1:
        return None
    figure, unit = found[0]
    value = number(figure)
    return None if value is None else round(value * _UNITS[unit[0].upper()])
