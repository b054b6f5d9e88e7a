"""gomtin portals: what an operator sees of the portals, before and after one was met live."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from crawler.registry import all_portals, portal_ids
from pipelines.records import Outcome
from pipelines.store.engine import open_store
from pipelines.store.pages import OutcomeRow, record_outcomes
from pipelines.store.runs import RunParams, claim_run, create_run, finish_fetch

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Gomtin

NOW = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)


def meet(data: Path, portal: str) -> None:
    """Leave an archive in which a crawl of the portal's own host has stored an article."""
    data.mkdir()
    store = open_store(f"sqlite:///{data}/gomtin.sqlite3")
    with store.begin() as conn:
        run_id = create_run(conn, portal, "incremental", RunParams(), NOW)
        claim_run(conn, run_id, "a", NOW, 60)
        row = OutcomeRow("/1", "http://hiepninh.tayninh.gov.vn/1", Outcome.STORED)
        record_outcomes(conn, run_id, portal, [row], NOW)
        finish_fetch(conn, run_id, "a", NOW)
    store.close()


def test_every_portal_has_a_line_of_its_own(gomtin: Gomtin) -> None:
    answer = gomtin("portals")
    assert answer.code == 0
    head, *lines, _, total = answer.lines
    assert head.split() == ["portal", "family", "unit", "met", "live", "host"]
    assert [line.split()[0] for line in lines] == portal_ids()
    assert all(line.endswith(p.hosts[0]) for line, p in zip(lines, all_portals(), strict=True))
    assert all("not yet" in line for line in lines)
    unmet = len(portal_ids())
    assert total.startswith(f"{unmet} portals on ")
    assert total.endswith(f"; {unmet} not yet met live: try gomtin check PORTAL")


def test_a_portal_that_was_crawled_live_shows_the_day(gomtin: Gomtin, tmp_path: Path) -> None:
    meet(tmp_path / "met", "hiepninh")
    lines = gomtin("portals", data=tmp_path / "met").lines
    assert "hiepninh          nukeviet   Tây Ninh  2026-11-23 hiepninh.tayninh.gov.vn" in lines
    rows = {row["id"]: row for row in gomtin("portals", "--json", data=tmp_path / "met").rows}
    assert list(rows) == portal_ids()
    assert (rows["hiepninh"]["met_live"], rows["hongngu"]["met_live"]) == (True, False)
    assert rows["hiepninh"]["last_live"] == "2026-11-22T20:00:00+00:00"


def test_the_list_needs_no_archive(gomtin: Gomtin, tmp_path: Path) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "gomtin.sqlite3").write_bytes(b"no database at all" * 100)
    answer = gomtin("portals", data=tmp_path / "broken")
    assert answer.code == 0
    assert "hiepninh" in answer.out
    assert "met live as the files say" in answer.err
