"""
Restoring a backup, or trying whether it could be: everything is looked at before anything stays.

What is read is written beside its place: SQLite's file beside the database, pieces of files in a
folder within theirs. Only when the stream has been opened to its end, the database's log verified
and nobody outside holds a longer one do they come to their names, the database last. In an object
store pieces have their names at once, and go again. That folder, an object there, and a file in the
anchor are the mark: while they lie there nothing starts on what is half there.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader

from audit.anchor import Anchor
from audit.queries import keys, trees, verifying
from audit.tlog.note import Key
from audit.tlog.policy import Policy
from casehub import startup

from . import databases, envelope, pieces, standing, stores, target
from .disks import scratch
from .errors import Stopped
from .manifest import Contents, Manifest
from .recipients import Holder
from .stores import Landing
from .unpacking import EVENTS, Proof, Source, Unpacked, unpack


@dataclass(frozen=True, slots=True)
class Wishes:
    """
    How to restore.

    `kept` are checkpoints that others kept, by file. `end_logs`: none of its logs is signed again.
    `proof`: by which secrets, or which SHA-256, the backup is known as the region's.
    """

    policy: Policy | None
    kept: Sequence[tuple[str, str]] = ()
    end_logs: bool = False
    proof: Proof = field(default_factory=Proof)


@dataclass(slots=True)
class Outcome:
    """What was restored or tried, and what a person should know of it."""

    manifest: Manifest
    contents: Contents
    report: verifying.Report
    elsewhere: standing.Elsewhere
    pending: list[str]
    held: dict[str, int]
    ahead: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    unasked: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    refused: list[Stopped] = field(default_factory=list)
    missing: int = 0
    stays: Stopped | None = None  # all is done, but something of it does not go


# ---------------------------------------------------------------------- looking at it


def _pending(manifest: Manifest) -> list[str]:
    applied = {(app, name) for app, name in manifest.migrations}
    known = MigrationLoader(None).disk_migrations
    return sorted(f"{app}.{name}" for app, name in known if (app, name) not in applied)


def _examine(
    unpacked: Unpacked, wishes: Wishes, *, files: Landing, anchor: Anchor | None
) -> Outcome:
    """
    Verify the database that this process reads now, as the one that was backed up.

    :raises Stopped: with what is not as it was signed.
    """
    pending = _pending(unpacked.manifest)
    try:
        return _examined(unpacked, wishes, pending, files=files, anchor=anchor)
    except ValueError as error:  # a key or a note in it that is none
        raise Stopped("log-not-as-signed", error) from error
    except DatabaseError as error:
        if not pending:
            raise
        raise Stopped("release-newer", f"{pending[0]} and {len(pending) - 1} more") from error


def _examined(
    unpacked: Unpacked, wishes: Wishes, pending: list[str], *, files: Landing, anchor: Anchor | None
) -> Outcome:
    manifest = unpacked.manifest
    against = databases.sound()
    if against:
        raise Stopped("log-not-as-signed", against)
    policy = None if wishes.policy is None else keys.grown(wishes.policy)
    believed = keys.known([*keys.held(), *([] if policy is None else policy.logs)], backwards=True)
    held = standing.sizes()
    if strangers := [origin for origin in held if origin not in believed]:
        raise Stopped("log-key-unknown", ", ".join(strangers))
    elsewhere = _look(policy, believed, wishes, anchor)
    report = _verified(believed, elsewhere, held)
    said = {one.origin: (one.size, one.root) for one in manifest.logs}
    if said != {log.origin: (log.size, bytes(log.root).hex()) for log in trees.current()}:
        report.findings.append("its logs are not those that it was made of")
    outcome = Outcome(manifest, unpacked.contents, report, elsewhere, pending, held)
    outcome.ahead = standing.ahead(elsewhere, held)
    outcome.unknown = standing.unknown(elsewhere, policy, held)
    outcome.unasked = standing.unasked(elsewhere, policy, held)
    outcome.ended = standing.ended(held)
    outcome.told = standing.ahead(elsewhere, held, ours=False)
    outcome.refused = [
        Stopped(code, "; ".join(words))
        for code, words in (
            ("witnesses-ahead", outcome.ahead),
            ("witnesses-silent", outcome.unknown),
            ("witnesses-unasked", outcome.unasked),
        )
        if words
    ]
    outcome.missing = pieces.missing_in(files.has)
    closed = verifying.for_want_of_the_key if EVENTS in wishes.proof.lost else lambda _: False
    wrong = [words for words in report.findings if not closed(words)]
    if wrong:
        raise Stopped("log-not-as-signed", "; ".join(wrong))
    return outcome


def _look(
    policy: Policy | None, believed: dict[str, list[Key]], wishes: Wishes, anchor: Anchor | None
) -> standing.Elsewhere:
    try:
        return standing.look(policy, believed, kept=wishes.kept, anchor=anchor)
    except ValueError as error:
        raise Stopped("witnesses-unreadable", error) from error


def _verified(
    believed: dict[str, list[Key]], elsewhere: standing.Elsewhere, held: dict[str, int]
) -> verifying.Report:
    """Read the whole log again, with what others hold of it; who holds more is told apart."""
    kept = [
        verifying.Kept(one.checkpoint, one.who)
        for origin, seen in elsewhere.seen.items()
        for one in seen
        if one.checkpoint.size <= held.get(origin, -1)
    ]
    with tempfile.TemporaryDirectory(prefix="casehub-") as nowhere:
        return verifying.verify(
            connection,
            keys=believed,
            anchor=Anchor(Path(nowhere)),
            without_anchor=list(held),
            kept=kept,
        )


@contextmanager
def _told_all_the_same(told: Sequence[Outcome]) -> Iterator[None]:
    """Tell of what is done already that something stays, instead of that it is not done."""
    try:
        yield
    except Stopped as reason:
        if not told:
            raise
        told[0].stays = reason


# ---------------------------------------------------------------------- trying it


def rehearse(
    source: Source,
    found: envelope.Envelope,
    holders: Sequence[Holder],
    wishes: Wishes,
    within: Path,
) -> Outcome:
    """
    Restore into a place that is deleted afterwards, and verify it there.

    That others hold more does not stop it: of a region that goes on they do.

    :raises Stopped: if it is not whole, or not to be read here.
    """
    key, told = envelope.unseal(found, holders), list[Outcome]()
    with _told_all_the_same(told), scratch(within, "trying") as place, ExitStack() as held:
        database, files = place / "database", stores.Beside(place / "files", place)
        proof = wishes.proof
        unpacked = unpack(source, found, key, database=database, files=files, proof=proof)
        if databases.is_file():
            held.enter_context(databases.pointed_at(database))
        else:
            held.enter_context(databases.pointed_at(held.enter_context(databases.spare())))
            databases.fill(database)
        told.append(_examine(unpacked, wishes, files=files, anchor=None))
    outcome = told[0]
    try:
        _require_host(unpacked, wishes)
    except Stopped as reason:
        outcome.refused.append(reason)
    return outcome


def _require_host(unpacked: Unpacked, wishes: Wishes) -> None:
    origins = [one.origin for one in unpacked.manifest.logs]
    standing.require_host(origins, end_logs=wishes.end_logs)


# ---------------------------------------------------------------------- for good


def restore(
    source: Source, found: envelope.Envelope, holders: Sequence[Holder], wishes: Wishes
) -> Outcome:
    """
    Restore into the empty place that the settings name.

    :raises Stopped: with why nothing was.
    """
    key, place = envelope.unseal(found, holders), stores.here()
    told: list[Outcome] = []
    with _told_all_the_same(told), ExitStack() as held:
        anchor = held.enter_context(target.held_anchor())
        held.enter_context(target.no_server())
        target.require_empty()
        marked = held.enter_context(target.marked(anchor, place))
        files = held.enter_context(place.landing(marked))
        if databases.is_file():
            startup.private_folder(databases.file().parent)
            database = databases.file().with_name(f".{databases.file().name}.{marked.name[-8:]}")
            held.callback(databases.forget, database)
        else:
            database = marked / "database"
        proof = wishes.proof
        unpacked = unpack(source, found, key, database=database, files=files, proof=proof)
        _require_host(unpacked, wishes)
        told.append(_settle(unpacked, wishes, database=database, files=files, anchor=anchor))
        os.sync()
    return told[0]


def _settle(
    unpacked: Unpacked, wishes: Wishes, *, database: Path, files: Landing, anchor: Anchor
) -> Outcome:
    """Let everything stay, if it may; else take away again what has come."""
    with ExitStack() as undoing:
        if databases.is_file():
            with databases.pointed_at(database):
                outcome = _let_stay(unpacked, wishes, files=files, anchor=anchor)
        else:
            undoing.callback(_emptied)
            databases.fill(database)
            outcome = _let_stay(unpacked, wishes, files=files, anchor=anchor)
        files.settle(undoing)
        standing.remember(anchor, outcome.elsewhere)
        if databases.is_file():
            target.require_nothing_beside()
            undoing.callback(_file_gone, database)
            database.replace(databases.file())
        standing.end(anchor, outcome.held)  # for good: by what was restored, and nothing less
        undoing.pop_all()
    return outcome


def _file_gone(was: Path) -> None:
    if not was.exists():
        _emptied()


def _emptied() -> None:
    try:
        if databases.is_file():
            databases.forget(databases.file())
        else:
            databases.empty()
    except Exception as error:
        raise Stopped("half-restored", f"{settings.ATTACHMENTS}: {error}") from error


def _let_stay(unpacked: Unpacked, wishes: Wishes, *, files: Landing, anchor: Anchor) -> Outcome:
    outcome = _examine(unpacked, wishes, files=files, anchor=anchor)
    for reason in outcome.refused:
        raise reason
    databases.forget_sessions()
    return outcome
