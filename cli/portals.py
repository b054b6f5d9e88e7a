"""gomtin portals and probe: which portals there are, and what an unknown site runs on."""

from __future__ import annotations

from typing import Any

import click
from rich.table import Table
from rich.text import Text

from cli.session import console, examples, print_json, require_web_address, utc_now
from config.settings import load_settings
from crawler.registry import all_portals, site_portal
from pipelines.errors import Retry
from pipelines.records import Page


@click.command("portals", epilog=examples("gomtin portals"))
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON for each portal.")
def portals_command(as_json: bool) -> None:
    """List the portals that have a spider file."""
    table = Table(box=None)
    for name in ("portal", "family", "host", "name, unit"):
        table.add_column(name, no_wrap=name == "host")
    for portal in all_portals():
        if as_json:
            row: dict[str, Any] = {"id": portal.id, "family": portal.family, "unit": portal.unit}
            print_json(row | {"name": portal.name, "hosts": list(portal.hosts)})
        name_unit = f"{portal.name}, {portal.unit}"
        table.add_row(portal.id, portal.family, portal.hosts[0], name_unit)
    if not as_json:
        console.print(table)


@click.command("probe", epilog=examples("gomtin probe https://example.gov.vn/"))
@click.argument("url")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
def probe_command(url: str, as_json: bool) -> None:
    """Tell a site's CMS family and its doors.

    Doors are where new articles are announced: feed, sitemap, JSON, listings.
    """
    from pipelines.clean.page import detect_family

    family = detect_family(_fetch(url))
    portal = site_portal(url, family or "generic")
    doors = [f"{door.kind} {door.path.split('?')[0]}" for door in portal.doors]
    if as_json:
        print_json({"url": url, "family": family, "doors": doors})
        return
    runs_on = family or "an unknown CMS (generic rules)"
    console.print(Text.assemble(f"{url} runs on ", (runs_on, "bold")), soft_wrap=True)
    console.print("doors that are tried: " + ", ".join(doors))


def _fetch(url: str) -> Page:
    from urllib.error import URLError
    from urllib.request import Request, urlopen

    settings = load_settings()
    require_web_address(url)
    request = Request(url, headers={"User-Agent": settings.agent})  # noqa: S310 - checked above
    try:
        with urlopen(request, timeout=30) as answer:  # noqa: S310 - checked above
            body = answer.read(settings.max_page_bytes)
            return Page(answer.url, body, utc_now(), encoding=answer.headers.get_content_charset())
    except (URLError, OSError, ValueError) as error:
        reason = error.reason if isinstance(error, URLError) else error
        raise Retry("probe.failed", f"{url} cannot be read: {reason}", url=url) from error
