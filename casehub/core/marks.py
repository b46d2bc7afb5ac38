"""Whether a restore into this place was left half-way: its mark lies where the pieces lie."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.storage import storages

from casehub import startup

from .failures import told

HALF = (
    "half-restored: a restore into this place was not finished ({left} is there), and what is in it"
    " was not verified: empty it, the database first, and restore again (docs/backups.md, "
    '"Killed in the middle")'
)
VERSIONED = (
    "objects-versioned: {bucket} keeps earlier versions, so what is destroyed would stay in it:"
    " name a bucket that never did (docs/operations.md)"
)
AWAY = (
    "objects-away: {bucket} does not answer, or does not let us in ({why}), and whether a restore"
    " into it was finished cannot be seen (docs/operations.md)"
)


def half_restored() -> str | None:
    """
    Return the mark that an unfinished restore has left, in the folder or the store, or None.

    :raises OSError: if the store does not answer.
    """
    if left := startup.half_restored(settings.ATTACHMENTS):
        return str(left)
    if settings.OBJECTS is None:
        return None
    store: Any = storages["attachments"]
    name = next(store.names(startup.RESTORING), None)
    return None if name is None else f"{settings.OBJECTS}/{name}"


def why_not_start() -> str | None:
    """
    Return why nothing may work on what is here, or None.

    Without its answer nobody knows of a store whether it is half restored: then nothing starts.
    """
    try:
        left = half_restored()
        return why_no_bucket() if left is None else HALF.format(left=left)
    except OSError as error:
        return AWAY.format(bucket=settings.OBJECTS, why=told(error))


def why_no_bucket() -> str | None:
    """
    Return why no pieces may come into the bucket, or None.

    :raises OSError: if the store does not answer.
    """
    if settings.OBJECTS is None:
        return None
    store: Any = storages["attachments"]
    return VERSIONED.format(bucket=settings.OBJECTS) if store.keeps_versions() else None
