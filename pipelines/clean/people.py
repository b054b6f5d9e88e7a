"""People whom a text names with a title beside them, as they are written.

Without a title a name may be a street's, a school's or a place's: it is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.clean.compounds import OF_TITLES
from pipelines.clean.organisations import place_at_head

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is named, with the titles before and behind the name ("đồng chí; Bí thư")."""

    name: str
    title: str


_UPPER = "A-ZÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"
_LOWER = "a-zàáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"
_SYLLABLE = rf"[{_UPPER}][{_LOWER}]{{0,6}}"
_SURNAMES = (
    "Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Lí|Đinh|Đoàn|Trịnh|Mai"
    "|Trương|Lâm|Tô|Cao|Hà|Tạ|Thái|Châu|Chau|Lương|Lưu|Tăng|Quách|La|Kiều|Diệp|Thạch|Sơn|Kim|Danh"
    "|Triệu|Vương|Tống|Đào|Phùng|Từ|Nghiêm|Giang|Trang|Mạc|Đồng|Khổng|Bạch|Viên|Néang|Neáng"
)
_NAME = re.compile(rf"\b(?:{_SURNAMES})(?: {_SYLLABLE}){{1,4}}\b(?! ?[-/]\w)")

_POST = (
    r"(?:(?:[Nn]guyên|[Qq]uyền|[Cc]ố) )?(?:[Pp]hó )?"
    r"(?:Tổng [Bb]í thư|[Bb]í thư|[Cc]hủ tịch nước|[Cc]hủ tịch|[Gg]iám đốc|[Tt]ổng [Gg]iám đốc"
    r"|[Tt]rưởng (?:[Bb]an|[Pp]hòng|[Đđ]oàn|[Kk]hoa|[Tt]rạm|[Cc]ông an|ấp|khóm|thôn|bản|khu phố)"
    r"|[Cc]hủ nhiệm|[Cc]hánh (?:[Vv]ăn phòng|[Tt]hanh tra|án)|[Vv]iện trưởng|[Tt]hủ tướng"
    r"|[Bb]ộ trưởng|[Tt]hứ trưởng|[Hh]iệu trưởng|[Cc]hỉ huy trưởng|[Cc]hính (?:ủy|uỷ|trị viên)"
    r"|[Ủủ]y viên|[Uu]ỷ viên|[Đđ]ội trưởng|[Tt]ổ trưởng|[Cc]ục trưởng|[Vv]ụ trưởng|[Tt]ư lệnh"
    r"|[Đđ]ồn trưởng|[Tt]ổng [Bb]iên tập|Trưởng)"
)
_RANK = (
    r"(?:(?:[Đđ]ại|[Tt]hượng|[Tt]rung|[Tt]hiếu) (?:tướng|tá|úy|uỷ)|[Bb]ác sĩ|[Tt]iến sĩ|[Tt]hạc sĩ"
    r"|[Gg]iáo sư|[Kk]ỹ sư|[Ll]uật sư|[Ll]inh mục|[Hh]òa thượng|[Tt]hượng tọa|[Đđ]ại đức"
    r"|(?:PGS|GS|TS|ThS|BS|KS)\.?)"
)
_ADDRESS = (
    r"(?:[Đđ]ồng chí|[Đđ]/c|ông|Ông|bà|Bà|anh|Anh|chị|Chị|em|Em|cô|Cô|thầy|Thầy|chú|Chú|bác|Bác"
    r"|cụ|Cụ|dì|Dì|[Nn]ghệ nhân|[Nn]ông dân|[Nn]hà giáo|[Mm]ẹ Việt Nam Anh hùng"
    r"|[Hh]ọa sĩ|[Nn]hạc sĩ)"
)
# words of an office's name; any capitalised word may stand there too
_OF = (
    "ủy|uỷ|ban|nhân|dân|tỉnh|huyện|xã|phường|thị|thành|phố|trấn|quận|hội|đồng|mặt|trận|tổ|quốc"
    "|thường|trực|trưởng|chuyên|trách|phòng|sở|đoàn|công|an|quân|sự|khu|ấp|khóm|chi|bộ|đảng|vụ|và"
    "|văn|kiêm|phụ|của|nông|thôn|cựu|chiến|binh|liên|hiệp|nữ|lao|động|niên|thanh|Việt|Nam|pháp|chế"
    "|kinh|tế|xã|hội|giáo|dục|đào|tạo|y|tài|chính|nội|môi|trường|vận|tuyên|kiểm|tra|chấp|hành|tổ"
    "|dựng|thương|tư|thông|tin|truyền|hóa|giao|tải|ngoại|tộc|tôn|binh|sản|nước|nhà|chức|chỉ|huy|nguyên|thiên|cao|cấp|quốc|phòng|an|ninh|nghiệp|phát|triển|du|lịch|thể|thao|khoa|học"
)
_WORD = rf"(?:(?:{OF_TITLES})(?!\w)|[{_UPPER}][\w.]*|(?:{_OF})\b|[-–&])"
_BEFORE = re.compile(
    rf"(?<![\w-])((?:{_ADDRESS} )?(?:{_POST}|{_RANK})(?: {_WORD}){{0,12}}|{_ADDRESS})[ :]$"
)
_BEHIND = re.compile(
    rf" ?(?:,|-|–|\() ?((?:{_RANK}, )?(?:{_POST})(?: {_WORD}|, {_POST}){{0,14}})"
    r"(?=[,.;:)–\n-]|\s|$)"
)
_LOOSE_END = re.compile(r"(?:[ .–&-]| (?:và|kiêm|của)$)+$")
_REACH = 110  # characters before a name in which its title begins
_NO_PERSON = re.compile(
    r"(?:đường|phố|trường|Trường|THPT|THCS|Tiểu học|cầu|chợ|ấp|giải|Giải|quỹ|Quỹ|tên|Công ty|TNHH"
    r"|doanh nghiệp|khu|làng|đền|đình|chùa|[Bb]ệnh viện|công viên|nghĩa trang|kênh|sông|núi|hồ"
    r"|rạch|ĐH|CĐ|Đại học|Cao đẳng|Học viện|[Vv]iện|Nhà hát|Bảo tàng|Trung tâm|Tập đoàn|[Cc]huyên"
    r"|Mầm non|Mẫu giáo|công ty) $"
)
_KIND_BEFORE = re.compile(r"(xã|phường|huyện|tỉnh|quận|thị trấn|thị xã|thành phố|TP\.?|TX\.?) $")
_NOT_NAMES = ("Hồ Chí Minh", "Đoàn Thanh", "Thái Lan", "Châu Á", "Châu Âu", "Sơn La", "Kim Ngân")


def find_people(text: str) -> tuple[Person, ...]:
    """Find the people that a text names with a title, each once, with the fullest title."""
    found: dict[str, str] = {}
    for hit in _NAME.finditer(text):
        name = hit[0]
        before = text[max(0, hit.start() - _REACH) : hit.start()]
        if name.startswith(_NOT_NAMES) or _NO_PERSON.search(before):
            continue
        kind = _KIND_BEFORE.search(before)
        if place_at_head(name, kind[1]) if kind else place_at_head(name, "") == name:
            continue
        title = _BEFORE.search(before)
        behind = _BEHIND.match(text, hit.end())
        if behind and _others(behind[1]):  # the title of the next: "A, Bí thư Tỉnh ủy B"
            behind = None
        if not title and not (behind and _enumerated(before, found)):
            continue
        parts = [_own(part[1]) for part in (title, behind) if part]
        full = "; ".join(dict.fromkeys(parts))
        if len(full) > len(found.get(name, "")):
            found[name] = full
    return tuple(Person(name, title) for name, title in found.items())


def _own(title: str) -> str:
    """Cut off what belongs to somebody before ("Thủ tướng A và Bộ trưởng"), and loose ends."""
    others = _others(title)
    start = others[-1].end() if others else 0
    return _LOOSE_END.sub("", title[start:]).removeprefix(" và").strip()


def _others(title: str) -> list[re.Match[str]]:
    """Find other people in what may be a title; two syllables may end a longer name of a place."""
    return [
        hit
        for hit in _NAME.finditer(title)
        if hit[0].count(" ") > 1
        and not _NO_PERSON.search(title, 0, hit.start())
        and not place_at_head(hit[0], "")
    ]


def _enumerated(before: str, found: Mapping[str, str]) -> bool:
    """Tell whether a name stands where a list of people or a clause begins."""
    return bool(found and before.rstrip().endswith((";", ",", "và"))) or bool(
        re.search(r"(?:^|[.:;\n] ?|các đồng chí:? |gồm:? |có )$", before)
    )
