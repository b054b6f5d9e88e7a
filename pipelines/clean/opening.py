"""What stands between the title of an article and its text: pictures, time, author, counters."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from pipelines.clean.dates import parse_printed
from pipelines.clean.entities import byline
from pipelines.clean.headings import LONGEST_DATE, around, around_both
from pipelines.clean.text import fold_key
from pipelines.clean.tokens import Line, Picture, is_furniture
from pipelines.clean.vocabulary import counters_in, is_chrome
from pipelines.clean.walk import Walker
from pipelines.clean.waste import waste_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from selectolax.lexbor import LexborNode

    from pipelines.clean.tokens import Token

_UNSEEN = waste_of((".hidden", ".hide", ".d-none"))  # machine times and logins stand there
_TOLD = re.compile(r"\d ?(?::|[gh](?:iờ)?) ?\d\d|tác giả|người viết", re.IGNORECASE)
_ABOVE = 3  # lines above the title in which portals print time and views
# with the source behind it in one line, as some themes print the two
_AUTHOR = re.compile(
    r"(?:^|[\s|•])(?:tác giả|người viết)(?: bài viết)? ?: ?"
    r"(.{2,60}?) ?(?:[|•;]|nguồn|ngày|lượt|\d|$)",
    re.IGNORECASE,
)


def tokens_between(body: LexborNode, title: str, base: str) -> list[Token]:
    """Give the tokens between title and body, and after them the few lines above the title."""
    own = around(body, title)
    if own is None or own.mem_id == body.mem_id:
        return []
    return _between(own, body, title, base)


def header_lines(body: LexborNode, heading: LexborNode, title: str, base: str) -> list[str]:
    """Give the short lines between title and body, where a clock or an author is told there.

    The texts are searched first: walking the article's element costs as much as reading the page.
    """
    own = around_both(body, heading)
    if own is None or not _TOLD.search(_text_beside(body, own)):
        return []
    return short_lines(_between(own, body, title, base))


def _text_beside(body: LexborNode, own: LexborNode) -> str:
    """Give the text of the article's own element without that of its body."""
    before: list[str] = []
    behind: list[str] = []
    inner: LexborNode | None = body
    while inner is not None and inner.mem_id != own.mem_id:
        beside = inner.prev
        while beside is not None:
            before.append(beside.text())
            beside = beside.prev
        beside = inner.next
        while beside is not None:
            behind.append(beside.text())
            beside = beside.next
        inner = inner.parent
    return "".join((*reversed(before), *behind))


def _between(own: LexborNode, body: LexborNode, title: str, base: str) -> list[Token]:
    tokens = Walker(base, _UNSEEN).walk(own)
    first = next(iter(Walker(base, _UNSEEN).walk(body)), None)
    key = fold_key(title)
    texts = [fold_key(token.text) if isinstance(token, Line) else "" for token in tokens]
    if first is None or key not in texts:
        return []
    at = texts.index(key)
    ends = (end for end in range(at + 1, len(tokens)) if _same(tokens[end], first))
    return [*tokens[at + 1 : next(ends, at + 1)], *tokens[max(0, at - _ABOVE) : at]]


def _same(one: Token, other: Token) -> bool:
    if isinstance(one, Line) and isinstance(other, Line):
        return one.text == other.text
    return isinstance(one, Picture) and isinstance(other, Picture) and one.src == other.src


def pictures(tokens: Sequence[Token]) -> list[Token]:
    """Give the pictures that have a caption, each with it."""
    found: list[Token] = []
    for picture, line in pairwise(tokens):
        if isinstance(picture, Picture) and isinstance(line, Line) and _is_caption(line):
            found += [picture, line]
    return found


def _is_caption(line: Line) -> bool:
    """Tell a marked caption from the time and the views, which stand beside icons."""
    return line.kind == "caption" and not is_furniture(line.text) and not parse_printed(line.text)


def short_lines(tokens: Iterable[Token]) -> list[str]:
    """Give the lines that are short enough for a time, a name or a counter."""
    lines = (token.text for token in tokens if isinstance(token, Line))
    return [line for line in lines if len(line) <= LONGEST_DATE]


def author(lines: Iterable[str]) -> str | None:
    """Give the author whom a line names by a label, also beside the source or the time."""
    for line in lines:
        found = _AUTHOR.search(line)
        named = byline(f"Tác giả: {found[1]}") if found else None
        if named and named.author:
            return named.author
    return None


def counters(lines: Iterable[str]) -> dict[str, float]:
    """Read the counters of lines that are nothing but furniture, or tell the time as well."""
    found: dict[str, float] = {}
    for line in lines:
        if is_chrome(line) or parse_printed(line) is not None:
            found = counters_in(line) | found
    return found
