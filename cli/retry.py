"""gomtin retry: try once more what has failed, by id, portal, cause or time."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from cli.crawl import crawl_portals
from cli.operate import LETTERS, print_letters
from cli.session import (
    ROW_ID,
    When,
    archive,
    console,
    examples,
    notes,
    print_json,
    require_portal,
    utc_now,
)
from crawler.registry import find_portal, portal_ids, site_portal
from pipelines.errors import Reject
from pipelines.plural import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from config.settings import Settings
    from pipelines.store.engine import Store
    from pipelines.store.letters import Letter
    from pipelines.store.runs import RunParams

CHECK_SECONDS = 0.5


@click.command(
    "retry",
    epilog=examples(
        "gomtin retry 12 13",
        "gomtin retry --code ingest.poison --since 24h",
        "gomtin retry --portal hiepninh --code timed_out",
        "gomtin retry 12 --drop",
    ),
)
@click.argument("ids", nargs=-1, type=ROW_ID, metavar="[DEAD_LETTER...]")
@click.option("--portal", help="All that fails of this portal.")
@click.option("--code", help="All that fails for this cause, as gomtin failures names it.")
@click.option("--since", type=When(), help="What failed since (day, moment or age as 36h).")
@click.option("--until", type=When(), help="What failed before then.")
@click.option("--all", "everything", is_flag=True, help="All that fails.")
@click.option("--drop", is_flag=True, help="Remove the dead letters for good in place of that.")
@click.option("--json", "as_json", is_flag=True, help="Print lines of JSON: letters, portals.")
def retry_command(
    ids: tuple[int, ...],
    portal: str | None,
    code: str | None,
    since: datetime | None,
    until: datetime | None,
    everything: bool,
    drop: bool,
    as_json: bool,
) -> None:
    """Try failed pages and dead letters once more.

    Dead letters are ingested again, each at most GOMTIN_MAX_ATTEMPTS times. Pages that could not be
    read are asked for again, each once and at the portal's own pace, at most 300 of a portal; doors
    and listings are left out, for every run asks for them. The command ends when all are done.
    Nothing retries a dead letter by itself.
    """
    if not (ids or portal or code or since or until or everything):
        raise click.UsageError(
            "name dead letters by id, or failures by --portal, --code, --since or --until,"
            " or say --all"
        )
    with archive() as (settings, store):
        with store.begin() as conn:
            require_portal(conn, portal)
            chosen = _letters(conn, ids, portal, code, since, until)
            plans = {} if ids or drop else _plans(conn, portal, code, since, until)
            if drop:
                _drop(conn, chosen, as_json=as_json)
                return
        if not (chosen or plans):
            told = notes if as_json else console
            told.print("nothing of that kind fails; gomtin failures lists what does")
            return
        failed = _retry_letters(settings, store, chosen, as_json=as_json) if chosen else 0
        failed += _ask_again(settings, store, plans, as_json=as_json) if plans else 0
    if failed:
        raise SystemExit(1)


def _letters(
    conn: Connection,
    ids: Sequence[int],
    portal: str | None,
    code: str | None,
    since: datetime | None,
    until: datetime | None,
) -> list[Letter]:
    """Choose dead letters; raise Reject for an id that is none."""
    from pipelines.store.letters import letters

    found = letters(conn, portal=portal, code=code, since=since, until=until, limit=LETTERS)
    missing = set(ids) - {letter.id for letter in found}
    if missing:
        names = ", ".join(map(str, sorted(missing)))
        raise Reject(
            "letter.missing", f"there is no dead letter {names}; gomtin failures lists them"
        )
    return [letter for letter in found if not ids or letter.id in ids]


def _letter_json(letter: Letter, state: str) -> dict[str, object]:
    return {
        "dead_letter": letter.id, "portal": letter.portal, "url": letter.url,
        "code": letter.code, "message": letter.message, "state": state,
    }  # fmt: skip


def _drop(conn: Connection, chosen: Sequence[Letter], *, as_json: bool) -> None:
    from pipelines.store.letters import drop

    drop(conn, [letter.id for letter in chosen], utc_now())
    if as_json:
        for letter in chosen:
            print_json(_letter_json(letter, "dropped"))
        return
    console.print(f"{counted(len(chosen), 'dead letter')} removed for good")


def _retry_letters(
    settings: Settings, store: Store, chosen: Sequence[Letter], *, as_json: bool
) -> int:
    """Ingest dead letters again; give how many are dead letters once more."""
    from pipelines.store.letters import letters, retry
    from workers.supervise import Stack

    with store.begin() as conn:
        retry(conn, [letter.id for letter in chosen], utc_now())
    with Stack(settings, roles=("broker", "ingest", "clock")) as stack:
        runs = {letter.run_id for letter in chosen}
        with notes.status("") as status:
            while left := _waiting(store, runs):
                status.update(f"storing: {counted(left, 'draft')} left")
                for sentence in stack.check():
                    notes.print(sentence, markup=False)
                time.sleep(CHECK_SECONDS)
    asked = {(letter.run_id, letter.key) for letter in chosen}
    with store.read() as conn:
        found = letters(conn, limit=LETTERS)
    again = [letter for letter in found if (letter.run_id, letter.key) in asked]
    if as_json:
        dead = {(letter.run_id, letter.key): letter for letter in again}
        for letter in chosen:
            failed = dead.get((letter.run_id, letter.key))
            print_json(_letter_json(failed or letter, "dead_letter" if failed else "ingested"))
        return len(again)
    console.print(f"{len(chosen)} retried, {len(again)} of them are dead letters again")
    if again:
        print_letters(again)
    return len(again)


def _waiting(store: Store, runs: Iterable[int]) -> int:
    from pipelines.store.inbox import pending

    with store.read() as conn:
        return sum(pending(conn, run_id) for run_id in runs)


def _plans(
    conn: Connection,
    portal: str | None,
    code: str | None,
    since: datetime | None,
    until: datetime | None,
) -> dict[str, tuple[RunParams, tuple[str, ...]]]:
    """Plan a run for each portal that asks for its failed articles only; give their keys too."""
    from pipelines.store.overview import failing_pages, last_crawl
    from pipelines.store.runs import SLICE, RunState, active_run

    plans = {}
    found = failing_pages(conn, portal=portal, cause=code, since=since, until=until)
    for name, known in found.items():
        active = active_run(conn, name)
        if active and active.state in {RunState.QUEUED, RunState.RUNNING}:
            notes.print(f"{name} is being crawled (run {active.id}); retry when that is over")
            continue
        last = last_crawl(conn, name)
        if last is None:
            notes.print(f"{name}: its pages were imported; import them again")
            continue
        params = last.params
        articles = {key: url for key, url in known.items() if _is_article(name, params, url)}
        if len(articles) < len(known):
            rest = counted(len(known) - len(articles), "door or listing", "doors or listings")
            notes.print(f"{name}: {rest} left out, for each run asks for them")
        if len(articles) > SLICE:
            notes.print(f"{name}: {SLICE} of {len(articles)} pages now; repeat the command")
        keys = tuple(articles)[:SLICE]
        if keys:
            only = tuple(articles[key] for key in keys)
            asked = replace(params, only=only, limit=None, slice=None, rest=False, until="")
            plans[name] = asked, keys
    return plans


def _is_article(name: str, params: RunParams, url: str) -> bool:
    from crawler.walk.frontier import target_of

    spider = name in portal_ids()
    portal = find_portal(name) if spider else site_portal(params.url, params.family or "generic")
    return bool(portal.article.search(target_of(url)))


def _ask_again(
    settings: Settings,
    store: Store,
    plans: Mapping[str, tuple[RunParams, tuple[str, ...]]],
    *,
    as_json: bool,
) -> int:
    """Read failed pages again; give how many fail once more."""
    from pipelines.store.pages import known_pages
    from pipelines.store.schema import FAILING
    from workers.supervise import Stack

    with Stack(settings) as stack:
        params = {name: asked for name, (asked, _) in plans.items()}
        reports = crawl_portals(store, stack, params, kind="recheck")
    failed = 0
    with store.read() as conn:
        for name, (_, keys) in plans.items():
            pages = known_pages(conn, name, keys).values()
            bad = sum(page.outcome in FAILING for page in pages)
            failed += bad
            if as_json:
                print_json({"portal": name, "asked": len(keys), "failed": bad})
                continue
            asked = counted(len(keys), "page")
            console.print(f"{name}: {asked} asked again, {bad} of them failed again")
    for report in reports:
        if report.error:
            notes.print(f"{report.portal}: {report.error}", style="red", markup=False)
    return failed
