"""The taxonomy of ``config/taxonomy.toml`` as typed rules, loaded when first asked for."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from pipelines.clean.text import fold_key
from pipelines.dedupe.normal import fold, syllables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date


_EDGE = r"\b"


class Phrases:
    """Many phrases looked up in one pass: a trie over folded words, the longest match wins."""

    def __init__(self, weights: Mapping[str, Mapping[str, float]]) -> None:
        """Build the trie from ``{value: {phrase: weight}}``; values may share a phrase."""
        self._root: _Node = _Node({}, [], "")
        for value, phrases in weights.items():
            for phrase, weight in phrases.items():
                node = self._root
                for token in tokens(phrase):
                    node = node.following.setdefault(token, _Node({}, [], ""))
                node.votes.append((value, weight))
                node.phrase = phrase

    def search(self, words: Sequence[str]) -> Iterator[tuple[str, list[tuple[str, float]]]]:
        """Yield each phrase found, as the taxonomy has it, with its (value, weight) votes."""
        at, end, first = 0, len(words), self._root.following
        while at < end:
            node = first.get(words[at])
            if node is None:
                at += 1
                continue
            best, after = None, at + 1
            while node is not None:
                at += 1
                if node.votes:
                    best, after = node, at
                node = node.following.get(words[at]) if at < end else None
            if best:
                yield best.phrase, best.votes
            at = after


@dataclass(slots=True)
class _Node:
    following: dict[str, _Node]
    votes: list[tuple[str, float]]
    phrase: str


def tokens(text: str) -> list[str]:
    """Split a text into its folded syllables, as the models read it, too."""
    return fold(syllables(text))


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of event with the patterns that show it in a folded title or lead."""

    value: str
    title: re.Pattern[str]
    lead: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """The rules of the three axes; numbers are explained in the file."""

    version: str
    topics: Phrases
    leaves: tuple[str, ...]
    sections: dict[str, str]
    fields: dict[str, float]
    strong: float
    repeats: int
    threshold: float
    further: float
    most: int
    phrases: tuple[tuple[str, str], ...]
    kinds: tuple[Kind, ...]
    kind_threshold: float
    examples: tuple[tuple[str, str], ...]
    names: dict[str, str]
    levels: Phrases
    level_words: dict[str, str]
    level_until: dict[str, date]
    level_threshold: float


@cache
def taxonomy() -> Taxonomy:
    """Load and compile ``config/taxonomy.toml`` (about 10 ms, once a process)."""
    raw = tomllib.loads(files("config").joinpath("taxonomy.toml").read_text(encoding="utf-8"))
    topic, leaves, levels = raw["topic"], raw["leaf"], raw["level"]
    return Taxonomy(
        version=raw["version"],
        topics=Phrases({leaf["value"]: _weighted(leaf, topic["weights"]) for leaf in leaves}),
        leaves=tuple(leaf["value"] for leaf in leaves),
        sections={fold_key(name): leaf["value"] for leaf in leaves for name in leaf["sections"]},
        fields=topic["fields"],
        strong=topic["weights"]["strong"],
        repeats=topic["repeats"],
        threshold=topic["threshold"],
        further=topic["further"],
        most=topic["most"],
        phrases=tuple(
            (leaf["value"], phrase)
            for leaf in leaves
            for phrase in (leaf["example"], *leaf["strong"], *leaf["medium"])
        ),
        kinds=tuple(
            Kind(kind["value"], _patterns(kind["title"]), _patterns(kind["lead"]))
            for kind in raw["kind"]
        ),
        kind_threshold=raw["kinds"]["threshold"],
        examples=tuple((kind["value"], kind["example"]) for kind in raw["kind"]),
        names=topic["names"]
        | {one["value"]: one["name"] for one in (*leaves, *raw["kind"], *levels)},
        levels=Phrases(
            {"": dict.fromkeys(raw["no_level"]["phrases"], 0.0)}
            | {level["value"]: dict.fromkeys(level["phrases"], 1.0) for level in levels}
        ),
        level_words={
            " ".join(tokens(word)): level["value"] for level in levels for word in level["phrases"]
        },
        level_until={level["value"]: level["until"] for level in levels if "until" in level},
        level_threshold=raw["levels"]["threshold"],
    )


def _weighted(leaf: dict[str, Any], weights: dict[str, float]) -> dict[str, float]:
    return {phrase: weight for name, weight in weights.items() for phrase in leaf[name]}


def _patterns(patterns: Sequence[str]) -> re.Pattern[str]:
    """Join the patterns; what many begin with, a word's edge, is tried once for all of them."""
    if not patterns:
        return re.compile("(?!)")  # no pattern finds nothing
    folded = [fold_key(pattern) for pattern in patterns]
    edged = [one.removeprefix(_EDGE) for one in folded if one.startswith(_EDGE)]
    joined = [one for one in folded if not one.startswith(_EDGE)]
    if edged:
        joined.append(_EDGE + _either(edged))
    return re.compile(_either(joined))


def _either(patterns: Sequence[str]) -> str:
    return f"(?:{'|'.join(f'(?:{pattern})' for pattern in patterns)})"
