"""How slots of the schedule are shown: in a table, as JSON, in the sentences that explain one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from cli.session import local
from pipelines.plural import counted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from pipelines.store.outlook import Outlook
    from pipelines.store.schedule import Slot, Timing

SIZES = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))
COMING = 8  # visits that are named


def slot_json(slot: Slot, now: datetime) -> dict[str, object]:
    """Give a slot as plain JSON values."""
    timing = slot.timing
    return {
        "portal": slot.portal,
        "section": slot.section,
        "adaptive": timing.adaptive,
        "every_seconds": timing.every_seconds,
        "within_seconds": timing.within_seconds,
        "cron": timing.cron,
        "priority": timing.priority,
        "next_at": slot.next_at.isoformat() if slot.next_at else None,
        "paused": bool(_paused(slot, now)),
        "why": explain(slot, now),
    }


def grounds_json(slot: Slot, outlook: Outlook | None, now: datetime) -> dict[str, object]:
    """Give what bounds the visits of a slot and what its plan rests on, None without a plan."""
    plan = outlook and {
        "publication_times": outlook.known,
        "articles_a_week": round(outlook.articles, 1),
        "busiest_hours": list(outlook.busiest),
        "wait_seconds": round(outlook.wait),
        "share_late": round(outlook.late, 3) if slot.timing.within else None,
        "requests_a_visit": outlook.requests,
        "visits": [one.isoformat() for one in outlook.visits if one > now],
    }
    return {"bounds": bounds_of(slot), "plan": plan}


def slot_table(found: Sequence[Slot], now: datetime) -> Table:
    """Make the table of slots, a line for each."""
    table = Table(box=None)
    for name in ("portal", "when", "next", "why"):
        table.add_column(name, no_wrap=name != "why")
    for slot in found:
        paused = _paused(slot, now)
        due = "-" if paused else local(slot.next_at)
        table.add_row(slot.name, _rhythm(slot), due, Text(paused or slot.note or _outlook(slot)))
    return table


def _rhythm(slot: Slot) -> str:
    if slot.timing.cron:
        return f"cron {slot.timing.cron}"
    if slot.timing.every_seconds:
        return f"every {_span(slot.timing.every_seconds)}"
    return "adaptive"


def _outlook(slot: Slot) -> str:
    if slot.outlook is None:
        return "no plan yet: every hour" if slot.timing.adaptive else ""
    visits = counted(round(len(slot.outlook.visits) / 7), "visit")
    waits = _roughly(slot.outlook.wait) + _in_time(slot.timing, slot.outlook)
    return f"{visits} a day, articles wait {waits}"


def bounds_of(slot: Slot) -> list[str]:
    """Say, a sentence each, what the visits of a slot are bounded by."""
    timing = slot.timing
    said = []
    if timing.adaptive:
        said.append(
            f"at most every {_span(timing.floor_seconds)}, at least every "
            f"{_span(timing.ceiling_seconds)}, within {timing.daily_requests} requests a day"
        )
        said += _reasons(timing)
    if timing.quiet:
        said.append(f"never during {timing.quiet}")
    if timing.holidays:
        said.append("never on public holidays")
    if timing.priority:
        said.append(f"priority {timing.priority}")
    return said


def _reasons(timing: Timing) -> list[str]:
    """Say what an adaptive slot makes a visit for."""
    said = []
    if timing.worth:
        span = _span(timing.worth.total_seconds())
        said.append(f"a visit where it spares articles {span} of waiting, together")
    if timing.within:
        span = _span(timing.within.total_seconds())
        said.append(
            f"an article that waits longer than {span} counts for 25 times that more"
            if timing.worth
            else f"as few visits as find 95 of 100 articles within {span}"
        )
    return said


def _in_time(timing: Timing, outlook: Outlook) -> str:
    """Say how many articles are expected to be found in the stated delay."""
    if not timing.within:
        return ""
    return f", {1 - outlook.late:.0%} of them at most {_span(timing.within.total_seconds())}"


def _span(seconds: float) -> str:
    """Give a length of time in the largest unit in which it is whole."""
    size, unit = next(one for one in SIZES if seconds % one[0] == 0)
    return f"{seconds // size:.0f} {unit}"


def _roughly(seconds: float) -> str:
    """Give a length of time in the largest unit of which there are two."""
    size, unit = next((one for one in SIZES if seconds >= 2 * one[0]), SIZES[-1])
    return f"{seconds / size:.0f} {unit}"


def outlook_lines(timing: Timing, outlook: Outlook, now: datetime) -> list[str]:
    """Say what a plan rests on, what it promises, and which visits come next."""
    first, last = outlook.busiest
    times = counted(outlook.known, "publication time")
    grounds = f"learned from {times}" if outlook.known else "assumed, with no publication time"
    rests_on = (
        f"{grounds} of the last half year: about {counted(round(outlook.articles), 'article')} a "
        f"week, the middle half between {first}:00 and {last + 1}:00"
    )
    promises = (
        f"{len(outlook.visits) / 7:.1f} visits a day are planned, of {outlook.requests} requests "
        f"where nothing is new; an article then waits {_roughly(outlook.wait)} on average"
        f"{_in_time(timing, outlook)}"
    )
    days: dict[str, list[str]] = {}
    for visit in [one for one in outlook.visits if one > now][:COMING]:
        days.setdefault(local(visit, "%Y-%m-%d"), []).append(local(visit, "%H:%M"))
    coming = "; ".join(f"{day} {', '.join(hours)}" for day, hours in days.items())
    return [rests_on, promises, *_not_kept(timing, outlook), f"next: {coming}"]


def _not_kept(timing: Timing, outlook: Outlook) -> list[str]:
    from pipelines.schedule.visits import LATE

    if timing.worth or outlook.late <= LATE:
        return []
    return ["more --requests, a shorter --floor or fewer quiet hours would find more in time"]


def _paused(slot: Slot, now: datetime) -> str:
    from pipelines.store.schedule import FOREVER

    if slot.paused_until is None or slot.paused_until <= now:
        return ""
    end = "resumed" if slot.paused_until >= FOREVER else local(slot.paused_until)
    return f"paused until {end}: {slot.pause_reason}"


def explain(slot: Slot, now: datetime) -> str:
    """Say in one sentence when a slot is due next, or why it is not."""
    paused = _paused(slot, now)
    if paused:
        return f"{slot.name} is {paused}"
    said = slot.note or _outlook(slot)
    note = f" ({said})" if said else ""
    return f"{slot.name} runs next at {local(slot.next_at)}, {_rhythm(slot)}{note}"
