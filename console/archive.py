"""The archive that the console reads, opened when it is first asked for and there."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

from pipelines.store.engine import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from pipelines.store.engine import Store

BUSY_SECONDS = 5.0
"""How long a page waits for a locked archive before it says so."""


class Archive:
    """Opens the archive once: a console that starts before it is there says so until it is."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._store: Store | None = None
        self._opening = Lock()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection for reading; raise StoreError while the archive cannot be opened."""
        with self._opening:
            if self._store is None:
                self._store = open_store(self._url, BUSY_SECONDS)
        with self._store.read() as conn:
            yield conn
