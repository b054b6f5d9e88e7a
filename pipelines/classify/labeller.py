"""The first labeller: weighed phrases and ordered rules, with a probability and "unsure"."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from pipelines.classify.taxonomy import taxonomy, tokens
from pipelines.clean.text import fold_key
from pipelines.records import Label

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipelines.classify.taxonomy import Taxonomy
    from pipelines.records import Draft

UNSURE = "unsure"
_BODY = 6_000  # characters read: what comes later in a long text hardly changes its topic
_EVENT = re.compile(
    r"\b(?:sáng|chiều|tối|trưa|ngày|vừa qua|mới đây)\b.{0,60}?\d{1,2} ?[/.-] ?\d{1,2}"
    r"|^(?:vừa qua|mới đây)"
)
_LEAD = 1_000  # characters: a longer first paragraph is body from there
_UNIT_VOTE = 1.5
_SUBJECT = 3
_SUREST = 0.98


def classify(draft: Draft, *, unit: str = "") -> tuple[Label, ...]:
    """Label a draft on three axes: one to three topics, one kind, one level.

    ``unit`` is the portal's administrative unit ("phường Hiệp Ninh, Tây Ninh"): it votes for the
    level. An answer whose probability is below the taxonomy's threshold is "unsure", with the
    probability that the best guess had; it never falls to a default class.
    """
    rules = taxonomy()
    lead = (draft.summary or (draft.body[0] if draft.body else ""))[:_LEAD]
    return (
        *_topics(rules, draft, lead),
        _kind(rules, fold_key(draft.title), fold_key(lead)),
        _level(rules, draft.title, lead, unit),
    )


def _topics(rules: Taxonomy, draft: Draft, lead: str) -> list[Label]:
    evidence = _evidence(rules, draft, lead)
    voted = rules.sections.get(fold_key(draft.section or ""))
    if voted:
        evidence[voted] = evidence.get(voted, 0.0) + rules.section
    ranked = sorted(evidence, key=lambda value: (-evidence[value], value))
    total = sum(evidence.values())
    labels: list[Label] = []
    for value in ranked[: rules.most]:
        own = evidence[value]
        if labels and own < evidence[ranked[0]] * rules.further:
            break
        chance = _calibrated(rules, own / total * _strength(own, rules.saturation))
        if chance < rules.threshold:
            break
        chance = min([chance, *(label.probability for label in labels)])
        how = "section" if value == voted and own < 2 * rules.section else "rule"
        labels.append(Label("topic", value, chance, how, rules.version))
        total -= own
    return labels or [_field(rules, evidence)]


def _evidence(rules: Taxonomy, draft: Draft, lead: str) -> dict[str, float]:
    """Sum the votes of the phrases, field by field; the n-th vote for a topic counts 1/n.

    So a long body, or a title that names one thing three times, does not drown the rest. The first
    strong phrase of the title is its subject and votes three times.
    """
    body = "\n".join(draft.body)[len(lead) : _BODY]
    evidence: dict[str, float] = defaultdict(float)
    subject = False
    for name, text in (("title", draft.title), ("lead", lead), ("body", body)):
        votes: dict[str, list[float]] = defaultdict(list)
        seen = Counter[str]()
        for phrase, given in rules.topics.search(tokens(text)):
            seen[phrase] += 1
            if seen[phrase] <= (rules.repeats if name == "body" else 1):
                for value, weight in given:
                    first = name == "title" and weight >= rules.strong and not subject
                    subject = subject or first
                    votes[value] += [weight] * (_SUBJECT if first else 1)
        for value, weights in votes.items():
            ranked = enumerate(sorted(weights, reverse=True), 1)
            evidence[value] += rules.fields[name] * sum(weight / rank for rank, weight in ranked)
    return dict(evidence)


def _field(rules: Taxonomy, evidence: Mapping[str, float]) -> Label:
    """Give the field alone where its leaves are too close to each other, or "unsure"."""
    total = sum(evidence.values())
    fields: dict[str, float] = defaultdict(float)
    for value, own in evidence.items():
        fields[value.partition("/")[0]] += own
    best = max(fields, key=lambda value: fields[value], default=UNSURE)
    if best == UNSURE:
        return Label("topic", UNSURE, 0.0, "rule", rules.version)
    own = fields[best]
    chance = _calibrated(rules, own / total * _strength(own, rules.saturation))
    value = best if chance >= rules.threshold else UNSURE
    return Label("topic", value, chance, "rule", rules.version)


def _strength(evidence: float, saturation: float) -> float:
    """Say how much there is to go by: little evidence gives no sure answer, however one-sided."""
    return 1.0 - math.exp(-evidence / saturation)


def _calibrated(rules: Taxonomy, score: float) -> float:
    """Turn a raw score into a probability along the taxonomy's line."""
    for (low, low_chance), (high, high_chance) in pairwise(rules.calibration):
        if score <= high:
            part = (score - low) / (high - low)
            return round(low_chance + part * (high_chance - low_chance), 3)
    return rules.calibration[-1][1]


def _kind(rules: Taxonomy, title: str, lead: str) -> Label:
    scores = rules.kind_scores
    for kind in rules.kinds:
        if kind.title.search(title):
            return Label("kind", kind.value, scores["title"], "rule", rules.version)
    for kind in rules.kinds:
        if kind.lead.search(lead):
            return Label("kind", kind.value, scores["lead"], "rule", rules.version)
    chance = scores["neither"] if lead and not _EVENT.search(lead) else 0.0
    value = "bai_viet" if chance >= scores["threshold"] else UNSURE
    return Label("kind", value, chance, "rule", rules.version)


def _level(rules: Taxonomy, title: str, lead: str, unit: str) -> Label:
    """Weigh the levels named in title and lead, the first one most: it is who acts."""
    evidence: dict[str, float] = defaultdict(float)
    for text, field in ((title, "title"), (lead, "lead")):
        named = (votes for _, votes in rules.levels.search(tokens(text)) if votes[0][0])
        for rank, votes in enumerate(named, 1):
            for value, weight in votes:
                evidence[value] += weight * rules.fields[field] / rank
    words = tokens(unit)
    own = _first_level(rules, words)
    if own:
        evidence[own] += _UNIT_VOTE
    if not evidence:
        return Label("level", UNSURE, 0.0, "rule", rules.version)
    best = max(evidence, key=lambda value: evidence[value])
    strength = _strength(evidence[best], rules.level_scores["saturation"])
    chance = round(min(evidence[best] / sum(evidence.values()) * strength, _SUREST), 3)
    value = best if chance >= rules.level_scores["threshold"] else UNSURE
    return Label("level", value, chance, "rule", rules.version)


def _first_level(rules: Taxonomy, words: Sequence[str]) -> str | None:
    for size in (2, 1):
        if found := rules.level_words.get(" ".join(words[:size])):
            return found
    return None
