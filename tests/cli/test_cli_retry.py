"""gomtin retry asks again for pages that could not be read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from crawler.registry import find_portal
from demo.serve import serve
from pipelines.records import Outcome
from pipelines.store.engine import open_store
from pipelines.store.pages import OutcomeRow, known_pages, record_outcomes, unfinished
from pipelines.store.runs import RunParams, create_run, recent_runs, stop_run
from pipelines.store.schema import FAILING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Gomtin

PORTAL = "hongngu"


def test_pages_are_asked_again_by_cause_portal_and_time(gomtin: Gomtin, tmp_path: Path) -> None:
    with serve() as replicas:
        base = f"--base-url={replicas.urls[PORTAL]}"
        assert gomtin("crawl", PORTAL, base, "--delay", "0", "--limit", "1").code == 0
        store = open_store(f"sqlite:///{tmp_path / 'data' / 'gomtin.sqlite3'}")
        with store.begin() as conn:
            left = [(one.key, one.url) for one in unfinished(conn, PORTAL, 3)]
            failed = [
                OutcomeRow(key, url, Outcome.TIMED_OUT, "timed_out: no answer") for key, url in left
            ]
            failed.append(OutcomeRow("/", f"{replicas.urls[PORTAL]}/", Outcome.TIMED_OUT))
            now = datetime.now(UTC)
            record_outcomes(conn, 1, PORTAL, failed[:1], now - timedelta(days=3))
            record_outcomes(conn, 1, PORTAL, failed[1:2], now - timedelta(days=2))
            record_outcomes(conn, 1, PORTAL, failed[2:], now)

        for none in (("--code", "http.503"), ("--since", "2100-01-01")):
            assert gomtin("retry", *none).lines == [
                "nothing of that kind fails; gomtin failures lists what does"
            ]
        old = gomtin("retry", "--code", "timed_out", "--until", "60h")
        rest = gomtin("retry", "--portal", PORTAL, "--code", "timed_out")

    assert (old.code, old.lines) == (0, [f"{PORTAL}: 1 page asked again, 0 of them failed again"])
    assert rest.code == 0
    assert rest.lines == [f"{PORTAL}: 2 pages asked again, 0 of them failed again"]
    assert f"{PORTAL}: 1 door or listing left out, for each run asks for them" in rest.err
    with store.read() as conn:
        ends = known_pages(conn, PORTAL, [key for key, _ in left]).values()
        kinds = [run.kind for run in recent_runs(conn, 9)]
    store.close()
    assert Outcome.STORED in {page.outcome for page in ends}
    assert not any(page.outcome in FAILING for page in ends)
    assert kinds == ["recheck", "recheck", "incremental"]


def test_a_page_that_still_fails_is_said_to(gomtin: Gomtin, tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'data' / 'gomtin.sqlite3'}")
    nobody = "http://127.0.0.1:9"
    url = f"{nobody}/-/hoi-nghi-so-ket-nam"
    key = find_portal(PORTAL).document_key(url)
    now = datetime.now(UTC)
    with store.begin() as conn:
        run = create_run(conn, PORTAL, "incremental", RunParams(base_url=nobody, delay=0.0), now)
        record_outcomes(conn, run, PORTAL, [OutcomeRow(key, url, Outcome.FAILED, "http.500")], now)
    being = gomtin("retry", "--portal", PORTAL)
    with store.begin() as conn:
        stop_run(conn, run, now, "")
    store.close()
    again = gomtin("retry", "--portal", PORTAL)
    told = gomtin("retry", "--portal", PORTAL, "--json")

    assert f"{PORTAL} is being crawled (run {run}); retry when that is over" in being.err
    assert again.code == 1
    assert again.lines == [f"{PORTAL}: 1 page asked again, 1 of them failed again"]
    assert (told.code, told.rows) == (1, [{"portal": PORTAL, "asked": 1, "failed": 1}])
