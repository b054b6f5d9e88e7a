"""A large archive of generated articles for measuring search, and questions to ask it.

Texts are put together from runs of two to six words, as they stand in the project's own texts, and
from place names; how often each is used follows Zipf's law, as in real text. The runs are a list of
their own (bench/search_runs.txt), so that an archive is the same whatever becomes of those texts.
"""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.clean.gazetteer import gazetteer
from pipelines.clean.names import Named
from pipelines.codec import draft_to_json
from pipelines.records import Draft, Unit
from pipelines.search.entry import indexed
from pipelines.store import schema
from pipelines.store.articles import labels_of
from pipelines.store.portals import register_portal
from pipelines.store.search_rows import add_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy import Connection

    from pipelines.store.engine import Store

RUNS = Path(__file__).with_name("search_runs.txt")
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
YEARS = 8
PORTALS = [f"portal{n}" for n in range(40)]
TOPICS = [f"field{n % 4}/topic{n}" for n in range(20)]
KINDS = [f"kind{n}" for n in range(13)]
PART = 500
LONG = 4
"""Words of a long phrase."""
SPELT = (
    "UBND", "UBND tỉnh", "ủy ban nhân dân tỉnh", "TP", "thành phố", "kỹ thuật", "ky thuat", "quy",
    "quyết định UBND", "HĐND huyện", "nông thôn mới", "THPT",
)  # fmt: skip
"""Queries with words that are also written in other ways."""


@dataclass(frozen=True, slots=True)
class Question:
    """A query of one sort, with the filters that go with it."""

    sort: str
    query: str
    portal: str = ""
    topic: str = ""
    unit: str = ""
    years: int = 0


class World:
    """Makes articles and questions, the same ones for the same seed."""

    def __init__(self, seed: int = 11) -> None:
        self.rng = random.Random(seed)
        self.places = sorted(" ".join(word.title() for word in name.split()) for name in _places())
        self.rng.shuffle(self.places)
        lines = RUNS.read_text("utf-8").splitlines()
        self.runs = [line for line in lines if not line.startswith("#")]
        self._run_weights = list(itertools.accumulate(1 / (n + 8) for n in range(len(self.runs))))
        self._place_weights = list(
            itertools.accumulate(1 / (n + 20) for n in range(len(self.places)))
        )

    def words(self, runs: int) -> str:
        """Make running text of so many runs of words, one in seven a place's name."""
        found = self.rng.choices(self.runs, cum_weights=self._run_weights, k=runs)
        for at in range(self.rng.randrange(7), runs, 7):
            found[at] = self.place()
        return " ".join(found)

    def place(self) -> str:
        """Draw a place's name."""
        return self.rng.choices(self.places, cum_weights=self._place_weights)[0]

    def draft(self, n: int, size: int = 0, paragraphs: int = 8) -> Draft:
        """Make one article of about 500 syllables, or of ``size`` runs of words."""
        size = size or int(min(850, max(34, self.rng.lognormvariate(4.85, 0.5))))
        runs = max(7, size // paragraphs)
        body = tuple(self.words(runs) + "." for _ in range(paragraphs))
        url = f"https://archive.example/tin-{n}.html"
        portal = PORTALS[int(len(PORTALS) * self.rng.random() ** 2)]
        told = NOW - timedelta(minutes=int(YEARS * 525_600 * self.rng.random() ** 1.3))
        unit = Unit(f"xã {self.place()}", "xa", f"tỉnh {self.place()}")
        return Draft(
            url=url, canonical_url=url, portal=portal, family="generic", extractor="family",
            title=self.words(3).capitalize(), fetched_at=NOW, document_key=str(n), summary=body[0],
            body=body, published_at=told, units=(unit,),
        )  # fmt: skip

    def questions(self, each: int) -> Iterator[Question]:
        """Make questions: words and phrases of all frequencies, filters, with and without marks.

        They do not depend on how many articles were made before.
        """
        self.rng = random.Random(each)
        pairs = [" ".join(run.split()[:2]) for run in self.runs]
        long = [" ".join(words[:4]) for run in self.runs if len(words := run.split()) >= LONG]
        for n in range(each):
            common = self.rng.choice(pairs[:200])
            middle = self.rng.choice(pairs[200:2_000])
            rare = self.rng.choice(pairs[2_000:])
            yield Question("one word", self.rng.choice([common, middle, rare]).split()[0])
            yield Question("frequent words", common)
            yield Question("other words", self.rng.choice([middle, rare]))
            yield Question("four words", f"{common} {middle}")
            yield Question("phrase", f'"{self.rng.choice([common, middle, rare])}"')
            yield Question("long phrase", f'"{self.rng.choice(long)}"')
            yield Question("phrase by chance", f'"{common} {self.rng.choice(pairs[:200])}"')
            yield Question("place", self.place())
            yield Question("in a portal", common, portal=self.rng.choice(PORTALS))
            yield Question("of a topic", middle, topic=self.rng.choice(TOPICS))
            yield Question("naming a unit", common, unit=self.place())
            yield Question("a topic alone", "", topic=self.rng.choice(TOPICS))
            yield Question("a unit alone", "", unit=self.place())
            yield Question("of earlier years", common, years=self.rng.randint(1, YEARS - 1))
            yield Question("spelt in two ways", SPELT[n % len(SPELT)])


def fill(
    store: Store, world: World, count: int, clock: Callable[[], float]
) -> Iterator[tuple[int, float]]:
    """Store so many articles as ingest writes them, but for what deduplication keeps.

    Yield how many are stored, and how much of ``clock`` their tokens and the index took.
    """
    name_portals(store)
    spent = 0.0
    for start in range(0, count, PART):
        drafts = [world.draft(n) for n in range(start, min(start + PART, count))]
        ids = range(start + 1, start + len(drafts) + 1)
        begun = clock()
        words = [indexed(draft, "", Named()) for draft in drafts]
        spent += clock() - begun
        with store.begin() as conn:
            keep(conn, ids, drafts, world.rng)
            told = [draft.published_at or NOW for draft in drafts]
            begun = clock()
            add_words(conn, list(zip(ids, words, told, strict=True)), labels_of(conn, ids))
            spent += clock() - begun
        yield start + len(drafts), spent


def name_portals(store: Store) -> None:
    """Make the archive know the portals."""
    with store.begin() as conn:
        for portal in PORTALS:
            register_portal(conn, portal, NOW)


def keep(conn: Connection, ids: Sequence[int], drafts: Sequence[Draft], rng: random.Random) -> None:
    """Store articles under these ids, in stories of their own."""
    story = {"size": 1, "created_at": NOW, "updated_at": NOW}
    conn.execute(schema.stories.insert(), [{"id": n} | story for n in ids])
    rows = [_rows(n, draft, rng) for n, draft in zip(ids, drafts, strict=True)]
    for table, part in zip(_TABLES, zip(*rows, strict=True), strict=True):
        conn.execute(table.insert(), [one for few in part for one in few])


_TABLES = (schema.articles, schema.revisions, schema.story_members, schema.labels)


def _rows(number: int, draft: Draft, rng: random.Random) -> tuple[list[dict[str, object]], ...]:
    article = {
        "id": number, "portal": draft.portal, "document_key": draft.document_key,
        "canonical_url": draft.url, "title": draft.title, "published_at": draft.published_at,
        "published_precision": "minute", "dated_at": draft.published_at, "story_id": number,
        "revision": 1, "content_hash": str(number), "sketch": bytes(72), "sketch_version": 1,
        "counters": {}, "first_seen_at": NOW, "seen_at": NOW,
    }  # fmt: skip
    revision = {
        "article_id": number, "number": 1, "content_hash": str(number), "changed": [],
        "seen_at": NOW, "draft": draft_to_json(draft),
    }  # fmt: skip
    member = {
        "article_id": number, "story_id": number, "kind": "original", "similarity": 1.0,
        "matched": "", "joined_at": NOW,
    }  # fmt: skip
    label = {"article_id": number, "position": 0, "probability": 0.9, "how": "rule", "version": "1"}
    found = [
        label | {"axis": "topic", "value": rng.choice(TOPICS)},
        label | {"axis": "kind", "value": rng.choice(KINDS)},
    ]
    return [article], [revision], [member], found


def _places() -> list[str]:
    return [name for name in gazetteer().communes if not name[0].isdigit() and " " in name]
