from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import redis

from pipelines.store.outbox import emit, unrelayed
from workers.broker import connect
from workers.relay import BATCH, LEADER, STREAM, Relay

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipelines.store.engine import Store

DOCS = Path(__file__).parents[2] / "docs" / "read.md"
NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


class Bench:
    """A relay with a hand-moved clock."""

    def __init__(self, store: Store, client: redis.Redis) -> None:
        self.store = store
        self.client = client
        self.at = 0.0
        self.relay = self.another("one")

    def another(self, owner: str) -> Relay:
        return Relay(self.store, self.client, owner=owner, clock=lambda: self.at)

    def emit(self, count: int) -> list[int]:
        with self.store.begin() as conn:
            return [emit(conn, "article.stored", {"tựa": f"số {i}"}, NOON) for i in range(count)]

    def ids(self) -> list[int]:
        entries: Any = self.client.xrange(STREAM)
        return [int(fields[b"id"]) for _, fields in entries]

    def waiting(self) -> int:
        with self.store.read() as conn:
            return len(unrelayed(conn, 10 * BATCH))


@pytest.fixture
def bench(store: Store, client: redis.Redis) -> Bench:
    return Bench(store, client)


def test_each_event_once_in_order_and_readable(bench: Bench) -> None:
    ids = bench.emit(3)
    assert [bench.relay.relay(NOON) for _ in range(3)] == [3, 0, 0]
    assert bench.ids() == ids
    entries: Any = bench.client.xrange(STREAM)
    fields = {k.decode(): v.decode() for k, v in entries[0][1].items()}
    assert json.loads(fields.pop("payload")) == {"tựa": "số 0"}
    assert fields == {
        "id": str(ids[0]),
        "type": "article.stored",
        "version": "1",
        "at": "2026-01-02T12:00:00+00:00",
    }


def test_an_event_counts_as_relayed_when_it_has_settled(bench: Bench) -> None:
    ids = bench.emit(2)
    bench.relay.relay(NOON)
    assert bench.waiting() == 2
    bench.at = 3.0
    bench.relay.relay(NOON)
    assert (bench.ids(), bench.waiting()) == (ids, 0)


def test_what_redis_lost_before_it_settled_is_sent_again_under_the_same_id(bench: Bench) -> None:
    ids = bench.emit(2)
    bench.relay.relay(NOON)
    bench.client.flushall()
    bench.at = 3.0
    bench.relay.relay(NOON)
    assert bench.ids() == ids
    bench.at = 6.0
    bench.relay.relay(NOON)
    assert (bench.ids(), bench.waiting()) == (ids, 0)


def test_what_a_relay_sent_that_died_before_settling_is_found_in_the_stream(bench: Bench) -> None:
    ids = bench.emit(3 * BATCH)
    bench.relay.relay(NOON)
    bench.relay.relay(NOON)
    bench.client.delete(LEADER)  # its lease ran out
    heir = bench.another("two")
    while len(bench.ids()) < len(ids):
        heir.relay(NOON)
    bench.at = 3.0
    heir.relay(NOON)
    assert (bench.ids(), bench.waiting()) == (ids, 0)


def test_a_relay_whose_lease_was_lost_for_a_while_repeats_nothing(bench: Bench) -> None:
    ids = bench.emit(1)
    bench.relay.relay(NOON)
    bench.client.delete(LEADER)
    ids += bench.emit(1)
    bench.another("two").relay(NOON)
    bench.client.delete(LEADER)
    ids += bench.emit(1)
    bench.relay.relay(NOON)
    assert bench.ids() == ids


def test_entries_that_are_no_event_of_the_archive_are_passed_over(bench: Bench) -> None:
    ids = bench.emit(2)
    bench.client.xadd(STREAM, {"id": str(ids[0]), "payload": "of an older archive"})
    bench.client.xadd(STREAM, {"id": "x"})
    bench.client.xadd(STREAM, {"a": "b"})
    assert bench.relay.relay(NOON) == 2
    bench.client.delete(LEADER)
    ids += bench.emit(1)
    assert bench.another("two").relay(NOON) == 1
    entries: Any = bench.client.xrange(STREAM)
    assert [int(fields[b"id"]) for _, fields in entries[3:]] == ids


def test_one_relay_leads(bench: Bench) -> None:
    ids = bench.emit(2)
    other = bench.another("two")
    assert (bench.relay.relay(NOON), other.relay(NOON)) == (2, 0)
    bench.relay.release()
    ids += bench.emit(1)
    other.relay(NOON)
    assert bench.ids() == ids


def test_redis_away_loses_nothing(bench: Bench) -> None:
    ids = bench.emit(2)
    with connect("redis://127.0.0.1:1/0") as nobody:
        away = Relay(bench.store, nobody, owner="away")
        with pytest.raises(redis.ConnectionError):
            away.relay(NOON)
    bench.relay.relay(NOON)
    assert bench.ids() == ids


def consume(program: Path, broker: str, last: str) -> list[str]:
    """Run the documented consumer until it has printed its ``last`` line, and kill it."""
    with subprocess.Popen(
        [sys.executable, program],
        env=os.environ | {"GOMTIN_BROKER": broker, "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stdout is not None
        guard = threading.Timer(30, process.kill)
        guard.start()
        seen = list(iter_until(process.stdout, last))
        guard.cancel()
        process.kill()
    return seen


def iter_until(lines: Iterable[str], last: str) -> Iterator[str]:
    for line in lines:
        yield line.strip()
        if line.strip() == last:
            return


def test_the_documented_consumer_misses_nothing_when_it_is_killed(
    bench: Bench, redis_url: str, tmp_path: Path
) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    program = tmp_path / "consumer.py"
    program.write_text(code, encoding="utf-8")
    told = [f"article.stored {{'tựa': 'số {n}'}}" for n in range(3)]
    bench.emit(2)
    bench.relay.relay(NOON)
    assert consume(program, redis_url, told[1]) == told[:2]
    with bench.store.begin() as conn:
        emit(conn, "article.stored", {"tựa": "số 2"}, NOON)
    bench.relay.relay(NOON)
    # it was killed before or after it acknowledged what it had printed
    *again, newest = consume(program, redis_url, told[2])
    assert newest == told[2]
    assert again in ([], [told[1]])
