"""
A bundle of entries, to be carried away and checked without this server (audit.bundles).

Memory is that of a thousand entries, however many there are: each thousand is packed and handed
on; only the table for people waits, packed, in a file without a name.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any, BinaryIO

from django.conf import settings
from django.db.models import Q, QuerySet

from .. import commitments, keyring
from ..bundles import archive, form
from ..events import BundleExported
from ..models import Log, LogEntry, PublishedCheckpoint
from ..tlog.errors import Unproven
from ..tlog.merkle import inclusion_path, leaf_hash, verify_inclusion
from ..tlog.policy import Policy
from ..tlog.proof import Proof
from ..tlog.text import from_b64, to_b64
from . import keys
from .trees import checkpoint_of, node_of

_COLUMNS = (
    "position", "leaf", "event_id", "event__salt", "event__payload", "event__states",
)  # fmt: skip
#  Canonical JSON by its SHA-256 in hex, for those of the digests that are known.
Named = Callable[[Collection[str]], Mapping[str, bytes]]
_ENOUGH = 1_000_000  # entries: what a table can hold, and a person carry


class NothingToExport(Exception):
    """No such range, no published checkpoint that holds, no page to put in, or too much at once."""


@dataclass(frozen=True, slots=True)
class Selection:
    """
    What goes into a bundle, decided before its act is recorded.

    `note` is the checkpoint that everything is proven against, `policy` whose keys count for it,
    `page` the one that checks bundles; `opens` says by an event's canonical bytes
    whether this reader gets it; `entries` is how many there are, `states` whom they concern;
    `named` returns what opened events name by these digests, if that goes with them.
    """

    log: Log
    note: str
    filter: form.Filter
    policy: str
    page: bytes
    opens: Callable[[bytes], bool]
    entries: int
    states: tuple[str, ...]
    named: Named | None = None

    @property
    def size(self) -> int:
        """How many entries the tree has that everything is proven against."""
        return checkpoint_of(self.note).size

    def event(self) -> BundleExported:
        """Return what its export leaves in the log, for all States whom its entries concern."""
        chosen = self.filter
        return BundleExported(
            states=self.states,
            log=self.log.origin,
            size=self.size,
            first=chosen.first,
            last=chosen.last,
            state=chosen.state,
            since=chosen.since,
            until=chosen.until,
            entries=self.entries,
        )


def select(
    log: Log,
    *,
    first: int | None = None,
    last: int | None = None,
    state: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    size: int | None = None,
    opens: Callable[[bytes], bool] = lambda _: True,
    named: Named | None = None,
) -> Selection:
    """
    Return what a filter chooses of the newest published tree, or of the one of `size` entries.

    Indices `first` to `last` are both included; an act's second t counts if since <= t < until.
    An entry whose event was erased is found by its State's tag. `opens` is asked of each event
    (its canonical bytes); one that it refuses stays closed, and its place is still proven.

    :raises NothingToExport: with the reason, in words.
    """
    published = PublishedCheckpoint.objects.filter(log=log).order_by("-size", "-id")
    if size is not None:
        published = published.filter(size=size)
    note = published.values_list("note", flat=True).first()
    if note is None:
        raise NothingToExport(f"{log.origin}: no such checkpoint is published")
    try:
        policy = keys.of_bundle(log)
        Policy.parse(policy).open(note)
    except ValueError as error:
        raise NothingToExport(f"{log.origin}: its checkpoint does not hold: {error}") from error
    end = checkpoint_of(note).size
    chosen = form.Filter(
        first=0 if first is None else first,
        last=end - 1 if last is None else last,
        state=state,
        since=None if since is None else max(0, int(since.timestamp())),
        until=None if until is None else max(0, int(until.timestamp())),
    )
    if state is not None and not form.is_state(state):  # an empty one would be everybody's
        raise NothingToExport("a State is two capital letters, e.g. SV")
    if not 0 <= chosen.first <= chosen.last < end:
        raise NothingToExport(f"{log.origin}: say which entries, of 0 to {end - 1}")
    found: set[str] = set()
    entries = 0
    for page in _pages(log, chosen):
        entries += len(page)
        found.update(s for row in page for s in (row["event__states"] or "").split(",") if s)
    if entries > _ENOUGH:
        raise NothingToExport(f"{entries} entries are too many for one bundle: cut by dates")
    states = tuple(sorted(found))
    return Selection(log, note, chosen, policy, _page(), opens, entries, states, named)


def bundle(
    selection: Selection, *, passing: Callable[[int], None] = lambda _: None
) -> Iterator[bytes]:
    """
    Return the bytes of a bundle, piece by piece; `passing` hears how many entries are in.

    The caller has recorded the act (`services.record_export`) and committed it: the first piece
    already leaves the house. The same selection makes the same bytes, unless one of its events was
    erased meanwhile (and with another build of zlib: then the same content).

    :raises Unproven: in the midst of it, if an entry is not what was signed (`audit verify` says
        what else): nothing is handed out that would not hold.
    """
    return _Bundling(selection, passing).run()


def _page() -> bytes:
    try:
        built: bytes = (settings.FRONTEND_DIST / form.PAGE).read_bytes()
    except OSError as error:
        raise NothingToExport(f"{form.PAGE} is not built: npm run build, in frontend/") from error
    return built


def _pages(log: Log, chosen: form.Filter) -> Iterator[list[dict[str, Any]]]:
    """Return the rows that a filter chooses, a thousand places of the log at a time or fewer."""
    held = _narrowed(LogEntry.objects.filter(log=log, position__lte=chosen.last), chosen)
    tag = commitments.tag_key(keyring.events_secret(), chosen.state) if chosen.state else None
    after = chosen.first - 1
    while True:
        rows = list(
            held.filter(position__gt=after).order_by("position").values(*_COLUMNS)[: form.PART]
        )
        if not rows:
            return
        after = rows[-1]["position"]
        page = []
        for row in rows:
            leaf = json.loads(bytes(row["leaf"]))
            if chosen.why_not(row["position"], leaf["t"]) is None and (
                tag is None or _is_tagged(leaf, tag)
            ):
                page.append(row)
        yield page


def _narrowed(held: QuerySet[LogEntry], chosen: form.Filter) -> QuerySet[LogEntry]:
    """Leave out what cannot be meant; what is left is judged by its leaf, which nobody erases."""
    if chosen.state is not None:
        erased = Q(event__states="")
        held = held.filter(Q(event__states__contains=chosen.state) | erased, event__isnull=False)
    if chosen.since is not None:
        since = datetime.fromtimestamp(chosen.since, UTC)
        held = held.filter(Q(event__isnull=True) | Q(event__at__gte=since))
    if chosen.until is not None:
        until = datetime.fromtimestamp(chosen.until, UTC)
        held = held.filter(Q(event__isnull=True) | Q(event__at__lt=until))
    return held


def _is_tagged(leaf: dict[str, Any], key: bytes) -> bool:
    return to_b64(commitments.tag_of(from_b64(leaf["c"]), key)) in leaf["g"]


class _Bundling:
    def __init__(self, selection: Selection, passing: Callable[[int], None]) -> None:
        self.selection = selection
        checkpoint = checkpoint_of(selection.note)
        self.size, self.root = checkpoint.size, checkpoint.root
        self.secret = keyring.events_secret()
        self.passing = passing
        self.writer = archive.Writer()
        self.files: list[form.File] = []
        self.count = 0
        self.digests: dict[str, int] = {}  # what opened events name, and where first

    def run(self) -> Iterator[bytes]:
        texts = files("audit.bundles") / "readme"
        for language in form.LANGUAGES:
            yield from self._file(form.readme(language), (texts / f"{language}.txt").read_bytes())
        yield from self._file(form.PAGE, self.selection.page)
        yield from self._file(form.POLICY, self.selection.policy.encode())
        yield from self._file(form.CHECKPOINT, self.selection.note.encode())
        with tempfile.TemporaryFile() as waiting:
            yield from self._entries(_Table(waiting))
        if self.selection.named is not None:
            yield from self._file(form.STATEMENTS, self._statements(self.selection.named))
        manifest = form.Manifest(
            log=self.selection.log.origin,
            size=self.size,
            filter=self.selection.filter,
            entries=self.count,
            files=tuple(self.files),
        )
        yield from self.writer.add(form.MANIFEST, bytes(manifest), method=archive.STORED)
        yield self.writer.end()

    def _entries(self, table: _Table) -> Iterator[bytes]:
        gathered: list[form.Entry] = []
        for page in _pages(self.selection.log, self.selection.filter):
            gathered += self._made(page)
            while len(gathered) >= form.PART:
                yield from self._part(gathered[: form.PART], table)
                gathered = gathered[form.PART :]
        if gathered:
            yield from self._part(gathered, table)
        content, size, crc = table.end()
        packed = hashlib.sha256()
        for piece in self.writer.add_packed(
            form.TABLE, table.file, crc, size, method=archive.DEFLATED
        ):
            yield piece
        table.file.seek(0)
        for piece in iter(lambda: table.file.read(64 * 1024), b""):
            packed.update(piece)
        self.files.append(form.File(form.TABLE, size, content, packed.hexdigest()))

    def _part(self, entries: Sequence[form.Entry], table: _Table) -> Iterator[bytes]:
        yield from self._file(form.part(self.count // form.PART + 1), b"".join(map(bytes, entries)))
        for entry in entries:
            table.add(form.row(entry))
        self.count += len(entries)
        self.passing(self.count)

    def _file(self, name: str, content: bytes) -> Iterator[bytes]:
        head, *data = self.writer.add(name, content)
        packed = hashlib.sha256(b"".join(data)).hexdigest()
        said = hashlib.sha256(content).hexdigest()
        self.files.append(form.File(name, len(content), said, packed))
        yield head
        yield from data

    def _made(self, page: Sequence[dict[str, Any]]) -> Iterator[form.Entry]:
        """Return lines; each page reads its tiles anew, so that none are kept for the next one."""
        node = lru_cache(maxsize=None)(node_of(self.selection.log))
        for row in page:
            leaf, index = bytes(row["leaf"]), row["position"]
            path = inclusion_path(index, self.size, node)
            verify_inclusion(leaf_hash(leaf), index, self.size, path, self.root)
            proof = str(Proof(index, tuple(path), self.selection.note))
            condition, event, salt = self._said(row)
            if event is not None and salt is not None:
                committed = to_b64(commitments.commitment_to(event, salt))
                if committed != json.loads(leaf)["c"]:
                    raise Unproven(f"entry {index} commits to another event")
                digest = form.named_in(event)
                if self.selection.named is not None and digest is not None:
                    self.digests.setdefault(digest, index)
            yield form.Entry(index, condition, leaf, proof, event, salt)

    def _statements(self, named: Named) -> bytes:
        """Return what opened events name, in their order; a line that says else has no place."""
        found = named(list(self.digests))
        for digest, index in self.digests.items():
            if hashlib.sha256(found.get(digest, b"")).hexdigest() != digest:
                raise Unproven(f"entry {index} names a statement that is not there")
        return b"".join(found[digest] + b"\n" for digest in self.digests)

    def _said(self, row: dict[str, Any]) -> tuple[str, bytes | None, bytes | None]:
        """Return what the reader gets of an entry: its condition, event and salt."""
        if row["event_id"] is None:
            return form.MARK, None, None
        if row["event__salt"] is None or row["event__payload"] is None:
            return form.ERASED, None, None
        salt, sealed = bytes(row["event__salt"]), bytes(row["event__payload"])
        event = commitments.unseal(sealed, salt=salt, secret=self.secret)
        if not self.selection.opens(event):
            return form.CLOSED, None, None
        return form.OPENED, event, salt


class _Table:
    """The table for people, packed as it grows, in a file that has no name and ends with it."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self._squeezing = archive.packer()
        self._digest = hashlib.sha256()
        self._size = self._crc = 0
        self.add(form.HEAD.encode())

    def add(self, row: bytes) -> None:
        """Write one line."""
        self._digest.update(row)
        self._size, self._crc = self._size + len(row), zlib.crc32(row, self._crc)
        self.file.write(self._squeezing.compress(row))

    def end(self) -> tuple[str, int, int]:
        """Write the last bytes; return SHA-256, size and CRC-32 of the content."""
        self.file.write(self._squeezing.flush())
        return self._digest.hexdigest(), self._size, self._crc
