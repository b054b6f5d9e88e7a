"""Guess how a site prints its dates: samples from article pages, and the order of day and month."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from selectolax.lexbor import LexborHTMLParser

from pipelines.clean.dates import parse_printed
from pipelines.clean.text import tidy

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from pipelines.records import Draft, Page

LONGEST_LINE = 80  # characters: a printed date stands in a line of its own, or nearly
LAST_MONTH = 12
DATE = re.compile(
    r"(?<![\d./-])(\d{1,2})[/.-](\d{1,2})[/.-]\d{4}(?!\d)|(?<!\d)\d{4}-\d{2}-\d{2}|\d tháng \d",
    re.IGNORECASE,
)
ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class DateSample:
    """A line with a date as a page prints it ("": none), what it was read as, by which rule."""

    printed: str
    read_as: str
    rule: str


@dataclass(frozen=True, slots=True)
class DateGuess:
    """The order that all dates in figures allow ("": they do not tell, "mixed"), with samples."""

    order: Literal["dmy", "mdy", "mixed", ""]
    samples: tuple[DateSample, ...]


def guess_dates(articles: Sequence[tuple[Page, Draft]]) -> DateGuess:
    """Compare what article pages print with what was read from them.

    A line that most pages share is the header's clock or a list beside the article: left out.
    """
    pages = [_date_lines(page) for page, _ in articles]
    shared = Counter(line for lines in pages for line in set(lines))
    most = max(2, (len(pages) + 1) // 2)
    own = [[line for line in lines if shared[line] < most] for lines in pages]
    order = _order(line for lines in own for line in lines)
    samples = (_sample(lines, draft) for lines, (_, draft) in zip(own, articles, strict=True))
    return DateGuess(order, tuple(samples))


def _date_lines(page: Page) -> list[str]:
    tree = LexborHTMLParser(page.body)
    tree.strip_tags(["script", "style", "noscript", "template"])
    lines = (tree.body.text(separator="\n") if tree.body else "").splitlines()
    tidied = (tidy(line) for line in lines)
    return [line for line in tidied if len(line) <= LONGEST_LINE and DATE.search(line)]


def _order(lines: Iterable[str]) -> Literal["dmy", "mdy", "mixed", ""]:
    found = [m for line in lines for m in DATE.finditer(line) if m[1]]
    day_first = any(int(m[1]) > LAST_MONTH for m in found)
    month_first = any(int(m[2]) > LAST_MONTH for m in found)
    if day_first and month_first:
        return "mixed"
    if not day_first and not month_first:
        return ""
    return "dmy" if day_first else "mdy"


def _sample(lines: Sequence[str], draft: Draft) -> DateSample:
    """Give the line that the draft's date was read from, else the page's first line with a date."""
    read = draft.published_at
    rule = draft.published_from or ""
    shown = read.isoformat(timespec="minutes") if read else ""
    same = [line for line in lines if read and _day(line) == read.date()]
    for_people = sorted(same or lines, key=lambda line: bool(ISO.search(line)))
    return DateSample(next(iter(for_people), ""), shown, rule)


def _day(line: str) -> date | None:
    found = parse_printed(line) or parse_printed(line, order="mdy")
    return found.at.date() if found else None
