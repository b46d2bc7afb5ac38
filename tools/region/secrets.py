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
from pathlib import Path

from tools.steps import ROOT, Stop, say

OWNER, DATABASE = "casehub", "casehub"
ROLES = {"owner_url": OWNER, "app_url": "casehub_app", "sequencer_url": "casehub_sequencer"}
DOORBELLS = "casehub"
FOLDER = ROOT / "secrets"
PRIVATE = 0o600
# Containers read them as users of their own; the folder keeps everybody else of the machine out.
OF_CONTAINERS, CLOSED = 0o644, 0o700
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


def _once(file: Path, text: str) -> None:
    if not file.exists():
        _write(file, text)


def make(folder: Path, *, postgres: str, redis: str) -> None:
    """Write all of them into `folder`, for databases that listen at these places."""
    folder.mkdir(parents=True, exist_ok=True)
    passwords = _passwords(folder)
    _once(folder / "secret_key", secrets.token_urlsafe(48))
    _once(folder / "events_key", base64.b64encode(secrets.token_bytes(32)).decode("ascii"))
    _once(folder / "mail_password", "")
    for name, role in ROLES.items():
        _write(folder / name, f"postgres://{role}:{passwords[name]}@{postgres}/{DATABASE}")
    _write(folder / "postgres_password", passwords["owner_url"])
    _write(folder / "redis_url", f"redis://{DOORBELLS}:{passwords['redis_url']}@{redis}/0")
    _write(folder / "redis_users", users(passwords["redis_url"]))


def make_certificate(folder: Path) -> None:
    """Write a certificate for this machine alone, unless there is one."""
    from tools.region import certificate  # noqa: PLC0415 - of a package that is to be installed

    if not (folder / "tls_key").exists():
        made = certificate.make()
        _write(folder / "tls_certificate", made.chain.decode("ascii"))
        _write(folder / "tls_key", made.key.decode("ascii"))


def make_for_containers() -> int:
    """
    `make secrets`: what compose.yaml asks for, but for the certificate and its key.

    :raises Stop: if there are any already: with other ones what was sealed could not be read.
    """
    if FOLDER.exists() and any(FOLDER.iterdir()):
        raise Stop(f"{FOLDER} holds secrets already: nothing was changed.")
    make(FOLDER, postgres="postgres", redis="redis:6379")
    FOLDER.chmod(CLOSED)
    for file in FOLDER.iterdir():
        file.chmod(OF_CONTAINERS)
    (FOLDER / "passwords.json").unlink()  # they stand in the URLs
    say(f"{FOLDER.name}/ is begun. Keep a copy elsewhere, and put yours there too: {THEIRS}")
    return 0
