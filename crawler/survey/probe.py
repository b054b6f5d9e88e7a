"""Tell what a site is like for a crawler: family, robots.txt, doors, dates, articles, faults."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from protego import Protego

from crawler.survey.date_guess import DateGuess, guess_dates
from crawler.survey.findings import Finding, door_kind, entries_of, findings_of
from crawler.survey.spider import SECOND_PAGE
from crawler.walk.frontier import target_of
from pipelines.clean.detect import family_evidence
from pipelines.codec import draft_to_json
from pipelines.records import Outcome

if TYPE_CHECKING:
    from datetime import datetime

    from crawler.portal import Portal
    from crawler.survey.survey import Survey, Visit
    from pipelines.clean.isolated import IsolatedCleaner
    from pipelines.records import Draft

AGENT = "gomtin"


@dataclass(frozen=True, slots=True)
class DoorReport:
    """A door that was asked: its kind and path, whether it works, and what it said."""

    kind: str
    path: str
    works: bool
    says: str


@dataclass(frozen=True, slots=True)
class Probe:
    """What a survey tells of a site; ``second_page`` is the path of a listing's second page."""

    url: str
    family: str | None
    evidence: str
    robots: str
    crawl_delay: float | None
    doors: tuple[DoorReport, ...]
    second_page: str
    dates: DateGuess
    articles: tuple[Draft, ...]
    warnings: tuple[Finding, ...]

    def to_json(self) -> dict[str, Any]:
        """Give the report as plain JSON values."""
        names = ("url", "family", "evidence", "robots", "crawl_delay", "second_page")
        plain = {name: getattr(self, name) for name in names}
        return plain | {
            "doors": [asdict(door) for door in self.doors],
            "dates": asdict(self.dates),
            "articles": [draft_to_json(draft) for draft in self.articles],
            "warnings": [asdict(one) for one in self.warnings],
        }


def probe_of(survey: Survey, url: str, cleaner: IsolatedCleaner, now: datetime) -> Probe:
    """Sum up a survey; ``cleaner`` reads the listings' links once more."""
    family, evidence = _family(survey)
    robots, delay = _robots(survey)
    listings = [v for v in survey.visits if v.outcome is Outcome.LISTING and v.page]
    links = {v.key: _links(v, survey.portal, cleaner) for v in listings}
    second = [target for targets in links.values() for target in targets if _second(target, survey)]
    dates = guess_dates([(v.page, v.draft) for v in survey.articles if v.page and v.draft])
    return Probe(
        url,
        family,
        evidence,
        robots,
        delay,
        (*_doors(survey), *(_listing(v, links[v.key], survey.portal) for v in listings)),
        next(iter(second), ""),
        dates,
        tuple(visit.draft for visit in survey.articles if visit.draft),
        (*findings_of(survey, now), *_date_warnings(dates)),
    )


def _family(survey: Survey) -> tuple[str | None, str]:
    """Give the family that the pages show, and what shows it; the articles count most."""
    pages = [visit.page for visit in (*survey.articles, *survey.visits) if visit.page]
    found = (family_evidence(page) for page in pages)
    return next((one for one in found if one[0]), (None, ""))


def _robots(survey: Survey) -> tuple[str, float | None]:
    """Sum up robots.txt, and give the Crawl-delay that it asks for."""
    visit = survey.at("/robots.txt")
    if visit is None or visit.page is None:
        return (f"{visit.outcome} {visit.detail}".strip() if visit else "not asked"), None
    if visit.outcome is not Outcome.DOOR:
        return f"{visit.outcome} ({visit.detail})", None
    text = visit.page.body.decode("utf-8", "replace")
    rules = Protego.parse(text)
    delay = rules.crawl_delay(AGENT)
    denied = sum(line.lower().startswith("disallow:") for line in text.splitlines())
    said = f"{denied} rules, {len(list(rules.sitemaps))} sitemaps"
    if not rules.can_fetch(survey.portal.canonical_url("/"), AGENT):
        said += ", forbids the whole site"
    return said, float(delay) if delay else None


def _doors(survey: Survey) -> list[DoorReport]:
    found = []
    for visit in survey.visits:
        kind = door_kind(visit)
        if visit.draft or kind in {"", "robots"} or visit.outcome is Outcome.NOT_REACHED:
            continue
        entries = entries_of(visit)
        says = visit.detail
        if times := sorted(at for e in entries if (at := e.published_at or e.modified_at)):
            says += f", newest {times[-1]:%Y-%m-%d}"
        elif entries:
            says += ", without times"
        works = visit.outcome is Outcome.DOOR
        found.append(DoorReport(kind, target_of(visit.url), works, says or str(visit.outcome)))
    return found


def _listing(visit: Visit, links: list[str], portal: type[Portal]) -> DoorReport:
    articles = sum(bool(portal.article.search(target)) for target in links)
    says = f"{articles} article links"
    return DoorReport("listing", target_of(visit.url), articles > 0, says)


def _links(visit: Visit, portal: type[Portal], cleaner: IsolatedCleaner) -> list[str]:
    """Give the paths that a listing links to, without those that are never asked."""
    assert visit.page is not None
    cleaned = cleaner.clean_now(visit.page, portal.rules, canonical_url=visit.url)
    targets = dict.fromkeys(target_of(link) for link in cleaned.links)
    return [target for target in targets if not portal.deny.search(target)]


def _second(target: str, survey: Survey) -> bool:
    portal = survey.portal
    # any page of an unknown CMS may be an article: its patterns do not tell
    fits = portal.rules is None or portal.listing.search(target)
    return bool(SECOND_PAGE.search(target) and fits)


def _date_warnings(dates: DateGuess) -> list[Finding]:
    if dates.order in {"mdy", "mixed"}:
        text = f"dates in figures are {dates.order}: the family reads day before month"
        return [Finding("dates.order", text)]
    return []
