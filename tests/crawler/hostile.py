"""A server whose every answer a test decides, byte by byte; its calendar has no end."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Hostile(BaseHTTPRequestHandler):
    """Answers every path with what ``answers`` holds for it: bytes to send, or one who sends."""

    protocol_version = "HTTP/1.1"
    answers: ClassVar[dict[str, bytes | Callable[[Hostile], None]]]
    asked: ClassVar[list[str]]
    url: ClassVar[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        answer = self.answers.get(self.path)
        self.close_connection = True
        try:
            if callable(answer):
                answer(self)
            elif self.path.startswith("/lich/"):
                self.send(month(self.path))
            else:
                self.send(answer or b"not here", 200 if answer else 404)
        except (BrokenPipeError, ConnectionResetError):
            pass  # the crawler had seen enough

    def send(self, body: bytes, status: int = 200, /, **headers: str) -> None:
        self.send_response(status)
        for name, value in ({"Content-Type": "text/html; charset=utf-8"} | headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def begin(self, **headers: str) -> None:
        """Send a head that promises a body of unknown length."""
        self.send_response(200)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def month(path: str) -> bytes:
    """A month of a calendar without end: each leads to those before and after it."""
    number = int("".join(filter(str.isdigit, path)) or 0)
    steps = (*range(1, 20), -1)
    links = "".join(
        f'<li><a href="/lich/{number + step}/">Tháng {number + step}</a></li>' for step in steps
    )
    return f"<html><title>Lịch công tác</title><ul>{links}</ul></html>".encode()


@contextmanager
def serving() -> Iterator[type[Hostile]]:
    """Serve on loopback what the class that is given holds."""

    class Server(Hostile):
        answers: ClassVar = {}
        asked: ClassVar = []

    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Server.url = f"http://127.0.0.1:{server.server_port}"
    yield Server
    server.shutdown()
    server.server_close()
