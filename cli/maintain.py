"""gomtin probe, new, record and check: what the maintainer of portals works with."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from cli.session import Number, console, examples, notes, print_json, require_web_address, utc_now
from cli.survey_shown import show_files, show_findings, show_next, show_probe, show_review
from cli.surveying import require_answer, survey_params, surveying
from config.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.survey.findings import Finding
    from crawler.survey.survey import Survey, Visit

SURVEYED = 8  # a few more than are shown and recorded: some addresses turn out to be no article
CHECKED = 10

base_url_option = click.option(
    "--base-url", default="", metavar="URL", help="Read the site from a replica at this address."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")


@click.command(
    "probe",
    short_help="Tell what a site runs on and what it would come out as.",
    epilog=examples(
        "gomtin probe https://example.gov.vn/",
        "gomtin probe http://example.vn/ --base-url http://127.0.0.1:8003",
    ),
)
@click.argument("url")
@base_url_option
@json_option
def probe_command(url: str, base_url: str, as_json: bool) -> None:
    """Tell what a site runs on, which doors it has, and what its articles would come out as.

    Reads robots.txt, every door, a few listings and articles, about 20 pages, as politely as a
    crawl: at least 2 s between two requests. Nothing is stored.
    """
    from crawler.survey.probe import probe_of
    from crawler.survey.survey import survey_site

    with surveying(url) as (watch, cleaner):
        found = survey_site(load_settings(), survey_params(url, base_url, SURVEYED), watch)
        require_answer(found)
        probe = probe_of(found, url, cleaner, utc_now())
    if as_json:
        print_json(probe.to_json())
    else:
        show_probe(probe)
    if not probe.articles:
        raise SystemExit(1)


@click.command(
    "new",
    short_help="Add a portal: spider file, recorded pages, schedule entry.",
    epilog=examples(
        "gomtin new https://hiepninh.tayninh.gov.vn/",
        "gomtin new https://example.gov.vn/ --id example",
    ),
)
@click.argument("url")
@click.option("--id", "portal_id", default="", help="The portal's id; else the host's first name.")
@base_url_option
def new_command(url: str, portal_id: str, base_url: str) -> None:
    """Add a portal: write spider file, recorded pages and schedule entry from a short crawl.

    The pages with what is expected of them are its test. Reads as many pages as probe. Nothing is
    overwritten.
    """
    from crawler.recorded.scaffold import new_id, scaffold, source_tree, unknown_of
    from crawler.survey.survey import survey_site

    require_web_address(url)
    tree = source_tree()
    chosen = new_id(url, portal_id, tree)
    with surveying(url) as (watch, cleaner):
        found = survey_site(load_settings(), survey_params(url, base_url, SURVEYED), watch)
        require_answer(found)
        made = scaffold(chosen, found, cleaner)
    written = made.write(tree)
    console.print(Text(f"{chosen}: a portal on {found.portal.family}; written are", "bold"))
    show_files(written, tree)
    show_review(made.rows)
    show_findings([*unknown_of(made.spider), *_findings(found)])
    show_next(chosen)


@click.command(
    "record",
    short_help="Record pages of a portal for its tests.",
    epilog=examples(
        "gomtin record hiepninh http://hiepninh.tayninh.gov.vn/vi/news/a-6096.html",
        "gomtin record hiepninh          (all its recorded pages anew)",
    ),
)
@click.argument("portal_id", metavar="ID")
@click.argument("urls", nargs=-1, metavar="URL...")
@base_url_option
def record_command(portal_id: str, urls: tuple[str, ...], base_url: str) -> None:
    """Record pages of a portal for its tests, or refresh those that are recorded.

    The diff of pages.json is what has to be reviewed.
    """
    from crawler.recorded.recordings import folder_of, read_rows, record_pages, write_rows
    from crawler.recorded.scaffold import source_tree
    from crawler.registry import find_portal
    from crawler.survey.survey import survey_portal

    for url in urls:
        require_web_address(url)
    portal = find_portal(portal_id)
    tree = source_tree()
    folder = folder_of(portal_id)
    rows = read_rows(folder)
    wanted = urls or tuple(str(row["url"]) for row in rows)
    if not wanted:
        raise click.UsageError(f"{portal_id} has no recorded pages yet; name addresses to record")
    params = replace(survey_params(wanted[0], base_url), url="", only=wanted)
    with surveying(wanted[0]) as (watch, cleaner):
        found = survey_portal(load_settings(), portal_id, params, watch)
        after, pages = record_pages(found, portal, found.visits, cleaner, rows)
    written = write_rows(folder, after, pages) if pages else []
    show_files(written, tree)
    show_review([row for row in after if row["file"] in pages])
    missing = [visit for visit in found.visits if visit.page is None]
    _say_missing(missing)
    if missing or not found.visits:
        raise SystemExit(1)


def _say_missing(missing: Sequence[Visit]) -> None:
    """Print the pages that could not be read, each fault once."""
    faults: dict[str, list[str]] = {}
    for visit in missing:
        faults.setdefault(f"{visit.outcome} {visit.detail}".strip(), []).append(visit.url)
    for fault, lost in faults.items():
        notes.print(Text(fault, "red"), soft_wrap=True)
        for url in lost:
            notes.print(Text(f"  {url}"), soft_wrap=True)


@click.command(
    "check",
    short_help="Compare a portal's live pages with what they should be.",
    epilog=examples("gomtin check hiepninh", "gomtin check hiepninh --json"),
)
@click.argument("portal_id", metavar="ID")
@click.option("--limit", type=Number(), default=CHECKED, help="Read at most N articles.")
@base_url_option
@json_option
def check_command(portal_id: str, limit: int, base_url: str, as_json: bool) -> None:
    """Crawl a few live pages of a portal and compare them with what it should be like.

    Its newest articles with the expectations of the spider file, and three recorded articles, read
    again, with what they came out as. Each finding has a stable name; exit code 1 where a grave one
    (red) is among them.
    """
    from crawler.recorded.check import asked_again, first_meeting, recorded_findings
    from crawler.recorded.recordings import folder_of, read_rows
    from crawler.registry import find_portal
    from crawler.survey.findings import door_findings
    from crawler.survey.survey import survey_portal

    portal = find_portal(portal_id)
    address = f"{portal.scheme}://{portal.hosts[0]}/"
    rows = read_rows(folder_of(portal_id))
    with surveying(address) as (watch, cleaner):
        params = replace(survey_params(address, base_url, limit), url="")
        found = survey_portal(load_settings(), portal_id, params, watch)
        findings = [*door_findings(found), *_findings(found)]
        if found.articles and (asked := asked_again(rows, portal, base_url)):
            params = replace(params, only=asked)
            again = survey_portal(load_settings(), portal_id, params, watch)
            findings += recorded_findings(again, rows, cleaner)
    numbers = _numbers(found)
    if as_json:
        named = [asdict(one) for one in findings]
        print_json({"portal": portal_id, "findings": named, "numbers": numbers})
    else:
        shown = ", ".join(f"{name} {value}" for name, value in numbers.items())
        console.print(Text.assemble((portal_id, "bold"), f": {shown}"), soft_wrap=True)
        show_findings(findings)
        if not any(one.grave for one in findings):
            console.print(Text("as expected", "green"))
        met = any(visit.page for visit in found.visits)
        if met and (said := first_meeting(portal, base_url)):
            console.print(Text(said))
    if any(one.grave for one in findings):
        raise SystemExit(1)


def _findings(found: Survey) -> list[Finding]:
    from crawler.survey.findings import findings_of

    return findings_of(found, utc_now())


def _numbers(found: Survey) -> dict[str, Any]:
    """Sum up the articles of a survey: how many, and how often each field is filled."""
    from crawler.survey.findings import fill_of, new_in_week

    drafts = [visit.draft for visit in found.articles if visit.draft]
    numbers: dict[str, Any] = {"articles": len(drafts), "of": len(found.tried)}
    for field in found.portal.expect.fill if drafts else ():
        numbers[field] = round(fill_of(drafts, field), 2)
    new = new_in_week(found, utc_now())
    return numbers if new is None else numbers | {"new in a week": new}
