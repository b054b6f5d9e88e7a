"""Judge a survey: what is wrong with a site, its doors or its articles, each by a stable name."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from crawler.network.addresses import Territory
from crawler.walk.doors import READERS
from crawler.walk.frontier import target_of
from pipelines.clean.detect import detect_family
from pipelines.clean.judge import EMPTY_SELECTOR
from pipelines.errors import Reject
from pipelines.plural import counted
from pipelines.records import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from crawler.portal import Expectations
    from crawler.survey.survey import Survey, Visit
    from crawler.walk.doors import Entry
    from pipelines.records import Draft

WEEK = timedelta(days=7)
MOST_REFUSED = 0.2  # the share of pages that may be behind a login or a challenge
FEWEST = 0.5  # the share of article addresses that must turn out to be articles
REFUSED = {Outcome.CHALLENGE, Outcome.BLOCKED, Outcome.LOGIN}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be: a stable code, and a sentence with the evidence.

    ``grave``: the portal is not what its spider file says. Otherwise it is worth a look: on a
    healthy portal, too, single pages are thin, gone or behind a login.
    """

    code: str
    text: str
    grave: bool = False


def findings_of(survey: Survey, now: datetime) -> list[Finding]:
    """Name everything in which a survey falls short of what its portal expects."""
    return [
        *_site_findings(survey),
        *_page_findings(survey),
        *_article_findings(survey),
        *_pace_findings(survey, now),
    ]


def door_findings(survey: Survey) -> Iterator[Finding]:
    """Name the portal's doors that do not work: gravely where it is the first or the listing."""
    last = survey.portal.doors[-1]
    territory = Territory(survey.portal, survey.base_url)
    for door in survey.portal.doors:
        path = urljoin(territory.root + "/", door.path.replace("{page}", "1"))
        visit = survey.at(target_of(path))
        wanted = {Outcome.LISTING} if door.kind == "listing" else {Outcome.DOOR}
        if visit and visit.outcome not in wanted | {Outcome.NOT_REACHED}:
            text = f"{door.kind} {target_of(path)}: {visit.outcome} {visit.detail}".strip()
            yield Finding("door.failed", text, door in {survey.portal.doors[0], last})
        elif visit and door.kind == "feed" and not entries_of(visit):
            yield Finding("door.empty", f"feed {target_of(path)} announces nothing", grave=True)


def entries_of(visit: Visit) -> tuple[Entry, ...]:
    """Give what a door page announced; nothing if it is no door's."""
    if visit.page is None or visit.outcome is not Outcome.DOOR:
        return ()
    reader = READERS.get(door_kind(visit))
    try:
        return reader(visit.page.body, visit.url).entries if reader else ()
    except Reject:
        return ()


def door_kind(visit: Visit) -> str:
    """Tell what kind of door an address is, by what it gave, else by its name."""
    head = visit.page.body[:2000].lstrip().lower() if visit.page else b""
    target = target_of(visit.url).lower()
    if target == "/robots.txt":
        return "robots"
    if b"<urlset" in head or b"<sitemapindex" in head:
        return "sitemap"
    if b"<rss" in head or b"<feed" in head or b"<rdf" in head:
        return "feed"
    named = {"wp_json": ("wp-json",), "sitemap": ("sitemap",), "feed": ("rss", "feed")}
    return next((kind for kind, words in named.items() if any(w in target for w in words)), "")


def _site_findings(survey: Survey) -> Iterator[Finding]:
    if survey.fault:
        yield Finding("run.fault", survey.fault, grave=True)
    ends = Counter(visit.outcome for visit in survey.visits)
    refused = [visit for visit in survey.visits if visit.outcome in REFUSED]
    if refused:
        first = refused[0]
        text = (
            f"refused: {counted(len(refused), 'page')}: {first.url}: {first.outcome} {first.detail}"
        )
        grave = len(refused) > MOST_REFUSED * len(survey.tried)
        yield Finding("pages.refused", text.strip(), grave)
    if denied := ends[Outcome.DENIED_BY_ROBOTS]:
        yield Finding("robots.denied", f"robots.txt forbids {denied} of the addresses met")
    machine = [visit for visit in survey.visits if entries_of(visit)]
    if not machine:
        text = "neither feed nor sitemap nor JSON works: new articles are found by listings alone"
        yield Finding("door.no_machine", text)


def _page_findings(survey: Survey) -> Iterator[Finding]:
    tried, articles = survey.tried, survey.articles
    if not articles:
        yield Finding(
            "articles.none", f"none of {len(tried)} article addresses gave an article", grave=True
        )
    elif len(articles) < FEWEST * len(tried):
        text = f"only {len(articles)} of {len(tried)} article addresses gave an article"
        yield Finding("articles.few", text, grave=True)
    others = Counter(f"{v.outcome} {v.detail}".strip() for v in tried if not v.draft)
    for end, number in others.most_common(3):
        example = next(v.url for v in tried if f"{v.outcome} {v.detail}".strip() == end)
        yield Finding("page.no_article", f"{number}: {end} ({example})")
    empty = Counter(v.detail for v in tried if v.detail.startswith(EMPTY_SELECTOR))
    for detail, number in empty.items():
        name = detail.removeprefix(EMPTY_SELECTOR)
        text = f"the {name} selector of {survey.portal.family} finds nothing on {number} pages"
        yield Finding("selector.empty", text, grave=True)
    families = Counter(detect_family(v.page) or "generic" for v in articles if v.page)
    for family, number in families.items():
        if family != survey.portal.family:
            text = f"{number} articles look like {family}, not {survey.portal.family}"
            yield Finding("family.changed", text, grave=True)


def _article_findings(survey: Survey) -> Iterator[Finding]:
    drafts = [visit.draft for visit in survey.articles if visit.draft]
    if not drafts:
        return
    expect = survey.portal.expect
    for field, least in expect.fill.items():
        filled = fill_of(drafts, field)
        if filled < least:
            text = f"{filled:.0%} of {len(drafts)} articles have it, expected {least:.0%}"
            yield Finding(f"fill.{field}", text, grave=True)
    yield from _length_findings(drafts, expect)


def fill_of(drafts: Sequence[Draft], field: str) -> float:
    """Give the share of drafts in which a field is not empty."""
    return sum(bool(getattr(draft, field)) for draft in drafts) / len(drafts)


def _length_findings(drafts: Sequence[Draft], expect: Expectations) -> Iterator[Finding]:
    least, most = expect.text_length
    middle = median(len("\n".join(draft.body)) for draft in drafts)
    if not least <= middle <= most:
        code = "text.short" if middle < least else "text.long"
        text = f"half the texts have {middle:.0f} characters, {least}-{most} expected"
        yield Finding(code, text, grave=True)


def _pace_findings(survey: Survey, now: datetime) -> Iterator[Finding]:
    """Compare what the dated doors announce as new with the expected number a week."""
    new = new_in_week(survey, now)
    least, most = survey.portal.expect.new_per_week
    if new is None or least <= new <= most:
        return
    code = "new.few" if new < least else "new.many"
    text = f"the doors announce {new} articles of the last week, {least}-{most} expected"
    yield Finding(code, text, grave=True)


def new_in_week(survey: Survey, now: datetime) -> int | None:
    """Count the addresses that doors date within the last week; None: no door tells times."""
    dated = {
        entry.url: entry.published_at or entry.modified_at
        for visit in survey.visits
        for entry in entries_of(visit)
    }
    times = [at for at in dated.values() if at]
    return sum(now - WEEK <= at for at in times) if times else None
