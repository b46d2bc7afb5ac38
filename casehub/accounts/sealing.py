"""Random tokens, their hashes at rest, and sealing under a key that is not in the database."""

from __future__ import annotations

import hashlib
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE = 12  # bytes


def new_token() -> str:
    """Return 256 random bits as 43 characters of base64url."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """
    Return the hex SHA-256 under which a random token is kept.

    No salt and no slow function: there is nothing to guess in 256 random bits.
    """
    return hashlib.sha256(token.encode()).hexdigest()


def _key(secret: str | bytes, purpose: str) -> AESGCM:
    derived = HKDF(
        algorithm=SHA256(), length=32, salt=None, info=f"casehub/{purpose}/1".encode()
    ).derive(secret.encode() if isinstance(secret, str) else secret)
    return AESGCM(derived)


def seal(plain: bytes, *, purpose: str, bound_to: str) -> bytes:
    """
    Return nonce (12 bytes) and AES-256-GCM ciphertext of `plain`.

    The key comes from SECRET_KEY by HKDF (RFC 5869), one per `purpose`; `bound_to` names the row,
    so that a sealed value moved to another row does not open.
    """
    nonce = secrets.token_bytes(NONCE)
    return nonce + _key(settings.SECRET_KEY, purpose).encrypt(nonce, plain, bound_to.encode())


def unseal(sealed: bytes, *, purpose: str, bound_to: str) -> bytes:
    """
    Open what `seal` made, under the present secret key or one of SECRET_KEY_FALLBACKS.

    :raises ValueError: if no key opens it for this row.
    """
    nonce, box = bytes(sealed[:NONCE]), bytes(sealed[NONCE:])
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            return _key(secret, purpose).decrypt(nonce, box, bound_to.encode())
        except InvalidTag:
            continue
    message = f"no secret key opens this {purpose}"
    raise ValueError(message)
