"""The console of a test's archive, asked over a socket."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
import uvicorn

from config.settings import Settings
from console.app import create_app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


@pytest.fixture
def console(store_url: str) -> Iterator[str]:
    """Serve the console in a thread of its own; give its address."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        app = create_app(Settings(store=store_url))
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical"))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture
def ask(console: str) -> Callable[..., tuple[int, str]]:
    """Ask the console for a path, as a program unless told; give status and text."""

    def ask(path: str, asked: Mapping[str, str], accept: str = "*/*") -> tuple[int, str]:
        url = f"{console}{path}?{urlencode(asked)}"
        try:
            with urlopen(Request(url, headers={"accept": accept}), timeout=30) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            with error:
                return error.code, error.read().decode()

    return ask
