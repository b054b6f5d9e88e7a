"""What gomtin doctor looks at in the archive, and in the store of turns."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from cli.checkup_line import Check
from pipelines.file_faults import is_there
from pipelines.plural import counted

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

    from config.settings import Settings
    from pipelines.store.engine import Store

PAGES_LOOKED_FOR = 300  # at each end of the index


def store_checks(settings: Settings) -> tuple[Store | None, list[Check]]:
    """Check the archive; the store is given where it can be used."""
    from sqlalchemy.exc import SQLAlchemyError

    from pipelines.errors import GomtinError
    from pipelines.store.engine import look_at_store

    store = None
    checks = []
    try:
        store = look_at_store(settings.store_url)
        if store is None:
            says = f"no archive in {settings.data.absolute()} yet"
            return None, [Check("store", "ok", f"{says}; the first crawl makes it")]
        place = store.engine.url.render_as_string(hide_password=True)
        migrations = _migrations(store)
        checks = [Check("store", "ok", f"answers: {place}"), migrations]
        if migrations.level == "ok":
            _try_write(store)
            return store, [*checks, Check("store writes", "ok", "takes a write")]
    except (GomtinError, SQLAlchemyError) as error:
        checks.append(store_failing(error))
    if store is not None:
        store.close()
    return None, checks


def pages_check(conn: Connection, folder: Path) -> Check:
    """Check that files which the index of fetched pages names are there."""
    from pipelines.store.snapshots import some_files

    named = some_files(conn, PAGES_LOOKED_FOR)
    missing = [name for name in named if not is_there(folder / name)]
    if not missing:
        return Check("pages", "ok", f"all of {counted(len(named), 'file')} looked for are there")
    says = f"{len(missing)} of {counted(len(named), 'file')} looked for are not in {folder},"
    cure = (
        "bring them back from a backup --snapshots, or correct GOMTIN_SNAPSHOTS; articles are"
        " whole without them, only gomtin reextract is not"
    )
    return Check("pages", "warn", f"{says} as {missing[0]}", cure)


def words_check(conn: Connection) -> Check:
    """Check that the word index is whole and of today."""
    from pipelines.store.search_rows import shortfall

    cure = "gomtin reindex, which goes on where one was cut off; crawls go on meanwhile"
    if says := shortfall(conn):
        return Check("words", "warn", says, cure)
    return Check("words", "ok", "all articles are in the word index")


def turns_check(url: str) -> Check:
    """Check the store where turns at hosts are taken."""
    from sqlalchemy.exc import SQLAlchemyError

    from pipelines.errors import GomtinError
    from pipelines.store.engine import look_at_store, schema_version

    try:
        store = look_at_store(url)
        if store is not None:
            with closing(store), store.read() as conn:
                schema_version(conn)
    except (GomtinError, SQLAlchemyError) as error:
        return Check(
            "turns", "fail", _said(error), "correct or unset GOMTIN_TURNS; no crawl goes on"
        )
    return Check("turns", "ok", "the store of GOMTIN_TURNS answers")


def store_failing(error: Exception) -> Check:
    """Tell an archive that fails, and the cure."""
    cure = (
        "see that its server or disk is there and writable; set a damaged archive aside, then"
        " gomtin restore BACKUP or gomtin import SNAPSHOTS makes it anew"
    )
    if getattr(error, "code", "") == "store.url":
        cure = "correct or unset GOMTIN_STORE"
    return Check("store", "fail", _said(error), cure)


def _said(error: Exception) -> str:
    return str(getattr(error, "orig", error)).split("\n", 1)[0]


def _migrations(store: Store) -> Check:
    from pipelines.store.engine import SCHEMA_VERSION, TABLES_CURE, lacking_tables, schema_version

    with store.read() as conn:
        found = schema_version(conn)
        missing = lacking_tables(conn)
    if found == SCHEMA_VERSION and missing:
        says = f"at {found}, but without {', '.join(missing)}"
        return Check("migrations", "fail", says, TABLES_CURE)
    if found == SCHEMA_VERSION:
        return Check("migrations", "ok", f"at {found}, current")
    says = f"at {found or 'nothing'}, this gomtin expects {SCHEMA_VERSION}"
    cure = "gomtin status leads older tables here; newer ones need a newer gomtin"
    return Check("migrations", "fail" if found else "warn", says, cure)


def _try_write(store: Store) -> None:
    """Write something and take it back."""
    from pipelines.store.positions import remember

    with store.begin() as conn:
        remember(conn, "doctor", 0)
        conn.rollback()
