"""gomtin portals: which portals there are."""

from __future__ import annotations

from typing import Any

import click
from rich.table import Table

from cli.session import console, examples, print_json
from crawler.registry import all_portals


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
