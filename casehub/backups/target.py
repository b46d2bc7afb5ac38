"""The place that a backup is restored into: empty, held, and marked until it is whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

from audit.anchor import Anchor, AnchorHeld
from casehub import startup

from . import databases, stores
from .disks import scratch, stays_marked
from .errors import Stopped


def require_empty() -> None:
    """
    Look whether there is room for a backup.

    :raises Stopped: `target-not-empty`, naming what is there; `half-restored`, with what to do;
        `objects-away`, `objects-versioned`.
    """
    if left := stores.half_restored():
        raise Stopped("half-restored", left)
    require_nothing_beside()
    if unfinished := databases.unfinished():
        raise Stopped("target-not-empty", f"{unfinished[0]} is there")
    count = databases.tables()
    if count:
        raise Stopped("target-not-empty", f"the database has {count} tables")
    if lies := stores.here().holds():
        raise Stopped("target-not-empty", lies)


def require_nothing_beside() -> None:
    """Look for what SQLite would play into a database that comes to its name."""
    for left in databases.beside():
        raise Stopped("target-not-empty", f"{left} is there, of a database that was")


@contextmanager
def marked(anchor: Anchor, place: stores.Place) -> Iterator[Path]:
    """
    Mark the place as half restored, for as long as it could be.

    The folder and the store's go last: while one lies there nothing serves. Were the anchor's alone
    left, people would work in a place that is to be emptied.

    :raises Stopped: `mark-stays`, where all is done but for them; else with why it is not marked.
    """
    folder: Path = settings.ATTACHMENTS
    with scratch(folder, "restoring") as left, place.marked(left):
        try:
            _begin(anchor)
            yield left
        except BaseException as error:
            if not stays_marked(error):
                # What stopped it is what has to be told. A mark that does not go says of an empty
                # place that it is to be emptied, and the next restore takes it away.
                with suppress(OSError):
                    anchor.finish_restoring()
            raise
        try:
            anchor.finish_restoring()
        except OSError as error:
            raise Stopped("mark-stays", f"{anchor.unfinished} ({error}), then {left}") from error


def _begin(anchor: Anchor) -> None:
    try:
        anchor.begin_restoring()
    except OSError as error:
        said = f"{anchor.unfinished} cannot be written: {error}"
        raise Stopped("file-unwritable", said) from error


@contextmanager
def held_anchor() -> Iterator[Anchor]:
    """
    Hold the anchor, so that nothing signs meanwhile.

    :raises Stopped: `anchor-held`.
    """
    anchor = Anchor(settings.ANCHOR)
    try:
        anchor.hold()
    except AnchorHeld as error:
        raise Stopped("anchor-held", error) from error
    try:
        yield anchor
    finally:
        anchor.release()


@contextmanager
def no_server() -> Iterator[None]:
    """
    Keep a server on SQLite from starting meanwhile.

    :raises Stopped: `server-runs`.
    """
    if not databases.is_file():
        yield
        return
    data: Path = settings.DATA_DIR
    startup.private_folder(data)
    held = startup.hold(data)
    if held is None:
        raise Stopped("server-runs", data)
    with held:
        yield
