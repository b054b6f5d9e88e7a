"""People whom a text names with a title beside them, as they are written.

Without a title a name may be a street's, a school's or a place's: it is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.clean.compounds import OF_TITLES
from pipelines.clean.organisations import SYLLABLE, place_at_head
from pipelines.clean.text import CAPITALS, SMALLS

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is named, with the titles before and behind the name ("đồng chí; Bí thư")."""

    name: str
    title: str


_SURNAMES = (
    "Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Lí|Đinh|Đoàn|Trịnh|Mai"
    "|Trương|Lâm|Tô|Cao|Hà|Tạ|Thái|Châu|Chau|Lương|Lưu|Tăng|Quách|La|Kiều|Diệp|Thạch|Sơn|Kim|Danh"
    "|Triệu|Vương|Tống|Đào|Phùng|Từ|Nghiêm|Giang|Trang|Mạc|Đồng|Khổng|Bạch|Viên|Néang|Neáng|Chu|Lại"
    "|Vi|Hứa|Khuất|Ninh|Tôn|Đàm|Bành|Đậu|Thân|Lục|Tất|Doãn|Cù|Âu|Thẩm|Nông|Lữ|Phí|Cấn|Nhữ|Mã|Sầm"
    "|Lò|Lô|Quàng|Cầm|Lường|Tòng|Giàng|Sùng|Vàng|Lầu|Thào|Ma|Bế|Siu|Ksor|Kpă"
)
_HEADS = sorted({surname[0] for surname in _SURNAMES.split("|")})


def _tails(head: str) -> str:
    """Give what follows the first letter of the surnames that begin with it, as a pattern."""
    tails = (one[1:] for one in _SURNAMES.split("|") if one[0] == head)
    return f"(?<={head})(?:{'|'.join(tails)})"


# a class comes first, so that the search runs from one such letter to the next
_NAME = re.compile(
    rf"[{''.join(_HEADS)}](?<!\w.)(?:{'|'.join(map(_tails, _HEADS))})"
    rf"(?: {SYLLABLE}){{1,4}}\b(?! ?[-/]\w)"
)

_POST = (
    r"(?:(?:[Nn]guyên|[Cc]ựu|[Qq]uyền|[Cc]ố|[Tt]ân) )?(?:[Pp]hó )?"
    r"(?:Tổng [Bb]í thư|[Bb]í thư|[Cc]hủ tịch nước|[Cc]hủ tịch|[Gg]iám đốc|[Tt]ổng [Gg]iám đốc"
    r"|[Tt]rưởng (?:[Bb]an|[Pp]hòng|[Đđ]oàn|[Kk]hoa|[Tt]rạm|[Cc]ông an|ấp|khóm|thôn|bản|khu phố)"
    r"|[Cc]hủ nhiệm|[Cc]hánh (?:[Vv]ăn phòng|[Tt]hanh tra|án)|[Vv]iện trưởng|[Tt]hủ tướng"
    r"|[Bb]ộ trưởng|[Tt]hứ trưởng|[Hh]iệu trưởng|[Cc]hỉ huy trưởng|[Cc]hính (?:ủy|uỷ|trị viên)"
    r"|[Ủủ]y viên|[Uu]ỷ viên|[Đđ]ội trưởng|[Tt]ổ trưởng|[Cc]ục trưởng|[Vv]ụ trưởng|[Tt]ư lệnh"
    r"|[Đđ]ồn trưởng|[Tt]ổng [Bb]iên tập|[Tt]hống đốc|[Tt]ổng [Tt]hư ký|[Đđ]ại sứ"
    r"|[Tt]ham mưu trưởng|[Kk]ế toán trưởng|[Tt]ổng (?:[Tt]hanh tra|[Kk]iểm toán)"
    r"|[Đđ]ại biểu (?:Quốc hội|HĐND)|Trưởng)"
)
_ONE_RANK = (
    r"(?:(?:[Đđ]ại|[Tt]hượng|[Tt]rung|[Tt]hiếu) (?:tướng|tá|úy|uỷ)|[Bb]ác sĩ|[Tt]iến sĩ|[Tt]hạc sĩ"
    r"|(?:[Pp]hó )?[Gg]iáo sư|[Kk]ỹ sư|[Ll]uật sư|[Ll]inh mục|[Hh]òa thượng|[Tt]hượng tọa"
    r"|[Đđ]ại đức"
    r"|(?:PGS|GS|TS|T[Hh][Ss]|BS(?:CK ?I{1,2})?|CK ?I{1,2}|KS|LS|TTƯT|TTND|NSƯT|NSND)\b\.?)"
)
_RANK = rf"(?:{_ONE_RANK}(?:(?:, ?| ?[.-] ?| )?{_ONE_RANK})*)"
_PRONOUN = (
    r"(?:[Đđ]ồng chí|[Đđ]/c|[Aa]nh|[Ôô]ng|[Bb]à|[Cc]hị|[Ee]m|[Cc]ô|[Tt]hầy|[Cc]hú|[Bb]ác|[Cc]ụ"
    r"|[Dd]ì)"
)
_ADDRESS = (
    rf"(?:{_PRONOUN}|[Nn]ghệ nhân|[Nn]ông dân|[Nn]hà giáo|[Mm]ẹ Việt Nam Anh hùng|[Hh]ọa sĩ"
    r"|[Nn]hạc sĩ)"
)
# words of an office's name; any capitalised word may stand there too
_OF = (
    "ủy|uỷ|ban|nhân|dân|tỉnh|huyện|xã|phường|thị|thành|phố|trấn|quận|hội|đồng|mặt|trận|tổ|quốc"
    "|thường|trực|trưởng|chuyên|trách|phòng|sở|đoàn|công|an|quân|sự|khu|ấp|khóm|chi|bộ|đảng|vụ|và"
    "|văn|kiêm|phụ|của|nông|thôn|cựu|chiến|binh|liên|hiệp|nữ|lao|động|niên|thanh|Việt|Nam|pháp|chế"
    "|kinh|tế|xã|hội|giáo|dục|đào|tạo|y|tài|chính|nội|môi|trường|vận|tuyên|kiểm|tra|chấp|hành|tổ"
    "|dựng|thương|tư|thông|tin|truyền|hóa|giao|tải|ngoại|tộc|tôn|binh|sản|nước|nhà|chức|chỉ|huy|nguyên|thiên|cao|cấp|quốc|phòng|an|ninh|nghiệp|phát|triển|du|lịch|thể|thao|khoa|học"
)
_WORD = (
    rf"(?:(?:{OF_TITLES})(?!\w)|(?:TP|TX|[HPQX])\.(?= )|[{CAPITALS}]\w*(?:[.&]\w+)*"
    rf"|(?:{_OF})\b|[-–&])"
)
_BEFORE = re.compile(
    rf"(?<![\w-])((?:{_ADDRESS} )?(?:{_POST}|{_RANK})(?: {_WORD}){{0,12}}|{_ADDRESS})[ :]$"
)
_ADDRESSED = re.compile(rf"(?<![\w-])({_PRONOUN})[ :]$")
_BEHIND = re.compile(
    rf" ?(?:,|-|–|\() ?((?:{_RANK}, )?(?:{_POST})(?: {_WORD}|, {_POST}){{0,14}})"
    r"(?=[,.;:)–\n-]|\s|$)"
)
# what follows a title is no part of it; any other word up to a sign ends the name of the office
_NO_TITLE = (
    "cho|nói|đã|sẽ|đang|vừa|là|tại|trao|tặng|phát (?:biểu|động)|khẳng định|nhấn mạnh|chia sẻ"
    "|thông tin|thông báo|xác nhận|nhận (?:định|xét)|nhìn nhận|trả lời|bày tỏ|yêu cầu"
    "|đề (?:nghị|xuất)|chủ trì|dự|tham (?:dự|gia)|đến|tới|thăm|khai mạc|kết luận|báo cáo"
    "|trình bày|lý giải|lưu ý|cảnh báo|ký|thừa nhận|tiết lộ|kể|cùng|bị|được|do|khi|về|với|từ|theo"
    "|làm|giữ|có|không|cũng|còn|nêu|thay mặt|gợi ý|bắt|tiếp|ghi nhận|biểu dương|chúc"
    "|công (?:bố|nhận)|mong|gửi|giải (?:thích|đáp|trình)|h[iy] vọng|để|như|thì|mà|này|trong|trên"
    "|trước|sau|vào|ra|lên|đưa|mời|một|hai|những|trú|lo|chỉ đạo|khuy(?:ên|ến)|đánh giá|phân tích"
    "|hướng dẫn|cảm ơn|vì"
)
_REST = re.compile(
    rf"(?: (?!(?:{_NO_TITLE})\b)(?:TP\. )?[\w&]+){{1,6}}+(?=[,;.:)\n”]| [-–(]| (?:{_NO_TITLE})\b|$)"
)
# the last word of a title is the first half of one: behind a small letter ("Hiệp hội Chăn") or a
# word that begins a body's name ("Cục Kiểm"), not in "tỉnh Quảng Trị" or "TP Vinh"
_BODY = "Cục|Viện|Ban|Sở|Phòng|Vụ|Hội|Bộ|Khoa|Quỹ|Đoàn"
_HALF = re.compile(
    rf"(?:(?!(?:xã|phường|huyện|tỉnh|quận|trấn|phố|ấp|thôn)\b)\b[{SMALLS}]+"
    rf"|{_BODY}) [{CAPITALS}][{SMALLS}]*$| (?:{_BODY})$"
)
_OTHER_BEHIND = re.compile(rf" (?:và|cùng) (?:{_ADDRESS}|{_RANK}) .*")
_LOOSE_END = re.compile(r"(?:[ .–&-]| (?:và|kiêm|của)$)+$")
_REACH = 110  # characters before a name in which its title begins
_NEAR = 12  # ... in which a form of address does
_NO_PERSON = re.compile(
    r"(?:đường|phố|trường|Trường|THPT|THCS|Tiểu học|cầu|chợ|ấp|giải|Giải|quỹ|Quỹ|tên|Công ty|TNHH"
    r"|doanh nghiệp|khu|làng|đền|đình|chùa|[Bb]ệnh viện|công viên|nghĩa trang|kênh|sông|núi|hồ"
    r"|rạch|ĐH|CĐ|Đại học|Cao đẳng|Học viện|[Vv]iện|Nhà hát|Bảo tàng|Trung tâm|Tập đoàn|[Cc]huyên"
    r"|Mầm non|Mẫu giáo|công ty) $"
)
_KIND_BEFORE = re.compile(r"(xã|phường|huyện|tỉnh|quận|thị trấn|thị xã|thành phố|TP\.?|TX\.?) $")
_KIND_REACH = 12  # characters: the longest kind of a place
_NOT_NAMES = (
    "Hồ Chí Minh", "Đoàn Thanh", "Thái Lan", "Thái Bình Dương", "Châu Á", "Châu Âu", "Sơn La",
    "Kim Ngân", "Ma Rốc", "Mã Lai", "Đào Nha", "Tôn Giáo", "Nông Nghiệp", "Nông Dân", "Nông Thôn",
)  # fmt: skip


def find_people(text: str) -> tuple[Person, ...]:
    """Find the people that a text names with a title, each once, with the fullest title."""
    found: dict[str, str] = {}
    for start in _NAME.finditer(text):
        hit = _behind_place(text, start)
        name = hit[0]
        before = text[max(0, hit.start() - _REACH) : hit.start()]
        if name.startswith(_NOT_NAMES) or _NO_PERSON.search(before):
            continue
        kind = _KIND_BEFORE.search(before)
        if place_at_head(name, kind[1]) if kind else place_at_head(name, "") == name:
            continue
        title = _ADDRESSED.search(before, len(before) - _NEAR) or _BEFORE.search(before)
        behind = _BEHIND.match(text, hit.end())
        if behind and _others(behind[1]):  # the title of the next: "A, Bí thư Tỉnh ủy B"
            behind = None
        if not title and not (behind and _enumerated(before, found)):
            continue
        parts = [_own(title[1])] if title else []
        parts += [_own(_whole(text, behind))] if behind else []
        full = "; ".join(dict.fromkeys(parts))
        if len(full) > len(found.get(name, "")):
            found[name] = full
    return tuple(Person(name, title) for name, title in found.items())


def _behind_place(text: str, hit: re.Match[str]) -> re.Match[str]:
    """Give the name behind a place's: "Hà Nội Trần Thị Mai", "Đắk Nông Tôn Văn Tư"."""
    word = text.rfind(" ", 0, max(0, hit.start() - 1)) + 1
    for at in (hit.start(), word):
        if not text[at : at + 1].isupper():
            continue
        kind = _KIND_BEFORE.search(text, max(0, at - _KIND_REACH), at)
        place = place_at_head(text[at : hit.end()], kind[1] if kind else "")
        behind = _NAME.match(text, at + len(place) + 1) if place else None
        if behind and behind.start() > hit.start():
            return behind
    return hit


def _whole(text: str, title: re.Match[str]) -> str:
    """Give a title to the end of its last name: "Chủ tịch Hiệp hội Chăn" goes on with "nuôi"."""
    cut = _HALF.search(title[1]) and text[title.end(1) : title.end(1) + 2].islower()
    rest = _REST.match(text, title.end(1)) if cut else None
    return _OTHER_BEHIND.sub("", title[1] + rest[0] if rest else title[1])


def _own(title: str) -> str:
    """Cut off what belongs to somebody before ("Thủ tướng A và Bộ trưởng"), and loose ends."""
    others = _others(title)
    start = others[-1].end() if others else 0
    return _LOOSE_END.sub("", title[start:]).removeprefix(" và").strip()


def _others(title: str) -> list[re.Match[str]]:
    """Find other people in what may be a title; two syllables may end a longer name of a place."""
    return [
        hit
        for hit in (_behind_place(title, start) for start in _NAME.finditer(title))
        if hit[0].count(" ") > 1
        and not _NO_PERSON.search(title, 0, hit.start())
        and not place_at_head(hit[0], "")
    ]


def _enumerated(before: str, found: Mapping[str, str]) -> bool:
    """Tell whether a name stands where a list of people or a clause begins."""
    return bool(found and before.rstrip().endswith((";", ",", "và"))) or bool(
        re.search(r"(?:^|[.:;\n] ?|các đồng chí:? |gồm:? |có )$", before)
    )
