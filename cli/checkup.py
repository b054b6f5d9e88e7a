"""What gomtin doctor looks at on this machine: settings, store, broker, disk, clock, workers."""

from __future__ import annotations

import os
import shutil
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cli.checkup_line import Check
from cli.checkup_store import pages_check, store_checks, store_failing, turns_check, words_check
from cli.session import ago
from config import traces
from pipelines.file_faults import is_there

if TYPE_CHECKING:
    from collections.abc import Iterator

    import redis
    from sqlalchemy import Connection

    from cli.checkup_line import Level
    from config.settings import Settings

GIB = 1 << 30
LITTLE, TOO_LITTLE = 5 * GIB, GIB // 2  # free bytes: a portal's pages of a day take some 50 MB
FULL = 0.8  # of Redis's maxmemory
SKEW = timedelta(seconds=2)  # more between two machines' clocks is worth a look
FIRST = datetime(2026, 1, 1, tzinfo=UTC)  # no archive of gomtin is older
SILENT = timedelta(minutes=2)  # workers give a sign every 10 s
WAITS_LONG = timedelta(minutes=10)
NEEDED = ("clock", "crawl", "ingest")


def local_checks(settings: Settings, now: datetime) -> Iterator[Check]:
    """Check everything that asks no portal."""
    from sqlalchemy.exc import SQLAlchemyError

    yield _settings(settings)
    store, checks = store_checks(settings)
    yield from checks
    yield from _broker(settings, now)
    if settings.turns:
        yield turns_check(settings.turns)
    if traces.are_wanted():
        yield _collector()
    yield from _disk(settings)
    if store is None:
        yield _clock(None, now)
        return
    try:
        with closing(store), store.read() as conn:
            yield pages_check(conn, settings.snapshot_folder)
            yield words_check(conn)
            yield _clock(conn, now)
            yield from _progress(conn, now)
    except SQLAlchemyError as error:
        yield store_failing(error)


def _settings(settings: Settings) -> Check:
    if not settings.contact:
        cure = "set GOMTIN_CONTACT to an address at which operators of portals reach you"
        return Check("settings", "warn", "the User-Agent names nobody who could be asked", cure)
    return Check("settings", "ok", f"portals see the contact {settings.contact}")


# ---- the broker


def _broker(settings: Settings, now: datetime) -> Iterator[Check]:
    import redis

    from pipelines.errors import Halt
    from workers.broker import EmbeddedBroker, connect, find_server

    url = settings.broker
    if not url:
        address = EmbeddedBroker(settings.data / "broker").address
        if address is None or not _answers(address.url):
            try:
                says = f"not running; gomtin up starts {find_server().name} itself"
                yield Check("broker", "ok", says)
            except Halt as missing:
                yield Check("broker", "fail", str(missing), "install a Redis server")
            return
        url = address.url
    with connect(url) as client:
        try:
            client.set("gomtin:health", "1", ex=60)
            yield Check("broker", "ok", "answers and takes a write")
            yield _memory(client)
            yield _persistence(client)
            yield _skew("broker clock", _redis_time(client), datetime.now(UTC), now)
        except redis.RedisError as error:
            cure = "start it, or correct GOMTIN_BROKER; nothing is lost meanwhile"
            yield Check("broker", "fail", f"does not take a write: {error}", cure)


def _answers(url: str) -> bool:
    from workers.broker import answers

    return answers(url)


def _memory(client: redis.Redis) -> Check:
    memory = client.info("memory")
    policy, most, used = memory["maxmemory_policy"], memory["maxmemory"], memory["used_memory"]
    says = f"policy {policy}, {used / (1 << 20):.1f} MB used"
    if most and policy != "noeviction":
        cure = "set maxmemory-policy noeviction: it throws rings and events away"
        return Check("broker memory", "fail", says, cure)
    if most and used > FULL * most:
        says += f" of {most / (1 << 20):.0f} MB"
        return Check("broker memory", "warn", says, "raise maxmemory before it is full")
    return Check("broker memory", "ok", says)


def _persistence(client: redis.Redis) -> Check:
    found = client.info("persistence")
    if found.get("aof_last_write_status", "ok") != "ok":
        cure = "free space on the disk of Redis"
        return Check("broker file", "fail", "cannot write its append-only file", cure)
    if not found["aof_enabled"]:
        cure = "set appendonly yes: events told just before a crash of Redis come late otherwise"
        return Check("broker file", "warn", "keeps no append-only file", cure)
    return Check("broker file", "ok", "append-only file is on")


def _redis_time(client: redis.Redis) -> datetime:
    seconds, micros = client.time()
    return datetime.fromtimestamp(seconds + micros / 1e6, UTC)


def _skew(name: str, theirs: datetime, ours: datetime, now: datetime) -> Check:
    """Compare another machine's clock with ours at the same moment."""
    off = abs(theirs - ours)
    says = f"{off.total_seconds():.1f} s off this machine's"
    level: Level = "ok" if off <= SKEW else "warn"
    if off > timedelta(seconds=10):  # a sixth of the usual lease: when a lease is renewed
        level = "fail"
    cure = "" if level == "ok" else f"let both follow the same time server (here: {now:%F %T} UTC)"
    return Check(name, level, says, cure)


def _collector() -> Check:
    from config.collector import refusal

    wrong = refusal()
    if not wrong:
        return Check("traces", "ok", "the collector takes them")
    cure = (
        "start the collector, or correct or unset OTEL_EXPORTER_OTLP_ENDPOINT (OTLP over HTTP, port"
        " 4318 as a rule); crawls go on without it"
    )
    return Check("traces", "warn", wrong, cure)


# ---- disk and clock


def _disk(settings: Settings) -> Iterator[Check]:
    places = {"data": settings.data.absolute(), "snapshots": settings.snapshot_folder.absolute()}
    for name, folder in places.items():
        there = next(path for path in (folder, *folder.parents) if is_there(path))
        if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
            cure = f"let this user write there, or name another folder: GOMTIN_{name.upper()}"
            yield Check(f"disk {name}", "fail", f"nothing can be written at {there}", cure)
            continue
        free = shutil.disk_usage(there).free
        says = f"{free / GIB:.1f} GB free at {folder}"
        level: Level = "fail" if free < TOO_LITTLE else "warn" if free < LITTLE else "ok"
        cure = "" if level == "ok" else "free space, or move the folder to a larger disk"
        yield Check(f"disk {name}", level, says, cure)


def _clock(conn: Connection | None, now: datetime) -> Check:
    """Check the time against the store's server and against what the archive remembers."""
    cure = "set this machine's clock by a time server"
    if now < FIRST:
        return Check("clock", "fail", f"it is {now:%F}, which cannot be", cure)
    if conn is None:
        return Check("clock", "ok", f"{now:%F %T} UTC")
    latest = _latest(conn)
    if latest and latest > now + timedelta(minutes=1):
        says = f"it is {now:%F %T} UTC, but the archive remembers {latest:%F %T}"
        return Check("clock", "fail", says, cure)
    if conn.dialect.name == "postgresql":
        from sqlalchemy import text

        theirs = conn.execute(text("SELECT clock_timestamp()")).scalar_one()
        return _skew("clock", theirs, datetime.now(UTC), now)
    return Check("clock", "ok", f"{now:%F %T} UTC, after the beginning of the newest run")


def _latest(conn: Connection) -> datetime | None:
    from pipelines.store.runs import recent_runs

    newest = recent_runs(conn, 1)
    return newest[0].created_at if newest else None


# ---- who works


def _progress(conn: Connection, now: datetime) -> Iterator[Check]:
    from pipelines.store.inbox import oldest
    from pipelines.store.overview import overdue
    from pipelines.store.schedule import slots
    from pipelines.store.workers import signs

    found = signs(conn)
    alive = {sign.role for sign in found if now - sign.at <= SILENT}
    for sign in found:
        if now - sign.at <= SILENT and sign.trouble:
            cure = f"look into the log of {sign.id}"
            yield Check("workers", "fail", f"{sign.id}: {sign.trouble}", cure)
    missing = [role for role in NEEDED if role not in alive]
    scheduled = bool(slots(conn))
    if missing and scheduled:
        last = max((sign.at for sign in found), default=None)
        says = f"no sign of {', '.join(missing)}; the last of any: {ago(last, now)}"
        yield Check("workers", "warn", says, "gomtin up starts them (docker compose up -d)")
    else:
        running = ", ".join(sign.id for sign in found if now - sign.at <= SILENT)
        yield Check("workers", "ok", running or "none runs, and nothing is scheduled")
    waits = oldest(conn)
    if waits and now - waits > WAITS_LONG:
        says = f"the oldest draft came {ago(waits, now)}"
        yield Check("inbox", "warn", says, "an ingest worker stores them: gomtin up")
    late = overdue(conn, now) if scheduled else {}
    for portal, (_, reason) in list(late.items())[:3]:
        yield Check(f"portal {portal}", "warn", reason, "see that clock and crawl workers run")


def scheduled_portals(settings: Settings) -> list[str]:
    """Give the portals of the schedule: the archive's, else those that would be taken up."""
    from sqlalchemy.exc import SQLAlchemyError

    from config.schedule import listed_portals
    from pipelines.errors import GomtinError
    from pipelines.store.engine import look_at_store
    from pipelines.store.schedule import slots

    with suppress(GomtinError, SQLAlchemyError):  # the check of the store names what is wrong
        store = look_at_store(settings.store_url)
        if store is not None:
            with closing(store), store.read() as conn:
                return sorted({slot.portal for slot in slots(conn)})
    return list(listed_portals())
