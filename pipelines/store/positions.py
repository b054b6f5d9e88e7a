"""Numbers that long tasks remember from one transaction to the next, by the task's name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from pipelines.store.dialect import insert
from pipelines.store.schema import articles, progress

if TYPE_CHECKING:
    from sqlalchemy import Connection


def position(conn: Connection, task: str) -> int | None:
    """Give what was remembered; None: nothing."""
    query = select(progress.c.position).where(progress.c.task == task)
    return conn.execute(query).scalar_one_or_none()


def left(conn: Connection, task: str) -> int:
    """Count the articles that a task which goes through them by their ids has before it."""
    behind = articles.c.id > (position(conn, task) or 0)
    return int(conn.execute(select(func.count()).where(behind)).scalar_one())


def remember(conn: Connection, task: str, number: int) -> None:
    """Remember a number in the place of the last one."""
    row = {"task": task, "position": number, "state": {}}
    statement = insert(conn, progress).values(row)
    conn.execute(statement.on_conflict_do_update(index_elements=["task"], set_=row))


def forget(conn: Connection, task: str) -> None:
    """Remember nothing any more."""
    conn.execute(delete(progress).where(progress.c.task == task))
