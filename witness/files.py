"""A witness's own files: its key, and the list of logs that it watches."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit.tlog.errors import Malformed, Unproven
from audit.tlog.note import ED25519, CosigningKey, Key
from audit.tlog.policy import NONE, Policy
from audit.tlog.rotation import MARK, Rotation

from .errors import Stop
from .saying import say

_ANYBODY = 0o007  # permission bits of those who are neither owner nor group
_SKIPPED = {"witness", "group", "quorum"}  # lines of a policy that are not for a witness


def make_key(file: Path, name: str) -> Key:
    """
    Make and keep a cosigning key, readable by its owner only; return its public half.

    :raises Stop: if the name is none, or the file exists: its key may have signed.
    """
    try:
        key = CosigningKey.from_seed(name, Ed25519PrivateKey.generate().private_bytes_raw())
    except Malformed as error:
        raise Stop(f"{name!r} is {error}: take one without spaces and pluses") from error
    fresh = file.with_name(f"{file.name}.{os.getpid()}.new")
    try:
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as out:
                out.write(key.export() + "\n")
                out.flush()
                os.fsync(out.fileno())
            os.link(fresh, file)  # whole or not at all, and never over another
        finally:
            fresh.unlink()
        folder = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except FileExistsError as error:
        raise Stop(f"{file} exists: a key is never written over") from error
    except OSError as error:
        raise Stop(f"{file} cannot be written: {error.strerror}") from error
    return key.public


def read_key(file: Path) -> CosigningKey:
    """
    Return the key in a file.

    :raises Stop: if there is none, or if anybody may read it.
    """
    try:
        if file.stat().st_mode & _ANYBODY:
            raise Stop(f"anybody may read {file}: chmod 600 it, or make a new key")
        return CosigningKey.parse(file.read_text(encoding="utf-8").strip())
    except OSError as error:
        raise Stop(f"{file} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise Stop(f"{file} holds no cosigning key") from error


class Logs:
    """
    The keys of each log, from the command line and from a file that may change meanwhile.

    A key that follows on one of them counts from its statement in the file on; the one before it
    counts no more from its end on.
    """

    def __init__(self, vkeys: Sequence[str], file: Path | None = None) -> None:
        """
        Read them.

        :raises Stop: if one is no key of a log, or if there are none.
        """
        self._given = [_log_key(vkey) for vkey in vkeys]
        self._file = file
        self._mark: tuple[int, ...] = ()
        self._listed: list[Key] = []
        self._said: list[Rotation] = []
        self._reading = threading.Lock()
        if file is not None:
            self._mark = _mark(file)
            self._listed, self._said = _listed(file)
        if not self._given and not self._listed:
            raise Stop("no log to watch: name its key with --log, or a file of keys with --logs")

    def keys(self, origin: str, now: int) -> list[Key]:
        """Return the keys that may sign for `origin` at `now`; none if it is not watched here."""
        with self._reading:
            self._look_again()
            policy = _believed([*self._given, *self._listed], self._said)
        ended = {one.old for one in policy.rotations if now >= one.end}
        return [key for key in policy.keys_of(origin) if key not in ended]

    def _look_again(self) -> None:
        if self._file is None:
            return
        mark = _mark(self._file)
        if mark == self._mark:
            return
        self._mark = mark  # said once, not with every request
        try:
            self._listed, self._said = _listed(self._file)
        except Stop as error:
            say(f"{error}; going on with what it held before")
        else:
            say(f"read {self._file} again: {len(self._listed)} keys")


def _mark(file: Path) -> tuple[int, ...]:
    """Return what changes when a file does."""
    try:
        found = file.stat()
    except OSError:
        return ()
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def learn(file: Path, statement: Path) -> Rotation:
    """
    Add to a file of keys that one of them is followed by another, and return the statement.

    :raises Stop: if the statement is none, is not about a key in the file, or names another key
        than one that the file knows to follow.
    """
    keys, said = _listed(file)
    try:
        one = Rotation.parse(statement.read_text(encoding="utf-8"))
    except OSError as error:
        raise Stop(f"{statement} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise Stop(f"{statement}: {error}") from error
    before = _believed(keys, said)
    if one in before.rotations:
        return one
    if one not in before.learn([one]).rotations:
        raise Stop(
            f"{statement}: {one.origin} has not this key to give up, or has another after it"
        )
    fresh = file.with_name(file.name + ".new")
    try:
        text = file.read_text(encoding="utf-8")
        end = "" if text.endswith("\n") else "\n"
        with fresh.open("w", encoding="utf-8") as out:
            out.write(f"{text}{end}{one.line()}\n")
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(file)
    except OSError as error:
        raise Stop(f"{file} cannot be written: {error.strerror}") from error
    return one


def _believed(keys: Sequence[Key], said: Sequence[Rotation]) -> Policy:
    return Policy(logs=list(dict.fromkeys(keys)), quorum=NONE).learn(said)


def _listed(file: Path) -> tuple[list[Key], list[Rotation]]:
    """
    Return the logs' keys in a file, one vkey a line or the `log` lines of a policy.

    And, from its comments, the statements by which others follow on them.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise Stop(f"{file} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise Stop(f"{file} is not text") from error
    keys: list[Key] = []
    said: list[Rotation] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.startswith(MARK):
            try:
                said.append(Rotation.of_line(line))
            except (Malformed, Unproven) as error:
                raise Stop(f"{file}, line {number}: {error}") from error
            continue
        match line.partition("#")[0].split():
            case []:
                continue
            case [vkey] | ["log", vkey] | ["log", vkey, _]:
                try:
                    keys.append(_log_key(vkey))
                except Stop as error:
                    raise Stop(f"{file}, line {number}: {error}") from error
            case [word, *_] if word in _SKIPPED:
                continue
            case _:
                raise Stop(f"{file}, line {number}: not understood")
    return keys, said


def _log_key(vkey: str) -> Key:
    try:
        key = Key.parse(vkey)
    except Malformed as error:
        raise Stop(f"{vkey}: {error}") from error
    if key.kind != ED25519:
        raise Stop(f"{vkey} is the key of a witness, not of a log")
    return key
