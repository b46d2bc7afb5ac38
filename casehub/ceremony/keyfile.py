"""
The file in which a State keeps a private key for years: of its root, of its backups (pure).

JSON, to be read in twenty years: every number that opening needs stands in it. The 32-byte seed is
sealed by AES-256-GCM (NIST SP 800-38D) under a key that scrypt (RFC 7914) makes of the passphrases;
all the rest of the file is authenticated with it, so that nobody puts another State's name on it.
`form` says what the key is for: a file of one form is none of another.
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
BACKUPS = "casehub-backup-key/1"
WHOSE = {FORM: "root key", BACKUPS: "key for backups"}
CLOSED = "It does not open: a passphrase is wrong, their order is, or the file was changed."
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
    return seal_seed(
        key.private_bytes_raw(),
        public=key.public_key().public_bytes_raw(),
        form=FORM,
        state=state,
        passphrases=passphrases,
        salt=salt,
        nonce=nonce,
        cost=cost,
    )


def seal_seed(
    seed: bytes,
    *,
    public: bytes,
    form: str,
    state: str,
    passphrases: Sequence[str],
    salt: bytes,
    nonce: bytes,
    cost: Mapping[str, int] = COST,
) -> str:
    """
    Return the text of a key file of any form, for a key of 32 bytes with a public half of 32.

    :raises CeremonyStopped: if a passphrase is shorter than 16 characters.
    """
    if not passphrases or any(len(one) < SHORTEST_PASSPHRASE for one in passphrases):
        message = f"Each passphrase has {SHORTEST_PASSPHRASE} characters or more: six words do."
        raise CeremonyStopped(message)
    head: dict[str, Any] = {
        "form": form,
        "state": state,
        "public": to_b64u(public),
        "hands": len(passphrases),
        "scrypt": dict(cost),
        "salt": to_b64u(salt),
        "nonce": to_b64u(nonce),
    }
    sealed = AESGCM(_key(passphrases, salt=salt, cost=cost)).encrypt(
        nonce, seed, rfc8785.dumps(head)
    )
    return json.dumps(head | {"sealed": to_b64u(sealed)}, indent=1) + "\n"


def read(text: str, *, form: str = FORM) -> dict[str, Any]:
    """
    Return what a key file says in clear: `state`, `public` and `hands` among it.

    :raises CeremonyStopped: if it is no key file of that form.
    """
    no_such = f"This is not a file of a {WHOSE[form]}."
    try:
        head: dict[str, Any] = json.loads(text)
        cost = head["scrypt"]
        numbers = [cost["n"], cost["r"], cost["p"], head["hands"]]
        sizes = [
            (len(from_b64u(head[name], most=64)), size)
            for name, size in (("salt", SALT), ("nonce", NONCE), ("public", KEY))
        ]
        fits = (
            head["form"] == form
            and all(type(number) is int and number > 0 for number in numbers)
            and cost["n"] * cost["r"] * cost["p"] <= DEAREST * COST["r"]
            and all(found == wanted for found, wanted in sizes)
            and isinstance(head["state"], str)
        )
    except (KeyError, TypeError, ValueError, DomainError) as error:
        raise CeremonyStopped(no_such) from error
    if not fits:
        raise CeremonyStopped(no_such)
    return head


def unseal(text: str, *, passphrases: Sequence[str]) -> Ed25519PrivateKey:
    """
    Return the private key of a root's file.

    :raises CeremonyStopped: if it is no such file, or it does not open with these passphrases.
    """
    key = Ed25519PrivateKey.from_private_bytes(unseal_seed(text, passphrases=passphrases))
    require_public(read(text), key.public_key().public_bytes_raw())
    return key


def unseal_seed(text: str, *, passphrases: Sequence[str], form: str = FORM) -> bytes:
    """
    Return the 32 bytes of a key file of any form; `require_public` compares their public half.

    :raises CeremonyStopped: if it is no such file, or it does not open with these passphrases.
    """
    file = read(text, form=form)
    head = {name: value for name, value in file.items() if name != "sealed"}
    try:
        seed = AESGCM(
            _key(passphrases, salt=from_b64u(file["salt"], most=64), cost=file["scrypt"])
        ).decrypt(
            from_b64u(file["nonce"], most=64),
            from_b64u(str(file["sealed"]), most=256),
            rfc8785.dumps(head),
        )
    except (InvalidTag, KeyError, ValueError, DomainError) as error:
        raise CeremonyStopped(CLOSED) from error
    if len(seed) != KEY:
        raise CeremonyStopped(CLOSED)
    return seed


def require_public(file: Mapping[str, Any], public: bytes) -> None:
    """
    Compare a key's public half with the one that its file names.

    :raises CeremonyStopped: if it is another.
    """
    if to_b64u(public) != file["public"]:
        raise CeremonyStopped("The file names another public key than it holds.")
