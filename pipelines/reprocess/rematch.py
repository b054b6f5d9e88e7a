"""Compare stored articles with those that came before them, by today's rules: in several processes.

What one article matches hangs on no other decision, so the parts of an archive can be compared at
once; whose story it joins is decided by the caller, in order.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from pipelines.dedupe.index import MemoryIndex, match, needed_hits, shortlist
from pipelines.dedupe.sketch import fingerprint
from pipelines.dedupe.verify import same_words
from pipelines.placing import Overlay
from pipelines.store import lookups
from pipelines.store.engine import open_store
from pipelines.store.schema import NEWEST_REVISION, articles, revisions, story_members

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection, Row

    from pipelines.dedupe.sketch import Fingerprint
    from pipelines.dedupe.verify import Text
    from pipelines.store.engine import Store

Span = tuple[int, int]
"""Articles by id: after the first number, up to the second."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an article stands, in which revision.

    ``kind`` hangs on who stands for the story, and says nothing of where the article belongs.
    """

    article_id: int
    revision: int
    story_id: int
    kind: str = field(compare=False)
    matched_id: int | None


@dataclass(frozen=True, slots=True)
class Compared:
    """What today's rules say of one article; ``matched_id`` None: it is like none before it.

    ``related`` is (article id, similarity, reason).
    """

    before: Standing
    title: str
    kind: str = "original"
    matched_id: int | None = None
    similarity: float = 1.0
    matched: str = ""
    related: tuple[int, float, str] | None = None


def standings(conn: Connection, span: Span) -> list[Standing]:
    """Give where the articles of a span stand now."""
    return [Standing(*row) for row in conn.execute(_STANDINGS.where(*_within(span)))]


def compare(conn: Connection, span: Span) -> list[Compared]:
    """Compare the articles of a span with all that came before each of them."""
    part: list[Row[Any]] = [*conn.execute(_DRAFTS.where(*_within(span)))]
    prints = [fingerprint(row.draft["title"], row.draft["body"]) for row in part]
    same = lookups.articles_by_hash(conn, {one.content_hash for one in prints})
    asked = [(one.hashes if one.substantial else (), needed_hits(one)) for one in prints]
    counted = zip(part, prints, lookups.sketch_hits(conn, asked), strict=True)
    hits = [
        dict(shortlist(one, ((n, count) for n, count in found.items() if n < row.id)))
        for row, one, found in counted
    ]
    earlier = [
        [n for n, _ in same.get(one.content_hash, ()) if n < row.id][:1]
        for row, one in zip(part, prints, strict=True)
    ]
    wanted = {n for one in hits for n in one} | {n for ids in earlier for n in ids}
    texts = lookups.texts_of(conn, wanted)
    return [
        _one(row, one, ids, found, texts)
        for row, one, ids, found in zip(part, prints, earlier, hits, strict=True)
    ]


def compare_all(
    store: Store, spans: Iterable[Span], workers: int
) -> Iterator[tuple[Span, list[Compared]]]:
    """Yield every span compared, in order; more than one worker are processes of their own."""
    if workers == 1:
        for span in spans:
            with store.read() as conn:
                yield span, compare(conn, span)
        return
    url = store.engine.url.render_as_string(hide_password=False)
    spawn, rest = multiprocessing.get_context("spawn"), iter(spans)
    with ProcessPoolExecutor(workers, spawn, _open, (url,)) as pool:
        # no further ahead than the workers need: what waits here is kept in memory
        ahead = deque((span, pool.submit(_compare, span)) for span in islice(rest, 2 * workers))
        while ahead:
            span, found = ahead.popleft()
            yield span, found.result()
            ahead.extend((one, pool.submit(_compare, one)) for one in islice(rest, 1))


_opened: list[Store] = []


def _open(url: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the caller's, who ends the pool
    _opened.append(open_store(url))


def _compare(span: Span) -> list[Compared]:
    with _opened[0].read() as conn:
        return compare(conn, span)


def _one(
    row: Row[Any],
    one: Fingerprint,
    same: Sequence[int],
    hits: Mapping[int, int],
    texts: Mapping[int, Text],
) -> Compared:
    title = row.draft["title"]
    before = Standing(row.id, row.revision, row.story_id, row.kind, row.matched_id)
    if not one.substantial:
        return Compared(before, title)
    text = lookups.text_of(row.draft)
    if same:
        kind = same_words(text, texts[same[0]]).kind
        return Compared(before, title, kind, same[0], 1.0, "content_hash")

    def load(ids: Sequence[int]) -> Mapping[int, Text]:
        return {n: texts[n] for n in ids if n in texts}

    best = match(one, text, Overlay(hits, MemoryIndex()), load)
    if best is None:
        return Compared(before, title)
    found, article_id = best.verdict, best.article_id
    if not found.joins:
        link = (article_id, found.similarity, found.reason)
        return Compared(before, title, related=link)
    return Compared(before, title, found.kind, article_id, found.similarity, "near")


def _within(span: Span) -> tuple[Any, Any]:
    return articles.c.id > span[0], articles.c.id <= span[1]


_STANDINGS = (
    select(
        *(articles.c[name] for name in ("id", "revision", "story_id")),
        *(story_members.c[name] for name in ("kind", "matched_id")),
    )
    .join(story_members, story_members.c.article_id == articles.c.id)
    .order_by(articles.c.id)
)
_DRAFTS = _STANDINGS.add_columns(revisions.c.draft).join(revisions, NEWEST_REVISION)
