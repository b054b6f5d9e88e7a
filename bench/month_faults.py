"""What befalls the replicas of bench.month, and when: faults, and a move to https.

A fault changes the answers of one replica for a time. The replica that has moved speaks HTTP and
TLS at one port; HTTP leads to https, and for two days its certificate has expired.
"""

from __future__ import annotations

import re
import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bench.authority import Authority
from demo.content import PORTALS
from demo.serve import HOST, POLL_SECONDS, Handler, Server
from demo.site import Request, Response, Site, redirect
from pipelines.codec import VIETNAM

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bench.month_world import Month

DAY = timedelta(days=1)
# A Monday, so that Tết is on days 17 to 23. The machine's own clock must be before it.
BEGIN = datetime(2027, 1, 18, tzinfo=VIETNAM)
MOVED, MOVES = "danvankheo", BEGIN + 3 * DAY
AWAY, AWAY_HOUR, AWAY_MINUTES = "baoangiang", 20, 12  # every evening
TLS_HANDSHAKE = b"\x16"  # RFC 8446, 5.1: the first byte of a record that holds one
MISSING = Response(404, "<h1>Không tìm thấy trang</h1>".encode())


def _at(days: int, hours: int) -> datetime:
    return BEGIN + timedelta(days=days, hours=hours)


def as_it_is(_: Request, response: Response) -> Response:
    """Change nothing: the fault is not in an answer."""
    return response


def renamed(_: Request, response: Response) -> Response:
    """Rename the classes by which the text of a NukeViet article is found."""
    return replace(response, body=re.sub(rb"news-bodyhtml|bodytext", b"noi-dung", response.body))


def month_first(_: Request, response: Response) -> Response:
    """Print the month before the day."""
    return replace(response, body=re.sub(rb"(\d\d)/(\d\d)/(\d{4})", rb"\2/\1/\3", response.body))


def every_second_link(request: Request, response: Response) -> Response:
    """Take the link off every second article address on pages that are none."""
    if re.search(r"-a\d+\.html$", request.path):
        return response
    link = re.compile(rb'href="(?:https?://[^/"]+)?/[^"]*-a\d*[02468]\.html"')
    return replace(response, body=link.sub(b"", response.body))


def articles_missing(request: Request, response: Response) -> Response:
    """Answer 404 to each article while the listings show them."""
    return MISSING if "/chi-tiet-bai-viet/" in request.path else response


@dataclass(frozen=True, slots=True)
class Break:
    """A fault of one replica: from when to when, and what it makes of an answer.

    ``sure``: the portal is visited in this time.
    """

    portal: str
    name: str
    since: datetime
    until: datetime
    strike: Callable[[Request, Response], Response] = as_it_is
    sure: bool = True

    def at(self, portal: str, now: datetime) -> bool:
        """Tell whether the portal has it then."""
        return portal == self.portal and self.since <= now < self.until


DISK_FULL = _at(10, 10), _at(10, 11)
RENAMED = Break("hiepninh", "body class renamed", _at(11, 9), _at(18, 9), renamed)
EXPIRED = Break(MOVED, "certificate expired", _at(13, 0), _at(15, 0))
BREAKS = (
    Break("baoangiang", "dates month first", _at(7, 9), _at(9, 9), month_first),
    RENAMED,
    EXPIRED,
    Break(
        "hongngu", "404 for articles, not for listings", _at(15, 8), _at(15, 20), articles_missing
    ),
    Break("baoangiang", "half the links lost", _at(26, 9), _at(28, 9), every_second_link),
    *(Break(portal, "disk full", *DISK_FULL, sure=False) for portal in PORTALS),
)


def watched(kind: type[Site], world: Month) -> type[Site]:
    """Give the replica with what befalls it, and each request counted."""

    def answer(site: Site, request: Request) -> Response:
        now = world.now()
        world.asked(kind.id)
        if kind.id == AWAY and is_away(now):
            return Response(500)
        response = kind.answer(site, request)
        for fault in BREAKS:
            if fault.at(kind.id, now):
                struck = fault.strike(request, response)
                if struck != response:
                    world.shown.add((fault.portal, fault.name))
                response = struck
        return response

    return type(kind.__name__, (kind,), {"answer": answer})


def is_away(now: datetime) -> bool:
    """Tell whether it is the evening hour at which one of them does not work."""
    local = now.astimezone(VIETNAM)
    return local.hour == AWAY_HOUR and local.minute < AWAY_MINUTES


def evenings(end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Give until when its status may say so: it is visited again 15 minutes later."""
    for day in range((end - BEGIN) // DAY):
        begin = _at(day, AWAY_HOUR)
        yield begin, begin + timedelta(minutes=AWAY_MINUTES + 20)


# ---- the move to https


class BothWays(Server):
    """One port for HTTP and TLS; from the move on HTTP leads to https."""

    def __init__(self, site: Site, world: Month, authority: Authority) -> None:
        super().__init__(0, site, world)
        self.own_port = self.server_address[1]
        today = datetime.now(UTC)  # a handshake reads the machine's own clock
        self._sound = authority.context(until=today + 30 * DAY)
        self._expired = authority.context(until=today - DAY)
        self.month = world

    def finish_request(
        self, request: socket.socket | tuple[bytes, socket.socket], client_address: object
    ) -> None:
        """Answer what comes in, by its first byte."""
        assert isinstance(request, socket.socket)  # a pair is what UDP brings
        first = request.recv(1, socket.MSG_PEEK)
        if first == TLS_HANDSHAKE:
            with self._tls().wrap_socket(request, server_side=True) as secure:
                Handler(secure, client_address, self)
        else:
            (_Leading if self.month.now() >= MOVES else Handler)(request, client_address, self)

    def _tls(self) -> ssl.SSLContext:
        expired = EXPIRED.at(MOVED, self.month.now())
        return self._expired if expired else self._sound


class _Leading(Handler):
    """Leads each address to https."""

    server: BothWays

    def answer(self, _request: Request) -> Response:
        """Name the same address under https."""
        self.server.month.asked(self.server.site.id)
        return redirect(f"https://{HOST}:{self.server.own_port}{self.path}")


@contextmanager
def moving(kind: type[Site], world: Month, folder: Path) -> Iterator[tuple[str, Path]]:
    """Serve the replica that moves; give its first address and whose certificates to trust."""
    authority = Authority(folder)
    with BothWays(kind(world), world, authority) as server:
        threading.Thread(target=server.serve_forever, args=(POLL_SECONDS,), daemon=True).start()
        yield f"http://{HOST}:{server.own_port}/", authority.file
        server.shutdown()
