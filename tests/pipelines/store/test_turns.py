"""Turns at hosts: one budget, however many processes ask."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from pipelines.store.engine import open_store
from pipelines.store.turns import Turn, leave_alone, resting_hosts, take_turn

if TYPE_CHECKING:
    from pipelines.store.engine import Store

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HOST = "hiepninh.tayninh.gov.vn"


def test_turns_follow_each_other_by_the_delay(store: Store) -> None:
    with store.begin() as conn:
        turns = [take_turn(conn, HOST, 2 * SECOND, NOW, 300 * SECOND).at for _ in range(3)]
        other = take_turn(conn, "angiang.gov.vn", 2 * SECOND, NOW, 300 * SECOND).at
        later = take_turn(conn, HOST, 2 * SECOND, NOW + 60 * SECOND, 300 * SECOND).at
    assert turns == [NOW, NOW + 2 * SECOND, NOW + 4 * SECOND]
    assert (other, later) == (NOW, NOW + 60 * SECOND)


def test_a_host_that_asked_for_a_pause_is_left_alone_by_all(store: Store) -> None:
    with store.begin() as conn:
        leave_alone(conn, HOST, NOW + 600 * SECOND, "it asked", NOW)
        leave_alone(conn, HOST, NOW + 60 * SECOND, "it asked for less", NOW)
        assert resting_hosts(conn, NOW) == {HOST: Turn(NOW + 600 * SECOND, "it asked")}
        for _ in range(2):  # too far away: told, not taken
            turn = take_turn(conn, HOST, 2 * SECOND, NOW, 300 * SECOND)
            assert turn == Turn(NOW + 600 * SECOND, "it asked")
        turn = take_turn(conn, HOST, 2 * SECOND, NOW + 500 * SECOND, 300 * SECOND)
        assert turn.at == NOW + 600 * SECOND
        take_turn(conn, HOST, 2 * SECOND, NOW + 700 * SECOND, 300 * SECOND)
        assert resting_hosts(conn, NOW + 700 * SECOND) == {}


@pytest.mark.parametrize("minutes", [10, 60, 300])
def test_a_clock_that_was_put_back_stops_nobody(store: Store, minutes: int) -> None:
    with store.begin() as conn:
        take_turn(conn, HOST, 2 * SECOND, NOW + timedelta(minutes=minutes), 300 * SECOND)
        assert take_turn(conn, HOST, 2 * SECOND, NOW, 300 * SECOND).at == NOW


def test_processes_that_ask_at_the_same_moment_get_different_turns(store_url: str) -> None:
    found: list[datetime] = []

    def ask() -> None:
        store = open_store(store_url)
        for _ in range(5):
            with store.begin() as conn:
                found.append(take_turn(conn, HOST, SECOND, NOW, 300 * SECOND).at)
        store.close()

    askers = [threading.Thread(target=ask) for _ in range(4)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join(30)
    assert sorted(found) == [NOW + n * SECOND for n in range(20)]
