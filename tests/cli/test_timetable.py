"""How slots, plans and numbers are told to a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cli.timetable import bounds_of, explain, outlook_lines
from pipelines.plural import counted
from pipelines.store.outlook import Outlook
from pipelines.store.schedule import Slot, Timing

NOON = datetime(2026, 1, 2, 5, tzinfo=UTC)  # in Vietnam
VISITS = tuple(NOON + timedelta(hours=hour) for hour in (-1, 3, 6, 14, 20, 30, 40, 50))
PLAN = Outlook(NOON, VISITS, 30_720.0, 1.2, (9, 16), 1, 3)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (counted(1, "article"), "1 article"),
        (counted(0, "article"), "0 articles"),
        (counted(2, "story", "stories"), "2 stories"),
    ],
)
def test_a_number_has_its_noun_in_the_right_form(told: str, said: str) -> None:
    assert told == said


@pytest.mark.parametrize(
    ("timing", "outlook", "said"),
    [
        (Timing(every_seconds=5_400), None, ", every 90 min"),
        (Timing(every_seconds=7_200), None, ", every 2 h"),
        (Timing(), None, ", adaptive (no plan yet: every hour)"),
        (Timing(), PLAN, ", adaptive (1 visit a day, articles wait 9 h)"),
        (
            Timing(within_seconds=10_800),
            replace(PLAN, late=0.12),
            ", adaptive (1 visit a day, articles wait 9 h, 88% of them at most 3 h)",
        ),
    ],
)
def test_a_slot_is_explained_in_a_sentence(
    timing: Timing, outlook: Outlook | None, said: str
) -> None:
    slot = Slot("ward", timing=timing, outlook=outlook, next_at=NOON)
    assert explain(slot, NOON) == f"ward runs next at 2026-01-02 12:00{said}"


def test_a_plan_names_its_grounds_and_the_next_visits_by_day() -> None:
    grounds, promise, coming = outlook_lines(Timing(), PLAN, NOON)
    assert grounds == (
        "learned from 1 publication time of the last half year: about 1 article a week, "
        "the middle half between 9:00 and 17:00"
    )
    assert promise == (
        "1.1 visits a day are planned, of 3 requests where nothing is new; "
        "an article then waits 9 h on average"
    )
    assert coming == (
        "next: 2026-01-02 15:00, 18:00; 2026-01-03 02:00, 08:00, 18:00; 2026-01-04 04:00, 14:00"
    )


def test_a_plan_that_has_learned_nothing_says_so() -> None:
    assert outlook_lines(Timing(), replace(PLAN, known=0), NOON)[0].startswith(
        "assumed, with no publication time of the last half year: about 1 article a week"
    )


def test_a_stated_delay_is_told() -> None:
    alone, counted_more = Timing(within_seconds=10_800), Timing(None, worth_seconds=60)
    counted_more = replace(counted_more, within_seconds=7_200)
    assert bounds_of(Slot("ward", timing=alone))[1:] == [
        "as few visits as find 95 of 100 articles within 3 h"
    ]
    assert bounds_of(Slot("ward", timing=counted_more))[1:] == [
        "a visit where it spares articles 1 min of waiting, together",
        "an article that waits longer than 2 h counts for 25 times that more",
    ]


def test_a_stated_delay_that_a_plan_cannot_keep_is_told_with_what_would_help() -> None:
    timing = Timing(within_seconds=10_800)
    kept, missed = (
        outlook_lines(timing, replace(PLAN, late=late), NOON)[2] for late in (0.05, 0.2)
    )
    assert kept.startswith("next: ")
    assert missed == (
        "more --requests, a shorter --floor or fewer quiet hours would find more in time"
    )


def test_bounds_are_told_one_a_line() -> None:
    timing = Timing(quiet="22:00-05:00", holidays=True, priority=3)
    assert bounds_of(Slot("ward", timing=timing)) == [
        "at most every 10 min, at least every 1 d, within 300 requests a day",
        "a visit where it spares articles 30 min of waiting, together",
        "never during 22:00-05:00",
        "never on public holidays",
        "priority 3",
    ]
