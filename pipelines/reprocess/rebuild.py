"""Group the articles into stories anew, by today's rules, and show or store what comes out so.

Articles are taken in the order in which they came, each against those before it: what ingest would
have decided had it had today's rules. An interrupted rebuild goes on after the last part that it
has shown or stored.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, func, select, update

from pipelines.dedupe.sketch import VERSION, fingerprint
from pipelines.reprocess.rematch import compare, compare_all, standings
from pipelines.store import archive, lookups, rows
from pipelines.store.dialect import insert
from pipelines.store.engine import ingest_lock
from pipelines.store.kinship import kinds_of, write_kinds
from pipelines.store.outbox import Telling, emit_all
from pipelines.store.schema import (
    NEWEST_REVISION,
    articles,
    progress,
    related,
    revisions,
    stories,
    story_members,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

    from pipelines.reprocess.rematch import Compared, Span
    from pipelines.store.engine import Store
    from pipelines.store.kinship import Kin

TASKS = {False: "dedupe.show", True: "dedupe.rebuild"}
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


def rebuild(store: Store, *, apply: bool, now: datetime, workers: int = 1) -> Iterator[Rebuilt]:
    """Yield the parts of the archive as they are compared; ``apply`` also stores each of them.

    ``workers`` processes compare, this one decides and writes.
    """
    if apply:
        for _ in sketch_again(store):
            pass
    task, read = TASKS[apply], 0
    with store.read() as conn:
        reached, moved = _reached(conn, task)
        newest = conn.execute(select(func.max(articles.c.id))).scalar() or 0
    spans = ((at, min(at + PART, newest)) for at in range(reached, newest, PART))
    for span, found in compare_all(store, spans, workers):
        with store.begin() as conn:
            if apply:
                moves = _apply(conn, span, found, now)
            else:
                moves = [move for move, _ in _decide(conn, found, moved, None)]
                moves = _with_kinds(found, moves, kinds_of(conn, _in_span(span)))
            _remember(conn, task, span[1], moved)
        read += len(found)
        if found:
            yield Rebuilt(read, span[1], tuple(moves))
    with store.begin() as conn:
        conn.execute(delete(progress).where(progress.c.task == task))


def outdated(conn: Connection) -> int:
    """Count the articles whose sketch was made by older rules: only --apply compares them right."""
    query = select(func.count()).select_from(articles).where(_OUTDATED)
    return int(conn.execute(query).scalar_one())


def sketch_again(store: Store) -> Iterator[int]:
    """Make the sketches of older rules anew, and yield how many have been made.

    Nothing is compared before that by a rebuild that stores what it finds.
    """
    done = 0
    query = select(articles.c.id, articles.c.sketch, revisions.c.draft).join(
        revisions, NEWEST_REVISION
    )
    while True:
        with store.begin() as conn:
            ingest_lock(conn)
            part = conn.execute(query.where(_OUTDATED).limit(PART)).all()
            for row in part:
                one = fingerprint(row.draft["title"], row.draft["body"])
                values = {"sketch": rows.sketch_of(one), "content_hash": one.content_hash}
                same = articles.c.id == row.id
                conn.execute(update(articles).where(same).values(**values, sketch_version=VERSION))
                archive.drop_sketch(conn, row.id, row.sketch)
                archive.insert_sketches(conn, [(row.id, one)])
        if not part:
            return
        done += len(part)
        yield done


def _apply(conn: Connection, span: Span, found: Sequence[Compared], now: datetime) -> list[Move]:
    """Store what was compared; where ingest has changed an article since, compare once more."""
    ingest_lock(conn)
    if standings(conn, span) != [one.before for one in found]:
        found = compare(conn, span)
    decided = _decide(conn, found, {}, now)
    _link(conn, found)
    told, touched = _write(conn, decided, now)
    mine = kinds_of(conn, _in_span(span))
    moves = _with_kinds(found, [move for move, _ in decided], mine)
    kin = [*mine, *kinds_of(conn, story_members.c.story_id.in_(touched))]
    write_kinds(conn, kin)
    renamed = {one.article_id: one for one in kin if one.kind != one.was}
    emit_all(conn, [*told, *(one.to_event() for one in renamed.values())], now)
    return moves


def _in_span(span: Span) -> ColumnElement[bool]:
    mine = story_members.c.article_id
    return and_(mine > span[0], mine <= span[1])


def _with_kinds(found: Sequence[Compared], moves: Sequence[Move], kin: Sequence[Kin]) -> list[Move]:
    """Add those that stay in their story as something else; who leaves one changes it."""
    at = {move.article_id: move for move in moves}
    left = {place.story_id for move in moves for place in (move.before, move.after)}
    by_id = {one.before.article_id: one for one in found}
    for one in kin:
        if one.kind != one.was and one.article_id not in at and one.story_id not in left:
            before = by_id[one.article_id].before
            was = Place(before.story_id, before.kind, before.matched_id)
            title, after = by_id[one.article_id].title, replace(was, kind=one.kind)
            at[one.article_id] = Move(one.article_id, title, was, after)
    return [at[article_id] for article_id in sorted(at)]


def _decide(
    conn: Connection, found: Sequence[Compared], moved: dict[int, int | None], now: datetime | None
) -> list[tuple[Move, Compared]]:
    """Give those that stand otherwise; ``now`` None: nothing is made.

    ``moved`` is the new story of every earlier article that has one; it is added to.
    """
    held = lookups.stories_of(conn, {one.matched_id for one in found if one.matched_id})
    decided: list[tuple[Move, Compared]] = []
    for one in found:
        before = one.before
        story_id: int | None = before.story_id
        if one.matched_id is not None:
            story_id = moved.get(one.matched_id, held[one.matched_id])
        elif before.matched_id is not None:
            story_id = _begin(conn, now) if now is not None else None
        if story_id != before.story_id:
            moved[before.article_id] = story_id
        places = (
            Place(before.story_id, before.kind, before.matched_id),
            Place(story_id, one.kind, one.matched_id),
        )
        if (before.story_id, before.matched_id) != (story_id, one.matched_id):
            decided.append((Move(before.article_id, one.title, *places), one))
    return decided


def _begin(conn: Connection, now: datetime) -> int:
    values = {"size": 1, "created_at": now, "updated_at": now}
    made = insert(conn, stories).values(values).returning(stories.c.id)
    return int(conn.execute(made).scalar_one())


def _link(conn: Connection, found: Sequence[Compared]) -> None:
    """Put the links to what only resembles in the old ones' place."""
    ids = [one.before.article_id for one in found]
    conn.execute(delete(related).where(related.c.article_id.in_(ids)))
    links = [(one.before.article_id, *one.related) for one in found if one.related]
    if links:
        names = ("article_id", "other_id", "similarity", "reason")
        conn.execute(related.insert(), [dict(zip(names, one, strict=True)) for one in links])


def _write(
    conn: Connection, decided: Sequence[tuple[Move, Compared]], now: datetime
) -> tuple[list[Telling], set[int]]:
    """Move the articles that stand otherwise; give what is told of them, and stories touched."""
    touched: set[int] = set()
    told: list[Telling] = []
    for move, one in decided:
        article_id, place, left = move.article_id, move.after, one.before.story_id
        assert place.story_id is not None
        member = {"story_id": place.story_id, "kind": place.kind, "matched_id": place.matched_id}
        how = {"similarity": one.similarity, "matched": one.matched}
        mine = story_members.c.article_id == article_id
        conn.execute(update(story_members).where(mine).values(**member, **how))
        own = articles.c.id == article_id
        conn.execute(update(articles).where(own).values(story_id=place.story_id))
        touched |= {left, place.story_id}
        event = {"article_id": article_id, "story_id": place.story_id, "kind": place.kind}
        told.append(Telling("story.changed", event | {"left": left}))
    archive.refresh_stories(conn, touched, now)
    empty = and_(stories.c.id.in_(touched), stories.c.size == 0)
    conn.execute(delete(stories).where(empty))
    return told, touched


def _reached(conn: Connection, task: str) -> tuple[int, dict[int, int | None]]:
    """Give how far an interrupted run has come, and the stories that it has only shown so far."""
    query = select(progress.c.position, progress.c.state).where(progress.c.task == task)
    row = conn.execute(query).one_or_none()
    if row is None:
        return 0, {}
    return row.position, {int(n): story_id for n, story_id in row.state.items()}


def _remember(conn: Connection, task: str, last: int, moved: Mapping[int, int | None]) -> None:
    same = {"position": last, "state": dict(moved)}
    statement = insert(conn, progress).values(task=task, **same)
    conn.execute(statement.on_conflict_do_update(index_elements=["task"], set_=same))


_OUTDATED = articles.c.sketch_version != VERSION
