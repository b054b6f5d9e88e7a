"""Say whether a role gets on (``python -m workers.health broker|crawl|ingest|clock``).

Exit code 0 and one line, or 1 and one line that names what stands still. The check of a worker
reads the beat that the worker's own loop writes after each pass, so a process that merely exists
is not healthy.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from config.settings import Settings, load_settings
from workers.beat import read_beat
from workers.roles import ROLES
from workers.start import utc_now

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

PROBE = "gomtin:health"


def worker_trouble(settings: Settings, role: str, now: datetime) -> str:
    """Name what stands still in a worker of this host, or nothing."""
    beat = read_beat(settings.data, role)
    if beat is None:
        return "has not been through its loop once"
    if beat.age(now) > settings.stall_seconds:
        return f"has not been through its loop for {beat.age(now):.0f} s"
    return beat.trouble


def broker_trouble(settings: Settings) -> str:
    """Write to the broker and read it back; name what is wrong, or nothing."""
    import redis  # noqa: PLC0415 - 0.1 s, which the check of a worker need not spend

    from workers.broker import EmbeddedBroker, connect  # noqa: PLC0415 - 0.1 s, which the check of a worker need not spend

    url = settings.broker
    if not url:
        address = EmbeddedBroker(settings.data / "broker").address
        if address is None:
            return "has not been started in this data folder"
        url = address.url
    with connect(url) as client:
        try:
            client.set(PROBE, "1", ex=60)
            persistence = client.info("persistence")
        except redis.RedisError as error:
            return f"does not take a write: {error}"
    if persistence.get("aof_last_write_status", "ok") != "ok":
        return "cannot write its append-only file"
    return ""


def main(argv: Sequence[str] | None = None) -> int:
    """Print one line about the role; 0 healthy, 1 not."""
    parser = argparse.ArgumentParser(prog="python -m workers.health", description=__doc__)
    parser.add_argument("role", choices=ROLES)
    role = parser.parse_args(argv).role
    settings = load_settings()
    if role == "broker":
        trouble = broker_trouble(settings)
    else:
        trouble = worker_trouble(settings, role, utc_now())
    sys.stdout.write(f"{role} {trouble or 'gets on'}\n")
    return 1 if trouble else 0


if __name__ == "__main__":
    raise SystemExit(main())
