"""Credits and datelines: who wrote an article, and where its text comes from."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.clean.text import CAPITALS, SMALLS, tidy


@dataclass(frozen=True, slots=True)
class Byline:
    """A credit line: the author, or the source that the text was taken from."""

    author: str | None = None
    source: str | None = None


_SHOUTED = rf"(?:[{CAPITALS}]{{1,7}}\.?)"
_CAPITAL = rf"(?:[{CAPITALS}][{SMALLS}]{{0,6}}\.?)"
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
    rf"\(?(?:Theo|THEO):? ((?:[{CAPITALS}]|https?:|www\.|[a-z0-9-]+\.[a-z]).{{0,70}}?)\)?\.?"
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


_IN_BRACKETS = re.compile(rf"\(([{CAPITALS}][^()]{{1,39}})\) ?[-–—:] ?(?=\S)")
_SHORT_IN_BRACKETS = re.compile(rf"\(([{CAPITALS}]{{2,6}})\) ?(?=[{CAPITALS}])")
_BARE = re.compile(
    rf"([{CAPITALS}]{{2,7}}|[{CAPITALS}][\w]{{1,9}}[{CAPITALS}]\w{{1,9}}|\w+\.(?:vn|com|net|org))"
    r"(?: [-–—] ?|[-–—] | ?[–—])"  # a hyphen between two letters is one word: "VN-Index"
    rf"(?=[“\"]?[{CAPITALS}0-9])"
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
