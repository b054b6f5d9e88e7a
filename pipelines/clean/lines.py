"""The lines of a page's text, each with what it is by itself: chrome, date, credit, prose."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from pipelines.clean.dates import PrintedDate, parse_printed
from pipelines.clean.entities import Byline, byline
from pipelines.clean.text import fold_key, tidy
from pipelines.clean.vocabulary import (
    LONGEST,
    chrome_run,
    count,
    counters_in,
    is_chrome,
    is_closing,
    is_image_name,
)


class Kind(Enum):
    """What a line is, before its neighbours are looked at."""

    TEXT = auto()
    CHROME = auto()
    CLOSING = auto()  # opens what comes after the article
    IMAGE = auto()  # a picture's file name: a caption may follow
    DATE = auto()
    CREDIT = auto()


@dataclass(frozen=True, slots=True)
class Line:
    """One line that is not blank, its bullet cut off; ``key`` is its folded form."""

    text: str
    key: str
    kind: Kind
    words: int
    bullet: bool = False
    printed: PrintedDate | None = None
    credit: Byline | None = None
    counters: dict[str, float] = field(default_factory=dict)


_ALONE = ((Kind.IMAGE, is_image_name), (Kind.CLOSING, is_closing), (Kind.CHROME, is_chrome))
_DATE_WORDS = re.compile(
    r"thứ (?:hai|ba|tư|năm|sáu|bảy|\d)|chủ nhật|ngày|tháng|năm|giờ|phút|vào|lúc|cập nhật|được đăng"
    r"|đăng|gửi|tạo|xuất bản|publish date|posted on|(?:gmt|utc) ?\+? ?\d*"
    r"|\b(?:am|pm|sa|ch|\d+[hg]\d*)\b"
    r"|lượt xem|đã xem|views?|monday|tuesday|wednesday|thursday|friday|saturday|sunday"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*|[\W\d_]+"
)
_MARKED_DATE = re.compile(r"cập nhật|đăng|gửi|xuất bản|publish|\d ?[:hg] ?\d\d")
_CLOCK_YEAR = re.compile(r"(?:^|\D)(?:19|20)\d\d(?!\d)")
_BULLETS = "•●▪►■◦○♦ "
_BEFORE, _AFTER = 16, 26  # letters beside the date: a place before it, a name behind it
_MOST = 16  # words of a date line
_FIGURES = re.compile(r"\d{1,4} ?[/.-] ?\d{1,2} ?[/.-] ?\d{2,4}|\d{1,2},? tháng|tháng \w+")
_META = re.compile(r" [/|•·–] ")
_TRAILING_COUNTS = re.compile(r"[:h]\d\d(?: ?[ap]m)?[ |]+(\d[\d.,]*)(?:[ |]+(\d[\d.,]*))?$")
_BARE_COUNTS = re.compile(r"(\d{1,3}(?:[.,]\d{3})*|\d{1,7})(?: (\d{1,6}))?")
_ENTRY = re.compile(
    r"[\w\"”’)…] ?\(?(?:\d{1,2}[:h]\d{2} ?)?\d{1,2}/\d{1,2}/\d{4}(?:[ ,|-]*\d{1,2}[:h]\d{2})?\)?$"
)
_FINAL = re.compile(r"[.:;!?…]\W*$")
_FULL_STOP = re.compile(r"\.[\"'”’)\]]*$")
_OPENING = re.compile(
    r"(?:\([^()]{2,40}\) ?[-–]?|- ?)?(?:vừa qua, )?(?:rạng )?"
    r"(?:sáng|chiều|tối|trưa|đêm|ngày|từ ngày|trong \w+ ngày|mới đây|vừa qua)\b"
)
_SENTENCE, _CLAUSE, _BLOCK = 6, 12, 30  # words
_ROW = 3  # parts


def read_lines(text: str) -> list[Line]:
    """Split a page's text into its lines, tidied, without blank ones.

    A date that fits only with the month first ("6/30/2025") is read so.
    """
    texts, bullets = _bare(text)
    lines: list[Line] = []
    at = 0
    while at < len(texts):
        end = chrome_run(texts, at)
        lines += (_line(label, Kind.CHROME) for label in texts[at:end])
        if end == at:
            line = _read(texts[at], lines)
            lines.append(replace(line, bullet=True) if at in bullets else line)
            end += 1
        at = end
    return lines


def _bare(text: str) -> tuple[list[str], set[int]]:
    """Give the lines without their bullets, and the numbers of those that had one.

    A bullet may stand on a line of its own before its item.
    """
    texts: list[str] = []
    bullets: set[int] = set()
    for raw in text.splitlines():
        line = tidy(raw)
        bare = line.lstrip(_BULLETS)
        if bare != line:
            bullets.add(len(texts))
        if bare:
            texts.append(bare)
    return texts, bullets


def _line(text: str, kind: Kind) -> Line:
    return Line(text, fold_key(text), kind, len(text.split()), counters=counters_in(text))


def _read(text: str, before: list[Line]) -> Line:
    if len(text) > LONGEST:
        return _line(text, Kind.TEXT)
    if dated := _date_line(text):
        return dated
    for kind, fits in _ALONE:
        if fits(text):
            return _line(text, kind)
    credit_like = ":" in text or text.lower().lstrip("(").startswith("theo ")
    credit = byline(text) if credit_like else None
    if credit:
        return Line(text, fold_key(text), Kind.CREDIT, len(text.split()), credit=credit)
    return _bare_counts(text, before) or _line(text, Kind.TEXT)


def _bare_counts(text: str, before: list[Line]) -> Line | None:
    """Read figures that stand alone behind a date line: views, then comments ("183 0")."""
    counts = _BARE_COUNTS.fullmatch(text)
    if not counts or not before:
        return None
    last = before[-1]
    if last.kind is Kind.DATE and not last.counters:
        return Line(text, text, Kind.CHROME, 1, counters=_views(counts[1], counts[2]))
    if _BARE_COUNTS.fullmatch(last.text) and set(last.counters) == {"views"}:
        return Line(text, text, Kind.CHROME, 1, counters={"comments": count(counts[1])})
    return None


def _date_line(text: str) -> Line | None:
    """Read a line that is nothing but a date, perhaps with counters or a name beside it."""
    key = fold_key(text)
    if len(key.split()) > _MOST or _FULL_STOP.search(text) or not _little_beside(key):
        return None
    printed = parse_printed(text) or parse_printed(text, order="mdy")
    if printed is None:
        return None
    if not _CLOCK_YEAR.search(key):  # a page clock: "Thứ tư, 11-3-26 01:50:02"
        return _line(text, Kind.CHROME)
    counts = _TRAILING_COUNTS.search(key)
    counters = _views(counts[1], counts[2]) if counts else counters_in(text)
    credit = _beside(text)
    words = len(text.split())
    return Line(text, key, Kind.DATE, words, printed=printed, credit=credit, counters=counters)


def _little_beside(key: str) -> bool:
    """Say whether a line has a date and hardly a word more, or is a row of short parts with one.

    "Hoạt động dân vận / Bởi Ban biên tập / 24/06/2022" is such a row.
    """
    if not (found := _FIGURES.search(key)):
        return False
    before = _DATE_WORDS.sub("", key[: found.start()])
    after = _DATE_WORDS.sub("", key[found.end() :])
    if len(before) <= _BEFORE and len(after) <= _AFTER:
        return True
    parts = _META.split(key)
    return len(parts) >= _ROW and all(len(part.split()) <= _SENTENCE for part in parts)


def _beside(text: str) -> Byline | None:
    """Read the author beside a date: "14/12/2023 | Trung Hiếu"."""
    parts = [part.strip() for part in text.split("|")[1:]]
    names = (byline(part, last=True) for part in parts if not any(c.isdigit() for c in part))
    return next((name for name in names if name), None)


def _views(views: str, comments: str | None) -> dict[str, float]:
    found: dict[str, float] = {"views": count(views)}
    if comments is not None:
        found["comments"] = count(comments)
    return found


def is_marked(line: Line) -> bool:
    """Say whether a date line says that it is a publication time: a clock time or "Cập nhật"."""
    return _MARKED_DATE.search(line.key) is not None


def is_prose(line: Line) -> bool:
    """Say whether a line is running text by itself, as a title, heading or caption is not.

    A full stop after six words, another final mark after twelve (a title may end in "?"), an
    opening such as "Chiều 24/6, ..." with twelve words, or thirty words.
    """
    if line.kind is not Kind.TEXT:
        return False
    if _FULL_STOP.search(line.text) and line.words >= _SENTENCE:
        return True
    if line.words >= _BLOCK:
        return ends_sentence(line) or line.words >= _BLOCK + _CLAUSE
    if line.words >= _CLAUSE:
        return bool(re.search(r"[:;]\W*$", line.text)) or _OPENING.match(line.key) is not None
    return False


def ends_sentence(line: Line) -> bool:
    """Say whether a line ends with a final mark, closing quotes and brackets aside."""
    return _FINAL.search(line.text) is not None


def is_entry(line: Line) -> bool:
    """Say whether a line is a headline of a list: no sentence, and a date at its end."""
    return line.kind is Kind.TEXT and _ENTRY.search(line.text) is not None
