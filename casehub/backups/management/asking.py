"""What the commands about backups share: files, keys, and how a refusal is said."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from django.core.management.base import CommandError, OutputWrapper
from django.db import DatabaseError

from casehub.ceremony.errors import CeremonyStopped
from casehub.ceremony.management.asking import passphrases

from .. import recipients
from ..errors import Stopped

WRONG, UNDECIDED, LOOK = 1, 2, 3  # exit codes
_WRONG_CODES = frozenset({"backup-changed", "backup-forged", "backup-other", "log-not-as-signed"})
_FULL = frozenset({errno.EDQUOT, errno.ENOSPC, errno.EROFS})


@contextmanager
def said_to_a_person() -> Iterator[None]:
    """Turn what stops a command into its words and exit code."""
    try:
        yield
    except Stopped as error:
        code = WRONG if error.code in _WRONG_CODES else UNDECIDED
        raise CommandError(str(error), returncode=code) from error
    except CeremonyStopped as error:
        raise CommandError(f"key-unreadable: {error}", returncode=UNDECIDED) from error
    except OSError as error:  # a disk that is full or away, whoever met it
        named = "file-unwritable" if error.errno in _FULL else "file-unreadable"
        raise CommandError(f"{named}: {error}", returncode=UNDECIDED) from error
    except DatabaseError as error:
        message = f"database-away: the database cannot be read: {error}"
        raise CommandError(message, returncode=UNDECIDED) from error


class Telling:
    """
    What was done already is told: it is done, whether anybody still listens or not.

    `unheard` says why somebody has not read all of it, or nothing.
    """

    def __init__(self) -> None:
        self.unheard = ""

    @contextmanager
    def to(self, out: OutputWrapper) -> Iterator[None]:
        """Write in the body; what cannot be written goes nowhere, also when the process ends."""
        try:
            yield
            out.flush()
        except OSError as error:
            gone = isinstance(error, BrokenPipeError)
            self.unheard = "whoever read this has gone" if gone else f"it goes nowhere: {error}"
            with suppress(OSError), Path(os.devnull).open("w", encoding="utf-8") as nowhere:
                os.dup2(nowhere.fileno(), out.fileno())


def read(file: str) -> str:
    """
    Return a file's text.

    :raises Stopped: `file-unreadable`.
    """
    try:
        return Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Stopped("file-unreadable", f"{file} cannot be read") from error


def write(file: str, text: str, *, secret: bool) -> None:
    """
    Write a new file.

    :raises Stopped: `file-there` or `file-unwritable`.
    """
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if secret else 0o644)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
    except FileExistsError as error:
        raise Stopped("file-there", file) from error
    except OSError as error:
        raise Stopped("file-unwritable", f"{file} cannot be written: {error.strerror}") from error


def unlocked(files: Sequence[str]) -> list[recipients.Holder]:
    """
    Ask for the passphrases of key files, and open them.

    :raises CeremonyStopped: if one does not open.
    """
    found = []
    for file in files:
        text = read(file)
        said, hands = recipients.of_file(text)
        words = passphrases(hands, f"{file} ({said.state})")
        try:
            found.append(recipients.unlock(text, passphrases=words))
        except CeremonyStopped as error:
            raise CeremonyStopped(f"{file}: {error}") from error
    return found
