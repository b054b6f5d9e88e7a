"""Every portal has recorded pages, and each of them comes out exactly as expected."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.registry import find_portal, portal_ids
from pipelines.clean.detect import detect_family
from pipelines.clean.page import clean_page
from pipelines.codec import draft_to_json
from pipelines.records import Page

FOLDER = Path(__file__).parent
FEWEST_ARTICLES = 3


def rows(portal_id: str) -> list[dict[str, Any]]:
    listed = FOLDER / portal_id / "pages.json"
    return json.loads(listed.read_text(encoding="utf-8")) if listed.exists() else []


def page_of(portal_id: str, row: dict[str, Any]) -> Page:
    listed = row.get("listed_at")
    return Page(
        url=row["url"],
        body=(FOLDER / portal_id / row["file"]).read_bytes(),
        fetched_at=datetime.fromisoformat(row["fetched_at"]),
        portal=portal_id,
        encoding=row.get("encoding", "utf-8"),
        listed_at=datetime.fromisoformat(listed) if listed else None,
        listed_from=row.get("listed_from", ""),
    )


RECORDED = [
    pytest.param(portal_id, row, id=f"{portal_id}-{row['file']}")
    for portal_id in portal_ids()
    for row in rows(portal_id)
]


@pytest.mark.parametrize("portal_id", portal_ids())
def test_every_portal_has_recorded_articles(portal_id: str) -> None:
    articles = [row for row in rows(portal_id) if row["article"]]
    assert len(articles) >= FEWEST_ARTICLES, (
        f"{portal_id} needs {FEWEST_ARTICLES} recorded articles in tests/portals/{portal_id}/"
    )


@pytest.mark.parametrize("portal_id", portal_ids())
def test_every_recorded_file_is_listed(portal_id: str) -> None:
    on_disk = {path.name for path in (FOLDER / portal_id).glob("*.html")}
    assert on_disk == {row["file"] for row in rows(portal_id)}


@pytest.mark.parametrize(("portal_id", "row"), RECORDED)
def test_recorded_page_comes_out_as_expected(portal_id: str, row: dict[str, Any]) -> None:
    portal = find_portal(portal_id)
    cleaned = clean_page(
        page_of(portal_id, row),
        portal.rules,
        canonical_url=portal.canonical_url(row["url"]),
        document_key=portal.document_key(row["url"]),
        unit=portal.unit,
    )
    assert cleaned.outcome.value == row["outcome"], cleaned.reason
    found = draft_to_json(cleaned.draft) if cleaned.draft else None
    if row["article"] is None:
        assert found is None
        return
    assert found is not None
    assert set(found) == set(row["article"])
    for name, expected in row["article"].items():
        assert found[name] == expected, name


@pytest.mark.parametrize(("portal_id", "row"), RECORDED)
def test_articles_tell_their_family(portal_id: str, row: dict[str, Any]) -> None:
    if row["article"]:
        family = detect_family(page_of(portal_id, row)) or "generic"
        assert family == find_portal(portal_id).family


@pytest.mark.parametrize(("portal_id", "row"), RECORDED)
def test_article_addresses_are_recognised(portal_id: str, row: dict[str, Any]) -> None:
    portal = find_portal(portal_id)
    target = row["url"].split("/", 3)[3]
    if row["article"]:
        assert portal.article.search("/" + target)
        assert not portal.deny.search("/" + target)
