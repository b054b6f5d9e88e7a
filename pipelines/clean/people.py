"""People whom a text names with a title beside them, as they are written.

Without a title a name may be a street's, a school's or a place's: it is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from pipelines.clean.countries import COUNTRIES
from pipelines.clean.organisations import SYLLABLE, place_at_head
from pipelines.clean.surnames import SURNAMES
from pipelines.clean.text import CAPITALS, SMALLS
from pipelines.clean.titles import ADDRESS, CALLING, OFFICE_WORD, POST, RANK

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is named, with the titles before and behind the name ("đồng chí; Bí thư")."""

    name: str
    title: str


_HEADS = sorted({surname[0] for surname in SURNAMES.split("|")})


def _tails(head: str) -> str:
    """Give what follows the first letter of the surnames that begin with it, as a pattern."""
    tails = (one[1:] for one in SURNAMES.split("|") if one[0] == head)
    return f"(?<={head})(?:{'|'.join(tails)})"


# a class comes first, so that the search runs from one such letter to the next
_NAME = re.compile(
    rf"[{''.join(_HEADS)}](?<!\w.)(?!(?<=L)ương [Yy] )(?:{'|'.join(map(_tails, _HEADS))})"
    rf"(?: {SYLLABLE}){{1,4}}\b(?! ?[-/]\w)"
)

_BEFORE = re.compile(
    rf"(?<![\w-])((?:{ADDRESS} )?(?:{POST}|{RANK})(?: {OFFICE_WORD}){{0,12}}|{ADDRESS})[ :]$"
)
# ---- names without a known surname: "chị Thu Hà", "già làng A Jring", "ông Donald Trump" --------
# a capital behind the last letter of a form of address
_GIVEN_AT = re.compile(
    rf"[{CAPITALS}](?<=[gàhịmôyúcụìíĩnoáiảựCV] .)"
    rf"(?=[\w’'-]*+ [{CAPITALS}])"
)
_PART = (
    rf"(?:[{CAPITALS}](?:[{SMALLS}]+|[’']?[{CAPITALS}][{SMALLS}]+)(?:[-’'][{CAPITALS}]?[{SMALLS}]+)?"
    r"|[AYKH](?= ))"
)
_GIVEN = re.compile(rf"{_PART}(?: {_PART}){{1,3}}(?![\w/’'-]| ?[-/]\w)")
_CALLED = re.compile(rf"(?<![\w-])({CALLING}) $")
_OF_BODIES = frozenset(
    {"Nông dân", "Nhà báo", "Nhà văn", "Nghệ sĩ", "Nhạc sĩ", "Doanh nhân", "Sinh viên", "Học sinh"}
)
_LAST_WORDS = frozenset(  # of ``CALLING``
    """chí đ/c Đ/c anh Anh ông Ông bà Bà chị Chị em Em cô Cô thầy Thầy chú Chú bác Bác cụ Cụ dì Dì
    giáo nhân tú dân báo văn thơ học hùng làng tri sĩ viên diễn y Y cháu Cháu cáo can hại thủ sinh
    thống cả trưởng sự MC HLV""".split()  # noqa: SIM905  one word a line would be fifty lines
)
_WITH_CAPITAL = frozenset(  # anywhere, not at the head of a sentence alone
    {"Tỉnh trưởng", "Phó Tỉnh trưởng", "Lãnh sự", "Tổng Lãnh sự", "Tổng thống", "MC", "HLV"}
)
_SENTENCE = re.compile(r"(?:^|[\n.:;!?“\"(–-]) ?$")
_NOT_GIVEN = re.compile(
    r"(?:Phó|Bí thư|Chủ|Trưởng|Giám đốc|[ỦU][ỷy]|Thường|Thủ|Tổng|Bộ|Thiếu|Hiệu trưởng|Chánh|Viện"
    r"|(?:Đại|Thượng|Trung) (?:tá|úy|tướng|ương|biểu|sứ|tọa)|Cục|Vụ|Đội|Hội|Ban|UBND|HĐND|MTTQ"
    r"|Đảng|Việt Nam|Nguyên|Thứ|Chúa|Nà|Huyện|Thiên Hậu|Anh hùng|Ưu tú|Nhân dân|Tổ|Nhà|Sở|Phòng"
    r"|Trạm|Đoàn|Tỉnh|Thành|Quận|Xã|Phường|Cụ|Hồ|Quốc|Công|Trường|Lớp|Khoa|Bác|Cô|Thầy|Ông|Bà"
    r"|Anh|Chị|Em|Các)(?!\w)"
)
_COUNTRY = re.compile(rf"(?:{COUNTRIES})(?!\w)")
# "Đại sứ Nhật Bản tại Việt Nam Ito Naoki"
_ENVOY = re.compile(
    rf"((?:Đại sứ|Tổng Lãnh sự|Thủ tướng|Tổng thống|Ngoại trưởng) (?:{COUNTRIES}))"
    rf"(?: tại (?:Việt Nam|Thành phố Hồ Chí Minh|TP\.? ?HCM))? (?={_GIVEN.pattern})"
)
_ADDRESSED = re.compile(rf"(?<![\w-])({CALLING})[ :]$")
_BEHIND = re.compile(
    rf" ?(?:,|-|–|\() ?((?:{RANK}, )?(?:{POST})(?: {OFFICE_WORD}|, {POST}){{0,14}})"
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
_OTHER_BEHIND = re.compile(rf" (?:và|cùng) (?:{ADDRESS}|{RANK}) .*")
_LOOSE_END = re.compile(r"(?:[ .–&-]| (?:và|kiêm|của)$)+$")
_REACH = 110  # characters before a name in which its title begins
_NEAR = 24  # ... in which a form of address does
_NO_PERSON = re.compile(
    r"(?:đường|phố|trường|Trường|THPT|THCS|Tiểu học|cầu|chợ|ấp|giải|Giải|quỹ|Quỹ|tên|Công ty|TNHH"
    r"|doanh nghiệp|khu|làng|đền|đình|chùa|[Bb]ệnh viện|công viên|nghĩa trang|kênh|sông|núi|hồ"
    r"|rạch|ĐH|CĐ|Đại học|Cao đẳng|Học viện|[Vv]iện|Nhà hát|Bảo tàng|Trung tâm|Tập đoàn|[Cc]huyên"
    r"|Mầm non|Mẫu giáo|công ty) $"
)
_KIND_BEFORE = re.compile(r"(xã|phường|huyện|tỉnh|quận|thị trấn|thị xã|thành phố|TP\.?|TX\.?) $")
_CAPITAL_BEFORE = re.compile(rf"[{CAPITALS}][{SMALLS}]+ $")
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
        if _is_place(name, before):
            continue
        title = _title_before(before)
        if title and _goes_on_from_place(name, before):
            continue
        behind = _BEHIND.match(text, hit.end())
        if behind and _others(behind[1]):  # the title of the next: "A, Bí thư Tỉnh ủy B"
            behind = None
        if not title and not (behind and (_stands_alone(name) or _enumerated(before, found))):
            continue
        parts = [_own(title[1])] if title else []
        parts += [_own(_whole(text, behind))] if behind else []
        full = "; ".join(dict.fromkeys(parts))
        if len(full) > len(found.get(name, "")):
            found[name] = full
    known = set(chain.from_iterable(map(_ends_of, found)))
    for name, address in _given(text):
        if name not in known:
            found[name] = address
            known.update(_ends_of(name))
    return tuple(Person(name, title) for name, title in found.items())


def _ends_of(name: str) -> Iterator[str]:
    """Yield a name, and what is left of it without its first word, and so on."""
    while name:
        yield name
        name = name.partition(" ")[2]


def _given(text: str) -> Iterator[tuple[str, str]]:
    """Yield names behind a form of address that begin with no known surname, and that form.

    One word alone ("ông Tư") tells nobody apart. A capital before it, but for a sentence's first
    word, is a place's: "cầu Ông Lãnh", "đường Bà Huyện Thanh Quan".
    """
    yield from _envoys(text)
    for one in _GIVEN_AT.finditer(text):
        at = one.start()
        if not _is_address(_last_word(text[max(0, at - _NEAR) : at])):
            continue
        called = _CALLED.search(text, max(0, at - _NEAR), at)
        if not called or not (hit := _GIVEN.match(text, at)):
            continue
        name, address = hit[0], called[1]
        if _NAME.match(text, at) or _NOT_GIVEN.match(name) or name.startswith(_NOT_NAMES):
            continue
        if _COUNTRY.match(name):  # "sinh viên Nhật Bản"
            continue
        start = called.start(1)
        if _is_in_name(address, text, start):
            continue
        if _NO_PERSON.search(text, max(0, start - _NEAR), start) or place_at_head(name, ""):
            continue
        if not place_at_head(f"{address.capitalize()} {name}", ""):
            yield name, address


def _is_in_name(address: str, text: str, start: int) -> bool:
    """Tell a form of address whose capital makes it part of a place's name."""
    if not address[0].isupper() or address in _WITH_CAPITAL:
        return False
    return not _SENTENCE.search(text, max(0, start - 2), start)


def _envoys(text: str) -> Iterator[tuple[str, str]]:
    for one in _ENVOY.finditer(text):
        if (hit := _GIVEN.match(text, one.end())) and not _NOT_GIVEN.match(hit[0]):
            yield hit[0], one[1]


def _last_word(before: str) -> str:
    """Give the last word of what ends with one sign behind it: "cho ông " is "ông"."""
    return before[before.rfind(" ", 0, -1) + 1 : -1]


def _is_address(word: str) -> bool:
    """Tell whether a form of address may end with a word; a regex would ask for far longer."""
    return word in _LAST_WORDS or word.rpartition("\n")[2].lstrip('“"(') in _LAST_WORDS


def _stands_alone(name: str) -> bool:
    return name.count(" ") > 1


def _title_before(before: str) -> re.Match[str] | None:
    near = None
    if _is_address(_last_word(before)):
        near = _ADDRESSED.search(before, len(before) - _NEAR)
    if near and near[1] in _OF_BODIES:  # "Chủ tịch Hội Nông dân Cao Thị Út"
        near = None
    return near or _BEFORE.search(before)


def _is_place(name: str, before: str) -> bool:
    kind = _KIND_BEFORE.search(before)
    return bool(place_at_head(name, kind[1])) if kind else place_at_head(name, "") == name


def _goes_on_from_place(name: str, before: str) -> bool:
    """Tell the end of two places: "Chủ tịch Tập đoàn Tuần Châu Quảng Ninh"."""
    province = name.partition(" ")[2]
    return bool(_CAPITAL_BEFORE.search(before)) and place_at_head(province, "") == province


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
