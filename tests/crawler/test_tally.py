"""What a run counts of its portal, and what it leaves out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from crawler.tally import Tally
from crawler.trouble import trouble_of
from crawler.walk.candidates import Candidate
from crawler.walk.doors import Entry
from pipelines.records import Cleaned, Draft, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def read(tally: Tally, draft: Draft, *, fresh: bool = True) -> None:
    cleaned = Cleaned(Outcome.FETCHED, "", draft)
    candidate = Candidate(draft.document_key, Entry(draft.url), again=not fresh)
    tally.article(candidate.key, draft.url, candidate, cleaned, None)


@pytest.mark.parametrize(
    ("share", "witnessed"), [(0.0, 0), (0.05, 3 + 5), (0.5, 3 + 49), (1.0, 100)]
)
def test_the_first_articles_and_a_share_of_the_others_are_read_twice(
    share: float, witnessed: int
) -> None:
    tally = Tally(share)
    assert sum(tally.wants_witness() for _ in range(100)) == witnessed


def test_only_new_articles_say_whether_the_feed_announces(make_draft: Callable[..., Draft]) -> None:
    tally = Tally(0.0)
    tally.door("feed", "https://x.vn/rss", Outcome.DOOR, "1 entries")
    tally.shown("/rss", {"1"}, 0, "feed")
    tally.shown("/", {"1", "2", "9"}, 1)
    for key in ("1", "2"):
        read(tally, make_draft(document_key=key, title=f"Tin {key}"))
    for key in ("8", "9"):  # left over, and read again
        read(tally, make_draft(document_key=key, title=f"Tin {key}"), fresh=False)
    facts = tally.facts(whole=False, settled=True, trouble=("", ""))
    missed = facts.measures["feed.missed"]
    assert (missed.pages, missed.bad, facts.new, facts.known, facts.reach) == (2, 1, 2, 1, 3)
    assert facts.measures["fill.title"].pages == 4
    assert facts.measures["page.gone"].pages == 2


def test_a_page_that_is_asked_in_vain_at_every_run_is_bad_once() -> None:
    tally = Tally(0.0)
    wall, url = Cleaned(Outcome.CHALLENGE, "challenge.d1n"), "https://x.vn/1"
    for in_vain in (False, True, True):
        tally.article("1", url, Candidate("1", Entry(url), in_vain), wall, None)
    facts = tally.facts(whole=False, settled=True, trouble=("", ""))
    assert (facts.measures["page.refused"].pages, facts.measures["page.refused"].bad) == (1, 1)


@pytest.mark.parametrize(
    ("titles", "section", "bad"),
    [
        (("Tin một", "Tin hai", "Tin ba"), "Thời sự", 0),
        (("Thời sự", "Thời sự", "Tin ba"), "Kinh tế", 2),
        (("THỜI SỰ", "Tin hai", "Tin ba"), "Thời sự", 1),
    ],
)
def test_titles_that_say_nothing_are_counted(
    make_draft: Callable[..., Draft], titles: tuple[str, ...], section: str, bad: int
) -> None:
    tally = Tally(0.0)
    for number, title in enumerate(titles):
        draft = make_draft(document_key=f"{number}", title=title)
        read(tally, replace(draft, section=section))
    facts = tally.facts(whole=True, settled=False, trouble=("", ""))
    assert facts.measures["title.repeated"].bad == bad


def test_an_article_that_is_read_again_is_counted_apart_and_keeps_its_title(
    make_draft: Callable[..., Draft],
) -> None:
    tally = Tally(0.0)
    tally.held = {"1": "Lịch công tác", "2": "Lịch công tác", "3": "Tin ba"}
    titles = {"1": "Lịch công tác", "2": "Lịch công tác", "3": "Thời sự", "4": "Tin bốn"}
    for key, title in titles.items():
        draft = make_draft(document_key=key, title=title)
        read(tally, replace(draft, section="Thời sự"), fresh=key == "4")
    facts = tally.facts(whole=False, settled=True, trouble=("", ""))
    assert (facts.measures["page.gone"].pages, facts.again["page.gone"].pages) == (1, 3)
    repeated = facts.of_all("title.repeated")  # what the archive has, too, says nothing
    assert (repeated.pages, repeated.bad, repeated.note) == (2, 1, '"Thời sự"')


def test_later_pages_of_a_listing_are_not_compared() -> None:
    tally = Tally(0.0)
    later = ("/tin/page-2/", "/?p=3", "/List.aspx?pageindex=4", "/vi/page/5", "/tin?start=20")
    for page in ("/tin/", *later):
        tally.shown(page, {page}, 0)
    facts = tally.facts(whole=True, settled=False, trouble=("", ""))
    assert (set(facts.yields), facts.reach) == ({"/tin/"}, 6)


ROOT = "https://x.vn"
REFUSED = (
    "network.DownloadConnectionRefusedError: Connection was refused by other side: 111: refused."
)
BROKEN_TLS = "robots.txt: X: [('SSL routines', '', 'certificate verify failed')]"


@pytest.mark.parametrize(
    ("front", "code"),
    [
        ([(Outcome.OFFSITE, "robots.txt: refused https://y.vn/robots.txt")], "moved"),
        ([(Outcome.BAD_CONTENT, "door.feed"), (Outcome.CHALLENGE, "challenge.d1n")], "challenge"),
        ([(Outcome.BLOCKED, "http.403")], "blocked"),
        ([(Outcome.BLOCKED, "robots.txt: http.500")], "failing"),
        ([(Outcome.BLOCKED, "http.503")], "failing"),
        ([(Outcome.GONE, "http.404")], "gone"),
        ([(Outcome.EMPTY, "page.empty")], "empty"),
        ([(Outcome.FAILED, BROKEN_TLS)], "certificate"),
        ([(Outcome.FAILED, "network.dns: x.vn")], "dns"),
        ([(Outcome.FAILED, "network.timeout: 60 s")], "timeout"),
        ([(Outcome.FAILED, f"robots.txt: {REFUSED}")], "away"),
        ([(Outcome.FAILED, "http.500")], "failing"),
        ([(Outcome.LISTING, "3 links")], "no_articles"),
        ([(Outcome.LISTING, "3 links"), (Outcome.GONE, "http.404")], "no_articles"),
    ],
)
def test_a_run_that_read_nothing_names_the_cause(
    front: list[tuple[Outcome, str]], code: str
) -> None:
    fault = f"no address of an article was met on {ROOT}"
    assert trouble_of(fault, ROOT, front, [])[0] == code
    assert trouble_of("", ROOT, front, []) == ("", "")


@pytest.mark.parametrize(
    ("detail", "said"),
    [
        (REFUSED, "Connection was refused by other side"),
        ("network.X: [('SSL routines', '', 'wrong version number')]", "TLS: wrong version number"),
    ],
)
def test_a_fault_of_the_network_is_told_in_its_own_words(detail: str, said: str) -> None:
    told = trouble_of("no page", ROOT, [(Outcome.FAILED, f"robots.txt: {detail}")], [])
    assert told == ("away", f"{ROOT} is away: {said}")
