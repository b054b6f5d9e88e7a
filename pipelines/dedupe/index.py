"""Find the stored article that an arriving text repeats."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import chain
from math import ceil
from typing import TYPE_CHECKING, Protocol

from pipelines.dedupe.verify import Text, Verdict, compare

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from pipelines.dedupe.sketch import Fingerprint

MIN_HITS = 2
"""Hashes in common that make a candidate."""
HOT = 200
"""Articles that share a hash beyond which it is a formula and finds nothing."""
LEAST_SHARE = 0.15
"""Share of the arriving text's hashes below which a candidate is not read: 0.2 loses excerpts."""
_CLOSE = 0.8
"""Share of the first joining candidate's hits that makes another one worth reading."""
MOST_CANDIDATES = 8
"""Candidates that are verified for one arriving text: those with most hits."""


class SketchIndex(Protocol):
    """Which stored articles share how many hashes."""

    def candidates(self, hashes: Sequence[int], min_hits: int) -> Sequence[tuple[int, int]]:
        """Return (article id, hits) of articles with at least ``min_hits`` of ``hashes``.

        Hashes that stand in more than ``HOT`` articles do not count. Most hits first.
        """
        ...

    def add(self, article_id: int, hashes: Sequence[int]) -> None:
        """Remember an article's hashes."""
        ...


def count_hits(hashes: Sequence[int], articles: Mapping[int, Sequence[int]]) -> Counter[int]:
    """Count how many of the hashes each article has; ``articles``: those of each hash.

    Hashes that stand in more than ``HOT`` articles do not count.
    """
    few = (articles.get(value, ()) for value in hashes)
    return Counter(chain.from_iterable(found for found in few if len(found) <= HOT))


class MemoryIndex:
    """A ``SketchIndex`` in a dict, for measuring and for batches that are not stored yet."""

    def __init__(self) -> None:
        self._articles: dict[int, list[int]] = defaultdict(list)

    def candidates(self, hashes: Sequence[int], min_hits: int) -> Sequence[tuple[int, int]]:
        """Return (article id, hits), most hits first."""
        hits = count_hits(hashes, self._articles)
        enough = [(article_id, count) for article_id, count in hits.items() if count >= min_hits]
        return sorted(enough, key=lambda pair: (-pair[1], pair[0]))

    def add(self, article_id: int, hashes: Sequence[int]) -> None:
        """Remember an article's hashes."""
        for value in hashes:
            self._articles[value].append(article_id)


@dataclass(frozen=True, slots=True)
class Match:
    """The stored article that an arriving text is closest to, and what it is to it."""

    article_id: int
    verdict: Verdict


def match(
    fp: Fingerprint,
    text: Text,
    index: SketchIndex,
    load: Callable[[Sequence[int]], Mapping[int, Text]],
) -> Match | None:
    """Return the best stored match: one that joins before a related one; None if all differ.

    ``load`` gives the texts of the candidate ids; ids it leaves out are passed over.
    """
    if not fp.substantial:
        return None
    found = shortlist(fp, index.candidates(fp.hashes, needed_hits(fp)))
    texts = load([article_id for article_id, _ in found]) if found else {}
    best: Match | None = None
    joined_hits = 0
    for article_id, hits in found:
        if article_id not in texts or hits < joined_hits * _CLOSE:
            continue
        one = Match(article_id, compare(text, texts[article_id]))
        if one.verdict.joins and not joined_hits:
            joined_hits = hits
        if one.verdict.kind != "different" and (best is None or _rank(one) > _rank(best)):
            best = one
    return best


def needed_hits(fp: Fingerprint) -> int:
    """Return the hashes that a stored article has to share to be worth reading."""
    return max(min(MIN_HITS, len(fp.hashes)), ceil(len(fp.hashes) * LEAST_SHARE))


def shortlist(fp: Fingerprint, found: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the (article id, hits) that are verified, most hits first.

    For a store that counts hits for many texts at once: only these articles' texts are needed.
    """
    needed = needed_hits(fp)
    enough = [pair for pair in found if pair[1] >= needed]
    return sorted(enough, key=lambda pair: (-pair[1], pair[0]))[:MOST_CANDIDATES]


def _rank(found: Match) -> tuple[bool, bool, float, int]:
    verdict = found.verdict
    return verdict.joins, verdict.kind == "identical", verdict.similarity, -found.article_id
