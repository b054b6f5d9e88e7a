"""A certificate authority of one's own, for servers on this machine: tests and bench.month.

Whoever is to trust it reads ``file`` as SSL_CERT_FILE.
"""

from __future__ import annotations

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from demo.serve import HOST

if TYPE_CHECKING:
    from pathlib import Path

SIGNS = x509.KeyUsage(
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)


class Authority:
    """Signs certificates for this machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test authority")])
        self.file = folder / "authority.pem"
        begin = datetime.now(UTC) - timedelta(days=90)
        own = self._sign(self._name, self._key, begin, begin + timedelta(days=365), ca=True)
        self.file.write_bytes(own.public_bytes(Encoding.PEM))

    def context(self, *, until: datetime) -> ssl.SSLContext:
        """Make a server's side of TLS whose certificate for this machine ends then."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
        made = self._sign(name, key, until - timedelta(days=30), until, ca=False)
        file = self._folder / f"server-{until:%Y%m%d}.pem"
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        file.write_bytes(private + made.public_bytes(Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    def _sign(
        self,
        name: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        begin: datetime,
        end: datetime,
        *,
        ca: bool,
    ) -> x509.Certificate:
        made = x509.CertificateBuilder().subject_name(name).issuer_name(self._name)
        made = made.public_key(key.public_key()).serial_number(x509.random_serial_number())
        made = made.not_valid_before(begin).not_valid_after(end)
        made = made.add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        # what Python 3.13 on asks for: the keys of owner and issuer, and what an authority's is for
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        made = made.add_extension(issuer, critical=False)
        own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        made = made.add_extension(own, critical=False)
        if ca:
            made = made.add_extension(SIGNS, critical=True)
        else:
            address = x509.IPAddress(ipaddress.ip_address(HOST))
            made = made.add_extension(x509.SubjectAlternativeName([address]), critical=False)
        return made.sign(self._key, hashes.SHA256())
