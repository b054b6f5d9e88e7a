"""Name what is wrong with a server's certificate: Twisted only says that it did not verify."""

from __future__ import annotations

import socket
import ssl
from urllib.parse import urlsplit

from crawler.network.addresses import is_loopback, is_private

PATIENCE = 10.0  # seconds
HTTPS = 443


def certificate_fault(url: str) -> str:
    """Shake hands with the server of ``url`` once; give OpenSSL's reason to refuse, or nothing."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    context = ssl.create_default_context()
    # Python 3.13 sets it; the crawl's own handshake, whose refusal is to be named, is not so strict
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    try:
        address = socket.gethostbyname(host)  # looked at first, and the one that is connected to
        if is_private(address) and not is_loopback(url):
            return ""
        with (
            socket.create_connection((address, parts.port or HTTPS), PATIENCE) as raw,
            context.wrap_socket(raw, server_hostname=host),
        ):
            return ""
    except ssl.SSLCertVerificationError as error:
        return error.verify_message
    except OSError:
        return ""  # it is away by now: what the crawl saw stands
