"""Label an article: topics and kind by the models, which hear the rules; the level by rules."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pipelines.classify.features import Reading
from pipelines.classify.models import shipped
from pipelines.classify.rules import UNSURE, Texts, level, witnesses
from pipelines.classify.taxonomy import taxonomy
from pipelines.records import Label

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pipelines.classify.models import Models
    from pipelines.records import Draft


def classify(draft: Draft, *, unit: str = "", models: Models | None = None) -> tuple[Label, ...]:
    """Label a draft on three axes: one to three topics, one kind, one level.

    ``unit`` is the portal's administrative unit ("phường Hiệp Ninh, Tây Ninh"): it votes for the
    level. An answer whose probability is below the taxonomy's threshold is "unsure", with the
    probability that the best guess had; it never falls to a default class. Without ``models``
    those that come with gomtin answer.
    """
    known, texts = models or shipped(), Texts.of(draft)
    topics, kinds = chances(draft, texts, known)
    return (*_topics(topics, known.version), _kind(kinds, known.version), level(draft, texts, unit))


def chances(
    draft: Draft, texts: Texts, models: Models
) -> tuple[dict[str, float], dict[str, float]]:
    """Give the probability of every topic and of every kind, as the draft's portal keeps them."""
    reading, heard = Reading.of_draft(draft), witnesses(texts)
    topics = models.topic.chances([*reading.whole(), *heard.topic])
    kinds = models.kind.chances([*reading.opening(), *heard.kind])
    if models.trust:
        portal = draft.portal
        topics = {v: models.chance(portal, "topic", chance) for v, chance in topics.items()}
        kinds = {v: models.chance(portal, "kind", chance) for v, chance in kinds.items()}
    return topics, kinds


def _topics(found: Mapping[str, float], version: str) -> Iterator[Label]:
    """Give the likely topics; else their field where leaves are too close; else "unsure"."""
    rules = taxonomy()
    ranked = sorted(found, key=lambda value: (-found[value], value))[: rules.most]
    likely = [value for value in ranked if found[value] >= rules.threshold]
    for value in likely:
        yield Label("topic", value, round(found[value], 3), "model", version)
    if not likely:
        fields: dict[str, float] = defaultdict(float)
        for value, chance in found.items():
            field = value.partition("/")[0]
            fields[field] = 1.0 - (1.0 - fields[field]) * (1.0 - chance)
        best = max(fields, key=lambda value: fields[value])
        sure = fields[best] >= rules.threshold
        chance = fields[best] if sure else found[ranked[0]]
        yield Label("topic", best if sure else UNSURE, round(chance, 3), "model", version)


def _kind(found: Mapping[str, float], version: str) -> Label:
    best = max(found, key=lambda value: found[value])
    value = best if found[best] >= taxonomy().kind_threshold else UNSURE
    return Label("kind", value, round(found[best], 3), "model", version)
