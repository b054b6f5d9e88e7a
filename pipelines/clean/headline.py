"""Find title, section and lead among the lines of a page's text.

A title shows itself in several ways, none of them sure: it is printed twice, stands above or below
the date line, is followed by the lead and shares its words, and is longer than a section's name.
Each is a witness; the line with the best sum is the title.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.clean.captions import tells_picture
from pipelines.clean.entities import byline
from pipelines.clean.lines import Kind, Line, is_prose
from pipelines.clean.text import fold_key

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Head:
    """Where an article begins: line numbers of its head, title and lead; its title and section."""

    first: int
    title_at: int
    lead: int
    title: str
    key: str
    section: str | None


_NULL = re.compile(r"^null ?(?=\w)")  # Liferay prints an empty portlet title as this word
_SITE = re.compile(
    r"cổng thông tin|trang thông tin|trang tin|website|trang chủ|hotline|điện thoại|email|địa chỉ"
    r"|^(?:ủy|uỷ) ban nhân dân [^,]{2,40}$|^đảng bộ [^,]{2,40}$|^báo [\w ]{2,25}$|^số \d+"
)
_BREADCRUMB = re.compile(r" ?(?:»|›|>|/|→) ?")
_SECTIONS = frozenset(
    fold_key(name)
    for name in (
        "Xây dựng Đảng", "Chính trị", "Thời sự", "Thời sự - Chính trị", "Chính trị - Xã hội",
        "Kinh tế", "Kinh tế - Xã hội", "Xã hội", "Văn hóa", "Văn hóa - Xã hội", "Giáo dục", "Y tế",
        "Quốc phòng - An ninh", "An ninh - Quốc phòng", "Pháp luật", "Đời sống", "Dân vận",
        "Công tác Đảng", "Công tác dân vận", "Tuyên giáo", "Mặt trận - Đoàn thể", "Đoàn thể",
        "Nông thôn mới", "Nông nghiệp", "Môi trường", "Du lịch", "Thể thao", "Cải cách hành chính",
        "Tin tức", "Tin tức - Sự kiện", "Tin hoạt động", "Tin địa phương", "Trong tỉnh",
    )
)  # fmt: skip
_SECTION_WORDS, _TITLE_WORDS, _LONG_TITLE = 6, 5, 45
_CLAUSE = 12
_FEW = 3
_LEAST, _LEAST_WITHOUT_PROSE = 1, 3  # scores that a title must have
_CRUMBS, _FAR = 4, 8
_HEAD, _REACH = 400, 30  # lines before the lead, and around a line, that are looked at
_HOME = frozenset({"trang chủ", "trang nhất", "home"})
_HALF = 0.5


def find_head(lines: Sequence[Line]) -> Head | None:
    """Find title, section and lead, or None where nothing looks like an article's head."""

    def between(at: int, end: int) -> int:
        """Count the other headlines between a line and the lead."""
        own = _NULL.sub("", lines[at].key)
        near = (line for line in lines[at + 1 : end] if line.kind is Kind.TEXT)
        return sum(line.words >= _TITLE_WORDS and line.key != own for line in near)

    times = Counter(_NULL.sub("", line.key) for line in lines if line.kind is Kind.TEXT)
    prose = _first_prose(lines, times)
    end = min(len(lines), _HEAD) if prose is None else prose
    lead = " ".join(line.key for line in lines[end : end + _FEW])
    scores = {
        at: _score(lines, at, times, lead) - min(between(at, end), _FAR)
        for at in range(max(0, end - _HEAD), min(end, len(lines) - 1))
        if lines[at].kind is Kind.TEXT and not tells_picture(lines[at])
    }
    if not scores:
        return None
    title_at = max(scores, key=lambda at: (scores[at], at))
    if scores[title_at] < (_LEAST_WITHOUT_PROSE if prose is None else _LEAST):
        return None
    lead_at = _lead(lines, title_at, end)
    if lead_at is None:
        return None
    title = _NULL.sub("", lines[title_at].text)
    first = _first(lines, title_at, fold_key(title))
    section = _section(lines[:title_at], times, fold_key(title))
    return Head(first, title_at, lead_at, title, fold_key(title), section)


def _first_prose(lines: Sequence[Line], times: Counter[str]) -> int | None:
    """Give the first running text; a title that ends like a sentence is not taken for it."""
    headlines, first = 0, True
    for at, line in enumerate(lines):
        if line.kind is not Kind.TEXT:
            continue
        if is_prose(line):
            above_date = at + 1 < len(lines) and lines[at + 1].kind is Kind.DATE
            titled = times[line.key] > 1 or above_date or (first and _opens_page(lines, at))
            if headlines or line.words > _LONG_TITLE or not titled:
                return at
        headlines += line.words >= _TITLE_WORDS
        first = False
    return None


def _opens_page(lines: Sequence[Line], at: int) -> bool:
    """Say whether the page's first text is one short sentence, and another follows it.

    Such is a title with a full stop: no page prints its lead before its title.
    """
    line = lines[at]
    return (
        line.words <= _CLAUSE * 2
        and ". " not in line.text
        and any(is_prose(after) for after in lines[at + 1 : at + _REACH])
    )


def _score(lines: Sequence[Line], at: int, times: Counter[str], lead: str) -> int:
    line = lines[at]
    key = _NULL.sub("", line.key)
    long = line.words >= _TITLE_WORDS
    twice = times[key] > 1 and not (at and lines[at - 1].key == key) and lines[at + 1].key != key
    score = (4 if twice and long else 0) + (2 if long else 0)
    score += 1 if is_prose(lines[at + 1]) else 0
    score += 3 if _neighbour(lines, at, 1) is Kind.DATE else 0
    score += 2 if _neighbour(lines, at, -1) is Kind.DATE else 0
    score -= 2 if line.words < _FEW or line.words > _LONG_TITLE else 0
    score -= 3 if not long and byline(line.text, last=True) else 0
    score -= 4 if _SITE.search(key) or _BREADCRUMB.search(line.text) else 0
    score -= 5 if line.bullet else 0
    score -= 3 if key in _SECTIONS else 0
    if long:
        words, told = set(key.split()), set(lead.split())
        score += 2 if len(words & told) >= len(words) * _HALF else 0
    return score


def _neighbour(lines: Sequence[Line], at: int, step: int) -> Kind | None:
    """Give the kind of the nearest line that is neither chrome nor a name or two."""
    near = range(max(0, at - _REACH), min(len(lines), at + _REACH))
    at += step
    while at in near and (
        lines[at].kind is Kind.CHROME
        or (step > 0 and lines[at].kind is Kind.TEXT and lines[at].words <= _FEW)
    ):
        at += step
    return lines[at].kind if at in near else None


def _lead(lines: Sequence[Line], title_at: int, end: int) -> int | None:
    """Give the first paragraph after the title; a long line may lack its full stop."""
    for at in range(title_at + 1, end):
        line = lines[at]
        fits = line.kind is Kind.TEXT and line.words >= _CLAUSE
        if fits and line.key != lines[title_at].key and not tells_picture(line):
            return at
    return end if end < len(lines) else None


def _first(lines: Sequence[Line], title_at: int, key: str) -> int:
    """Give the first line of the article's head: the title's first copy or the date above it."""
    copies = [at for at in range(title_at) if _NULL.sub("", lines[at].key) == key]
    first = copies[0] if copies else title_at
    above = first - 1
    while above >= 0 and lines[above].kind is Kind.CHROME:
        above -= 1
    return above if above >= 0 and lines[above].kind is Kind.DATE else first


def _section(above: Sequence[Line], times: Counter[str], key: str) -> str | None:
    """Give the section named above the title: the end of a breadcrumb, a known or repeated name."""
    home = max((at for at, line in enumerate(above) if line.key in _HOME), default=len(above))
    crumbs = [line for line in above[home + 1 :] if line.kind is not Kind.DATE]
    if 0 < len(crumbs) <= _CRUMBS and all(line.words <= _SECTION_WORDS for line in crumbs):
        return crumbs[-1].text
    for line in reversed(above):
        if line.kind is not Kind.TEXT or line.bullet:
            continue
        parts = [part for part in _BREADCRUMB.split(line.text) if fold_key(part) not in {"", key}]
        if len(parts) > 1 and fold_key(parts[0]) in _HOME:
            return parts[-1]
        if line.words > _SECTION_WORDS or _SITE.search(line.key):
            continue
        if line.key in _SECTIONS or (times[line.key] > 1 and line.words > 1):
            return line.text
    return None
