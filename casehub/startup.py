"""What must hold before anything starts: every reason against it, said plainly."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import secrets
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
SHORTEST_SECRET = 40  # characters
RESTORING = ".casehub-restoring-"  # how the mark of a restore begins
# In three languages: whoever takes the wrong folder for his own, or his own for the wrong one, may
# delete it.
_ANOTHER_S = (
    "{keys} says that the demo's fictional people are here: name another folder in CASEHUB_DATA"
    " (what {elsewhere} do not name goes there as well),"
    " and run `make reset`, which deletes all that is here, only if none of it is yours"
    " | aquí están las personas ficticias de la demostración: indique otra carpeta en CASEHUB_DATA"
    " (lo que no indiquen {elsewhere} va allí también),"
    " y use `make reset`, que borra todo lo que hay aquí, solo si nada de ello es suyo"
    " | les personnes fictives de la démonstration sont ici : indiquez un autre dossier dans"
    " CASEHUB_DATA (ce que {elsewhere} n'indiquent pas y va aussi),"
    " et n'utilisez `make reset`, qui supprime tout ce qui est ici, que si rien de"
    " cela n'est à vous"
)
# Of a region whose database is elsewhere: with another data folder its files would be looked for in
# that one.
_AMONG_THEIRS = (
    "{keys} says that the demo's fictional people are here, whose `make reset` deletes all that is"
    " here, and what {names} stands for would lie here too: name a folder outside {data} in each,"
    " and bring there what is yours"
    " | aquí están las personas ficticias de la demostración, cuyo `make reset` borra todo lo que"
    " hay aquí, y también estaría aquí lo de {names}: indique en cada una una carpeta fuera de"
    " {data} y lleve allí lo que es suyo"
    " | les personnes fictives de la démonstration sont ici, leur `make reset` supprime tout ce qui"
    " est ici, et ce qui relève de {names} y serait aussi : indiquez dans chacune un dossier hors"
    " de {data} et portez-y ce qui est à vous"
)
EVENTS_KEY = 32  # bytes


def local_origins(port: int) -> list[str]:
    """Return the two names of this machine: two browsers' worth of separate cookies."""
    return [f"http://localhost:{port}", f"http://127.0.0.1:{port}"]


def host_of(origin: str) -> str:
    """Return the host of an origin, without its port."""
    return urlsplit(origin).hostname or ""


def demo_secret(data: Path, *, demo: bool) -> str:
    """Return the demo's own random key, made once in its data folder; empty in production."""
    if not demo:
        return ""
    path = data / "demo" / "secret-key"
    if not path.exists():
        private_folder(data)
        private_folder(path.parent)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="utf-8")


def demo_events_key(data: Path, *, demo: bool) -> str:
    """Return the demo's own key for events, made once in its data folder; empty in production."""
    if not demo:
        return ""
    path = data / "log-keys" / "events"
    if not path.exists():
        private_folder(data)
        private_folder(path.parent)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(base64.b64encode(secrets.token_bytes(EVENTS_KEY)).decode("ascii"))
    return path.read_text(encoding="utf-8")


def read_events_key(text: str) -> bytes:
    """
    Return the 32 bytes that seal events and blind their tags.

    :raises ImproperlyConfigured: if the text is not the base64 of 32 bytes.
    """
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except ValueError:
        key = b""
    if len(key) != EVENTS_KEY:
        message = (
            "CaseHub does not start: CASEHUB_EVENTS_KEY must be the base64 of 32 random bytes "
            "(openssl rand -base64 32), and stay the same for as long as events are to be read."
        )
        raise ImproperlyConfigured(message)
    return key


def read_roots(path: Path) -> dict[str, str]:
    """
    Return the pinned root key of each State, base64url by two-letter code.

    :raises ImproperlyConfigured: if the file named by CASEHUB_ROOTS cannot be read.
    """
    try:
        roots: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        message = (
            "CaseHub does not start: CASEHUB_ROOTS must name the file of the States' root keys."
        )
        raise ImproperlyConfigured(message) from error
    return roots


def demo_roots(path: Path) -> dict[str, str]:
    """
    Return the demo's root keys, which come with the code.

    :raises ImproperlyConfigured: if they are not there: then none could be known, and refused.
    """
    try:
        roots: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        message = (
            "CaseHub does not start: frontend/demo-roots.json, which comes with the code, is not "
            "there or cannot be read; without it the demo's keys could not be refused."
        )
        raise ImproperlyConfigured(message) from error
    return roots


def refuse_demo_roots(roots: dict[str, str], shipped: dict[str, str], *, demo: bool) -> None:
    """
    Stop a production that trusts a root of the demo: anyone can make its private half.

    :raises ImproperlyConfigured: naming the States.
    """
    known = set(shipped.values())
    trusted = sorted(state for state, key in roots.items() if key in known)
    if trusted and not demo:
        message = (
            "CaseHub does not start: CASEHUB_ROOTS holds the demo's own keys, which anyone can "
            f"make: {', '.join(trusted)}."
        )
        raise ImproperlyConfigured(message)


class PrivateFile(sqlite3.Connection):
    """
    A connection to SQLite whose file, if it makes one, only this user reads.

    What SQLite lays beside it (-wal, -shm, -journal) is as closed as the file itself.
    """

    def __init__(self, database: Any, *args: Any, **options: Any) -> None:
        name = str(database)
        # One that is there is never opened: closing it would let go of SQLite's locks on it.
        if not name.startswith(("file:", ":")):
            with suppress(OSError):  # also what has to be told: SQLite says it
                Path(name).touch(mode=0o600, exist_ok=False)
        super().__init__(database, *args, **options)


def private_folder(folder: Path) -> None:
    """Make a folder that only this user enters, if it is not there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def said_path(path: Path, base: Path) -> str:
    """Return a path as a person is told it: from the project's folder on, if it lies there."""
    return str(path.relative_to(base) if path.is_relative_to(base) else path)


def hold(data: Path) -> IO[str] | None:
    """
    Keep the data folder for this process, until it ends; None if another process has it.

    SQLite and the in-memory layer serve one process: a second one would miss every doorbell, and
    `make reset` would delete files under a running server.

    :raises OSError: if it is not there, or nothing can be written in it.
    """
    file = (data / "serving").open("a", encoding="ascii")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


def why_not_serve(bundle: Path, roots: dict[str, str]) -> str | None:
    """
    Return why the built front end may not be served, or None.

    A bundle that pins other root keys than the server's would refuse everyone, or trust strangers.
    """
    try:
        pinned = json.loads((bundle / "roots.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return "the front end is not built: run `make setup`"
    if pinned != roots:
        return "the front end was built with other root keys: build it with the same CASEHUB_ROOTS"
    return None


def half_restored(attachments: Path) -> Path | None:
    """
    Return the folder that an unfinished restore has left, or None.

    It lies there until all is verified and has its place; one that was killed leaves it.
    """
    return next(iter(sorted(attachments.glob(f"{RESTORING}*"))), None)


def why_another_s_data(settings: LazySettings, *, signs: bool = False) -> str | None:
    """
    Return why a production may not work on what is here, or None.

    `make setup` fills the usual data folder: whoever names none would serve the demo's people. That
    they are here is known by their keys, which are made with them. Beside a region of one's own any
    command with CASEHUB_DEMO=1 leaves a folder `demo`, and `make setup` its mark `prepared`.

    A region whose database is PostgreSQL has none of them. What it would lose by their `make reset`
    are the folders of its own that lie there; `signs`: also those of the log's keys.
    """
    data: Path = settings.DATA_DIR
    folders = {"CASEHUB_ATTACHMENTS": settings.ATTACHMENTS, "CASEHUB_PROMISES": settings.PROMISES}
    if signs:
        folders["CASEHUB_SIGNING"] = settings.SIGNING
    on_file = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
    within = [name for name, one in folders.items() if Path(one).resolve().is_relative_to(data)]
    if settings.DEMO or not (on_file or within):
        return None
    keys = data / "demo" / "identity-keys.json"
    try:
        keys.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        return (
            f"whether the demo's fictional people are in {data} cannot be seen ({error.strerror}):"
            " work as the user whose it is, or name another folder in CASEHUB_DATA"
        )
    if on_file:
        elsewhere = "CASEHUB_ATTACHMENTS, CASEHUB_SIGNING, CASEHUB_PROMISES"
        return _ANOTHER_S.format(keys=keys, elsewhere=elsewhere)
    return _AMONG_THEIRS.format(keys=keys, names=", ".join(within), data=data)


def why_not_sign(anchor: Path, data: Path, *, demo: bool) -> str | None:
    """
    Return why the log may not be signed with this anchor, or None.

    Beside the database it would be restored together with it, and remember nothing.
    """
    if not demo and anchor.resolve().is_relative_to(data):
        return (
            "CASEHUB_ANCHOR must name a folder outside CASEHUB_DATA, on another volume, and out of "
            "the database's backups"
        )
    return None


def reasons_against(
    *,
    demo: bool,
    debug: bool,
    secret_key: str,
    origins: list[str],
    processes: int,
    redis_url: str,
) -> list[str]:
    """Return why this configuration may not start; an empty list if it may."""
    local = all(host_of(origin) in LOOPBACK for origin in origins)
    reasons = []
    if not origins or not all(urlsplit(o).scheme in {"http", "https"} for o in origins):
        reasons.append("CASEHUB_ORIGINS must list at least one http(s) origin")
    if demo and not local:
        reasons.append("CASEHUB_DEMO=1 hands out keys: it may be served on this machine only")
    if not demo and not all(origin.startswith("https://") for origin in origins):
        reasons.append("production needs https origins in CASEHUB_ORIGINS (or CASEHUB_DEMO=1)")
    if not demo and debug:
        reasons.append("CASEHUB_DEBUG is on: it would show settings and data to strangers")
    if len(secret_key) < SHORTEST_SECRET or secret_key.startswith("django-insecure"):
        reasons.append("CASEHUB_SECRET_KEY is missing, too short or a default one")
    if processes > 1 and not redis_url:
        reasons.append("several processes (CASEHUB_PROCESSES) need REDIS_URL: memory is not shared")
    return reasons


def refuse_unsafe(
    *,
    demo: bool,
    debug: bool,
    secret_key: str,
    origins: list[str],
    processes: int,
    redis_url: str,
) -> None:
    """
    Stop the start-up if anything speaks against it.

    :raises ImproperlyConfigured: with every reason.
    """
    reasons = reasons_against(
        demo=demo,
        debug=debug,
        secret_key=secret_key,
        origins=origins,
        processes=processes,
        redis_url=redis_url,
    )
    if reasons:
        raise ImproperlyConfigured("CaseHub does not start: " + "; ".join(reasons) + ".")
