"""gomtin and a plain Scrapy spider crawl the same replicas, one after the other; both are judged.

Both are commands that start cold and end when the last article is kept; the CPU of all their
processes counts, that of the replicas' server does not.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bench.large_world import LargeWorld
from bench.metered import measure
from bench.replicas import replicas
from config.settings import PREFIX
from crawler.registry import find_portal
from demo.expected import expected
from pipelines.store.engine import open_store
from pipelines.store.finding import ArticleQuery, search

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bench.metered import Cost

PEER = Path(__file__).with_name("peer_spider.py")
EVERY = 1_000_000

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """One record that a crawler kept as an article; ``story`` names the group of its copies."""

    portal: str
    url: str
    title: str
    story: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What a crawler kept, and what it cost.

    ``right`` articles of ``wanted`` are held; ``twice`` are further records of one that is held,
    ``no_articles`` records of pages that are none; ``titles`` are held with the title that the
    editors gave, ``copies`` are known to tell what another one tells (of ``copies_wanted``).
    """

    wall: float
    cpu: float
    wanted: int
    right: int
    twice: int
    no_articles: int
    titles: int
    copies: int
    copies_wanted: int

    @property
    def articles_per_second(self) -> float:
        """Give the right articles a second of wall time."""
        return self.right / self.wall

    @property
    def cpu_ms(self) -> float:
        """Give the milliseconds of CPU a right article."""
        return self.cpu * 1000 / max(self.right, 1)


@dataclass(frozen=True, slots=True)
class Match:
    """Both crawlers on replicas with ``further`` articles more on each portal."""

    further: int
    gomtin: Result
    peer: Result


def compare(portals: Sequence[str], further: int) -> Match:
    """Let both crawl the replicas of ``portals``, each into a fresh folder."""
    judged = Judge(portals, further)
    with TemporaryDirectory(prefix="gomtin-bench-") as folder:
        with replicas(further) as sites:
            asked = {name: sites[name] for name in portals}
            peer = judged(*run_peer(asked, Path(folder)))
        with replicas(further) as sites:
            asked = {name: sites[name] for name in portals}
            gomtin = judged(*run_gomtin(asked, Path(folder) / "data"))
    return Match(further, gomtin, peer)


def run_gomtin(sites: Mapping[str, str], folder: Path) -> tuple[Cost, list[Kept]]:
    """Crawl all sites by the command line into the fresh data folder ``folder``."""
    bases = [text for portal, url in sites.items() for text in ("--base-url", f"{portal}={url}")]
    command = ["-m", "cli.main", "crawl", *sites, *bases, "--delay", "0", "--json"]
    cost = measure([sys.executable, *command], clean_env(GOMTIN_DATA=str(folder)))
    store = open_store(f"sqlite:///{folder / 'gomtin.sqlite3'}")
    with store.read() as conn:
        found = search(conn, ArticleQuery(limit=EVERY))
    store.close()
    kept = [Kept(one.draft.portal, one.draft.url, one.draft.title, one.story_id) for one in found]
    return cost, kept


def run_peer(sites: Mapping[str, str], folder: Path) -> tuple[Cost, list[Kept]]:
    """Crawl all sites with the peer's spider into a JSON lines file."""
    given, out = folder / "sites.json", folder / "peer.jsonl"
    given.write_text(json.dumps(dict(sites)), "utf-8")
    command = ["-m", "scrapy", "runspider", str(PEER), "-a", f"sites={given}", "-O", str(out)]
    cost = measure([sys.executable, *command], clean_env())
    ports = {urlsplit(url).port: portal for portal, url in sites.items()}
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    kept = [Kept(ports[urlsplit(row["url"]).port], row["url"], row["title"] or "") for row in rows]
    return cost, kept


def clean_env(**further: str) -> dict[str, str]:
    """Give this process's environment without the settings of another archive."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return kept | further


class Judge:
    """Compares what was kept with what the replicas hold, each ``further`` articles more."""

    def __init__(self, portals: Sequence[str], further: int) -> None:
        self._titles: dict[Key, str] = {}
        self._copies: dict[Key, Key] = {}
        held = expected(LargeWorld(further))
        asked = [held[name] for name in portals]
        addresses = {
            one.url: _key(portal.id, one.url) for portal in asked for one in portal.articles
        }
        for portal in asked:
            for one in portal.articles:
                key = addresses[one.url]
                self._titles[key] = one.title
                if one.copy_of in addresses:
                    self._copies[key] = addresses[one.copy_of]

    def __call__(self, cost: Cost, kept: Iterable[Kept]) -> Result:
        """Count what is right and what is not."""
        twice = no_articles = 0
        held: dict[Key, Kept] = {}
        for one in kept:
            key = _key(one.portal, one.url)
            no_articles += key not in self._titles
            twice += key in held
            if key in self._titles:
                held.setdefault(key, one)
        pairs = [(held.get(copy), held.get(of)) for copy, of in self._copies.items()]
        return Result(
            wall=cost.wall,
            cpu=cost.cpu,
            wanted=len(self._titles),
            right=len(held),
            twice=twice,
            no_articles=no_articles,
            titles=sum(one.title == self._titles[key] for key, one in held.items()),
            copies=sum(_tell_the_same(copy, of) for copy, of in pairs),
            copies_wanted=len(pairs),
        )


def _key(portal: str, url: str) -> Key:
    return portal, find_portal(portal).document_key(url)


def _tell_the_same(one: Kept | None, other: Kept | None) -> bool:
    return one is not None and other is not None and one.story == other.story is not None
