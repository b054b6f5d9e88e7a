"""Measure cleaning: quality and CPU of our two paths, trafilatura and its peers, page by page.

    python -m bench.clean                 the pages recorded in tests/portals
    python -m bench.clean --pages DIR     pairs of NAME.html and NAME.json: url, title, published,
                                          authors, body, captions; kind "none" is no article
    python -m bench.clean --looks HALF    our own pages in the looks of content systems that have no
                                          family: "tuned", or "held", which is kept out of tuning

Peers come with `pip install -e .[bench]` (magic-html from its own repository); the missing are
named. CPU time is the least of several rounds over all pages; between rounds what was kept of a
menu's links is forgotten.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import lxml.html

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # run as a file, from anywhere

from bench.clean_looks import HALVES, articles
from bench.clean_methods import METHODS, installed_peers
from crawler.families import FAMILIES
from crawler.registry import find_portal, portal_ids
from pipelines.clean import tree
from pipelines.clean.detect import detect_family
from pipelines.clean.entities import split_dateline
from pipelines.clean.text import fold_key
from pipelines.records import Page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bench.clean_methods import Extract, Method
    from pipelines.clean.rules import PageRules

RECORDED = Path(__file__).resolve().parents[1] / "tests" / "portals"


@dataclass(frozen=True, slots=True)
class Sample:
    """A page, the rules of its family, and what it holds; ``body`` is empty for no article."""

    page: Page
    rules: PageRules | None
    body: tuple[str, ...] = ()
    title: str = ""
    day: str | None = None
    author: str | None = None
    captions: tuple[tuple[str, str], ...] = ()


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


def recorded() -> list[Sample]:
    """Read the recorded pages of every portal in the repository."""
    return [
        _recorded(portal_id, row)
        for portal_id in portal_ids()
        for row in json.loads((RECORDED / portal_id / "pages.json").read_text(encoding="utf-8"))
    ]


def _recorded(portal_id: str, row: dict[str, Any]) -> Sample:
    listed = row.get("listed_at")
    page = Page(
        url=row["url"],
        body=(RECORDED / portal_id / row["file"]).read_bytes(),
        fetched_at=datetime.fromisoformat(row["fetched_at"]),
        portal=portal_id,
        encoding="utf-8",
        listed_at=datetime.fromisoformat(listed) if listed else None,
        listed_from=row.get("listed_from", ""),
    )
    rules, article = find_portal(portal_id).rules, row["article"]
    if article is None:
        return Sample(page, rules)
    return Sample(
        page,
        rules,
        body=tuple(article["body"]),
        title=article["title"],
        day=(article["published_at"] or "")[:10] or None,
        author=article["author"],
        captions=tuple((one["image"] or "", one["text"]) for one in article["captions"]),
    )


def from_folder(folder: Path) -> list[Sample]:
    """Read pairs of a page and what it holds; the family is found out from the page."""
    samples = []
    for path in sorted(folder.glob("*.json")):
        row = json.loads(path.read_text(encoding="utf-8"))
        body = path.with_suffix(".html").read_bytes()
        page = Page(row["url"], body, datetime.now(UTC))
        name = detect_family(page)
        captions = ((one["src"], one["text"]) for one in row["captions"] if one["text"])
        samples.append(
            Sample(
                page,
                FAMILIES[name].rules if name else None,
                body=tuple(row["body"]),
                title=row["title"] or "",
                day=(row["published"] or "")[:10] or None,
                author=next(iter(row["authors"]), None),
                captions=tuple(captions),
            )
        )
    return samples


def from_looks(half: str) -> list[Sample]:
    """Make the pages of a half of the looks; they have no family."""
    return [
        Sample(
            one.page,
            None,
            body=one.text.paragraphs,
            title=one.text.title,
            day=f"{one.published:%Y-%m-%d}",
            author=one.text.author or None,
            captions=one.captions,
        )
        for one in articles(half)
    ]


def measure(method: Method, samples: Sequence[Sample]) -> Score:
    """Run a method over all samples and score what it gives."""
    found = [(sample, method(sample.page, sample.rules)) for sample in samples]
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
        pairs=_count(_pair(pair) in map(_pair, p) for s, p in paired for pair in s.captions),
    )


def _count(right: Iterable[bool]) -> int | None:
    answers = list(right)
    return sum(answers) if answers else None


def _key(text: str) -> str:
    return fold_key(split_dateline(text)[1]).replace(" | ", " ")  # cells, however they are joined


def _name(author: object) -> str:
    return fold_key(str(author or "").partition(" (")[0])


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


def table(samples: Sequence[Sample], rounds: int) -> None:
    """Print quality and speed of every method, the bare lxml parse as the measure of speed."""
    parse = cpu(lambda sample: lxml.html.fromstring(sample.page.body), samples, rounds)
    articles = sum(bool(sample.body) for sample in samples)
    pairs = sum(len(sample.captions) for sample in samples)
    print(
        f"{articles} articles, {len(samples) - articles} other pages, {pairs} captions; CPU a page"
    )
    if strange := sum(sample.rules is None for sample in samples):
        print(f"{strange} are of no known family: there the family path is the generic one")
    print(f"{'':22} {'F1':>5} lost foreign refused title day author pairs     ms  x parse")
    print(f"{'bare lxml parse':67} {parse:6.2f} {1:8.1f}")
    peers, missing = installed_peers()
    for name, method in (METHODS | peers).items():
        score = measure(method, samples)
        spent = cpu(lambda s, run=method: run(s.page, s.rules), samples, rounds)  # type: ignore[misc]  # a default binds the method
        counts = (score.titles, score.days, score.authors, score.pairs)
        shown = ["-" if count is None else str(count) for count in counts]
        print(
            f"{name:22} {score.f1:5.3f} {score.lost:4} {score.foreign:7} {score.refused:7}"
            f" {shown[0]:>5} {shown[1]:>3} {shown[2]:>6} {shown[3]:>5}"
            f" {spent:6.2f} {spent / parse:8.1f}"
        )
    if missing:
        print("not installed:", ", ".join(missing))


def main() -> None:
    """Read the command line and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pages", type=Path, help="folder of NAME.html with NAME.json")
    parser.add_argument("--looks", choices=HALVES, help="our own pages of no family")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    if options.looks:
        samples = from_looks(options.looks)
    else:
        samples = from_folder(options.pages) if options.pages else recorded()
    table(samples, options.rounds)


if __name__ == "__main__":
    main()
