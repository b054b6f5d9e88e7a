"""Choose the article's lines from the stretch of the page in which its text lies.

trafilatura's lines and the element that holds most of them say where the text is; the walk over the
container brings back what trafilatura's serialisation loses: ``<div>`` paragraphs, captions, leads.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

from pipelines.clean.entities import byline
from pipelines.clean.main_text import PROSE_WORDS, STOPS, core, is_sentence, letters
from pipelines.clean.tokens import Line, Picture, is_furniture
from pipelines.clean.vocabulary import is_closing
from pipelines.clean.walk import Walker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from selectolax.lexbor import LexborNode

    from pipelines.clean.tokens import Token

_LABEL = re.compile(r"(?:tác giả|người viết|nguồn(?: tin)?)(?: bài viết)? ?:?", re.IGNORECASE)
_LEAD_WORDS, _SHORT_SENTENCE = 15, 4
_CREDITS = 3  # lines behind the text in which credits are looked for
_LEVELS_ABOVE, _ENOUGH_ABOVE, _MOST_ABOVE = 3, 4, 10
_COLUMN_LEVELS = 2
_OTHER_PART = 0.25


@dataclass(frozen=True, slots=True)
class Stretch:
    """The tokens of a container, and where among them those of the text's own element stand."""

    node: LexborNode
    inner: LexborNode
    base: str
    wanted: str
    tokens: list[Token]
    own: range

    def own_lines(self) -> list[str]:
        """Give the lines of the text's own element."""
        return [line.text for line in _lines(self.tokens[self.own.start : self.own.stop])]


def walk(node: LexborNode, lines: Sequence[str], base: str) -> Stretch:
    """Walk the container of the extracted ``lines``."""
    tokens = _joined_labels(Walker(base).walk(node))
    inner = core(node, lines)
    own = _place(tokens, inner, base)
    return Stretch(node, inner, base, letters("".join(lines)), tokens, own)


def lines_above(stretch: Stretch) -> list[Line]:
    """Give the lines that stand right above the text's element, the nearest last."""
    above = _lines(stretch.tokens[: stretch.own.start])
    first = next(iter(_lines(stretch.tokens)), None)
    current = stretch.node.parent
    for _ in range(_LEVELS_ABOVE):
        if len(above) >= _ENOUGH_ABOVE or first is None or current is None:
            break
        if current.tag in {"body", "html"}:
            break
        found = _lines(Walker(stretch.base).walk(current))
        at = next((at for at, line in enumerate(found) if line.text == first.text), 0)
        above = found[:at] + _lines(stretch.tokens[: stretch.own.start])
        current = current.parent
    return above[-_MOST_ABOVE:]


def opening_of(stretch: Stretch) -> list[Line]:
    """Give the lines of the container before its first sentence; a bold one may be a title."""
    lines = _lines(stretch.tokens)
    return list(takewhile(lambda line: line.bold or not is_sentence(line.text), lines))


def _lines(tokens: Sequence[Token]) -> list[Line]:
    return [token for token in tokens if isinstance(token, Line)]


def choose(
    stretch: Stretch, title: str, frame: frozenset[str] = frozenset()
) -> tuple[list[Token], list[Token]]:
    """Give the article's tokens, and all tokens from its first to its last.

    The extracted lines are the article's, so are the prose between them and their pictures. What
    follows a closing line ("Các tin khác") is not, nor are runs of links. Of what stands above and
    below the text's own element, only prose and credits are; below it, none of the texts of the
    portal's ``frame``.
    """
    tokens = stretch.tokens
    hits = [
        at
        for at, token in enumerate(tokens)
        if isinstance(token, Line) and (key := letters(token.text)) and key in stretch.wanted
    ]
    if not hits:
        return [], tokens
    start, end = _start(tokens, hits[0], title), _last(stretch, hits[-1])
    chosen: list[Token] = []
    last = stretch.own.stop - 1
    for at in range(start, end):
        token = tokens[at]
        if isinstance(token, Line):
            if at >= stretch.own.stop and token.text in frame:
                continue
            told = len(chosen) > 1 or _prose(chosen)
            if token.kind != "caption" and told and is_closing(token.text):
                return chosen, tokens[start:at]
            shown = bool(chosen) and chosen[-1] is tokens[at - 1] and token.kind != "heading"
            below_picture = shown and isinstance(chosen[-1], Picture)
            if not (_fits(stretch, at, token, last) or (below_picture and not token.linked)):
                continue
            last = max(last, at)
        chosen.append(token)
    return chosen, tokens[start:end]


def _fits(stretch: Stretch, at: int, line: Line, last: int) -> bool:
    """Tell a line of the article; ``last`` is the place of the last one that was taken."""
    if _foreign(line, stretch.wanted):
        return False
    if at < stretch.own.start:
        return _is_lead(line)
    if at >= stretch.own.stop:
        near, few = at - last <= _CREDITS, len(stretch.own) < _CREDITS
        return _is_after(line, near=near, few=few)
    return True


def _last(stretch: Stretch, last_hit: int) -> int:
    """Give the end of the article: not in another column of the page, unless most stands there."""
    tokens, own = stretch.tokens, stretch.own
    end = max(_end(tokens, last_hit), min(own.stop + _CREDITS, len(tokens)))
    column = stretch.inner
    for _ in range(_COLUMN_LEVELS):
        column = column.parent or column
    behind = _prose(tokens[own.stop : end])
    if not behind:
        return end
    stop = _place(tokens, column, stretch.base).stop
    return stop if _prose(tokens[stop:end]) < _prose(tokens) * _OTHER_PART else end


def _prose(tokens: Sequence[Token]) -> int:
    return sum(len(line.text) for line in _lines(tokens) if is_sentence(line.text))


def _place(tokens: Sequence[Token], inner: LexborNode, base: str) -> range:
    """Give where among the container's tokens those of an element in it stand."""
    own = [_mark(token) for token in _joined_labels(Walker(base).walk(inner))]
    marks = [_mark(token) for token in tokens]
    for at in range(len(marks) - len(own) + 1):
        if marks[at : at + len(own)] == own:
            return range(at, at + len(own))
    return range(len(tokens))


def _mark(token: Token) -> str:
    return token.text if isinstance(token, Line) else token.src


def _joined_labels(tokens: Sequence[Token]) -> list[Token]:
    """Join a label and the name that stands under it: "Tác giả", "Trung Hiếu"."""
    joined: list[Token] = []
    for token in tokens:
        last = joined[-1] if joined else None
        if (
            isinstance(token, Line)
            and isinstance(last, Line)
            and _LABEL.fullmatch(last.text)
            and byline(token.text, last=True)
        ):
            text = f"{last.text.rstrip(': ')}: {token.text}"
            joined[-1] = token._replace(text=text, kind="byline")
        else:
            joined.append(token)
    return joined


def _is_lead(line: Line) -> bool:
    """Tell a lead or a head picture's caption from what else stands between title and text."""
    words = len(line.text.split())
    if line.kind == "caption" or words >= _LEAD_WORDS:
        return True
    return (words >= PROSE_WORDS and line.bold) or _ends_sentence(line)


def _is_after(line: Line, *, near: bool, few: bool) -> bool:
    """Tell a further paragraph or a credit from what else stands below the text.

    Credits are ``near`` the text; below a text of a ``few`` lines, which may be the lead alone,
    more is taken.
    """
    if near and (line.align == "right" or line.kind == "byline"):
        return True
    if near and byline(line.text, last=few):
        return True
    return line.kind == "caption" or is_sentence(line.text) or (few and _ends_sentence(line))


def _ends_sentence(line: Line) -> bool:
    return line.text[-1] in STOPS and line.text.count(" ") >= _SHORT_SENTENCE


def _start(tokens: Sequence[Token], first: int, title: str) -> int:
    """Start behind the title where the container holds it, so that a lead is not lost."""
    wanted = letters(title)
    for at in range(first, -1, -1):
        token = tokens[at]
        if isinstance(token, Line) and letters(token.text) == wanted:
            return at + 1
    for at in range(first, len(tokens)):
        token = tokens[at]
        if isinstance(token, Line) and letters(token.text) == wanted:
            return first if _prose(tokens[first:at]) else at + 1
    while first and _shows(tokens[max(0, first - 2) : first]):
        first -= 1
    return first


def _shows(tokens: Sequence[Token]) -> bool:
    """Tell whether the last of two tokens is a picture, or the caption of one."""
    *before, last = tokens
    if isinstance(last, Picture):
        return True
    return last.kind == "caption" and any(isinstance(token, Picture) for token in before)


def _end(tokens: Sequence[Token], last: int) -> int:
    """Take in the prose and pictures right behind the last extracted line."""
    at = last + 1
    while at < len(tokens):
        token = tokens[at]
        if (
            isinstance(token, Line)
            and token.kind != "caption"
            and (is_closing(token.text) or token.linked or len(token.text.split()) < PROSE_WORDS)
        ):
            # a credit closes an article: the byline is looked for among the last lines
            return at + 1 if token.align == "right" else at
        at += 1
    return at


def _foreign(line: Line, wanted: str) -> bool:
    if is_furniture(line.text) or not any(map(str.isalpha, line.text)):
        return True
    if line.linked and line.kind != "caption":
        return True
    if line.kind in {"caption", "byline"} or line.align == "right":
        return False
    return (
        letters(line.text) not in wanted
        and len(line.text.split()) < PROSE_WORDS
        and not (line.bold or line.kind in {"heading", "row", "item"})
    )
