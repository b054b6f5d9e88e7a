"""Count what a run meets, so that it can be compared with the portal's earlier runs."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.walk.time_order import PAGE_NUMBER
from pipelines.clean.fields import DATE_ORDER
from pipelines.clean.judge import EMPTY_SELECTOR
from pipelines.clean.listed import DOOR
from pipelines.clean.text import fold_key
from pipelines.codec import VIETNAM
from pipelines.health.facts import LENGTHS, Count, RunFacts
from pipelines.health.watched import FIELDS
from pipelines.records import Outcome

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from crawler.walk.candidates import Candidate
    from pipelines.clean.rules import PageRules
    from pipelines.records import Cleaned, Draft

MOST_PAGES = 200  # doors and listings whose yields are kept
FIRST_WITNESSED = 3  # articles of a run that are always read twice
ENDS = {
    Outcome.BLOCKED: "refused", Outcome.CHALLENGE: "refused", Outcome.LOGIN: "refused",
    Outcome.FAILED: "failed", Outcome.TIMED_OUT: "failed", Outcome.EMPTY: "failed",
    Outcome.TOO_LARGE: "failed", Outcome.BAD_ENCODING: "failed", Outcome.BAD_CONTENT: "failed",
    Outcome.GONE: "gone", Outcome.SOFT_404: "gone", Outcome.OFFSITE: "moved",
    Outcome.LISTING: "no_article", Outcome.NOT_ARTICLE: "no_article", Outcome.THIN: "no_article",
}  # fmt: skip
_KINDS = tuple(dict.fromkeys(ENDS.values()))
_SHOWN = 80  # characters of a note


class Counts(defaultdict[str, Count]):
    """Counts of pages by measure."""

    def __init__(self) -> None:
        super().__init__(Count)

    def add(self, code: str, url: str, *, bad: bool, note: str = "") -> None:
        """Count a page; of bad ones the first addresses and note are kept."""
        self[code] = self[code].plus(Count(1, 1, (url,), note) if bad else Count(1))


@dataclass(frozen=True, slots=True)
class Titled:
    """An article's title, and whether it is its section's, too."""

    key: str
    url: str
    title: str
    is_section: bool


class Tally:
    """The counts of one run; ``share`` of its articles are read by the second witness, too.

    ``front_ends`` and ``article_ends`` are how doors and listings, and articles, have ended;
    ``held`` are the articles of the archive that are read again: their titles there, by key;
    ``asked`` are the keys of all that were asked; ``looked``: some of the archive were looked at to
    tell a portal's fault from that of a page.
    """

    def __init__(self, share: float) -> None:
        self._share = share
        self._witnessable = 0
        self._new, self._again = Counts(), Counts()
        self._yields: dict[str, int] = {}
        self._met: set[str] = set()
        self._listed = False
        self._known = 0
        self.held: dict[str, str] = {}
        self.asked: set[str] = set()
        self.looked = False
        self._announced: set[str] | None = None
        self._titles: defaultdict[str, list[Titled]] = defaultdict(list)
        self._articles: list[tuple[str, str, bool]] = []
        self._lengths: list[int] = []
        self.front_ends: set[tuple[Outcome, str]] = set()
        self.article_ends: set[tuple[Outcome, str]] = set()

    def wants_witness(self) -> bool:
        """Say for the next article page whether it is to be read twice."""
        before, self._witnessable = self._witnessable, self._witnessable + 1
        if not self._share:
            return False
        return before < FIRST_WITNESSED or int(self._witnessable * self._share) > int(
            before * self._share
        )

    # ---- doors and listings

    def door(self, kind: str, url: str, outcome: Outcome, detail: str) -> None:
        """Count a door page that was asked; 304 says that it announces what it did before."""
        sound = outcome in {Outcome.DOOR, Outcome.NOT_MODIFIED}
        self.front_ends.add((outcome, detail))
        self._new.add(f"door.{kind}", url, bad=not sound, note=_words(outcome, detail))
        if kind == "feed" and sound and self._announced is None:
            self._announced = set()

    def listing(self, outcome: Outcome, detail: str) -> None:
        """Count how a listing page ended."""
        self.front_ends.add((outcome, detail))
        self._listed = True

    @property
    def shows_nothing(self) -> bool:
        """Tell whether listings were asked and no article's address was met on any page.

        A portal in maintenance says of every page, its front page too, that it is not there.
        """
        return self._listed and not self._met

    @property
    def unchanged(self) -> bool:
        """Tell whether a door says that it announces what it did before."""
        return any(outcome is Outcome.NOT_MODIFIED for outcome, _ in self.front_ends)

    def shown(self, page: str, documents: Collection[str], known: int, kind: str = "") -> None:
        """Count the article addresses that a door or listing page shows; "": no page's own.

        What the later pages of a listing show moves on with each new article.
        """
        if page and not PAGE_NUMBER.search(page) and len(self._yields) < MOST_PAGES:
            self._yields[page] = len(documents)
        self._met.update(documents)
        self._known += known
        if kind == "feed" and self._announced is not None:
            self._announced.update(documents)

    # ---- articles

    def article(
        self,
        key: str,
        url: str,
        candidate: Candidate,
        cleaned: Cleaned,
        rules: PageRules | None,
    ) -> None:
        """Count an article page, whatever it turned out to be.

        One that an earlier run has left over tells of the rules, not of the walk. One that is
        asked in vain once more tells nothing new.
        """
        self.asked.add(candidate.key)
        end = ENDS.get(cleaned.outcome)
        empty = cleaned.reason.removeprefix(EMPTY_SELECTOR)
        empty = "" if empty == cleaned.reason else empty
        if not empty:
            self.article_ends.add((cleaned.outcome, cleaned.reason))
        if candidate.in_vain and end:
            return
        held = candidate.key in self.held
        counts = self._again if held else self._new
        for kind in _KINDS if held or not candidate.again else ():
            note = _words(cleaned.outcome, cleaned.reason)
            counts.add(f"page.{kind}", url, bad=kind == end and not empty, note=note)
        if rules:
            for name in {"body", "title", empty} - {""}:
                counts.add(f"selector.{name}", url, bad=name == empty)
        if cleaned.witness:
            for name in cleaned.witness.compared:
                counts.add(f"witness.{name}", url, bad=name in cleaned.witness.differing)
        if cleaned.draft is not None:
            self._draft(counts, candidate, url, cleaned)
            self._date_rule(counts, url, cleaned.draft, rules)
            if not candidate.again:
                self._articles.append((key, url, candidate.entry.modified_at is None))

    def _date_rule(self, counts: Counts, url: str, draft: Draft, rules: PageRules | None) -> None:
        found = draft.published_from if draft.extractor == "family" else None
        if rules and rules.dates and found:
            counts.add("date.rule", url, bad=found != rules.dates[0].name, note=found)

    def _draft(self, counts: Counts, candidate: Candidate, url: str, cleaned: Cleaned) -> None:
        entry, draft = candidate.entry, cleaned.draft
        assert draft is not None
        for name in FIELDS:
            counts.add(f"fill.{name}", url, bad=not getattr(draft, name))
        order = next((sign for sign in cleaned.signs if sign.startswith(DATE_ORDER)), "")
        counts.add("date.order", url, bad=bool(order), note=order.removeprefix(DATE_ORDER))
        printed = _day(draft.published_at)
        told = entry.published_at and entry.door != DOOR
        if told and printed and not (draft.published_from or "").startswith("door:"):
            counts.add("date.door", url, bad=printed != _day(entry.published_at))
        title = fold_key(draft.title)
        is_section = title == fold_key(draft.section or "")
        self._titles[title].append(Titled(candidate.key, url, draft.title, is_section))
        self._lengths.append(sum(len(text) + 1 for text in draft.body))

    # ---- the end

    def facts(self, *, whole: bool, settled: bool, trouble: tuple[str, str]) -> RunFacts:
        """Give all that was counted."""
        new, again = Counts(), Counts()
        self._count_titles(new, again)
        if settled and not whole and self._announced is not None:
            for key, url, is_new in self._articles:
                if is_new:
                    new.add("feed.missed", url, bad=key not in self._announced)
        return RunFacts(
            measures={**self._new, **new},
            again={**self._again, **again},
            yields=self._yields,
            lengths=tuple(self._lengths[:LENGTHS]),
            reach=len(self._met),
            whole=whole,
            settled=settled,
            new=len(self._articles),
            known=self._known,
            trouble=trouble,
        )

    def repeated_titles(self) -> set[str]:
        """Give the addresses of pages whose title is also another one's or their section's."""
        every = self._titles.values()
        return {one.url for pages in every for one in pages if one.is_section or len(pages) > 1}

    def _count_titles(self, new: Counts, again: Counts) -> None:
        """Count titles that say nothing; one that the archive has, too, is no news of its page."""
        repeated = self.repeated_titles()
        for title, pages in self._titles.items():
            for page in pages:
                bad = page.url in repeated
                if bad and fold_key(self.held.get(page.key, "")) == title:
                    continue
                counts = again if page.key in self.held else new
                note = f'"{page.title[:_SHOWN]}"'
                counts.add("title.repeated", page.url, bad=bad, note=note)


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.astimezone(VIETNAM).date()


def _words(outcome: Outcome, detail: str) -> str:
    return f"{outcome} {detail}".strip()[:_SHOWN]
