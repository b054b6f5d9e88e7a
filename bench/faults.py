"""Crawl while processes, Redis, PostgreSQL, the disk or the clock fail; count what was lost.

    python -m bench.faults                          every fault, 2,000 articles, 50 blows each
    python -m bench.faults --articles 300 --blows 5 --store sqlite     a short look
    python -m bench.faults --only "kill crawl" full      faults whose name holds these words

Lost: articles of the replicas that the archive does not have at the end. Doubled: further records
or events of one article. Repeated: events that stand in the stream twice, under one id, as "at
least once" allows. Ended: all runs came to an end by themselves, the inbox and the outbox are
empty. Exit code 1 if anything was lost, doubled or did not end.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bench import fault_kinds as kinds
from bench import fault_redis, postgres
from bench.fault_pressure import StoppedIngest
from bench.fault_slots import slots_trial
from bench.fault_trial import Trial
from bench.replicas import replicas
from config.settings import Settings
from demo.content import PORTALS, articles

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bench.fault_trial import Fault, Result

STORES = ("sqlite", "postgresql")
PATIENCE = 900.0  # seconds for one trial
HEAD = (
    f"{'fault':22} {'store':10} {'blows':>5} {'articles':>8} {'lost':>5} {'doubled':>7} "
    f"{'repeated':>8} {'dead':>4} {'ended':>5} {'s':>4}"
)


def faults(articles: int, blows: int, store: str) -> Iterator[Fault]:
    """Make the faults that can happen to a crawl with this store."""

    def blow(name: str, strike: kinds.Strike, total: int, *, fetching: bool = False) -> Fault:
        progress = Trial.fetched if fetching else Trial.stored
        return kinds.Blows(name, total, articles, strike, progress, paced=not fetching)

    yield blow("kill crawl process", kinds.kill_crawl, blows, fetching=True)
    yield blow("kill ingest worker", kinds.kill_ingest, blows)
    yield blow("kill clock (relay)", kinds.kill_clock, blows)
    yield blow("kill Redis", fault_redis.kill_redis, max(blows // 10, 1))
    yield blow("Redis emptied", fault_redis.empty_redis, max(blows // 10, 1))
    yield kinds.Span(
        "Redis full, 20 s", articles, 20.0, fault_redis.fill_redis, fault_redis.free_redis
    )
    yield fault_redis.AwayRedis(articles)
    if store == "postgresql":
        yield blow("PostgreSQL restarted", kinds.restart_postgres, max(blows // 10, 1))
    yield kinds.FullDisk(articles)
    yield kinds.JumpingClock(max(blows // 10, 2), articles)
    yield blow("messages three times", kinds.ring_thrice, max(blows // 5, 1), fetching=True)
    yield kinds.Poison()
    yield StoppedIngest()


@contextmanager
def store_url(store: str) -> Iterator[str]:
    """Give the address of an empty archive, "" for SQLite in the data folder."""
    if store == "sqlite":
        yield ""
        return
    folder = Path(tempfile.mkdtemp(prefix="gomtin-faults-"))
    folder.chmod(0o755)
    try:
        postgres.start(folder, postgres.QUICK | {"fsync": "on", "max_connections": "100"})
        yield f"postgresql+psycopg://postgres@/postgres?host={folder}"
    finally:
        postgres.stop(folder)


def row(result: Result) -> str:
    """Lay one result out."""
    ended = "yes" if result.ended else "NO"
    return (
        f"{result.fault:22} {result.store:10} {result.blows:5} {result.wanted:8} {result.lost:5} "
        f"{result.doubled:7} {result.repeats:8} {result.dead:4} {ended:>5} {result.seconds:4.0f}"
    )


def own_articles() -> int:
    """Count the articles that the replicas have of their own."""
    return sum(one.day == 1 for portal in PORTALS for one in articles(portal))


def trials(options: argparse.Namespace) -> Iterator[Result]:
    """Run the chosen trials one after the other, each on an empty archive."""
    own = own_articles()
    further = max(options.articles - own, 0) // len(PORTALS)
    with replicas(further) as sites:
        for store in options.store:
            for fault in faults(own + further * len(PORTALS), options.blows, store):
                if any(words in fault.name for words in options.only):
                    with ExitStack() as around:
                        folder = around.enter_context(tempfile.TemporaryDirectory())
                        url = around.enter_context(store_url(store))
                        settings = Settings(data=Path(folder), store=url, lease_seconds=10.0)
                        yield Trial(settings, sites, further).run(fault, PATIENCE)
    for store in options.store:
        if any(words in "kill scheduler" for words in options.only):
            with tempfile.TemporaryDirectory() as folder, store_url(store) as url:
                yield slots_trial(Settings(data=Path(folder), store=url), options.blows)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the trials and print a line for each as it ends."""
    assert __doc__ is not None
    parser = argparse.ArgumentParser(
        prog="python -m bench.faults",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--articles", type=int, default=2_000)
    parser.add_argument("--blows", type=int, default=50, help="kills of each kind of process")
    parser.add_argument("--store", nargs="+", choices=STORES, default=STORES)
    parser.add_argument("--only", nargs="+", default=[""], metavar="WORDS")
    parser.add_argument("--notes", action="store_true", help="print what the supervisor said")
    options = parser.parse_args(arguments)
    print(HEAD, flush=True)
    bad = 0
    for result in trials(options):
        print(row(result), flush=True)
        bad += bool(result.lost or result.doubled or not result.ended)
        for note in result.notes if options.notes else ():
            print(f"    {note}", flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
