"""
The log's keys, outside the database: one secret for events, one signing key for each origin.

Every process that writes events needs the secret and the key of promises; only the one that signs
needs signing keys.
The demo makes what is missing; a production's keys are made by a person (`audit keys --make`).
"""

from __future__ import annotations

import os
from collections.abc import Collection
from contextlib import suppress
from functools import cache
from pathlib import Path
from urllib.parse import quote

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from .tlog.note import Key, SigningKey
from .tlog.policy import PROMISE


class NoKey(Exception):
    """A signing key that is needed is not there."""


class BrokenKey(NoKey, ValueError):
    """A key's file is there and holds none: half of it was copied, say."""


def events_secret() -> bytes:
    """Return the 32 bytes that seal events and blind their tags."""
    secret: bytes = settings.EVENTS_SECRET
    return secret


def _file(origin: str) -> Path:
    folder: Path = settings.PROMISES if origin.endswith(PROMISE) else settings.SIGNING
    return folder / f"{quote(origin, safe='')}.key"


def signing_key(origin: str) -> SigningKey:
    """
    Return the key that signs `origin`; the demo makes it at first use.

    :raises NoKey: if there is none.
    :raises BrokenKey: if its file holds none.
    """
    file = _file(origin)
    if not file.exists():
        if not settings.DEMO:
            raise NoKey(f"{origin} has no key: make one with `manage.py audit keys --make`")
        with suppress(FileExistsError):  # another process was quicker
            make_signing_key(origin)
    return _read(file)


def _read(file: Path) -> SigningKey:
    try:
        return SigningKey.parse(file.read_text(encoding="utf-8").strip())
    except ValueError as error:
        raise BrokenKey(f"{file} holds no signing key: bring a whole copy of it") from error


def key_of(key: Key) -> SigningKey:
    """
    Return the private half of a key of a log, the first one's or that of one that followed.

    :raises NoKey: if it is not here.
    """
    for file in _all(key.name):
        held = _read(file)
        if held.public == key:
            return held
    raise NoKey(
        f"{key.name} is signed by its key {key.id.hex()}, which is not here: bring its file"
    )


def keys_of(origin: str) -> list[Key]:
    """Return the public halves of all keys of `origin` that this machine has."""
    return [_read(file).public for file in _all(origin)]


def next_key(origin: str, *, known: Collection[Key]) -> SigningKey:
    """
    Return a key of `origin` that is none of `known`: one that lies here unused, or a new one.

    Whoever was killed between making a key and having it sign for itself goes on with the same.
    """
    unused = [key for key in keys_of(origin) if key not in known]
    if unused:
        return key_of(unused[0])
    key = SigningKey(origin, Ed25519PrivateKey.generate())
    # A plus cannot stand in a quoted origin: no other log's file is named like this.
    _keep(key, settings.SIGNING / f"{quote(origin, safe='')}+{key.public.id.hex()}.key")
    return key


def _all(origin: str) -> list[Path]:
    folder: Path = settings.SIGNING
    first = _file(origin)
    later = sorted(folder.glob(f"{quote(origin, safe='')}+*.key"))
    return [first, *later] if first.exists() else later


def promise_name(origin: str) -> str:
    """Return what the key of a log's promises is called."""
    return origin + PROMISE


def promise_key(origin: str) -> SigningKey | None:
    """
    Return the key with which every process that writes events promises their places.

    :raises BrokenKey: if its file holds none.
    """
    name = promise_name(origin)
    # Only a key that is there is remembered: one that a person brings counts from its next act on.
    return _promise_key(name, settings.PROMISES) if has_signing_key(name) else None


@cache
def _promise_key(name: str, folder: Path) -> SigningKey:
    del folder  # a part of the cache's key
    return signing_key(name)


def has_key_file(origin: str) -> bool:
    """Say whether this machine has the key of `origin`."""
    return _file(origin).exists()


def has_signing_key(origin: str) -> bool:
    """Say whether `origin` can be signed here, now or (in the demo) as soon as it is wanted."""
    return bool(settings.DEMO) or has_key_file(origin)


def make_signing_key(origin: str) -> Key:
    """
    Make and keep a key for `origin`, readable by its owner only; return its public half.

    :raises FileExistsError: if there is one: it may have signed.
    """
    key = SigningKey(origin, Ed25519PrivateKey.generate())
    _keep(key, _file(origin))
    return key.public


def _keep(key: SigningKey, file: Path) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = file.with_name(f"{file.name}.{os.getpid()}.new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(key.export() + "\n")
        out.flush()
        os.fsync(out.fileno())
    try:
        os.link(fresh, file)  # whole or not at all, and never over another
    finally:
        fresh.unlink()
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # what is announced under this key must find it after a crash
    finally:
        os.close(folder)


def after(origin: str) -> str:
    """
    Return the origin that takes over from one whose key cannot be trusted any more.

    audit.HOST/2026 is followed by audit.HOST/2026-2, and that by -3; dir.HOST by dir.HOST/2.
    """
    host, _, rest = origin.partition("/")
    if not rest:
        return f"{host}/2"
    year, dash, number = rest.rpartition("-")
    if host.startswith("audit.") and not dash:
        return f"{origin}-2"
    return f"{host}/{year}{dash}{int(number) + 1}"


def origins(year: int) -> dict[str, str]:
    """Return the origin of each log in a year: acts begin anew every year, the directory never."""
    host: str = settings.LOG_HOST
    return {"acts": f"audit.{host}/{year}", "dir": f"dir.{host}"}
