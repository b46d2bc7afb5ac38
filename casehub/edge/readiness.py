"""Is this process fit to be asked? Codes and levels, for who runs it; nothing about anybody."""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import redis
from django.conf import settings
from django.core.files.storage import storages
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from audit import policies
from audit.states import Finding, Level
from audit.tlog.errors import Malformed
from casehub.core.failures import told
from casehub.oversight import watching

log = logging.getLogger("casehub.files")

# Without these nothing can be answered at all; all else is worse than it should be, and goes on.
NEEDED: Final = frozenset({"database-away", "migrations-missing"})
LAYER_SECONDS: Final = 1.0
STORE_SECONDS: Final = 10.0  # for which what the object store said holds
MIB: Final = 1024 * 1024
LITTLE: Final = (0.1, 1024 * MIB)  # of the disk, and at most so much: amber
NOTHING: Final = (0.02, 256 * MIB)  # red
_one = threading.Lock()


def findings(now: datetime) -> list[Finding]:
    """Return all that is not as it should be, the worst first; nothing if all is well."""
    with _one:  # each has a connection, and who looks too often must not have several
        found = [*_database(now)]
    found += [*_layer(), *_store(), *_disk()]
    return sorted(found, key=lambda one: one.level != Level.RED)


def ready(found: list[Finding]) -> bool:
    """Return whether this process can answer callers."""
    return not NEEDED & {one.code for one in found}


def level_of(found: list[Finding]) -> Level:
    """Return how serious the worst of them is."""
    return policies.level_of(found)


@cache
def _known() -> frozenset[tuple[str, str]]:
    """Return the migrations that this program's tables need."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


def _database(now: datetime) -> Iterator[Finding]:
    """Look at the tables, and if they can be read at the log in them and its witnesses."""
    try:
        applied = set(MigrationRecorder(connection).applied_migrations())
        if missing := len(_known() - applied):
            yield Finding("migrations-missing", Level.RED, count=missing)
            return
        yield from watching.findings(now)
    except DatabaseError:
        yield Finding("database-away", Level.RED)
    except (Malformed, OSError):
        yield Finding("policy-unreadable", Level.RED)


def _layer() -> Iterator[Finding]:
    """Ask Redis, where there is one: without it doorbells are late, and nothing is lost."""
    if not settings.REDIS_URL:
        return
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL,
            socket_timeout=LAYER_SECONDS,
            socket_connect_timeout=LAYER_SECONDS,
        ) as asked:
            asked.ping()
    except redis.RedisError:
        yield Finding("layer-away", Level.AMBER)


class _Looked:
    """What the object store said, for a while: who asks comes often, and others wait meanwhile."""

    def __init__(self) -> None:
        self._lock, self._at, self._away = threading.Lock(), -STORE_SECONDS, False

    def away(self, store: Any) -> bool:
        """Say whether it does not answer; one asks at a time."""
        with self._lock:
            if time.monotonic() - self._at >= STORE_SECONDS:
                try:
                    store.look()
                    self._away = False
                except OSError as error:
                    self._away = True
                    log.warning("the object store: %s", told(error))
                self._at = time.monotonic()
            return self._away


_looked = _Looked()


def _store() -> Iterator[Finding]:
    """Ask the object store, where there is one: without it files neither come nor go."""
    if settings.OBJECTS is not None and _looked.away(storages["attachments"]):
        yield Finding("objects-away", Level.RED)


def _disk() -> Iterator[Finding]:
    """Look at the room where files and the data folder lie."""
    folders = {"data": settings.DATA_DIR}
    if settings.OBJECTS is None:
        folders["attachments"] = settings.ATTACHMENTS
    for name, folder in folders.items():
        usage = shutil.disk_usage(_there(folder))
        for level, (share, most) in ((Level.RED, NOTHING), (Level.AMBER, LITTLE)):
            if usage.free < min(share * usage.total, most):
                yield Finding("disk-full" if level is Level.RED else "disk-low", level, name)
                break


def _there(folder: Path) -> Path:
    """Return the folder, or the first above it that exists: it is made when it is needed."""
    return next(one for one in (folder, *folder.parents) if one.exists())
