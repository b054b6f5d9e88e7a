"""Clean a page's text that comes without DOM: the line-based counterpart of ``clean_page``.

Each line is read by itself first (``lines``). Then the title is found by its witnesses, the lead is
the first running text after it, and the body goes on to the closing words of the page. Between
paragraphs a line that is no sentence may be a caption (``captions``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from pipelines.clean.captions import CREDIT, Placing, is_caption
from pipelines.clean.enrich import enrich
from pipelines.clean.entities import Byline, byline
from pipelines.clean.headline import Head, find_head
from pipelines.clean.judge_text import no_article, no_article_at, stub, unreadable
from pipelines.clean.lines import (
    Kind,
    Line,
    ends_sentence,
    is_entry,
    is_marked,
    is_prose,
    read_lines,
)
from pipelines.clean.vocabulary import is_related, tags_in
from pipelines.records import Caption, Cleaned, Draft, Outcome, Precision

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from pipelines.clean.dates import PrintedDate

THIN_WORDS = 12
_CREDITS = 3  # credit lines at an article's end
_SENTENCES = 2
_SHORT_SENTENCE = 4  # words
_CLOCK_ERROR = timedelta(minutes=15)
_LONGEST_MARK = 120  # characters
_FAMILIES = (
    ("sharepoint", re.compile(r"skip ribbon commands|approval status|font size:.*\(a-\)")),
    ("nukeviet", re.compile(r"tổng số điểm của bài viết|đã không sử dụng site|^những tin cũ hơn")),
    ("liferay", re.compile(r"^null \w|xuất bản thông tin|chi tiết bài viết tin tức")),
    ("wordpress", re.compile(r"^scroll to top|previous post|next post|email của bạn sẽ không")),
    ("fck", re.compile(r"^a a$|^- (?:sáng|chiều|tối|ngày)")),
)


@dataclass(slots=True)
class _Parts:
    """What the walk over the lines has found so far."""

    body: list[str] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    credits: list[Byline] = field(default_factory=list)
    dates: list[PrintedDate] = field(default_factory=list)


def clean_text(
    text: str,
    *,
    url: str,
    portal: str,
    fetched_at: datetime,
    canonical_url: str = "",
    document_key: str = "",
    unit: str = "",
) -> Cleaned:
    """Clean one page's text; never raise for bad input: every fault is a named outcome.

    ``unit`` as for ``enrich``.
    """
    fault = unreadable(text)
    lines = [] if fault else read_lines(text)
    if fault := fault or stub(lines):
        return fault
    head = find_head(lines)
    if head is None:
        return no_article(lines)
    end = _end(lines, head.lead)
    if fault := no_article_at(lines, head, end):
        return fault
    parts = _walk(lines, head, end)
    words = sum(len(paragraph.split()) for paragraph in parts.body)
    if words < THIN_WORDS:
        return Cleaned(Outcome.THIN, f"judge.thin:{words}")
    blank = Draft(
        url=url,
        canonical_url=canonical_url or url,
        portal=portal,
        family=_family(lines),
        extractor="generic",
        title=head.title,
        fetched_at=fetched_at,
        document_key=document_key,
        section=head.section,
    )
    return Cleaned(Outcome.FETCHED, draft=enrich(_filled(blank, lines, head, parts), unit))


def _filled(blank: Draft, lines: Sequence[Line], head: Head, parts: _Parts) -> Draft:
    printed = _published(lines, head, parts, blank.fetched_at)
    credits_ = [line.credit for line in lines[: head.lead] if line.credit] + parts.credits
    return replace(
        blank,
        summary=parts.body[0],
        body=tuple(parts.body),
        captions=tuple(Caption(None, caption) for caption in parts.captions),
        author=next((credit.author for credit in credits_ if credit.author), None),
        source=next((credit.source for credit in credits_ if credit.source), None),
        published_at=printed.at if printed else None,
        published_precision=printed.precision if printed else Precision.NONE,
        published_from="text:date_line" if printed else None,
        tags=next((tags for line in lines if (tags := tags_in(line.text))), ()),
        counters=_counters(lines),
    )


def _walk(lines: Sequence[Line], head: Head, end: int) -> _Parts:
    """Sort the lines after the title into paragraphs, captions, credits and dates."""
    parts = _Parts()
    end = _cut_credits(lines, head.lead, end, parts)
    seen, related = {head.key}, False
    placing = Placing(head.title, lines[head.lead].text)
    for at in range(head.title_at + 1, end):
        line = lines[at]
        related = line.kind is Kind.CLOSING or (related and not is_prose(line))
        if related:
            continue
        if line.kind is Kind.CREDIT and line.credit:
            parts.credits.append(line.credit)
        elif line.kind is Kind.DATE and (at < head.lead or is_marked(line)):
            parts.dates += [line.printed] if line.printed else []
        elif line.kind not in {Kind.TEXT, Kind.DATE} or line.key in seen:
            continue
        elif at != head.lead and is_caption(lines, at, end, placing):
            _add_caption(parts, line)
        elif at >= head.lead:
            parts.body.append(line.text)
        seen.add(line.key)
    return parts


def _cut_credits(lines: Sequence[Line], lead: int, end: int, parts: _Parts) -> int:
    """Take the credits off the article's end, where a bare name is one; give the new end."""
    while end > lead + 1 and len(parts.credits) < _CREDITS:
        line = lines[end - 1]
        credit = line.credit or (byline(line.text, last=True) if line.kind is Kind.TEXT else None)
        if credit:
            parts.credits.insert(0, credit)
        elif line.kind not in {Kind.CHROME, Kind.IMAGE, Kind.DATE}:
            break
        if line.printed:
            parts.dates.append(line.printed)
        end -= 1
    return end


def _add_caption(parts: _Parts, line: Line) -> None:
    """Add a caption; a photographer on a line of its own belongs to the caption before it."""
    if parts.captions and line.key.startswith(CREDIT):
        parts.captions[-1] = f"{parts.captions[-1]} {line.text}"
    else:
        parts.captions.append(line.text)


def _end(lines: Sequence[Line], lead: int) -> int:
    """Give where the article ends: its first closing word, or a tail of dated headlines.

    A box of related headlines may also stand within the article: its heading does not count while
    two sentences come after it and before the next closing word.
    """
    closings = [at for at in range(lead + 1, len(lines)) if lines[at].kind is Kind.CLOSING]
    ends = [*closings, len(lines)]
    for at, following in pairwise(ends):
        rest = lines[at + 1 : following]
        sentences = sum(line.words >= _SHORT_SENTENCE and ends_sentence(line) for line in rest)
        dated = any(line.kind is Kind.DATE for line in rest)
        if not is_related(lines[at].text) or sentences < _SENTENCES or dated:
            ends = [at]
            break
    end = ends[-1]
    tail = end
    while tail > lead + 1 and is_entry(lines[tail - 1]):
        tail -= 1
    return tail if end - tail >= _SENTENCES else end


def _published(
    lines: Sequence[Line], head: Head, parts: _Parts, fetched_at: datetime
) -> PrintedDate | None:
    """Choose among the date lines around the article.

    Below the title a time of day is taken before a bare day, above it too, unless it names another
    day than the line below (then it is the page's clock). Future times and the time of fetching
    itself are a clock's.
    """
    limit = fetched_at + timedelta(days=1)
    above = [line.printed for line in lines[head.first : head.title_at] if line.printed]
    below = [line.printed for line in lines[head.title_at : head.lead] if line.printed]
    below = [date for date in (*below, *parts.dates) if date.at <= limit]
    above = [
        date for date in above if date.at <= limit and abs(date.at - fetched_at) > _CLOCK_ERROR
    ]
    exact = next((date for date in below if date.precision is Precision.MINUTE), None)
    if exact or not above:
        return exact or next(iter(below), None)
    best = next((date for date in above if date.precision is Precision.MINUTE), above[0])
    return best if not below or below[0].at.date() == best.at.date() else below[0]


def _counters(lines: Sequence[Line]) -> dict[str, float]:
    found: dict[str, float] = {}
    for line in lines:
        for name, value in line.counters.items():
            found.setdefault(name, value)
    return found


def _family(lines: Sequence[Line]) -> str:
    """Name the CMS by the words that only its templates print, or "" where none is there."""
    for name, pattern in _FAMILIES:
        if any(len(line.key) < _LONGEST_MARK and pattern.search(line.key) for line in lines):
            return name
    return ""
