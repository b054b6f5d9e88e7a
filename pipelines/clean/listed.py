"""Read the days that a listing prints beside its links: some articles tell theirs nowhere else.

An entry of a listing is the largest element that leads to one address; where links and days stand
side by side without one, each day belongs to its neighbour. What leaves a choice is not read, and a
day within a sentence is the day of what the article tells of.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from pipelines.clean.dates import parse_printed
from pipelines.clean.fields import possible
from pipelines.clean.text import tidy
from pipelines.clean.tree import absolute
from pipelines.codec import VIETNAM

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from selectolax.lexbor import LexborHTMLParser, LexborNode

DOOR = "listing"
"""What an article's day is told by, where it is one of these."""
_MOST = 1_000  # days of a page
_LETTERS = 50  # a text with more letters is no date line
_DEPTH = 200
_SILENT = frozenset({"script", "style", "noscript", "select", "option", "textarea"})
# of a decree and of an event: they are not the days on which the portal told of them
_OTHER_DAY = re.compile(
    r"ban hành|hiệu lực|ký|hết hạn|hạn|bắt đầu|kết thúc|khai mạc|từ ngày|đến ngày|hôm nay",
    re.IGNORECASE,
)
_LABEL_WORDS = 3  # a link with fewer names a section, a language, or "Xem tiếp"
_ENTRY = 20  # texts of an entry, at most
_BARE = 12  # letters beside the figures of a day, within a link
_NO_LETTER = re.compile(r"[\d\W_]")
_WEEKDAY = re.compile(r"thứ|chủ nhật", re.IGNORECASE)
_FEWEST = 2  # pairs of a link and a day that show which stands first


@dataclass(slots=True)
class _Part:
    """What an element holds: the one address that it leads to, whether there are more, days.

    ``other``: a day of another kind stands there; ``texts`` is the number of its texts.
    """

    url: str = ""
    several: bool = False
    days: list[datetime] = field(default_factory=list)
    other: bool = False
    texts: int = 0


def days_beside(
    tree: LexborHTMLParser, base: str, fetched_at: datetime
) -> tuple[tuple[str, datetime], ...]:
    """Give the addresses of a page's entries, each with its day (midnight, +07:00)."""
    found: dict[str, datetime] = {}
    if tree.body is not None:
        whole = _read(tree.body, base, fetched_at, found, 0)
        _settle([whole], found)
    return tuple(found.items())[:_MOST]


def _read(
    node: LexborNode, base: str, fetched_at: datetime, found: dict[str, datetime], depth: int
) -> _Part:
    parts = list(_parts(node, base, fetched_at, found, depth)) if depth < _DEPTH else []
    urls = {part.url for part in parts if part.url}
    if len(urls) > 1 or any(part.several for part in parts):
        _settle(parts, found)
        return _Part(several=True)
    days = [day for part in parts for day in part.days]
    texts = sum(part.texts for part in parts)
    other = any(part.other for part in parts)
    return _Part(next(iter(urls), ""), days=days, other=other, texts=texts)


def _parts(
    node: LexborNode, base: str, fetched_at: datetime, found: dict[str, datetime], depth: int
) -> Iterator[_Part]:
    for child in node.iter(include_text=True):
        tag = child.tag or ""
        if tag == "-text":
            text = tidy(child.text_content or "")
            if day := _day(text, fetched_at):
                yield _Part(days=[day], texts=1)
            elif text:
                other = len(text) <= _LETTERS and _OTHER_DAY.search(text) is not None
                yield _Part(other=other, texts=1)
        elif tag == "a":
            yield from _link(child, base, fetched_at)
        elif tag not in _SILENT and child.is_element_node:
            yield _read(child, base, fetched_at, found, depth + 1)


def _link(node: LexborNode, base: str, fetched_at: datetime) -> Iterator[_Part]:
    """Read a link: where it leads to, if its text may be a headline, and a day that it shows.

    A day in a headline is that of what it tells of.
    """
    url = absolute(base, node.attributes.get("href") or "")
    if url and len(node.text(separator=" ").split()) >= _LABEL_WORDS:
        days = []
        for part in node.css("span, time, small, i, em, p, div") if node.child is not None else ():
            text = tidy(part.text(deep=False))
            if len(_NO_LETTER.sub("", text)) <= _BARE and (day := _day(text, fetched_at)):
                days.append(day)
        yield _Part(url, days=days, texts=1)


def _day(text: str, fetched_at: datetime) -> datetime | None:
    if not text or len(text) > _LETTERS or _OTHER_DAY.search(text):
        return None
    printed = parse_printed(text)
    if printed is None or not possible(printed.at, fetched_at):
        return None
    if _WEEKDAY.search(text) and printed.at.date() == fetched_at.astimezone(VIETNAM).date():
        return None  # most likely the page's clock
    return printed.at.replace(hour=0, minute=0, second=0, microsecond=0)


def _settle(parts: list[_Part], found: dict[str, datetime]) -> None:
    """Note the days of entries that stand beside each other."""
    if any(part.other and not part.url for part in parts):
        return  # the head of a table of decrees
    shown = [part for part in parts if part.several or part.url or part.days]
    for part in shown:
        if part.url and not part.other and part.texts <= _ENTRY and len(set(part.days)) == 1:
            found.setdefault(part.url, part.days[0])
    if any(part.several or (part.url and part.days) for part in shown):
        return
    for entry, day in _pairs([part for part in shown if part.url or len(part.days) == 1]):
        found.setdefault(entry.url, day.days[0])


def _pairs(shown: list[_Part]) -> list[tuple[_Part, _Part]]:
    """Give each link with the day beside it where they take turns all the way."""
    turns = all(bool(one.url) != bool(other.url) for one, other in pairwise(shown))
    if not turns or len(shown) < 2 * _FEWEST or len(shown) % 2:
        return []
    halves = zip(shown[::2], shown[1::2], strict=True)
    return [(one, other) if one.url else (other, one) for one, other in halves]
