"""Give up the leases of crawl processes that are known to be dead, long before they expire.

The owner of a run is written "host:pid" by the crawl process. Only who alone runs crawls on this
host (the crawl worker for its own children, the holder of the folder's crawl lock) may conclude
from a missing process that the run is abandoned.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import psutil

from pipelines.store.runs import give_up_lease, held_runs

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from pipelines.store.engine import Store


def owner_of(pid: int) -> str:
    """Name the owner of a run whose crawl process on this host is ``pid``."""
    return f"{os.uname().nodename}:{pid}"


def give_up(store: Store, ended: Iterable[tuple[int, int]], now: datetime) -> None:
    """Give up the leases of (run id, process id) that have ended without finishing the run."""
    with store.begin() as conn:
        for run_id, pid in ended:
            give_up_lease(conn, run_id, owner_of(pid), now)


def give_up_abandoned(store: Store, now: datetime) -> list[int]:
    """Give up the leases of this host's crawl processes that are gone; give the runs."""
    with store.read() as conn:
        held = held_runs(conn, now)
    here = owner_of(0).removesuffix("0")
    abandoned = [
        (run_id, int(owner.removeprefix(here)))
        for run_id, owner in held.items()
        if owner.startswith(here) and not psutil.pid_exists(int(owner.removeprefix(here)))
    ]
    if abandoned:
        give_up(store, abandoned, now)
    return [run_id for run_id, _ in abandoned]
