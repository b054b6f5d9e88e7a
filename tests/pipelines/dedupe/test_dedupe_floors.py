"""Quality floors on generated copies, and the benchmark's own answers."""

from __future__ import annotations

import gzip
import json
import tomllib
from pathlib import Path

import pytest

from bench.dedupe import Arriving, Bench, generate, main, measure
from bench.dedupe_copies import COPIES
from bench.dedupe_methods import METHODS, MinHashBands, RensaBands, SimHash3

FLOORS = tomllib.loads(Path(__file__).with_name("floors.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", FLOORS)
def test_floors(name: str) -> None:
    floors = FLOORS[name]
    for seed in floors["seeds"]:
        bench = generate(
            seed, floors["stored"], floors["each"], floors["texts"], chrome=floors["chrome"]
        )
        score = measure(METHODS["gomtin"](), bench)
        assert score.precision >= floors["precision"]
        assert score.recall >= floors["recall"]
        kinds = floors["kinds"]
        assert not {kind for kind, share in score.kinds.items() if share < kinds.get(kind, 1.0)}
        assert set(COPIES) < set(score.kinds)


def test_a_set_in_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = generate(4, 40, 2)
    index, queries = tmp_path / "index.jsonl.gz", tmp_path / "queries.jsonl"
    with gzip.open(index, "wt", encoding="utf-8") as file:
        file.writelines(
            json.dumps({"id": key, "text": text}) + "\n" for key, text in made.index.items()
        )
    queries.write_text(
        "".join(
            json.dumps({"id": at, "kind": q.kind, "gold": q.gold, "of": q.of, "text": q.text})
            + "\n"
            for at, q in enumerate(made.queries)
        ),
        encoding="utf-8",
    )
    assert main(["--index", str(index), "--queries", str(queries), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert set(printed) == {"precision", "recall", "kinds"}
    assert printed["precision"] == 1.0
    assert printed["kinds"]["exact"] == 1.0


class Answers:
    """A method that always says the same."""

    def __init__(self, answer: str | None) -> None:
        self.answer = answer

    def add(self, key: str, text: str) -> None:
        """Remember nothing."""

    def find(self, text: str) -> str | None:
        return self.answer if text else None


STORED = {"a": "Bài thứ nhất", "copy": "bài thứ nhất!", "b": "Bài thứ hai"}


@pytest.mark.parametrize(
    ("gold", "of", "itself", "answer", "precision", "recall", "share"),
    [
        ("dup", "a", None, "a", 1.0, 1.0, 1.0),
        ("dup", "a", None, "copy", 1.0, 1.0, 1.0),
        ("dup", "a", None, "b", 0.0, 0.0, 0.0),
        ("dup", "a", None, None, 1.0, 0.0, 0.0),
        ("new", "a", None, None, 1.0, 0.0, 1.0),
        ("new", "a", None, "a", 0.0, 0.0, 0.0),
        ("related", "a", "b", "b", 1.0, 0.0, 1.0),
        ("new", None, None, None, 1.0, 0.0, 1.0),
    ],
)
def test_how_answers_are_judged(
    gold: str,
    of: str | None,
    itself: str | None,
    answer: str | None,
    precision: float,
    recall: float,
    share: float,
) -> None:
    bench = Bench(STORED, (Arriving("kind", gold, of, itself, "Bài thứ nhất"),))
    score = measure(Answers(answer), bench)
    assert (score.precision, score.recall, score.kinds["kind"]) == (precision, recall, share)


@pytest.mark.parametrize("peer", [MinHashBands, RensaBands, SimHash3])
def test_peers_find_what_they_were_given(peer: type[MinHashBands | RensaBands | SimHash3]) -> None:
    made = generate(5, 20, 2).index
    articles = {key: text for key, text in made.items() if key.startswith("a")}
    method = peer()
    for key, text in articles.items():
        method.add(key, text)
    assert [method.find(text) for text in articles.values()] == list(articles)
    assert method.find("một dòng chữ chẳng liên quan gì đến những bài đã lưu") is None
