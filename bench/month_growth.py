"""What grows in the month of bench.month: rows, files, memory of Redis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from pipelines.store import schema
from workers.broker import connect
from workers.relay import STREAM

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from config.settings import Settings
    from pipelines.store.engine import Store

MB = 1_000_000


def sizes(store: Store, settings: Settings, broker: str) -> dict[str, float]:
    """Measure what may grow."""
    with store.read() as conn:
        seen: dict[str, float] = {
            name: conn.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in schema.metadata.tables.items()
        }
        if settings.store:
            whole = select(func.pg_database_size(func.current_database()))
            seen["store, MB"] = conn.execute(whole).scalar_one() / MB
    data = settings.data
    if not settings.store:
        seen["store, MB"] = sum(one.stat().st_size for one in data.glob("gomtin.sqlite3*")) / MB
    with connect(broker) as client:
        seen["stream"] = int(client.xlen(STREAM))
        seen["Redis, MB"] = client.info("memory")["used_memory"] / MB
        seen["Redis keys"] = int(client.dbsize())
    seen["Redis file, MB"] = _size(data / "broker") / MB
    seen["pages, MB"] = _size(settings.snapshot_folder) / MB
    seen["logs, MB"] = _size(data / "logs") / MB
    seen["log files"] = sum(1 for _ in (data / "logs").iterdir())
    return seen


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def print_growth(days: Sequence[Mapping[str, float]]) -> None:
    """Print how much there was on some of the days."""
    last = len(days) - 1
    chosen = sorted(day for day in {1, 8, 15, 22, last - 1, last} if 0 <= day <= last)
    print(f"{'on day':14}", *(f"{day:8}" for day in chosen))
    for name in days[0]:
        if not any(sizes[name] for sizes in days):
            continue
        print(f"{name:14}", *(f"{days[day][name]:8.0f}" for day in chosen))
