"""One JSON object a line, with what the line is about."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from demo.serve import serve
from pipelines.store.engine import open_store
from pipelines.store.runs import RunParams, create_run
from pipelines.store.schema import outcomes

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = """
import logging
from config.logs import start_logging, take_over
from config.settings import load_settings
logging.getLogger("library").addHandler(logging.NullHandler())
logging.getLogger("library").propagate = False
start_logging(load_settings(), role="test")
take_over("library")
logging.getLogger("a").warning("t%s n\\n2", "in", extra={"url": "https://x/", "portal": "tuag"})
logging.getLogger("library").error("heard")
try:
    1 / 0
except ZeroDivisionError:
    logging.getLogger("a").exception("broken")
"""


def test_lines_are_json_or_text() -> None:
    def lines(form: str) -> list[str]:
        env = os.environ | {"GOMTIN_LOG_FORMAT": form}
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM], env=env, capture_output=True, check=True
        )
        return done.stderr.decode().splitlines()

    first, heard, broken = (json.loads(line) for line in lines("json"))
    assert first.items() >= {
        "level": "WARNING", "logger": "a", "message": "tin n\n2", "role": "test",
        "url": "https://x/", "portal": "tuag",
    }.items()  # fmt: skip
    assert datetime.fromisoformat(first["at"]).tzinfo == UTC
    assert heard["message"] == "heard"
    assert "ZeroDivisionError" in broken["traceback"]
    assert "WARNING MainProcess a: tin n" in lines("text")[0]


def test_a_crawl_process_names_portal_run_url_and_outcome(tmp_path: Path) -> None:
    env = os.environ | {
        "GOMTIN_DATA": str(tmp_path), "GOMTIN_LOG_FORMAT": "json", "GOMTIN_LOG_LEVEL": "INFO",
    }  # fmt: skip
    store = open_store(f"sqlite:///{tmp_path / 'gomtin.sqlite3'}")
    with serve() as replicas:
        params = RunParams(base_url=replicas.urls["danvankheo"], limit=3, delay=0)
        with store.begin() as conn:
            run = create_run(conn, "danvankheo", "incremental", params, datetime.now(UTC))
        command = [sys.executable, "-m", "crawler.run", str(run)]
        done = subprocess.run(command, env=env, capture_output=True, check=False)
    lines = [json.loads(line) for line in done.stderr.decode().splitlines()]
    assert {(line["portal"], line["run"]) for line in lines} == {("danvankheo", run)}
    logged = {line["url"]: line["outcome"] for line in lines if "url" in line}
    with store.read() as conn:
        kept = conn.execute(select(outcomes.c.url, outcomes.c.outcome)).all()
    store.close()
    assert logged == {url: outcome.value for url, outcome in kept}
    assert "door" in logged.values()
