"""Compare a portal's recorded articles with what they come out as today, on the live site."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from crawler.recorded.recordings import record_pages
from crawler.registry import UNMET, met_live
from crawler.survey.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from crawler.portal import Portal
    from crawler.survey.survey import Survey
    from pipelines.clean.isolated import IsolatedCleaner

ASKED = 3
"""Recorded articles that are read again: with the doors they cost a check a few seconds more."""
COMPARED = ("title", "body", "published_at", "author")
MOST = 0.5  # the share that a publisher's own corrections may explain


def first_meeting(portal: type[Portal], base_url: str) -> str:
    """Say what follows where a portal is met live for the first time; "" where it is not so."""
    if base_url or met_live(portal):
        return ""
    return (
        f"{portal.id} is met for the first time: gomtin record {portal.id} URL... adds real pages; "
        f'where all is right, take "{UNMET}" out of crawler/spiders/{portal.id}.py'
    )


def asked_again(
    rows: Sequence[Mapping[str, Any]], portal: type[Portal], base_url: str
) -> tuple[str, ...]:
    """Give the addresses of the recorded articles that are asked again: the last recorded.

    None at a first meeting: till then the recorded pages are written by hand.
    """
    if first_meeting(portal, base_url):
        return ()
    return tuple(str(row["url"]) for row in rows if row["article"])[-ASKED:]


def recorded_findings(
    survey: Survey, rows: Sequence[Mapping[str, Any]], cleaner: IsolatedCleaner
) -> Iterator[Finding]:
    """Name the fields in which recorded articles come out otherwise, and those that are gone.

    Grave where a field differs on more than half of them: one may have been corrected.
    """
    before = {row["url"]: row["article"] for row in rows}
    after, read = record_pages(survey, survey.portal, survey.visits, cleaner, rows)
    again = {row["url"]: row["article"] for row in after if row["file"] in read}
    gone = [survey.public(visit.url) for visit in survey.visits if visit.page is None]
    gone += [url for url, article in again.items() if article is None]
    differing: defaultdict[str, list[str]] = defaultdict(list)
    for url, article in again.items():
        for name in COMPARED if article else ():
            if article[name] != before[url][name]:
                differing[name].append(url)
    for url in gone:
        yield Finding("recorded.gone", f"the recorded article {url} is none any more")
    for name, urls in differing.items():
        text = f"differs on {len(urls)} of {len(again)} recorded articles ({urls[0]})"
        yield Finding(f"recorded.{name}", text, grave=len(urls) > MOST * len(again))
