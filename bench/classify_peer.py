"""Measure classification beside scikit-learn: ``bench/classify.py`` and this peer, the same texts.

    python -m bench.classify_peer --train F [--test F] [--json]    after pip install -e .[bench]

The peer is TF-IDF, LinearSVC and sigmoid calibration of scikit-learn.
"""

from __future__ import annotations

import io
import time
from typing import TYPE_CHECKING, Any

import joblib
from sklearn.calibration import CalibratedClassifierCV
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from bench.classify import arguments, figures, gomtin, show, texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.classify import Labelled


def main() -> None:
    """Train, test and print both."""
    args = arguments(__doc__)
    learned, asked = texts(args)
    show({"gomtin": gomtin(learned, asked), "scikit-learn": peer(learned, asked)}, args)


def peer(learned: Sequence[Labelled], asked: Sequence[Labelled]) -> dict[str, Any]:
    """Train scikit-learn on ``learned`` and give its figures on ``asked``."""
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, max_features=50_000)
    started = time.process_time()
    rows = words.fit_transform([one.text for one in learned])
    judge = CalibratedClassifierCV(LinearSVC(), cv=5).fit(rows, [one.label for one in learned])
    fitted = time.process_time() - started
    started = time.process_time()
    chances = judge.predict_proba(words.transform([one.text for one in asked]))
    spent = time.process_time() - started
    file = io.BytesIO()
    joblib.dump((words, judge), file, compress=3)
    best = [str(judge.classes_[at]) for at in chances.argmax(axis=1)]
    truth, sure = [one.label for one in asked], chances.max(axis=1).tolist()
    return figures(truth, best, sure) | {
        "docs_per_cpu_s": round(len(asked) / spent),
        "model_bytes": len(file.getvalue()),
        "train_cpu_s": round(fitted, 1),
    }


if __name__ == "__main__":
    main()
