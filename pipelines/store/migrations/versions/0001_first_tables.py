"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
HASHES = sa.Text().with_variant(sa.ARRAY(sa.Integer()), "postgresql")

# The word index, which schema.py does not name. FTS5 keeps neither the tokens nor where they stand.
# PostgreSQL indexes hashes of the tokens, which are shorter and compare faster (of 300,000 words
# one in 14,000 shares its hash). They stand out of line, so that what is read of a row is narrow;
# COST tells the planner so, in a language that it does not fold into the query. It keeps no
# statistics of them, for which ANALYZE would read them all.
WORDS_SQLITE = """
    CREATE VIRTUAL TABLE search_words USING fts5 (
        words, content = '', columnsize = 0, detail = none, tokenize = "ascii tokenchars '_:=@'"
    )
"""
WORDS_POSTGRES = """
    ALTER TABLE search_texts SET (toast_tuple_target = 128);
    ALTER TABLE search_texts ALTER words SET STORAGE EXTERNAL, ALTER words SET STATISTICS 0;
    CREATE FUNCTION search_keys(words int[]) RETURNS int[]
        LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 10000 AS 'BEGIN RETURN words; END';
    CREATE INDEX search_words ON search_texts USING gin (search_keys(words));
    ALTER INDEX search_words ALTER COLUMN 1 SET STATISTICS 0
"""


FAILING = """
    outcome IN ('challenge', 'blocked', 'empty', 'too_large', 'timed_out', 'bad_encoding',
    'bad_content', 'failed', 'dead_letter')
"""


def upgrade() -> None:
    """Make every table, those first that others point at."""
    _hosts()
    _outbox()
    _pages()
    _portals()
    _progress()
    _sketches()
    _snapshots()
    _stories()
    _articles()
    _runs()
    _slots()
    _dead_letters()
    _inbox()
    _labels()
    _models()
    _outcomes()
    _portal_health()
    _related()
    _reviews()
    _revisions()
    _run_facts()
    _search_texts()
    _search_triples()
    _story_members()
    _workers()


def _hosts() -> None:
    op.create_table(
        "hosts",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("free_at", TIME, nullable=False),
        sa.Column("reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.PrimaryKeyConstraint("host", name="hosts_pkey"),
    )


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", KEY, nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("relayed_at", TIME, nullable=True),
        sa.Column("trace", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="outbox_pkey"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "outbox_waiting",
        "outbox",
        ["id"],
        unique=False,
        sqlite_where=sa.text("relayed_at IS NULL"),
        postgresql_where=sa.text("relayed_at IS NULL"),
    )


def _pages() -> None:
    op.create_table(
        "pages",
        sa.Column("portal", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("etag", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("last_modified", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("document_key", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("listed_at", TIME, nullable=True),
        sa.Column("listed_from", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("checked_at", TIME, nullable=False),
        sa.Column("failures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("portal", "key", name="pages_pkey"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "pages_failing",
        "pages",
        ["checked_at"],
        unique=False,
        sqlite_where=sa.text(FAILING),
        postgresql_where=sa.text(FAILING),
    )


def _portals() -> None:
    op.create_table(
        "portals",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("family", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("unit", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("first_seen_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="portals_pkey"),
    )


def _progress() -> None:
    op.create_table(
        "progress",
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("position", KEY, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("task", name="progress_pkey"),
    )


def _sketches() -> None:
    op.create_table(
        "sketches",
        sa.Column("hash", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("article_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("hash", "article_id", name="sketches_pkey"),
        sqlite_with_rowid=False,
    )


def _snapshots() -> None:
    op.create_table(
        "snapshots",
        sa.Column("id", KEY, nullable=False),
        sa.Column("portal", sa.Text(), nullable=False),
        sa.Column("run_id", KEY, nullable=True),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("offset", KEY, nullable=False),
        sa.Column("length", KEY, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("fetched_at", TIME, nullable=False),
        sa.Column("stored_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="snapshots_pkey"),
        sqlite_autoincrement=True,
    )
    op.create_index("snapshots_portal", "snapshots", ["portal", "id"], unique=False)


def _stories() -> None:
    op.create_table(
        "stories",
        sa.Column("id", KEY, nullable=False),
        sa.Column("representative_id", KEY, nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="stories_pkey"),
        sqlite_autoincrement=True,
    )


def _articles() -> None:
    op.create_table(
        "articles",
        sa.Column("id", KEY, nullable=False),
        sa.Column("portal", sa.Text(), nullable=False),
        sa.Column("document_key", sa.Text(), nullable=False),
        sa.Column("canonical_url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=True),
        sa.Column("published_at", TIME, nullable=True),
        sa.Column("published_precision", sa.Text(), nullable=False),
        sa.Column("dated_at", TIME, nullable=False),
        sa.Column("story_id", KEY, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("files", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("sketch", sa.LargeBinary(), nullable=False),
        sa.Column("sketch_version", sa.Integer(), nullable=False),
        sa.Column("counters", sa.Text(), nullable=False),
        sa.Column("named", sa.Text(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("first_seen_at", TIME, nullable=False),
        sa.Column("seen_at", TIME, nullable=False),
        sa.Column("gone_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["portal"], ["portals.id"], name="articles_portal_fkey"),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name="articles_story_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="articles_pkey"),
        sa.UniqueConstraint("portal", "document_key", name="articles_portal_document_key_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("articles_content_hash", "articles", ["content_hash"], unique=False)
    op.create_index(
        "articles_portal_canonical_url", "articles", ["portal", "canonical_url"], unique=False
    )
    op.create_index(
        "articles_portal_first_seen_at", "articles", ["portal", "first_seen_at"], unique=False
    )
    op.create_index("articles_portal_dated_at", "articles", ["portal", "dated_at"], unique=False)
    op.create_index("articles_dated_at", "articles", ["dated_at", "id"], unique=False)
    op.create_index("articles_story_id", "articles", ["story_id"], unique=False)


def _runs() -> None:
    op.create_table(
        "runs",
        sa.Column("id", KEY, nullable=False),
        sa.Column("portal", sa.Text(), nullable=False),
        sa.Column("section", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("params", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("lease_until", TIME, nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("started_at", TIME, nullable=True),
        sa.Column("fetched_at", TIME, nullable=True),
        sa.Column("finished_at", TIME, nullable=True),
        sa.Column("error", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("trace", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(["portal"], ["portals.id"], name="runs_portal_fkey"),
        sa.PrimaryKeyConstraint("id", name="runs_pkey"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "runs_one_active",
        "runs",
        ["portal"],
        unique=True,
        sqlite_where=sa.text("state IN ('queued', 'running', 'fetched')"),
        postgresql_where=sa.text("state IN ('queued', 'running', 'fetched')"),
    )
    op.create_index("runs_state_created_at", "runs", ["state", "created_at"], unique=False)
    op.create_index("runs_portal", "runs", ["portal", "id"], unique=False)
    op.create_index("runs_portal_fetched_at", "runs", ["portal", "fetched_at"], unique=False)


def _slots() -> None:
    op.create_table(
        "slots",
        sa.Column("portal", sa.Text(), nullable=False),
        sa.Column("section", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("every_seconds", sa.Integer(), nullable=True),
        sa.Column("cron", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("floor_seconds", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("ceiling_seconds", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("daily_requests", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("worth_seconds", sa.Integer(), nullable=True),
        sa.Column("within_seconds", sa.Integer(), nullable=True),
        sa.Column("quiet", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("holidays", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("priority", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("plan", sa.Text(), nullable=True),
        sa.Column("next_at", TIME, nullable=False),
        sa.Column("paused_until", TIME, nullable=True),
        sa.Column("pause_reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("last_run_id", KEY, nullable=True),
        sa.Column("note", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(["portal"], ["portals.id"], name="slots_portal_fkey"),
        sa.PrimaryKeyConstraint("portal", "section", name="slots_pkey"),
    )


def _dead_letters() -> None:
    op.create_table(
        "dead_letters",
        sa.Column("id", KEY, nullable=False),
        sa.Column("run_id", KEY, nullable=False),
        sa.Column("portal", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("document_key", sa.Text(), nullable=False),
        sa.Column("snapshot_id", KEY, nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("buried_at", TIME, nullable=False),
        sa.Column("draft", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="dead_letters_run_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="dead_letters_pkey"),
        sa.UniqueConstraint("run_id", "key", name="dead_letters_run_id_key_key"),
        sqlite_autoincrement=True,
    )


def _inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("id", KEY, nullable=False),
        sa.Column("run_id", KEY, nullable=False),
        sa.Column("portal", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("document_key", sa.Text(), nullable=False),
        sa.Column("snapshot_id", KEY, nullable=True),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("strikes", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("leased_until", TIME, nullable=True),
        sa.Column("delivered_at", TIME, nullable=False),
        sa.Column("draft", sa.Text(), nullable=False),
        sa.Column("trace", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="inbox_run_id_fkey"),
        sa.PrimaryKeyConstraint("id", name="inbox_pkey"),
        sa.UniqueConstraint("run_id", "key", name="inbox_run_id_key_key"),
        sqlite_autoincrement=True,
    )


def _labels() -> None:
    op.create_table(
        "labels",
        sa.Column("article_id", KEY, nullable=False),
        sa.Column("axis", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("probability", sa.Float(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="labels_article_id_fkey", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "axis", "value", name="labels_pkey"),
    )
    op.create_index("labels_axis_value", "labels", ["axis", "value"], unique=False)


def _models() -> None:
    op.create_table(
        "models",
        sa.Column("id", KEY, nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("in_use", sa.Integer(), nullable=False),
        sa.Column("file", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="models_pkey"),
        sa.UniqueConstraint("version", name="models_version_key"),
        sqlite_autoincrement=True,
    )


def _reviews() -> None:
    op.create_table(
        "reviews",
        sa.Column("article_id", KEY, nullable=False),
        sa.Column("axis", sa.Text(), nullable=False),
        sa.Column("values", sa.Text(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("probability", sa.Float(), nullable=False),
        sa.Column("drawn", sa.Text(), nullable=False),
        sa.Column("reviewed_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="reviews_article_id_fkey", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "axis", name="reviews_pkey"),
    )


def _outcomes() -> None:
    op.create_table(
        "outcomes",
        sa.Column("run_id", KEY, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("article_id", KEY, nullable=True),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["runs.id"], name="outcomes_run_id_fkey", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "key", name="outcomes_pkey"),
        sqlite_with_rowid=False,
    )


def _portal_health() -> None:
    op.create_table(
        "portal_health",
        sa.Column("portal", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.Column("run_id", KEY, nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["portal"], ["portals.id"], name="portal_health_portal_fkey"),
        sa.PrimaryKeyConstraint("portal", name="portal_health_pkey"),
    )


def _run_facts() -> None:
    op.create_table(
        "run_facts",
        sa.Column("run_id", KEY, nullable=False),
        sa.Column("portal", sa.Text(), nullable=False),
        sa.Column("telling", sa.Boolean(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("alarms", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["runs.id"], name="run_facts_run_id_fkey", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", name="run_facts_pkey"),
    )
    op.create_index("run_facts_portal", "run_facts", ["portal", "run_id"], unique=False)


def _related() -> None:
    op.create_table(
        "related",
        sa.Column("article_id", KEY, nullable=False),
        sa.Column("other_id", KEY, nullable=False),
        sa.Column("similarity", sa.Float(), nullable=False),
        sa.Column("reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="related_article_id_fkey", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["articles.id"], name="related_other_id_fkey", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "other_id", name="related_pkey"),
    )


def _revisions() -> None:
    op.create_table(
        "revisions",
        sa.Column("article_id", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), server_default=sa.text("'fetched'"), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("changed", sa.Text(), nullable=False),
        sa.Column("run_id", KEY, nullable=True),
        sa.Column("snapshot_id", KEY, nullable=True),
        sa.Column("seen_at", TIME, nullable=False),
        sa.Column("draft", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="revisions_article_id_fkey", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "number", name="revisions_pkey"),
    )


def _search_texts() -> None:
    op.create_table(
        "search_texts",
        sa.Column("id", KEY, nullable=False),
        sa.Column("article_id", KEY, nullable=False),
        sa.Column("dated", KEY, nullable=False),
        sa.Column("words", HASHES, nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="search_texts_article_id_fkey", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="search_texts_pkey"),
        sa.UniqueConstraint("article_id", name="search_texts_article_id_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("search_texts_dated", "search_texts", ["dated"], unique=False)
    sqlite = op.get_context().dialect.name == "sqlite"
    op.execute(WORDS_SQLITE if sqlite else WORDS_POSTGRES)


def _search_triples() -> None:
    op.create_table(
        "search_triples",
        sa.Column("article_id", KEY, autoincrement=False, nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.id"],
            name="search_triples_article_id_fkey",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("article_id", name="search_triples_pkey"),
    )


def _story_members() -> None:
    op.create_table(
        "story_members",
        sa.Column("article_id", KEY, nullable=False),
        sa.Column("story_id", KEY, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("similarity", sa.Float(), nullable=False),
        sa.Column("matched", sa.Text(), nullable=False),
        sa.Column("matched_id", KEY, nullable=True),
        sa.Column("origin", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("joined_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.id"],
            name="story_members_article_id_fkey",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name="story_members_story_id_fkey"),
        sa.PrimaryKeyConstraint("article_id", name="story_members_pkey"),
    )
    op.create_index("story_members_story_id", "story_members", ["story_id"], unique=False)


def _workers() -> None:
    op.create_table(
        "workers",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("trouble", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="workers_pkey"),
    )
