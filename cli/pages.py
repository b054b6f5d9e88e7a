"""gomtin extract and import: saved pages through the cleaning and the pipeline."""

from __future__ import annotations

import os
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import click
from rich.progress import track
from rich.text import Text

from cli.crawl import print_reports, run_reports, wait_for_runs
from cli.progress import COLUMNS, count
from cli.session import archive, console, examples, notes, print_json, require_web_address, utc_now
from config.settings import load_settings
from crawler.recorded.saved import clean_saved, portal_of, read_saved, require_readable
from crawler.registry import find_portal
from pipelines.records import Cleaned, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from config.settings import Settings
    from crawler.recorded.saved import Saved
    from crawler.recorder import Recorder
    from pipelines.clean.isolated import IsolatedCleaner
    from pipelines.store.engine import Store

PATHS = click.Path(path_type=Path)
FAILED = COLUMNS["failed"]


@click.command(
    "extract",
    epilog=examples(
        "gomtin extract page.html --url https://baoangiang.com.vn/tin-a1.html",
        "gomtin extract saved/ --json > articles.jsonl",
    ),
)
@click.argument("paths", nargs=-1, required=True, type=PATHS)
@click.option("--url", default="", help="The address that the page was saved from.")
@click.option("--portal", default="", help="The portal whose rules read the page.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON for each page.")
def extract_command(paths: tuple[Path, ...], url: str, portal: str, as_json: bool) -> None:
    """Clean saved pages without storing them.

    PATHS: .html, .txt (a page's text without its markup), folders of them, .warc[.gz], and
    .jsonl[.gz] with lines {url, html} or {url, text} (portal and fetched_at optional).
    """
    if url:
        require_web_address(url)
    if portal:
        find_portal(portal)
    require_readable(paths)
    settings = load_settings()
    failed = False
    with cleaner_of(settings) as cleaner:
        for saved in _read(settings, paths, url, portal):
            cleaned = _clean(cleaner, saved)
            failed |= cleaned.draft is None
            if as_json:
                print_json(_line(saved, cleaned))
            else:
                _show(saved, cleaned)
    if failed:
        raise SystemExit(1)


@click.command(
    "import",
    epilog=examples("gomtin import old-pages/ --portal hiepninh", "gomtin import export.jsonl.gz"),
)
@click.argument("paths", nargs=-1, required=True, type=PATHS)
@click.option("--portal", default="", help="The portal that the pages belong to.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON for each portal.")
def import_command(paths: tuple[Path, ...], portal: str, as_json: bool) -> None:
    """Put saved pages through the whole pipeline.

    PATHS: .html, .txt (a page's text without its markup), folders of them, .warc[.gz], and
    .jsonl[.gz] with lines {url, html} or {url, text} (portal and fetched_at optional).
    """
    from workers.supervise import Stack

    require_readable(paths)
    if portal:
        find_portal(portal)
    with archive() as (settings, store):
        runs: dict[int, str] = {}
        faults: list[Saved] = []
        with cleaner_of(settings) as cleaner, Intake(settings, store, runs) as intake:
            pages = _read(settings, paths, "", portal)
            for saved in track(pages, "reading pages", console=notes, disable=as_json):
                intake.take(saved, _clean(cleaner, saved))
                if saved.fault:
                    faults.append(saved)
        with Stack(settings, roles=("broker", "ingest", "clock")) as stack:
            wait_for_runs(store, stack, runs, quiet=as_json)
        reports = run_reports(store, runs)
    print_reports(reports, as_json=as_json)
    for saved in faults:
        notes.print(f"{saved.path}: {saved.fault}", style="red", markup=False, soft_wrap=True)
    if faults or any(count(report.totals, FAILED) for report in reports):
        raise SystemExit(1)


class Intake:
    """Delivers imported pages to the inbox: one run of kind "import" for each portal."""

    def __init__(self, settings: Settings, store: Store, runs: dict[int, str]) -> None:
        self._settings = settings
        self._store = store
        self._runs = runs
        self._recorders: dict[str, Recorder] = {}
        self._met: Counter[tuple[str, str]] = Counter()
        self._owner = f"import:{os.getpid()}"
        self._renewed_at = utc_now()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        from pipelines.store.runs import finish_fetch

        for recorder in self._recorders.values():
            recorder.commit()
            recorder.release()
        with self._store.begin() as conn:
            for run_id in self._runs:
                finish_fetch(conn, run_id, self._owner, utc_now())

    def take(self, saved: Saved, cleaned: Cleaned) -> None:
        """Note one page with what it turned out to be."""
        portal = portal_of(saved.page)
        name = saved.page.portal or getattr(portal, "id", "imported")
        recorder = self._recorders.get(name) or self._open(name)
        draft = cleaned.draft
        key = self._new_key(name, portal.document_key(saved.page.url))
        if saved.fault:
            recorder.outcome(key, saved.page.url, cleaned.outcome, cleaned.reason)
        else:
            recorder.page(key, saved.page, cleaned.outcome, cleaned.reason, draft)
        if recorder.full:
            recorder.commit()
        self._renew_leases()

    def _renew_leases(self) -> None:
        """Keep the runs this import's own: a run whose lease is over is called interrupted."""
        from pipelines.store.runs import heartbeat

        now, seconds = utc_now(), self._settings.lease_seconds
        if (now - self._renewed_at).total_seconds() > seconds / 6:
            self._renewed_at = now
            with self._store.begin() as conn:
                for run_id in self._runs:
                    heartbeat(conn, run_id, self._owner, now, seconds)

    def _new_key(self, portal: str, key: str) -> str:
        """Tell several pages of one address apart: each of them is read, the later as revisions."""
        self._met[portal, key] += 1
        times = self._met[portal, key]
        return key if times == 1 else f"{key}#{times}"

    def _open(self, name: str) -> Recorder:
        from crawler.doorbell import Doorbell
        from crawler.recorder import Recorder
        from pipelines.store.runs import RunParams, claim_run, create_run

        settings, now = self._settings, utc_now()
        with self._store.begin() as conn:
            run_id = create_run(conn, name, "import", RunParams(), now)
            claim_run(conn, run_id, self._owner, now, settings.lease_seconds)
        self._runs[run_id] = name
        self._recorders[name] = Recorder(
            self._store,
            run_id,
            name,
            folder=settings.snapshot_folder,
            doorbell=Doorbell("", settings.ingest_batch),  # the sweeper rings once all is read
            clock=utc_now,
        )
        return self._recorders[name]


def _read(settings: Settings, paths: Sequence[Path], url: str, portal: str) -> Iterator[Saved]:
    return read_saved(
        paths, url=url, portal=portal, now=utc_now(), max_bytes=settings.max_page_bytes
    )


@contextmanager
def cleaner_of(settings: Settings) -> Iterator[IsolatedCleaner]:
    """Lend a cleaner with the time limit of the settings."""
    from pipelines.clean.isolated import IsolatedCleaner

    cleaner = IsolatedCleaner(settings.clean_timeout)
    try:
        yield cleaner
    finally:
        cleaner.close()


def _clean(cleaner: IsolatedCleaner, saved: Saved) -> Cleaned:
    if saved.fault:
        return Cleaned(Outcome.BAD_CONTENT, f"input.unreadable: {saved.fault}")
    return clean_saved(cleaner, saved.page, portal_of(saved.page))


def _line(saved: Saved, cleaned: Cleaned) -> dict[str, Any]:
    from pipelines.classify import classify
    from pipelines.codec import draft_to_json

    article = None
    if cleaned.draft:
        labels = classify(cleaned.draft)
        article = draft_to_json(cleaned.draft)
        article["topics"] = [label.value for label in labels if label.axis == "topic"]
        article["kind"] = next((label.value for label in labels if label.axis == "kind"), None)
    return {
        "path": saved.path,
        "url": saved.page.url,
        "outcome": "article" if article else cleaned.outcome.value,
        "reason": cleaned.reason,
        "article": article,
    }


def _show(saved: Saved, cleaned: Cleaned) -> None:
    from cli.archive import print_draft

    console.rule(Text(saved.path), align="left")
    if cleaned.draft:
        print_draft(cleaned.draft)
    else:
        outcome = (cleaned.outcome.value, "yellow")
        console.print(Text.assemble(outcome, f": {cleaned.reason}"), soft_wrap=True)
