"""Measure the export of a large archive: the peak memory and the CPU of the whole command.

    python -m bench.export --articles 1000000
    python -m bench.export --articles 1000000 --store postgresql --folder kept

The archive holds short generated articles of about 60 words. ``gomtin articles`` exports the newest
10,000, 100,000 and all of them in each format; the peer streams a plain SELECT of the same rows, in
the same order, to JSON lines. Every export is a process of its own; a PostgreSQL server's memory
and CPU do not count. In a folder that is kept, an archive is filled once.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sqlalchemy import select

from bench.search import archive
from bench.search_world import World, keep, name_portals
from pipelines.store.articles import count_articles
from pipelines.store.engine import open_store
from pipelines.store.schema import NEWEST_REVISION, articles, revisions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.store.engine import Store

SIZES = (10_000, 100_000)
FORMATS = ("jsonl", "csv", "parquet")
PART = 1_000
STEP = 100_000
RUNS = 14
"""Runs of words in an article's body, beside its title."""
GLANCE = 0.02
"""Seconds from one look at a process's peak memory, which only grows, to the next."""


def fill(store: Store, count: int) -> None:
    """Store short articles until there are so many."""
    world = World()
    name_portals(store)
    with store.read() as conn:
        done = count_articles(conn)
    for start in range(done, count, PART):
        ids = range(start + 1, min(start + PART, count) + 1)
        drafts = [world.draft(n, RUNS, 2) for n in ids]
        with store.begin() as conn:
            keep(conn, ids, drafts, world.rng)
        if (start + PART) % STEP == 0:
            print(f"{start + PART} articles", file=sys.stderr)


def run(command: Sequence[str], url: str) -> tuple[float, float]:
    """Run a command; give its peak memory in MB and its CPU seconds."""
    env = os.environ | {"GOMTIN_STORE": url}
    child = subprocess.Popen([sys.executable, "-m", *command], env=env, stderr=subprocess.DEVNULL)
    peak = 0
    while True:
        pid, status, used = os.wait4(child.pid, os.WNOHANG)
        if pid:
            child.returncode = os.waitstatus_to_exitcode(status)
            assert child.returncode == 0, command
            return peak / 1024, used.ru_utime + used.ru_stime
        for line in Path(f"/proc/{child.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                peak = int(line.split()[1])
        time.sleep(GLANCE)


def write_plainly(url: str, limit: int, output: Path) -> None:
    """Stream a plain SELECT to JSON lines: the peer."""
    newest = (articles.c.dated_at.desc(), articles.c.id.desc())
    query = select(articles.c.id, revisions.c.draft).join(revisions, NEWEST_REVISION)
    store = open_store(url)
    with store.read() as conn, output.open("w", encoding="utf-8") as file:
        query = query.order_by(*newest).limit(limit)
        for number, draft in conn.execute(query, execution_options={"yield_per": PART}):
            file.write(json.dumps(draft | {"id": number}, ensure_ascii=False) + "\n")
    store.close()


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--store", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--sizes", type=int, nargs="+", help="how many to export")
    parser.add_argument("--formats", nargs="+", default=[*FORMATS, "peer"])
    parser.add_argument("--folder", type=Path, help="keep the archive here, and use it again")
    parser.add_argument(
        "--peer-of", metavar="URL", help="be the peer: write --articles to --folder"
    )
    given = parser.parse_args(arguments)
    if given.peer_of:
        write_plainly(given.peer_of, given.articles, given.folder)
        return 0
    with archive(given.store, given.folder) as (store, _), TemporaryDirectory() as scratch:
        fill(store, given.articles)
        url = store.engine.url.render_as_string(hide_password=False)
        store.close()
        sizes = given.sizes or [one for one in SIZES if one < given.articles] + [given.articles]
        print(f"{'':10} {'articles':>10} {'peak MB':>8} {'CPU s':>8} {'articles/CPU s':>15}")
        for form in given.formats:
            for size in sizes:
                output = Path(scratch) / "exported"
                command = ["cli.main", "articles", "--format", form, "--limit", str(size)]
                command += ["--output", str(output)]
                if form == "peer":
                    command = ["bench.export", "--peer-of", url, "--articles", str(size)]
                    command += ["--folder", str(output)]
                peak, cpu = run(command, url)
                output.unlink()
                print(f"{form:10} {size:10} {peak:8.0f} {cpu:8.1f} {size / cpu:15,.0f}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
