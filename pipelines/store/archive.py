"""Write placed drafts: articles, revisions, stories, sketches, labels, events and outcomes.

One call writes one wave in the caller's transaction, with a fixed number of statements however
many new drafts it holds.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, select, text, update

from pipelines.dedupe.index import HOT
from pipelines.records import Outcome
from pipelines.store import rows, schema
from pipelines.store.articles import labels_of
from pipelines.store.dialect import is_sqlite, next_ids, unwaited
from pipelines.store.kinship import settle_kinds
from pipelines.store.lookups import draft_values
from pipelines.store.outbox import emit_all
from pipelines.store.pages import ask_for_copies, settle
from pipelines.store.reviews import PERSON
from pipelines.store.search_rows import add_words, drop_words

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Insert, Table

    from pipelines.arrival import Prepared
    from pipelines.dedupe.sketch import Fingerprint
    from pipelines.placing import Placed
    from pipelines.records import Label
    from pipelines.store.kinship import Kin

CROWD = 50
"""Members of a story under whose hashes it is found; later ones are not put into the index."""
# What a later fetch may lack without taking it from the article.
_LASTING = (("author",), ("published_at", "published_precision", "published_from"))


def write(conn: Connection, placed: Sequence[Placed], now: datetime) -> list[Placed]:
    """Store one wave, settle its outcomes and tell of it; give it back with its real ids."""
    new = _numbered(conn, [one for one in placed if one.origin is not None])
    again = [one for one in placed if one.origin is None]
    copies = [one for one in new if one.outcome is Outcome.COPY]
    revised = [one for one in again if one.outcome is Outcome.REVISED]
    crowded = _crowded(conn, {one.story_id for one in copies})
    for one in revised:
        _revise(conn, one, now)
    written = [*new, *again]
    with unwaited(conn):
        _insert_new(conn, new, crowded, now)
        _touch(conn, [one for one in again if one.outcome is Outcome.UNCHANGED])
        refresh_stories(conn, {one.story_id for one in (*copies, *revised)}, now)
        emit_all(conn, [event for one in written for event in rows.events_of(one)], now)
        settle(conn, [rows.settled(one) for one in written], now)
    kin = _settle_kinds(conn, copies, revised)
    emit_all(conn, [one.to_event() for one in kin], now)
    _ask_for_copies(conn, revised)
    return written


def _ask_for_copies(conn: Connection, revised: Sequence[Placed]) -> None:
    """Let what an unknown system showed with the words of before be asked: it was known by them."""
    by_portal: defaultdict[str, list[str]] = defaultdict(list)
    for one in revised:
        if one.prepared.draft.extractor == "generic":
            by_portal[one.arrival.row.portal].append(one.prepared.draft.url)
    for portal, urls in sorted(by_portal.items()):
        ask_for_copies(conn, portal, urls)


def refresh_stories(conn: Connection, ids: Collection[int], now: datetime) -> None:
    """Count members again and choose who stands for them.

    The one whose portal another member names as its origin; then the earliest published, then the
    first seen.
    """
    if ids:
        conn.execute(_REFRESH, [{"id": story_id, "now": now} for story_id in sorted(ids)])


def _settle_kinds(
    conn: Connection, copies: Sequence[Placed], revised: Sequence[Placed]
) -> list[Kin]:
    """Name what the members of stories that grew or changed are to who stands for them now."""
    touched = {one.story_id for one in (*copies, *revised)}
    came, changed = ({one.article_id for one in some} for some in (copies, revised))
    return settle_kinds(conn, touched, came, changed)


def rewrite(conn: Connection, article_id: int, prepared: Prepared, dated: datetime) -> None:
    """Replace what is derived from an article's text: its words, its sketch, its labels."""
    replace_labels(conn, article_id, prepared.labels)
    drop_words(conn, [article_id])
    add_words(conn, [(article_id, prepared.words, dated)], labels_of(conn, [article_id]))
    insert_sketches(conn, [(article_id, prepared.fingerprint)])


def replace_labels(conn: Connection, article_id: int, found: Sequence[Label]) -> None:
    """Put new labels in the place of the machine's; where a person has answered, that stays."""
    table = schema.labels
    mine, said = table.c.article_id == article_id, table.c.how == PERSON
    answered = set(conn.execute(select(table.c.axis).where(mine, said)).scalars())
    conn.execute(delete(table).where(mine, ~said))
    new = rows.label_rows(article_id, [one for one in found if one.axis not in answered])
    _insert(conn, table, list(new))


def drop_sketch(conn: Connection, article_id: int, sketch: bytes) -> None:
    """Take an article's hashes out of the index."""
    table = schema.sketches
    hashes = array(rows.SKETCH_TYPE, sketch)
    if hashes:
        mine = (table.c.article_id == article_id) & (table.c.hash == bindparam("one"))
        conn.execute(delete(table).where(mine), [{"one": value} for value in hashes])


def _numbered(conn: Connection, placed: Sequence[Placed]) -> list[Placed]:
    """Give new articles and the stories that they begin real ids in place of provisional ones."""
    if not placed:
        return []
    begun = [one.story_id for one in placed if one.begins]
    taken = next_ids(conn, (schema.stories, len(begun)), (schema.articles, len(placed)))
    stories = dict(zip(begun, taken[0], strict=True))
    ids = {one.article_id: n for one, n in zip(placed, taken[1], strict=True)}
    return [_with_ids(one, ids, stories) for one in placed]


def _insert_new(
    conn: Connection, new: Sequence[Placed], crowded: Collection[int], now: datetime
) -> None:
    """Insert new articles, their stories first; those of ``crowded`` ones are not made findable."""
    if not new:
        return
    articles = [rows.article_row(one, now) for one in new]
    labels = {one.article_id: one.prepared.labels for one in new}
    _insert(conn, schema.stories, [rows.story_row(one, now) for one in new if one.begins])
    _insert(conn, schema.articles, articles)
    _insert(conn, schema.revisions, [rows.revision_row(one, 1, now) for one in new])
    _insert(conn, schema.story_members, [rows.member_row(one, now) for one in new])
    _insert(conn, schema.related, [rows.related_row(one) for one in new if one.related])
    told = [row for n, few in labels.items() for row in rows.label_rows(n, few)]
    _insert(conn, schema.labels, told)
    words = [
        (one.article_id, one.prepared.words, row["dated_at"])
        for one, row in zip(new, articles, strict=True)
    ]
    add_words(conn, words, labels)
    lone = [one for one in new if one.story_id not in crowded]
    insert_sketches(conn, [(one.article_id, one.prepared.fingerprint) for one in lone])


def _crowded(conn: Connection, ids: Collection[int]) -> set[int]:
    """Give the stories whose members are in the index often enough.

    One text in more than HOT copies would make all its hashes hot, and be found no more.
    """
    if not ids:
        return set()
    return set(conn.execute(_CROWDED, {"ids": sorted(ids)}).scalars())


def _insert(conn: Connection, table: Table, new: Sequence[Mapping[str, Any]]) -> None:
    if new:
        conn.execute(_insert_into(table), new)


@cache
def _insert_into(table: Table) -> Insert:
    """Make it once a table: to make a statement anew costs as much as to run it."""
    return table.insert().inline()  # else one row alone would give back its id


def insert_sketches(conn: Connection, found: Sequence[tuple[int, Fingerprint]]) -> None:
    """Put articles' hashes into the index; those of texts that words do not tell apart stay out."""
    pairs = [(value, n) for n, one in found if one.substantial for value in one.hashes]
    if not pairs:
        return
    if is_sqlite(conn):
        conn.exec_driver_sql(_SKETCHES_SQLITE, [(*pair, pair[0]) for pair in pairs])
        return
    hashes, ids = zip(*sorted(pairs), strict=True)
    conn.execute(_SKETCHES_POSTGRES, {"hashes": list(hashes), "ids": list(ids)})


def _revise(conn: Connection, one: Placed, now: datetime) -> None:
    """Give a stored article its next revision."""
    assert one.known is not None
    prepared = one.prepared
    payload = lasting(prepared.payload, draft_values(conn, one.article_id))
    number = one.known.revision + 1
    row = rows.revision_row(one, number, now) | {"draft": payload}
    _insert(conn, schema.revisions, [row])
    values = rows.article_values(prepared)
    if prepared.draft.published_at is None:
        values |= {
            "published_at": one.known.published_at,
            "published_precision": one.known.published_precision.value,
        }
    dates = (values["published_at"], prepared.draft.event_date, one.known.first_seen_at)
    values |= {"author": payload["author"], "revision": number, "dated_at": rows.dated_at(*dates)}
    values["document_key"] = prepared.document_key
    table = schema.articles
    conn.execute(update(table).where(table.c.id == one.article_id).values(values))
    drop_sketch(conn, one.article_id, one.known.sketch)
    rewrite(conn, one.article_id, prepared, values["dated_at"])


def lasting(payload: Mapping[str, Any], older: Mapping[str, Any]) -> dict[str, Any]:
    """Keep what the newer fetch lacks and the older one had."""
    values = dict(payload)
    for names in _LASTING:
        if values[names[0]] is None:
            values |= {name: older[name] for name in names}
    read = {one["url"]: one for one in older["attachments"] if one.get("outcome")}
    values["attachments"] = [
        read[one["url"]] | one if one["url"] in read and not one.get("content") else one
        for one in values["attachments"]
    ]
    return values


def _touch(conn: Connection, placed: Sequence[Placed]) -> None:
    """Note that articles were met again unchanged: when, under which key, with which counters."""
    names = ("seen_at", "counters", "document_key")
    touched = [
        {"touched": one.article_id, "new_seen_at": draft.fetched_at}
        | {"new_counters": dict(draft.counters)}
        | {"new_document_key": one.prepared.document_key}
        for one in placed
        for draft in [one.prepared.draft]
        if one.known is not None and draft.fetched_at >= one.known.seen_at
    ]
    if touched:
        table = schema.articles
        statement = update(table).where(table.c.id == bindparam("touched"))
        values = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in names}
        conn.execute(statement.values(values), touched)


def _with_ids(one: Placed, ids: Mapping[int, int], stories: Mapping[int, int]) -> Placed:
    origin, related = one.origin, one.related
    assert origin is not None
    if origin.matched_id is not None:
        origin = replace(origin, matched_id=ids.get(origin.matched_id, origin.matched_id))
    if related is not None:
        related = (ids.get(related[0], related[0]), *related[1:])
    story_id = stories.get(one.story_id, one.story_id)
    article_id = ids[one.article_id]
    return replace(one, article_id=article_id, story_id=story_id, origin=origin, related=related)


_CROWDED = select(schema.stories.c.id).where(
    schema.stories.c.id.in_(bindparam("ids", expanding=True)), schema.stories.c.size >= CROWD
)
_REFRESH = text("""
    UPDATE stories SET
        updated_at = :now,
        size = (SELECT count(*) FROM articles WHERE articles.story_id = stories.id),
        representative_id = (
            SELECT articles.id FROM articles LEFT JOIN (
                SELECT DISTINCT origin FROM story_members
                WHERE story_members.story_id = stories.id AND origin <> ''
            ) AS named ON named.origin = articles.portal
            WHERE articles.story_id = stories.id
            ORDER BY named.origin IS NULL, articles.published_at IS NULL, articles.published_at,
                articles.first_seen_at, articles.id
            LIMIT 1
        )
    WHERE id = :id
""").bindparams(bindparam("now", type_=schema.stories.c.updated_at.type))

# A hash that is hot finds nothing: it is not written any more.
_SKETCHES_SQLITE = f"""
    INSERT INTO sketches (hash, article_id) SELECT ?, ? WHERE (
        SELECT count(*) FROM (SELECT 1 FROM sketches WHERE hash = ? LIMIT {HOT + 1})
    ) <= {HOT}
"""  # noqa: S608 - put together from constants
_SKETCHES_POSTGRES = text(f"""
    INSERT INTO sketches (hash, article_id)
    SELECT hash, article_id
    FROM unnest(CAST(:hashes AS int[]), CAST(:ids AS int[])) AS new (hash, article_id)
    WHERE (
        SELECT count(*) FROM
            (SELECT 1 FROM sketches AS old WHERE old.hash = new.hash LIMIT {HOT + 1}) AS few
    ) <= {HOT}
""")  # noqa: S608 - put together from constants
