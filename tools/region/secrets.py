"""
The files that compose.yaml calls secrets: made at random, kept for as long as their folder is.

Passwords stand in URLs, which name the places of the databases too; those are written anew each
time, with the same passwords.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from tools.steps import ROOT, Stop, say

OWNER, DATABASE = "casehub", "casehub"
ROLES = {"owner_url": OWNER, "app_url": "casehub_app", "sequencer_url": "casehub_sequencer"}
DOORBELLS = "casehub"
FOLDER = ROOT / "secrets"
PRIVATE = 0o600
# Containers read them as users of their own; the folder keeps everybody else of the machine out.
OF_CONTAINERS, CLOSED = 0o644, 0o700
OTHERS = ("mail_password", "objects_key", "objects_secret")  # what others give; empty without them
KEPT = ("secret_key", "secret_key_fallbacks", "events_key", *OTHERS)
THEIRS = ("tls_certificate", "tls_key")

# Whoever holds the app's password hears and rings doorbells under its own prefix. Nothing is kept,
# so no key can be read; nobody may change settings, look at other clients, or stop the server.
# `alive` may only be answered: the health check asks as it.
USERS = (
    "user default off resetkeys resetchannels -@all\n"
    "user {name} on #{digest} resetkeys resetchannels &casehub* -@all"
    " +publish +subscribe +unsubscribe +ping +hello +client|setinfo\n"
    "user alive on nopass resetkeys resetchannels -@all +ping\n"
)


def users(password: str) -> str:
    """Return the file of Redis' users; it holds the password's hash."""
    digest = hashlib.sha256(password.encode()).hexdigest()
    return USERS.format(name=DOORBELLS, digest=digest)


def _passwords(folder: Path) -> dict[str, str]:
    """Return the password of each URL, made once."""
    file = folder / "passwords.json"
    if not file.exists():
        made = {name: secrets.token_urlsafe(32) for name in (*ROLES, "redis_url")}
        _write(file, json.dumps(made))
    kept: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return kept


def _write(file: Path, text: str) -> None:
    fresh = file.with_name(f"{file.name}.new")
    fresh.touch(PRIVATE)
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(file)


def _texts(passwords: Mapping[str, str], *, postgres: str, redis: str) -> dict[str, str]:
    """Return what each file says, for databases that listen at these places."""
    words = {name: quote(text, safe="") for name, text in passwords.items()}
    urls = {
        name: f"postgres://{role}:{words[name]}@{postgres}/{DATABASE}"
        for name, role in ROLES.items()
    }
    return {
        "secret_key": secrets.token_urlsafe(48),
        "secret_key_fallbacks": "",
        "events_key": base64.b64encode(secrets.token_bytes(32)).decode("ascii"),
        **dict.fromkeys(OTHERS, ""),
        **urls,
        "postgres_password": passwords["owner_url"],
        "redis_url": f"redis://{DOORBELLS}:{words['redis_url']}@{redis}/0",
        "redis_users": users(passwords["redis_url"]),
    }


def make(folder: Path, *, postgres: str, redis: str) -> None:
    """Write all of them into `folder`; the places are written anew, what is secret is kept."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in _texts(_passwords(folder), postgres=postgres, redis=redis).items():
        if name not in KEPT or not (folder / name).exists():
            _write(folder / name, text)


def make_certificate(folder: Path) -> None:
    """Write a certificate for this machine alone, unless there is one."""
    from tools.region import certificate  # noqa: PLC0415 - of a package that is to be installed

    if not (folder / "tls_key").exists():
        made = certificate.make()
        _write(folder / "tls_certificate", made.chain.decode("ascii"))
        _write(folder / "tls_key", made.key.decode("ascii"))


def _found(folder: Path) -> dict[str, str]:
    """
    Return the password of each URL: of those that are there, their own; of others a fresh one.

    :raises Stop: if a file holds none, or one is needed of which there is a hash alone.
    """
    found = {name: secrets.token_urlsafe(32) for name in (*ROLES, "redis_url")}
    if (folder / "postgres_password").exists():
        found["owner_url"] = (folder / "postgres_password").read_text(encoding="utf-8").strip()
    for name in found:
        if (folder / name).exists():
            said = urlsplit((folder / name).read_text(encoding="utf-8").strip()).password
            if not said:
                raise Stop(f"{folder.name}/{name} names no password: nothing was changed.")
            found[name] = unquote(said)
    if (folder / "redis_users").exists() and not (folder / "redis_url").exists():
        raise Stop(f"{folder.name}/redis_users is there, and redis_url, of which it is, is not.")
    return found


def make_for_containers() -> int:
    """
    `make secrets`: what compose.yaml asks for and is not there, but the certificate and its key.

    What is there is never written anew: with other keys what was sealed could not be read.
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    texts = _texts(_found(FOLDER), postgres="postgres", redis="redis:6379")
    missing = [name for name in texts if not (FOLDER / name).exists()]
    FOLDER.chmod(CLOSED)
    for name in missing:
        _write(FOLDER / name, texts[name])
        (FOLDER / name).chmod(OF_CONTAINERS)
    say(f"Made in {FOLDER.name}/: {', '.join(missing) or 'nothing, all of it is there'}.")
    if lacking := [name for name in THEIRS if not (FOLDER / name).exists()]:
        say(f"Put yours there too, and keep a copy of everything elsewhere: {', '.join(lacking)}")
    return 0
