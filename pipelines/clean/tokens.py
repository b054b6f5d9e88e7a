"""What a walk over an article's body gives, and how it is parted: captions, credits, furniture."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pipelines.clean.entities import Byline, byline
from pipelines.clean.text import fold_key
from pipelines.clean.vocabulary import LONGEST, is_chrome
from pipelines.records import Caption

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# a caption is shorter than a paragraph; the longest that was seen in a portal has 190 characters
_CAPTION_LENGTH = 300

# "Xem thêm" links that editors put into the text: a pointer, and nothing but a link or a marker
_POINTER = re.compile(
    r"^(?:>>|»|►|▶|\* ?)?\s*(?:xem thêm|đọc thêm|tin liên quan|mời xem)\b"
    r"|^\* ?mời (?:bạn đọc|quý vị|các bạn) ",
    re.IGNORECASE,
)

FILE_LABEL = re.compile(
    r"^(?:tải về|tải xuống|download|file đính kèm|tệp đính kèm)\s*(?:\d{1,2}\s*:|:)?\s*",
    re.IGNORECASE,
)

_RIGHTS = re.compile(r"^(?:chú ý|lưu ý)\s*:?\s*việc (?:đăng|sao chép|sử dụng)\b", re.IGNORECASE)

_MARKED = re.compile(f"{_POINTER.pattern}|{FILE_LABEL.pattern}|{_RIGHTS.pattern}", re.IGNORECASE)
_POINTER_LENGTH = 250

_SENTENCE_SPACES = 6

# who found a text elsewhere is neither its author nor its source
_COLLECTED = re.compile(r"^sưu tầm\s*:.{1,60}$", re.IGNORECASE)

_BYLINE_LINES = 3


class Picture(NamedTuple):
    """A picture at its place in the text: absolute address, number of the block it stands in."""

    src: str
    block: int


class Line(NamedTuple):  # a page has dozens: a frozen dataclass takes four times as long to make
    """One paragraph-like line: what it is, its text, and how it is set.

    ``kind`` is p, heading, item, row, quote, or what the page marks as caption or byline.
    ``italic`` and ``bold`` are true where the whole line is; ``linked`` where it is mostly links.
    """

    kind: str
    text: str
    block: int
    align: str = ""
    italic: bool = False
    bold: bool = False
    linked: bool = False


Token = Picture | Line


def table_tokens(rows: list[list[list[Token]]], block: int) -> list[Token]:
    """Give a table's tokens: picture tables as captions, data as rows, layout as it stands.

    ``rows`` holds the tokens of each cell. In a table with pictures the short texts of a row belong
    to the pictures of the same columns, in the same cell or the row above.
    """
    cells = [cell for row in rows for cell in row]
    if any(map(_is_prose, cells)):
        return [token for cell in cells for token in cell]
    if any(isinstance(token, Picture) for cell in cells for token in cell):
        return _picture_table(rows)
    if all(sum(bool(cell) for cell in row) <= 1 for row in rows):
        return [token for cell in cells for token in cell]
    lines = ((" | ".join(text for cell in row if (text := _cell_text(cell))), row) for row in rows)
    return [Line("row", text, block, linked=_is_linked(row, text)) for text, row in lines if text]


def _is_linked(row: list[list[Token]], text: str) -> bool:
    """Tell a row that is mostly links, as the rows of a listing are."""
    linked = (token for cell in row for token in cell if isinstance(token, Line) and token.linked)
    return sum(len(token.text) for token in linked) >= len(text) * LINKED_SHARE


def _cell_text(cell: list[Token]) -> str:
    return " ".join(token.text for token in cell if isinstance(token, Line))


PROSE_BLOCKS, PROSE_LETTERS = 3, 600
LINKED_SHARE = 0.6  # of a line's letters


def _is_prose(cell: list[Token]) -> bool:
    """Tell a layout cell: several paragraphs and more text than a cell of data has."""
    return len(cell) >= PROSE_BLOCKS and len(_cell_text(cell)) > PROSE_LETTERS


def _picture_table(rows: list[list[list[Token]]]) -> list[Token]:
    tokens: list[Token] = []
    above: dict[int, Picture] = {}
    for row in rows:
        current: dict[int, Picture] = {}
        texts: dict[int, list[Line]] = {}
        for column, cell in enumerate(row):
            for token in cell:
                if isinstance(token, Picture):
                    current[column] = token
                else:
                    texts.setdefault(column, []).append(token)
        below = {c: p for c, p in current.items() if c not in texts}
        for column in range(len(row)):
            picture = current.get(column) or above.get(column)
            if column in current:
                tokens.append(current[column])
            for line in texts.get(column, ()):
                tokens.extend(_captioned(line, picture, new=column in current))
        above = below or (above if not texts else {})
    return tokens


def _captioned(line: Line, picture: Picture | None, *, new: bool) -> list[Token]:
    if picture is None or len(line.text) > _CAPTION_LENGTH:
        return [line]
    caption = line._replace(kind="caption", block=picture.block)
    return [caption] if new else [picture, caption]


def is_caption(line: Line, picture: Picture | None) -> bool:
    """Tell whether a line that follows ``picture`` (None: no picture just before) describes it.

    Marked captions are; else a short line in the picture's own block, or a centred or italic line
    in the next.
    """
    if line.kind == "caption":
        return picture is not None or line.italic
    if (
        picture is None
        or line.kind in {"heading", "item", "row", "byline"}
        or line.align == "right"
    ):
        return False
    if len(line.text) > _CAPTION_LENGTH:
        return False
    if line.block == picture.block:
        return True
    return line.italic or (line.align == "center" and not line.bold)


def split_captions(tokens: Sequence[Token]) -> tuple[list[Line], list[Caption]]:
    """Part the captions from the text; a caption belongs to the last picture before it."""
    lines: list[Line] = []
    captions: list[Caption] = []
    picture: Picture | None = None
    for token in tokens:
        if isinstance(token, Picture):
            picture = token
        elif is_caption(token, picture):
            captions.append(Caption(picture.src if picture else None, token.text))
            picture = None
        else:
            picture = None
            lines.append(token)
    return lines, captions


def take_byline(lines: list[Line]) -> tuple[list[Line], str | None, str | None]:
    """Part author and source from the end of a text; give the lines before, and what they say."""
    author = source = None
    cut = len(lines)
    for index in range(len(lines) - 1, max(-1, len(lines) - 1 - _BYLINE_LINES), -1):
        line = lines[index]
        if is_furniture(line.text):
            continue
        if _COLLECTED.search(line.text):
            cut = index
            continue
        named = line.kind == "byline" or line.align == "right" or line.bold or line.italic
        found = byline(line.text, last=named or cut == len(lines))
        if found is None and line.kind != "byline":
            break
        found = found or Byline()
        author, source, cut = found.author or author, found.source or source, index
    return lines[:cut], author, source


def without_chrome(lines: Iterable[Line], title: str) -> list[str]:
    """Give the texts of the lines that are no page furniture, pointer or repeated title."""
    title_key = fold_key(title)
    kept = [line.text for line in lines if not is_furniture(line.text)]
    while kept and fold_key(kept[0]) == title_key:
        del kept[0]
    return kept


def is_furniture(text: str) -> bool:
    """Tell a line of page furniture inside an article's own body.

    A whole sentence is none: "Mọi ý kiến phản ánh gửi về UBND xã trước 17 giờ." is a notice's own.
    """
    if len(text) > LONGEST:
        return False
    if _MARKED.match(text):
        return len(text) < _POINTER_LENGTH
    sentence = text[-1] in ".;!?" and text.count(" ") >= _SENTENCE_SPACES
    return not sentence and is_chrome(text)
