"""Serve the five replica portals, or samples, on loopback, one port each, from one process.

``with serve() as replicas``: ``replicas.urls`` maps portal id to base address. ``POST
/_demo/day/2`` on any of the ports makes it the second day, ``POST /_demo/flood/on`` lets
NukeViet's flood blocker refuse everything.
"""

from __future__ import annotations

import argparse
import gzip
import re
import sys
import threading
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from demo.cms import SITES
from demo.site import Request, Response, as_json
from demo.world import World

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterable, Iterator, Mapping

    from demo.site import Site

HOST = "127.0.0.1"
CONTROL = re.compile(r"/_demo/(day|flood)/(\d+|on|off)")
IDLE_SECONDS = 15
POLL_SECONDS = 0.02  # how soon a server notices that it shall stop


class Server(ThreadingHTTPServer):
    """Serves one replica at a port of this machine."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, site: Site, world: World) -> None:
        super().__init__((HOST, port), Handler)
        self.site = site
        self.world = world

    def handle_error(
        self, request: socket.socket | tuple[bytes, socket.socket], client_address: object
    ) -> None:
        """Pass over a crawl that is gone in mid-answer, or refuses; tell what else goes wrong."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """Answers one connection to a replica."""

    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # one packet for head and body
    timeout = IDLE_SECONDS

    def do_GET(self) -> None:
        """Answer, as the site does unless told otherwise."""
        headers = {name.casefold(): value for name, value in self.headers.items()}
        self._send(self.answer(Request.of(self.path, headers)))

    def do_HEAD(self) -> None:
        """Answer by the head alone."""
        self.do_GET()

    def do_POST(self) -> None:
        """Set the day, or let floods be blocked, as whoever drives the replicas wants."""
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        found = CONTROL.fullmatch(self.path)
        if not found:
            self._send(Response(405))
            return
        world = self.server.world
        if found[1] == "day" and found[2].isdecimal():
            world.set_day(int(found[2]))
        else:
            world.flood = found[2] == "on"
        self._send(as_json({"day": world.day, "flood": world.flood}))

    def answer(self, request: Request) -> Response:
        """Give the site's answer."""
        return self.server.site.answer(request)

    def _send(self, response: Response) -> None:
        body = response.body
        zipped = self.server.site.gzip and "gzip" in self.headers.get("Accept-Encoding", "")
        if zipped:
            body = gzip.compress(body, 5, mtime=0)
        self.send_response(response.status)
        self.send_header("Content-Type", response.content_type)
        self.send_header("Content-Length", str(len(body)))
        if zipped:
            self.send_header("Content-Encoding", "gzip")
        for name, value in response.headers:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD" and response.status != HTTPStatus.NOT_MODIFIED:
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep silent: the crawler's log says what was asked."""


@dataclass(frozen=True, slots=True)
class Replicas:
    """The portals being served: base address by portal id, and the state they answer from."""

    urls: Mapping[str, str]
    world: World

    def set_day(self, day: int) -> None:
        """Make it day ``day`` on every portal."""
        self.world.set_day(day)


@contextmanager
def serve(
    ports: Mapping[str, int] | None = None,
    world: World | None = None,
    kinds: Iterable[type[Site]] = SITES,
) -> Iterator[Replicas]:
    """Serve the portals of ``kinds`` while the context is open; give their base addresses.

    ``ports`` fixes ports by portal id, the others are free ones. ``world`` is the state to answer
    from, a new first day where None: changing it changes what is served.
    """
    world = world or World()
    with ExitStack() as stack:
        urls: dict[str, str] = {}
        for site in kinds:
            server = stack.enter_context(Server((ports or {}).get(site.id, 0), site(world), world))
            thread = threading.Thread(
                target=server.serve_forever, args=(POLL_SECONDS,), daemon=True
            )
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.shutdown)
            urls[site.id] = f"http://{HOST}:{server.server_address[1]}/"
        yield Replicas(urls, world)


def main() -> None:
    """Serve until interrupted and print the addresses."""
    parser = argparse.ArgumentParser(description="Serve the five replica portals on loopback.")
    parser.add_argument("--first-port", type=int, default=0, help="ports from here on; 0: free")
    parser.add_argument("--day", type=int, default=1, help="the day to start with")
    args = parser.parse_args()
    first = args.first_port
    ports = {site.id: first + at for at, site in enumerate(SITES)} if first else None
    with serve(ports, World(day=args.day)) as replicas:
        for portal, url in replicas.urls.items():
            print(f"{portal} {url}", flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
