"""The typed records that pass between the steps, and the names of every end a URL can have."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime


class Outcome(StrEnum):
    """The one named end of a URL in a run; the totals of a run add up to the URLs it met."""

    # an article: the first is waiting in the inbox, ingest turns it into one of the others
    FETCHED = "fetched"
    STORED = "stored"
    COPY = "copy"
    REVISED = "revised"
    UNCHANGED = "unchanged"
    DEAD_LETTER = "dead_letter"
    # a page that leads to articles
    DOOR = "door"
    LISTING = "listing"
    # not fetched; the first is what an address is until it has been asked
    NOT_REACHED = "not_reached"
    KNOWN = "known"
    NOT_MODIFIED = "not_modified"
    DENIED_BY_ROBOTS = "denied_by_robots"
    OFFSITE = "offsite"
    PRIVATE_ADDRESS = "private_address"
    OVER_LIMIT = "over_limit"
    TOO_OLD = "too_old"
    TRAP = "trap"
    # fetched, but no article
    NOT_ARTICLE = "not_article"
    THIN = "thin"
    LOGIN = "login"
    CHALLENGE = "challenge"
    SOFT_404 = "soft_404"
    GONE = "gone"
    BLOCKED = "blocked"
    # fetched or tried, and unusable
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TIMED_OUT = "timed_out"
    BAD_ENCODING = "bad_encoding"
    BAD_CONTENT = "bad_content"
    FAILED = "failed"


ARTICLE_OUTCOMES = frozenset(
    {Outcome.STORED, Outcome.COPY, Outcome.REVISED, Outcome.UNCHANGED},
)


class Precision(StrEnum):
    """How exactly a publication time is known."""

    MINUTE = "minute"
    DAY = "day"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Caption:
    """A picture's caption; ``image`` is the absolute address, or None in text-only input."""

    image: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that an article links to (.pdf, .docx, .xlsx, ...), named by the link's ``text``.

    ``size`` in bytes is what the page prints beside the link, or what was fetched. ``outcome``
    ("read", "scanned", "too_large"; "": not asked) is what came of it, ``content`` its text.
    """

    url: str
    text: str
    size: int | None = None
    outcome: str = ""
    content: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A legal document that the text cites: kind "Kế hoạch", number "71-KH/TU", its date.

    The number as written, which may be short ("95/2024", "57"); of a law its name, with a
    year where the text has one ("Đất đai 2024").
    """

    kind: str | None
    number: str
    date: date | None

    @property
    def title(self) -> str:
        """Give kind and number: "Kế hoạch 71-KH/TU"."""
        return f"{self.kind} {self.number}" if self.kind else self.number


@dataclass(frozen=True, slots=True)
class Unit:
    """An administrative unit as written, and which one was meant on the day of the text.

    ``name``: its full name then; ``today``: what its territory is called since 2025-07-01; None
    where several could be meant. ``since`` and ``until``: its first and last day, where the reform
    of that day made or ended it (a province that took in others is another one).
    """

    written: str
    level: str
    today: str | None
    name: str | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A fetched page before anything is known of it.

    ``body`` are the bytes after transfer decoding; ``encoding`` is the charset of the HTTP header
    or None; ``fetched_at`` is in UTC; ``listed_at`` is the publication time that the door (feed,
    sitemap, JSON) gave for this URL, if any, with ``listed_from`` naming that door; ``trace`` is
    the context of its fetch's span, if that is traced.
    """

    url: str
    body: bytes
    fetched_at: datetime
    portal: str = ""
    encoding: str | None = None
    content_type: str = "text/html"
    status: int = 200
    listed_at: datetime | None = None
    listed_from: str = ""
    trace: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """The cleaned, typed content of one page, before it is compared with anything.

    Text is NFC with single spaces; ``body`` includes the lead, which ``summary`` repeats; list
    items, table rows (cells joined by " | "), quotes and sub-headings are paragraphs of their own,
    in order. ``published_at`` carries its zone. ``document_key`` is the identity that the CMS
    itself gives (unique within the portal).
    """

    url: str
    canonical_url: str
    portal: str
    family: str
    extractor: str
    title: str
    fetched_at: datetime
    document_key: str = ""
    summary: str | None = None
    body: tuple[str, ...] = ()
    captions: tuple[Caption, ...] = ()
    author: str | None = None
    source: str | None = None
    dateline: str | None = None
    published_at: datetime | None = None
    published_precision: Precision = Precision.NONE
    published_from: str | None = None
    event_date: date | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    counters: dict[str, float] = field(default_factory=dict)
    documents: tuple[Document, ...] = ()
    money: tuple[str, ...] = ()
    units: tuple[Unit, ...] = ()

    @property
    def text(self) -> str:
        """Join title and body: what deduplication and classification read."""
        return "\n".join((self.title, *self.body))


@dataclass(frozen=True, slots=True)
class Witness:
    """What a second, independent reading of a page says: fields compared, and those that differ."""

    compared: tuple[str, ...]
    differing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What one page turned out to be.

    ``outcome`` is FETCHED when ``draft`` is an article, else the name of what it is; ``reason`` is
    a stable code with detail ("challenge.d1n", "clean.empty_selector:body"). ``links`` are the
    absolute addresses that the page leads to, ``listed`` the days (midnight, +07:00) that a listing
    of an unknown system prints beside them. ``signs`` tell that the site has changed
    ("date.order:7/23/2023"); ``witness`` is there where one was asked for.
    """

    outcome: Outcome
    reason: str = ""
    draft: Draft | None = None
    links: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    listed: tuple[tuple[str, datetime], ...] = ()
    witness: Witness | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """One classification of an article: axis ("topic", "kind", "level"), value and probability.

    ``value`` "unsure" is an answer of its own; ``how`` says what decided (rule, section, model).
    """

    axis: str
    value: str
    probability: float
    how: str
    version: str
