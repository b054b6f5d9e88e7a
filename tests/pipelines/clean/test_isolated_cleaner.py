"""The child process: what it gives back, and that its time limit really ends the work."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import psutil
import pytest

from crawler.families import FAMILIES
from pipelines.clean.channel import PageJob, pack, pack_rules
from pipelines.clean.isolated import IsolatedCleaner
from pipelines.records import Cleaned, Outcome, Page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.clean.rules import PageRules

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
RULES = FAMILIES["nukeviet"].rules
WORDS = "Tham dự có đông đảo cán bộ, đảng viên và nhân dân trên địa bàn phường Long Thạnh. "
ARTICLE = (
    "<div class=news_column><h1 itemprop=headline>Phường Long Thạnh ra quân dân vận</h1>"
    f"<div id=news-bodyhtml><p>{WORDS * 3}</p></div></div>"
).encode()
# within the bounds, and 4 s of work for the generic path at the least
SLOW = b"<p>" + b"x y " * 2_400_000


@pytest.fixture
def cleaner() -> Iterator[IsolatedCleaner]:
    with contextlib.closing(IsolatedCleaner(timeout=5.0)) as made:
        yield made


def page(body: bytes) -> Page:
    return Page(url="https://portal.vn/tin/bai-1.html", body=body, fetched_at=NOW)


def child_of(cleaner: IsolatedCleaner) -> int:
    assert cleaner._child is not None
    return cleaner._child.pid


def test_pages_come_back_from_one_reused_child(cleaner: IsolatedCleaner) -> None:
    first = cleaner.clean_now(
        page(ARTICLE), RULES, canonical_url="https://c.vn/1", document_key="1"
    )
    child = child_of(cleaner)
    second = cleaner.clean_now(page(b""), RULES)
    assert first.draft is not None
    assert (first.draft.canonical_url, first.draft.document_key) == ("https://c.vn/1", "1")
    assert second.outcome is Outcome.EMPTY
    assert child_of(cleaner) == child


def test_the_child_settles_places_by_the_portals_unit(cleaner: IsolatedCleaner) -> None:
    shared = page(ARTICLE.replace("phường Long Thạnh".encode(), "xã Long An".encode()))
    all_ = (
        cleaner.clean_now(shared, RULES),
        cleaner.clean_now(shared, RULES, unit="An Giang"),
        asyncio.run(cleaner.clean(shared, RULES, unit="An Giang")),
    )
    places = [one.today for found in all_ if found.draft for one in found.draft.units[1:]]
    assert places == [None, *2 * ["xã Tân An, tỉnh An Giang"]]


def test_a_child_that_has_grown_is_replaced() -> None:
    with contextlib.closing(IsolatedCleaner(timeout=5.0, keep_below=1)) as cleaner:
        children = set()
        for _ in range(3):
            assert cleaner.clean_now(page(ARTICLE), RULES).draft is not None
            children.add(child_of(cleaner))
    assert len(children) == 3


def test_asyncio_takes_turns(cleaner: IsolatedCleaner) -> None:
    async def clean_all() -> list[Cleaned]:
        pages = [page(ARTICLE if i % 2 else b"") for i in range(6)]
        return await asyncio.gather(*(cleaner.clean(each, RULES) for each in pages))

    outcomes = [cleaned.outcome for cleaned in asyncio.run(clean_all())]
    assert outcomes == [Outcome.EMPTY, Outcome.FETCHED] * 3


def in_time(cleaner: IsolatedCleaner, rules: PageRules | None) -> Cleaned:
    """Clean the article; on a machine with much else to do a new child may need more than a try."""
    tries = (cleaner.clean_now(page(ARTICLE), rules) for _ in range(5))
    return next(one for one in tries if one.outcome is not Outcome.TIMED_OUT)


@pytest.mark.parametrize("way", ["blocking", "asyncio"])
def test_time_limit_ends_the_work_and_the_next_page_is_cleaned(way: str) -> None:
    with contextlib.closing(IsolatedCleaner(timeout=2.0)) as cleaner:
        in_time(cleaner, None)  # the imports of the generic path are no page's work
        child = child_of(cleaner)
        started = time.monotonic()
        if way == "blocking":
            cleaned = cleaner.clean_now(page(SLOW), None)
        else:
            cleaned = asyncio.run(cleaner.clean(page(SLOW), None))
        assert time.monotonic() - started < 30  # not for ever, on any machine
        assert cleaned.outcome is Outcome.TIMED_OUT
        assert cleaned.reason == "clean.timeout:2s"
        assert not psutil.pid_exists(child)
        assert in_time(cleaner, RULES).outcome is Outcome.FETCHED


HANGING = """
import sys
from pipelines.clean import child

def hang(*_, **__):
    while True:
        pass

child.clean_page = hang
child.ALARM_MARGIN = 1
child.serve(int(sys.argv[1]), 0.0)
"""


def test_a_child_that_nobody_ends_any_more_is_ended_by_its_alarm() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        command = [sys.executable, "-c", HANGING, str(theirs.fileno())]
        child = subprocess.Popen(command, pass_fds=[theirs.fileno()])
        job = PageJob(page(ARTICLE), pack_rules(RULES), "", "", "", witness=False)
        ours.sendall(pack(job))
        assert child.wait(20) == -signal.SIGALRM


def test_killed_child_is_a_named_outcome_and_is_replaced(cleaner: IsolatedCleaner) -> None:
    def worked() -> float:
        return psutil.Process(child_of(cleaner)).cpu_times().user

    async def killed_in_mid_page() -> Cleaned:
        work = asyncio.create_task(cleaner.clean(page(SLOW), None))
        while worked() < started + 0.2:  # noqa: ASYNC110 - no event tells of a child's work
            await asyncio.sleep(0.01)
        os.kill(child_of(cleaner), signal.SIGKILL)
        return await work

    cleaner.clean_now(page(ARTICLE), None)
    started = worked()
    cleaned = asyncio.run(killed_in_mid_page())
    assert (cleaned.outcome, cleaned.reason) == (Outcome.FAILED, "clean.crashed:-9")
    assert cleaner.clean_now(page(ARTICLE), RULES).outcome is Outcome.FETCHED


def test_child_that_died_between_pages_is_replaced(cleaner: IsolatedCleaner) -> None:
    cleaner.clean_now(page(ARTICLE), RULES)
    os.kill(child_of(cleaner), signal.SIGKILL)
    psutil.Process(child_of(cleaner)).wait(5)
    assert cleaner.clean_now(page(ARTICLE), RULES).outcome is Outcome.FETCHED


def test_oversized_page_is_not_sent() -> None:
    with contextlib.closing(IsolatedCleaner(timeout=1.0, max_bytes=1000)) as cleaner:
        cleaned = cleaner.clean_now(page(b"x" * 2000), RULES)
        assert (cleaned.outcome, cleaned.reason) == (Outcome.TOO_LARGE, "bounds.bytes:2000")
        assert cleaner._child is None


def test_close_ends_the_child(cleaner: IsolatedCleaner) -> None:
    cleaner.clean_now(page(ARTICLE), RULES)
    child = child_of(cleaner)
    cleaner.close()
    assert not psutil.pid_exists(child)
    cleaner.close()


def test_child_ends_with_its_parent_and_imports_little(cleaner: IsolatedCleaner) -> None:
    cleaner.clean_now(page(ARTICLE), RULES)
    child = psutil.Process(child_of(cleaner))
    loaded = {entry.path for entry in child.memory_maps()}
    assert not any("lxml" in path for path in loaded)
    assert cleaner._socket is not None
    cleaner._socket.close()
    assert child.wait(5) == 0
