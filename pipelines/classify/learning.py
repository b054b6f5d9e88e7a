"""Train the models on labelled articles and on the rules' own words, and examine them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.classify.features import Reading
from pipelines.classify.labelled import draft_of
from pipelines.classify.labeller import chances, classify
from pipelines.classify.models import Models
from pipelines.classify.rules import Texts, witnesses
from pipelines.classify.scoring import calibration_error, macro_f1
from pipelines.classify.taxonomy import taxonomy
from pipelines.classify.training import Lesson, Method, train

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipelines.classify.labelled import Labelled

AXES = ("topic", "kind")
# Chosen by cross-validation on the part to learn from (docs/measurements.md).
_METHODS = {
    "topic": Method(features=40_000, least=1, several=True, rules=2.0),
    "kind": Method(features=20_000, least=2, rules=1.0),
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
    """Train both models on what is not held for examination (about 3 s of CPU)."""
    taught = [one for one in labelled if not one.held]
    trained = {
        axis: train([*_lessons(taught, axis), *_hearsay(axis)], _METHODS[axis]) for axis in AXES
    }
    return Models(version, trained["topic"], trained["kind"])


def examine(models: Models, labelled: Sequence[Labelled]) -> dict[str, Score]:
    """Let the models answer for labelled articles, and score them by axis."""
    scores = {}
    answers = [classify(one.draft, models=models) for one in labelled]
    believed = [chances(one.draft, Texts.of(one.draft), models) for one in labelled]
    for at, axis in enumerate(AXES):
        asked = [(n, one.values(axis)) for n, one in enumerate(labelled) if one.values(axis)]
        given = [[a.value for a in answers[n] if a.axis == axis] for n, _ in asked]
        truth = [values for _, values in asked]
        claims = [
            (chance, value in values)
            for n, values in asked
            for value, chance in believed[n][at].items()
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
            reading, heard = Reading.of_draft(one.draft), witnesses(Texts.of(one.draft))
            if axis == "topic":
                features = Counter([*reading.whole(), *heard.topic])
            else:
                features = Counter([*reading.opening(), *heard.kind])
            yield Lesson(features, one.values(axis), one.story)


def _hearsay(axis: str) -> Iterator[Lesson]:
    """Give the phrases and examples of the taxonomy as texts of their own."""
    rules = taxonomy()
    said = [(value, draft_of(phrase, ())) for value, phrase in rules.phrases]
    said += [(value, draft_of("", (), section)) for section, value in rules.sections.items()]
    if axis == "kind":
        said = [(value, draft_of(example, ())) for value, example in rules.examples]
    for value, draft in said:
        reading, heard = Reading.of_draft(draft), witnesses(Texts.of(draft))
        if axis == "topic":
            features = Counter([*reading.whole(), *heard.topic])
        else:
            features = Counter([*reading.opening(), *heard.kind])
        yield Lesson(features, (value,), f"rule {draft.title}", _HEARSAY)
