from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from config.settings import Settings
from workers.app import CRAWL, INGEST, make_app, task_limit
from workers.bell import Bell

if TYPE_CHECKING:
    import redis


def test_a_task_ends_before_its_lease_and_the_lease_before_redelivery() -> None:
    settings = Settings()
    assert task_limit(settings) < settings.lease_seconds < settings.visibility_timeout


def test_lost_work_comes_back_and_nothing_is_pickled() -> None:
    conf = make_app(Settings(broker="redis://127.0.0.1:1/0")).conf
    assert conf.task_acks_late
    assert conf.task_reject_on_worker_lost
    assert conf.worker_prefetch_multiplier == 1
    assert conf.result_backend is None
    assert conf.accept_content == ["json"]
    assert conf.broker_transport_options["visibility_timeout"] == Settings().visibility_timeout


@pytest.mark.parametrize(
    ("ring", "queue", "task", "arguments"),
    [
        (lambda bell: bell.crawl(7), CRAWL, "crawl.start", [7]),
        (lambda bell: bell.ingest((1, 2)), INGEST, "ingest.batch", [[1, 2]]),
    ],
)
def test_a_message_carries_ids_only(
    redis_url: str, client: redis.Redis, ring: Any, queue: str, task: str, arguments: list[Any]
) -> None:
    bell = Bell(Settings(broker=redis_url))
    assert ring(bell)
    message: Any = client.lindex(queue, 0)
    fields = json.loads(message)
    assert fields["headers"]["task"] == task
    assert fields["content-type"] == "application/json"
    assert json.loads(fields["headers"]["argsrepr"].replace("'", '"')) == arguments
    bell.close()


def test_a_broker_that_is_away_is_an_answer(caplog: pytest.LogCaptureFixture) -> None:
    bell = Bell(Settings(broker="redis://127.0.0.1:1/0"))
    assert (bell.crawl(1), bell.waiting(CRAWL), bell.held()) == (False, None, 0)
    assert "crawl.start not rung, the sweeper will" in caplog.text
    bell.close()
