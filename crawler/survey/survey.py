"""Survey a site: one short, real crawl in an archive of its own, and everything it met."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from crawler.network.addresses import Territory
from crawler.registry import find_portal, portal_ids, site_id, site_portal
from crawler.walk.frontier import target_of
from pipelines.clean.detect import detect_family
from pipelines.codec import draft_from_json
from pipelines.records import Outcome
from pipelines.store.engine import open_store
from pipelines.store.runs import create_run, get_run, run_totals
from pipelines.store.schema import inbox, outcomes, snapshots
from pipelines.store.snapshots import SnapshotRef, read_page

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Connection

    from config.settings import Settings
    from crawler.portal import Portal
    from pipelines.records import Draft, Page
    from pipelines.store.engine import Store
    from pipelines.store.runs import RunParams

LONGEST = 900.0  # seconds: at a Crawl-delay of 30 s two dozen pages take 12 minutes
GRACE = 10.0
LOOK_SECONDS = 0.25
OWN_PLACES = ("GOMTIN_STORE", "GOMTIN_BROKER", "GOMTIN_SNAPSHOTS")
UNASKED = (
    Outcome.NOT_REACHED, Outcome.OVER_LIMIT, Outcome.OFFSITE, Outcome.KNOWN, Outcome.TRAP,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Visit:
    """One address that a survey met: how it ended, the page it gave, the article on it."""

    key: str
    url: str
    outcome: Outcome
    detail: str
    page: Page | None = None
    draft: Draft | None = None


@dataclass(frozen=True, slots=True)
class Survey:
    """What one survey met; ``fault`` tells why it ended early.

    ``url`` is the address that was given ("": a portal's own), ``base_url`` the replica's.
    """

    portal: type[Portal]
    visits: tuple[Visit, ...]
    fault: str
    seconds: float
    url: str = ""
    base_url: str = ""

    @property
    def articles(self) -> list[Visit]:
        """Give the visits that brought an article."""
        return [visit for visit in self.visits if visit.draft]

    @property
    def tried(self) -> list[Visit]:
        """Give the visits to article addresses: those whose page was read to be an article."""
        return [
            visit
            for visit in self.visits
            if visit.outcome not in {Outcome.DOOR, Outcome.LISTING, *UNASKED}
            and self.portal.article.search(target_of(visit.url))
        ]

    def at(self, path: str) -> Visit | None:
        """Give the visit to this path (with its query), if there was one."""
        return next((visit for visit in self.visits if target_of(visit.url) == path), None)

    def public(self, url: str) -> str:
        """Give the portal's own address for one of the replica."""
        root = f"{self.portal.scheme}://{self.portal.hosts[0]}"
        base = self.base_url.rstrip("/")
        return root + url.removeprefix(base) if base and url.startswith(base) else url


def survey_site(
    settings: Settings, params: RunParams, watch: Callable[[Mapping[Outcome, int]], None]
) -> Survey:
    """Survey the site at ``params.url`` as if it had no spider file.

    Where only its articles show which CMS it runs on, it is surveyed once more as one of that.
    """
    portal_id = site_id(params.url)
    found = _survey(settings, portal_id, params, watch)
    shown = (detect_family(visit.page) for visit in found.tried if visit.page)
    family = next((one for one in shown if one), None)
    if found.portal.family != "generic" or family is None:
        return found
    return _survey(settings, portal_id, replace(params, family=family), watch)


def survey_portal(
    settings: Settings,
    portal_id: str,
    params: RunParams,
    watch: Callable[[Mapping[Outcome, int]], None],
) -> Survey:
    """Survey a portal by its spider file; raise Reject("portal.unknown") where it has none."""
    return _survey(settings, find_portal(portal_id).id, params, watch)


def _survey(
    settings: Settings,
    portal_id: str,
    params: RunParams,
    watch: Callable[[Mapping[Outcome, int]], None],
) -> Survey:
    """Run the crawl process on an archive in a temporary folder, and read what it left."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="gomtin-survey-") as folder:
        # it shares the archive's turns at hosts, as far as there is an archive
        turns = settings.turns_url if settings.store or settings.data.exists() else ""
        own = replace(settings, data=Path(folder), store="", broker="", snapshots="", turns=turns)
        store = open_store(own.store_url)
        try:
            fault, visits = _run(store, own, portal_id, params, watch)
        finally:
            store.close()
    portal = _portal(portal_id, params, visits)
    seconds = time.monotonic() - began
    return Survey(portal, visits, fault, seconds, params.url, params.base_url)


def _run(
    store: Store,
    settings: Settings,
    portal_id: str,
    params: RunParams,
    watch: Callable[[Mapping[Outcome, int]], None],
) -> tuple[str, tuple[Visit, ...]]:
    with store.begin() as conn:
        run_id = create_run(conn, portal_id, "survey", params, datetime.now(UTC))

    def look() -> None:
        with store.read() as conn:
            watch(run_totals(conn, run_id))

    fault = _crawl(run_id, settings, look)
    with store.read() as conn:
        run = get_run(conn, run_id)
        return run.error or fault, _visits(conn, run_id, settings.snapshot_folder)


def _crawl(run_id: int, settings: Settings, look: Callable[[], None]) -> str:
    """Let the crawl process work to its end; give its fault, "" for none."""
    env = {name: value for name, value in os.environ.items() if name not in OWN_PLACES}
    env |= {"GOMTIN_DATA": str(settings.data), "GOMTIN_TURNS": settings.turns}
    log = settings.data / "survey.log"
    command = [sys.executable, "-m", "crawler.run", str(run_id)]
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=env, stdout=output, stderr=output)
        try:
            ended = _wait(process, look)
        finally:
            if process.poll() is None:
                process.terminate()
                _wait_or_kill(process)
    if not ended:
        return f"the survey was ended after {LONGEST:.0f} s; what it had read is shown"
    if process.returncode:
        last = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:]
        return "".join(last) or f"the crawl process ended with {process.returncode}"
    return ""


def _wait(process: subprocess.Popen[bytes], look: Callable[[], None]) -> bool:
    deadline = time.monotonic() + LONGEST
    while time.monotonic() < deadline:
        try:
            process.wait(LOOK_SECONDS)
        except subprocess.TimeoutExpired:
            look()
        else:
            look()
            return True
    return False


def _wait_or_kill(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _visits(conn: Connection, run_id: int, folder: Path) -> tuple[Visit, ...]:
    columns = [snapshots.c[name] for name in SnapshotRef.__slots__]
    kept = conn.execute(select(*columns).where(snapshots.c.run_id == run_id))
    pages = {ref.url: read_page(folder, ref) for ref in (SnapshotRef(*row) for row in kept)}
    waiting = conn.execute(select(inbox.c.key, inbox.c.draft).where(inbox.c.run_id == run_id))
    drafts = {row.key: draft_from_json(row.draft) for row in waiting}
    names = ("key", "url", "outcome", "detail")
    ends = select(*(outcomes.c[name] for name in names)).where(outcomes.c.run_id == run_id)
    return tuple(
        Visit(row.key, row.url, row.outcome, row.detail, pages.get(row.url), drafts.get(row.key))
        for row in conn.execute(ends.order_by(outcomes.c.key))
    )


def _portal(portal_id: str, params: RunParams, visits: tuple[Visit, ...]) -> type[Portal]:
    """Give the portal that the survey took the site for, at the address that answered."""
    if portal_id in portal_ids():
        return find_portal(portal_id)
    territory = Territory(site_portal(params.url, "generic"), params.base_url)
    asked = target_of(territory.relocate(params.url))
    home = next((v.page for v in visits if v.page and target_of(v.url) == asked), None)
    family = (detect_family(home) if home else None) or params.family or "generic"
    url = home.url if home and not params.base_url else params.url
    return site_portal(url, family)
