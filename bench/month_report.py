"""What came of a month: each portal beside what the archive has of it, and its schedule."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import mean, median
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bench.month_faults import BEGIN, DAY, month_first
from cli.session import local
from crawler.registry import find_portal
from demo.cms import SITES
from demo.content import PORTALS
from pipelines.codec import VIETNAM
from pipelines.health.standing import span
from pipelines.store import schema
from pipelines.store.rhythms import ASKED
from pipelines.store.schedule import Timing, get_slot

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, RowMapping

    from bench.month_faults import Break
    from bench.month_operator import Post
    from bench.month_world import Life, Month
    from pipelines.health.standing import Standing


REMEMBERED = timedelta(days=28)  # what visits met is kept a little longer
LATEST = timedelta(days=1, hours=2)  # the ceiling between two visits, and what one takes


@dataclass
class Seen:
    """What a month has shown beside its archive.

    ``paused``: from when to when, by portal. ``days`` are the sizes of what grows, day by day;
    ``stood`` are the hours at which a portal was said to stand otherwise than well; ``pruned`` is
    in bytes; ``every`` is how often there may be a message.
    """

    world: Month
    end: datetime
    paused: Mapping[str, tuple[datetime, datetime]]
    post: Post
    every: timedelta
    breaks: Sequence[Break] = ()
    timings: Mapping[str, Timing] = field(default_factory=dict)
    days: list[dict[str, float]] = field(default_factory=list)
    stood: list[tuple[datetime, str, Standing]] = field(default_factory=list)
    pruned: int = 0


@dataclass(frozen=True, slots=True)
class Judged:
    """What the archive has of a portal's month beside what there was.

    ``delays`` are the minutes from publication to archive, in order. ``corrections`` and
    ``withdrawals`` are those of stored articles; the latest are noticed only after the month, by
    the ages at which articles are read again. ``wrong`` names what is not as it has to be.
    """

    portal: str
    published: int
    stored: int
    delays: Sequence[float]
    corrections: int
    revisions: int
    withdrawals: int
    gone: int
    wrong: Sequence[str]


def judge(conn: Connection, seen: Seen, portal: str) -> Judged:
    """Compare a portal's month with the archive; articles of a pause have no delay."""
    kind = find_portal(portal)
    site = next(one for one in SITES if one.id == portal)(seen.world)
    end = seen.end
    lives = {kind.document_key(site.url(one.first)): one for one in seen.world.lives[portal]}
    table, revisions = schema.articles, schema.revisions
    later = select(func.count()).where(revisions.c.article_id == table.c.id, revisions.c.number > 1)
    query = select(table, later.scalar_subquery().label("later")).where(table.c.portal == portal)
    stored = {row["document_key"]: row for row in conn.execute(query).mappings()}
    wrong = [f"{key} missed" for key in _there(lives, end) - stored.keys()]
    wrong += [
        f"{key} is no article" for key, one in lives.items() if one.first.trap and key in stored
    ]
    both = {key: (lives[key], stored[key]) for key in lives.keys() & stored.keys()}
    late = [pair for pair in both.values() if _changed(*pair, end)]
    for key, (life, row) in both.items():
        causes = sum(
            fault.strike is month_first and fault.at(portal, row["first_seen_at"])
            for fault in seen.breaks
        )  # its date could not be read then, and was later
        wrong += [f"{key} {said}" for said in _faults(life, row, kind.recheck_days, end, causes)]
        if (waited := row["first_seen_at"] - _readable(life, seen, portal)) > LATEST:
            wrong.append(f"{key} was met {span(waited)} after it could have been")
    return Judged(
        portal,
        sum(life.published >= BEGIN for life in lives.values()),
        sum(life.published >= BEGIN for life, _ in both.values()),
        sorted(_delays(both.values(), end, seen.paused.get(portal, (end, end)))),
        sum(life.corrected_at is not None for life, _ in late),
        sum(row["later"] for row in stored.values()),
        sum(life.withdrawn_at is not None for life, _ in late),
        sum(_is_gone(row) for row in stored.values()),
        wrong + [f"{key} is of no portal" for key in stored.keys() - lives.keys()],
    )


def _there(lives: Mapping[str, Life], end: datetime) -> set[str]:
    return {key for key, life in lives.items() if life.stands(BEGIN, end)}


def _changed(life: Life, row: RowMapping, end: datetime) -> datetime | None:
    """Give when an article was corrected or withdrawn after it had been read."""
    later = life.changed_at and row["first_seen_at"] < life.changed_at < end
    return life.changed_at if later else None


def _is_gone(row: RowMapping) -> bool:
    return row["gone_at"] is not None and row["gone_at"] >= row["seen_at"]


def _readable(life: Life, seen: Seen, portal: str) -> datetime:
    """Give when an article could be read first: not in a fault, a pause or quiet hours."""
    at = max(life.published, BEGIN)
    spans = [(one.since, one.until) for one in seen.breaks if one.portal == portal]
    for since, until in sorted([*spans, *filter(None, [seen.paused.get(portal)])]):
        at = until if since <= at < until else at
    return seen.timings.get(portal, Timing()).rest.opens(at)


def _faults(
    life: Life, row: RowMapping, ages: Sequence[int], end: datetime, causes: int
) -> Iterator[str]:
    """Say what of an article's changes was not noticed, or noticed without having been.

    What tells no date and was there before the first visit is not read again. ``causes`` for a
    revision there were beside a correction.
    """
    changed = _changed(life, row, end)
    undated = row["published_at"] is None and row["first_seen_at"] < BEGIN + DAY
    reads = [] if undated else [row["dated_at"] + age * DAY for age in ages]
    read = next((at for at in reads if changed and at >= changed), None)
    due = read is not None and read < end - DAY
    corrected, withdrawn = changed and life.corrected_at, changed and life.withdrawn_at
    if corrected and due and not row["later"]:
        yield f"corrected at {corrected} unseen"
    if row["later"] > bool(corrected) + causes:
        yield f"has {row['later']} revisions without cause"
    if withdrawn and due and not _is_gone(row):
        yield f"withdrawn at {withdrawn} unseen"
    if _is_gone(row) and not withdrawn:
        yield "is called gone and is there"


def _delays(
    both: Iterable[tuple[Life, RowMapping]], end: datetime, paused: tuple[datetime, datetime]
) -> Iterator[float]:
    for life, row in both:
        in_pause = paused[0] <= life.published < paused[1]
        if BEGIN + DAY <= life.published < end and not in_pause:
            yield (row["first_seen_at"] - life.published) / timedelta(minutes=1)


def print_portals(conn: Connection, seen: Seen) -> list[str]:
    """Print a line for each portal; give all that is not as it has to be."""
    months = [judge(conn, seen, portal) for portal in PORTALS]
    days = range(1, (seen.end - BEGIN) // DAY)
    print("wait from publication to archive, minutes; requests a day, after the first")
    print(f"{'':12} new  stored  wait: mean  planned  median   p95  requests: mean  most")
    for one in months:
        outlook = get_slot(conn, one.portal).outlook
        assert outlook is not None
        asked = [seen.world.requests[one.portal, day] for day in days] or [0]
        waits = one.delays or (math.nan,)
        late = waits[int(len(waits) * 0.95)]
        print(
            f"{one.portal:12} {one.published:3} {one.stored:7} {mean(waits):11.0f} "
            f"{outlook.wait / 60:8.0f} {median(waits):7.0f} {late:5.0f} "
            f"{mean(asked):15.0f} {max(asked):5}"
        )
    print(f"{'':12} corrected  revisions  withdrawn  gone")
    for one in months:
        print(
            f"{one.portal:12} {one.corrections:9} {one.revisions:10} "
            f"{one.withdrawals:10} {one.gone:5}"
        )
    return [f"{one.portal}: {said}" for one in months for said in one.wrong]


def schedule_faults(conn: Connection, seen: Seen) -> Iterator[str]:
    """Say which visits fell into quiet hours, and which budgets were overspent."""
    table = schema.runs
    for portal in PORTALS:
        slot = get_slot(conn, portal)
        query = select(table.c.created_at).where(
            table.c.portal == portal,
            table.c.kind == "incremental",
            table.c.created_at > BEGIN + DAY,
        )
        made = [at.astimezone(VIETNAM) for at in conn.execute(query).scalars()]
        asleep = [at for at in made if slot.timing.rest.opens(at) > at]
        yield from (f"{portal}: visited in quiet hours, {local(at)}" for at in asleep)
        since = max(BEGIN + DAY, seen.end - REMEMBERED)
        spent = _visits_asked(conn, portal, since) / ((seen.end - since) / DAY)
        if spent > 1.1 * slot.timing.daily_requests:  # what is asked again soon comes on top
            yield f"{portal}: {spent:.0f} requests a day of {slot.timing.daily_requests}"


def _visits_asked(conn: Connection, portal: str, since: datetime) -> int:
    """Count the doors and listings that visits have asked: what the budget of requests bounds."""
    runs, outcomes = schema.runs, schema.outcomes
    query = select(func.count()).where(
        outcomes.c.run_id == runs.c.id,
        runs.c.portal == portal,
        runs.c.kind == "incremental",
        runs.c.created_at >= since,
        outcomes.c.outcome.in_(ASKED),
    )
    return int(conn.execute(query).scalar_one())


def told_twice(conn: Connection) -> list[str]:
    """Name articles that were told of twice, and drafts that were buried."""
    table, letters = schema.outbox, schema.dead_letters
    new = select(table.c.payload).where(table.c.type == "article.stored")
    told = Counter(payload["article_id"] for payload in conn.execute(new).scalars())
    buried = conn.execute(select(letters.c.key, letters.c.message)).all()
    twice = [f"article {one} was told of {n} times" for one, n in told.items() if n > 1]
    return twice + [f"{key} was buried: {message}" for key, message in buried]
