"""Decide on one pair of texts: the same text, in which way, or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pipelines.dedupe.reading import CODE, Reading, Text, cut, read

__all__ = ["Kind", "Text", "Verdict", "compare"]

Kind = Literal["identical", "republished", "excerpt", "extended", "revised", "related", "different"]
_SHINGLE = 3
_LEAD = 80
_SAME = 0.95


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a pair is: ``kind`` says what the arriving text is to the stored one.

    ``similarity`` is in 0..1 (the larger of both containments); ``reason`` names the rule.
    """

    kind: Kind
    similarity: float
    reason: str

    @property
    def joins(self) -> bool:
        """Tell whether both texts belong to one story."""
        return self.kind not in {"related", "different"}


def compare(arriving: Text, stored: Text) -> Verdict:
    """Decide what the arriving text is to the stored one."""
    query, other = read(arriving), read(stored)
    if query.codes == other.codes:
        return Verdict("identical", 1.0, "words.equal")
    mine, theirs = query.shingles(_SHINGLE), other.shingles(_SHINGLE)
    common = len(mine & theirs)
    inside, around = common / max(len(mine), 1), common / max(len(theirs), 1)
    best = max(inside, around)
    rule = _rule(query, other, inside=inside, around=around, mine=mine, theirs=theirs)
    if rule is None:
        kind: Kind = "related" if best >= 0.45 else "different"  # noqa: PLR2004 - measured
        return Verdict(kind, best, "containment.low")
    return Verdict(_kind(inside, around), best, rule)


def _rule(
    query: Reading,
    other: Reading,
    *,
    inside: float,
    around: float,
    mine: set[bytes],
    theirs: set[bytes],
) -> str | None:
    if inside >= _SAME:
        return "containment.arriving"
    if around >= _SAME and inside >= 0.4 and len(mine) <= 2.5 * len(theirs):  # noqa: PLR2004
        return "containment.stored"
    if max(inside, around) >= 0.75 and min(inside, around) >= 0.6:  # noqa: PLR2004
        leads = (_lead(query, theirs), _lead(other, mine))
        if min(leads) >= 0.6:  # noqa: PLR2004
            return "containment.leads"
    return None


def _lead(reading: Reading, shingles: set[bytes]) -> float:
    lead = cut(reading.codes[: _LEAD * CODE], _SHINGLE)
    return len(lead & shingles) / max(len(lead), 1)


def _kind(inside: float, around: float) -> Kind:
    if inside >= _SAME and around >= _SAME:
        return "republished"
    if inside >= _SAME:
        return "excerpt"
    if around >= _SAME:
        return "extended"
    return "revised"
