"""Run Alembic from code: no alembic.ini, the caller's connection and transaction."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from pipelines.store.faults import StoreError

if TYPE_CHECKING:
    from sqlalchemy import Connection


def upgrade(conn: Connection) -> None:
    """Lead the archive behind ``conn`` to the newest migration, inside its transaction.

    Raise StoreError when the archive is newer than this code.
    """
    config = _config()
    config.attributes["connection"] = conn
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise StoreError(
            "store.newer",
            f"the archive was written by another version of gomtin ({error}); update gomtin",
        ) from error


def head() -> str | None:
    """Name the newest migration in the folder."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config
