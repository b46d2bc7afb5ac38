"""Folders for a while, and what a disk has to keep through a loss of power."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .errors import Stopped


def sync(folder: Path) -> None:
    """Wait until a folder's names are on the disk: what came to it, and what went."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def scratch(within: Path, what: str) -> Iterator[Path]:
    """
    Make a folder that is gone afterwards, but for one that goes on marking its place.

    :raises Stopped: `file-unwritable`.
    """
    folder = within / f".casehub-{what}-{secrets.token_hex(4)}"
    try:
        _make(folder)
    except OSError as error:
        left = f"; {folder} is left there: remove it by hand" if folder.exists() else ""
        raise Stopped("file-unwritable", f"{within} cannot be written: {error}{left}") from error
    try:
        yield folder
    except BaseException as error:
        if not stays_marked(error):
            shutil.rmtree(folder, ignore_errors=True)
        raise
    with removing(folder):
        shutil.rmtree(folder)
        sync(within)


def _make(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True)
    try:
        sync(folder.parent)
    except BaseException:
        with suppress(OSError):  # what stopped it is what has to be told
            folder.rmdir()
        raise


def stays_marked(error: BaseException) -> bool:
    """Say whether what was begun could not be taken back, or not be ended."""
    return isinstance(error, Stopped) and error.code in {"half-restored", "mark-stays"}


@contextmanager
def removing(left: Path) -> Iterator[None]:
    """
    Tell a person what is left, where all is done but for removing it.

    :raises Stopped: `file-unwritable`.
    """
    try:
        yield
    except OSError as error:
        said = f"it is done, but {left} cannot be removed: remove it by hand ({error})"
        raise Stopped("file-unwritable", said) from error
