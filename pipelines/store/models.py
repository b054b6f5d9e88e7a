"""The models that were trained in this archive: kept whole, one of them in use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from pipelines.classify.models import Models, shipped
from pipelines.store.faults import Missing
from pipelines.store.schema import models

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class ModelRow:
    """A kept version and what its examination said."""

    version: str
    made_at: datetime | None
    report: Mapping[str, Any]
    in_use: bool


def models_in_use(conn: Connection) -> Models:
    """Give the models that label articles now; their file is read once a version and process."""
    used = models.c.in_use == 1
    made = conn.execute(select(models.c.version, models.c.made_at).where(used)).one_or_none()
    if made is None:
        return shipped()
    if tuple(made) not in _READ:
        file = conn.execute(select(models.c.file).where(used)).scalar_one()
        _READ.clear()
        _READ[tuple(made)] = Models.read(file)
    return _READ[tuple(made)]


# By version and moment: two archives of one process may have versions of one name.
_READ: dict[tuple[Any, ...], Models] = {}


def save_models(conn: Connection, made: Models, report: Mapping[str, Any], now: datetime) -> None:
    """Keep newly trained models and put them to use."""
    row = {"version": made.version, "made_at": now, "report": report, "file": made.written()}
    conn.execute(models.insert(), row | {"in_use": 0})
    use_models(conn, made.version)


def use_models(conn: Connection, version: str) -> None:
    """Put a kept version to use; raise Missing("model.missing") when there is none of that name."""
    known = [row.version for row in list_models(conn)]
    if version not in known:
        raise Missing("model.missing", f"there is no model {version}; kept are {', '.join(known)}")
    conn.execute(update(models).values(in_use=0))
    # no row: the version that came with gomtin
    conn.execute(update(models).where(models.c.version == version).values(in_use=1))


def list_models(conn: Connection) -> list[ModelRow]:
    """Give all versions, the one that came with gomtin first."""
    columns = (models.c.version, models.c.made_at, models.c.report, models.c.in_use)
    kept = [
        ModelRow(row.version, row.made_at, row.report, bool(row.in_use))
        for row in conn.execute(select(*columns).order_by(models.c.id))
    ]
    own = ModelRow(shipped().version, None, {}, not any(row.in_use for row in kept))
    return [own, *kept]
