"""The lines of a page's text, each with what it is by itself: chrome, date, credit, prose."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum, auto

from pipelines.clean.dates import LOCAL, Order, PrintedDate, parse_printed
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
    """One line that is not blank; ``key`` is its folded form."""

    text: str
    key: str
    kind: Kind
    words: int
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
_REST = 30  # characters beside the date: a name, a section
_TRAILING_COUNTS = re.compile(r"[:h]\d\d(?: ?[ap]m)?[ |]+(\d[\d.,]*)(?:[ |]+(\d[\d.,]*))?$")
_BARE_COUNTS = re.compile(r"(\d{1,3}(?:[.,]\d{3})*|\d{1,7})(?: (\d{1,6}))?")
_FINAL = re.compile(r"[.:;!?…]\W*$")
_FULL_STOP = re.compile(r"\.[\"'”’)\]]*$")
_OPENING = re.compile(
    r"(?:\([^()]{2,40}\) ?[-–]?|- ?)?(?:vừa qua, )?(?:rạng )?"
    r"(?:sáng|chiều|tối|trưa|đêm|ngày|từ ngày|trong \w+ ngày|mới đây|vừa qua)\b"
)
_SENTENCE, _CLAUSE, _BLOCK = 6, 12, 30  # words


def read_lines(text: str, order: Order = "dmy", zone: str = LOCAL) -> list[Line]:
    """Split a page's text into its lines, tidied, without blank ones; dates as in parse_printed.

    A date that fits only the other order of day and month ("6/30/2025") is read by that one.
    """
    texts = [tidied for raw in text.splitlines() if (tidied := tidy(raw))]
    lines: list[Line] = []
    at = 0
    while at < len(texts):
        end = chrome_run(texts, at)
        lines += (_line(label, Kind.CHROME) for label in texts[at:end])
        if end == at:
            lines.append(_read(texts[at], lines, order, zone))
            end += 1
        at = end
    return lines


def _line(text: str, kind: Kind) -> Line:
    return Line(text, fold_key(text), kind, len(text.split()), counters=counters_in(text))


def _read(text: str, before: list[Line], order: Order, zone: str) -> Line:
    if len(text) > LONGEST:
        return _line(text, Kind.TEXT)
    if dated := _date_line(text, order, zone):
        return dated
    for kind, fits in _ALONE:
        if fits(text):
            return _line(text, kind)
    credit_like = ":" in text or text.lower().lstrip("(").startswith("theo ")
    credit = byline(text) if credit_like else None
    if credit:
        return Line(text, fold_key(text), Kind.CREDIT, len(text.split()), credit=credit)
    counts = _BARE_COUNTS.fullmatch(text)
    if counts and before and before[-1].kind is Kind.DATE:
        return Line(text, text, Kind.CHROME, 1, counters=_views(counts[1], counts[2]))
    return _line(text, Kind.TEXT)


def _date_line(text: str, order: Order, zone: str) -> Line | None:
    """Read a line that is nothing but a date, perhaps with counters or a name beside it."""
    key = fold_key(text)
    other: Order = "mdy" if order == "dmy" else "dmy"
    printed = parse_printed(text, order=order, zone=zone) or parse_printed(
        text, order=other, zone=zone
    )
    if printed is None or len(_DATE_WORDS.sub("", key)) > _REST:
        return None
    if not _CLOCK_YEAR.search(key):  # a page clock: "Thứ tư, 11-3-26 01:50:02"
        return _line(text, Kind.CHROME)
    counts = _TRAILING_COUNTS.search(key)
    counters = _views(counts[1], counts[2]) if counts else counters_in(text)
    return Line(text, key, Kind.DATE, len(text.split()), printed, _beside(text), counters)


def _beside(text: str) -> Byline | None:
    """Read the author beside a date: "14/12/2023 | Trung Hiếu"."""
    parts = [part.strip() for part in text.split("|")]
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
