"""The Celery application: two queues of short, idempotent tasks whose messages carry ids only.

Late acknowledgement with reject-on-lost and prefetch 1 lose the fewest messages of all settings
that were measured with real kills; what is still lost, the sweeper rings again from the store.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from celery import Celery
from kombu.entity import Queue

if TYPE_CHECKING:
    from config.settings import Settings

CRAWL = "crawl"
INGEST = "ingest"
TASKS_PER_CHILD = 500  # a leak of any library ends with the child
KILOBYTES_PER_CHILD = 600_000


def make_app(settings: Settings, socket_timeout: float = 5.0) -> Celery:
    """Build the Celery application for a broker; connects to nothing.

    ``socket_timeout``: seconds that one answer of Redis may take; redis-py asks three times.

    The chain of times keeps one task from running twice at once: the hard limit of a task is
    shorter than the lease of its rows, the lease is shorter than the visibility timeout.
    """
    app = Celery("gomtin", broker=settings.broker, set_as_current=False)
    app.conf.update(
        accept_content=["json"],
        task_serializer="json",
        task_queues=[Queue(name) for name in (CRAWL, INGEST)],
        task_default_queue=INGEST,
        task_create_missing_queues=False,
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_time_limit=task_limit(settings),
        task_publish_retry_policy={"max_retries": 1, "interval_start": 0.1, "interval_max": 0.5},
        worker_prefetch_multiplier=1,
        worker_max_tasks_per_child=TASKS_PER_CHILD,
        worker_max_memory_per_child=KILOBYTES_PER_CHILD,
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        worker_redirect_stdouts=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_connection_timeout=3,
        broker_transport_options=transport_options(settings, socket_timeout),
        enable_utc=True,
    )
    return app


def transport_options(settings: Settings, socket_timeout: float) -> dict[str, float | bool]:
    """Give the options under which kombu notices a broker that went away within seconds."""
    return {
        "visibility_timeout": settings.visibility_timeout,
        "unacked_restore_throttle": 1,  # look for overdue messages every 10 s, not every 100 s
        "socket_timeout": socket_timeout,
        "socket_connect_timeout": 2.0,
        "socket_keepalive": True,
        "health_check_interval": 10,
    }


def task_limit(settings: Settings) -> float:
    """Give the seconds after which a task is killed: well inside the lease of its rows."""
    return settings.lease_seconds * 0.8
