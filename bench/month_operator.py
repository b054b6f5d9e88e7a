"""What the operator of bench.month is told: a webhook and a mail server, and whether it floods."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from bench.mail_server import mail_server
from workers.alerts import signature
from workers.process import environment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.settings import Settings

HOST = "127.0.0.1"
WHY = ("angiang_dcs", "hongngu")  # with a small budget, and with quiet hours
SECRET = secrets.token_hex()


@dataclass
class Post:
    """What has come: messages with their times by webhook, mails as their text."""

    messages: list[tuple[datetime, dict[str, Any]]] = field(default_factory=list)
    mails: list[str] = field(default_factory=list)
    forged: int = 0

    def faults(self, every: timedelta) -> Iterator[str]:
        """Say what an operator would complain of."""
        if self.forged:
            yield f"{self.forged} messages with a wrong signature"
        if len(self.mails) != len(self.messages):
            yield f"{len(self.messages)} messages by webhook, {len(self.mails)} by mail"
        for (before, _), (after, message) in pairwise(self.messages):
            if after - before < every - timedelta(seconds=1):  # the header has whole seconds
                yield f"{message['summary']}: {after - before} after the message before it"
        for (_, message), mail in zip(self.messages, self.mails, strict=False):
            if f"<{message['id']}@gomtin.{HOST}>" not in mail:
                yield f"{message['summary']}: not told by mail at its turn"


@contextmanager
def receivers(post: Post) -> Iterator[tuple[str, str]]:
    """Take alerts in; give the address of the webhook and of the mail server."""

    class Alert(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            stamp = self.headers["X-Gomtin-Timestamp"]
            post.forged += self.headers["X-Gomtin-Signature"] != signature(SECRET, stamp, body)
            post.messages.append((datetime.fromtimestamp(int(stamp), UTC), json.loads(body)))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer((HOST, 0), Alert) as web, mail_server(post.mails) as port:
        threading.Thread(target=web.serve_forever, daemon=True).start()
        yield f"http://{HOST}:{web.server_port}/", f"smtp://{HOST}:{port}"
        web.shutdown()


def print_views(settings: Settings) -> None:
    """Print what an operator sees at 80 columns."""
    views = (["status"], ["failures"], ["schedule"], *(["schedule", "why", one] for one in WHY))
    for view in views:
        print(f"$ gomtin {' '.join(view)}", flush=True)
        command = [sys.executable, "-m", "cli.main", *view]
        env = environment(settings) | {"COLUMNS": "80"}
        print(subprocess.run(command, env=env, capture_output=True, text=True, check=False).stdout)
