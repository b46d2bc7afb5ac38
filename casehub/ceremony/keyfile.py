"""
The file in which a State keeps the private half of its root (pure).

JSON, to be read in twenty years: every number that opening needs stands in it. The 32-byte seed is
sealed by AES-256-GCM (NIST SP 800-38D) under a key that scrypt (RFC 7914) makes of the passphrases;
all the rest of the file is authenticated with it, so that nobody puts another State's name on it.
With two passphrases, of two people, neither opens it alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from casehub.core.errors import DomainError
from casehub.core.frames import from_b64u, to_b64u

from .errors import CeremonyStopped

FORM = "casehub-root-key/1"
SALT = 16  # bytes
NONCE = 12
KEY = 32
# 1 GiB-second is what a guess costs: 128 MiB of memory, and most of a second on a small machine.
COST = {"n": 2**17, "r": 8, "p": 1}
DEAREST = 2**20  # an edited file must not make opening it take all memory
SHORTEST_PASSPHRASE = 16  # characters, of each person


def _key(passphrases: Sequence[str], *, salt: bytes, cost: Mapping[str, int]) -> bytes:
    # JSON keeps two passphrases apart: "ab","c" is not "a","bc".
    words = json.dumps(list(passphrases), ensure_ascii=True).encode("ascii")
    return Scrypt(salt=salt, length=KEY, n=cost["n"], r=cost["r"], p=cost["p"]).derive(words)


def seal(
    key: Ed25519PrivateKey,
    *,
    state: str,
    passphrases: Sequence[str],
    salt: bytes,
    nonce: bytes,
    cost: Mapping[str, int] = COST,
) -> str:
    """
    Return the text of a key file; `salt` (16 bytes) and `nonce` (12) are fresh and random.

    :raises CeremonyStopped: if a passphrase is shorter than 16 characters.
    """
    if not passphrases or any(len(one) < SHORTEST_PASSPHRASE for one in passphrases):
        message = f"Each passphrase has {SHORTEST_PASSPHRASE} characters or more: six words do."
        raise CeremonyStopped(message)
    head: dict[str, Any] = {
        "form": FORM,
        "state": state,
        "public": to_b64u(key.public_key().public_bytes_raw()),
        "hands": len(passphrases),
        "scrypt": dict(cost),
        "salt": to_b64u(salt),
        "nonce": to_b64u(nonce),
    }
    sealed = AESGCM(_key(passphrases, salt=salt, cost=cost)).encrypt(
        nonce, key.private_bytes_raw(), rfc8785.dumps(head)
    )
    return json.dumps(head | {"sealed": to_b64u(sealed)}, indent=1) + "\n"


def read(text: str) -> dict[str, Any]:
    """
    Return what a key file says in clear: `state`, `public` and `hands` among it.

    :raises CeremonyStopped: if it is no key file.
    """
    try:
        head: dict[str, Any] = json.loads(text)
        cost = head["scrypt"]
        numbers = [cost["n"], cost["r"], cost["p"], head["hands"]]
        sizes = [
            (len(from_b64u(head[name], most=64)), size)
            for name, size in (("salt", SALT), ("nonce", NONCE), ("public", KEY))
        ]
        fits = (
            head["form"] == FORM
            and all(type(number) is int and number > 0 for number in numbers)
            and cost["n"] * cost["r"] * cost["p"] <= DEAREST * COST["r"]
            and all(found == wanted for found, wanted in sizes)
            and isinstance(head["state"], str)
        )
    except (KeyError, TypeError, ValueError, DomainError) as error:
        raise CeremonyStopped("This is not a file of a root key.") from error
    if not fits:
        raise CeremonyStopped("This is not a file of a root key.")
    return head


def unseal(text: str, *, passphrases: Sequence[str]) -> Ed25519PrivateKey:
    """
    Return the private key of a key file.

    :raises CeremonyStopped: if it is no key file, or it does not open with these passphrases.
    """
    file = read(text)
    head = {name: value for name, value in file.items() if name != "sealed"}
    try:
        seed = AESGCM(
            _key(passphrases, salt=from_b64u(file["salt"], most=64), cost=file["scrypt"])
        ).decrypt(
            from_b64u(file["nonce"], most=64),
            from_b64u(str(file["sealed"]), most=256),
            rfc8785.dumps(head),
        )
        key = Ed25519PrivateKey.from_private_bytes(seed)
    except (InvalidTag, KeyError, ValueError, DomainError) as error:
        message = (
            "It does not open: a passphrase is wrong, their order is, or the file was changed."
        )
        raise CeremonyStopped(message) from error
    if to_b64u(key.public_key().public_bytes_raw()) != file["public"]:
        raise CeremonyStopped("The file names another public key than it holds.")
    return key
