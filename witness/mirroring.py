"""
`mirror`: a whole copy of a log in another house, so that its operator cannot destroy history.

The folder of a log is laid out as the log's addresses are (C2SP tlog-tiles), so any verifier takes
it, and any server of files hands it out. What is in it below its checkpoint was rehashed here.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from audit.tlog import merkle, tiles
from audit.tlog.checkpoint import Checkpoint
from audit.tlog.errors import Malformed, Unproven
from audit.tlog.note import LARGEST, Note
from audit.tlog.text import to_b64
from audit.tlog.tiles import HASH, HEIGHT, LONGEST_ENTRY, WIDTH, path_of

from . import fetching
from .errors import Stop
from .evidence import MOST
from .fetching import NotThere, Trouble
from .files import Logs
from .polling import pause
from .saying import answer, say

CHECKPOINT = "checkpoint"
CONFLICTS = "conflicts"  # checkpoints that the log signed, and whose entries are not those here
_BUNDLE = WIDTH * (LONGEST_ENTRY + 2)  # bytes, at most


class Mirror:
    """One log's copy in a folder: files below the size of its checkpoint are what was signed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._edge: dict[tuple[int, int], bytes] = {}

    def held(self) -> Checkpoint | None:
        """
        Return the checkpoint up to which everything is here; None at the beginning.

        :raises Trouble: if it cannot be read.
        """
        try:
            text = (self.folder / CHECKPOINT).read_text(encoding="utf-8")
            return Checkpoint.parse(Note.parse(text).text)
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise Trouble(f"{self.folder / CHECKPOINT} cannot be read: {error}") from error

    def grow(self, held: Checkpoint | None, shown: Checkpoint, bundles: Iterator[bytes]) -> None:
        """
        Write what a larger tree has more, file by file; the checkpoint is the caller's to write.

        :raises Unproven: if the entries are not those of `shown`, or not those that are held.
        """
        size = 0 if held is None else held.size
        self._edge = {}
        number = size // WIDTH
        for data in bundles:
            width = min(WIDTH, shown.size - number * WIDTH)
            entries = tiles.unbundle(data)[:width]
            if len(entries) != width:
                raise Unproven(f"bundle {number} has not {width} entries")
            known = size - number * WIDTH
            if known and entries[:known] != self._entries(number, known):
                raise Unproven(f"bundle {number} has other entries than those kept")
            leaves = [merkle.leaf_hash(one) for one in entries[known:]]
            self._edge |= tiles.grow(size, leaves, partial(self._tile, size))
            size += len(leaves)
            self._write(path_of(None, number, width), tiles.bundle(entries))
            for level, at in [key for key, tile in self._edge.items() if len(tile) == WIDTH * HASH]:
                # The one that is full last is still asked for by the next step's right edge.
                self._write(path_of(level, at), self._edge.pop((level, at)))
            number += 1
        for (level, at), tile in self._edge.items():
            self._write(path_of(level, at, len(tile) // HASH), tile)
        root = self.root(shown.size)
        if root != shown.root:
            raise Unproven(f"the entries make another root: {to_b64(root)}")

    def root(self, size: int) -> bytes:
        """Return the root of the first `size` entries, from the tiles that are kept."""
        node = tiles.node_reader(partial(self._tile, size))
        return merkle.root(size, node)

    def keep(self, name: str, text: str) -> None:
        """Write a note."""
        self._write(name, text.encode())

    def forget_partial(self, before: int, now: int) -> None:
        """Remove the cut tiles of a smaller tree: those of this one hold more."""
        kept = set(_partial(now))
        for path in set(_partial(before)) - kept:
            (self.folder / path).unlink(missing_ok=True)

    def check(self) -> Checkpoint:
        """
        Read every entry again, and return the checkpoint whose root they make.

        :raises Trouble: if they do not, or if nothing is here.
        """
        held = self.held()
        if held is None:
            raise Trouble(f"{self.folder} holds no log")
        whole = merkle.Frontier()
        try:
            while whole.size < held.size:
                width = min(WIDTH, held.size - whole.size)
                for entry in self._entries(whole.size // WIDTH, width):
                    whole.append(merkle.leaf_hash(entry))
            kept = self.root(held.size)
        except (OSError, Malformed, Unproven) as error:
            raise Trouble(f"{held.origin}: {error}") from error
        if not whole.root() == kept == held.root:
            raise Trouble(f"{held.origin}: what is kept is not what was signed")
        return held

    def _entries(self, number: int, width: int) -> list[bytes]:
        data = (self.folder / path_of(None, number, width)).read_bytes()
        entries = tiles.unbundle(data)
        if len(entries) != width:
            raise Unproven(f"the kept bundle {number} has not {width} entries")
        return entries

    def _tile(self, size: int, level: int, number: int) -> bytes:
        """Return as much of a tile as a tree of `size` has."""
        if (level, number) in self._edge:
            return self._edge[level, number]
        width = min(WIDTH, (size >> HEIGHT * level) - number * WIDTH)
        if width <= 0:
            return b""
        return (self.folder / path_of(level, number, width)).read_bytes()

    def _write(self, path: str, data: bytes) -> None:
        """Put a whole file in its place, on the disk before its name is."""
        place = self.folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        fresh = place.with_name(f".new-{place.name}")
        with fresh.open("wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(place)


def _partial(size: int) -> Iterator[str]:
    """Return the paths of what is cut in a tree of `size` leaves."""
    for level, number, width in tiles.tiles_of(size):
        if width < WIDTH:
            yield path_of(level, number, width)
            if level == 0:
                yield path_of(None, number, width)


class Source:
    """One log at its address, and the copy of it."""

    def __init__(self, logs: Logs, url: str, folder: Path) -> None:
        self.url = fetching.address(url)
        self._logs = logs
        self._folder = folder

    def turn(self, now: int) -> str:
        """
        Look once, and copy what is new; return what was done.

        :raises Trouble: in one line, whatever prevents it.
        """
        note, shown = self._checkpoint(now)
        mirror = Mirror(folder_of(self._folder, shown.origin))
        held = mirror.held()
        if held is not None and shown.size < held.size:
            self._conflict(mirror, note, shown, f"shows {shown.size} entries of {held.size} kept")
        if held is not None and shown.size == held.size:
            if shown.root != held.root:
                self._conflict(mirror, note, shown, "another history than the one kept")
            return f"{shown.origin}: nothing new since {held.size}"
        start = 0 if held is None else held.size
        try:
            mirror.grow(held, shown, self._bundles(start, shown.size))
            # Only now do the files count: a checkpoint stands for all that is below it.
            mirror.keep(CHECKPOINT, note)
            mirror.forget_partial(start, shown.size)
        except OSError as error:
            raise Trouble(f"{mirror.folder} cannot be written: {error.strerror}") from error
        except (Malformed, Unproven) as error:
            self._conflict(mirror, note, shown, str(error))
        return f"{shown.origin}: kept up to {shown.size}"

    def _checkpoint(self, now: int) -> tuple[str, Checkpoint]:
        url = f"{self.url}/{CHECKPOINT}"
        try:
            text = fetching.get(url, LARGEST).decode()
            note = Note.parse(text)
            shown = Checkpoint.parse(note.text)
        except ValueError as error:  # Malformed is one
            raise Trouble(f"{url} answers no checkpoint: {error}") from error
        keys = self._logs.keys(shown.origin, now)
        if not keys:
            raise Trouble(f"{shown.origin} is not mirrored here")
        try:
            note.signatures(keys)
        except Unproven as error:
            raise Trouble(f"not signed by {shown.origin}: {error}") from error
        return text, shown

    def _bundles(self, start: int, size: int) -> Iterator[bytes]:
        for number in range(start // WIDTH, -(-size // WIDTH)):
            width = min(WIDTH, size - number * WIDTH)
            try:
                yield self._bundle(number, width)
            except NotThere:
                if width == WIDTH:
                    raise
                yield self._bundle(number, WIDTH)  # cut ones may go once it is full

    def _bundle(self, number: int, width: int) -> bytes:
        return fetching.get(f"{self.url}/{path_of(None, number, width)}", _BUNDLE)

    def _conflict(self, mirror: Mirror, note: str, shown: Checkpoint, why: str) -> None:
        """
        Keep what was signed and does not fit; the copy stays as it is.

        :raises Trouble: always.
        """
        name = f"{CONFLICTS}/{shown.size}-{shown.root.hex()[:16]}.txt"
        try:
            if len(list((mirror.folder / CONFLICTS).glob("*.txt"))) < MOST:
                mirror.keep(name, note)
        except OSError as error:
            why = f"{why}; its checkpoint is not kept: {error.strerror}"
        raise Trouble(f"{shown.origin}: {why}; the copy stays as it was, see {mirror.folder}")


def folder_of(parent: Path, origin: str) -> Path:
    """Return where a log's copy lies: named by the hash of its origin, as `serve` names logs."""
    return parent / hashlib.sha256(origin.encode()).hexdigest()


def mirror(
    logs: Logs,
    folder: Path,
    urls: Sequence[str],
    *,
    every: float,
    once: bool,
    stopping: threading.Event,
) -> int:
    """Copy logs until told to stop, or look once at each; return the exit code."""
    sources = [Source(logs, url, folder) for url in urls]
    failures = 0
    troubles: dict[str, str] = {}
    while not stopping.is_set():
        well = True
        for source in sources:
            try:
                done = source.turn(int(time.time()))
            except Trouble as error:
                well = False
                if troubles.get(source.url) != str(error):  # said once
                    troubles[source.url] = str(error)
                    say(str(error))
            else:
                if once or troubles.pop(source.url, None) is not None or "kept" in done:
                    answer(done)
        if once:
            return 0 if well else 1
        failures = 0 if well else failures + 1
        stopping.wait(pause(every, failures))
    return 0


def check(folder: Path) -> int:
    """Read all copies again; return 0 if each is what was signed."""
    found = sorted(place.parent for place in folder.glob(f"*/{CHECKPOINT}"))
    if not found:
        raise Stop(f"{folder} holds no copy of a log")
    well = True
    for place in found:
        try:
            held = Mirror(place).check()
            answer(f"{held.origin}: {held.size} entries are what was signed")
        except Trouble as error:
            well = False
            say(str(error))
    return 0 if well else 1
