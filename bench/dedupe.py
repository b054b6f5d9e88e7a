"""Measure near-duplicate recognition: quality by kind of copy, speed and memory, beside peers.

    python bench/dedupe.py                                  own texts, generated
    python bench/dedupe.py --texts heldout --stored 10000 [--chrome]   texts never tuned on
    python bench/dedupe.py --index F --queries F [--json]   JSON lines, .gz or plain
    python bench/dedupe.py --store sqlite --articles 1000000 [--keep FOLDER]   growth up to there

Index lines are {id, text}; query lines {id, kind, gold, of, text}, where gold "dup" and "excerpt"
have to join the stored document ``of``, "new" and "related" none. An optional ``self`` names the
stored document that the query is word for word.
"""

from __future__ import annotations

import argparse
import gzip
import json
import multiprocessing
import sys
import time
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # run as a file, from anywhere

from bench import dedupe_growth as growth
from bench.dedupe_copies import NEWSROOMS, sample
from bench.dedupe_methods import METHODS, Method, lines
from pipelines.dedupe.normal import content_hash

if TYPE_CHECKING:
    from collections.abc import Sequence

JOINING = frozenset({"dup", "excerpt"})
SIZES = (10_000, 100_000)
"""Archives on the way to the largest one."""


@dataclass(frozen=True, slots=True)
class Arriving:
    """A query: what it is made of, and what it has to join."""

    kind: str
    gold: str
    of: str | None
    itself: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Bench:
    """Stored texts by id, and arriving ones."""

    index: dict[str, str]
    queries: tuple[Arriving, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """Quality, documents per second of CPU (adding; asking) and bytes per stored document.

    ``precision``: right joins of all joins; ``recall``: right joins of the queries that have to
    join; ``kinds``: share of each kind's queries that were answered right.
    """

    precision: float
    recall: float
    kinds: dict[str, float]
    added: float
    asked: float
    memory: float


def read_files(index: Path, queries: Path) -> Bench:
    """Read a set from two files of JSON lines."""
    stored = {row["id"]: row["text"] for row in rows(index)}
    arriving = [
        Arriving(row["kind"], row["gold"], row.get("of"), row.get("self"), row["text"])
        for row in rows(queries)
    ]
    return Bench(stored, tuple(arriving))


def rows(path: Path) -> list[dict[str, Any]]:
    """Read a file of JSON lines, plain or .gz."""
    words = path.read_bytes()
    text = gzip.decompress(words) if path.suffix == ".gz" else words
    return [json.loads(line) for line in text.decode().split("\n") if line]


def generate(
    seed: int, stored: int, each: int, texts: str = "tuned", *, chrome: bool = False
) -> Bench:
    """Make a set of our own texts, of one of NEWSROOMS; ``chrome``: with pages around them."""
    made = sample(seed, stored, each, NEWSROOMS[texts], chrome=chrome)
    return Bench(
        {key: one.text for key, one in made.index.items()},
        tuple(Arriving(q.kind, q.gold, q.of, None, q.article.text) for q in made.queries),
    )


def measure(method: Method, bench: Bench) -> Score:
    """Store all, ask all, and judge the answers."""
    before, start = psutil.Process().memory_info().rss, time.process_time()
    for key, text in bench.index.items():
        method.add(key, text)
    stored = time.process_time()
    memory = (psutil.Process().memory_info().rss - before) / max(len(bench.index), 1)
    answers = [method.find(one.text) for one in bench.queries]
    asked = time.process_time()
    precision, recall, kinds = judge(bench, answers)
    return Score(
        precision=precision,
        recall=recall,
        kinds=kinds,
        added=len(bench.index) / max(stored - start, 1e-9),
        asked=len(bench.queries) / max(asked - stored, 1e-9),
        memory=memory,
    )


def judge(bench: Bench, answers: Sequence[str | None]) -> tuple[float, float, dict[str, float]]:
    """Return precision, recall and the share of right answers of each kind."""
    judged = [
        (one, found is not None, _is_right(one, found, bench.index))
        for one, found in zip(bench.queries, answers, strict=True)
    ]
    joins = [right for _, joined, right in judged if joined]
    wanted = [right for one, _, right in judged if one.gold in JOINING]
    by_kind: dict[str, list[bool]] = defaultdict(list)
    for one, _, right in judged:
        by_kind[one.kind].append(right)
    return (
        sum(joins) / len(joins) if joins else 1.0,
        sum(wanted) / max(len(wanted), 1),
        {kind: sum(rights) / len(rights) for kind, rights in sorted(by_kind.items())},
    )


def _is_right(one: Arriving, found: str | None, index: dict[str, str]) -> bool:
    """Judge an answer: ``of`` or a stored copy of it, or the very document that is asked for."""
    if found is not None and found == one.itself:
        return True
    if one.gold not in JOINING or one.of is None or found is None:
        return (found is None) == (one.gold not in JOINING)
    return found == one.of or _hash(index[found]) == _hash(index[one.of])


def _hash(text: str) -> str:
    return content_hash("", lines(text).body)


def _measure_alone(name: str, bench: Bench) -> Score:
    return measure(METHODS[name](), bench)


def table(bench: Bench) -> str:
    """Measure every method in a process of its own, and lay the results side by side."""
    laid = [
        f"{len(bench.index)} stored, {len(bench.queries)} arriving",
        f"{'method':36} {'precision':>9} {'recall':>7} {'add/s':>7} {'ask/s':>7} {'B/doc':>7}",
    ]
    scores: dict[str, Score] = {}
    for name in METHODS:
        spawn = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(1, mp_context=spawn) as alone:
            scores[name] = one = alone.submit(_measure_alone, name, bench).result()
        laid.append(
            f"{name:36} {one.precision:9.4f} {one.recall:7.4f} {one.added:7.0f} {one.asked:7.0f} "
            f"{one.memory:7.0f}"
        )
    own, *peers = scores.values()
    laid.append(f"gomtin adds {own.added / peers[0].added:.1f} times as fast as {[*scores][1]}")
    laid.append("")
    laid += [
        f"{kind:12} " + " ".join(f"{score.kinds[kind]:7.3f}" for score in scores.values())
        for kind in own.kinds
    ]
    return "\n".join(laid)


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--index", type=Path, help="stored documents, JSON lines")
    parser.add_argument("--queries", type=Path, help="arriving documents, JSON lines")
    parser.add_argument("--json", action="store_true", help="gomtin's figures alone, as JSON")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--stored", type=int, default=2000, help="generated documents")
    parser.add_argument("--each", type=int, default=100, help="generated queries of each kind")
    parser.add_argument("--texts", choices=NEWSROOMS, default="tuned", help="which texts to make")
    parser.add_argument("--chrome", action="store_true", help="leave the page around each text")
    parser.add_argument("--store", choices=("sqlite", "postgresql"), help="measure growth in it")
    parser.add_argument("--articles", type=int, default=100_000, help="largest archive")
    keep = "keep the archive in this folder, grow on the one that is there, measure the largest"
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help=keep)
    given = parser.parse_args(arguments)
    if given.store:
        sizes = [size for size in SIZES if size < given.articles and not given.keep]
        growth.table(given.store, [*sizes, given.articles], given.keep)
        return 0
    if (given.index is None) != (given.queries is None):
        parser.error("--index and --queries belong together")
    if given.index is not None:
        bench = read_files(given.index, given.queries)
    else:
        bench = generate(given.seed, given.stored, given.each, given.texts, chrome=given.chrome)
    if given.json:
        score = measure(METHODS["gomtin"](), bench)
        kinds = {kind: round(share, 4) for kind, share in score.kinds.items()}
        figures = {"precision": round(score.precision, 5), "recall": round(score.recall, 5)}
        print(json.dumps({**figures, "kinds": kinds}))
    else:
        print(table(bench))
    return 0


if __name__ == "__main__":
    sys.exit(main())
