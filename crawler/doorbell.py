"""Ring the ingest workers: drafts are waiting in the inbox. A lost ring loses nothing."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from celery import Celery

logger = logging.getLogger(__name__)

INGEST_TASK = "ingest.batch"
INGEST_QUEUE = "ingest"


class Doorbell:
    """Sends the ids of waiting drafts to the ingest queue, in batches of ``batch`` ids.

    The store already holds the drafts and the sweeper rings again for what nobody heard, so a
    broker that is away costs a warning, never a draft. Celery is imported at the first ring: most
    runs find nothing new and never pay for it.
    """

    def __init__(self, broker: str, batch: int) -> None:
        self._broker = broker
        self._batch = batch
        self._app: Celery | None = None

    def ring(self, ids: Sequence[int]) -> None:
        """Announce the drafts with these inbox ids; blocks at most a few seconds."""
        if not self._broker or not ids:
            return
        import celery.exceptions  # noqa: PLC0415 - most runs never ring

        app = self._app or self._connect(celery.Celery("gomtin", broker=self._broker))
        for start in range(0, len(ids), self._batch):
            batch = list(ids[start : start + self._batch])
            try:
                app.send_task(INGEST_TASK, args=[batch], queue=INGEST_QUEUE, retry=False)
            except celery.exceptions.OperationalError as error:
                logger.warning("the broker does not answer, the sweeper will ring: %s", error)
                return

    def _connect(self, app: Celery) -> Celery:
        app.conf.update(
            task_ignore_result=True,
            broker_connection_timeout=3,
            broker_transport_options={"socket_timeout": 3, "socket_connect_timeout": 3},
        )
        self._app = app
        return app
