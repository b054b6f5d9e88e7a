"""Models in a file: NumPy's own compressed archive, without pickle, so that it cannot run code."""

from __future__ import annotations

import json
from itertools import compress
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from pipelines.classify.linear import Calibration, Linear, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray


def write_models(file: IO[bytes], models: Mapping[str, Linear], about: Mapping[str, Any]) -> None:
    """Write the models of several axes and what is to be known about them.

    They share most of their words, which stand in the file once, in the order of the largest model;
    of each axis it tells by a bit for each word which ones it has.
    """
    largest = sorted(models.values(), key=lambda model: model.weights.size, reverse=True)
    words = list(dict.fromkeys(word for model in largest for word in model.vocabulary.columns))
    arrays: dict[str, Any] = {
        "about": _letters(json.dumps(about, ensure_ascii=False)),
        "words": _letters("\n".join(words)),
    }
    for axis, model in models.items():
        columns = model.vocabulary.columns
        own = [columns[word] for word in words if word in columns]
        arrays[f"{axis}.has"] = np.packbits([word in columns for word in words])
        arrays[f"{axis}.rarity"] = model.vocabulary.rarity[own]
        arrays[f"{axis}.weights"] = model.weights[own]
        arrays[f"{axis}.scale"] = model.scale
        arrays[f"{axis}.bias"] = model.bias
        arrays[f"{axis}.values"] = _letters("\n".join(model.values))
        arrays[f"{axis}.slope"] = model.calibration.slope
        arrays[f"{axis}.offset"] = model.calibration.offset
        arrays[f"{axis}.several"] = np.asarray(model.calibration.several)
    np.savez_compressed(file, **arrays)


def read_models(file: IO[bytes]) -> tuple[dict[str, Linear], dict[str, Any]]:
    """Read what ``write_models`` wrote: models by axis, and what is known about them."""
    with np.load(file, allow_pickle=False) as arrays:
        axes = [name.partition(".")[0] for name in arrays if name.endswith(".values")]
        words = _text(arrays["words"]).split("\n")
        models = {axis: _model(arrays, axis, words) for axis in axes}
        return models, json.loads(_text(arrays["about"]))


def _model(arrays: Mapping[str, NDArray[Any]], axis: str, words: Sequence[str]) -> Linear:
    own = compress(words, np.unpackbits(arrays[f"{axis}.has"]))
    vocabulary = Vocabulary({word: at for at, word in enumerate(own)}, arrays[f"{axis}.rarity"])
    several = bool(arrays[f"{axis}.several"])
    calibration = Calibration(arrays[f"{axis}.slope"], arrays[f"{axis}.offset"], several)
    values = tuple(_text(arrays[f"{axis}.values"]).split("\n"))
    weights, scale, bias = (arrays[f"{axis}.{name}"] for name in ("weights", "scale", "bias"))
    return Linear(values, vocabulary, weights, scale, bias, calibration)


def _letters(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode(), dtype=np.uint8)


def _text(letters: NDArray[np.uint8]) -> str:
    return bytes(letters).decode()
