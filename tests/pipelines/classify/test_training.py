from __future__ import annotations

import io
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pytest

from pipelines.classify.descent import Rows, descend
from pipelines.classify.features import Reading
from pipelines.classify.model_file import read_models, write_models
from pipelines.classify.scoring import calibration_error, f1_by_value, macro_f1
from pipelines.classify.training import Lesson, Method, train

if TYPE_CHECKING:
    from pipelines.classify.linear import Linear

TEXTS = {
    "y_te": ("khám bệnh phát thuốc", "tiêm chủng cho trẻ", "bác sĩ khám bệnh", "thuốc và trẻ"),
    "giao_duc": ("khai giảng năm học", "học sinh đến trường", "năm học mới", "trường có học sinh"),
}


def lessons(times: int = 6) -> list[Lesson]:
    return [
        Lesson(Counter(text.split()), (value,), f"{value}{at}")
        for value, texts in TEXTS.items()
        for at, text in enumerate(texts * times)
    ]


@pytest.fixture(scope="module", params=[False, True], ids=["one", "several"])
def model(request: pytest.FixtureRequest) -> Linear:
    return train(lessons(), Method(several=request.param))


@pytest.mark.parametrize(
    ("text", "value"),
    [("bác sĩ phát thuốc cho trẻ", "y_te"), ("học sinh khai giảng", "giao_duc")],
)
def test_what_was_learned(model: Linear, text: str, value: str) -> None:
    chances = model.chances(text.split())
    assert max(chances, key=lambda one: chances[one]) == value
    assert chances[value] > 0.7
    assert model.calibration.several or sum(chances.values()) == pytest.approx(1.0)


def test_the_words_that_decided(model: Linear) -> None:
    found = model.reasons(["bác", "sĩ", "khám", "bệnh", "ở", "trường", "xa"], "y_te", 3)
    assert {word for word, _ in found} <= {"bác", "sĩ", "khám", "bệnh"}
    assert [added for _, added in found] == sorted((a for _, a in found), reverse=True)
    assert model.reasons(["lạ", "hoắc"], "y_te", 3) == []


def test_a_text_without_known_words_has_the_bias_alone(model: Linear) -> None:
    assert model.margins([]).tolist() == model.bias.tolist()


def test_a_model_comes_back_from_its_file_as_it_was(model: Linear) -> None:
    file = io.BytesIO()
    write_models(file, {"topic": model}, {"version": "1", "why": "thử"})
    file.seek(0)
    models, about = read_models(file)
    text = ["học", "sinh", "khám", "bệnh"]
    assert models["topic"].chances(text) == model.chances(text)
    assert about == {"version": "1", "why": "thử"}


def test_the_same_lessons_make_the_same_model(model: Linear) -> None:
    again = train(lessons(), Method(several=model.calibration.several))
    assert np.array_equal(again.weights, model.weights)
    assert np.array_equal(again.calibration.offset, model.calibration.offset)


def test_weak_lessons_yield_to_sure_ones() -> None:
    sure = [Lesson(Counter(["lúa"]), (v,), v) for v in ("nong", "nong", "khac")]
    weak = [Lesson(Counter(["lúa"]), ("khac",), f"{at}", weight=0.01) for at in range(5)]
    filler = [Lesson(Counter(["mưa"]), ("khac",), f"k{at}") for at in range(4)]
    model = train([*sure, *weak, *filler], Method(least=1))
    nong, khac = (model.values.index(value) for value in ("nong", "khac"))
    assert model.margins(["lúa"])[nong] > model.margins(["lúa"])[khac]


def test_planes_separate_what_can_be_separated() -> None:
    columns = [np.array([0], np.int32), np.array([1], np.int32), np.array([0, 1], np.int32)]
    values = [np.array([1.0]), np.array([1.0]), np.array([0.6, 0.8])]
    rows = Rows(columns, [one.astype(np.float32) for one in values], 2)
    signs = np.array([[1], [-1], [-1]], np.float32)
    margins = rows.margins(descend(rows, signs, np.full_like(signs, 100.0)))
    assert (margins * signs > 0.5).all()


def test_a_reading_tells_title_lead_and_body_apart() -> None:
    reading = Reading.of("Ba Tri", "Nay xem tin\nTham gia", lead=11)
    assert list(reading.opening()) == [
        "^ba", "^tri", "^ba tri", ">nay", ">xem", ">tin", ">nay xem", ">xem tin",
        "ba", "tri", "ba tri", "nay", "xem", "tin", "nay xem", "xem tin",
        "<nay", "<nay xem", "<nay xem tin",
        "=Ba", "=Tri", "=Nay", "=Ba Tri", "=Tri Nay",
    ]  # fmt: skip
    assert {"^ba tri", "ba tri", "xem", "tin tham", "gia", "=Tham"} <= set(reading.whole())


def test_what_tells_values_apart_is_chosen_before_what_is_frequent() -> None:
    taught = [
        Lesson(Counter(["và", "của", word]), (value,), f"{value}{at}")
        for value, word in (("y_te", "thuốc"), ("giao_duc", "trường"))
        for at in range(5)
    ]
    model = train(taught, Method(features=2))
    assert set(model.vocabulary.columns) == {"thuốc", "trường"}


def test_scores() -> None:
    truth = [("a",), ("a", "b"), ("b",), ("c",)]
    given = [("a",), ("a",), ("a",), ("c",)]
    assert f1_by_value(truth, given) == {"a": 0.8, "b": 0.0, "c": 1.0}
    assert macro_f1(truth, given) == pytest.approx(0.6)
    assert calibration_error([0.9, 0.9], [True, False]) == pytest.approx(0.4)
    assert calibration_error([0.5, 0.5], [True, False]) == 0.0
