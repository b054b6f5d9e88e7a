"""The planned visits of an adaptive slot, as they are kept with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Outlook:
    """The planned visits of an adaptive slot and what they rest on; ``wait`` is expected, in s.

    ``articles`` a week are expected, the middle half of them between the ``busiest`` hours;
    ``known`` is the number of publication times that this was learned from; a visit that finds
    nothing new is taken to cost so many ``requests``. ``late``: the share of articles that are
    expected to wait longer than the slot's delay, 0 where it states none.
    """

    made_at: datetime
    visits: tuple[datetime, ...]
    wait: float
    articles: float
    busiest: tuple[int, int]
    known: int
    requests: int
    late: float = 0.0


def outlook_json(outlook: Outlook) -> dict[str, Any]:
    """Give a plan as it is kept."""
    return {
        "made_at": outlook.made_at.timestamp(),
        "visits": [int(visit.timestamp()) for visit in outlook.visits],
        "wait": outlook.wait,
        "articles": outlook.articles,
        "busiest": list(outlook.busiest),
        "known": outlook.known,
        "requests": outlook.requests,
        "late": outlook.late,
    }


def read_outlook(plan: dict[str, Any]) -> Outlook:
    """Read a plan that was kept."""
    return Outlook(
        datetime.fromtimestamp(plan["made_at"], UTC),
        tuple(datetime.fromtimestamp(visit, UTC) for visit in plan["visits"]),
        plan["wait"],
        plan["articles"],
        (plan["busiest"][0], plan["busiest"][1]),
        plan["known"],
        plan["requests"],
        plan["late"],
    )
