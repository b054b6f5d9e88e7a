"""The frontier of a survey: at an unknown site, what looks like a section is one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.walk.frontier import Frontier, target_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crawler.walk.candidates import Findings
    from crawler.walk.doors import Entry

LIKELY = re.compile(r"(?:-[^/-]+){4}|\d{4}")


class SurveyFrontier(Frontier):
    """Tells sections from articles by their addresses where any of them may be an article."""

    def sort_out(self, entries: Iterable[Entry]) -> Findings:
        """Sort links as every crawl does; the unlikely ones among possible articles lead on."""
        every = list(entries)
        likely = [entry for entry in every if LIKELY.search(target_of(entry.url))]
        if self.portal.rules is not None or not likely:
            return super().sort_out(every)
        findings = super().sort_out(likely)
        held = set(likely)  # a hostile page has 60,000 links: no list is searched for each
        others = (entry.url for entry in every if entry not in held)
        findings.listings += filter(self._is_section, map(self.territory.relocate, others))
        return findings

    def _is_section(self, url: str) -> bool:
        target = target_of(url)
        allowed = not self.territory.refusal(url) and not self.portal.deny.search(target)
        wanted = allowed and bool(self.portal.listing.search(target))
        return wanted and self.meet(self.portal.page_key(url))
