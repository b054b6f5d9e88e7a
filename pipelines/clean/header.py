"""When an article of an unknown CMS appeared and who wrote it, by what stands at its head."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.clean.dates import parse_machine, parse_printed
from pipelines.clean.entities import byline
from pipelines.clean.fields import possible
from pipelines.clean.headings import LONGEST_DATE
from pipelines.clean.main_text import letters
from pipelines.clean.markup import machine_times
from pipelines.clean.reading import Published
from pipelines.clean.text import fold_key, tidy
from pipelines.clean.tree import flat
from pipelines.records import Precision

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from selectolax.lexbor import LexborNode

    from pipelines.clean.markup import Markup
    from pipelines.records import Page

_DATES = (
    "time, [class*=date], [class*=Date], [class*=time], [class*=Time], [class*=pub], [id*=Date], "
    "[class*=meta], [class*=info], .submitted, [class*=ngay], [class*=Ngay], [id*=Ngay], "
    "[class*=thoigian]"
)
_LEAVES = frozenset(
    {"span", "small", "i", "em", "div", "p", "li", "font", "td", "b", "strong", "time"}
)
_ADDRESS_DAY = re.compile(r"/(20\d\d)([/-])(0?[1-9]|1[0-2])\2(0?[1-9]|[12]\d|3[01])/")
_LEVELS, _BEFORE = 4, 3
_AUTHORS = "[class*=author], [rel=author], [itemprop=author]"


def published(
    own: LexborNode | None, above: Iterable[str], markup: Markup, page: Page
) -> Published:
    """Give the publication time: by JSON-LD, by what is printed at the head, by other markup.

    Where the page tells none, the day in its address ("/2023-01-30/") is taken.

    A machine time whose figures are printed too was written without regard to its zone: CMSs put a
    Z behind a local time. Microdata comes last, for it may tell the time of the last edit.
    """
    fetched_at = page.fetched_at
    printed = _printed(own, above, fetched_at)
    for name, text in machine_times(markup):
        found = parse_machine(text)
        if found is None or not possible(found.at, fetched_at):
            continue
        if name == "generic.microdata" and printed.at:
            return printed
        if printed.precision is Precision.MINUTE and found.precision is Precision.DAY:
            return printed  # some templates state the same day on every page
        bare = parse_machine(text[: len("2026-11-22T10:30")])
        if printed.precision is Precision.MINUTE and bare and _same_minute(bare.at, printed.at):
            return printed
        return Published(found.at, found.precision, name)
    return printed if printed.at else _in_address(page)


def _in_address(page: Page) -> Published:
    told = _ADDRESS_DAY.search(page.url)
    found = parse_printed("-".join(told.group(1, 3, 4))) if told else None
    if found is None or not possible(found.at, page.fetched_at):
        return Published()
    return Published(found.at, found.precision, "generic.address")


def _same_minute(one: datetime, other: datetime | None) -> bool:
    return other is not None and one == other.replace(second=0)


def _printed(own: LexborNode | None, above: Iterable[str], fetched_at: datetime) -> Published:
    """Give the best time that is printed in the article's own element, or right above its text."""
    best = _marked_time(own, fetched_at)
    if best.precision is Precision.MINUTE:
        return best
    for text in (*_texts(own, _DATES), *(line for line in above if len(line) <= LONGEST_DATE)):
        found = parse_printed(text)
        if found is None or not possible(found.at, fetched_at):
            continue
        if found.precision is Precision.MINUTE:
            return Published(found.at, found.precision, "generic.printed")
        if best.at is None:
            best = Published(found.at, found.precision, "generic.printed")
    return best


def _marked_time(own: LexborNode | None, fetched_at: datetime) -> Published:
    """Give the time of the first time element: its own, if it tells the day that it prints."""
    node = own.css_first("time[datetime]") if own is not None else None
    found = parse_machine(node.attributes.get("datetime") or "") if node is not None else None
    if node is None or found is None or not possible(found.at, fetched_at):
        return Published()
    shown = parse_printed(flat(node))
    if shown is None:
        return Published(found.at, found.precision, "generic.time")
    if shown.precision is Precision.MINUTE or shown.at.date() != found.at.date():
        return Published()
    return Published(found.at, found.precision, "generic.time")


def leaves_above(inner: LexborNode, title: str) -> list[str]:
    """Give the short texts of single elements between title and text, and the few above the title.

    Date and views often stand in one line without a space between their elements.
    """
    wanted, current = letters(title), inner.parent
    for _ in range(_LEVELS):
        if current is None or current.tag in {"body", "html"}:
            return []
        if wanted in letters(current.text()):
            break
        current = current.parent
    else:
        return []
    texts: list[str] = []
    titled = 0
    for node in current.traverse():
        if node.mem_id == inner.mem_id:
            break
        if node.tag in _LEAVES or letters(node.text(deep=False)) == wanted:
            text = tidy(node.text(deep=False))
            if letters(text) == wanted:
                titled = len(texts)
            elif text and len(text) <= LONGEST_DATE:
                texts.append(text)
    return [*texts[titled:], *texts[max(0, titled - _BEFORE) : titled]]


def author(own: LexborNode | None, above: Iterable[str], markup: Markup) -> str | None:
    """Give the person whom the head of the article names; the portal itself is none."""
    labelled = (*_texts(own, "p, span, div, li"), *above)
    for text in labelled:
        named = byline(text) if text.count(":") == 1 else None
        if named and named.author:
            return named.author
    for text in (*_texts(own, _AUTHORS), *_credit_behind(own)):
        named = byline(text, last=True)
        if named and named.author and fold_key(named.author) != fold_key(markup.site):
            return named.author
    return None


def _credit_behind(own: LexborNode | None) -> Iterator[str]:
    """Give the name in the element right behind the article's own, where it is marked as one."""
    node = own.next if own is not None else None
    while node is not None and not node.is_element_node:
        node = node.next
    if node is not None and "author" in (node.attributes.get("class") or ""):
        yield flat(node)


def _texts(own: LexborNode | None, selector: str) -> Iterator[str]:
    """Give the short texts of the article's own element that a selector finds."""
    for found in own.css(selector) if own is not None else ():
        text = flat(found)
        if text and len(text) <= LONGEST_DATE and found.css_first("h2, h3, h4") is None:
            yield text
