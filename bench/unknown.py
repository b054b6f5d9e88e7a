"""Crawl whole portals of systems that nobody has tuned for, and compare the archive with the truth.

    python -m bench.unknown                     all looks, half by half
    python -m bench.unknown --half tuned --wrong      names what differs, too

Each look (bench/strangers) is served on loopback and crawled twice with `gomtin crawl --url`, two
days apart by the archive's clock, so that the second visit reads its articles again; counters and
ids of visits have moved by then. The held looks are kept out of tuning.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from sqlalchemy import select, update

from bench.strangers import held, tuned
from pipelines.store.articles import read_articles
from pipelines.store.engine import open_store
from pipelines.store.schema import articles, pages, revisions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.strangers.look import Portal, Told
    from pipelines.records import Draft

ROOT = Path(__file__).parents[1]
HALVES = {"tuned": tuned.LOOKS, "held": held.LOOKS}
COLUMNS = (
    "there", "found", "twice", "no article", "title", "text", "lost", "foreign", "date",
    "author", "images", "captions", "files", "revised",
)  # fmt: skip


def served(portal: Portal) -> ThreadingHTTPServer:
    """Serve a portal on a free port of loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = portal.answer(unquote(self.path))
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.kind)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    portal.pages.setdefault("/robots.txt", "User-agent: *\nDisallow: /admin/\n")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    return server


def measure(portal: Portal) -> tuple[Counter[str], list[str]]:
    """Crawl a portal twice; count what is right, and name what is not."""
    server = served(portal)
    with tempfile.TemporaryDirectory() as folder:
        url = f"http://127.0.0.1:{server.server_port}/"
        _crawl(url, folder)
        store = open_store(f"sqlite:///{folder}/gomtin.sqlite3")
        with store.begin() as conn:
            past = datetime.now(UTC) - timedelta(days=2)
            conn.execute(update(pages).values(checked_at=past))
            conn.execute(update(articles).values(dated_at=past))
        _crawl(url, folder)
        with store.read() as conn:
            numbers = list(conn.scalars(select(articles.c.id)))
            drafts = [one.draft for one in read_articles(conn, numbers)]
            revised = len(list(conn.scalars(select(revisions.c.article_id)))) - len(numbers)
        store.close()
    server.shutdown()
    server.server_close()
    return compare(portal, drafts, revised)


def _crawl(url: str, folder: str) -> None:
    command = [sys.executable, "-m", "cli.main", "crawl", "--url", url, "--delay", "0"]
    env = os.environ | {"GOMTIN_DATA": folder}
    run = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    if run.returncode:
        print(run.stdout, run.stderr, file=sys.stderr)


def compare(portal: Portal, drafts: list[Draft], revised: int) -> tuple[Counter[str], list[str]]:
    """Count, by the names of ``COLUMNS``, what the archive has right of a portal."""
    counts = Counter(there=len(portal.told), revised=revised)
    wrong = [f"revised {revised} times"] if revised else []
    known = {path: one for one in portal.told for path in one.paths}
    stored: dict[Told, Draft] = {}
    for draft in drafts:
        parts = urlsplit(draft.url)
        path = unquote(parts.path) + (f"?{unquote(parts.query)}" if parts.query else "")
        truth = known.get(portal.plain(path))
        if truth is None:
            wrong.append(f"no article: {path} {draft.title!r}")
            counts["no article"] += 1
        elif truth in stored:
            wrong.append(f"twice: {path}")
            counts["twice"] += 1
        else:
            stored[truth] = draft
    counts["found"] = len(stored)
    wrong += [f"not found: {one.title!r}" for one in portal.told if one not in stored]
    for truth, draft in stored.items():
        for name, right, said in _fields(truth, draft):
            counts[name] += right
            if not right:
                wrong.append(f"{name} of {truth.title[:40]!r}: {said}")
        foreign, lost = _beyond(draft.body, truth.body), _beyond(truth.body, draft.body)
        counts.update(lost=len(lost), foreign=len(foreign))
        wrong += [f"lost: {line!r}" for line in lost] + [f"foreign: {line!r}" for line in foreign]
    return counts, wrong


def _fields(truth: Told, draft: Draft) -> Iterator[tuple[str, bool, str]]:
    """Give each field's name, whether it is right, and what stands there in its place."""
    date = truth.published_at, truth.precision
    at = draft.published_at.replace(second=0) if draft.published_at else None
    given = at, draft.published_precision
    images = tuple(url.rpartition("/")[2] for url in draft.images)
    captions = tuple(one.text for one in draft.captions)
    files = tuple(one.url.rpartition("/")[2] for one in draft.attachments)
    yield "title", draft.title == truth.title, repr(draft.title)
    yield "text", draft.body == truth.body, f"{len(draft.body)} of {len(truth.body)} lines"
    yield "date", given == date, f"{given[0]} {given[1]} {draft.published_from}"
    yield "author", draft.author == truth.author, f"{draft.author!r} for {truth.author!r}"
    yield "images", images == truth.images, f"{images} for {truth.images}"
    yield "captions", captions == truth.captions, f"{captions} for {truth.captions}"
    yield "files", files == truth.files, f"{files} for {truth.files}"


def _beyond(these: tuple[str, ...], those: tuple[str, ...]) -> list[str]:
    return list((Counter(these) - Counter(those)).elements())


def main() -> None:
    """Read the command line and print a table for each half."""
    parser = argparse.ArgumentParser(prog="python -m bench.unknown", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--half", choices=HALVES)
    parser.add_argument("--look", help="part of the name of the looks to crawl")
    parser.add_argument("--wrong", action="store_true", help="name what differs from the truth")
    given = parser.parse_args()
    print(" | ".join(("half", "look", *COLUMNS)))
    for half in [given.half] if given.half else HALVES:
        total: Counter[str] = Counter()
        for look in HALVES[half]:
            portal = look()
            if given.look and given.look not in portal.name:
                continue
            counts, wrong = measure(portal)
            total += counts
            print(_row(half, portal.name, counts))
            for line in wrong if given.wrong else ():
                print(f"    {line}")
        print(_row(half, "all", total), flush=True)


def _row(half: str, name: str, counts: Counter[str]) -> str:
    return " | ".join((half, name, *(str(counts[column]) for column in COLUMNS)))


if __name__ == "__main__":
    main()
