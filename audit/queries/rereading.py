"""
The second path: leaves and tiles read again, over another connection, and hashed again.

Plain SQL and other code than what wrote them, so that neither a fault of memory between hashing
and storing nor an error in one of the two stays unseen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from django.db import Error
from django.db.backends.base.base import BaseDatabaseWrapper

from .. import commitments
from ..packing import unpack_leaf
from ..tlog import tiles
from ..tlog.merkle import EMPTY_ROOT, Frontier, leaf_hash, node_hash
from ..tlog.note import Note
from ..tlog.rotation import Rotation
from ..tlog.text import LARGEST

PAGE = 2000  # entries
MOST = 20  # findings of one log; after so many nobody needs more
_ENTRIES = (
    "SELECT e.position, e.leaf, e.event_id, v.leaf FROM audit_logentry e"
    " LEFT JOIN audit_auditevent v ON v.id = e.event_id"
    " WHERE e.log_id = %s AND e.position >= %s AND e.position < %s ORDER BY e.position"
)
_TILE = "SELECT data FROM audit_tile WHERE log_id = %s AND level = %s AND number = %s"
_TILES = "SELECT COUNT(*) FROM audit_tile WHERE log_id = %s"
_LOG = "SELECT origin, size, root FROM audit_log WHERE id = %s"
_CLOSED = "SELECT closed FROM audit_log WHERE id = %s"
# The log that this one took over from, and both origins.
_BEFORE = (
    "SELECT b.id, b.origin, l.origin FROM audit_log b"
    " JOIN audit_log l ON l.name = b.name AND b.id < l.id WHERE l.id = %s"
    " ORDER BY b.id DESC LIMIT 1"
)
_ENDS = (
    "SELECT size, note FROM audit_signedcheckpoint WHERE log_id = %s AND size < %s"
    " ORDER BY size DESC LIMIT 1000"
)
# Whose key changes by an entry that is somebody's statement, and where that says it stands.
_CHANGE = (
    "SELECT l.origin, c.note FROM audit_keychange c JOIN audit_log l ON l.id = c.log_id"
    " JOIN audit_logentry e ON e.id = c.entry_id JOIN audit_log d ON d.id = e.log_id"
    " WHERE e.log_id = %s AND e.position = %s AND d.name = 'dir'"
)
# In an entry only the time is a number of its own; tags and commitments are base64.
_TIME = re.compile(rb'"t":([0-9]{1,15})[,}]')

# size -> roots that somebody claims the tree had then, and who
Claims = Mapping[int, Sequence[tuple[bytes, str]]]


@contextmanager
def as_of_one_moment(db: BaseDatabaseWrapper) -> Iterator[None]:
    """
    Let everything within be read as it was at one moment; nobody who writes waits for it.

    Without it a log that grows while it is read is not what its own tiles say. On SQLite a
    transaction by Django would take the one writer's lock: this one only reads.
    """
    if db.in_atomic_block:  # whoever began it has said how it reads
        yield
        return
    only_reads = "" if db.vendor == "sqlite" else " ISOLATION LEVEL REPEATABLE READ, READ ONLY"
    with db.cursor() as cursor:
        cursor.execute(f"BEGIN{only_reads}")
    try:
        yield
    finally:
        # A database that has failed may have ended it already: its own error is the one to tell.
        with suppress(Error), db.cursor() as cursor:
            cursor.execute("ROLLBACK")


def rows(db: BaseDatabaseWrapper, sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Return what a query finds."""
    with db.cursor() as cursor:
        cursor.execute(sql, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def head(db: BaseDatabaseWrapper, log: int) -> tuple[str, int, bytes]:
    """Return origin, size and root of a log as they are stored."""
    ((origin, size, root),) = rows(db, _LOG, [log])
    return origin, size, bytes(root)


def entries(
    db: BaseDatabaseWrapper, log: int, first: int, end: int
) -> Iterator[tuple[int, bytes, int | None, bytes | None]]:
    """Return position, leaf, event and the event's own leaf of the entries first..end-1."""
    while first < end:
        page = rows(db, _ENTRIES, [log, first, min(end, first + PAGE)])
        for position, leaf, event, kept in page:
            whole = unpack_leaf(bytes(leaf))
            same = kept is None or kept == leaf  # in bytes, which is most of the time
            own = kept and (whole if same else unpack_leaf(bytes(kept)))
            yield position, whole, event, own
        first += PAGE


def time_in(leaf: bytes) -> int | None:
    """Return the POSIX seconds that an entry says, or None if it says none."""
    found = _TIME.search(leaf)
    return int(found[1]) if found else None


@dataclass(slots=True)
class Rereading:
    """
    Reads a log from where `tree` ends to the size it says it has.

    `findings` says in words everything that is not as it should be; `tree` then holds all that
    was read. Claims are checked on the way: checkpoints, the anchor, an auditor's own file.
    """

    db: BaseDatabaseWrapper
    log: int
    tree: Frontier = field(default_factory=Frontier)
    claims: Claims = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)
    # is told position and leaf of each entry that is an act's
    act: Callable[[int, bytes], None] = lambda _position, _leaf: None
    # the hashes of each level's tile that is being filled
    _levels: list[list[bytes]] = field(default_factory=list)

    def run(self) -> Rereading:
        """Read everything once."""
        _, size, root = head(self.db, self.log)
        self._resume()
        self._claimed(self.tree.size)
        for position, leaf, event, kept in entries(self.db, self.log, self.tree.size, size):
            if position != self.tree.size or len(self.findings) >= MOST:
                break
            if event is None:
                self._without_event(position, leaf, last=position == size - 1)
            else:
                if kept != leaf:
                    self._found(f"entry {position} is not what its event committed to")
                self.act(position, leaf)
            hashed = leaf_hash(leaf)
            self._add(0, position, hashed)
            self.tree.append(hashed)
            self._claimed(position + 1)
        if self.tree.size != size:
            self._found(f"entry {self.tree.size} is missing, of {size}")
        elif self.tree.root() != root:
            self._found(f"the stored root of {size} entries is not theirs")
        self._edge()
        self._unmet()
        return self

    def _found(self, words: str) -> None:
        if len(self.findings) < MOST:
            self.findings.append(words)

    def _without_event(self, position: int, leaf: bytes, *, last: bool) -> None:
        """Only the marks of a log's beginning and end are nobody's act."""
        time = time_in(leaf) or 0
        ((closed,),) = rows(self.db, _CLOSED, [self.log])
        if last and closed and leaf == commitments.closing_leaf(time=time):
            return
        if position == 0 and any(
            leaf == commitments.opening_leaf(time=time, before=end) for end in self._ends()
        ):
            return
        for origin, note in rows(self.db, _CHANGE, [self.log, position]):
            self._change_of_key(position, leaf, origin, note)
            return
        self._found(f"entry {position} has no event, and is no mark of the log itself")

    def _change_of_key(self, position: int, leaf: bytes, origin: str, note: str) -> None:
        """Compare an entry with the statement that is kept, and ask it for both signatures."""
        try:
            said = Rotation.parse(note)
        except ValueError as error:
            self._found(f"entry {position} is no change of keys: {error}")
            return
        if said.origin != origin or leaf != commitments.key_leaf(time=said.start, note=note):
            self._found(f"entry {position} is of another change of keys than was kept")

    def _ends(self) -> Iterator[str]:
        """
        Return the checkpoint texts that the first entry may name.

        The next year's log names the last of this year's. Another host takes over anywhere, and
        the log it took over from may have grown again since: it names any of them.
        """
        for before, origin, ours in rows(self.db, _BEFORE, [self.log]):
            below = LARGEST
            while page := rows(self.db, _ENDS, [before, below]):
                if origin.partition("/")[0] == ours.partition("/")[0]:
                    page, below = page[:1], 0
                else:
                    below = page[-1][0]
                for _, note in page:
                    with suppress(ValueError):  # what cannot be read binds nothing
                        yield Note.parse(note).text

    def _claimed(self, size: int) -> None:
        for root, who in self.claims.get(size, ()):
            if root != (self.tree.root() if size else EMPTY_ROOT):
                self._found(f"{who} saw another history: its {size} entries are not these")

    def _unmet(self) -> None:
        for size in sorted(self.claims):
            if size > self.tree.size:
                for _, who in self.claims[size]:
                    self._found(f"{who} says {size} entries, here are {self.tree.size}")

    # ------------------------------------------------------------------ tiles

    def _stored(self, level: int, number: int) -> bytes:
        found = rows(self.db, _TILE, [self.log, level, number])
        return bytes(found[0][0]) if found else b""

    def _resume(self) -> None:
        """Take the beginnings of the tiles that the trusted tree has begun, as they are stored."""
        hashes, level = self.tree.size, 0
        while hashes:
            number, filled = divmod(hashes, tiles.WIDTH)
            begun = self._stored(level, number)[: filled * tiles.HASH] if filled else b""
            self._levels.append(tiles.split_hashes(begun))
            hashes, level = number, level + 1

    def _add(self, level: int, index: int, one: bytes) -> None:
        if level == len(self._levels):
            self._levels.append([])
        filling = self._levels[level]
        filling.append(one)
        if len(filling) < tiles.WIDTH:
            return
        number = index // tiles.WIDTH
        self._compare(level, number, filling)
        self._levels[level] = []
        self._add(level + 1, number, _fold(filling))

    def _compare(self, level: int, number: int, wanted: Sequence[bytes]) -> None:
        if self._stored(level, number) != b"".join(wanted):
            self._found(f"tile {level}/{number} is not what its entries make")

    def _edge(self) -> None:
        """Compare the partial tiles, and see that there are no others."""
        hashes, count = self.tree.size, 0
        for level, filling in enumerate(self._levels):
            number = hashes // tiles.WIDTH
            count += number + bool(filling)
            if filling:
                self._compare(level, number, filling)
            hashes = number
        ((stored,),) = rows(self.db, _TILES, [self.log])
        if stored != count:
            self._found(f"there are {stored} tiles, the entries make {count}")


def _fold(hashes: Sequence[bytes]) -> bytes:
    """Return the root of 256 hashes that stand at some level: pairs, by recursion."""
    if len(hashes) == 1:
        return hashes[0]
    middle = len(hashes) // 2
    return node_hash(_fold(hashes[:middle]), _fold(hashes[middle:]))
