"""Tell a picture's caption from a heading or paragraph where there is no DOM to ask."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.clean.lines import Kind, Line, ends_sentence, is_prose
from pipelines.clean.text import fold_key

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Placing:
    """The words of title and lead: a caption often repeats them."""

    title: str
    lead: str

    def words(self) -> frozenset[str]:
        """Give the words of both as keys."""
        return frozenset(re.findall(r"\w+", fold_key(f"{self.title} {self.lead}")))


_PICTURE = re.compile(
    r"^(?:quang|toàn) cảnh\b|\bphát biểu\b|\bchụp (?:ảnh|hình)\b|\bảnh(?: minh hoạ| tư liệu)? ?:"
    r"|\(ảnh|^ảnh \d|^hình \d|\bchủ trì (?:hội nghị|buổi|cuộc)"
    r"|^các đại biểu\b|^đại biểu\b|^lãnh đạo\b"
    r"|\b(?:trao|tặng|thăm|kiểm tra|khảo sát|tham quan|báo cáo|chia sẻ|kết luận"
    r"|ký kết|cắt băng|bấm nút|thắp hương|dâng hương|biểu diễn|tuyên truyền|khen thưởng)\b"
)
# people and things that captions begin with and headings hardly do
_SUBJECT = re.compile(
    r"(?:người dân|bà con|các (?:em|đội|lực lượng|thầy|bạn|đồng chí|cháu|cụ|chiến sĩ|hộ|đơn vị"
    r"|vận động viên|thành viên)|cán bộ|chiến sĩ|học sinh"
    r"|sinh viên|đoàn viên|hội viên|đảng viên|nông dân|phụ nữ|thanh niên|ông|bà|anh|chị|em"
    r"|đồng chí|lực lượng|bí thư|phó bí thư|chủ tịch|phó chủ tịch|trưởng ban|giám đốc|bác sĩ"
    r"|đoàn công tác|ban chấp hành|tiết mục|phần thi|khám bệnh|lễ ra mắt|tuyến đường|mô hình"
    r"|lắp đặt|thi công|một góc|khu vực)\b"
)
_ITEM = re.compile(r"^(?:[-+*•●▪–]|\d{1,2}[.)/]|[ivx]{1,4}[.)]|[a-zđ][.)]) ?\S|.*\|")
CREDIT = ("ảnh:", "ảnh :", "(ảnh")  # a photographer on a line of its own
_SHORTEST, _LONGEST = 3, 60  # words
_ROW, _NEAR = 3, 12
_HEADING = 7  # words
_OWN_WORDS = 0.2  # share of words that title and lead do not have


def tells_picture(line: Line) -> bool:
    """Say whether a line tells who does what in a picture ("Quang cảnh hội nghị")."""
    return (
        line.kind is Kind.TEXT
        and _SHORTEST <= line.words <= _LONGEST
        and not ends_sentence(line)
        and re.match(r"quang cảnh|toàn cảnh|ảnh ?:|các đại biểu ", line.key) is not None
    )


def is_caption(lines: Sequence[Line], at: int, end: int, placing: Placing) -> bool:
    """Say whether the line is a caption.

    Evidence, in this order:

    1. it follows a picture's file name and is no sentence, or is short;
    2. it is no sentence, no list item and no heading (a number, or capitals throughout), and tells
       what a picture shows ("Quang cảnh ...", "... phát biểu tại ...", "Ảnh: ...") or begins with
       the people or thing in it ("Người dân ...", "Các em ...");
    3. so too where it says little that title and lead do not say (a head picture's caption);
    4. so too in a row of three or more such lines of which one is a caption by 2.
    """
    line = lines[at]
    if at and lines[at - 1].kind is Kind.IMAGE:
        return line.kind is Kind.TEXT and (not is_prose(line) or line.words <= _SHORTEST * 4)
    if not _could_be(line):
        return line.key.startswith(CREDIT) and line.words < _SHORTEST
    if _PICTURE.search(line.key) or _begins_with_people(line) or _repeats(line, placing):
        return True
    return _in_a_row(lines, at, end)


def _in_a_row(lines: Sequence[Line], at: int, end: int) -> bool:
    first = last = at
    while first > max(0, at - _NEAR) and _could_be(lines[first - 1]):
        first -= 1
    while last + 1 < min(end, at + _NEAR) and _could_be(lines[last + 1]):
        last += 1
    if at == last and last + 1 < end and lines[at].words < _HEADING:
        return False  # the next paragraph's heading
    row = lines[first : last + 1]
    return len(row) >= _ROW and any(_PICTURE.search(near.key) for near in row)


def _begins_with_people(line: Line) -> bool:
    return line.words > _SHORTEST + 1 and _SUBJECT.match(line.key) is not None


def _could_be(line: Line) -> bool:
    return (
        line.kind is Kind.TEXT
        and not ends_sentence(line)
        and _SHORTEST <= line.words <= _LONGEST
        and not _ITEM.match(line.key)
        and not line.text.isupper()
        and not line.bullet
    )


def _repeats(line: Line, placing: Placing) -> bool:
    words = re.findall(r"\w+", line.key)
    known = placing.words()
    new = sum(word not in known for word in words)
    return len(words) > _SHORTEST * 2 and new <= len(words) * _OWN_WORDS
