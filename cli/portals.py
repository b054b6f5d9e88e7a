"""gomtin portals: which portals there are, on which system, and which were met live."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from rich.table import Table

from cli.session import archive, console, examples, local, notes, print_json
from crawler.registry import all_portals, met_live

if TYPE_CHECKING:
    from datetime import datetime

    from crawler.portal import Portal


@click.command("portals", epilog=examples("gomtin portals", "gomtin portals --json"))
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON for each portal.")
def portals_command(as_json: bool) -> None:
    """List the portals that have a spider file.

    "met live" is the day on which a crawl of the portal's own host last brought an article to this
    archive; "not yet": the rules were written after descriptions and have met no live page.
    """
    portals, seen = list(all_portals()), _seen()
    if as_json:
        for portal in portals:
            print_json(_row(portal, seen.get(portal.id)))
        return
    table = Table(box=None, padding=(0, 1, 0, 0))
    for name in ("portal", "family", "unit", "met live", "host"):
        table.add_column(name, no_wrap=True)
    for portal in portals:
        met = _met(portal, seen.get(portal.id))
        table.add_row(portal.id, portal.family, portal.unit or "-", met, portal.hosts[0])
    console.print(table)
    unmet = sum(_met(portal, seen.get(portal.id)) == "not yet" for portal in portals)
    families = len({portal.family for portal in portals})
    console.print(f"\n{len(portals)} portals on {families} systems", end="")
    console.print(f"; {unmet} not yet met live: try gomtin check PORTAL" if unmet else "")


def _seen() -> dict[str, datetime]:
    """Ask the archive when each portal was met; the list is of use without it, too."""
    from pipelines.store.faults import StoreError
    from pipelines.store.overview import last_live

    try:
        with archive() as (_, store), store.read() as conn:
            return last_live(conn)
    except StoreError as error:
        notes.print(f"{error}; met live as the files say", markup=False)
        return {}


def _met(portal: type[Portal], at: datetime | None) -> str:
    if at:
        return local(at, "%Y-%m-%d")
    return "yes" if met_live(portal) else "not yet"


def _row(portal: type[Portal], at: datetime | None) -> dict[str, Any]:
    return {
        "id": portal.id,
        "family": portal.family,
        "unit": portal.unit,
        "name": portal.name,
        "hosts": list(portal.hosts),
        "met_live": bool(at) or met_live(portal),
        "last_live": at.isoformat() if at else None,
    }
