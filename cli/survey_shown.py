"""What a survey of a site found, for the maintainer of its portal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from cli.session import console, local
from pipelines.plural import counted

if TYPE_CHECKING:
    from pathlib import Path

    from crawler.survey.findings import Finding
    from crawler.survey.probe import Probe

SHOWN = 5
PATH_WIDTH = 40  # of a door's, so that the table fits 80 columns


def show_probe(probe: Probe) -> None:
    """Print what a site runs on, its doors, and what its articles would come out as."""
    runs_on = (probe.family or "an unknown CMS (generic rules)", "bold")
    console.print(Text.assemble(f"{probe.url} runs on ", runs_on), soft_wrap=True)
    if probe.evidence:
        console.print(Text(f"  shown by {probe.evidence[:100]}"), soft_wrap=True)
    pause = f", asks for {probe.crawl_delay:g} s between requests" if probe.crawl_delay else ""
    console.print(Text(f"robots.txt: {probe.robots}{pause}"), soft_wrap=True)
    table = Table("door", "", "path", "says", box=None)
    for door in probe.doors:
        path = Text(door.path)
        path.truncate(PATH_WIDTH, overflow="ellipsis")
        table.add_row(door.kind, "yes" if door.works else "no", path, door.says)
    console.print(table)
    second = probe.second_page or "none found"
    console.print(Text(f"second page of a listing: {second}"), soft_wrap=True)
    order = probe.dates.order or "not told by these pages, d/m assumed"
    console.print(Text(f"dates: order {order}"))
    for sample in probe.dates.samples:
        read = f"{sample.read_as} ({sample.rule})" if sample.read_as else "not read"
        console.print(Text(f"  {sample.printed or '(none printed)'}  ->  {read}"), soft_wrap=True)
    _show_articles(probe)
    show_findings(list(probe.warnings))


def _show_articles(probe: Probe) -> None:
    console.print(Text("the first articles would come out as", "bold"))
    for draft in probe.articles[:SHOWN]:
        text = sum(len(line) for line in draft.body)
        size = f"{counted(len(draft.body), 'paragraph')}, {counted(text, 'character')}"
        about = f"{local(draft.published_at)}, {size}"
        about += f", by {draft.author}" if draft.author else ", no author"
        console.print(Text(f"  {draft.title}\n    {about}"), soft_wrap=True)
        start = draft.body[0][:140] if draft.body else "(no text)"
        console.print(Text(f"    {start}"), soft_wrap=True)


def show_findings(findings: list[Finding]) -> None:
    """Print findings, the grave ones in red."""
    for finding in findings:
        code = (finding.code, "red" if finding.grave else "yellow")
        console.print(Text.assemble(code, f": {finding.text}"), soft_wrap=True)


def show_files(written: list[Path], tree: Path) -> None:
    """Print the files that were written, as the source tree names them."""
    for path in written:
        console.print(Text(f"  {path.relative_to(tree)}"), soft_wrap=True)


def show_review(rows: list[dict[str, Any]]) -> None:
    """Show what each recorded page came out as: a person has to judge it."""
    for row in rows:
        article = row["article"]
        if article is None:
            console.print(Text(f"{row['file']}: {row['outcome']}"))
            continue
        console.print(Text.assemble((row["file"], "bold"), f"  {row['url']}"), soft_wrap=True)
        for name in ("title", "published_at", "author", "section"):
            console.print(Text(f"  {name}: {article[name]}"), soft_wrap=True)
        body = article["body"]
        ends = f"{body[0][:60]} ... {body[-1][-60:]}" if body else ""
        console.print(Text(f"  body: {counted(len(body), 'paragraph')}: {ends}"), soft_wrap=True)


def show_next(portal_id: str) -> None:
    """Print what is left to do for a person who has added a portal."""
    console.print(
        Text(f"""
Look at
  the spider file: name, and unit (the province: it tells places of one name apart)
  each recorded page beside its article, field by field:
    gomtin preview tests/portals/{portal_id}/FILE.html
  pages.json, which holds what is expected of them from now on
Then
  python -m pytest tests/portals -k {portal_id}
  gomtin check {portal_id}
config/schedule.toml names it: gomtin up crawls it once it is deployed"""),
        soft_wrap=True,
    )
