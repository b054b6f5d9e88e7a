"""The candidate query in SQL counts what the index in memory counts."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from pipelines.dedupe.index import HOT, MemoryIndex
from pipelines.dedupe.sketch import fingerprint
from pipelines.store.lookups import sketch_hits
from pipelines.store.schema import sketches

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipelines.records import Draft
    from pipelines.store.engine import Store

    MakeDraft = Callable[..., Draft]
    Desk = Any  # the fixture's class stands in tests/conftest.py

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
# Signed 32-bit numbers at both ends and few enough that articles share many.
HASHES = [*range(-20, 20), 2**31 - 1, -(2**31)]
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
        found = sketch_hits(conn, [*((one, least + n % 2) for n, one in enumerate(asked)), ([], 1)])
    wanted = [dict(memory.candidates(one, least + n % 2)) for n, one in enumerate(asked)]
    assert found == [*wanted, {}]


def test_a_hash_that_is_hot_is_not_written_any_more(
    desk: Desk, store: Store, make_draft: MakeDraft
) -> None:
    body = tuple(f"Hộ ông {word} ở ấp này góp công làm đường." for word in ("An", "Cư"))
    own = fingerprint("Tin", body).hashes
    with store.begin() as conn:
        rows = [{"hash": own[0], "article_id": 1_000 + n} for n in range(HOT + 1)]
        conn.execute(sketches.insert(), rows)
    desk.bring(make_draft(title="Tin", body=body))
    with store.read() as conn:
        mine = select(sketches.c.hash).where(sketches.c.article_id == 1)
        assert sorted(conn.execute(mine).scalars()) == list(own[1:])


def test_a_hash_in_as_many_articles_as_are_allowed_still_counts(store: Store) -> None:
    with store.begin() as conn:
        rows = [{"hash": FORMULA, "article_id": n} for n in range(HOT)]
        conn.execute(sketches.insert(), rows)
        assert len(sketch_hits(conn, [([FORMULA], 1)])[0]) == HOT
        conn.execute(sketches.insert(), [{"hash": FORMULA, "article_id": HOT}])
        assert sketch_hits(conn, [([FORMULA], 1)]) == [{}]
