"""The candidate query in SQL counts what the index in memory counts."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from pipelines.dedupe.index import HOT, MemoryIndex
from pipelines.store.lookups import sketch_hits
from pipelines.store.schema import sketches

if TYPE_CHECKING:
    from pipelines.store.engine import Store

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
# Signed 64-bit numbers at both ends and few enough that articles share many.
HASHES = [*range(-20, 20), 2**63 - 1, -(2**63)]
FORMULA = 7


@pytest.mark.parametrize("least", [1, 2, 5])
def test_hits_are_those_of_the_index_in_memory(store: Store, least: int) -> None:
    chance = random.Random(least)
    memory = MemoryIndex()
    with store.begin() as conn:
        for article_id in range(1, HOT + 10):
            own = set(chance.sample(HASHES, 4)) - {FORMULA} if article_id < 60 else set()
            own |= {FORMULA}  # it stands in more than HOT articles and finds nothing
            memory.add(article_id, sorted(own))
            rows = [{"hash": value, "article_id": article_id} for value in sorted(own)]
            conn.execute(sketches.insert(), rows)
        asked = [sorted({FORMULA, *chance.sample(HASHES, 9)}) for _ in range(20)]
        found = sketch_hits(conn, [*asked, []], least)
    assert found == [dict(memory.candidates(one, least)) for one in asked] + [{}]


def test_a_hash_in_as_many_articles_as_are_allowed_still_counts(store: Store) -> None:
    with store.begin() as conn:
        rows = [{"hash": FORMULA, "article_id": n} for n in range(HOT)]
        conn.execute(sketches.insert(), rows)
        assert len(sketch_hits(conn, [[FORMULA]], 1)[0]) == HOT
        conn.execute(sketches.insert(), [{"hash": FORMULA, "article_id": HOT}])
        assert sketch_hits(conn, [[FORMULA]], 1) == [{}]
