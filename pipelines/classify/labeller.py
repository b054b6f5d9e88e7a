"""Label an article by topic, kind and level: the models answer, and hear the rules."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pipelines.classify.models import shipped
from pipelines.classify.rules import UNSURE, features_of
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
    known, rules = models or shipped(), taxonomy()
    found = chances(draft, known, unit)
    return (
        *_topics(found["topic"], known.version),
        _best("kind", found["kind"], rules.kind_threshold, known.version),
        _best("level", found["level"], rules.level_threshold, known.version),
    )


def chances(draft: Draft, models: Models, unit: str = "") -> dict[str, dict[str, float]]:
    """Give the probability of every value by axis, as the draft's portal keeps them."""
    found = {
        axis: models.of(axis).chances(features)
        for axis, features in features_of(draft, unit).items()
    }
    found["level"] = _of_its_day(found["level"], draft)
    if models.trust:
        for axis, values in found.items():
            corrected = {v: models.chance(draft.portal, axis, c) for v, c in values.items()}
            found[axis] = corrected
    return found


def _of_its_day(found: dict[str, float], draft: Draft) -> dict[str, float]:
    """Leave out the levels that were abolished before the article appeared."""
    if draft.published_at is None:
        return found
    day, until = draft.published_at.date(), taxonomy().level_until
    left = {value: c for value, c in found.items() if value not in until or day <= until[value]}
    total = sum(left.values()) or 1.0
    return {value: chance / total for value, chance in left.items()}


def _topics(found: Mapping[str, float], version: str) -> Iterator[Label]:
    """Give the likely topics; else their field where leaves are too close; else "unsure"."""
    rules = taxonomy()
    ranked = sorted(found, key=lambda value: (-found[value], value))[: rules.most]
    likely = [value for value in ranked[:1] if found[value] >= rules.threshold]
    likely += [value for value in ranked[1:] if found[value] >= rules.further]
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


def _best(axis: str, found: Mapping[str, float], threshold: float, version: str) -> Label:
    best = max(found, key=lambda value: found[value])
    value = best if found[best] >= threshold else UNSURE
    return Label(axis, value, round(found[best], 3), "model", version)
