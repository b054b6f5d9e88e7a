"""The passage of an article that answers a query, with the words that do."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING

from pipelines.search.entry import passages
from pipelines.search.matching import beside_each_other, hits
from pipelines.search.words import word_spans

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.records import Draft
    from pipelines.search.matching import Hit
    from pipelines.search.query import Asked

WINDOW = 32
"""Words of a passage."""
REACH = 110
"""Letters from a window's first hit within which others count: three quarters of its words."""

Pieces = tuple[tuple[str, bool], ...]
"""Text in pieces, each with whether it answers the query."""


@dataclass(frozen=True, slots=True)
class Passage:
    """What is shown of an answer: its title, and the passage of its text that answers best."""

    title: Pieces
    text: Pieces


def passage(draft: Draft, asked: Asked) -> Passage:
    """Choose the passage with the most different words of the query, side by side before apart.

    An article whose title alone answers shows how its text begins.
    """
    best: tuple[int, int, str] = (0, 0, next(iter(draft.body), ""))
    most = 100 * sum(map(len, asked.phrases))
    wanted = asked.wanted
    for text in passages(draft):
        score, start = _best_window(text, hits(text, wanted, marked=asked.marked))
        if score > best[0]:
            best = (score, start, text)
        if score >= most:
            break
    return Passage(_pieces(draft.title, asked), _cut(best[2], best[1], asked))


def html(pieces: Pieces) -> str:
    """Write pieces as HTML, the answering ones in <mark>."""
    return "".join(f"<mark>{escape(text)}</mark>" if hit else escape(text) for text, hit in pieces)


def _best_window(text: str, found: Sequence[Hit]) -> tuple[int, int]:
    """Give the score of the best window and the letter at which its first hit begins."""
    best = (0, 0)
    joined = [beside_each_other(text, a[1], b[0]) for a, b in pairwise(found)]
    for at, (begin, _, _) in enumerate(found):
        if at and joined[at - 1]:
            continue
        end = bisect_left(found, (begin + REACH,))
        pairs = sum(joined[at : end - 1])
        score = 100 * len({key for _, _, key in found[at:end]}) + min(pairs, 99)
        if score > best[0]:
            best = (score, begin)
    return best


def _cut(text: str, begin: int, asked: Asked) -> Pieces:
    """Cut the window out of its paragraph; phrases that it cuts through are no hits any more."""
    spans = word_spans(text)
    if len(spans) <= WINDOW:
        return _pieces(text, asked)
    first = bisect_left(spans, (begin,))
    start = max(0, min(first - WINDOW // 4, len(spans) - WINDOW))
    end = start + WINDOW
    cut = text[spans[start][0] if start else 0 : spans[end - 1][1] if end < len(spans) else None]
    before, after = "… " if start else "", " …" if end < len(spans) else ""
    return _pieces(f"{before}{cut}{after}", asked)


def _pieces(text: str, asked: Asked) -> Pieces:
    """Cut text where the answering words begin and end; those side by side are one piece."""
    pieces: list[tuple[str, bool]] = []
    done = 0
    for start, end, _ in hits(text, asked.wanted, marked=asked.marked):
        between = text[done:start]
        if pieces and pieces[-1][1] and not between.strip():
            pieces[-1] = (pieces[-1][0] + between + text[start:end], True)
        else:
            pieces += [(between, False)] if between else []
            pieces.append((text[start:end], True))
        done = end
    return (*pieces, (text[done:], False)) if done < len(text) else tuple(pieces)
