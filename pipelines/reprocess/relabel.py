"""Label stored articles again with the models in use; what a person said stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from pipelines.classify import classify
from pipelines.store.archive import replace_labels
from pipelines.store.articles import labels_of, read_articles
from pipelines.store.engine import ingest_lock
from pipelines.store.indexing import tell_labels
from pipelines.store.models import models_in_use
from pipelines.store.portals import known_portals
from pipelines.store.schema import articles

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from pipelines.records import Label
    from pipelines.store.engine import Store

_PART = 200


def relabel(store: Store, *, now: datetime) -> Iterator[int]:
    """Label every article again, a part in a transaction; yield how many are done."""
    with store.read() as conn:
        models = models_in_use(conn)
        units = {name: one.unit for name, one in known_portals(conn).items()}
    done = last = 0
    while True:
        with store.begin() as conn:
            ingest_lock(conn)
            query = select(articles.c.id).where(articles.c.id > last).order_by(articles.c.id)
            ids = list(conn.execute(query.limit(_PART)).scalars())
            before = read_articles(conn, ids)
            for one in before:
                unit = units.get(one.draft.portal, "")
                found = classify(one.draft, unit=unit, models=models)
                replace_labels(conn, one.id, found)
            after = labels_of(conn, ids)
            if changed := [one.id for one in before if _differ(one.labels, after[one.id])]:
                tell_labels(conn, changed, now)
        if not ids:
            return
        done, last = done + len(ids), ids[-1]
        yield done


def _differ(before: Sequence[Label], after: Sequence[Label]) -> bool:
    """Tell whether an article has other labels now; what the word index holds of them."""
    one, other = ({(label.axis, label.value) for label in labels} for labels in (before, after))
    return one != other
