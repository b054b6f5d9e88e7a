"""Crawl a large world through all processes, and see whether the memory of any of them grows.

    python -m bench.soak                        20,000 articles, SQLite
    python -m bench.soak --articles 2000 --store postgresql

Every process is asked for its resident memory every two seconds. For each kind of process: how many
there were, and the median of the largest one's memory in the first and in the last quarter of the
time for which there was one; of Redis, what it holds beside the stream of events, which grows until
it keeps its 100,000. Exit code 1 if a kind grew by more than a quarter, or if anything was lost or
doubled.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from bench.fault_trial import Trial
from bench.faults import STORES, own_articles, store_url
from bench.replicas import replicas
from config.settings import Settings
from demo.content import PORTALS
from workers.broker import connect
from workers.relay import STREAM

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bench.fault_trial import Result

SAMPLE_SECONDS = 2.0
PATIENCE = 1_800.0  # seconds
GROWN = 1.25  # last quarter by first: caches fill and heaps fragment, a leak does not stop there
MB = 1_000_000
REDIS = "Redis"
# What the command line of a process says, its name, and the name of what it forks.
KINDS = (
    ("crawler.nursery", "nursery", "crawl process"),
    ("workers.worker crawl", "crawl worker", "crawl worker"),
    ("workers.worker ingest", "ingest worker", "ingest process"),
    ("workers.clock", "clock", "clock"),
    ("redis-server", REDIS, REDIS),
)


@dataclass(frozen=True, slots=True)
class Sample:
    """The resident memory of one process, in bytes, at a moment of the monotonic clock."""

    at: float
    kind: str
    pid: int
    rss: int


@dataclass
class Soak:
    """No fault at all: it only looks, as often as it is asked to strike.

    ``events`` stand in Redis's stream and take ``stream`` bytes, as it was seen last.
    """

    name: str = "none (soak)"
    blows: int = 0
    samples: list[Sample] = field(default_factory=list)
    events: int = 0
    stream: int = 0
    _next: float = 0.0

    def begin(self, trial: Trial) -> None:
        """Walk every listing to its end: an incremental run reads 500 of its pages at most."""
        trial.kind = "backfill"

    def step(self, trial: Trial) -> None:
        """Take a sample if it is time."""
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + SAMPLE_SECONDS
            with connect(trial.stack.settings.broker, timeout=30.0) as client:
                self.events, self.stream = client.xlen(STREAM), client.memory_usage(STREAM) or 0
            self.samples += _look(time.monotonic(), self.stream)

    def end(self, trial: Trial) -> None:
        """Nothing is left of it."""


def _look(at: float, stream: int) -> Iterator[Sample]:
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            kind = _kind(process)
            if kind:
                aside = stream if kind == REDIS else 0
                yield Sample(at, kind, process.pid, process.memory_info().rss - aside)


def _kind(process: psutil.Process) -> str:
    """Name a process by its command line and by how many of its parents have the same."""
    line = process.cmdline()
    for words, first, forked in KINDS:
        if words in " ".join(line):
            parent = process.parent()
            if parent is None or parent.cmdline() != line:
                return first
            grandparent = parent.parent()
            deep = grandparent is not None and grandparent.cmdline() == line
            return "cleaning process" if deep and forked == "crawl process" else forked
    return ""


def table(samples: Sequence[Sample]) -> tuple[list[str], bool]:
    """Give a line for each kind of process, and whether none of them grew."""
    lines = [
        f"{'process':18} {'seen':>5} {'first quarter':>14} {'last':>8} {'ratio':>6} {'most':>8}"
    ]
    flat = True
    for kind in sorted({one.kind for one in samples}):
        own = [one for one in samples if one.kind == kind]
        began, ended = own[0].at, own[-1].at
        first = _level([one for one in own if one.at <= began + (ended - began) / 4])
        last = _level([one for one in own if one.at >= ended - (ended - began) / 4])
        most = max(one.rss for one in own)
        flat = flat and last <= first * GROWN
        pids = len({one.pid for one in own})
        lines.append(
            f"{kind:18} {pids:5} {first / MB:11.0f} MB {last / MB:5.0f} MB {last / first:6.2f} "
            f"{most / MB:5.0f} MB"
        )
    return lines, flat


def _level(samples: Sequence[Sample]) -> float:
    """Give the median over time of the largest process."""
    largest: dict[float, int] = {}
    for one in samples:
        largest[one.at] = max(one.rss, largest.get(one.at, 0))
    return statistics.median(largest.values())


def soak(articles: int, store: str) -> tuple[Result, Soak]:
    """Crawl about so many articles; give how it ended and what was seen on the way."""
    further = max(articles - own_articles(), 0) // len(PORTALS)
    with (
        replicas(further) as sites,
        tempfile.TemporaryDirectory() as folder,
        store_url(store) as url,
    ):
        watch = Soak()
        settings = Settings(data=Path(folder), store=url)
        return Trial(settings, sites, further).run(watch, PATIENCE), watch


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the soak and print its table."""
    assert __doc__ is not None
    parser = argparse.ArgumentParser(
        prog="python -m bench.soak",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--store", choices=STORES, default="sqlite")
    options = parser.parse_args(arguments)
    result, seen = soak(options.articles, options.store)
    lines, flat = table(seen.samples)
    print(*lines, sep="\n")
    print(f"aside: Redis's stream of {seen.events} events, {seen.stream / MB:.1f} MB")
    print(
        f"{result.wanted} articles in {result.seconds:.0f} s: {result.lost} lost,"
        f" {result.doubled} doubled, ended by itself: {'yes' if result.ended else 'NO'}"
    )
    return 0 if flat and result.ended and not (result.lost or result.doubled) else 1


if __name__ == "__main__":
    sys.exit(main())
