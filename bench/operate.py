"""What operating costs: a scrape of /metrics, a backup and its restore (python -m bench.operate).

The archives are made up: 25 portals with 20 days of runs for the scrape; rows of 2.4 KB for the
backup, few and many, which must need the same memory.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import insert

from pipelines.records import Outcome
from pipelines.store.backup import backup
from pipelines.store.engine import open_store
from pipelines.store.figures import figures
from pipelines.store.restore import open_backup, restore
from pipelines.store.schema import outbox, outcomes, portals, runs

if TYPE_CHECKING:
    from pipelines.store.engine import Store

NOW = datetime.now(UTC)
PORTALS, DAYS, RUNS, ADDRESSES = 25, 20, 600, 60
TEXT = "Hội nghị " * 200
FEW, MANY = 2_000, 40_000


def main() -> int:
    """Print the figures; 1 when many rows need a tenth more memory than few."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        spent = _scrape(folder)
        print(f"scrape: {spent * 1000:.0f} ms CPU, {DAYS * RUNS * ADDRESSES:,} outcomes kept")
        few, many = (_save(folder / str(rows), rows) for rows in (FEW, MANY))
    return 0 if many < few * 1.1 else 1


def _scrape(folder: Path) -> float:
    store = open_store(f"sqlite:///{folder / 'scrape.sqlite3'}")
    _fill(store)
    began = time.process_time()
    with store.read() as conn:
        list(figures(conn, NOW))
    store.close()
    return time.process_time() - began


def _fill(store: Store) -> None:
    ended: dict[str, object] = {"kind": "incremental", "state": "done", "params": {}}
    with store.begin() as conn:
        rows = [{"id": f"p{number}", "first_seen_at": NOW} for number in range(PORTALS)]
        conn.execute(insert(portals), rows)
        for day in range(DAYS):
            at = NOW - timedelta(days=day, minutes=1)
            times = dict.fromkeys(("created_at", "started_at", "fetched_at", "finished_at"), at)
            rows = [ended | times | {"portal": f"p{number % PORTALS}"} for number in range(RUNS)]
            conn.execute(insert(runs), rows)
        for run in range(1, DAYS * RUNS + 1):
            keys = [f"/tin-tuc/bai-viet-{number}.html" for number in range(ADDRESSES)]
            same = {"run_id": run, "outcome": Outcome.KNOWN, "at": NOW}
            conn.execute(insert(outcomes), [same | {"key": key, "url": key} for key in keys])


def _save(folder: Path, number: int) -> int:
    """Back up and restore so many rows; give the most memory that was held, in MB."""
    folder.mkdir()
    store, other = (open_store(f"sqlite:///{folder / name}") for name in ("a", "b"))
    with store.begin() as conn:
        for start in range(0, number, 1_000):
            same = {"type": "x", "payload": {"text": TEXT, "start": start}, "created_at": NOW}
            conn.execute(insert(outbox), [same] * 1_000)
    began = time.process_time()
    backup(store, folder / "file", NOW, folder=None, tell=lambda _: None)
    saved = time.process_time()
    with open_backup(folder / "file") as (archive, manifest):
        restore(other, archive, manifest, folder=folder, tell=lambda _: None)
    back = time.process_time()
    store.close()
    other.close()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    times = f"backup {saved - began:.2f} s, restore {back - saved:.2f} s CPU"
    print(f"{number:,} rows: {times}, {most} MB at most")
    return most


if __name__ == "__main__":
    sys.exit(main())
