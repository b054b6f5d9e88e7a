"""What every answer has in common: HEAD, headers that keep pages safe, 304, compression."""

from __future__ import annotations

import gzip
import re
from hashlib import blake2b
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Pages load nothing from elsewhere and run no script, and a portal's words can start nothing.
SAFE = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
LEAST_COMPRESSED = 1_000
LEVEL = 4
"""A page of 30 kB becomes 6.6 kB in 0.4 ms; level 6 makes 6.3 of it in half as much time again."""
_GZIP = re.compile(r"(^|[,\s])(gzip|\*)\s*(;\s*q=(?!0(\.0*)?\s*(,|$))|,|$)")


class Delivery:
    """Completes the answers of the application inside."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the application answer, and send that in full."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        method = scope["method"]
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await self.app({**scope, "method": "GET"} if method == "HEAD" else scope, receive, keep)
        start = messages[0]
        body = b"".join(one.get("body", b"") for one in messages[1:])
        start, body = _completed(start, body, Headers(scope=scope))
        await send(start)
        await send({"type": "http.response.body", "body": b"" if method == "HEAD" else body})


def _completed(start: Message, body: bytes, asked: Headers) -> tuple[Message, bytes]:
    """Give the start of the answer with its headers, and what is sent of the body."""
    headers = MutableHeaders(raw=list(start["headers"]))
    status = start["status"]
    for name, value in SAFE.items():
        headers[name] = value
    headers["Vary"] = "Accept, Accept-Encoding"
    if status == HTTPStatus.OK:
        headers.setdefault("Cache-Control", "no-cache")  # kept, and asked for each time
        headers["ETag"] = f'W/"{blake2b(body, digest_size=12).hexdigest()}"'
        if _is_known(headers["ETag"], asked.get("if-none-match", "")):
            for name in ("Content-Length", "Content-Type"):
                del headers[name]
            return {**start, "status": HTTPStatus.NOT_MODIFIED, "headers": headers.raw}, b""
    else:
        headers.setdefault("Cache-Control", "no-store")
    if len(body) >= LEAST_COMPRESSED and _GZIP.search(asked.get("accept-encoding", "")):
        body = gzip.compress(body, LEVEL, mtime=0)
        headers["Content-Encoding"] = "gzip"
    headers["Content-Length"] = str(len(body))
    return {**start, "headers": headers.raw}, body


def _is_known(tag: str, known: str) -> bool:
    tags = {one.strip().removeprefix("W/") for one in known.split(",")}
    return tag.removeprefix("W/") in tags or "*" in tags
