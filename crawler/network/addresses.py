"""Which addresses a run may ask: the portal's own hosts, a replica in their place, nothing else."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from crawler.network.traps import without_session
from pipelines.records import Outcome

if TYPE_CHECKING:
    from crawler.portal import Portal

DEFAULT_PORTS = {"http": ":80", "https": ":443"}
LONGEST = 2_000  # bytes; sitemaps allow 2,048, an index entry of PostgreSQL 2,704

LOCAL_NAMES = (".localhost", ".local", ".internal", ".localdomain", ".lan", ".home.arpa")
UNICAST = ipaddress.ip_network("2000::/3")  # IANA: the only global unicast space of IPv6
_NUMERIC = re.compile(r"\d+|0x[0-9a-f]*")  # a last label that makes the whole host an IPv4 address
_DOTS = str.maketrans("\u3002\uff61", "..")  # IDNA takes them for dots, NFKC does not
_ODD = re.compile(r"[@\\%\s\x00-\x20\x7f]")  # in a host: parsers differ on where it ends


def host_of(url: str) -> str:
    """Give the host (and a port that is not the default) in lower case, without "www."."""
    parts = urlsplit(url)
    netloc = parts.netloc.rpartition("@")[2].lower()
    return netloc.removesuffix(DEFAULT_PORTS.get(parts.scheme, ":")).removeprefix("www.")


def is_private(host: str) -> bool:
    """Tell whether ``host`` is an address outside the public internet, or a local name.

    An address in a spelling of its own (decimal, octal, hexadecimal, fewer than four parts) is
    taken for private wherever it leads: no honest page writes one, and parsers differ on it.
    """
    name = unicodedata.normalize("NFKC", host).translate(_DOTS)
    name = name.rpartition("]")[0].lstrip("[") if name.startswith("[") else name
    if name.count(":") == 1:
        name = name.partition(":")[0]
    name = name.casefold().rstrip(".")
    try:
        return not _is_public(ipaddress.ip_address(name))
    except ValueError:
        numeric = bool(_NUMERIC.fullmatch(name.rpartition(".")[2]))
        return numeric or name == "localhost" or name.endswith(LOCAL_NAMES)


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Tell whether ``address`` is unicast on the public internet.

    Python counts multicast and mapped addresses as global; addresses that carry an IPv4 address
    inside (mapped, NAT64, 6to4, Teredo) lead to wherever that one does, and no host needs them.
    """
    if isinstance(address, ipaddress.IPv6Address):
        carries = address.sixtofour or address.teredo
        return address.is_global and address in UNICAST and not carries
    return address.is_global and not address.is_multicast and not address.is_reserved


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
        """Give the address to ask for ``url``, moved to the replica if any.

        Without fragment, and without the id of a visit: each visit would bring new addresses.

        What cannot be read is given back as it is, for ``refusal`` to refuse.
        """
        if not is_readable(url):
            return url
        parts = urlsplit(without_session(url))._replace(fragment="")
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
        if host in self._allowed and not _ODD.search(urlsplit(url).netloc):
            return None
        return Outcome.PRIVATE_ADDRESS if is_private(host) else Outcome.OFFSITE
