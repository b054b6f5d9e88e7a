"""The passage of an article that answers a query, with the words that do."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING

from pipelines.search.words import passages, word_spans

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.records import Draft
    from pipelines.search.query import Asked

WINDOW = 32
"""Words of a passage."""

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
    for text in passages(draft):
        score, start = _best_window(_hits(text, asked))
        if score > best[0]:
            best = (score, start, text)
        if score >= most:
            break
    return Passage(_pieces(draft.title, asked), _cut(best[2], best[1], asked))


def html(pieces: Pieces) -> str:
    """Write pieces as HTML, the answering ones in <mark>."""
    return "".join(f"<mark>{escape(text)}</mark>" if hit else escape(text) for text, hit in pieces)


def _hits(text: str, asked: Asked) -> list[str]:
    """Give for every word its key where it answers, else ""; [] where none does."""
    keys = asked.keys(text)
    hits = [""] * len(keys)
    found = False
    for wanted in asked.wanted:
        at = -1
        for _ in range(keys.count(wanted[0])):
            at = keys.index(wanted[0], at + 1)
            if tuple(keys[at : at + len(wanted)]) == wanted:
                hits[at : at + len(wanted)] = wanted
                found = True
    return hits if found else []


def _best_window(hits: Sequence[str]) -> tuple[int, int]:
    """Give the score of the best window of words and where it begins."""
    best = (0, 0)
    for at, hit in enumerate(hits):
        if hit and (not at or not hits[at - 1]):
            window = hits[at : at + WINDOW]
            pairs = sum(bool(a and b) for a, b in pairwise(window))
            score = 100 * len({*window} - {""}) + min(pairs, 99)
            if score > best[0]:
                best = (score, max(0, at - WINDOW // 4))
    return best


def _cut(text: str, start: int, asked: Asked) -> Pieces:
    """Cut the window out of its paragraph; phrases that it cuts through are no hits any more."""
    spans = word_spans(text)
    if len(spans) <= WINDOW:
        return _pieces(text, asked)
    start = min(start, len(spans) - WINDOW)
    end = start + WINDOW
    cut = text[spans[start][0] if start else 0 : spans[end - 1][1] if end < len(spans) else None]
    before, after = "… " if start else "", " …" if end < len(spans) else ""
    return _pieces(f"{before}{cut}{after}", asked)


def _pieces(text: str, asked: Asked) -> Pieces:
    """Cut text where the answering words begin and end; those side by side are one piece."""
    pieces: list[tuple[str, bool]] = []
    done = 0
    for (start, end), hit in zip(word_spans(text), _hits(text, asked), strict=False):
        if not hit:
            continue
        between = text[done:start]
        if pieces and pieces[-1][1] and not between.strip():
            pieces[-1] = (pieces[-1][0] + between + text[start:end], True)
        else:
            pieces += [(between, False)] if between else []
            pieces.append((text[start:end], True))
        done = end
    return (*pieces, (text[done:], False)) if done < len(text) else tuple(pieces)
