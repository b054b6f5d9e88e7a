"""A portal is given the time that it has shown to need; a page more of it in each later run."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from crawler.network.answer_time import AnswerTime
from crawler.registry import site_id
from pipelines.records import Outcome
from pipelines.store.runs import RunParams, RunState, create_run
from tests.crawler.test_hostile_server import article

if TYPE_CHECKING:
    from collections.abc import Sequence

PAGE = "/hoi-nghi-so-1.html"
IMPATIENT = """
import sys
from crawler import portal, run
portal.Portal.answer_seconds = 1.0
sys.exit(run.main(sys.argv[1:]))
"""


@pytest.mark.parametrize(
    ("heard", "failures", "seconds"),
    [
        ((), 0, 30.0),  # robots.txt, a door
        ((), 1, 60.0),
        ((0.2, 0.4), 0, 10.0),
        ((0.2, 0.4), 1, 20.0),
        ((0.2, 0.4), 2, 40.0),
        ((0.2, 0.4), 7, 60.0),
        ((0.2, 5.0, 0.3), 0, 15.0),
        ((25.0,), 0, 60.0),
    ],
)
def test_the_wait_follows_what_the_portal_has_shown(
    heard: Sequence[float], failures: int, seconds: float
) -> None:
    answers = AnswerTime()
    for one in heard:
        answers.heard(one)
    assert answers.wait(10.0, failures) == seconds


def test_a_portal_named_as_slow_gets_its_own_time() -> None:
    answers = AnswerTime()
    answers.heard(0.1)
    assert (answers.wait(90.0), answers.wait(90.0, 3)) == (90.0, 90.0)


def test_a_page_that_was_silent_is_asked_once_a_run_and_again_in_the_next(
    hostile: Any, crawling: Any
) -> None:
    def silent_once(server: Any) -> None:
        if hostile.asked.count(PAGE) == 1:
            server.rfile.read(1)  # until the crawler has given up
        else:
            server.send(article(1))

    hostile.answers |= {"/": links_to(PAGE), PAGE: silent_once}
    ended, found = crawl(crawling, hostile)
    assert ended.state is RunState.FETCHED
    assert found[PAGE][0] is Outcome.FAILED
    assert found[PAGE][1].startswith("network.timeout: no answer in ")
    assert hostile.asked.count(PAGE) == 1
    crawling.end_runs()
    other = "/hoi-nghi-so-2.html"  # no page shows the first one any more
    hostile.answers |= {"/": links_to(other), other: article(2)}
    assert crawl(crawling, hostile)[1][PAGE][0] is Outcome.FETCHED


def links_to(path: str) -> bytes:
    return f'<title>Trang chủ</title><a href="{path}">tin</a>'.encode()


def crawl(crawling: Any, server: Any) -> Any:
    """Crawl with a second of patience."""
    params = RunParams(url=server.url + "/", delay=0.0)
    with crawling.store.begin() as conn:
        run = create_run(conn, site_id(server.url), "incremental", params, datetime.now(UTC))
    ended = subprocess.run(
        [sys.executable, "-c", IMPATIENT, str(run)],
        env=os.environ | {"GOMTIN_DATA": str(crawling.folder)},
        capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    assert "Traceback" not in ended.stderr, ended.stderr
    return crawling.result(run, server)
