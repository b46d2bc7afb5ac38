"""
Whose keys open backups (pure): a line with a State and an X25519 key, and the file of its half.

    casehub-backup-recipient/1 SV 3q2-7w…

A State may have several keys, of several people or of last year and this one: any of them with any
of another State's opens a backup, and two of one State's never do.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from casehub.calendars.zones import STATES
from casehub.ceremony import keyfile
from casehub.ceremony.errors import CeremonyStopped
from casehub.core.errors import DomainError
from casehub.core.frames import from_b64u, to_b64u

from .errors import Stopped

FORM: Final = "casehub-backup-recipient/1"
MOST: Final = 33  # keys
_LINE: Final = re.compile(re.escape(FORM) + r" ([A-Z]{2}) ([A-Za-z0-9_-]{43})")
_WEAK: Final = "a key of small order"


@dataclass(frozen=True, slots=True, order=True)
class Recipient:
    """A State and one of its public keys."""

    state: str
    public: bytes

    @property
    def key(self) -> X25519PublicKey:
        """The key itself."""
        return X25519PublicKey.from_public_bytes(self.public)

    def __str__(self) -> str:
        return f"{FORM} {self.state} {to_b64u(self.public)}"


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who can open their half: the public key and the private one."""

    recipient: Recipient
    private: X25519PrivateKey


def parse(text: str, *, where: str) -> list[Recipient]:
    """
    Return the recipients in a file: a line each, but for empty ones and those that begin with #.

    :raises Stopped: `recipients-unreadable`, naming the line.
    """
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        bare = line.strip()
        if not bare or bare.startswith("#"):
            continue
        try:
            found.append(_parsed(bare))
        except ValueError as error:
            raise Stopped("recipients-unreadable", f"{where}, line {number}: {error}") from error
    if not found:
        raise Stopped("recipients-unreadable", f"{where} names nobody")
    return found


def _parsed(line: str) -> Recipient:
    parts = _LINE.fullmatch(line)
    if parts is None:
        raise ValueError(f"no line like “{FORM} SV 3q2-7w…”")
    if parts[1] not in STATES:
        raise ValueError(f"no State: {parts[1]}")
    try:
        public = from_b64u(parts[2], most=64)
    except DomainError as error:
        raise ValueError("no key") from error
    try:
        # Such a key gives everybody the same secret.
        X25519PrivateKey.generate().exchange(X25519PublicKey.from_public_bytes(public))
    except ValueError as error:
        raise ValueError(_WEAK) from error
    return Recipient(parts[1], public)


def together(found: Sequence[Recipient]) -> tuple[Recipient, ...]:
    """
    Return these recipients once each, in order.

    :raises Stopped: `recipients-few` if they are of fewer than two States, `recipients-many`, or
        `recipients-same` if two States have one key.
    """
    once = tuple(sorted(set(found)))
    if len({one.public for one in once}) < len(once):
        raise Stopped("recipients-same")
    states = sorted({one.state for one in once})
    if len(states) < 2:  # noqa: PLR2004 - the threshold
        raise Stopped("recipients-few", ", ".join(states) or "none")
    if len(once) > MOST:
        raise Stopped("recipients-many", MOST)
    return once


def make(state: str, *, passphrases: Sequence[str], cost: dict[str, int] | None = None) -> str:
    """
    Return the text of a new key file; its recipient is read from it.

    :raises CeremonyStopped: if a passphrase is too short.
    """
    key = X25519PrivateKey.generate()
    return keyfile.seal_seed(
        key.private_bytes_raw(),
        public=key.public_key().public_bytes_raw(),
        form=keyfile.BACKUPS,
        state=state,
        passphrases=passphrases,
        salt=secrets.token_bytes(keyfile.SALT),
        nonce=secrets.token_bytes(keyfile.NONCE),
        cost=cost or keyfile.COST,
    )


def of_file(text: str) -> tuple[Recipient, int]:
    """
    Return whose key a file holds, and how many passphrases it asks for.

    :raises CeremonyStopped: if it is no key file.
    """
    said = keyfile.read(text, form=keyfile.BACKUPS)
    return Recipient(said["state"], from_b64u(said["public"], most=64)), said["hands"]


def unlock(text: str, *, passphrases: Sequence[str]) -> Holder:
    """
    Return the holder whose key a file keeps.

    :raises CeremonyStopped: if it does not open with these passphrases.
    """
    seed = keyfile.unseal_seed(text, passphrases=passphrases, form=keyfile.BACKUPS)
    private = X25519PrivateKey.from_private_bytes(seed)
    public = private.public_key().public_bytes_raw()
    keyfile.require_public(keyfile.read(text, form=keyfile.BACKUPS), public)
    recipient = of_file(text)[0]
    if recipient.state not in STATES:
        raise CeremonyStopped(f"No State: {recipient.state}")
    return Holder(recipient, private)
