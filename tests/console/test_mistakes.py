"""What goes wrong on the console's own side: an archive that is not there, a mistake of its own."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from config.settings import Settings
from console.app import create_app
from console.delivery import SAFE

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi import FastAPI
    from starlette.types import Message


def told(app: FastAPI, path: str, accept: str, sent: list[Message]) -> None:
    """Ask the application as a server does; what it sends is also there when it raises."""

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope: dict[str, Any] = {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(),
        "query_string": b"", "headers": [(b"accept", accept.encode())], "scheme": "http",
        "server": ("127.0.0.1", 80), "http_version": "1.1",
    }  # fmt: skip
    asyncio.run(app(scope, receive, send))


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_a_mistake_is_told_without_its_inside(accept: str, tmp_path: Path) -> None:
    app = create_app(Settings(data=tmp_path))

    def fail() -> None:
        raise RuntimeError("the inside")

    app.add_api_route("/fails", fail)
    sent: list[Message] = []
    with pytest.raises(RuntimeError, match="the inside"):  # which the server writes to its log
        told(app, "/fails", accept, sent)
    assert sent[0]["status"] == 500
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    assert {name: headers.get(name.lower()) for name in SAFE} == SAFE
    body = sent[1]["body"].decode()
    assert "stands in the log of the console" in body
    assert "the inside" not in body


def test_a_console_that_starts_before_its_archive_reads_it_once_it_is_there(
    tmp_path: Path,
) -> None:
    in_its_way = tmp_path / "archive"
    in_its_way.write_text("no folder")
    app = create_app(Settings(store=f"sqlite:///{in_its_way}/gomtin.sqlite3"))
    sent: list[Message] = []
    told(app, "/", "text/html", sent)
    assert sent[0]["status"] == 503
    assert "Cannot make the archive&#39;s folder" in sent[1]["body"].decode()
    sent.clear()
    told(app, "/health", "*/*", sent)
    assert sent[0]["status"] == 503
    in_its_way.unlink()
    sent.clear()
    told(app, "/", "text/html", sent)
    assert sent[0]["status"] == 200
    assert "The archive is empty" in sent[1]["body"].decode()
