"""Ingest under real processes: four at the same moment, and processes that are killed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from pipelines.records import Outcome
from pipelines.store import schema
from pipelines.store.articles import count_articles
from pipelines.store.inbox import pending
from pipelines.store.outbox import unrelayed
from pipelines.store.runs import recent_runs, run_totals

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipelines.records import Draft
    from pipelines.store.engine import Store

    MakeDraft = Callable[..., Draft]
    Desk = Any  # the fixture's class stands in tests/conftest.py

ROOT = Path(__file__).parents[2]
TEXTS = 6
PORTALS = ("angiang", "dongthap", "tayninh", "longan")
# Six texts that have little in common: words of six fields, in sentences of one form.
FIELDS = (
    "lúa nước phân bón thủy lợi hợp tác xã giống mới năng suất sâu bệnh mùa vụ thương lái kho lạnh",
    "trường học giáo viên học sinh thư viện sách vở bếp ăn sân chơi học bổng thi cử phụ huynh",
    "bệnh viện bác sĩ trạm y tế tiêm chủng thuốc men dịch bệnh bảo hiểm dinh dưỡng phòng khám",
    "cầu đường xe khách bến phà tín hiệu lề đường tải trọng thi công nhựa nóng biển báo tuần tra",
    "du lịch lễ hội khách sạn làng nghề chợ nổi thuyền bè hướng dẫn ẩm thực di tích bảo tàng",
    "biên phòng dân quân huấn luyện tuần tra đồn trạm cột mốc tân binh thao trường quân y hậu cần",
)

# Say that it is ready, and ingest its batches from the moment at which all are.
WORKER = """
import sys, time
from datetime import datetime
from pathlib import Path
from pipelines.ingest import ingest
from pipelines.store.engine import open_store
url, now, folder, name, batches = sys.argv[1:]
store = open_store(url)
Path(folder, f"ready-{name}").touch()
while not Path(folder, "go").exists():
    time.sleep(0.001)
for batch in batches.split(","):
    report = ingest(
        store, [int(one) for one in batch.split("+")],
        now=datetime.fromisoformat(now), lease_seconds=60, max_attempts=3,
    )
    assert not report.failed, report.failed
"""

# Ingest up to the named step, then wait to be killed.
VICTIM = """
import sys, time
from datetime import datetime
from pathlib import Path
from pipelines import ingest as steps
from pipelines.store import archive
from pipelines.store.engine import open_store
url, now, ids, marker, step = sys.argv[1:]
def wait(*_):
    Path(marker).touch()
    time.sleep(600)
match step:
    case "claimed": steps._store = wait
    case "half written": archive.emit_all = wait
    case "written": archive.settle = wait
    case "committed": steps.Counter = wait
steps.ingest(
    open_store(url), [int(one) for one in ids.split(",")],
    now=datetime.fromisoformat(now), lease_seconds=60, max_attempts=3,
)
"""


def drafts_of(make_draft: MakeDraft, portal: str) -> list[Draft]:
    """Make one portal's near-identical versions of the texts."""
    drafts = []
    for number, words in enumerate(FIELDS):
        pairs = words.split()
        lines = [
            f"Cán bộ phụ trách {one} ở cơ sở cho biết công việc đang tiến triển." for one in pairs
        ]
        lines.append(f"Bài đăng lại trên cổng {portal}.")
        title = f"Chuyện {pairs[0]} {pairs[1]} ở địa phương"
        drafts.append(
            make_draft(portal=portal, document_key=str(number), title=title, body=tuple(lines))
        )
    return drafts


def start(code: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        env=os.environ
        | {"PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])},
        stderr=subprocess.PIPE,
        text=True,
    )


def race(url: str, now: str, folder: Path, batches: list[str]) -> None:
    """Let one process for each item of ``batches`` work from the same moment to its end."""
    started = [start(WORKER, url, now, str(folder), str(n), part) for n, part in enumerate(batches)]
    wait_for(lambda: len(list(folder.glob("ready-*"))) == len(batches), started)
    (folder / "go").touch()
    for one in started:
        _, errors = one.communicate(timeout=60)
        assert one.returncode == 0, errors


def wait_for(happened: Callable[[], bool], started: list[subprocess.Popen[str]]) -> None:
    until = time.monotonic() + 60
    while not happened():
        assert all(one.poll() is None for one in started)
        assert time.monotonic() < until
        time.sleep(0.02)


def stories(store: Store) -> list[int]:
    """Give the sizes of all stories, as counted from their members."""
    with store.read() as conn:
        member = schema.story_members.c.story_id
        counted = list(conn.execute(select(func.count(member)).group_by(member)).scalars())
        kept = list(conn.execute(select(schema.stories.c.size)).scalars())
        assert sorted(counted) == sorted(kept)
    return sorted(counted)


def test_four_processes_with_near_identical_texts_make_one_story_of_each(
    desk: Desk, store: Store, store_url: str, make_draft: MakeDraft, tmp_path: Path
) -> None:
    batches = [
        ",".join(map(str, desk.deliver(*drafts_of(make_draft, portal)))) for portal in PORTALS
    ]
    race(store_url, desk.now.isoformat(), tmp_path, batches)
    assert stories(store) == [len(PORTALS)] * TEXTS
    with store.read() as conn:
        assert count_articles(conn) == TEXTS * len(PORTALS)
        totals = [run_totals(conn, run.id) for run in recent_runs(conn, 99)]
        assert sum(one.get(Outcome.STORED, 0) for one in totals) == TEXTS
        assert sum(one.get(Outcome.COPY, 0) for one in totals) == TEXTS * (len(PORTALS) - 1)


def test_four_processes_with_the_same_rows_store_each_once(
    desk: Desk, store: Store, store_url: str, make_draft: MakeDraft, tmp_path: Path
) -> None:
    ids = desk.deliver(*drafts_of(make_draft, "tuag"), *drafts_of(make_draft, "other"))
    batches = ",".join("+".join(map(str, ids[n : n + 3])) for n in range(0, len(ids), 3))
    race(store_url, desk.now.isoformat(), tmp_path, [batches] * 4)
    assert stories(store) == [2] * TEXTS
    with store.read() as conn:
        assert (count_articles(conn), pending(conn)) == (2 * TEXTS, 0)
        stored = [event for event in unrelayed(conn, 99) if event.type == "article.stored"]
        assert len(stored) == 2 * TEXTS


@pytest.mark.parametrize("step", ["claimed", "half written", "written", "committed"])
def test_a_batch_whose_process_is_killed_is_stored_once(
    desk: Desk, store: Store, store_url: str, make_draft: MakeDraft, tmp_path: Path, step: str
) -> None:
    ids = desk.deliver(*drafts_of(make_draft, "tuag"))
    marker = tmp_path / "marker"
    listed = ",".join(map(str, ids))
    victim = start(VICTIM, store_url, desk.now.isoformat(), listed, str(marker), step)
    wait_for(marker.exists, [victim])
    victim.kill()
    victim.communicate(timeout=10)

    stored_by_victim = TEXTS if step == "committed" else 0
    with store.read() as conn:
        assert count_articles(conn) == stored_by_victim
    assert desk.ingest(ids).counts == {}  # the lease of the dead process still holds
    desk.now += timedelta(seconds=61)
    left = TEXTS - stored_by_victim
    assert desk.ingest(ids).counts == ({Outcome.STORED: left} if left else {})
    assert stories(store) == [1] * TEXTS
    with store.read() as conn:
        assert run_totals(conn, 1) == {Outcome.STORED: TEXTS}
        assert [event.type for event in unrelayed(conn, 99)] == ["article.stored"] * TEXTS
