"""Measure classification: quality, probabilities, speed and size, beside scikit-learn.

    python bench/classify.py --train F --test F [--json]    JSON lines {label, text}, .gz or plain
    python bench/classify.py --train F                      a fifth of the texts is held out

The first line of a text is its title. The method is the product's own: pipelines/classify.
bench/classify_peer.py measures it beside scikit-learn.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import json
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # run as a file, from anywhere

from pipelines.classify.features import Reading
from pipelines.classify.model_file import read_models, write_models
from pipelines.classify.scoring import calibration_error, macro_f1
from pipelines.classify.training import Lesson, Method, train

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipelines.classify.linear import Linear

AXIS = "label"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text and its one label."""

    label: str
    text: str

    @property
    def reading(self) -> Reading:
        """Read the text, its first line as the title."""
        title, _, body = self.text.partition("\n")
        return Reading.of(title, body)


def main() -> None:
    """Train, test and print."""
    args = arguments(__doc__)
    show({"gomtin": gomtin(*texts(args))}, args)


def arguments(described: str | None) -> argparse.Namespace:
    """Read the command line: ``train``, ``test`` or None, ``json``."""
    parser = argparse.ArgumentParser(description=described, formatter_class=_KeepLines)
    parser.add_argument("--train", type=Path, required=True)
    parser.add_argument("--test", type=Path)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


class _KeepLines(argparse.RawDescriptionHelpFormatter):
    """Print the description as it stands."""


def texts(args: argparse.Namespace) -> tuple[list[Labelled], list[Labelled]]:
    """Give the texts to learn from and those to be asked about, else a fifth of the first."""
    learned = _read(args.train)
    return (learned, _read(args.test)) if args.test else _split(learned)


def show(results: Mapping[str, Mapping[str, Any]], args: argparse.Namespace) -> None:
    """Print the figures of each method; of a single one as JSON without its name."""
    if args.json:
        print(json.dumps(results if len(results) > 1 else next(iter(results.values()))))
        return
    for name, found in results.items():
        print(name, *(f"{key} {value}" for key, value in found.items()), sep="\n  ")


def _read(path: Path) -> list[Labelled]:
    stored = path.read_bytes()
    text = (gzip.decompress(stored) if path.suffix == ".gz" else stored).decode()
    rows = [json.loads(line) for line in text.split("\n") if line.strip()]
    return [Labelled(row["label"], row["text"]) for row in rows]


def _split(texts: Sequence[Labelled]) -> tuple[list[Labelled], list[Labelled]]:
    held = [hashlib.sha256(one.text.encode()).digest()[0] < 51 for one in texts]
    parts = list(zip(texts, held, strict=True))
    return [one for one, out in parts if not out], [one for one, out in parts if out]


def gomtin(learned: Sequence[Labelled], asked: Sequence[Labelled]) -> dict[str, Any]:
    """Train the product's method on ``learned`` and give its figures on ``asked``."""
    started = time.process_time()
    lessons = [
        Lesson(Counter(one.reading.whole()), (one.label,), str(at))
        for at, one in enumerate(learned)
    ]
    model, size = _filed(train(lessons, Method()))
    fitted = time.process_time() - started
    given = [model.chances(one.reading.whole()) for one in asked[:50]]  # fills the caches
    started = time.process_time()
    given = [model.chances(one.reading.whole()) for one in asked]
    spent = time.process_time() - started
    best = [max(chances, key=lambda value: chances[value]) for chances in given]
    sure = [max(chances.values()) for chances in given]
    return figures([one.label for one in asked], best, sure) | {
        "docs_per_cpu_s": round(len(asked) / spent),
        "model_bytes": size,
        "train_cpu_s": round(fitted, 1),
    }


def _filed(model: Linear) -> tuple[Linear, int]:
    """Write the model as the product does, and read it again: what is measured is the file."""
    file = io.BytesIO()
    write_models(file, {AXIS: model}, {})
    file.seek(0)
    return read_models(file)[0][AXIS], len(file.getvalue())


def figures(truth: Sequence[str], best: Sequence[str], sure: Sequence[float]) -> dict[str, Any]:
    """Score the best answers and how sure they were."""
    right = [told == true for told, true in zip(best, truth, strict=True)]
    return {
        "accuracy": round(sum(right) / len(right), 4),
        "macro_f1": round(macro_f1([(one,) for one in truth], [(one,) for one in best]), 4),
        "ece": round(calibration_error(sure, right), 4),
    }


if __name__ == "__main__":
    main()
