"""What a look of a strange portal is: pages by address, and what an archive should hold of it.

Texts are those of the demo's replicas. ``%VIEWS%`` and ``%VISIT%`` in a page become the number of
its requests and the id of a visit: both differ at every request.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Any

from demo.content import articles, composed
from demo.site import PDF, PIXEL, WEEKDAYS
from pipelines.records import Precision

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from demo.content import Article, Block

TUNED_TEXTS, HELD_TEXTS = ("danvankheo", "hongngu"), ("hiepninh", "angiang_dcs", "baoangiang")
_LONG = 20  # blocks


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a portal."""

    body: bytes
    kind: str = "text/html; charset=utf-8"
    status: int = 200


@dataclass(frozen=True, slots=True)
class Told:
    """What the archive should hold of one article; ``paths`` are all of its addresses.

    ``images`` and ``files`` are names of files. Times are to the minute. The text of a page that is
    only a file is that file's name.
    """

    paths: frozenset[str]
    title: str
    body: tuple[str, ...]
    published_at: datetime | None
    precision: Precision
    author: str | None = None
    images: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


@dataclass(slots=True)
class Portal:
    """A portal of one look: its pages by path and query, the truth, how addresses are folded.

    ``plain`` gives the address under which ``pages`` knows what is asked; ``missing`` answers for
    what it does not know.
    """

    name: str
    pages: dict[str, bytes | str] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)
    plain: Callable[[str], str] = str
    missing: Answer = Answer(b"<h1>404</h1>", status=404)
    visits: int = 0
    asked: Counter[str] = field(default_factory=Counter)

    def answer(self, target: str) -> Answer:
        """Answer a request for a path with its query."""
        path = self.plain(target)
        self.visits += 1
        self.asked[path] += 1
        if re.search(r"\.(?:jpe?g|png|gif)$", path, re.IGNORECASE):
            return Answer(PIXEL, "image/gif")
        if re.search(r"\.pdf$", path, re.IGNORECASE):
            return Answer(PDF, "application/pdf")
        page = self.pages.get(path)
        if page is None:
            return self.missing
        if isinstance(page, bytes):
            return Answer(page, "text/html")
        visit = sha256(str(self.visits).encode()).hexdigest()[:24]
        text = page.replace("%VIEWS%", str(200 + self.asked[path])).replace("%VISIT%", visit)
        kind = "text/xml; charset=utf-8" if text.startswith("<?xml") else "text/html; charset=utf-8"
        return Answer(text.encode(), kind)


def texts(names: Sequence[str], first: int, count: int) -> list[Article]:
    """Give ``count`` articles of some replicas, newest first, from the ``first`` on."""
    every = [
        one
        for name in names
        for one in articles(name)
        if one.blocks and not (one.copy_of or one.trap) and len(one.blocks) < _LONG
    ]
    chosen = [every[(first + at) % len(every)] for at in range(count)]
    return sorted(chosen, key=lambda one: one.published, reverse=True)


def told(
    article: Article, paths: Iterable[str], precision: Precision, **more: tuple[str, ...]
) -> Told:
    """Give the truth of an article that a look shows with all its parts."""
    at = article.published.replace(second=0)
    pictures = [block for block in article.blocks if block.kind == "image"]
    known: dict[str, Any] = {
        "title": composed(article.title),
        "body": body_of(article),
        "published_at": at if precision is Precision.MINUTE else at.replace(hour=0, minute=0),
        "author": composed(article.author) or None,
        "images": tuple(name for block in pictures for name in block.names),
        "captions": tuple(composed(block.text) for block in pictures if block.text),
        "files": tuple(name for block in article.blocks for name in block.names if _is_file(block)),
    }
    if precision is Precision.NONE:
        known["published_at"] = None
    return Told(frozenset(paths), precision=precision, **(known | more))


def _is_file(block: Block) -> bool:
    return block.kind == "file"


def body_of(article: Article) -> tuple[str, ...]:
    """Give the paragraphs of an article as an archive keeps them."""
    kinds = {"p", "heading", "item", "row"}
    return tuple(composed(block.text) for block in article.blocks if block.kind in kinds)


def write(
    blocks: Sequence[Block],
    paragraph: str,
    picture: str,
    file: str = "<p><a href='/{1}'>{0}</a></p>",
) -> str:
    """Write a text as an editor does: ``{0}`` stands for the text, ``{1}`` for the file's name."""
    parts: list[str] = []
    for kind, run in groupby(blocks, key=lambda block: block.kind):
        group = [(escape(block.text), block.names) for block in run]
        if kind == "item":
            parts.append("<ul>" + "".join(f"<li>{text}</li>" for text, _ in group) + "</ul>")
        elif kind == "row":
            parts.append(f"<table border='1'>{''.join(map(_row, group))}</table>")
        else:
            form = {"image": picture, "file": file}.get(kind, paragraph)
            parts += [form.format(text, *names) for text, names in group]
    return "\n".join(parts)


def _row(row: tuple[str, Any]) -> str:
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in row[0].split(" | ")) + "</tr>"


def paragraphs(lines: Sequence[str]) -> str:
    """Write each line as a paragraph."""
    return "".join(f"<p>{escape(line)}</p>" for line in lines)


def weekday(at: datetime) -> str:
    """Name the day of the week as portals print it."""
    return WEEKDAYS[at.weekday()]


ABOUT = (
    "Xã Tân Lập nằm ở phía đông của huyện, có diện tích tự nhiên 2.845 ha, dân số 14.620 người sinh sống ở 9 ấp, phần lớn làm nông nghiệp và buôn bán nhỏ.",
    "Trước năm 1975, vùng đất này là căn cứ của lực lượng cách mạng địa phương. Sau ngày thống nhất, người dân khai hoang, đào kênh và dựng lại làng xóm từ đầu.",
    "Ủy ban nhân dân xã thực hiện chức năng quản lý nhà nước trên các lĩnh vực kinh tế, văn hóa, xã hội, quốc phòng và an ninh trên địa bàn theo quy định của pháp luật.",
)
CONTACT = (
    "Mọi ý kiến đóng góp của tổ chức và công dân xin gửi về bộ phận tiếp nhận của Ủy ban nhân dân xã trong giờ hành chính các ngày làm việc, từ thứ hai đến thứ sáu hằng tuần.",
    "Ban Biên tập tiếp nhận, phân loại và trả lời trong thời hạn mười ngày làm việc kể từ ngày nhận được ý kiến, trừ những nội dung thuộc thẩm quyền của cơ quan cấp trên.",
)
