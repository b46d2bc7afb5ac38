"""
The keys of fictional people.

The eleven root keys follow from a published sentence, so that a demo bundle can pin them before
any region exists: they are worthless by design, and a production bundle pins others. All other
keys are random, made by the seed and kept in the data folder.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from casehub.core.frames import from_b64u, to_b64u

SENTENCE = b"CaseHub demo region: fictional people, worthless keys, never for production\0"


def root_of(state: str) -> Ed25519PrivateKey:
    """Return the demo root key of a State."""
    seed = hashlib.sha256(SENTENCE + state.encode("ascii")).digest()
    return Ed25519PrivateKey.from_private_bytes(seed)


class KeyRing:
    """The identity keys of the demo's people, by person id, in one file of the data folder."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or settings.DATA_DIR / "demo" / "identity-keys.json"

    def _all(self) -> dict[str, str]:
        if not self._path.exists():
            return {}
        keys: dict[str, str] = json.loads(self._path.read_text(encoding="utf-8"))
        return keys

    def keep(self, keys: dict[str, Ed25519PrivateKey]) -> None:
        """Write the ring anew, readable by its owner only."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        content = {person: to_b64u(key.private_bytes_raw()) for person, key in keys.items()}
        handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=1)

    def key_of(self, person: str) -> bytes | None:
        """Return the 32-byte Ed25519 seed of a person, or None if the demo has none."""
        found = self._all().get(person)
        return None if found is None else from_b64u(found, most=32)
