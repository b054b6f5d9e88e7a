"""Train models anew from gomtin's labelled articles and what people said in this archive."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pipelines.classify.labelled import committed
from pipelines.classify.learning import examine, learn
from pipelines.classify.models import AXES
from pipelines.classify.taxonomy import taxonomy
from pipelines.classify.trust import learn_trust
from pipelines.store.models import list_models, models_in_use, save_models
from pipelines.store.reviews import RANDOM, all_reviews, reviewed_articles

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from pipelines.classify.learning import Score
    from pipelines.classify.models import Models
    from pipelines.store.engine import Store

WORSE = 0.005
"""Loss of macro-F1 on the held articles for which new models are refused."""


@dataclass(frozen=True, slots=True)
class Retrained:
    """New models beside those in use, both examined on the same held articles."""

    version: str
    learned: int
    examined: int
    reviewed: int
    before: Mapping[str, Score]
    after: Mapping[str, Score]
    kept: bool

    def to_json(self) -> dict[str, Any]:
        """Give it as plain JSON values."""
        counts = {
            name: getattr(self, name)
            for name in ("version", "learned", "examined", "reviewed", "kept")
        }
        return counts | {"before": _plain(self.before), "after": _plain(self.after)}


def retrain(store: Store, *, now: datetime) -> Retrained:
    """Train, examine beside the models in use, and put to use what is not worse on either axis."""
    with store.read() as conn:
        given = all_reviews(conn)
        reviewed = reviewed_articles(conn, given)
        used, number = models_in_use(conn), len(list_models(conn))
    portals = {article_id: one.draft.portal for article_id, one in reviewed.items()}
    labelled = [*committed(), *reviewed.values()]
    held = [one for one in labelled if one.held]
    trust = learn_trust(
        (portals[one.article_id], one.axis, one.probability, set(one.told) <= set(one.values))
        for one in given
        if one.drawn == RANDOM and one.article_id in portals
    )
    version = f"{taxonomy().version}/{number}"
    made = replace(learn(labelled, version), trust=trust)
    before, after = examine(used, held), examine(made, held)
    kept = all(after[axis].macro_f1 >= before[axis].macro_f1 - WORSE for axis in AXES)
    counts = len(labelled) - len(held), len(held), len(given)
    found = Retrained(version, *counts, before, after, kept)
    if kept:
        with store.begin() as conn:
            save_models(conn, made, found.to_json(), now)
    return found


def train_shipped() -> Models:
    """Train the models that come with gomtin, from its own labelled articles alone."""
    return learn(committed(), f"{taxonomy().version}/0")


def _plain(scores: Mapping[str, Score]) -> dict[str, Any]:
    return {
        axis: {
            "macro_f1": round(one.macro_f1, 4),
            "calibration_error": round(one.calibration_error, 4),
            "unsure": round(one.unsure, 4),
            "confused": [[*pair, n] for pair, n in sorted(one.pairs.items()) if pair[0] != pair[1]],
        }
        for axis, one in scores.items()
    }
