"""Say why an article has a label: the rules' phrases and the words that weighed most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.classify.features import LEAD, NAME, RULE, START, TITLE, Reading, grams
from pipelines.classify.rules import Texts, features_of, phrases
from pipelines.dedupe.normal import fold, syllables

if TYPE_CHECKING:
    from pipelines.classify.models import Models
    from pipelines.records import Draft

MOST = 8
_PARTS = {TITLE: "title", LEAD: "lead", START: "lead"}


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that spoke for a label.

    ``part``: title, lead, text, or "rules" for all of them together; ``weight``: what it added to
    the model's margin.
    """

    part: str
    words: str
    weight: float


def words_that_decided(draft: Draft, axis: str, value: str, models: Models) -> list[Reason]:
    """Give what spoke for a label: the rules, then words by weight; else nothing."""
    model = models.of(axis)
    if value not in model.values:
        return []
    features = features_of(draft)[axis]
    written, spoke = _as_written(draft), model.reasons(features, value, len(features))
    rules = sum(added for name, added in spoke if name.startswith(RULE))
    words = [_reason(name, added, written) for name, added in spoke if not name.startswith(RULE)]
    heard_rules = [Reason("rules", "", rules)] if rules else []
    return [*heard_rules, *words[:MOST]]


def phrases_found(draft: Draft, value: str) -> list[tuple[str, str]]:
    """Give the (part, phrase) pairs by which the rules speak for a value, each once."""
    return list(dict.fromkeys(phrases(Texts.of(draft, Reading.of_draft(draft)), value)))


def _reason(feature: str, added: float, written: dict[str, str]) -> Reason:
    part = _PARTS.get(feature[0], "text")
    key = feature[1:] if feature[0] in {*_PARTS, NAME} else feature
    return Reason(part, written.get(key, key), added)


def _as_written(draft: Draft) -> dict[str, str]:
    """Map every folded word and pair of words, and a start of three, to how they are written."""
    found: dict[str, str] = {}
    for text in (draft.title, "\n".join(draft.body)):
        words = syllables(text)
        lower = tuple(word.lower() for word in words)
        folded = tuple(fold(words))
        found.update(zip(grams(folded), grams(lower), strict=True))
        found[" ".join(folded[:3])] = " ".join(lower[:3])
    return found
