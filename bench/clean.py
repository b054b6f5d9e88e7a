"""Measure cleaning: quality and CPU of our two paths, trafilatura and its peers, page by page.

    python -m bench.clean                 the pages recorded in tests/portals
    python -m bench.clean --pages DIR     pairs of NAME.html and NAME.json: url, title, published,
                                          authors, body, captions; kind "none" is no article
    python -m bench.clean --looks HALF    our own pages in the looks of content systems that have no
                                          family: "tuned", or "held", which is kept out of tuning
    python -m bench.clean --site P T      the articles of a recorded site: gzipped JSON lines of
                                          pages, and of what the editors entered

Peers come with `pip install -e .[bench]` (magic-html needs Python 3.12); the missing are named.
CPU time is the least of several rounds over all pages; between rounds what was kept of a menu's
links is forgotten. A floor of clean_floors.toml that the family path misses is named, exit code 1.
"""

from __future__ import annotations

import argparse
import gc
import logging
import sys
import time
import tomllib
from collections import Counter
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import lxml.html

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # run as a file, from anywhere

from bench.clean_frame import framed
from bench.clean_looks import HALVES
from bench.clean_methods import METHODS, installed_peers
from bench.clean_samples import from_folder, from_looks, from_site, recorded
from pipelines.clean import tree
from pipelines.clean.entities import split_dateline
from pipelines.clean.text import fold_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from bench.clean_methods import Extract, Method
    from bench.clean_samples import Sample

FLOORS = tomllib.loads(Path(__file__).with_name("clean_floors.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Score:
    """Quality over all samples; counts of fields are None where a method gives no fields.

    ``f1`` is the mean over the articles by words, captions and title neither asked nor punished;
    ``lost`` are paragraphs missing, ``foreign`` lines that are none of the article's.
    """

    f1: float
    lost: int
    foreign: int
    refused: int
    titles: int | None
    days: int | None
    authors: int | None
    pairs: int | None


def measure(method: Method, samples: Sequence[Sample]) -> Score:
    """Run a method over all samples and score what it gives."""
    found = [(sample, _extracted(method, sample)) for sample in samples]
    articles = [(sample, extract) for sample, extract in found if sample.body]
    fields = [(s, extract.fields) for s, extract in articles if extract.fields is not None]
    paired = [(s, extract.pairs) for s, extract in articles if extract.pairs is not None]
    return Score(
        f1=sum(_f1(*one) for one in articles) / len(articles),
        lost=sum(_lost(*one) for one in articles),
        foreign=sum(_foreign(*one) for one in articles),
        refused=sum(not extract.lines for sample, extract in found if not sample.body),
        titles=_count(_key(s.title) == _key(str(f["title"])) for s, f in fields),
        days=_count(
            s.day == (str(f["day"]) if f["day"] else None) for s, f in fields if "day" in f
        ),
        authors=_count(_name(s.author) == _name(f["author"]) for s, f in fields if "author" in f),
        pairs=_count(_held(pair, p) for s, p in paired for pair in s.captions),
    )


def _extracted(method: Method, sample: Sample) -> Extract:
    return method(sample.page, sample.rules)


def _count(right: Iterable[bool]) -> int | None:
    answers = list(right)
    return sum(answers) if answers else None


def _key(text: str) -> str:
    return fold_key(split_dateline(text)[1]).replace(" | ", " ")  # cells, however they are joined


def _name(author: object) -> str:
    return fold_key(str(author or "").partition(" (")[0])


def _held(wanted: tuple[str, str], pairs: Iterable[tuple[str, str]]) -> bool:
    """Tell whether a caption was found with its picture, where it is known which that is."""
    found = {_pair(pair) for pair in pairs}
    return _pair(wanted) in found or (not wanted[0] and _key(wanted[1]) in {t for _, t in found})


def _pair(pair: tuple[str, str]) -> tuple[str, str]:
    image, text = pair
    return image.rpartition("/")[2].partition("?")[0], _key(text)


def _words(lines: Iterable[str]) -> Counter[str]:
    return Counter(word for line in lines for word in _key(line).split())


def _f1(sample: Sample, extract: Extract) -> float:
    wanted, got = _words(sample.body), _words(extract.lines)
    allowed = wanted + _words([sample.title, *(text for _, text in sample.captions)])
    precision = sum((got & allowed).values()) / max(1, got.total())
    recall = sum((got & wanted).values()) / wanted.total()
    return 2 * precision * recall / ((precision + recall) or 1)


def _lost(sample: Sample, extract: Extract) -> int:
    text = " ".join(map(_key, extract.lines))
    return sum(_key(line) not in text for line in sample.body)


def _foreign(sample: Sample, extract: Extract) -> int:
    own = " ".join(map(_key, [sample.title, *sample.body, *(text for _, text in sample.captions)]))
    return sum(_key(line) not in own for line in extract.lines)


def cpu(work: Callable[[Sample], object], samples: Sequence[Sample], rounds: int) -> float:
    """Give the CPU milliseconds a page, the least of several rounds for each page."""
    least = [float("inf")] * len(samples)
    for _ in range(rounds):
        tree.forget_links()
        gc.collect()
        for number, sample in enumerate(samples):
            started = time.process_time()
            work(sample)
            least[number] = min(least[number], time.process_time() - started)
    return sum(least) / len(least) * 1000


@dataclass(frozen=True, slots=True)
class Row:
    """A method's line in the table; ``ms`` is CPU a page, ``parses`` that of a bare lxml parse."""

    name: str
    score: Score
    ms: float
    parses: float

    def __str__(self) -> str:
        score = self.score
        counts = (score.titles, score.days, score.authors, score.pairs)
        shown = ["-" if count is None else str(count) for count in counts]
        return (
            f"{self.name:22} {score.f1:5.3f} {score.lost:4} {score.foreign:7} {score.refused:7}"
            f" {shown[0]:>5} {shown[1]:>3} {shown[2]:>6} {shown[3]:>5}"
            f" {self.ms:6.2f} {self.parses:8.1f}"
        )


def table(samples: Sequence[Sample], methods: Mapping[str, Method], rounds: int) -> list[Row]:
    """Print quality and speed of every method, the bare lxml parse as the measure of speed."""
    parse = cpu(lambda sample: lxml.html.fromstring(sample.page.body), samples, rounds)
    articles = sum(bool(sample.body) for sample in samples)
    pairs = sum(len(sample.captions) for sample in samples)
    size = sum(len(sample.page.body) for sample in samples) / len(samples) / 1000
    print(
        f"{articles} articles, {len(samples) - articles} other pages, {pairs} captions,"
        f" {size:.0f} kB a page"
    )
    if strange := sum(sample.rules is None for sample in samples):
        print(f"{strange} are of no known family: there the family path is the generic one")
    print(f"{'':22} {'F1':>5} lost foreign refused title day author pairs     ms  x parse")
    print(f"{'bare lxml parse':67} {parse:6.2f} {1:8.1f}")
    rows = []
    for name, method in methods.items():
        score = measure(method, samples)
        spent = cpu(partial(_extracted, method), samples, rounds)
        rows.append(Row(name, score, spent, spent / parse))
        print(rows[-1], flush=True)
    return rows


def missed(rows: Sequence[Row], floors: Mapping[str, float]) -> list[str]:
    """Name the floors of the family path that ``rows`` do not reach."""
    by_name = {row.name: row for row in rows}
    ours, peer = by_name["family path"], by_name["trafilatura"]
    reached = {
        "f1": ours.score.f1,
        "lost": -ours.score.lost,
        "foreign": -ours.score.foreign,
        "parses": -ours.parses,
        "times_trafilatura": peer.ms / ours.ms,
    }
    most = {"lost", "foreign", "parses"}  # the others are least
    return [
        f"{name} is {abs(reached[name]):.3g}, at {'most' if name in most else 'least'} {floor:g}"
        for name, floor in floors.items()
        if reached[name] < (-floor if name in most else floor)
    ]


def main() -> None:
    """Read the command line, print the tables, and fail where a floor is missed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pages", type=Path, help="folder of NAME.html with NAME.json")
    parser.add_argument("--looks", choices=HALVES, help="our own pages of no family")
    parser.add_argument("--site", type=Path, nargs=2, metavar=("PAGES", "TRUTH"))
    parser.add_argument("--most", type=int, default=60, help="articles of a site (default 60)")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--ours", action="store_true", help="no peers but trafilatura")
    options = parser.parse_args()
    logging.disable(logging.WARNING)  # extractors warn of every page that they cannot read
    peers, missing = ({}, []) if options.ours else installed_peers()
    methods = METHODS | peers
    short: list[str] = []
    if options.looks:
        table(from_looks(options.looks), methods, options.rounds)
    elif options.pages:
        table(from_folder(options.pages), methods, options.rounds)
    elif options.site:
        pages, truth = options.site
        rows = table(from_site(pages, truth, options.most), methods, options.rounds)
        short = missed(rows, FLOORS["site"])
    else:
        samples = recorded()
        short = missed(table(samples, methods, options.rounds), FLOORS["recorded"])
        print("\nthe same articles in a frame as large as a whole site's")
        whole = [replace(one, page=framed(one.page)) for one in samples if one.body]
        short += missed(table(whole, METHODS, options.rounds), FLOORS["framed"])
    if missing:
        print("not installed:", ", ".join(missing))
    if short:
        raise SystemExit("below the floor of bench/clean_floors.toml: " + "; ".join(short))


if __name__ == "__main__":
    main()
