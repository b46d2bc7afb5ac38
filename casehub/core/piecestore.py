"""
Where the pieces of files lie: Django's storage of the name `attachments`, one object a piece.

A folder (`DurableFiles`), or the object store that CASEHUB_OBJECTS names (`objects.Objects`). Both
promise the same, and say by `OSError` why they do not.

A piece's name holds the digest of its bytes, so that what is written twice is the same, and what a
crash left half written is never taken for a whole one: it is put into its place only once it is on
the disk.
"""

from __future__ import annotations

import errno
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid4

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, Storage, storages

from casehub.core.errors import Refused
from casehub.core.failures import told

log = logging.getLogger("casehub.files")
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_AWAY: Final = frozenset({errno.ETIMEDOUT, errno.EHOSTUNREACH})


class DurableFiles(FileSystemStorage):
    """Files that are whole and on the disk when `save` returns; the same name is the same bytes."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Return the name itself: whatever has it is what would be written."""
        del max_length
        return name

    def _save(self, name: str, content: File[bytes]) -> str:
        place = self.path(name)
        folder = os.path.dirname(place)  # noqa: PTH120 - Django's storages speak in strings
        os.makedirs(folder, mode=0o700, exist_ok=True)  # noqa: PTH103
        beside = f"{place}.{uuid4()}"
        try:
            with open(beside, "xb") as made:  # noqa: PTH123
                made.writelines(content.chunks())
                made.flush()
                os.fsync(made.fileno())
            os.replace(beside, place)  # noqa: PTH105
        except BaseException:
            with _unless_gone():
                os.unlink(beside)  # noqa: PTH108
            raise
        entry = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(entry)
        finally:
            os.close(entry)
        return name

    def delete(self, name: str) -> None:
        """Remove a file, and its folder with the last one."""
        super().delete(name)
        with _unless_gone():
            os.rmdir(os.path.dirname(self.path(name)))  # noqa: PTH106, PTH120


@contextmanager
def _unless_gone() -> Iterator[None]:
    try:
        yield
    except OSError:  # gone already, or not empty yet
        return


def _storage() -> Storage:
    return storages["attachments"]


class Kept(StrEnum):
    """
    By which door files came, and where they lie: the ids of one door are no names at another.

    Uploaders choose them. Whoever reads the id of somebody else's file could else draw it anew at
    the other door, and have what lies there destroyed with their own.
    """

    ATTACHMENTS = ""
    ENCLOSURES = "enclosures/"


def name_of(kept: Kept, file: UUID, index: int, digest: str) -> str:
    """Return where a piece lies among all of them, with what its bytes must hash to."""
    return f"{kept}{file}/{index:05d}-{digest}"


def keep(kept: Kept, file: UUID, index: int, digest: str, body: bytes) -> None:
    """
    Store a piece durably.

    :raises Refused: `storage-full` if there is no room for it, `try-again` if it could not be
        stored for another reason. Then there is none of that name in a folder; a store that was
        given up may have taken it all the same. It is the right one, and no row names it.
    """
    try:
        _storage().save(name_of(kept, file, index, digest), ContentFile(body))
    except OSError as error:
        code = "storage-full" if error.errno in _FULL else "try-again"
        log.error("%s: %s", code, told(error))  # noqa: TRY400 - no trace needed
        raise Refused(code) from error


def read(kept: Kept, file: UUID, index: int, digest: str) -> bytes:
    """
    Return a piece: at most a chunk and its tag.

    :raises Refused: `try-again` if it cannot be read.
    """
    try:
        with _storage().open(name_of(kept, file, index, digest), "rb") as found:
            body: bytes = found.read()
    except OSError as error:
        log.error("a piece is missing: %s", told(error))  # noqa: TRY400 - no trace needed
        raise Refused("try-again") from error
    return body


def is_away(error: OSError) -> bool:
    """Say whether nobody answered: whoever asks for another piece waits as long again."""
    return error.errno in _AWAY


def destroy(kept: Kept, file: UUID) -> None:
    """
    Remove whatever lies of a file, also what no row names.

    :raises OSError: if something of it may lie there still.
    """
    store, folder = _storage(), f"{kept}{file}"
    try:
        _, names = store.listdir(folder)
    except FileNotFoundError:
        return
    lying = [f"{folder}/{name}" for name in names]
    if many := getattr(store, "delete_all", None):  # a store across a network
        many(lying)
        return
    for name in lying:
        store.delete(name)
