"""Train the models on labelled articles and on the rules' own words, and examine them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.classify.labelled import draft_of
from pipelines.classify.labeller import chances, classify
from pipelines.classify.models import AXES, Models
from pipelines.classify.rules import features_of
from pipelines.classify.scoring import calibration_error, macro_f1
from pipelines.classify.taxonomy import taxonomy
from pipelines.classify.training import Lesson, Method, train

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipelines.classify.labelled import Labelled

# Chosen by cross-validation on the part to learn from (docs/measurements.md).
_METHODS = {
    "topic": Method(least=1, cost=3.0, several=True, rules=0.5, title=1.0, names=1.0, folds=10),
    "kind": Method(least=1, cost=3.0, rules=1.3, title=1.0, names=1.0),
    "level": Method(least=1, cost=3.0, rules=1.5, title=1.0, names=1.0, alone=0.6, folds=10),
}
_HEARSAY = 0.1
"""Weight of a text that is only a phrase of the taxonomy: the weak labels to start from."""
_LIKELY = 0.05


@dataclass(frozen=True, slots=True)
class Score:
    """How the answers of one axis stand against the truth.

    ``unsure``: the share of articles without an answer. ``pairs``: how often which first truth got
    which first answer.
    """

    macro_f1: float
    calibration_error: float
    unsure: float
    pairs: Counter[tuple[str, str]]


def learn(labelled: Iterable[Labelled], version: str) -> Models:
    """Train the models on what is not held for examination (about 12 s of CPU)."""
    taught = [one for one in labelled if not one.held]
    trained = {
        axis: train([*_lessons(taught, axis), *_hearsay(axis)], _METHODS[axis]) for axis in AXES
    }
    return Models(version, trained["topic"], trained["kind"], trained["level"])


def examine(models: Models, labelled: Sequence[Labelled]) -> dict[str, Score]:
    """Let the models answer for labelled articles, and score them by axis."""
    scores = {}
    answers = [classify(one.draft, models=models) for one in labelled]
    believed = [chances(one.draft, models) for one in labelled]
    for axis in AXES:
        asked = [(n, one.values(axis)) for n, one in enumerate(labelled) if one.values(axis)]
        given = [[a.value for a in answers[n] if a.axis == axis] for n, _ in asked]
        truth = [values for _, values in asked]
        claims = [
            (chance, value in values)
            for n, values in asked
            for value, chance in believed[n][axis].items()
            if chance >= _LIKELY
        ]
        scores[axis] = Score(
            macro_f1(truth, given),
            calibration_error([chance for chance, _ in claims], [right for _, right in claims]),
            sum(one == ["unsure"] for one in given) / len(given),
            Counter((values[0], one[0]) for values, one in zip(truth, given, strict=True)),
        )
    return scores


def _lessons(labelled: Iterable[Labelled], axis: str) -> Iterator[Lesson]:
    for one in labelled:
        if one.values(axis):
            yield Lesson(Counter(features_of(one.draft)[axis]), one.values(axis), one.story)


def _hearsay(axis: str) -> Iterator[Lesson]:
    """Give the phrases and examples of the taxonomy as texts of their own."""
    rules = taxonomy()
    levels = [(value, word) for word, value in rules.level_words.items()]
    # a text without a word may be of any level; unheard of, it would be of the most frequent one
    levels += [(value, "") for value in dict(levels)]
    said = {"topic": rules.phrases, "kind": rules.examples, "level": levels}[axis]
    drafts = [(value, draft_of(phrase, ())) for value, phrase in said]
    if axis == "topic":
        drafts += [(value, draft_of("", (), section)) for section, value in rules.sections.items()]
    for value, draft in drafts:
        features = Counter(features_of(draft)[axis])
        yield Lesson(features, (value,), f"rule {draft.title}", _HEARSAY)
