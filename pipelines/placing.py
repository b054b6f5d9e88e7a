"""Decide what an arriving draft is to the archive: new, the same, a revision, or a copy.

Pure but for two questions put to the archive. The drafts of one batch see each other, under
provisional ids, as if those before them were stored already.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from pipelines.codec import VIETNAM
from pipelines.dedupe.index import MemoryIndex, match, needed_hits, shortlist
from pipelines.dedupe.verify import same_words
from pipelines.records import Outcome, Precision

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from pipelines.arrival import Arrival, Prepared
    from pipelines.dedupe.index import Match, SketchIndex
    from pipelines.dedupe.sketch import Fingerprint
    from pipelines.dedupe.verify import Text
    from pipelines.store.lookups import Known

# Ids of articles and stories that are not stored yet; they sort after all that are.
PROVISIONAL = 1 << 62


@dataclass(frozen=True, slots=True)
class Origin:
    """Why a new article belongs to its story; ``matched_id`` None: it begins it."""

    kind: str
    similarity: float
    matched: str
    matched_id: int | None


@dataclass(frozen=True, slots=True)
class Placed:
    """The decision on one arrival.

    ``article_id`` and ``story_id`` are provisional where the article or the story is new.
    ``changed`` names what made a revision; ``related`` is (article id, similarity, reason).
    """

    arrival: Arrival
    outcome: Outcome
    detail: str
    article_id: int
    story_id: int
    known: Known | None = None
    changed: tuple[str, ...] = ()
    origin: Origin | None = None
    related: tuple[int, float, str] | None = None

    @property
    def prepared(self) -> Prepared:
        """Give the draft with what is found in it."""
        return self.arrival.prepared

    @property
    def begins(self) -> bool:
        """Tell whether it is the first of its story."""
        return self.outcome is Outcome.STORED


class Archive(Protocol):
    """What placing asks of the store."""

    def by_hash(self, hashes: Collection[str]) -> Mapping[str, Sequence[tuple[int, int]]]:
        """Give (article id, story id) by content hash, oldest first."""
        ...

    def hits(self, asked: Sequence[tuple[Sequence[int], int]]) -> Sequence[Mapping[int, int]]:
        """Give for every (hashes, least) how many of them are in common, by article."""
        ...

    def texts(self, ids: Collection[int]) -> Mapping[int, Text]:
        """Give the words of stored articles."""
        ...

    def stories(self, ids: Collection[int]) -> Mapping[int, int]:
        """Give the story of stored articles."""
        ...


def waves(arrivals: Sequence[Arrival]) -> list[list[Arrival]]:
    """Cut a batch so that no document comes twice in one piece: the later one meets it stored."""
    cut: list[list[Arrival]] = []
    met: set[tuple[str, str]] = set()
    for arrival in arrivals:
        own = {arrival.document, arrival.address}
        if not cut or own & met:
            cut.append([])
            met = set()
        cut[-1].append(arrival)
        met |= own
    return cut


def place(arrivals: Sequence[Arrival], known: Sequence[Known], archive: Archive) -> list[Placed]:
    """Decide on every arrival of one wave, in order.

    ``known``: the stored articles that share a document key or address with one of them.
    """
    by_key = {(one.portal, one.document_key): one for one in known}
    by_address = {(one.portal, one.canonical_url): one for one in known}
    placed: list[Placed] = []
    fresh: list[Arrival] = []
    for arrival in arrivals:
        found = by_key.get(arrival.document) or by_address.get(arrival.address)
        if found is None:
            fresh.append(arrival)
        else:
            placed.append(_again(arrival, found))
    return placed + _Placing(fresh, archive).all()


def changes(new: Prepared, old: Known) -> tuple[str, ...]:
    """Name what differs between a stored article and its newer draft; counters never count.

    What the newer draft lacks is no change: a date may come from a door that led here only once.
    """
    draft = new.draft
    changed = []
    if new.fingerprint.content_hash != old.content_hash:
        changed.append("text")
    if draft.title != old.title:
        changed.append("title")
    if draft.author is not None and draft.author != old.author:
        changed.append("author")
    if _date_changed(new, old):
        changed.append("published_at")
    if new.files != old.files:
        changed.append("attachments")
    return tuple(changed)


def _date_changed(new: Prepared, old: Known) -> bool:
    draft = new.draft
    if draft.published_at is None:
        return False
    if old.published_at is None:
        return True
    if Precision.DAY in {draft.published_precision, old.published_precision}:
        days = (draft.published_at.astimezone(VIETNAM), old.published_at.astimezone(VIETNAM))
        return days[0].date() != days[1].date()
    return draft.published_at != old.published_at


def _again(arrival: Arrival, known: Known) -> Placed:
    """Place a draft of a document that is stored."""
    place_at = (known.id, known.story_id)
    if arrival.prepared.draft.fetched_at < known.seen_at:
        return Placed(arrival, Outcome.UNCHANGED, "ingest.older", *place_at, known=known)
    changed = changes(arrival.prepared, known)
    outcome = Outcome.REVISED if changed else Outcome.UNCHANGED
    return Placed(arrival, outcome, ",".join(changed), *place_at, known=known, changed=changed)


class _Placing:
    """The new documents of one wave, each of them seen by those that come after it."""

    def __init__(self, fresh: Sequence[Arrival], archive: Archive) -> None:
        self.fresh = fresh
        self.archive = archive
        self.index = MemoryIndex()
        self.texts: dict[int, Text] = {}
        self.stories: dict[int, int] = {}
        self.by_hash: dict[str, Sequence[tuple[int, int]]] = {}

    def all(self) -> list[Placed]:
        """Place them in order."""
        if not self.fresh:
            return []
        prints = [arrival.prepared.fingerprint for arrival in self.fresh]
        self.by_hash.update(self.archive.by_hash({one.content_hash for one in prints}))
        counted = zip(prints, self._hits(prints), strict=True)
        hits = [dict(shortlist(one, found.items())) for one, found in counted]
        candidates = {article_id for one in hits for article_id in one}
        candidates.update(same[0][0] for same in self.by_hash.values())
        self.texts.update(self.archive.texts(candidates))
        self.stories.update(self.archive.stories(candidates))
        return [
            self._one(PROVISIONAL + n, arrival, hits[n]) for n, arrival in enumerate(self.fresh)
        ]

    def _hits(self, prints: Sequence[Fingerprint]) -> Sequence[Mapping[int, int]]:
        """Ask for the candidates of those whose words are not stored as they are."""
        unknown = [one.substantial and one.content_hash not in self.by_hash for one in prints]
        return self.archive.hits(
            [
                (one.hashes if is_asked else (), needed_hits(one))
                for one, is_asked in zip(prints, unknown, strict=True)
            ]
        )

    def _one(self, own_id: int, arrival: Arrival, hits: Mapping[int, int]) -> Placed:
        prepared = arrival.prepared
        same = self.by_hash.get(prepared.fingerprint.content_hash)
        related = None
        if same and prepared.fingerprint.substantial:
            matched_id, story_id = same[0]
            kind = same_words(prepared.text, self.texts[matched_id]).kind
            origin = Origin(kind, 1.0, "content_hash", matched_id)
        else:
            found = match(
                prepared.fingerprint, prepared.text, Overlay(hits, self.index), self._load
            )
            origin, story_id = self._join(found, own_id)
            related = _related(found)
        self._remember(own_id, story_id, prepared)
        copy = origin.matched_id is not None
        return Placed(
            arrival,
            Outcome.COPY if copy else Outcome.STORED,
            origin.kind if copy else "",
            own_id,
            story_id,
            origin=origin,
            related=related,
        )

    def _join(self, found: Match | None, own_id: int) -> tuple[Origin, int]:
        if found is None or not found.verdict.joins:
            return Origin("original", 1.0, "", None), own_id
        verdict = found.verdict
        origin = Origin(verdict.kind, verdict.similarity, "near", found.article_id)
        return origin, self.stories[found.article_id]

    def _remember(self, own_id: int, story_id: int, prepared: Prepared) -> None:
        self.stories[own_id] = story_id
        if not prepared.fingerprint.substantial:
            return
        self.texts[own_id] = prepared.text
        self.index.add(own_id, prepared.fingerprint.hashes)
        self.by_hash.setdefault(prepared.fingerprint.content_hash, [(own_id, story_id)])

    def _load(self, ids: Sequence[int]) -> Mapping[int, Text]:
        return {one: self.texts[one] for one in ids if one in self.texts}


def _related(found: Match | None) -> tuple[int, float, str] | None:
    if found is None or found.verdict.kind != "related":
        return None
    return found.article_id, found.verdict.similarity, found.verdict.reason


class Overlay:
    """A SketchIndex over what is stored and what this batch has placed so far."""

    def __init__(self, stored: Mapping[int, int], placed: SketchIndex) -> None:
        self.stored = stored
        self.placed = placed

    def candidates(self, hashes: Sequence[int], min_hits: int) -> Sequence[tuple[int, int]]:
        """Return (article id, hits), most hits first."""
        found = [*self.stored.items(), *self.placed.candidates(hashes, min_hits)]
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))

    def add(self, article_id: int, hashes: Sequence[int]) -> None:
        """Remember an article's hashes."""
        self.placed.add(article_id, hashes)
