"""Plan the visits of adaptive slots from what their portals have published."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from pipelines.schedule.rhythm import learn
from pipelines.schedule.visits import Bounds, plan_week
from pipelines.store.opening import Quiet
from pipelines.store.outlook import Outlook
from pipelines.store.rhythms import publications, visit_pages, visited
from pipelines.store.schedule import slots, write_outlook

if TYPE_CHECKING:
    from datetime import datetime

    from pipelines.store.engine import Store
    from pipelines.store.schedule import Slot, Timing

# Requests of a visit that finds nothing new, until one has been seen: robots.txt, the feed, the
# home page. Where no feed tells of what is new, the front pages of all sections are asked.
VISIT_REQUESTS = 3
RENEW = timedelta(days=1)
AT_ONCE = 5  # a plan costs up to 0.15 s of CPU; the clock has other things to do
DAYS_A_WEEK = 7


def plan_slots(store: Store, now: datetime) -> int:
    """Plan anew some of the adaptive slots whose plan is a day old or missing; give their number.

    The plans are drawn outside of any transaction.
    """
    with store.read() as conn:
        due = [slot for slot in slots(conn) if _needs_plan(slot, now)][:AT_ONCE]
    for slot in due:
        outlook = draw(store, slot, now)
        with store.begin() as conn:
            write_outlook(conn, slot, outlook)
    return len(due)


def draw(store: Store, slot: Slot, now: datetime) -> Outlook:
    """Draw the plan of one slot for the week from its last visit on."""
    with store.read() as conn:
        published = publications(conn, slot.portal, slot.section, now)
        first, last = visited(conn, slot.portal, slot.section)
        requests = 1 + max(visit_pages(conn, slot.portal, slot.section), VISIT_REQUESTS - 1)
    since = min([*published.times, *published.days, first or now])
    rhythm = learn(published.times, since, now, days=published.days)
    bounds = bounds_of(slot.timing, requests)
    start = max(last, now - bounds.ceiling) if last else now
    rest = slot.timing.rest
    closed = (lambda at: rest.opens(at) > at) if rest != Quiet() else None
    plan = plan_week(rhythm, start, bounds, closed)
    return Outlook(
        now,
        plan.visits,
        plan.wait.total_seconds(),
        rhythm.per_week,
        rhythm.busiest(),
        rhythm.known,
        requests,
        plan.late,
    )


def bounds_of(timing: Timing, visit_requests: int = VISIT_REQUESTS) -> Bounds:
    """Give what the plans of an adaptive slot have to keep, at so many requests a visit."""
    return Bounds(
        timedelta(seconds=timing.floor_seconds),
        timedelta(seconds=timing.ceiling_seconds),
        DAYS_A_WEEK * timing.daily_requests / visit_requests,
        timing.worth,
        timing.within,
    )


def _needs_plan(slot: Slot, now: datetime) -> bool:
    if not slot.timing.adaptive:
        return False
    return slot.outlook is None or now - slot.outlook.made_at >= RENEW
