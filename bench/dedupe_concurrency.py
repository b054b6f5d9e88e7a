"""Count the stories that processes make of the same texts at the same moment.

    python bench/dedupe_concurrency.py --store sqlite
    python bench/dedupe_concurrency.py --store postgresql --workers 4 --arrivals 2000

Every worker brings its own version of every text, in the same order and in batches, so that they
meet as often as they can. Right is one story a text, and no draft that failed.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # run as a file, from anywhere

from bench.dedupe_articles import COMMUNES
from bench.dedupe_copies import Editor
from bench.dedupe_filler import NOW
from bench.dedupe_growth import draft_of, fresh_archive, to_inbox
from pipelines.dedupe.normal import content_hash
from pipelines.ingest import ingest
from pipelines.store.engine import open_store
from pipelines.store.schema import articles

if TYPE_CHECKING:
    from collections.abc import Sequence
    from multiprocessing.queues import Queue
    from multiprocessing.synchronize import Barrier

    from pipelines.records import Draft
    from pipelines.store.engine import Store

BATCH = 20
VERSIONS = (Editor.exact, Editor.caption, Editor.byline, Editor.headline)
"""How the workers' versions of a text differ, in turn."""


def versions(workers: int, arrivals: int) -> list[list[Draft]]:
    """Make each worker's versions of the same texts."""
    rng = random.Random(4)
    editor = Editor(rng, COMMUNES)
    texts = [COMMUNES.story(rng) for _ in range(arrivals)]
    return [
        [
            draft_of(VERSIONS[worker % len(VERSIONS)](editor, one), f"portal-{worker}", n)
            for n, one in enumerate(texts)
        ]
        for worker in range(workers)
    ]


def work(url: str, ids: Sequence[int], begin: Barrier, done: Queue[tuple[int, float]]) -> None:
    """Ingest the batches of one worker; tell how many drafts failed, and the CPU seconds."""
    store = open_store(url)
    begin.wait(60)
    failed, cpu = 0, time.process_time()
    for at in range(0, len(ids), BATCH):
        part = ids[at : at + BATCH]
        failed += len(ingest(store, part, now=NOW, lease_seconds=600, max_attempts=3).failed)
    done.put((failed, time.process_time() - cpu))
    store.close()


def race(store: Store, brought: Sequence[Sequence[Draft]]) -> tuple[int, float]:
    """Let a process for each worker ingest its drafts; give the failures and all CPU seconds."""
    url = store.engine.url.render_as_string(hide_password=False)
    ids = [to_inbox(store, drafts) for drafts in brought]
    store.close()  # its connections do not follow into other processes
    spawn = multiprocessing.get_context("spawn")
    begin, done = spawn.Barrier(len(ids)), spawn.Queue()
    workers = [spawn.Process(target=work, args=(url, own, begin, done)) for own in ids]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    broken = [one.exitcode for one in workers if one.exitcode]
    if broken:
        raise SystemExit(f"{len(broken)} workers ended with an error, shown above")
    told = [done.get() for _ in workers]
    return sum(failed for failed, _ in told), sum(cpu for _, cpu in told)


def stories(store: Store) -> dict[str, Counter[int]]:
    """Give for every text how many of its versions stand in which story."""
    found: defaultdict[str, Counter[int]] = defaultdict(Counter)
    with store.read() as conn:
        for key, story_id in conn.execute(select(articles.c.document_key, articles.c.story_id)):
            found[key][story_id] += 1
    return found


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark; 1 where a text stands in two stories, or a draft failed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--store", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--arrivals", type=int, default=2000, help="of each worker")
    given = parser.parse_args(arguments)
    brought = versions(given.workers, given.arrivals)
    words = len({content_hash(one.title, one.body) for drafts in brought for one in drafts})
    with fresh_archive(given.store) as store:
        begun = time.perf_counter()
        failed, cpu = race(store, brought)
        wall, found = time.perf_counter() - begun, stories(store)
    stored = sum(one.total() for one in found.values())
    double = sum(len(one) > 1 for one in found.values())
    distinct = len({story_id for one in found.values() for story_id in one})
    print(
        f"{given.store}: {given.workers} workers x {given.arrivals} arrivals, {words} wordings of "
        f"{len(found)} texts\n"
        f"{stored} articles in {distinct} stories; texts in two stories {double}, failed {failed}\n"
        f"{wall:.0f} s, {cpu:.0f} s of the workers' CPU"
    )
    whole = stored == given.workers * given.arrivals and distinct == given.arrivals
    return 0 if whole and not double and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
