"""Record pages of the replicas and samples, with what they clean to, for the portals' tests.

``python -m demo.record tests/portals`` writes <portal>/<name>.html and <portal>/pages.json anew:
the change of pages.json in the diff is what a reviewer has to judge. Clock and counters are fixed,
so that the same code records the same bytes. Pages that gomtin record added are left as they are.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.recorded.recordings import read_rows, write_rows
from crawler.registry import find_portal
from demo.cms import SITES
from demo.samples import SAMPLES
from demo.site import Request
from demo.world import World
from pipelines.clean.page import clean_page
from pipelines.codec import draft_to_json
from pipelines.records import Page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crawler.portal import Portal
    from demo.content import Article
    from demo.samples.sample import Sample
    from demo.site import Site

FETCHED_AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
RECORDED: dict[str, dict[str, int | str]] = {
    "danvankheo": {"seed": 812, "list-and-heading": 1056, "table-and-file": 1090, "nfd": 1078,
                   "password": 1104, "listing": "/page/2/"},
    "angiang_dcs": {"seed": 5173, "two-pictures": 5226, "files": 5233, "copy": 5203,
                    "access-denied": 5266, "listing": "/Lists/XayDungDang/TongQuat.aspx"},
    "hiepninh": {"seed": 6096, "series": 6121, "source": 6170, "line-breaks": 6190, "file": 6161,
                 "thin": 6195, "listing": "/vi/news/thong-bao/"},
    "hongngu": {"seed": 7337177, "picture": 7338911, "taken-over": 7342310, "soft-404": 7330000,
                "listing-like-article": 7336999, "albums": "/web/btg/thu-vien-anh"},
    "baoangiang": {"seed": 306012, "gallery": 401800, "taken-over": 401955, "challenge": 402900,
                   "listing-like-article": 402910},
}  # fmt: skip


def main() -> None:
    """Record every replica's and sample's pages below the folder given on the command line."""
    given = sys.argv[1:]
    if len(given) != 1:
        sys.exit("usage: python -m demo.record FOLDER   (tests/portals in the source tree)")
    folder = Path(given[0])
    for kind in SITES:
        _record(kind(_world()), RECORDED[kind.id], folder / kind.id)
    for sample in (kind(_world()) for kind in SAMPLES):
        _record(sample, _of_sample(sample), folder / sample.id)


def _world() -> World:
    return World(clock=lambda: FETCHED_AT)


def _of_sample(sample: Sample) -> dict[str, int | str]:
    """Name what is recorded of a sample: its articles, its front page, a page that is missing."""
    articles: dict[str, int | str] = {f"article-{one.id}": one.id for one in sample.articles()}
    return articles | {"listing": sample.listing_path(""), "missing": sample.missing_path()}


def _record(site: Site, wanted: Mapping[str, int | str], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    portal = find_portal(site.id)
    rows = []
    for name, what in wanted.items():
        article = site.find(what) if isinstance(what, int) else None
        path = site.path(article) if article else str(what)
        page, row = _page(site, portal, path, article)
        (folder / f"{name}.html").write_bytes(page.body)
        rows.append({"file": f"{name}.html", **row})
    own = {row["file"] for row in rows}
    live = [row for row in read_rows(folder) if row["file"] not in own]
    write_rows(folder, [*rows, *live], {})


def _page(
    site: Site, portal: type[Portal], path: str, article: Article | None
) -> tuple[Page, dict[str, Any]]:
    answer = site.answer(Request.of(path))
    listed = article.published if article and site.id == "danvankheo" else None
    page = Page(
        url=site.public + path,
        body=answer.body,
        fetched_at=FETCHED_AT,
        portal=site.id,
        encoding="utf-8",
        status=answer.status,
        listed_at=listed,
        listed_from="wp_json" if listed else "",
    )
    row: dict[str, Any] = {"url": page.url, "fetched_at": FETCHED_AT.isoformat()}
    if listed:
        row |= {"listed_at": listed.isoformat(), "listed_from": page.listed_from}
    cleaned = clean_page(
        page,
        portal.rules,
        canonical_url=portal.canonical_url(page.url),
        document_key=portal.document_key(page.url),
        unit=portal.unit,
    )
    row["outcome"] = cleaned.outcome.value
    row["article"] = draft_to_json(cleaned.draft) if cleaned.draft else None
    return page, row


if __name__ == "__main__":
    main()
