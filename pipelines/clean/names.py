"""Whom an article names: people with their titles, organisations, and who issued its documents.

A name counts only with a title beside it: without one, names of streets, schools and places look
the same. Names and titles are given as they are written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Self

from pipelines.clean.compounds import CAPITALISED, LOWER, OF_TITLES
from pipelines.clean.gazetteer import gazetteer, name_key
from pipelines.clean.sums import dong

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipelines.records import Draft


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is named, with the titles before and behind the name ("đồng chí; Bí thư")."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Named:
    """What an article names; ``issuers`` gives the issuer of a document by its number.

    ``dong`` has the value in đồng of each sum of money, None for another currency; of a range
    ("3-5 triệu đồng") the lower end.
    """

    people: tuple[Person, ...] = ()
    organisations: tuple[str, ...] = ()
    issuers: tuple[tuple[str, str], ...] = ()
    dong: tuple[int | None, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Give it as plain JSON values."""
        return {
            "people": [{"name": one.name, "title": one.title} for one in self.people],
            "organisations": list(self.organisations),
            "issuers": dict(self.issuers),
            "dong": list(self.dong),
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Read what ``to_json`` wrote; {} is nothing."""
        return cls(
            tuple(Person(one["name"], one["title"]) for one in values.get("people", ())),
            tuple(values.get("organisations", ())),
            tuple(values.get("issuers", {}).items()),
            tuple(values.get("dong", ())),
        )


_UPPER = "A-ZÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"
_LOWER = "a-zàáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"
_SYLLABLE = rf"[{_UPPER}][{_LOWER}]{{0,6}}"
_SURNAMES = (
    "Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Lí|Đinh|Đoàn|Trịnh|Mai"
    "|Trương|Lâm|Tô|Cao|Hà|Tạ|Thái|Châu|Chau|Lương|Lưu|Tăng|Quách|La|Kiều|Diệp|Thạch|Sơn|Kim|Danh"
    "|Triệu|Vương|Tống|Đào|Phùng|Từ|Nghiêm|Giang|Trang|Mạc|Đồng|Khổng|Bạch|Viên|Néang|Neáng"
)
_NAME = re.compile(rf"\b(?:{_SURNAMES})(?: {_SYLLABLE}){{1,4}}\b(?! ?[-/]\w)")

# ---- titles -------------------------------------------------------------------------------------

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
        if _place(name, kind[1]) if kind else _place(name, "") == name:
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
        and not _place(hit[0], "")
    ]


def _enumerated(before: str, found: Mapping[str, str]) -> bool:
    """Tell whether a name stands where a list of people or a clause begins."""
    return bool(found and before.rstrip().endswith((";", ",", "và"))) or bool(
        re.search(r"(?:^|[.:;\n] ?|các đồng chí:? |gồm:? |có )$", before)
    )


# ---- organisations ------------------------------------------------------------------------------

_NO_OTHER = "(?!Bệnh viện|Ngân hàng|Đại học|Cao đẳng|Tập đoàn)"  # a second body begins with it
# "Kiểm toán và Tư vấn", "Thương mại dịch vụ"; a hospital's may have its number: "Quân y 103"
_COMPOUND = (
    rf"(?:{CAPITALISED})(?:(?: (?:và|-|–) {_NO_OTHER}| )(?:{CAPITALISED}|{LOWER}))*+(?![{_LOWER}])"
    r"(?:(?:(?<=Quân y)|(?<=Nhân dân)) \d{3}\b|(?<=Nhi đồng) \d\b)?"
)
_OWN_NAME = (
    rf"(?: (?:{LOWER})(?= (?:[{_UPPER}]|{LOWER})))*"
    rf"(?: (?:{_COMPOUND}|[{_UPPER}]\w*)){{1,8}}"
)
_PARTY = r"(?:Tỉnh|Thành|Huyện|Thị|Quận|Đảng) (?:ủy|uỷ)(?! viên)"
_CORE = (
    r"Ủy ban nhân dân|Uỷ ban nhân dân|UBND|Hội đồng nhân dân|HĐND"
    r"|(?:Ủy ban|Uỷ ban) (?:Mặt trận Tổ quốc|MTTQ)(?: Việt Nam)?|UBMTTQVN|UBMTTQ|MTTQ(?: Việt Nam)?"
    rf"|(?:Ban (?:Dân vận|Tuyên giáo|Tổ chức|Nội chính|Thường vụ|Chấp hành(?: Đảng bộ)?)"
    rf"|Ủy ban Kiểm tra|Thường trực|Văn phòng)(?: {_PARTY}| Trung ương Đảng| Trung ương)"
    rf"|{_PARTY}"
    r"|Ban Chỉ huy Quân sự|Bộ Chỉ huy (?:Quân sự|Bộ đội Biên phòng)|Bộ đội Biên phòng|Công an"
    r"|Hội (?:Liên hiệp Phụ nữ|LHPN|Nông dân|Cựu chiến binh|Chữ thập đỏ|Khuyến học|Người cao tuổi)"
    r"(?: Việt Nam)?|Đoàn Thanh niên(?: Cộng sản Hồ Chí Minh)?|Tỉnh đoàn|Huyện đoàn"
    r"|Liên đoàn Lao động"
    r"|Tòa án nhân dân|Viện kiểm sát nhân dân|Kho bạc Nhà nước|Chính phủ|Quốc hội|Bộ Chính trị"
    r"|Ban Bí thư(?: Trung ương Đảng)?"
    r"|(?:Sở|Phòng|Bộ) (?:Nông nghiệp|Giáo dục|Y tế|Nội vụ|Tài chính|Xây dựng|Công Thương|Tư pháp"
    r"|Văn hóa|Lao động|Tài nguyên|Khoa học|Kế hoạch|Kinh tế|Thông tin|Giao thông|Dân tộc|Du lịch"
    r"|Ngoại vụ|Quốc phòng|Công an)"
    rf"(?:(?:, | và | - | – | )(?:[Pp]hát triển [Nn]ông thôn|{_SYLLABLE} [{_LOWER}]+|vận tải)"
    r"|(?:, | và | - | – )(?:đầu tư|đào tạo|truyền thông|môi trường|công nghệ|thể thao|xã hội))*"
    r"|(?:Trường (?:THPT|THCS|Tiểu học|Mầm non|Đại học|Cao đẳng|Chính trị)"
    r"(?: (?:và|-|–) (?:THCS|THPT))*(?: chuyên)?|Bệnh viện(?: Đa khoa)?"
    rf"|Trung tâm Y tế|Hợp tác xã|Ngân hàng|Công ty (?:TNHH|Cổ phần|CP))(?:{_OWN_NAME})?"
)
_ORGANISATION = re.compile(rf"(?<![\w-])(?:{_CORE})(?![\w-])")
_NAMED = rf"{_SYLLABLE}(?:(?: | ?[-–] ?){_SYLLABLE})"  # "Bà Rịa - Vũng Tàu"
_KIND = re.compile(
    r" ((?:[Tt]ỉnh|[Hh]uyện|[Tt]hị xã|[Tt]hành phố|[Qq]uận|[Xx]ã|[Pp]hường|[Tt]hị trấn|[Đđ]ặc khu"
    rf"|TP|TX)(?!\w)|TP(?=HCM))(?:\.? ?(HCM\b|{_NAMED}{{0,4}}|(?<= )\d{{1,2}}\b))?(?!\w)"
)
_BARE = re.compile(rf" ({_NAMED}{{1,4}})")
_ALONE = frozenset({"Công an", "MTTQ", "Bệnh viện", "Hợp tác xã", "Ngân hàng", "Văn phòng"})


def find_organisations(text: str) -> tuple[str, ...]:
    """Find the organisations that a text names, as written, each once, with their place."""
    found: dict[str, None] = {}
    for hit in _ORGANISATION.finditer(text):
        name = _with_place(text, hit)
        if name not in _ALONE:
            found[name] = None
    return tuple(found)


def _with_place(text: str, hit: re.Match[str]) -> str:
    """Add the place behind an organisation; a person's name behind an office is none."""
    end = hit.end()
    if kind := _KIND.match(text, end):
        place = _place(kind[2], kind[1].lower()) if kind[2] else ""
        return text[hit.start() : kind.start(2) + len(place) if place else kind.end(1)]
    if bare := _BARE.match(text, end):
        place = _place(bare[1], "")
        return f"{hit[0]} {place}" if place else hit[0]
    return hit[0]


_DASH = re.compile(" ?[-–] ?")


@lru_cache(maxsize=4096)
def _place(name: str, kind: str) -> str:
    """Give the longest beginning of ``name`` that a unit of that kind is called; "": none.

    Without a kind only provinces and districts of two syllables or more.
    """
    known = gazetteer()
    if name == "HCM":
        return name
    tables = _TABLES.get(kind.rstrip("."), ("provinces", "districts"))
    syllables = name.split(" ")
    for size in range(len(syllables), 0 if kind else 1, -1):
        part = " ".join(syllables[:size]).rstrip(" -–")
        keys = name_key(part), name_key(_DASH.sub(" ", part))  # "Thừa Thiên - Huế" has one or none
        if any(key in getattr(known, table) for table in tables for key in keys):
            return part
    return ""


_TABLES = {
    "tỉnh": ("provinces",), "huyện": ("districts",), "quận": ("districts",),
    "thị xã": ("districts",), "xã": ("communes",), "phường": ("communes",),
    "thị trấn": ("communes",), "đặc khu": ("communes",),
}  # fmt: skip


# ---- documents ----------------------------------------------------------------------------------

_OF_WHOM = re.compile(
    r"(?:,? (?:được )?(?:ban hành |ký )?ngày \d{1,2}(?: tháng |[/.-])\d{1,2}(?: năm |[/.-])\d{4})?"
    r",? (?:của|do) "
)
_BY_NUMBER = (
    (re.compile("UBTVQH"), "Ủy ban Thường vụ Quốc hội"),
    (re.compile(r"QH\d"), "Quốc hội"),
    (re.compile(r"TTg$"), "Thủ tướng Chính phủ"),
    (re.compile(r"-CP$"), "Chính phủ"),
)
_ISSUER = re.compile(rf"Thủ tướng Chính phủ|(?:Bộ trưởng )?{_ORGANISATION.pattern}")


def issuer_of(text: str, number: str) -> str | None:
    """Give who issued a document: named behind its number ("của Ban Thường vụ ..."), else by it."""
    signs = ("[-–]" if sign == "-" else sign for sign in re.split("([-/])", number))
    spread = " ?".join(signs)  # some type spaces into a number
    for at in (hit.end() for hit in re.finditer(spread, text)):
        if (of := _OF_WHOM.match(text, at)) and (who := _ISSUER.match(text, of.end())):
            return _with_place(text, who)
    return next((who for sign, who in _BY_NUMBER if sign.search(number)), None)


def find_names(draft: Draft) -> Named:
    """Find everything that title and text name."""
    text = "\n".join((draft.title, *draft.body))
    issuers = ((one.number, issuer_of(text, one.number)) for one in draft.documents)
    return Named(
        find_people(text),
        find_organisations(text),
        tuple((number, who) for number, who in issuers if who),
        tuple(dong(one) for one in draft.money),
    )
