"""One crawl of all replica portals through the whole pipeline while a fault is at work.

The processes are the product's own, supervised as ``gomtin up`` does it. What the replicas hold is
compared with what the archive holds at the end.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

import psutil
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from bench.large_world import LargeWorld
from crawler.registry import find_portal
from demo.content import PORTALS
from demo.expected import expected
from pipelines.errors import Halt
from pipelines.store import schema
from pipelines.store.engine import open_store
from pipelines.store.inbox import pending
from pipelines.store.runs import RunParams, complete_runs, create_run, get_run, held_runs
from workers.broker import connect
from workers.relay import STREAM
from workers.roles import ROLES
from workers.start import utc_now
from workers.supervise import Stack

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection

    from config.settings import Settings
    from pipelines.store.engine import Store
    from pipelines.store.runs import RunKind

Key = tuple[str, str]
LOOK_SECONDS = 0.05
ENDED = frozenset({"done", "failed", "stopped"})


@dataclass(frozen=True, slots=True)
class Result:
    """How a trial ended: articles lost, doubled and dead, the runs' states, and what was said."""

    fault: str
    store: str
    blows: int
    wanted: int
    lost: int
    doubled: int
    dead: int
    repeats: int
    ended: bool
    seconds: float
    notes: tuple[str, ...]


class Fault(Protocol):
    """What is done to a trial while it runs; ``blows`` counts how often it was done."""

    name: str
    blows: int

    def begin(self, trial: Trial) -> None:
        """Prepare, before the processes are started."""
        ...

    def step(self, trial: Trial) -> None:
        """Do harm if it is time; called all the while."""
        ...

    def end(self, trial: Trial) -> None:
        """Clear away what would outlast the trial."""
        ...


@dataclass
class Trial:
    """The archive, the processes and the runs of one trial.

    A fault sets ``busy`` while it has more to do even if every run has ended.
    """

    settings: Settings
    sites: Mapping[str, str]
    further: int
    commands: dict[str, Sequence[str]] = field(default_factory=dict)
    roles: Sequence[str] = ROLES
    kind: RunKind = "incremental"
    runs: dict[int, str] = field(default_factory=dict)
    delay: float = 0.0
    jump: timedelta = timedelta()
    busy: bool = False
    notes: list[str] = field(default_factory=list)

    def now(self) -> datetime:
        """Give the time of the machine, as far as the fault leaves it alone."""
        return utc_now() + self.jump

    def run(self, fault: Fault, patience: float) -> Result:
        """Crawl everything under ``fault``; give up after ``patience`` seconds."""
        began = time.monotonic()
        self.store: Store = open_store(self.settings.store_url)
        fault.begin(self)
        ended = False
        try:
            with Stack(
                self.settings, roles=self.roles, commands=self.commands, now=self.now
            ) as stack:
                self.stack = stack
                self.order(self.sites)
                ended = self._watch(fault, began + patience)
                result = self._judge(fault, ended=ended, seconds=time.monotonic() - began)
        except Halt as error:
            self.notes.append(str(error))
            result = self._judge(fault, ended=False, seconds=time.monotonic() - began)
        finally:
            fault.end(self)
            self.store.close()
        return result

    def order(self, portals: Iterable[str]) -> None:
        """Make a run of each of the portals and ring for it."""
        for portal in portals:
            params = RunParams(base_url=self.sites[portal], delay=self.delay)
            with self.store.begin() as conn:
                run_id = create_run(conn, portal, self.kind, params, self.now())
            self.runs[run_id] = portal
            self.stack.ring_crawl(run_id)

    def _watch(self, fault: Fault, limit: float) -> bool:
        """Supervise until all runs have ended by themselves; False when time is up."""
        while time.monotonic() < limit:
            try:
                self.notes += self.stack.check()
                fault.step(self)
                if not self.busy and self._over():
                    return True
            except SQLAlchemyError:
                time.sleep(0.5)  # the store is away: the fault or its consequence
            time.sleep(LOOK_SECONDS)
        return False

    def _over(self) -> bool:
        with self.store.begin() as conn:
            complete_runs(conn, self.now())
        with self.store.read() as conn:
            states = {get_run(conn, run_id).state for run_id in self.runs}
            waiting = pending(conn)
            unrelayed = schema.outbox.c.relayed_at.is_(None)
            left = conn.execute(select(func.count()).where(unrelayed)).scalar_one()
        return states <= ENDED and not waiting and not left

    # --- what faults aim at

    def fetched(self) -> int:
        """Count the articles that crawls have delivered."""
        with self.store.read() as conn:
            return pending(conn) + self._stored(conn)

    def stored(self) -> int:
        """Count the articles in the archive."""
        with self.store.read() as conn:
            return self._stored(conn)

    def _stored(self, conn: Connection) -> int:
        return int(conn.execute(select(func.count()).select_from(schema.articles)).scalar_one())

    def ended_portals(self) -> list[str]:
        """Give the portals whose run is over."""
        with self.store.read() as conn:
            return [name for run, name in self.runs.items() if get_run(conn, run).state in ENDED]

    def crawl_pids(self) -> list[int]:
        """Give the processes that crawl at this moment."""
        with self.store.read() as conn:
            owners = held_runs(conn, self.now()).values()
        pids = [int(owner.rpartition(":")[2]) for owner in owners]
        return [pid for pid in pids if psutil.pid_exists(pid)]

    def role_pids(self, role: str) -> list[int]:
        """Give the process of a role, while it runs."""
        found = [worker.process for worker in self.stack.workers if worker.role == role]
        return [one.pid for one in found if one is not None and one.poll() is None]

    # --- the verdict

    def _judge(self, fault: Fault, *, ended: bool, seconds: float) -> Result:
        held = expected(LargeWorld(self.further))
        wanted = {_key(portal, one.url) for portal in PORTALS for one in held[portal].articles}
        with self.store.read() as conn:
            columns = (schema.articles.c.portal, schema.articles.c.document_key)
            kept = {(row[0], row[1]) for row in conn.execute(select(*columns))}
            query = select(schema.outbox.c.type, schema.outbox.c.payload)
            told = Counter((row.type, repr(row.payload)) for row in conn.execute(query))
            dead = conn.execute(select(func.count()).select_from(schema.dead_letters)).scalar_one()
            runs = [get_run(conn, run_id) for run_id in self.runs]
        self.notes += [f"{run.portal}: {run.state} {run.error}".strip() for run in runs]
        other = {key for key in kept - wanted if key[0] in PORTALS}
        return Result(
            fault=fault.name,
            store="postgresql" if self.settings.store else "sqlite",
            blows=fault.blows,
            wanted=len(wanted),
            lost=len(wanted - kept),
            doubled=len(other) + sum(told.values()) - len(told),
            dead=dead,
            repeats=self._repeats(),
            ended=ended,
            seconds=seconds,
            notes=tuple(self.notes),
        )

    def _repeats(self) -> int:
        """Count the events that stand in the stream more than once, under the same id."""
        with connect(self.stack.settings.broker) as client:
            entries: Any = client.xrange(STREAM)
        ids = [fields[b"id"] for _, fields in entries]
        return len(ids) - len(set(ids))


def _key(portal: str, url: str) -> Key:
    return portal, find_portal(portal).document_key(url)
