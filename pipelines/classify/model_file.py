"""Models in a file: NumPy's own compressed archive, without pickle, so that it cannot run code."""

from __future__ import annotations

import json
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from pipelines.classify.linear import Calibration, Linear, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

_ARRAYS = ("weights", "scale", "bias")


def write_models(file: IO[bytes], models: Mapping[str, Linear], about: Mapping[str, Any]) -> None:
    """Write the models of several axes and what is to be known about them."""
    arrays: dict[str, Any] = {"about": _letters(json.dumps(about, ensure_ascii=False))}
    for axis, model in models.items():
        arrays |= {f"{axis}.{name}": getattr(model, name) for name in _ARRAYS}
        arrays[f"{axis}.values"] = _letters("\n".join(model.values))
        arrays[f"{axis}.words"] = _letters("\n".join(model.vocabulary.columns))
        arrays[f"{axis}.rarity"] = model.vocabulary.rarity
        arrays[f"{axis}.slope"] = model.calibration.slope
        arrays[f"{axis}.offset"] = model.calibration.offset
        arrays[f"{axis}.several"] = np.asarray(model.calibration.several)
    np.savez_compressed(file, **arrays)


def read_models(file: IO[bytes]) -> tuple[dict[str, Linear], dict[str, Any]]:
    """Read what ``write_models`` wrote: models by axis, and what is known about them."""
    with np.load(file, allow_pickle=False) as arrays:
        axes = [name.partition(".")[0] for name in arrays if name.endswith(".values")]
        models = {axis: _model(arrays, axis) for axis in axes}
        return models, json.loads(_text(arrays["about"]))


def _model(arrays: Mapping[str, NDArray[Any]], axis: str) -> Linear:
    words = _text(arrays[f"{axis}.words"]).split("\n")
    vocabulary = Vocabulary({word: at for at, word in enumerate(words)}, arrays[f"{axis}.rarity"])
    several = bool(arrays[f"{axis}.several"])
    calibration = Calibration(arrays[f"{axis}.slope"], arrays[f"{axis}.offset"], several)
    values = tuple(_text(arrays[f"{axis}.values"]).split("\n"))
    own = {name: arrays[f"{axis}.{name}"] for name in _ARRAYS}
    return Linear(values=values, vocabulary=vocabulary, **own, calibration=calibration)


def _letters(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode(), dtype=np.uint8)


def _text(letters: NDArray[np.uint8]) -> str:
    return bytes(letters).decode()
