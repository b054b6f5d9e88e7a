"""What the fault tests share: drafts that are all different, and a run that delivers them."""

from __future__ import annotations

import random
import signal
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import psutil
from sqlalchemy import func, select

from pipelines.records import Draft, Outcome
from pipelines.store import schema
from pipelines.store.inbox import deliver, pending
from pipelines.store.letters import letters
from pipelines.store.pages import OutcomeRow, record_outcomes
from pipelines.store.runs import RunParams, claim_run, create_run, finish_fetch, run_totals
from workers.broker import connect
from workers.relay import STREAM

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from config.settings import Settings
    from pipelines.store.engine import Store
    from workers.supervise import Stack

WORDS = """
an giang đồng tháp vĩnh long cần thơ hội nghị triển khai kế hoạch sản xuất nông nghiệp mới ban
thường vụ tỉnh ủy huyện xã nhân dân thực hiện chương trình phát triển kinh tế văn hóa giáo dục y tế
quốc phòng biên giới học tập làm theo tư tưởng đạo đức phong trào thi đua khen thưởng công tác dân
vận kiểm tra giám sát tuyên truyền đoàn viên thanh niên phụ nữ cựu chiến binh lúa cá tôm vườn cây
trái mùa nước nổi sông cầu đường chợ trường lớp bệnh viện trạm
"""
SYLLABLES = sorted(set(WORDS.split()))
WAIT_SECONDS = 45.0
POISON = "poison"
JUST_NOW = 0.1  # seconds: half of what a slow batch takes


def utc_now() -> datetime:
    return datetime.now(UTC)


def make_draft(number: int, title: str = "") -> Draft:
    """A draft whose words are its own: no other is near it."""
    dice = random.Random(number)
    body = tuple(" ".join(dice.choices(SYLLABLES, k=60)) + "." for _ in range(3))
    url = f"https://portal.test/tin/{number}.html"
    return Draft(
        url=url,
        canonical_url=url,
        portal="portal",
        family="nukeviet",
        extractor="family",
        title=title or " ".join(dice.choices(SYLLABLES, k=10)),
        fetched_at=utc_now(),
        document_key=str(number),
        summary=body[0],
        body=body,
    )


@dataclass
class Delivery:
    """One run whose drafts this test delivers as a crawl process does."""

    settings: Settings
    store: Store
    run_id: int = 0
    ids: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        now = utc_now()
        with self.store.begin() as conn:
            self.run_id = create_run(conn, "portal", "incremental", RunParams(), now)
            claim_run(conn, self.run_id, "test", now, 600)

    def deliver(self, drafts: Sequence[Draft]) -> list[int]:
        """Commit the drafts with their outcomes; nobody is rung."""
        now = utc_now()
        with self.store.begin() as conn:
            rows = [OutcomeRow(d.document_key, d.url, Outcome.FETCHED) for d in drafts]
            record_outcomes(conn, self.run_id, "portal", rows, now)
            made = [
                deliver(conn, self.run_id, "portal", d.document_key, d, None, now) for d in drafts
            ]
        self.ids += made
        return made

    def finish(self) -> None:
        with self.store.begin() as conn:
            finish_fetch(conn, self.run_id, "test", utc_now())

    def pending(self) -> int:
        with self.store.read() as conn:
            return pending(conn)

    def at_work(self) -> bool:
        """Tell whether a worker has taken rows just now."""
        lease = timedelta(seconds=self.settings.lease_seconds - JUST_NOW)
        leased = schema.inbox.c.leased_until > utc_now() + lease
        with self.store.read() as conn:
            return (
                conn.execute(select(schema.inbox.c.id).where(leased).limit(1)).first() is not None
            )

    def stored(self) -> dict[str, int]:
        """Count the articles by canonical address."""
        url = schema.articles.c.canonical_url
        with self.store.read() as conn:
            rows = conn.execute(select(url, func.count()).group_by(url))
            return dict(rows.all())

    def events(self) -> list[int]:
        with self.store.read() as conn:
            return list(
                conn.execute(select(schema.outbox.c.id).order_by(schema.outbox.c.id)).scalars()
            )

    def relayed(self) -> list[int]:
        """Give the event ids in the stream, repetitions included."""
        with connect(self.settings.broker) as client:
            entries: Any = client.xrange(STREAM)
        return [int(fields[b"id"]) for _, fields in entries]

    def expect_all_once(self, drafts: Sequence[Draft], *, dead: int = 0) -> None:
        """Check that nothing is lost and nothing is doubled: articles, totals and events."""
        alive = [d for d in drafts if d.title != POISON]
        with self.store.read() as conn:
            totals = run_totals(conn, self.run_id)
            buried = [(letter.key, letter.code, letter.attempts) for letter in letters(conn)]
        expected = {Outcome.STORED: len(alive)} | ({Outcome.DEAD_LETTER: dead} if dead else {})
        assert totals == expected, buried
        assert self.stored() == {d.canonical_url: 1 for d in alive}


def until(stack: Stack, condition: Callable[[], bool], seconds: float = WAIT_SECONDS) -> list[str]:
    """Supervise as the command line does until ``condition`` holds; give what was said."""
    said: list[str] = []
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, f"waited in vain; {said}"
        said += stack.check()
        time.sleep(0.02)
    return said


def kill_nine(pid: int) -> None:
    """Kill the process, and return when it is dead."""
    process = psutil.Process(pid)
    process.send_signal(signal.SIGKILL)
    limit = time.monotonic() + 5
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < limit
        time.sleep(0.001)
