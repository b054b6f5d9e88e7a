"""gomtin preview: a page beside the article that is made of it."""

from __future__ import annotations

import re
import webbrowser
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import click
from rich.text import Text

from cli.session import console, examples, notes, require_web_address, utc_now
from config.settings import load_settings
from pipelines.errors import Reject
from pipelines.file_faults import file_fault

if TYPE_CHECKING:
    from crawler.portal import Portal
    from pipelines.clean.isolated import IsolatedCleaner
    from pipelines.records import Cleaned, Page

WEB = ("http://", "https://")
LONGEST_NAME = 60


@click.command(
    "preview",
    short_help="Show a page beside the article that is made of it.",
    epilog=examples(
        "gomtin preview https://hiepninh.tayninh.gov.vn/vi/news/tin-6096.html",
        "gomtin preview tests/portals/hiepninh/seed.html --out seed.html",
    ),
)
@click.argument("target", metavar="URL|FILE")
@click.option("--url", default="", help="The address that the file was saved from.")
@click.option("--portal", "portal_id", default="", help="The portal whose rules read the page.")
@click.option("--base-url", default="", metavar="URL", help="Read it from a replica of the site.")
@click.option("--out", type=click.Path(path_type=Path), help="Write to this file.")
def preview_command(target: str, url: str, portal_id: str, base_url: str, out: Path | None) -> None:
    """Show a page beside its article, each field tied to the rule that found it.

    Writes one HTML file that runs and loads nothing of the page, and opens it where there is a
    browser. A page that is no article is shown with the reason. Addresses are asked as politely as
    by a crawl; of a .jsonl or .warc file --url names the page.
    """
    from crawler.preview.sheet import Subject, sheet_of
    from pipelines.clean.isolated import IsolatedCleaner

    settings = load_settings()
    with closing(IsolatedCleaner(settings.clean_timeout)) as cleaner:
        if target.startswith(WEB):
            page, portal = _asked(target, portal_id, base_url)
        else:
            page, portal = _saved(Path(target), url, portal_id, settings.max_page_bytes)
        cleaned = _clean(cleaner, page, portal)
        other = None
        if portal.rules and cleaned.draft is None:
            other = cleaner.clean_now(page, None, canonical_url=page.url)
        sheet = sheet_of(Subject(page, portal.family, portal.rules, cleaned, other))
    path = out or settings.data / "preview" / f"{_name(target)}.html"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(sheet, encoding="utf-8")
    except OSError as error:
        raise Reject(
            "output.unwritable", f"{path} cannot be written: {file_fault(error)}"
        ) from error
    _say(cleaned)
    console.print(Text(str(path)), soft_wrap=True)
    _open(path)


def _asked(url: str, portal_id: str, base_url: str) -> tuple[Page, type[Portal]]:
    """Ask for one page as a crawl would; raise Reject for one that gave none."""
    from cli.surveying import survey_params, surveying
    from crawler.registry import find_portal, portal_at
    from crawler.survey.survey import survey_portal, survey_site

    require_web_address(url)
    known = find_portal(portal_id) if portal_id else portal_at(url)
    params = replace(survey_params(url, base_url), only=(url,))
    with surveying(url) as (watch, _):
        if known:
            found = survey_portal(load_settings(), known.id, replace(params, url=""), watch)
        else:
            found = survey_site(load_settings(), params, watch)
    page = next((visit.page for visit in found.visits if visit.page), None)
    if page is None:
        ends = "; ".join(f"{visit.outcome} {visit.detail}".strip() for visit in found.visits)
        raise Reject("preview.no_page", f"it gave no page: {ends or found.fault}", url=url)
    return replace(page, url=found.public(page.url), portal=found.portal.id), found.portal


def _saved(path: Path, url: str, portal_id: str, max_bytes: int) -> tuple[Page, type[Portal]]:
    """Read a page from a file; a recorded page brings its address and times along."""
    from crawler.recorded.saved import portal_of, read_saved, require_readable
    from crawler.registry import find_portal

    require_readable([path])
    if portal_id:
        find_portal(portal_id)
    pages = [
        one
        for one in read_saved([path], url=url, portal=portal_id, now=utc_now(), max_bytes=max_bytes)
        if not url or one.page.url == url
    ]
    if len(pages) != 1 or pages[0].fault:
        said = pages[0].fault if pages else f"it holds no page of {url}"
        if len(pages) > 1:
            said = f"it holds {len(pages)} pages; name one by --url, like {pages[0].page.url}"
        raise Reject("input.none", f"{path}: {said}")
    page = _as_recorded(path, pages[0].page) if not url else pages[0].page
    return page, portal_of(page)


def _as_recorded(path: Path, page: Page) -> Page:
    from crawler.recorded.recordings import read_rows
    from crawler.registry import portal_ids

    for row in read_rows(path.parent):
        if row["file"] == path.name:
            portal = path.absolute().parent.name
            listed = row.get("listed_at")
            return replace(
                page,
                url=row["url"],
                portal=portal if portal in portal_ids() else "",
                fetched_at=datetime.fromisoformat(row["fetched_at"]),
                encoding=row.get("encoding", "utf-8"),
                listed_at=datetime.fromisoformat(listed) if listed else None,
                listed_from=row.get("listed_from", ""),
            )
    return page


def _clean(cleaner: IsolatedCleaner, page: Page, portal: type[Portal]) -> Cleaned:
    from crawler.recorded.saved import clean_saved

    return clean_saved(cleaner, page, portal)


def _say(cleaned: Cleaned) -> None:
    if cleaned.draft:
        reason = f"  ({cleaned.reason})" if cleaned.reason else ""
        console.print(Text.assemble(("article", "green"), f": {cleaned.draft.title}{reason}"))
    else:
        console.print(Text.assemble((cleaned.outcome.value, "yellow"), f": {cleaned.reason}"))


def _open(path: Path) -> None:
    """Open the file in a graphical browser, if this is a terminal that has one."""
    if not console.is_terminal:
        return
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return
    if not isinstance(browser, webbrowser.GenericBrowser):
        browser.open(path.absolute().as_uri())
        notes.print("opened in the browser")


def _name(target: str) -> str:
    """Name the preview by the last part of the address or path, without its ending."""
    last = unquote(target.partition("?")[0].rstrip("/").rpartition("/")[2])
    words = re.sub(r"[^\w-]+", "-", re.sub(r"\.(?:html?|aspx|php|txt)$", "", last)).strip("-")
    return words[:LONGEST_NAME] or "page"
