"""Organisations that a text names, as they are written, with their place."""

from __future__ import annotations

import re
from functools import lru_cache

from pipelines.clean.compounds import CAPITALISED, LOWER
from pipelines.clean.gazetteer import gazetteer, name_key

_UPPER = "A-ZÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"
_LOWER = "a-zàáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"
_SYLLABLE = rf"[{_UPPER}][{_LOWER}]{{0,6}}"

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
ORGANISATION = re.compile(rf"(?<![\w-])(?:{_CORE})(?![\w-])")
"""A body's name, without its place."""
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
    for hit in ORGANISATION.finditer(text):
        name = with_place(text, hit)
        if name not in _ALONE:
            found[name] = None
    return tuple(found)


def with_place(text: str, hit: re.Match[str]) -> str:
    """Add the place behind an organisation; a person's name behind an office is none."""
    end = hit.end()
    if kind := _KIND.match(text, end):
        place = place_at_head(kind[2], kind[1].lower()) if kind[2] else ""
        return text[hit.start() : kind.start(2) + len(place) if place else kind.end(1)]
    if bare := _BARE.match(text, end):
        place = place_at_head(bare[1], "")
        return f"{hit[0]} {place}" if place else hit[0]
    return hit[0]


_DASH = re.compile(" ?[-–] ?")


@lru_cache(maxsize=4096)
def place_at_head(name: str, kind: str) -> str:
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
