"""What an article names: who wrote it, where its text comes from, documents and sums of money."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from pipelines.clean.text import tidy
from pipelines.records import Document

if TYPE_CHECKING:
    from collections.abc import Iterator

# ---- who and from where -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Byline:
    """A credit line: the author, or the source that the text was taken from."""

    author: str | None = None
    source: str | None = None


_UPPER = "A-ZÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"
_LOWER = "a-zàáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"
_SHOUTED = rf"(?:[{_UPPER}]{{1,7}}\.?)"
_CAPITAL = rf"(?:[{_UPPER}][{_LOWER}]{{0,6}}\.?)"
_JOIN = r"(?: ?[-–,&/] ?| )"
_SHOUTED_NAME = re.compile(
    rf"\(?{_SHOUTED}(?:\.{_SHOUTED}|{_JOIN}{_SHOUTED}){{0,7}}\)?(?: ?\([^()]{{2,70}}\))?"
)
_PLAIN_NAME = re.compile(
    rf"{_CAPITAL}(?:\.{_CAPITAL}|{_JOIN}{_CAPITAL}){{1,7}}(?: ?\([^()]{{2,70}}\))?"
)
_LABEL = re.compile(
    r"\(?(?:người viết|tác giả(?: bài viết)?|thực hiện|bút danh|biên tập|người đăng|nguồn ảnh"
    r"|(?:tin|bài|nội dung)(?: bài| viết)?"
    r"(?:(?:,| và| -| &| \+|/|;)? ?(?:clip|video|ảnh|hình|đồ h[oọ][aạ]))*)"
    r" ?: ?(.{2,90}?)\)?",
    re.IGNORECASE,
)
_SOURCE = re.compile(r"\(?nguồn(?: tin)? ?: ?(?:theo )?(.{2,90}?)\)?", re.IGNORECASE)
_AFTER = re.compile(
    rf"\(?(?:Theo|THEO):? ((?:[{_UPPER}]|https?:|www\.|[a-z0-9-]+\.[a-z]).{{0,70}}?)\)?\.?"
)
_NO_NAME = re.compile(
    r"kết (?:luận|quả)|nội dung|tổng quan|giới thiệu|thông (?:báo|tin|cáo)|mở đầu|phụ lục|ghi chú"
    r"|hội nghị|hội đồng|ủy ban|uỷ ban|ubnd|hđnd|mttq|đảng|chi bộ|tỉnh|huyện|phường"
    r"|kính gửi|nơi nhận"
    r"|chương|điều|phần|mục|số|video|clip|ảnh|tin|bài|quảng cáo|xem|covid|việt nam|hồ chí minh"
    r"|quyết định|kế hoạch|nghị quyết|lịch|chủ tịch|bí thư|giám đốc|trưởng|thời gian|địa điểm"
    r"|trang chủ|liên hệ|đăng nhập|văn bản|an ninh|kinh tế|chính trị|quốc phòng|văn hóa|xã hội"
    r"|thể thao|giáo dục|pháp luật|thời sự|trong nước|thế giới|công tác|hoạt động"
)
_PHOTOGRAPHER = re.compile(
    r"[-–,;.]? ?(?:ảnh|hình|clip|video)(?: minh h[oọ][aạ])? ?:", re.IGNORECASE
)
_PLACEHOLDERS = frozenset(
    {"admin", "admin admin", "administrator", "quản trị", "quantri", "bút danh", "super user"}
    | {"quản trị viên", "người quản trị", "quản trị hệ thống", "webmaster"}
)
_ACCOUNT = re.compile(r"[a-z0-9._-]+")
LONGEST_BYLINE = 120
_NAME_WORDS = 4


def byline(line: str, *, last: bool = False) -> Byline | None:
    """Read a line that is nothing but a credit, or None.

    Labelled forms ("Tác giả bài viết: X", "Tin, ảnh: X", "Nguồn: X", "Theo Vietnamnet") count
    anywhere. A bare name in capitals ("TRUNG HIẾU") counts too: ask only for a line that ends an
    article, as a heading may look the same. With ``last`` a bare name in mixed case ("Đoàn Ti Vi
    (Ban Tuyên giáo Thành ủy Hồng Ngự)") is taken as well. A photographer alone is no author.
    """
    text = tidy(line).strip(" -–*")
    if not text or len(text) > LONGEST_BYLINE:
        return None
    if (found := _SOURCE.fullmatch(text)) or (found := _AFTER.fullmatch(text)):
        return Byline(source=_name(found[1])) if _name(found[1]) else None
    if found := _LABEL.fullmatch(text):
        return _labelled(_name(found[1]))
    bare = _SHOUTED_NAME.fullmatch(text) or (_PLAIN_NAME.fullmatch(text) if last else None)
    if not bare or _NO_NAME.search(re.sub(r"\(.*", "", text).lower()):
        return None
    return Byline(author=text.strip("() ") if "(" not in text[1:] else text)


def _labelled(name: str | None) -> Byline | None:
    """Read the name behind a label; what is no name is a headline ("Tin ảnh: Phường A tổ chức")."""
    if name is None or not _like_name(name):
        return None
    if inner := _AFTER.fullmatch(name):
        return Byline(source=inner[1])
    return Byline(author=name)


def _like_name(name: str) -> bool:
    """Say whether a credit is a name: few words, or most of them with a capital."""
    words = [word for word in re.split(r"\W+", name.partition("(")[0]) if word]
    return len(words) <= _NAME_WORDS or sum(word[0].isupper() for word in words) > len(words) / 2


def _name(text: str) -> str | None:
    """Give the name of a credit, or None for a template's placeholder or a CMS login."""
    name = _PHOTOGRAPHER.split(text, maxsplit=1)[0].strip(" .,;:-–")
    return None if name.lower() in _PLACEHOLDERS or not name else name


def is_login(name: str) -> bool:
    """Tell the name of an account ("longantv", "Super User") from a person's."""
    return name.lower() in _PLACEHOLDERS or _ACCOUNT.fullmatch(name) is not None


_IN_BRACKETS = re.compile(rf"\(([{_UPPER}][^()]{{1,39}})\) ?[-–—:] ?(?=\S)")
_SHORT_IN_BRACKETS = re.compile(rf"\(([{_UPPER}]{{2,6}})\) ?(?=[{_UPPER}])")
_BARE = re.compile(
    rf"([{_UPPER}]{{2,7}}|[{_UPPER}][\w]{{1,9}}[{_UPPER}]\w{{1,9}}|\w+\.(?:vn|com|net|org))"
    r"(?: [-–—] ?|[-–—] | ?[–—])"  # a hyphen between two letters is one word: "VN-Index"
    rf"(?=[“\"]?[{_UPPER}0-9])"
)
_NO_DATELINE = frozenset(
    {"UBND", "HĐND", "MTTQ", "BCH", "NTM", "COVID", "HTX", "LHPN", "TNCS", "GDP"}
)
_LEADING_DASH = re.compile(r"^[-–—•*] ?(?=\S)")


def split_dateline(text: str) -> tuple[str | None, str]:
    """Cut the dateline off an opening paragraph: "(TUAG)- Sáng 13/12" is ("TUAG", "Sáng 13/12").

    A dash that stands alone before the first word ("- Sáng 9-6") goes too.
    """
    line = _LEADING_DASH.sub("", tidy(text))
    found = _IN_BRACKETS.match(line) or _SHORT_IN_BRACKETS.match(line) or _BARE.match(line)
    if not found or found[1] in _NO_DATELINE:
        return None, line
    return found[1].strip(), _LEADING_DASH.sub("", line[found.end() :].lstrip())


def _at_figures(
    figure: re.Pattern[str], pattern: re.Pattern[str], text: str
) -> Iterator[re.Match[str]]:
    """Find ``pattern`` where a ``figure`` begins; far cheaper than to try it at every letter."""
    end = 0
    for start in figure.finditer(text):
        if start.start() >= end and (found := pattern.match(text, start.start())):
            end = found.end()
            yield found


# ---- legal documents ----------------------------------------------------------------------------

# the code inside a number says the kind; QH alone does not (a law or a resolution)
_CODES = {
    "CT": "Chỉ thị", "NQ": "Nghị quyết", "NQLT": "Nghị quyết liên tịch", "KH": "Kế hoạch",
    "QĐ": "Quyết định", "KL": "Kết luận", "HD": "Hướng dẫn", "TB": "Thông báo", "TT": "Thông tư",
    "TTLT": "Thông tư liên tịch", "NĐ": "Nghị định", "CV": "Công văn", "BC": "Báo cáo",
    "CTr": "Chương trình", "CTHĐ": "Chương trình hành động", "TTr": "Tờ trình", "CĐ": "Công điện",
    "ĐA": "Đề án", "QĐi": "Quy định", "QyĐ": "Quy định", "QC": "Quy chế", "PL": "Pháp lệnh",
}  # fmt: skip
_KINDS = (
    "nghị quyết liên tịch|nghị quyết|chỉ thị|kế hoạch liên tịch|kế hoạch|quyết định|kết luận"
    "|hướng dẫn|thông báo|thông tư liên tịch|thông tư|nghị định|công văn|báo cáo|công điện"
    "|chương trình hành động|chương trình phối hợp|chương trình|tờ trình|đề án|quy định|quy chế"
    "|pháp lệnh|bộ luật|luật|thông tri|quyết nghị|sắc lệnh|lệnh"
)
_CODE = rf"[{_UPPER}]{{2,}}[{_UPPER}{_LOWER}0-9]*"
_ISSUING = rf"[{_UPPER}][{_UPPER}{_LOWER}0-9]*"
_NUMBER = (
    rf"\d{{1,5}}[a-z]?-{_CODE}/{_ISSUING}(?:-[{_UPPER}][{_UPPER}{_LOWER}]*)*"
    rf"|\d{{1,5}}[a-z]?/(?:19|20)\d\d/{_CODE}(?:-[{_UPPER}][{_UPPER}{_LOWER}]*)*"
    rf"|\d{{1,5}}[a-z]?/{_CODE}(?:-[{_UPPER}][{_UPPER}{_LOWER}]*)+"
)
# "Nghị quyết số 28- NQ/TW", "Quyết định 18 / QĐ - UBND": with the kind before it and its code in it
# a number may be spread out
_SPREAD = (
    rf"\d{{1,5}} ?[-–] ?(?:{'|'.join(_CODES)}) ?/ ?{_ISSUING}"
    rf"|\d{{1,5}} ?/ ?(?:(?:19|20)\d\d ?/ ?)?(?:{'|'.join(_CODES)}) ?[-–] ?{_CODE}"
)
# "Quyết định 80/QĐ ngày 5/6/2023": with the kind before it a number may lack its issuer
_SHORT_NUMBER = rf"\d{{1,5}}[/-]{_CODE}"
_WHEN = (
    r"(?:,? (?:được )?(?:ban hành |ký )?ngày (\d{1,2})(?: tháng |[/.-])(\d{1,2})"
    r"(?: năm |[/.-])((?:19|20)\d\d))?"
)
_DOCUMENT = re.compile(
    rf"(?<![\w/.-])(?:({_SPREAD})(?![\w/-])|({_NUMBER})(?![\w/])|({_SHORT_NUMBER})(?![\w/-]))"
    rf"{_WHEN}"
)
_GAP = re.compile(r" ?([-–/]) ?")
# a class comes first, so that the search runs from one figure to the next; a long row of figures is
# looked at once, from its beginning
_NUMBERED = re.compile(r"[0-9](?<![0-9].)[0-9]*+(?=[a-z]? ?[-–/])")
_KIND_BEFORE = re.compile(rf"\b({_KINDS}) (?:số:? ?)?$", re.IGNORECASE)
_BEFORE = 40  # characters: the longest kind with "số" before a number


def documents(text: str) -> tuple[Document, ...]:
    """Find the legal documents that a text cites, in order, each number once.

    Numbers of the Party ("06-CT/TU"), of the State ("42/2013/QH13", "117/NQ-CP") and joint ones
    ("19/2012/TTLT-BTC-BKHĐT"), without the spaces that some type into them. The kind is the word
    before the number or what its code means; the date is the one printed behind it.
    """
    found: dict[str, Document] = {}
    for hit in _at_figures(_NUMBERED, _DOCUMENT, text):
        word = _KIND_BEFORE.search(text[max(0, hit.start() - _BEFORE) : hit.start()])
        written = hit[1] or hit[2] or hit[3]
        number = _GAP.sub(r"\1", written).replace("–", "-")
        if not word and (hit[3] or written != number):
            continue
        new = Document(
            _kind(word[1] if word else None, number), number, _day(hit[4], hit[5], hit[6])
        )
        old = found.setdefault(number, new)
        if old.date is None and new.date is not None:
            found[number] = replace(old, date=new.date)
    return tuple(found.values())


def _kind(word: str | None, number: str) -> str | None:
    if word:
        return word[0].upper() + word[1:].lower()
    codes = (code for code in re.split(r"[-/]", number)[1:] if code in _CODES)
    return next((_CODES[code] for code in codes), None)


def _day(day: str | None, month: str | None, year: str | None) -> date | None:
    if day is None or month is None or year is None:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


# ---- money --------------------------------------------------------------------------------------

_SUM = r"\d{1,3}+(?:\.\d{3})++(?:,\d++)?+|\d{1,3}+(?:,\d{3}){2,}+|\d++(?:[.,]\d++)?+"
_SCALE = r"(?:nghìn|ngàn|trăm|triệu|tỷ|tỉ)"
_CURRENCY = (
    r"(?:đồng(?! (?:chí|bào|đội|hương|thời|hồ|minh|nghiệp|loạt|hành|thuận|tâm|lòng|bằng|phục|diễn"
    r"|nai|tháp|văn|cỏ|ruộng|lúa|phạm|hóa|bộ))|vnđ|vnd|đ|usd|đô la mỹ|đô la|euro|eur)(?!\w)"
)
_MONEY = re.compile(
    rf"(?<![\d.,/])((?:{_SUM})(?: ?[-–] ?(?:{_SUM}))?) ?((?:{_SCALE} ?){{0,2}})"
    rf"((?:\d{{1,3}} ?{_SCALE} ?){{0,2}})({_CURRENCY})",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"[0-9](?<![0-9.,].)[0-9.,]*+(?= ?[-–ntđvue])", re.IGNORECASE)
_LEAST_BARE = 1000  # "5 đồng" is rather five comrades or five fields than a sum


def money(text: str) -> tuple[str, ...]:
    """Find the sums of money, in order, as written but with single spaces ("4 tỷ đồng").

    Repeated sums stay: each is a sum of its own. A small bare figure before "đồng" is none.
    """
    found = []
    for hit in _at_figures(_COUNTED, _MONEY, text):
        figure, scale, rest, currency = (part.strip() for part in hit.groups())
        bare = not scale and currency.lower() in {"đồng", "đ"}
        if bare and float(re.sub(r"\D", "", figure.split("-")[0]) or 0) < _LEAST_BARE:
            continue
        words = f"{figure} {scale} {rest} {currency}"
        found.append(tidy(re.sub(rf"(?i)(\d)({_SCALE})", r"\1 \2", words)))
    return tuple(found)
