"""make demo: crawl five replica portals, on two days, through the real pipeline."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from rich.text import Text

from cli.crawl import crawl_portals
from cli.progress import summary_table
from cli.session import archive, console, notes
from config.settings import SettingsError, load_settings
from demo.serve import serve
from pipelines.errors import GomtinError
from pipelines.store.articles import count_articles, story_of
from pipelines.store.finding import ArticleQuery, search
from pipelines.store.runs import RunParams
from workers.supervise import Stack

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cli.crawl import Report
    from pipelines.store.articles import StoredArticle
    from pipelines.store.engine import Store

SHOWN = 12


def main() -> int:
    """Crawl the replicas twice, with a correction and a new article in between, and show it all."""
    os.environ.setdefault("GOMTIN_DATA", "data/demo")  # kept apart from a real archive
    try:
        return _demo()
    except (GomtinError, SettingsError) as error:
        notes.print(Text(f"gomtin: {error}", "red"))
        return 1
    except KeyboardInterrupt:
        notes.print("interrupted; make demo goes on where it stopped")
        return 1


def _demo() -> int:
    folder = load_settings().data
    before = _count()
    console.print(
        f"Five replica portals on this machine, one for each CMS family;\narchive in {folder}\n"
    )
    with archive() as (settings, store), Stack(settings) as stack, serve() as replicas:
        console.print("[bold]Day 1[/bold]: everything the portals hold")
        first = _crawl(store, stack, replicas.urls)
        replicas.set_day(2)
        console.print("\n[bold]Day 2[/bold]: one article was corrected, two are new")
        second = _crawl(store, stack, replicas.urls)
    _show_archive()
    stored = _count() - before
    if before and not stored:
        console.print(
            f"\nNothing was stored twice: all {before} articles were in the archive already."
        )
    console.print(
        f"\nLook around:  export GOMTIN_DATA={folder}"
        "\n              .venv/bin/gomtin articles --query 'dân vận'"
        "\n              .venv/bin/gomtin show 1 --story"
    )
    return 0 if all(report.state == "done" for report in [*first, *second]) else 1


def _crawl(store: Store, stack: Stack, replicas: Mapping[str, str]) -> list[Report]:
    plans = {portal: RunParams(base_url=url, delay=0.0) for portal, url in replicas.items()}
    reports = crawl_portals(store, stack, plans, kind="incremental")
    console.print(summary_table(reports))
    for report in reports:
        if report.error:
            console.print(Text.assemble((report.portal, "red"), f": {report.error}"))
    return reports


def _count() -> int:
    with archive() as (_, store), store.read() as conn:
        return count_articles(conn)


def _show_archive() -> None:
    with archive() as (_, store), store.read() as conn:
        found = search(conn, ArticleQuery(limit=10_000))
        stories = {article.story_id for article in found}
        console.print(
            f"\n[bold]The archive[/bold]: {len(found)} articles that tell {len(stories)} stories; "
            f"{sum(article.revision > 1 for article in found)} revised. The newest:"
        )
        _list(found[:SHOWN])
        copied = next((a for a in found if a.copy_kind not in {"", "original"}), None)
        story = story_of(conn, copied.id) if copied else None
        if story:
            console.print("\nOne story and where it stood:")
            for member in story.members:
                line = f"  {member.portal:<12} {member.kind:<12} {member.similarity:.2f}  "
                console.print(Text(line + member.title), overflow="ellipsis", no_wrap=True)


def _list(articles: Sequence[StoredArticle]) -> None:
    for article in articles:
        topics = [label.value for label in article.labels if label.axis == "topic"]
        topic = (topics or ["-"])[0].rpartition("/")[2]
        line = f"  {article.id:>4}  {article.draft.portal:<12} {topic:<20} "
        console.print(Text(line + article.draft.title), overflow="ellipsis", no_wrap=True)


if __name__ == "__main__":
    sys.exit(main())
