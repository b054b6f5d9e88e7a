"""What the taxonomy's rules see in an article, and what the models read: words and witnesses."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.classify.features import RULE, SECTION, Reading
from pipelines.classify.taxonomy import taxonomy, tokens
from pipelines.clean.text import fold_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipelines.classify.taxonomy import Taxonomy
    from pipelines.records import Draft

UNSURE = "unsure"
_BODY = 1_300  # syllables read: what comes later in a long text hardly changes its topic
_EVENT = re.compile(
    r"\b(?:sáng|chiều|tối|trưa|ngày|vừa qua|mới đây)\b.{0,60}?\d{1,2} ?[/.-] ?\d{1,2}"
    r"|^(?:vừa qua|mới đây)"
)
_TIMES = re.compile(r"\d{1,2} ?(?:giờ|h)\b|\d{1,2}[/.-]\d{1,2}|\d{1,2}:\d\d")
_FIGURES = re.compile(r"\d+")
_SHARES_TOLD = re.compile(r"\d ?(?:%|phần trăm)")
_MONEY = re.compile(r"\b(?:triệu|tỷ)\b")
_STEPS = {
    "times": (1, 2, 3, 4, 6),
    "figures": (1, 3, 5, 8),
    "shares": (1,),
    "sums of money": (1,),
    "words in title": (6, 8, 10, 13),
    "words in lead": (15, 30, 45, 60),
}
_LEAD = 1_000  # characters: a longer first paragraph is body from there
_UNIT_VOTE = 1.5
_SUBJECT = 3
_SHARES = (0.2, 0.4, 0.6, 0.8)


@dataclass(frozen=True, slots=True)
class Texts:
    """The parts of an article that rules tell apart; ``words`` are the folded ones of each part."""

    title: str
    lead: str
    section: str
    words: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, draft: Draft, reading: Reading) -> Texts:
        """Take a draft apart."""
        first = draft.body[0] if draft.body else ""
        lead = draft.summary or first
        opening = reading.body[: reading.lead] if lead == first else tokens(lead[:_LEAD])
        body = reading.body[reading.lead : _BODY]
        words = {"title": reading.title, "lead": opening, "body": body}
        return cls(draft.title, lead[:_LEAD], draft.section or "", words)


def features_of(draft: Draft, unit: str = "") -> dict[str, list[str]]:
    """Give, by axis, the words and the sayings of rules that a model reads in a draft.

    ``unit`` is the portal's administrative unit: for the rules it votes for its own level.
    """
    rules, reading = taxonomy(), Reading.of_draft(draft)
    texts, opening = Texts.of(draft, reading), list(reading.opening())
    return {
        "topic": [*reading.whole(), *_of_topic(rules, texts)],
        "kind": [*opening, *_of_kind(rules, texts)],
        "level": [*opening, *_of_level(rules, texts, unit)],
    }


def phrases(texts: Texts, value: str) -> Iterator[tuple[str, str]]:
    """Yield (part, phrase) for every phrase of a topic, or pattern of a kind, that was found."""
    rules = taxonomy()
    for name, words in texts.words.items():
        for phrase, given in rules.topics.search(words):
            if value in {one for one, _ in given}:
                yield name, phrase
    for kind in rules.kinds:
        if kind.value == value:
            found = (("title", kind.title, texts.title), ("lead", kind.lead, texts.lead))
            for name, pattern, text in found:
                if match := pattern.search(fold_key(text)):
                    yield name, match[0].strip()
    if rules.sections.get(fold_key(texts.section)) == value:
        yield "section", texts.section


def _of_topic(rules: Taxonomy, texts: Texts) -> Iterator[str]:
    """Name the topics that phrases speak for: the first, and each by its share of all evidence."""
    evidence = _evidence(rules, texts)
    total = sum(evidence.values())
    ranked = sorted(evidence, key=lambda value: (-evidence[value], value))
    for value in ranked[:1]:
        yield f"{RULE}first {value}"
    for value in ranked:
        yield from (
            f"{RULE}{least} {value}" for least in _SHARES if evidence[value] >= least * total
        )
    voted = rules.sections.get(fold_key(texts.section))
    if voted:
        yield SECTION + voted


def _evidence(rules: Taxonomy, texts: Texts) -> Mapping[str, float]:
    """Sum the votes of the phrases, part by part; the n-th vote for a topic counts 1/n.

    So a long body, or a title that names one thing three times, does not drown the rest. The first
    strong phrase of the title is its subject and votes three times.
    """
    evidence: dict[str, float] = defaultdict(float)
    subject = False
    for name, words in texts.words.items():
        votes: dict[str, list[float]] = defaultdict(list)
        seen = Counter[str]()
        for phrase, given in rules.topics.search(words):
            seen[phrase] += 1
            if seen[phrase] <= (rules.repeats if name == "body" else 1):
                for value, weight in given:
                    first = name == "title" and weight >= rules.strong and not subject
                    subject = subject or first
                    votes[value] += [weight] * (_SUBJECT if first else 1)
        for value, weights in votes.items():
            ranked = enumerate(sorted(weights, reverse=True), 1)
            evidence[value] += rules.fields[name] * sum(weight / rank for rank, weight in ranked)
    return evidence


def _of_kind(rules: Taxonomy, texts: Texts) -> Iterator[str]:
    """Name the kinds whose patterns title and lead fulfil, the first one apart."""
    title, lead = fold_key(texts.title), fold_key(texts.lead)
    in_title = [kind.value for kind in rules.kinds if kind.title.search(title)]
    in_lead = [kind.value for kind in rules.kinds if kind.lead.search(lead)]
    yield from (f"{RULE}first in title {value}" for value in in_title[:1])
    yield from (f"{RULE}title {value}" for value in in_title)
    yield from (f"{RULE}first {value}" for value in [*in_title, *in_lead][:1])
    yield from (f"{RULE}lead {value}" for value in in_lead)
    if not in_title:
        yield f"{RULE}title tells nothing"
    if lead and not _EVENT.search(lead):
        yield f"{RULE}no event"
    for name, count in _counts(title, lead).items():
        yield from (f"{RULE}{least} {name}" for least in _STEPS[name] if count >= least)


def _counts(title: str, lead: str) -> Mapping[str, int]:
    """Count what tells a schedule, a report or a story by its looks alone."""
    both = f"{title} . {lead}"
    return {
        "times": len(_TIMES.findall(both)),
        "figures": len(_FIGURES.findall(both)),
        "shares": len(_SHARES_TOLD.findall(both)),
        "sums of money": len(_MONEY.findall(both)),
        "words in title": title.count(" ") + 1,
        "words in lead": lead.count(" ") + 1,
    }


def _of_level(rules: Taxonomy, texts: Texts, unit: str) -> Iterator[str]:
    """Name the levels in title and lead, the first apart: it is who acts; then the weightiest."""
    evidence: dict[str, float] = defaultdict(float)
    for name in ("title", "lead"):
        found = rules.levels.search(texts.words[name])
        named = [value for _, votes in found for value, _ in votes if value]
        for rank, value in enumerate(named, 1):
            evidence[value] += rules.fields[name] / rank
        yield from (f"{RULE}first in {name} {value}" for value in named[:1])
        yield from (f"{RULE}{name} {value}" for value in dict.fromkeys(named))
    own = _first_level(rules, tokens(unit))
    if own:
        evidence[own] += _UNIT_VOTE
    if evidence:
        yield f"{RULE}first {max(evidence, key=lambda value: evidence[value])}"
    else:
        yield f"{RULE}no level named"


def _first_level(rules: Taxonomy, words: Sequence[str]) -> str | None:
    for size in (2, 1):
        if found := rules.level_words.get(" ".join(words[:size])):
            return found
    return None
