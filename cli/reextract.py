"""gomtin reextract: today's rules over the pages kept earlier."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from cli.pages import cleaner_of
from cli.session import When, archive, console, examples, notes, print_json, require_portal, utc_now
from crawler.recorded.saved import clean_saved
from crawler.registry import all_portals, site_portal
from pipelines.clean.detect import detect_family
from pipelines.plural import counted
from pipelines.records import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from config.settings import Settings
    from pipelines.clean.isolated import IsolatedCleaner
    from pipelines.records import Cleaned, Page
    from pipelines.reprocess.latecomers import Scope
    from pipelines.reprocess.reextract import Difference
    from pipelines.reprocess.tally import TallyFile
    from pipelines.store.engine import Store

PART = 200
"""Articles from one note of how far it is to the next: at most a few seconds' work."""


@click.command(
    "reextract",
    short_help="Clean kept pages again by today's rules.",
    epilog=examples(
        "gomtin reextract --portal hiepninh --dry-run", "gomtin reextract --since 30d --yes"
    ),
)
@click.option("--portal", help="Only the pages of this portal.")
@click.option("--since", type=When(), help="Only pages fetched since (day, moment, or age as 7d).")
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@click.option("--yes", is_flag=True, help="Store it without asking.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON for each difference.")
def reextract_command(
    portal: str | None, since: datetime | None, dry_run: bool, yes: bool, as_json: bool
) -> None:
    """Clean kept pages again by today's rules, and store what comes out differently.

    Shows how many articles change, field by field, and the ten that change most; then stores each
    as a revision marked re-extracted, after a question where there is a terminal to ask. Stories
    stay as they are. What was interrupted goes on where it was.
    """
    from pipelines.reprocess.latecomers import Scope

    scope = Scope(portal, since)
    with archive() as (settings, store), cleaner_of(settings) as cleaner:
        with store.read() as conn:
            require_portal(conn, portal)
        work = _Work(settings, store, cleaner)
        if as_json:
            unreadable = work.stream(scope, apply=not dry_run)
        else:
            unreadable = _talk(work, scope, dry_run=dry_run, ask=console.is_terminal and not yes)
    if unreadable:
        said = f"[red]{counted(unreadable, 'snapshot')} cannot be read[/red]"
        notes.print(f"{said}; what was made of them is kept")
        raise SystemExit(1)


def _talk(work: _Work, scope: Scope, *, dry_run: bool, ask: bool) -> int:
    """Read, show, ask and store; give how many snapshots cannot be read."""
    from cli.differences import show_difference, show_ends, show_fields
    from pipelines.reprocess.tally import TallyFile

    with TallyFile(work.notes_of(scope)) as file:
        if any(file.read.values()):
            notes.print(f"{sum(file.read.values())} were read before the interruption")
        work.scan(scope, file)
        tally = file.tally
        changed, new = len(tally.articles), len(tally.pages)
        read = file.read["article"]
        would = "would come out" if dry_run else "come out"
        console.print(f"{changed} of {counted(read, 'article')} {would} differently")
        show_fields(tally.fates)
        show_ends(tally.ends)
        if new:
            console.print(f"now an article and none before: {counted(new, 'page')}")
        if tally.worst:
            console.print(f"\nthe {len(tally.worst)} that change most:", style="bold")
        for difference in work.again(tally.worst_first):
            show_difference(difference)
        if changed + new and not dry_run:
            if ask and not click.confirm(f"store {counted(changed + new, 'article')} anew?"):
                console.print("nothing was stored")
                return 0
            stored = work.apply(tally.articles, tally.pages)
            console.print(f"{stored} stored as re-extracted; gomtin show ID --revisions tells")
            if left := changed + new - stored:
                console.print(f"{left} are being crawled or were revised meanwhile: run it again")
        file.discard()
    return tally.ends[Outcome.FAILED]


class _Work:
    """Reads and stores the articles of one archive by today's rules."""

    def __init__(self, settings: Settings, store: Store, cleaner: IsolatedCleaner) -> None:
        from pipelines.reprocess import latecomers, reextract

        self._readers = {"article": reextract.reextract, "page": reextract.reextract_pages}
        self._ids_in = {"article": reextract.articles_in, "page": latecomers.pages_in}
        self._folder = settings.snapshot_folder
        self._notes = settings.data / "reextract"
        self._place = settings.store_url
        self._store = store
        self._cleaner = cleaner
        self._portals = {portal.id: portal for portal in all_portals()}
        self._framed: set[str] = set()
        self._listings = latecomers.listings_of

    def notes_of(self, scope: Scope) -> Path:
        """Give the file of notes for a scope and today's rules."""
        from crawler.rules_version import rules_version

        key = f"{self._place}\n{scope.portal}\n{scope.since}\n{rules_version()}"
        return self._notes / f"{hashlib.sha256(key.encode()).hexdigest()[:16]}.jsonl"

    def stream(self, scope: Scope, *, apply: bool) -> int:
        """Print every difference as a line of JSON; give how many snapshots cannot be read."""
        unreadable = 0
        for kind, ids_in in self._ids_in.items():
            for _, one in self._read(kind, ids_in(self._store, scope), apply=apply):
                if one:
                    print_json(one.to_json())
                    unreadable += one.outcome is Outcome.FAILED
        return unreadable

    def scan(self, scope: Scope, file: TallyFile) -> None:
        """Read what the notes do not know yet."""
        for kind, ids_in in self._ids_in.items():
            ids = ids_in(self._store, scope, file.last[kind])
            with _bar(f"reading {kind}s", len(ids)) as advance:
                for start in range(0, len(ids), PART):
                    for one, found in self._read(kind, ids[start : start + PART], apply=False):
                        file.note(kind, one, found)
                        advance()
                    file.checkpoint(kind)

    def again(self, ids: Sequence[int]) -> Iterator[Difference]:
        """Yield the differences of these articles, in their order."""
        found = dict(self._read("article", ids, apply=False))
        yield from (one for article in ids if (one := found.get(article)))

    def apply(self, articles: Sequence[int], pages: Sequence[int]) -> int:
        """Store these articles and pages anew; give how many were stored."""
        stored = 0
        with _bar("storing", len(articles) + len(pages)) as advance:
            for kind, ids in (("article", articles), ("page", pages)):
                for _, one in self._read(kind, ids, apply=True):
                    stored += one is None or one.applied
                    advance()
        return stored

    def _read(
        self, kind: str, ids: Sequence[int], *, apply: bool
    ) -> Iterator[tuple[int, Difference | None]]:
        now = utc_now() if apply else None
        return self._readers[kind](self._store, self._folder, self._clean, ids, now)

    def _clean(self, page: Page, owner: str) -> Cleaned:
        """Clean a page as a crawl does, which has read the portal's listings before."""
        if owner not in self._framed:
            self._framed.add(owner)
            for listing in self._listings(self._store, self._folder, owner):
                self._clean_one(listing, owner)
        return self._clean_one(page, owner)

    def _clean_one(self, page: Page, owner: str) -> Cleaned:
        known = self._portals.get(owner)
        portal = known or site_portal(page.url, detect_family(page) or "generic")
        return clean_saved(self._cleaner, page, portal)


@contextmanager
def _bar(what: str, total: int) -> Iterator[Callable[[], None]]:
    columns = (TextColumn(f"{what:<16}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=notes, transient=True) as progress:
        task = progress.add_task("", total=total)
        yield lambda: progress.advance(task)
