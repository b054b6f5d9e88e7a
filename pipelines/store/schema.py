"""The tables of the archive, as today's code sees them; migrations/ leads every archive here."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    UniqueConstraint,
    and_,
    text,
)

from pipelines.records import Outcome
from pipelines.store.columns import Hashes, Json, Key, OutcomeName, UtcTime, Words

# Pages that fail at present.
FAILING = (
    Outcome.CHALLENGE, Outcome.BLOCKED, Outcome.EMPTY, Outcome.TOO_LARGE, Outcome.TIMED_OUT,
    Outcome.BAD_ENCODING, Outcome.BAD_CONTENT, Outcome.FAILED, Outcome.DEAD_LETTER,
)  # fmt: skip

# The state of a run that still owns its portal: at most one such run a portal.
ACTIVE_STATES = ("queued", "running", "fetched")

metadata = MetaData(
    naming_convention={
        "ix": "%(table_name)s_%(column_0_N_name)s",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "pk": "%(table_name)s_pkey",
    },
)


def _words(
    name: str, *, default: str | None = "", index: bool = False, unique: bool = False
) -> Column[str]:
    """Make a text column that is never NULL and empty unless said otherwise."""
    filled = None if default is None else text(f"'{default}'")
    return Column(name, Words, nullable=False, server_default=filled, index=index, unique=unique)


portals = Table(
    "portals",
    metadata,
    Column("id", Words, primary_key=True),
    _words("name"),
    _words("family"),
    _words("unit"),
    Column("first_seen_at", UtcTime, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Key, primary_key=True),
    Column("portal", Words, ForeignKey("portals.id"), nullable=False),
    _words("section"),
    _words("kind", default=None),
    _words("state", default=None),
    Column("params", Json, nullable=False),
    _words("owner"),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("lease_until", UtcTime),
    Column("created_at", UtcTime, nullable=False),
    Column("started_at", UtcTime),
    Column("fetched_at", UtcTime),
    Column("finished_at", UtcTime),
    _words("error"),
    # Of the span that made it, the page's own, the ingest's: where a trace goes on (config.traces).
    _words("trace"),
    Index("runs_state_created_at", "state", "created_at"),
    Index("runs_portal", "portal", "id"),
    Index("runs_portal_fetched_at", "portal", "fetched_at"),
    sqlite_autoincrement=True,
)
# The migration bounds this index, pages_failing and outbox_waiting in PostgreSQL, too. To repeat
# that here would import its dialect: 30 ms at the start of each process.
_active = runs.c.state.in_(ACTIVE_STATES)
Index("runs_one_active", runs.c.portal, unique=True, sqlite_where=_active)

outcomes = Table(
    "outcomes",
    metadata,
    Column("run_id", Key, ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("key", Words, primary_key=True),
    _words("url", default=None),
    Column("outcome", OutcomeName, nullable=False),
    _words("detail"),
    Column("article_id", Key),
    Column("at", UtcTime, nullable=False),
    sqlite_with_rowid=False,
)

pages = Table(
    "pages",
    metadata,
    Column("portal", Words, primary_key=True),
    Column("key", Words, primary_key=True),
    _words("url", default=None),
    Column("outcome", OutcomeName, nullable=False),
    _words("detail"),
    _words("etag"),
    _words("last_modified"),
    _words("document_key"),
    Column("listed_at", UtcTime),
    _words("listed_from"),
    Column("checked_at", UtcTime, nullable=False),
    Column("failures", Integer, nullable=False, server_default=text("0")),
    sqlite_with_rowid=False,
)

Index("pages_failing", pages.c.checked_at, sqlite_where=pages.c.outcome.in_(FAILING))

snapshots = Table(
    "snapshots",
    metadata,
    Column("id", Key, primary_key=True),
    _words("portal", default=None),
    Column("run_id", Key),
    _words("url", default=None),
    _words("file", default=None),
    Column("offset", Key, nullable=False),
    Column("length", Key, nullable=False),
    _words("digest", default=None),
    Column("fetched_at", UtcTime, nullable=False),
    Column("stored_at", UtcTime, nullable=False),
    Index("snapshots_portal", "portal", "id"),
    sqlite_autoincrement=True,
)

# What a run measured, and the codes of what was found wrong; the latest runs are kept.
run_facts = Table(
    "run_facts",
    metadata,
    Column("run_id", Key, ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    _words("portal", default=None),
    Column("telling", Boolean, nullable=False),
    Column("facts", Json, nullable=False),
    Column("alarms", Json, nullable=False),
    Index("run_facts_portal", "portal", "run_id"),
)

portal_health = Table(
    "portal_health",
    metadata,
    Column("portal", Words, ForeignKey("portals.id"), primary_key=True),
    _words("state", default=None),
    Column("since", UtcTime, nullable=False),
    Column("run_id", Key, nullable=False),
    Column("new", Integer, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("findings", Json, nullable=False),
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", Key, primary_key=True),
    Column("run_id", Key, ForeignKey("runs.id"), nullable=False),
    _words("portal", default=None),
    _words("key", default=None),
    _words("document_key", default=None),
    Column("snapshot_id", Key),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("strikes", Integer, nullable=False, server_default=text("0")),
    Column("leased_until", UtcTime),
    Column("delivered_at", UtcTime, nullable=False),
    Column("draft", Json, nullable=False),
    _words("trace"),
    UniqueConstraint("run_id", "key"),
    sqlite_autoincrement=True,
)

stories = Table(
    "stories",
    metadata,
    Column("id", Key, primary_key=True),
    # No foreign key: a story and its first article point at each other.
    Column("representative_id", Key),
    Column("size", Integer, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    sqlite_autoincrement=True,
)

articles = Table(
    "articles",
    metadata,
    Column("id", Key, primary_key=True),
    Column("portal", Words, ForeignKey("portals.id"), nullable=False),
    _words("document_key", default=None),
    _words("canonical_url", default=None),
    _words("title", default=None),
    Column("author", Words),
    Column("published_at", UtcTime),
    _words("published_precision", default=None),
    # When it is told of: published, else the event's day, else first seen.
    Column("dated_at", UtcTime, nullable=False),
    Column("story_id", Key, ForeignKey("stories.id"), nullable=False, index=True),
    Column("revision", Integer, nullable=False),
    _words("content_hash", default=None, index=True),
    _words("files"),
    Column("sketch", LargeBinary, nullable=False),
    Column("sketch_version", Integer, nullable=False),
    Column("counters", Json, nullable=False),
    # people, organisations, issuers and values of money, as the newest draft names them
    Column("named", Json, nullable=False, server_default=text("'{}'")),
    Column("first_seen_at", UtcTime, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    # When its portal had taken it down; met again later (seen_at), it is back.
    Column("gone_at", UtcTime),
    UniqueConstraint("portal", "document_key"),
    Index("articles_portal_canonical_url", "portal", "canonical_url"),
    Index("articles_portal_first_seen_at", "portal", "first_seen_at"),
    Index("articles_portal_dated_at", "portal", "dated_at"),
    Index("articles_dated_at", "dated_at", "id"),
    sqlite_autoincrement=True,
)

revisions = Table(
    "revisions",
    metadata,
    Column("article_id", Key, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    # "fetched": the publisher's; "re-extracted": the same page, read by later rules
    _words("kind", default="fetched"),
    _words("content_hash", default=None),
    Column("changed", Json, nullable=False),
    Column("run_id", Key),
    Column("snapshot_id", Key),
    Column("seen_at", UtcTime, nullable=False),
    Column("draft", Json, nullable=False),
)

NEWEST_REVISION = and_(
    revisions.c.article_id == articles.c.id, revisions.c.number == articles.c.revision
)
"""Joins an article with the newest of its revisions, which has its text."""

search_texts = Table(
    "search_texts",
    metadata,
    Column("id", Key, primary_key=True),
    Column("article_id", Key, ForeignKey("articles.id", ondelete="CASCADE"), nullable=False),
    # seconds since 1970 of articles.dated_at, by which answers are sorted
    Column("dated", Key, nullable=False),
    # hashes of PostgreSQL's tokens; SQLite's stand in the FTS5 table search_words
    Column("words", Hashes),
    UniqueConstraint("article_id"),
    Index("search_texts_dated", "dated"),
    sqlite_autoincrement=True,
)

# Which three words stand side by side (pipelines.search.triples); read of few articles only.
search_triples = Table(
    "search_triples",
    metadata,
    Column(
        "article_id",
        Key,
        ForeignKey("articles.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("packed", LargeBinary, nullable=False),
)

story_members = Table(
    "story_members",
    metadata,
    Column("article_id", Key, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("story_id", Key, ForeignKey("stories.id"), nullable=False, index=True),
    _words("kind", default=None),
    Column("similarity", Float, nullable=False),
    _words("matched", default=None),
    Column("matched_id", Key),
    # The portal that the text names as the one that it was taken from.
    _words("origin"),
    Column("joined_at", UtcTime, nullable=False),
)

related = Table(
    "related",
    metadata,
    Column("article_id", Key, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("other_id", Key, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("similarity", Float, nullable=False),
    _words("reason"),
)

sketches = Table(
    "sketches",
    metadata,
    # Four bytes each: the index is most of what an article costs, and PostgreSQL keeps it twice.
    Column("hash", Integer, primary_key=True, autoincrement=False),
    Column("article_id", Integer, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

# How far a task that may be interrupted has come: the last id that it has done, and what it has
# to know of those before.
progress = Table(
    "progress",
    metadata,
    Column("task", Words, primary_key=True),
    Column("position", Key, nullable=False),
    Column("state", Json, nullable=False),
)

labels = Table(
    "labels",
    metadata,
    Column("article_id", Key, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("axis", Words, primary_key=True),
    Column("value", Words, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("probability", Float, nullable=False),
    _words("how", default=None),
    _words("version", default=None),
    Index("labels_axis_value", "axis", "value"),
)

# What a person said of an article, the machine's answer beside it. ``drawn``: at random (an honest
# sample) or because the machine was unsure.
reviews = Table(
    "reviews",
    metadata,
    Column("article_id", Key, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("axis", Words, primary_key=True),
    Column("values", Json, nullable=False),
    Column("told", Json, nullable=False),
    Column("probability", Float, nullable=False),
    _words("drawn", default=None),
    Column("reviewed_at", UtcTime, nullable=False),
)

# Models trained in this archive; none in use: those that came with gomtin.
models = Table(
    "models",
    metadata,
    Column("id", Key, primary_key=True),
    _words("version", default=None, unique=True),
    Column("made_at", UtcTime, nullable=False),
    Column("report", Json, nullable=False),
    Column("in_use", Integer, nullable=False),
    Column("file", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Key, primary_key=True),
    _words("type", default=None),
    Column("payload", Json, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("relayed_at", UtcTime),
    _words("trace"),
    sqlite_autoincrement=True,
)
_waiting = outbox.c.relayed_at.is_(None)
Index("outbox_waiting", outbox.c.id, sqlite_where=_waiting)

dead_letters = Table(
    "dead_letters",
    metadata,
    Column("id", Key, primary_key=True),
    Column("run_id", Key, ForeignKey("runs.id"), nullable=False),
    _words("portal", default=None),
    _words("key", default=None),
    _words("document_key", default=None),
    Column("snapshot_id", Key),
    _words("code", default=None),
    _words("message"),
    Column("attempts", Integer, nullable=False),
    Column("buried_at", UtcTime, nullable=False),
    Column("draft", Json, nullable=False),
    UniqueConstraint("run_id", "key"),
    sqlite_autoincrement=True,
)

slots = Table(
    "slots",
    metadata,
    Column("portal", Words, ForeignKey("portals.id"), primary_key=True),
    Column("section", Words, primary_key=True, server_default=text("''")),
    Column("every_seconds", Integer),
    _words("cron"),
    Column("floor_seconds", Integer, nullable=False, server_default=text("0")),
    Column("ceiling_seconds", Integer, nullable=False, server_default=text("0")),
    Column("daily_requests", Integer, nullable=False, server_default=text("0")),
    Column("worth_seconds", Integer),
    Column("within_seconds", Integer),
    _words("quiet"),
    Column("holidays", Integer, nullable=False, server_default=text("0")),
    Column("priority", Integer, nullable=False, server_default=text("0")),
    Column("plan", Json),
    Column("next_at", UtcTime, nullable=False),
    Column("paused_until", UtcTime),
    _words("pause_reason"),
    Column("last_run_id", Key),
    _words("note"),
)

# The next free turn at each host, over all processes; the reason is why it is left alone.
hosts = Table(
    "hosts",
    metadata,
    Column("host", Words, primary_key=True),
    Column("free_at", UtcTime, nullable=False),
    _words("reason"),
)

# The last sign of each worker process's own loop; what is no more is forgotten after a day.
workers = Table(
    "workers",
    metadata,
    Column("id", Words, primary_key=True),
    _words("role", default=None),
    Column("at", UtcTime, nullable=False),
    _words("trouble"),
)
