from __future__ import annotations

from datetime import UTC, datetime, timedelta

from workers.sweep import AGAIN_SECONDS, RungMemory, batches

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def test_work_is_not_rung_twice_while_its_ring_may_wait() -> None:
    memory = RungMemory()
    memory.rang([1, 2], NOON)
    soon, late = NOON + timedelta(seconds=5), NOON + timedelta(seconds=AGAIN_SECONDS + 1)
    assert memory.due([1, 2, 3], soon, silent=False) == [3]
    assert memory.due([1, 2, 3], late, silent=False) == [1, 2, 3]


def test_a_clock_that_was_put_back_keeps_nothing_from_being_rung() -> None:
    memory = RungMemory()
    memory.rang([1], NOON + timedelta(hours=1))
    memory.rang([2], NOON)
    assert memory.due([1, 2], NOON, silent=False) == [1]


def test_all_work_is_rung_again_when_no_ring_is_under_way() -> None:
    memory = RungMemory()
    memory.rang([1, 2], NOON)
    assert memory.due([1, 2, 3], NOON, silent=True) == [1, 2, 3]


def test_what_was_tried_before_goes_alone_the_least_tried_first() -> None:
    attempts = {2: 2, 5: 1, 9: 1}
    assert list(batches([1, 2, 3, 4, 5, 6], attempts, 3)) == [[1, 3, 4], [6], [5], [2]]
