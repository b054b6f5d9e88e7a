from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from config.settings import Settings
from workers.broker import EmbeddedBroker, connect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import redis


@pytest.fixture(scope="module")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a real Redis server that serves the tests of one file."""
    server = EmbeddedBroker(tmp_path_factory.mktemp("redis"))
    yield server.start().url
    server.stop()


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """The URL of a real, empty Redis server."""
    with connect(redis_server) as client:
        client.flushall()
    return redis_server


@pytest.fixture
def client(redis_url: str) -> Iterator[redis.Redis]:
    with connect(redis_url) as made:
        yield made


@pytest.fixture
def settings(tmp_path: Path, store_url: str, redis_url: str) -> Settings:
    return Settings(data=tmp_path / "data", store=store_url, broker=redis_url)
