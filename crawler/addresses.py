"""Which addresses a run may ask: the portal's own hosts, a replica in their place, nothing else."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from pipelines.records import Outcome

if TYPE_CHECKING:
    from crawler.portal import Portal

DEFAULT_PORTS = {"http": ":80", "https": ":443"}
LONGEST = 2_000  # bytes; sitemaps allow 2,048, an index entry of PostgreSQL 2,704


def host_of(url: str) -> str:
    """Give the host (and a port that is not the default) in lower case, without "www."."""
    parts = urlsplit(url)
    netloc = parts.netloc.rpartition("@")[2].lower()
    return netloc.removesuffix(DEFAULT_PORTS.get(parts.scheme, ":")).removeprefix("www.")


def is_private(host: str) -> bool:
    """Tell whether ``host`` is an IP literal outside the public internet, or a local name."""
    name = host.rpartition("]")[0].lstrip("[") if host.startswith("[") else host.partition(":")[0]
    try:
        return not ipaddress.ip_address(name).is_global
    except ValueError:
        return name == "localhost" or name.endswith((".localhost", ".local", ".internal"))


def is_loopback(url: str) -> bool:
    """Tell whether ``url`` names this machine, where no foreign server can be burdened."""
    name = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def is_readable(url: str) -> bool:
    """Tell whether ``url`` can be taken apart and sent: pages hold addresses like "http://[1"."""
    try:
        urlsplit(url)
        url.encode()
    except ValueError:
        return False
    return True


class Territory:
    """The addresses that belong to one run of a portal.

    With ``base_url`` the portal is read from a replica: links to the portal's hosts are moved
    there, and only the replica is asked.
    """

    def __init__(self, portal: type[Portal], base_url: str = "") -> None:
        self._own = {host.lower().removeprefix("www.") for host in portal.hosts}
        self._base = urlsplit(base_url)
        self.root = base_url.rstrip("/") or f"{portal.scheme}://{portal.hosts[0]}"
        self._allowed = {host_of(base_url)} if base_url else self._own

    def relocate(self, url: str) -> str:
        """Give the address to ask for ``url``, without fragment, moved to the replica if any.

        What cannot be read is given back as it is, for ``refusal`` to refuse.
        """
        if not is_readable(url):
            return url
        parts = urlsplit(url)._replace(fragment="")
        if self._base.netloc and host_of(url) in self._own:
            parts = parts._replace(scheme=self._base.scheme, netloc=self._base.netloc)
        return urlunsplit(parts)

    def refusal(self, url: str) -> Outcome | None:
        """Name why ``url`` must not be asked, or None if it may be."""
        if not is_readable(url) or urlsplit(url).scheme not in DEFAULT_PORTS:
            return Outcome.OFFSITE
        if len(url.encode()) > LONGEST:
            return Outcome.TOO_LARGE
        host = host_of(url)
        if host in self._allowed:
            return None
        return Outcome.PRIVATE_ADDRESS if is_private(host) else Outcome.OFFSITE
