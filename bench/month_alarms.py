"""What was told of the portals in a month: each fault once, its end, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from bench.month_faults import AWAY, BEGIN, DAY, as_it_is, evenings
from cli.session import local
from pipelines.health.standing import span
from pipelines.store import schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, RowMapping

    from bench.month_faults import Break
    from bench.month_report import Seen


def print_alarms(conn: Connection, seen: Seen) -> list[str]:
    """Print what was told of the portals; give what was false, told more than once, or not told."""
    table = schema.outbox
    query = select(table).where(table.c.type.in_(("portal.degraded", "portal.recovered")))
    events = conn.execute(query.order_by(table.c.id)).mappings().all()
    wrong: list[str] = []
    ill = [(portal, since, until) for portal, (since, until) in seen.paused.items()]
    ill += [(one, BEGIN, timing.rest.opens(BEGIN)) for one, timing in seen.timings.items()]
    world = seen.world
    ill += [(AWAY, *evening) for evening in evenings(seen.end)]
    for fault in seen.breaks:
        told = [
            one
            for one in events
            if one["payload"]["portal"] == fault.portal and one["created_at"] >= fault.since
        ]
        named = [one for one in told if one["created_at"] < fault.until]
        named = [one for one in named if one["type"] == "portal.degraded"]
        ended = [one for one in told if one["type"] == "portal.recovered"][:1] if named else []
        unseen = fault.strike is not as_it_is and (fault.portal, fault.name) not in world.shown
        if unseen and not named and fault.since < seen.end:
            print(f"{fault.portal}, {fault.name}: no page that was asked had it")
        elif not unseen or named:
            wrong += _print_fault(fault, named, ended, seen.end)
        events = [one for one in events if one not in named and one not in ended]
        well = ended[0]["created_at"] if ended else seen.end + DAY  # after it one looks once more
        ill.append((fault.portal, fault.since, well))
    wrong += [
        f"{one['payload']['portal']}: {one['type']} at {local(one['created_at'])}: "
        f"{one['payload'].get('reason', '')}"
        for one in events
    ]
    wrong += [
        f"{portal}: stood {standing.state} at {local(at)}: {standing.reason}"
        for at, portal, standing in seen.stood
        if not any(one == portal and since <= at <= until for one, since, until in ill)
    ]
    count = sum(len(message["events"]) for _, message in seen.post.messages)
    print(f"{len(seen.post.messages)} messages to the operator, of {count} events")
    return [*wrong, *seen.post.faults(seen.every)]


def _print_fault(
    fault: Break, named: Sequence[RowMapping], ended: Sequence[RowMapping], end: datetime
) -> Iterator[str]:
    """Print when a fault was named and when its end; give what is wrong with it."""
    if not (fault.sure or named):
        return
    for what, since, found in (("named", fault.since, named), ("over", fault.until, ended)):
        if since < end:
            after = f"after {span(found[0]['created_at'] - since)}" if found else "never"
            codes = ", ".join(one["payload"].get("code", "") for one in found)
            print(f"{fault.portal}, {fault.name}: {what} {after} {codes}".rstrip())
    times = len({one["created_at"] for one in named})  # several findings of one run are one
    if fault.until < end and times != 1:
        yield f"{fault.portal}, {fault.name}: named {times} times"
    if fault.until + timedelta(days=7) < end and not ended:
        yield f"{fault.portal}, {fault.name}: its end is not told"
