"""
Where pieces of files lie, a folder or an object store: to be read from, and to be restored into.

A folder takes a restore beside itself, and everything comes to its name at the end. A store knows
no such move: a piece has its name in it at once, under a mark that keeps everything from starting.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from shutil import rmtree
from typing import IO, Any, Final, Protocol

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from casehub.core import marks
from casehub.core.failures import told

from . import pieces
from .disks import stays_marked
from .errors import Stopped

IGNORED: Final = frozenset({"lost+found"})
SILENT: Final = 3  # pieces one after the other that a store does not give: then it is away
PAUSES: Final = (1, 2, 4, 8)  # seconds, until a piece that was not taken is brought again


def half_restored() -> str | None:
    """
    Return the mark that an unfinished restore has left here, or None.

    :raises Stopped: `objects-away`.
    """
    with _asked():
        return marks.half_restored()


@contextmanager
def _asked() -> Iterator[None]:
    """Say that it was the store: `objects-away`."""
    try:
        yield
    except OSError as error:
        raise Stopped("objects-away", f"{settings.OBJECTS} ({told(error)})") from error


class Landing(Protocol):
    """Where pieces come to that are read from a backup."""

    def put(self, name: str, body: bytes) -> None:
        """Lay a piece down."""

    def has(self, name: str) -> bool:
        """Say whether it was."""

    def settle(self, undoing: ExitStack) -> None:
        """Let everything come to its name, and say how that is undone."""


class Place(Protocol):
    """Where pieces lie."""

    def require(self, named: Callable[[], bool]) -> None:
        """Look whether it is there, if the database has `named` any pieces."""

    def lying(self, closed: list[str]) -> Iterator[str]:
        """Return the name of every piece; what cannot be looked at comes into `closed`."""

    def read(self, name: str, most: int) -> bytes:
        """Return a piece's bytes, more than `most` of them if there are more."""

    def holds(self) -> str | None:
        """Return something that lies there, or None."""

    def marked(self, folder: Path) -> Any:
        """Return a context in which it is marked as half restored, as `folder` marks it."""

    def landing(self, within: Path) -> Any:
        """Return a context with a landing; `within` is a folder that goes again."""


def here() -> Place:
    """Return where the settings say that pieces lie."""
    return Folder(settings.ATTACHMENTS) if settings.OBJECTS is None else Store()


# ---------------------------------------------------------------------- a folder


class Folder:
    """A folder of this machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def require(self, named: Callable[[], bool]) -> None:
        """
        Look whether it is there.

        :raises Stopped: `attachments-elsewhere`.
        """
        if not self._folder.is_dir() and named():
            raise Stopped("attachments-elsewhere", self._folder)

    def lying(self, closed: list[str]) -> Iterator[str]:
        """Return the name of every whole piece; what cannot be listed comes into `closed`."""
        return pieces.lying_in(self._folder, closed)

    def read(self, name: str, most: int) -> bytes:
        """Return a piece's bytes, and one more than `most` if there are more."""
        with (self._folder / name).open("rb") as file:
            return file.read(most + 1)

    def holds(self) -> str | None:
        """Return the first of what lies there, or None."""
        if not self._folder.is_dir():
            return None
        found = sorted({one.name for one in self._folder.iterdir()} - IGNORED)
        return f"{self._folder} holds {found[0]}" if found else None

    @contextmanager
    def marked(self, folder: Path) -> Iterator[None]:
        """Do nothing: the folder that marks it lies in it already."""
        del folder
        yield

    @contextmanager
    def landing(self, within: Path) -> Iterator[Beside]:
        """Take pieces beside their places."""
        yield Beside(within / "files", self._folder)


class Beside:
    """Pieces in a folder of their own, until they are moved."""

    def __init__(self, folder: Path, target: Path) -> None:
        folder.mkdir()
        self.folder, self._target = folder, target

    def put(self, name: str, body: bytes) -> None:
        """Write a piece that is not there yet."""
        place = self.folder / name
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with new(place) as out:
            out.write(body)

    def has(self, name: str) -> bool:
        """Say whether it was written."""
        return (self.folder / name).exists()

    def settle(self, undoing: ExitStack) -> None:
        """Move everything to its name."""
        for one in sorted(self.folder.iterdir()):
            place = self._target / one.name
            undoing.callback(_gone, one, place)
            one.rename(place)  # what lies there already is another's, and stays


def _gone(was: Path, place: Path) -> None:
    # Asked before the step, for Ctrl-C comes also right after it: what was has no name more if the
    # step was done, and else what has the new name is another's.
    if not was.exists():
        rmtree(place, ignore_errors=True)


def new(file: Path) -> IO[bytes]:
    """Open a file that is not there yet, for its owner alone."""
    return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


# ---------------------------------------------------------------------- an object store


class Store:
    """The object store that CASEHUB_OBJECTS names."""

    def __init__(self) -> None:
        self._objects: Any = storages["attachments"]
        self._silent = 0

    def require(self, named: Callable[[], bool]) -> None:
        """Do nothing: whether it answers was asked before, for the mark."""
        del named

    def lying(self, closed: list[str]) -> Iterator[str]:
        """Return the name of every piece; if the store goes away, that comes into `closed`."""
        try:
            for name in self._objects.names():
                if self._silent == SILENT:
                    closed.append(f"{settings.OBJECTS}, from {name} on")
                    return
                if pieces.NAME.fullmatch(name):
                    yield name
        except OSError as error:
            closed.append(f"{settings.OBJECTS} ({told(error)}), and what follows")

    def read(self, name: str, most: int) -> bytes:
        """Return a piece's bytes; one of more than `most` is an error as any other."""
        del most  # a store's own limit is the same
        self._silent += 1
        try:
            with self._objects.open(name) as found:
                body: bytes = found.read()
        except FileNotFoundError:  # an answer
            self._silent = 0
            raise
        self._silent = 0
        return body

    def holds(self) -> str | None:
        """
        Return the first of what lies there, or None.

        :raises Stopped: `objects-away`, `objects-versioned`.
        """
        with _asked():
            if marks.why_no_bucket():
                raise Stopped("objects-versioned", settings.OBJECTS)
            name = next(self._objects.names(), None)
        return None if name is None else f"{settings.OBJECTS} holds {name}"

    @contextmanager
    def marked(self, folder: Path) -> Iterator[None]:
        """
        Mark it by an object: web processes on other machines do not see the folder.

        :raises Stopped: `objects-away`; `mark-stays`, if all is done and the mark does not go.
        """
        mark = folder.name
        try:
            with _asked():
                self._objects.save(mark, ContentFile(b"half restored"))
            yield
        except BaseException as error:
            if not stays_marked(error):
                with suppress(OSError):  # what stopped it is what has to be told
                    self._objects.delete(mark)
            raise
        try:
            self._objects.delete(mark)
        except OSError as error:
            said = f"{settings.OBJECTS}/{mark} ({told(error)}), then {folder}"
            raise Stopped("mark-stays", said) from error

    @contextmanager
    def landing(self, within: Path) -> Iterator[AtOnce]:
        """
        Take pieces where they stay; all of them go again if anything fails.

        :raises Stopped: `half-restored`, if they do not.
        """
        del within
        landing = AtOnce(self._objects)
        try:
            yield landing
        except BaseException as error:
            if not (landing.settled or stays_marked(error)):
                landing.undo()
            raise


class AtOnce:
    """Pieces that have their names in the store as soon as they come."""

    def __init__(self, objects: Any) -> None:
        self._objects, self._names = objects, set[str]()
        self.settled = False

    def put(self, name: str, body: bytes) -> None:
        """
        Store a piece; the store gets a while to take it.

        :raises Stopped: `objects-away`.
        """
        self._names.add(name)  # before it is sent: whatever becomes of it, it is looked for
        for pause in PAUSES:
            try:
                self._objects.save(name, ContentFile(body))
            except OSError:
                time.sleep(pause)
            else:
                return
        with _asked():
            self._objects.save(name, ContentFile(body))

    def has(self, name: str) -> bool:
        """Say whether it was stored."""
        return name in self._names

    def settle(self, undoing: ExitStack) -> None:
        """Let them stay, for they have their names; from here on others say whether they may."""
        undoing.callback(self.undo)
        self.settled = True

    def undo(self) -> None:
        """
        Remove what was stored, and nothing else.

        :raises Stopped: `half-restored`.
        """
        try:
            self._objects.delete_all(sorted(self._names))
        except OSError as error:
            raise Stopped("half-restored", f"{settings.OBJECTS}: {told(error)}") from error
