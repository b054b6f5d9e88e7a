"""The day on which what an article tells took place, read from its opening."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

_YEAR = r"(20\d\d|19[89]\d)"
_AND = r"(?: ?(?:[-–,&]|và|đến) ?\d{1,2})*"
_DAY = (
    rf"(\d{{1,2}}){_AND} ?(?:[/.-] ?(\d{{1,2}})(?: ?[/.-] ?{_YEAR})?"
    rf"|tháng (\d{{1,2}})(?:(?: năm |/){_YEAR})?)(?![\d%])"
)
_UNTIL = re.compile(rf" ?(?:đến|tới|[-–]) (?:hết )?(?:ngày )?\d{{1,2}}[/.-]\d{{1,2}}[/.-]{_YEAR}")
_DAYPART = r"(?:rạng sáng|sáng|trưa|chiều|tối|đêm|khuya)"
_WEEKDAY = r"(?:thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật)"
_NAMED = rf"(?:{_DAYPART}|{_WEEKDAY}|hôm nay|hôm qua|ngày hôm qua|mới đây|vừa qua|nay|qua)"
# from the surest to the weakest: "Chiều ngày 21/12", "Ngày 21/12, ..." at the head of a sentence,
# the very first words, and any other "ngày 21/12" or "hôm 21/12" whose word before says no more
_FORMS: Final = (
    re.compile(rf"\b{_NAMED}(?:[ ,]+{_NAMED})*[ ,(]*(?:(?:vào )?ngày )?\(?{_DAY}"),
    re.compile(rf"(?:^|[.!?] )(?:vào |từ |trong )?(?:\w+ )?ngày \(?{_DAY}"),
    re.compile(rf"^{_DAY}"),
    re.compile(rf"\b(?:ngày|hôm) \(?{_DAY}"),
)
_OTHER_DAYS = re.compile(
    r"(?:k[ỷỉ] niệm|nhân dịp|nhân|chào mừng|mừng|hướng tới|truyền thống|thành lập|giải phóng|khánh"
    r"|sinh|khởi nghĩa|liệt s[ĩỹ]|từ|đến|tới|trước|sau|hạn|hiệu lực|kể|dịp)(?: \w+)? $"
    r"|(?:\bsố [^ ,]+|\d[-/][\w/-]+),?(?: \w+){0,2} $"
)
_URL_DAY = re.compile(r"/(20\d\d)(?:[/-]?(0[1-9]|1[0-2])(?:[/-]?(0[1-9]|[12]\d|3[01]))?)?(?=/)")
_AHEAD = timedelta(days=60)  # an announcement tells of a day to come, but not of next year's

_TOLD_YEAR = re.compile(rf"(?<!đến )(?:năm |tháng \d{{1,2}}[/-]){_YEAR}(?! ?[-–] ?(?:20\d\d|năm))")
_PERIOD = re.compile(rf"(?:giai đoạn |\(){_YEAR} ?[-–] ?{_YEAR}")
_REVIEW = re.compile(r"sơ kết|tổng kết|kết quả|tình hình|đánh giá|kiểm điểm|nhìn lại")
_PLAN = re.compile(r"phương hướng|kế hoạch|nhiệm vụ|triển khai|chương trình")
_LAUNCH = re.compile(r"ký kết|phát động|triển khai|ra mắt|khởi động|ra quân|khai mạc")
_OPENING = 600  # characters: what comes later is no opening
_FIRST_QUARTER, _HALF, _LAST_QUARTER = 3, 6, 10


def event_date(lead: str, published: date | None, url: str, title: str = "") -> date | None:
    """Give the day of the event that the lead names, or None.

    The day and month are those of the lead's opening ("Chiều 24/6", "Sáng ngày 12/7", "Ngày 9-6");
    a decree's date, an anniversary or a deadline is no event. A year printed with the day is taken.
    Else the year comes from the publication date (the last such day up to 60 days after it), else
    from a date in the address (``/202112/``, ``/2023-01-30/``). Only where there is neither, the
    title and the lead themselves may name it, and only if they leave no choice (``_told_year``).
    """
    lead, title = lead[:_OPENING].lower(), title[:_OPENING].lower()
    found = _named_day(lead)
    if found is None:
        return None
    day, month, year = found
    if year:
        return _valid(year, month, day)
    if near := published or _url_date(url):
        return _last_before(near + _AHEAD, month, day)
    told = _told_year(title, lead, month)
    return _valid(told, month, day) if told else None


def _named_day(lead: str) -> tuple[int, int, int] | None:
    """Give day, month and year (0: not printed) of the event, from the lead in lower case."""
    for form in _FORMS:
        for found in form.finditer(lead):
            day, month = int(found[1]), int(found[2] or found[4])
            until = _UNTIL.match(lead, found.end())
            year = int(found[3] or found[5] or (until[1] if until else 0))
            other = form is not _FORMS[0] and _OTHER_DAYS.search(lead[: found.start()])
            if _valid(year or 2000, month, day) and not other:
                return day, month, year
    return None


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _last_before(limit: date, month: int, day: int) -> date | None:
    days = (_valid(limit.year - back, month, day) for back in range(9))
    return next((found for found in days if found and found <= limit), None)


def _url_date(url: str) -> date | None:
    """Give the date that the address carries; a month or year alone counts as its end."""
    if not (found := _URL_DAY.search(url)):
        return None
    year, month, day = int(found[1]), int(found[2] or 12), int(found[3] or 28)
    return _valid(year, month, day)


def _told_year(title: str, lead: str, month: int) -> int | None:
    """Give the one year that title and lead leave possible for an event in ``month``, or None.

    Two years in a row are a review and a plan: the earlier one until the year is over. One year is
    taken unless the month lets it be the year under review (January to March) or still to come
    (October to December). A period ("giai đoạn 2022-2025") opens with a signing or launch and
    closes with its review.
    """
    opening = f"{title} {lead}"
    years = sorted({int(year) for year in _TOLD_YEAR.findall(opening)})
    review, plan = bool(_REVIEW.search(opening)), bool(_PLAN.search(opening))
    match years:
        case [first, second] if second == first + 1:
            return first if month > _HALF else second
        case [year]:
            late, early = month >= _LAST_QUARTER, month <= _FIRST_QUARTER
            unsure = (early and review) or (late and plan and not review)
            return None if unsure else year
    period = _PERIOD.search(opening)
    if years or not period:
        return None
    if _LAUNCH.search(opening):
        return int(period[1])
    return int(period[2]) if review and month > _FIRST_QUARTER else None
