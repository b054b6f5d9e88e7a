from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from config.settings import Settings
from pipelines.store.engine import open_store
from tests.faults.delivery import Delivery

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def fault_settings(tmp_path: Path, store_url: str) -> Settings:
    """Settings under which the product's waits are short."""
    return Settings(
        data=tmp_path / "data",
        store=store_url,
        lease_seconds=4.0,
        visibility_timeout=8,
        sweep_seconds=0.5,
        ingest_batch=10,
        stall_seconds=8.0,
    )


@pytest.fixture
def delivery(fault_settings: Settings) -> Iterator[Delivery]:
    store = open_store(fault_settings.store_url)
    yield Delivery(fault_settings, store)
    store.close()


@pytest.fixture
def odd_command() -> Callable[[str], list[str]]:
    """Make the command of an ingest worker with an odd classifier."""
    script = str(Path(__file__).with_name("odd_worker.py"))
    return lambda oddity: [
        *(sys.executable, script, oddity, "ingest", "--parent", str(os.getpid())),
    ]
