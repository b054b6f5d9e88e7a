"""Other ways to write what a query asks for: abbreviations of administration, and y for i.

Few articles that write "UBND" say "Ủy ban nhân dân" anywhere, and portals differ in "kỹ" and "kĩ"
(docs/measurements.md). The index keeps words as they are written; a query asks for all of their
spellings.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from pipelines.search.words import plain, word_keys, word_spans

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Keys = tuple[str, str]
"""A word without marks, and "=" with its marks."""

_SAME = (
    ("UBND", "Ủy ban nhân dân"),
    ("HĐND", "Hội đồng nhân dân"),
    ("MTTQ", "Mặt trận Tổ quốc"),
    ("UBMTTQ", "Ủy ban MTTQ", "Ủy ban Mặt trận Tổ quốc"),
    ("BTV", "Ban Thường vụ"),
    ("BCH", "Ban Chấp hành"),
    ("BCĐ", "Ban Chỉ đạo"),
    ("BQL", "Ban Quản lý", "Ban Quản lí"),
    ("UBKT", "Ủy ban Kiểm tra"),
    ("TW", "Trung ương"),
    ("TP", "thành phố"),
    ("TX", "thị xã"),
    ("HCM", "Hồ Chí Minh"),
    ("TPHCM", "TP HCM", "TP Hồ Chí Minh", "thành phố HCM", "thành phố Hồ Chí Minh"),
    ("QĐ", "quyết định"),
    ("NQ", "nghị quyết"),
    ("NĐ", "nghị định"),
    ("THPT", "trung học phổ thông"),
    ("THCS", "trung học cơ sở"),
    ("ĐH", "đại học"),
    ("GD&ĐT", "GDĐT", "giáo dục và đào tạo", "giáo dục đào tạo"),
    ("KT-XH", "KTXH", "kinh tế xã hội"),
    ("NTM", "nông thôn mới"),
    ("CNTT", "công nghệ thông tin"),
    ("KHCN", "KH&CN", "khoa học và công nghệ", "khoa học công nghệ"),
    ("CĐS", "chuyển đổi số"),
    ("CCHC", "cải cách hành chính"),
    ("TTHC", "thủ tục hành chính"),
    ("GPMB", "giải phóng mặt bằng"),
    ("NSNN", "ngân sách nhà nước"),
    ("BHXH", "bảo hiểm xã hội"),
    ("BHYT", "bảo hiểm y tế"),
    ("BHTN", "bảo hiểm thất nghiệp"),
    ("ATTP", "an toàn thực phẩm"),
    ("ATGT", "an toàn giao thông"),
    ("ANTT", "an ninh trật tự"),
    ("GTVT", "giao thông vận tải"),
    ("PCCC", "phòng cháy chữa cháy"),
    ("CSGT", "cảnh sát giao thông"),
    ("CSĐT", "cảnh sát điều tra"),
    ("BĐBP", "bộ đội biên phòng"),
    ("LLVT", "lực lượng vũ trang"),
    ("TAND", "Tòa án nhân dân"),
    ("VKSND", "Viện kiểm sát nhân dân"),
    ("ĐBQH", "đại biểu Quốc hội"),
    ("LĐLĐ", "Liên đoàn Lao động"),
    ("LHPN", "Liên hiệp Phụ nữ"),
    ("CCB", "Cựu chiến binh"),
    ("TNCS", "Thanh niên Cộng sản"),
    ("DTTS", "dân tộc thiểu số"),
    ("HTX", "hợp tác xã"),
    ("KCN", "khu công nghiệp"),
    ("CLB", "câu lạc bộ"),
    ("TDTT", "thể dục thể thao"),
    ("TNHH", "trách nhiệm hữu hạn"),
    ("TTXVN", "Thông tấn xã Việt Nam"),
)
_MEANT = (
    ("BCH", "Ban Chỉ huy"),
    ("CP", "Chính phủ"),
    ("CT", "chỉ thị"),
    ("KH", "kế hoạch"),
    ("TT", "thông tư"),
    ("TT", "thị trấn"),
)
"""What an abbreviation may mean that has other meanings, too: the words alone do not ask for it."""

_I, _Y = "iíìỉĩị", "yýỳỷỹỵ"
_OTHER = str.maketrans(_I + _Y, _Y + _I)
# "vi" and "vy" are two words: "vi phạm", "Tường Vy"
_Y_OR_I = re.compile(rf"(?:(?:[hklmst]|qu)[{_I}{_Y}]|v[ĩỹ])")


class Spelt(NamedTuple):
    """So many first words of a text, as they are written and may be written otherwise."""

    words: int
    written: str
    others: tuple[str, ...]


def spelt(words: Sequence[Keys], *, marked: bool) -> Spelt | None:
    """Give the other spellings of the longest beginning of ``words`` that has any.

    ``marked``: their marks count.
    """
    keys = tuple(key[marked] for key in words)
    known = _known(marked=marked)
    for count in range(min(len(keys), _longest()), 0, -1):
        if found := known.get(keys[:count]):
            return Spelt(count, *found)
    if keys and _Y_OR_I.fullmatch(word := keys[0].removeprefix("=")):
        return Spelt(1, word, (word.translate(_OTHER),))
    return None


@cache
def _known(*, marked: bool) -> Mapping[tuple[str, ...], tuple[str, tuple[str, ...]]]:
    """Give by the words of each spelling itself and the others."""
    written: dict[tuple[str, ...], str] = {}
    others: defaultdict[tuple[str, ...], dict[str, None]] = defaultdict(dict)
    pairs = [(one, other) for row in _SAME for one in row for other in row if one != other]
    for one, other in (*pairs, *_MEANT):
        keys = tuple(key[marked] for key in word_keys(one))
        written.setdefault(keys, one)
        others[keys][other] = None
    return {keys: (written[keys], tuple(found)) for keys, found in others.items()}


def shortened(name: str) -> str:
    """Write a name with the abbreviations of what it writes out, so that both are one."""
    keys, spans = [key[0] for key in word_keys(name)], word_spans(name)
    parts: list[str] = []
    at = done = 0
    while at < len(keys):
        sizes = range(min(len(keys) - at, _longest()), 0, -1)
        size = next((n for n in sizes if tuple(keys[at : at + n]) in _shortest()), 0)
        if size:
            short = _shortest()[tuple(keys[at : at + size])]
            parts += [name[done : spans[at][0]], short]
            done = spans[at + size - 1][1]
        at += size or 1
    return "".join((*parts, name[done:]))


def organisation_token(name: str) -> str:
    """Give the token of an organisation, with its place, written out or not."""
    return f"o:{plain(shortened(name))}"


@cache
def _shortest() -> Mapping[tuple[str, ...], str]:
    """Give by the words of each spelling, without marks, the first of its row."""
    return {tuple(key[0] for key in word_keys(one)): row[0] for row in _SAME for one in row}


@cache
def _longest() -> int:
    return max(map(len, _known(marked=False)))
