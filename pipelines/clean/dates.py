"""Dates as portals print them and as machines write them.

A printed date is read by the portal's own order and zone; what does not fit is no date. Nothing
here searches an article's text for a publication date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo

from pipelines.clean.event_day import event_date
from pipelines.clean.text import tidy
from pipelines.records import Precision

__all__ = ["LOCAL", "Order", "PrintedDate", "event_date", "parse_machine", "parse_printed"]

LOCAL = "Asia/Ho_Chi_Minh"
Order = Literal["dmy", "mdy"]
_LONGEST = 300  # characters of a printed date with all that stands beside it
_YEARS = range(1990, 2100)
_NOON, _LAST_HOUR, _LAST_MINUTE = 12, 23, 59
_MIDDAY_END = 2  # "1:30 trưa" is 13:30


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A time with its zone, and whether the minute or only the day is known."""

    at: datetime
    precision: Precision


_MONTHS = (
    ("một", "giêng", "january", "jan"),
    ("hai", "february", "feb"),
    ("ba", "march", "mar"),
    ("tư", "bốn", "april", "apr"),
    ("năm", "may"),
    ("sáu", "june", "jun"),
    ("bảy", "bẩy", "july", "jul"),
    ("tám", "august", "aug"),
    ("chín", "september", "sept", "sep"),
    ("mười", "october", "oct"),
    ("mười một", "november", "nov"),
    ("mười hai", "chạp", "december", "dec"),
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
_NAMES = sorted(_MONTH, key=len, reverse=True)
_VIETNAMESE = "|".join(
    ("1[0-2]", "0?[1-9]", *(n for n in _NAMES if not n.isascii() or n in {"hai", "ba"}))
)
_MONTH_WORD = r"(?:tháng |thg\.? |\bth\.? ?(?=\d))"  # WordPress abbreviates to "Th3"
_OF = "(?:,? (?:năm )?|/)"
_ENGLISH = "|".join(n for n in _NAMES if n.isascii() and n not in {"hai", "ba"})

# each names its parts: d, m, y; a and b are the first two of a numeric date in portal order
_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<![\d./-])(?P<y>\d{4})[/.-](?P<m>\d{1,2})[/.-](?P<d>\d{1,2})(?!\d)",
        r"(?<![\d./-])(?P<a>\d{1,2}) ?([/.-]) ?(?P<b>\d{1,2}) ?\2 ?(?P<y>\d{4})(?!\d)",
        rf"(?<!\d)(?P<d>\d{{1,2}}),? {_MONTH_WORD}(?P<m>{_VIETNAMESE}){_OF}(?P<y>\d{{4}})\b",
        rf"{_MONTH_WORD}(?P<m>{_VIETNAMESE}) (?P<d>\d{{1,2}}),? (?P<y>\d{{4}})(?!\d)",
        rf"\b(?P<m>{_ENGLISH})\.? (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y>\d{{4}})(?!\d)",
        rf"(?<!\d)(?P<d>\d{{1,2}}) (?P<m>{_ENGLISH})\.?,? (?P<y>\d{{4}})(?!\d)",
        # two figures for the year only beside a weekday: "Thứ tư, 11-3-26 01:50:02"
        r"(?:thứ [\w]+|chủ nhật)[ ,-]+(?P<a>\d{1,2})([/-])(?P<b>\d{1,2})\2(?P<y>\d{2})(?!\d)",
    )
)
_TIME = (
    r"(?<!\d)(\d{1,2}) ?(?::|h|g|giờ) ?(\d{2})(?: ?: ?(\d{2}))?(?:\.\d+)?'?(?: phút)? ?"
    r"(am|pm|a\.m\.|p\.m\.|sa|ch|sáng|trưa|chiều|tối)?(?![\w:])"
)
_GAP = r"[ ,|()\-–—:;•·]*"
_WEEKDAY = r"(?:(?:thứ \w+|chủ nhật)[ ,]*)?"
_TIME_AFTER = re.compile(rf"(?:t|{_GAP}(?:vào |at )?(?:lúc )?{_GAP}){_TIME}")
_TIME_BEFORE = re.compile(
    rf"{_TIME}{_GAP}(?:(?:gmt|utc) ?\+ ?0?7{_GAP})?{_WEEKDAY}(?:ngày )?{_GAP}$"
)


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def parse_printed(
    text: str,
    *,
    order: Order = "dmy",
    zone: str = LOCAL,
) -> PrintedDate | None:
    """Read the first date in a short printed text, with the time that stands beside it.

    ``order`` is the portal's order of day and month in figures ("6/30/2025" is no date in "dmy":
    nothing is guessed); ``zone`` is the zone of its clock. The result is in +07:00. A time that is
    missing, impossible or exactly midnight ("12:00 AM" is what a CMS prints for an unknown time)
    leaves the precision at the day.
    """
    line = tidy(text[:_LONGEST]).lower()
    for pattern in _DATES:
        if found := pattern.search(line):
            break
    else:
        return None
    parts = found.groupdict()
    if "a" in parts:
        day, month = (parts["a"], parts["b"]) if order == "dmy" else (parts["b"], parts["a"])
    else:
        day, month = parts["d"], parts["m"]
    year = int(parts["y"]) + (2000 if len(parts["y"]) < len("2000") else 0)
    clock = _TIME_AFTER.match(line, found.end()) or _TIME_BEFORE.search(line[: found.start()])
    return _dated((year, _MONTH.get(month) or int(month), int(day)), _clock(clock), _zone(zone))


def _clock(found: re.Match[str] | None) -> tuple[int, int, int] | None:
    """Give hour, minute, second of a printed time, or None where it is none."""
    if found is None:
        return None
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    half = (found[4] or "").replace(".", "")
    if half in {"pm", "ch", "chiều", "tối"} and hour < _NOON:
        hour += _NOON
    elif half in {"am", "sa", "sáng"} and hour == _NOON:
        hour = 0
    elif half == "trưa" and hour <= _MIDDAY_END:
        hour += _NOON
    if hour > _LAST_HOUR or minute > _LAST_MINUTE or second > _LAST_MINUTE:
        return None
    return hour, minute, second


def _dated(
    day: tuple[int, int, int], clock: tuple[int, int, int] | None, zone: ZoneInfo
) -> PrintedDate | None:
    if day[0] not in _YEARS:
        return None
    try:
        midnight = datetime(*day, tzinfo=_zone(LOCAL))
        if clock is None or not any(clock):
            return PrintedDate(midnight, Precision.DAY)
        at = datetime(*day, *clock, tzinfo=zone).astimezone(_zone(LOCAL))
    except ValueError:
        return None
    return PrintedDate(at, Precision.MINUTE)


_ISO = re.compile(
    r"(\d{4}[-/]\d{2}[-/]\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:[.,]\d+)? ?"
    r"(Z|(?:UTC|GMT)?(?:[+-]\d{1,2}(?::?\d{2})?)?)?(?:\[[\w/]+\])?)?"
)
# NukeViet writes PHP's 'Y-m-dTH:i:s', where T is the name of the zone: "2020-12-15+0711:41:21"
_NUKEVIET = re.compile(r"(\d{4}-\d{2}-\d{2})([+-]\d{2}|UTC|GMT|ICT)(\d{2}:\d{2}:\d{2})")
_SHORT_OFFSET = len("+7")
_NAMED_ZONES = {"UTC": "+00:00", "GMT": "+00:00", "ICT": "+07:00", "Z": "+00:00"}


def parse_machine(text: str, *, zone: str = LOCAL) -> PrintedDate | None:
    """Read a date from markup: ISO 8601, NukeViet's broken form of it, RFC 822.

    The result is in +07:00; a time without a zone is in ``zone``. "1/8/2026 10:02:01 AM" is no
    machine date: which figure is the month depends on the portal (see ``parse_printed``).
    """
    line = tidy(text[:_LONGEST])
    if found := _ISO.fullmatch(line):
        return _machine(found[1].replace("/", "-"), found[2], _offset(found[3]), zone)
    if found := _NUKEVIET.fullmatch(line):
        return _machine(found[1], found[3], found[2], zone)
    try:
        at = parsedate_to_datetime(line)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return _local(at.replace(tzinfo=at.tzinfo or UTC))


def _offset(text: str | None) -> str | None:
    """Write an offset as ISO 8601 does: "GMT+7" is "+07"; a name of a zone stays."""
    figures = (text or "").lstrip("UTCGM")
    return f"{figures[0]}0{figures[1:]}" if len(figures) == _SHORT_OFFSET else figures or text


def _machine(day: str, clock: str | None, offset: str | None, zone: str) -> PrintedDate | None:
    try:
        at = datetime.fromisoformat(
            f"{day}T{clock or '00:00'}{_NAMED_ZONES.get(offset or '', offset or '')}"
        )
    except ValueError:
        return None
    if clock is None:
        return _dated((at.year, at.month, at.day), None, _zone(LOCAL))
    return _local(at if at.tzinfo else at.replace(tzinfo=_zone(zone)))


def _local(at: datetime) -> PrintedDate | None:
    if at.year not in _YEARS:
        return None
    local = at.astimezone(_zone(LOCAL))
    exact = any((local.hour, local.minute, local.second))
    return PrintedDate(local, Precision.MINUTE if exact else Precision.DAY)
