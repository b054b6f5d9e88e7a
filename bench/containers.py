"""Crawl the demo portals with several containers a role, kill some in mid-run, restart all.

    python -m bench.containers              needs a Docker engine and docker compose; 3 minutes
    python -m bench.containers --crawl 3 --ingest 2 --keep

The portals are crawled on their first day with one crawl and one ingest container killed in
mid-run, and on their second day while all workers are restarted. The archive must then hold what
one process makes of the same two days (python -m demo.main). Exit code 1 if it does not.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[1]
PROJECT = "gomtin-bench"
EXPECTED = {"articles": 64, "stories": 57, "revised": 1, "dead_letters": 0, "inbox": 0}

PATIENCE = 300.0
FIRST_PORT = 8001  # as bench/containers.yml has it
# what runs inside a container; the look prints one line of JSON
START = f"""
from datetime import UTC, datetime
from config.settings import load_settings
from demo.cms import SITES
from pipelines.store.engine import open_store
from pipelines.store.runs import RunParams, create_run
with open_store(load_settings().store_url).begin() as conn:
    for port, site in enumerate(SITES, {FIRST_PORT}):
        params = RunParams(base_url=f"http://127.0.0.1:{{port}}/", delay=0.4)
        create_run(conn, site.id, "incremental", params, datetime.now(UTC))
"""
LOOK = """
import json
from sqlalchemy import func, select
from config.settings import load_settings
from pipelines.store import schema as s
from pipelines.store.engine import open_store
with open_store(load_settings().store_url).read() as conn:
    def count(table, *where):
        return conn.execute(select(func.count()).select_from(table).where(*where)).scalar_one()
    runs = dict(conn.execute(select(s.runs.c.state, func.count()).group_by(s.runs.c.state)).all())
    owners = conn.execute(select(s.runs.c.owner).where(s.runs.c.state == "running")).scalars()
    print(json.dumps({
        "runs": runs, "owners": list(owners), "articles": count(s.articles),
        "stories": count(s.stories), "revised": count(s.articles, s.articles.c.revision > 1),
        "dead_letters": count(s.dead_letters), "inbox": count(s.inbox),
        "unrelayed": count(s.outbox, s.outbox.c.relayed_at.is_(None)),
        "stored": count(s.outbox, s.outbox.c.type == "article.stored"),
    }))
"""


class Fleet:
    """The containers of one project."""

    def __init__(self) -> None:
        tool = ["docker-compose"] if shutil.which("docker-compose") else ["docker", "compose"]
        files = ["-f", "docker-compose.yml", "-f", "bench/containers.yml"]
        self._compose = [*tool, "-p", PROJECT, *files]

    def compose(self, *arguments: str) -> str:
        """Run a compose command; give what it prints, or end with what it says."""
        return _run([*self._compose, *arguments])

    def docker(self, *arguments: str, send: str = "") -> str:
        """Run a docker command; give what it prints, or end with what it says."""
        return _run(["docker", *arguments], send).strip()

    def start_runs(self) -> None:
        """Queue a run of each replica portal."""
        self._inside("console", START)

    def look(self) -> dict[str, Any]:
        """Give what the archive holds."""
        seen: dict[str, Any] = json.loads(self._inside("console", LOOK))
        return seen

    def _inside(self, service: str, program: str) -> str:
        """Run a program in a container of the service; give what it prints."""
        return self.docker("exec", "-i", self.containers(service)[0], "python", "-", send=program)

    def containers(self, service: str) -> list[str]:
        """Give the ids of a service's containers."""
        return self.compose("ps", "-q", service).split()

    def crawling(self, owners: list[str]) -> str:
        """Give the crawl container that one of these owners of runs lives in."""
        hosts = {owner.partition(":")[0] for owner in owners}
        crawls = self.containers("crawl")
        return next(one for one in crawls if self.docker("exec", one, "hostname") in hosts)


def _run(command: list[str], send: str = "") -> str:
    ended = subprocess.run(
        command, cwd=ROOT, input=send, capture_output=True, text=True, check=False,
        env=os.environ | {"GOMTIN_PORT": "18080"},
    )  # fmt: skip
    if ended.returncode:
        raise SystemExit(f"{' '.join(command)}: {ended.stderr[-2_000:]}")
    return ended.stdout


def say(text: str) -> None:
    """Print a line at once."""
    print(f"{time.strftime('%T')} {text}", flush=True)


def until(fleet: Fleet, what: str, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Look until ``wanted`` is true of the archive; give the last look."""
    limit = time.monotonic() + PATIENCE
    while True:
        seen = fleet.look()
        if wanted(seen):
            return seen
        if time.monotonic() > limit:
            raise SystemExit(f"{what} did not come within {PATIENCE:g} s: {seen}")
        time.sleep(0.5)


def is_over(seen: dict[str, Any]) -> bool:
    """Tell whether every run has ended, every draft is ingested and every event relayed."""
    return set(seen["runs"]) == {"done"} and not seen["inbox"] and not seen["unrelayed"]


def crawl_twice(fleet: Fleet, scales: list[str]) -> dict[str, Any]:
    """Crawl both days through kills and restarts; give what the archive holds."""
    fleet.start_runs()
    seen = until(
        fleet, "ten articles", lambda seen: seen["articles"] >= 10 and bool(seen["owners"])
    )
    for container in (fleet.crawling(seen["owners"]), fleet.containers("ingest")[0]):
        fleet.docker("kill", container)  # the engine leaves it down
    say(f"killed a crawl and an ingest container, {seen['articles']} articles being stored")
    seen = until(fleet, "the end of day 1", is_over)
    say(f"day 1: {seen['articles']} articles, {seen['stories']} stories")
    fleet.compose("up", "-d", "--no-recreate", *scales)
    for container in fleet.containers("crawl"):
        fleet.docker("exec", container, "sh", "-c", "echo 2 >/data/day")
    fleet.compose("restart", "crawl")
    fleet.start_runs()
    until(fleet, "the second day's crawls", lambda seen: bool(seen["owners"]))
    fleet.compose("restart", "scheduler", "crawl", "ingest")
    say("restarted scheduler, crawl and ingest in mid-run")
    return until(fleet, "the end of day 2", is_over)


def main() -> int:
    """Bring the containers up, crawl, compare, and take them down."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--crawl", type=int, default=2, help="crawl containers")
    parser.add_argument("--ingest", type=int, default=4, help="ingest containers")
    parser.add_argument("--keep", action="store_true", help="leave the containers running")
    parser.add_argument("--built", action="store_true", help="take the image as it is")
    given = parser.parse_args()
    fleet = Fleet()
    if not given.built:
        fleet.compose("build")
    scales = [f"--scale=crawl={given.crawl}", f"--scale=ingest={given.ingest}"]
    try:
        fleet.compose("up", "-d", *scales)
        say(f"up: {given.crawl} crawl and {given.ingest} ingest containers")
        found = crawl_twice(fleet, scales)
    finally:
        if not given.keep:
            fleet.compose("down", "-v")
    wrong = {name: found[name] for name, wanted in EXPECTED.items() if found[name] != wanted}
    say(f"{found} {'NOT as one process' if wrong else 'as one process makes it'}")
    return 1 if wrong or found["stored"] != found["articles"] else 0


if __name__ == "__main__":
    sys.exit(main())
