"""Group the articles into stories anew, by today's rules, and show or store what comes out so.

Articles are taken in the order in which they came, each against those before it: what ingest would
have decided had it had today's rules. An interrupted --apply goes on after the last article that
it has stored; what is shown alone begins anew.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, select, update

from pipelines.dedupe.index import MemoryIndex, match, needed_hits, shortlist
from pipelines.dedupe.sketch import VERSION, fingerprint
from pipelines.dedupe.verify import Text
from pipelines.placing import Overlay
from pipelines.store import archive, lookups, rows
from pipelines.store.dialect import insert
from pipelines.store.engine import ingest_lock
from pipelines.store.outbox import emit_all
from pipelines.store.schema import articles, progress, related, revisions, stories, story_members

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from pipelines.dedupe.index import Match
    from pipelines.dedupe.sketch import Fingerprint
    from pipelines.store.engine import Store

TASK = "dedupe.rebuild"
PART = 50
"""Articles of one transaction: ingest waits for it, about 0.1 s."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an article stands; ``story_id`` None: in a story of its own that is not made yet."""

    story_id: int | None
    kind: str
    matched_id: int | None


@dataclass(frozen=True, slots=True)
class Move:
    """An article that today's rules place otherwise."""

    article_id: int
    title: str
    before: Place
    after: Place

    def to_json(self) -> dict[str, Any]:
        """Give it as plain JSON values."""
        places = {"before": self.before, "after": self.after}
        return {"article": self.article_id, "title": self.title} | {
            name: {"story": one.story_id, "kind": one.kind, "matched": one.matched_id}
            for name, one in places.items()
        }


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """One part of the way: articles read so far, the last one's id, and those that move."""

    read: int
    last_id: int
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """What today's rules say of one article."""

    row: Row[Any]
    fingerprint: Fingerprint
    place: Place
    similarity: float
    matched: str
    related: tuple[int, float, str] | None

    @property
    def before(self) -> Place:
        """Give where the article stands by the rules of its day."""
        return Place(self.row.story_id, self.row.kind, self.row.matched_id)


def rebuild(store: Store, *, apply: bool, now: datetime) -> Iterator[Rebuilt]:
    """Yield the parts of the archive as they are compared; ``apply`` also stores each of them."""
    moved: dict[int, int | None] = {}
    last, read = _reached(store) if apply else 0, 0
    while True:
        with store.begin() if apply else store.read() as conn:
            if apply:
                ingest_lock(conn)
            query = _QUERY.where(articles.c.id > last).limit(PART)
            part: list[Row[Any]] = [*conn.execute(query)]
            if not part:
                break
            compared = _Part(conn, part, moved, now if apply else None)
            found = compared.all()
            last, read = part[-1].id, read + len(part)
            if apply:
                _write(conn, found, now)
                _remember(conn, last)
        moves = [Move(one.row.id, one.row.draft["title"], one.before, one.place) for one in found]
        yield Rebuilt(read, last, tuple(one for one in moves if one.before != one.after))
    if apply:
        with store.begin() as conn:
            conn.execute(delete(progress).where(progress.c.task == TASK))


class _Part:
    """Some articles in a row, each compared with all that came before it."""

    def __init__(
        self,
        conn: Connection,
        part: Sequence[Row[Any]],
        moved: dict[int, int | None],
        now: datetime | None,
    ) -> None:
        """Read the part; ``now`` None: nothing is written.

        ``moved`` is the new story of every earlier article that has one; it is added to.
        """
        self.conn = conn
        self.part = part
        self.moved = moved
        self.now = now
        self.prints = [fingerprint(row.draft["title"], row.draft["body"]) for row in part]
        self.texts: dict[int, Text] = {}
        self.stories: dict[int, int] = {}

    def all(self) -> list[_Found]:
        """Place them in order."""
        if self.now is not None:
            _sketch_again(self.conn, zip(self.part, self.prints, strict=True))
        same = lookups.articles_by_hash(self.conn, {one.content_hash for one in self.prints})
        asked = [(one.hashes if one.substantial else (), needed_hits(one)) for one in self.prints]
        hits = [
            dict(shortlist(one, ((n, count) for n, count in found.items() if n < row.id)))
            for row, one, found in zip(
                self.part, self.prints, lookups.sketch_hits(self.conn, asked), strict=True
            )
        ]
        wanted = {n for one in hits for n in one} | {n for ids in same.values() for n, _ in ids}
        self.texts = lookups.texts_of(self.conn, {n for one in hits for n in one})
        self.stories = lookups.stories_of(self.conn, wanted)
        return [
            self._one(row, one, [n for n, _ in same.get(one.content_hash, ()) if n < row.id], found)
            for row, one, found in zip(self.part, self.prints, hits, strict=True)
        ]

    def _one(
        self, row: Row[Any], one: Fingerprint, same: Sequence[int], hits: Mapping[int, int]
    ) -> _Found:
        found = _Found(row, one, Place(None, "original", None), 1.0, "", None)
        if one.substantial and same:
            place = Place(self._story(same[0]), "identical", same[0])
            found = replace(found, place=place, matched="content_hash")
        elif one.substantial:
            text = Text(row.draft["title"], tuple(row.draft["body"]))
            found = self._near(found, match(one, text, Overlay(hits, MemoryIndex()), self._load))
        if found.place.matched_id is None:
            story_id = row.story_id if row.matched_id is None else self._begin()
            found = replace(found, place=replace(found.place, story_id=story_id))
        if found.place.story_id != row.story_id:
            self.moved[row.id] = found.place.story_id
        self.stories[row.id] = row.story_id
        return found

    def _near(self, found: _Found, best: Match | None) -> _Found:
        if best is None:
            return found
        verdict = best.verdict
        if not verdict.joins:
            return replace(found, related=(best.article_id, verdict.similarity, verdict.reason))
        place = Place(self._story(best.article_id), verdict.kind, best.article_id)
        return replace(found, place=place, similarity=verdict.similarity, matched="near")

    def _story(self, article_id: int) -> int | None:
        """Give an earlier article's story, where it has been moved to."""
        if article_id in self.moved:
            return self.moved[article_id]
        return self.stories[article_id]

    def _begin(self) -> int | None:
        if self.now is None:
            return None
        values = {"size": 1, "created_at": self.now, "updated_at": self.now}
        made = insert(self.conn, stories).values(values).returning(stories.c.id)
        return int(self.conn.execute(made).scalar_one())

    def _load(self, ids: Sequence[int]) -> Mapping[int, Text]:
        return {one: self.texts[one] for one in ids if one in self.texts}


def _sketch_again(conn: Connection, pairs: Iterable[tuple[Row[Any], Fingerprint]]) -> None:
    """Put sketches that today's rules make otherwise in the old ones' place."""
    for row, one in pairs:
        sketch = rows.sketch_of(one)
        if (sketch, one.content_hash) == (row.sketch, row.content_hash):
            continue
        values = {"sketch": sketch, "sketch_version": VERSION, "content_hash": one.content_hash}
        conn.execute(update(articles).where(articles.c.id == row.id).values(values))
        archive.drop_sketch(conn, row.id, row.sketch)
        archive.insert_sketches(conn, [(row.id, one)])


def _write(conn: Connection, found: Sequence[_Found], now: datetime) -> None:
    """Move the articles that stand otherwise, and tell of those whose story has changed."""
    touched: set[int] = set()
    told: list[tuple[str, dict[str, Any]]] = []
    for one in found:
        article_id, place = one.row.id, one.place
        conn.execute(delete(related).where(related.c.article_id == article_id))
        if one.related is not None:
            conn.execute(related.insert().values((article_id, *one.related)))
        if one.before == place:
            continue
        member = {"story_id": place.story_id, "kind": place.kind, "matched_id": place.matched_id}
        how = {"similarity": one.similarity, "matched": one.matched}
        mine = story_members.c.article_id == article_id
        conn.execute(update(story_members).where(mine).values(**member, **how))
        own = articles.c.id == article_id
        conn.execute(update(articles).where(own).values(story_id=place.story_id))
        assert place.story_id is not None
        touched |= {one.row.story_id, place.story_id}
        event = {"article_id": article_id, "story_id": place.story_id, "kind": place.kind}
        told.append(("story.changed", event | {"left": one.row.story_id}))
    archive.refresh_stories(conn, touched, now)
    empty = and_(stories.c.id.in_(touched), stories.c.size == 0)
    conn.execute(delete(stories).where(empty))
    emit_all(conn, told, now)


def _reached(store: Store) -> int:
    """Give the last article that an interrupted run has stored; 0 if none was interrupted."""
    with store.read() as conn:
        query = select(progress.c.position).where(progress.c.task == TASK)
        return conn.execute(query).scalar() or 0


def _remember(conn: Connection, last: int) -> None:
    same = {"position": last}
    statement = insert(conn, progress).values(task=TASK, **same)
    conn.execute(statement.on_conflict_do_update(index_elements=["task"], set_=same))


_CURRENT = and_(revisions.c.article_id == articles.c.id, revisions.c.number == articles.c.revision)
_QUERY = (
    select(
        *(articles.c[name] for name in ("id", "story_id", "sketch", "content_hash")),
        *(story_members.c[name] for name in ("kind", "matched_id")),
        revisions.c.draft,
    )
    .join(revisions, _CURRENT)
    .join(story_members, story_members.c.article_id == articles.c.id)
    .order_by(articles.c.id)
)
