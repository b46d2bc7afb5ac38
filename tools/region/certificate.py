"""A certificate for `localhost` that nobody else vouches for; a browser may be told its key."""

from __future__ import annotations

import base64
import hashlib
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

HOST = "localhost"
LIVES = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Certificate:
    """The key and the certificate in PEM, and the key's hash as browsers pin it."""

    key: bytes
    chain: bytes
    pin: str


def pin_of(chain: bytes) -> str:
    """Return the hash of the key in a certificate, as browsers pin it."""
    public = x509.load_pem_x509_certificate(chain).public_key()
    told = public.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return base64.b64encode(hashlib.sha256(told).digest()).decode("ascii")


def make() -> Certificate:
    """Make one that has begun an hour ago."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    now = datetime.fromtimestamp(time.time(), UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + LIVES)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    chain = made.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return Certificate(private, chain, pin_of(chain))
