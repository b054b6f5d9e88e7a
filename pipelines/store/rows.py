"""The rows and events that a placed draft becomes."""

from __future__ import annotations

from array import array
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from pipelines.codec import VIETNAM
from pipelines.dedupe.sketch import VERSION
from pipelines.records import Outcome
from pipelines.store.outbox import Telling
from pipelines.store.pages import Settled

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from pipelines.arrival import Prepared
    from pipelines.dedupe.sketch import Fingerprint
    from pipelines.placing import Origin, Placed
    from pipelines.records import Label

SKETCH_TYPE = "i"
"""What ``articles.sketch`` is an array of: signed 32-bit numbers."""


def dated_at(published: datetime | None, event: date | None, first_seen: datetime) -> datetime:
    """Give the moment that an article is told of: published, else its event, else first seen.

    An event's day begins at midnight in Vietnam; one that is still to come is no date of a text.
    """
    if published is not None:
        return published
    if event is None:
        return first_seen
    return min(datetime.combine(event, time(), VIETNAM), first_seen)


def sketch_of(found: Fingerprint) -> bytes:
    """Give the hashes under which an article is found, as its row keeps them."""
    return array(SKETCH_TYPE, found.hashes if found.substantial else ()).tobytes()


def article_values(prepared: Prepared) -> dict[str, Any]:
    """Give the columns of an article that its newest draft decides."""
    draft, found = prepared.draft, prepared.fingerprint
    return {
        "title": draft.title,
        "author": draft.author,
        "published_at": draft.published_at,
        "published_precision": draft.published_precision.value,
        "content_hash": found.content_hash,
        "files": prepared.files,
        "sketch": sketch_of(found),
        "sketch_version": VERSION,
        "counters": dict(draft.counters),
        "named": prepared.named.to_json(),
        "seen_at": draft.fetched_at,
    }


def story_row(one: Placed, now: datetime) -> dict[str, Any]:
    """Give the row of the story that a new article begins."""
    mine = {"id": one.story_id, "representative_id": one.article_id, "size": 1}
    return mine | {"created_at": now, "updated_at": now}


def article_row(one: Placed, now: datetime) -> dict[str, Any]:
    """Give the row of a new article; a page that was saved earlier was first seen then."""
    prepared = one.prepared
    # whole seconds, as the index tells them: what has no date comes in one order then
    first_seen = min(prepared.draft.fetched_at, now).replace(microsecond=0)
    return article_values(prepared) | {
        "id": one.article_id,
        "portal": one.arrival.row.portal,
        "document_key": prepared.document_key,
        "canonical_url": prepared.draft.canonical_url,
        "story_id": one.story_id,
        "revision": 1,
        "dated_at": dated_at(prepared.draft.published_at, prepared.draft.event_date, first_seen),
        "first_seen_at": first_seen,
    }


def revision_row(one: Placed, number: int, now: datetime) -> dict[str, Any]:
    """Give the row of one version of an article's text."""
    row, prepared = one.arrival.row, one.prepared
    return {
        "article_id": one.article_id,
        "number": number,
        "content_hash": prepared.fingerprint.content_hash,
        "changed": list(one.changed),
        "run_id": row.run_id,
        "snapshot_id": row.snapshot_id,
        "seen_at": now,
        "draft": prepared.payload,
    }


def member_row(one: Placed, now: datetime) -> dict[str, Any]:
    """Give the row that says why an article belongs to its story."""
    origin = _origin(one)
    return {
        "article_id": one.article_id,
        "story_id": one.story_id,
        "kind": origin.kind,
        "similarity": origin.similarity,
        "matched": origin.matched,
        "matched_id": origin.matched_id,
        "origin": one.arrival.origin,
        "joined_at": now,
    }


def _origin(one: Placed) -> Origin:
    assert one.origin is not None
    return one.origin


def related_row(one: Placed) -> dict[str, Any]:
    """Give the row of a link to an article that only resembles this one."""
    assert one.related is not None
    other_id, similarity, reason = one.related
    return {
        "article_id": one.article_id,
        "other_id": other_id,
        "similarity": similarity,
        "reason": reason,
    }


def label_rows(article_id: int, labels: Iterable[Label]) -> Iterable[dict[str, Any]]:
    """Yield the rows of an article's labels, each value once."""
    met: set[tuple[str, str]] = set()
    for position, label in enumerate(labels):
        if (label.axis, label.value) not in met:
            met.add((label.axis, label.value))
            values = {"article_id": article_id, "axis": label.axis, "value": label.value}
            values |= {"position": position, "probability": label.probability}
            yield values | {"how": label.how, "version": label.version}


def events_of(one: Placed) -> Iterable[Telling]:
    """Yield what other programs are told of a written draft."""
    payload, trace = one.prepared.payload, one.arrival.trace
    article: dict[str, Any] = {"article_id": one.article_id, "story_id": one.story_id}
    article["portal"] = one.arrival.row.portal
    article |= {name: payload[name] for name in ("canonical_url", "title", "published_at")}
    if one.outcome is Outcome.UNCHANGED:
        if _is_back(one):
            yield Telling("article.returned", article, trace)
        return
    if one.outcome is Outcome.REVISED:
        assert one.known is not None
        found = {"revision": one.known.revision + 1, "changed": list(one.changed)}
        yield Telling("article.revised", article | found, trace)
        return
    topics = [label.value for label in one.prepared.labels if label.axis == "topic"]
    stored = {"topics": topics, "copy": one.outcome is Outcome.COPY}
    yield Telling("article.stored", article | stored, trace)
    if one.outcome is Outcome.COPY:
        origin = _origin(one)
        found = {"kind": origin.kind, "similarity": round(origin.similarity, 4)}
        joined = article | found | {"matched_id": origin.matched_id}
        yield Telling("story.joined", joined, trace)


def _is_back(one: Placed) -> bool:
    """Tell whether the portal had taken down what was now fetched again."""
    known = one.known
    if known is None or known.gone_at is None or known.gone_at < known.seen_at:
        return False
    return known.gone_at < one.prepared.draft.fetched_at


def settled(one: Placed) -> Settled:
    """Give the outcome of a draft's URL in its run."""
    row, prepared = one.arrival.row, one.prepared
    return Settled(
        run_id=row.run_id,
        portal=row.portal,
        key=row.key,
        url=prepared.draft.url,
        outcome=one.outcome,
        detail=one.detail,
        article_id=one.article_id,
        document_key=prepared.document_key,
    )
