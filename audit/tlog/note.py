"""
C2SP signed notes: a text, an empty line, and one line for every signature.

Two kinds of key are known: Ed25519 (0x01), which signs the text, and Ed25519 cosignature/v1 (0x04),
with which a witness signs the text and the time at which it saw it. Lines of other keys are
skipped: they are how the format grows.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from .errors import Malformed, Unproven
from .text import LARGEST as LARGEST_TIME
from .text import from_b64, to_b64

ED25519 = 0x01
COSIGNATURE = 0x04
PUBLIC = 32  # bytes of an Ed25519 key, public or seed
SIGNATURE = 64
MOST_LINES = 100
LARGEST = 64 * 1024  # bytes of a whole note
_DASH = "—"
_NAME = re.compile(r"[^\s+]+")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


def key_id(name: str, kind: int, public: bytes) -> bytes:
    """Return the four bytes by which a signature line hints at its key."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


def _named(name: str) -> str:
    """
    Return `name` if a key may have it.

    :raises Malformed: if it is empty, or holds white space, a plus or a control character.
    """
    if not _NAME.fullmatch(name) or _CONTROL.search(name):
        raise Malformed("not the name of a key")
    return name


@dataclass(frozen=True, slots=True)
class Key:
    """A public key with its name; as text it is a `vkey`."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        """The hint in signature lines."""
        return key_id(self.name, self.kind, self.public)

    def __str__(self) -> str:
        raw = bytes([self.kind]) + self.public
        return f"{self.name}+{self.id.hex()}+{to_b64(raw)}"

    @classmethod
    def parse(cls, text: str) -> Key:
        """
        Read a vkey.

        :raises Malformed: if it is none, of a kind unknown here, or names another id than its own.
        """
        parts = text.split("+", 2)  # base64 may hold a plus itself
        if len(parts) != 3:  # noqa: PLR2004 - name, id, key
            raise Malformed("not a vkey")
        raw = from_b64(parts[2])
        if len(raw) != 1 + PUBLIC or raw[0] not in {ED25519, COSIGNATURE}:
            raise Malformed("not a key of a kind that is known here")
        key = cls(_named(parts[0]), raw[0], raw[1:])
        if key.id.hex() != parts[1]:
            raise Malformed("the key has another id")
        return key

    def verify(self, text: str, signature: bytes) -> int:
        """
        Check a signature over a note's text; return the witness's time, 0 for a log's signature.

        :raises Unproven: if it does not hold.
        """
        message, time = text.encode(), 0
        if self.kind == COSIGNATURE:
            time = int.from_bytes(signature[:8], "big")
            message, signature = cosigned_message(text, time), signature[8:]
        if len(signature) != SIGNATURE or (self.kind == COSIGNATURE and time == 0):
            raise Unproven(f"the signature of {self.name} is none")
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature as error:
            raise Unproven(f"the signature of {self.name} does not hold") from error
        return time


def cosigned_message(text: str, time: int) -> bytes:
    """Return what a witness signs: when it saw this text as the log's largest tree."""
    return f"cosignature/v1\ntime {time}\n{text}".encode()


@dataclass(frozen=True, slots=True)
class _PrivateKey:
    """A private key with its name, and the private form that other implementations read too."""

    kind: ClassVar[int]
    name: str
    private: Ed25519PrivateKey

    @property
    def public(self) -> Key:
        """Its public half."""
        return Key(self.name, self.kind, self.private.public_key().public_bytes_raw())

    @classmethod
    def from_seed(cls, name: str, seed: bytes) -> Self:
        """Return the key of a 32-byte seed."""
        return cls(_named(name), Ed25519PrivateKey.from_private_bytes(seed))

    def export(self) -> str:
        """Return the private form."""
        raw = bytes([self.kind]) + self.private.private_bytes_raw()
        return f"PRIVATE+KEY+{self.name}+{self.public.id.hex()}+{to_b64(raw)}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """
        Read the private form.

        :raises Malformed: if it is none; the text is never repeated.
        """
        parts = text.split("+", 4)
        if len(parts) != 5 or parts[:2] != ["PRIVATE", "KEY"]:  # noqa: PLR2004 - as in `export`
            raise Malformed("not a private key")
        raw = from_b64(parts[4])
        if len(raw) != 1 + PUBLIC or raw[0] != cls.kind:
            raise Malformed("not a private key of the kind that is wanted here")
        key = cls.from_seed(parts[2], raw[1:])
        if key.public.id.hex() != parts[3]:
            raise Malformed("the key has another id")
        return key


class SigningKey(_PrivateKey):
    """A log's private key."""

    __slots__ = ()
    kind = ED25519

    def sign(self, text: str) -> str:
        """Return the signature line for a note's text."""
        return str(Line(self.name, self.public.id, self.private.sign(text.encode())))


class CosigningKey(_PrivateKey):
    """A witness's private key."""

    __slots__ = ()
    kind = COSIGNATURE

    def sign(self, text: str, time: int) -> str:
        """
        Return the signature line that says: at `time` (POSIX seconds) this was the largest tree.

        :raises ValueError: for a time that no cosignature may have.
        """
        if not 0 < time <= LARGEST_TIME:
            raise ValueError("a cosignature needs the time")
        signature = self.private.sign(cosigned_message(text, time))
        return str(Line(self.name, self.public.id, time.to_bytes(8, "big") + signature))


@dataclass(frozen=True, slots=True)
class Line:
    """One signature line: whose it claims to be, and the bytes."""

    name: str
    id: bytes
    signature: bytes

    def __str__(self) -> str:
        return f"{_DASH} {self.name} {to_b64(self.id + self.signature)}\n"


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature that held: by which key, and a witness's time (0 for a log)."""

    key: Key
    time: int


@dataclass(frozen=True, slots=True)
class Note:
    """A note as it stands: nothing in it has been checked yet."""

    text: str
    lines: tuple[Line, ...]

    @classmethod
    def parse(cls, whole: str) -> Note:
        """
        Cut a note into its text and its lines.

        :raises Malformed: if it is no note.
        """
        if _CONTROL.search(whole) or len(whole.encode()) > LARGEST:
            raise Malformed("a note has no control characters, and an end")
        cut = whole.rfind("\n\n")
        if cut < 0 or not whole.endswith("\n"):
            raise Malformed("a note has a text, an empty line and signatures")
        lines = whole[cut + 2 :].split("\n")[:-1]
        if not 0 < len(lines) <= MOST_LINES:
            raise Malformed("a note has at least one signature, and not too many")
        return cls(whole[: cut + 1], tuple(_parse_line(line) for line in lines))

    def __str__(self) -> str:
        return signed_note(self.text, [str(line) for line in self.lines])

    def signatures(self, keys: Iterable[Key]) -> list[Signed]:
        """
        Return who of `keys` signed. Of two lines by one key the first counts.

        :raises Unproven: if a line of a known key does not hold, or no line is of a known key.
        """
        known = {(key.name, key.id): key for key in keys}
        found: dict[Key, Signed] = {}
        for line in self.lines:
            key = known.get((line.name, line.id))
            if key is not None and key not in found:
                found[key] = Signed(key, key.verify(self.text, line.signature))
        if not found:
            raise Unproven("nobody known has signed")
        return list(found.values())


def _parse_line(line: str) -> Line:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != _DASH:  # noqa: PLR2004 - dash, name, base64
        raise Malformed("not a signature line")
    raw = from_b64(parts[2])
    if len(raw) <= 4:  # noqa: PLR2004 - the hint alone
        raise Malformed("a signature line without a signature")
    return Line(_named(parts[1]), raw[:4], raw[4:])


def signed_note(text: str, lines: Sequence[str]) -> str:
    """Return a whole note from its text and its signature lines."""
    return f"{text}\n{''.join(lines)}"
