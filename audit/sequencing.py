"""
The one sequencer: integrate, read again, move the anchor, sign, let out. In this order.

1. `integrate` gives waiting events their places, in one transaction.
2. Over another connection the new entries and tiles are read again and hashed again, on top of a
   tree that this process has verified and that can only grow: what it signs extends what it has
   signed.
3. The anchor, outside the database, moves to the new checkpoint: a compare-and-swap, on disk.
4. Only then does the signature leave this process.

An error in 2 to 4 takes away the verified tree, and with it the ability to sign: only `load`,
which reads everything again, gives it back. There is no other way to a signature.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import (
    IntegrityError,
    OperationalError,
    close_old_connections,
    connection,
    connections,
)
from django.db.backends.base.base import BaseDatabaseWrapper

from . import keyring, services, witnesses
from .anchor import Anchor, AnchorHeld, AnchorMoved
from .models import Log
from .queries import integrity, keys, rereading, trees
from .tlog.checkpoint import Checkpoint
from .tlog.errors import Unproven
from .tlog.merkle import Frontier
from .tlog.note import Key, Note, SigningKey
from .tlog.policy import Policy

log = logging.getLogger("casehub.audit")
EVERY = 0.2  # seconds between looks at the outbox
LONGEST_PAUSE = 30.0  # seconds between attempts to load what cannot be trusted
# The lock in PostgreSQL that makes a second sequencer impossible: "caselog" in ASCII.
LOCK = 0x636173656C6F67
_HELD = "55P03"  # PostgreSQL's name for a lock that did not come in time


class Untrustworthy(Exception):
    """The log is not what was signed: nothing may be signed on it."""


class AlreadyRunning(Exception):
    """Another sequencer works on this database."""


# What a person has to put right; each says how in its words. The server's log repeats them, so they
# name no path and nothing of what was sent.
CANNOT_SIGN = (Untrustworthy, Unproven, AlreadyRunning, AnchorHeld, AnchorMoved, keyring.NoKey)


@dataclass(slots=True)
class _Open:
    """
    A log that this process signs: its verified tree, and what it signed last.

    `late`: what it signed last was anchored, and then came a crash before it was let out.
    """

    id: int
    name: str
    origin: str
    tree: Frontier
    signed: int
    anchored: str | None
    late: bool = False


class Sequencer:
    """
    Works in one thread. `clock` reads the time; `writer` lets nobody else write on SQLite.

    `passing` is told the name of every step before it is taken. With a `policy` what is signed goes
    to its witnesses (witnessing.py) and is published by them; without one it is published at once.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], datetime],
        anchor: Anchor | None = None,
        writer: Callable[[], AbstractContextManager[Any]] = nullcontext,
        passing: Callable[[str], None] = lambda _: None,
        policy: Policy | None = None,
    ) -> None:
        self._clock = clock
        self._anchor = anchor or Anchor(settings.ANCHOR)
        self._writer = writer
        self._passing = passing
        self._policy = policy
        self._second: BaseDatabaseWrapper | None = None
        self._open: dict[str, _Open] | None = None
        self._private: dict[Key, SigningKey] = {}

    # ------------------------------------------------------------------ trust

    def load(self) -> None:
        """
        Read every open log from its first entry, and compare it with what was signed.

        :raises Untrustworthy: with all that is wrong.
        :raises AlreadyRunning: if another sequencer works here.
        :raises AnchorHeld: if another process signs with this anchor.
        :raises NoKey: if a signing key is missing.
        """
        self._open = None
        self._anchor.hold()
        if self._anchor.unfinished.exists():
            raise Untrustworthy(
                "a restore into this database was not finished: its mark lies in CASEHUB_ANCHOR. "
                'Nothing is signed on it (docs/backups.md, "Killed in the middle")'
            )
        self._connect()
        year = self._clock().year
        names = keys.origins(year)
        # Last year's acts, or a log that another takes over from, until that one is begun: `tick`
        # does that, so that a server starts on a full disk.
        for name, origin in list(names.items()):
            for last in Log.objects.filter(name=name).order_by("-id")[:1]:
                same_host = last.origin.partition("/")[0] == origin.partition("/")[0]
                ended = last.closed and trees.signed_size(last) == last.size
                begun = Log.objects.filter(origin=origin).exists()
                if same_host and not (ended and begun):
                    names[name] = last.origin
        opened = {name: self._load(name, origin) for name, origin in names.items()}
        self._open = opened

    def _connect(self) -> None:
        """Open the second connection; on PostgreSQL it holds the lock while it lives."""
        if self._second is not None and self._second.is_usable():
            return
        self._disconnect()
        self._second = connection.copy()
        self._second.settings_dict["OPTIONS"].pop("pool", None)  # a pool would keep the lock
        if self._second.vendor != "postgresql":
            self._second.ensure_connection()
            return
        try:
            # The server may need a moment to notice that the one before was killed.
            with self._second.cursor() as cursor:
                cursor.execute("SET lock_timeout = '3s'")
                cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        except OperationalError as error:
            self._disconnect()
            if getattr(error.__cause__, "sqlstate", None) != _HELD:
                raise  # the database is away, and nobody else works on it
            raise AlreadyRunning("another sequencer works on this database") from error

    def _disconnect(self) -> None:
        if self._second is not None:
            self._second.close()
            self._second = None

    def _load(self, name: str, origin: str) -> _Open:
        assert self._second is not None  # noqa: S101 - `load` has connected
        held = Log.objects.filter(origin=origin).first()
        key = self._first_key(origin, held)
        if self._anchor.has_ended(origin):
            raise Untrustworthy(
                f"{origin}: this log was ended by a restore, and is never signed again: choose "
                "another CASEHUB_LOG_HOST (docs/backups.md)"
            )
        anchored = self._anchor.read(origin)
        if anchored is not None and held is None:
            size = trees.checkpoint_of(anchored).size
            raise Untrustworthy(_rolled_back(origin, size, 0))
        with self._writer():
            found = services.open_log(name=name, origin=origin, key=key, now=self._clock())
        published = trees.newest_signed(found)
        ever = [key, *_given(found)[1:]]
        claims = self._claims(origin, ever, anchored, published)
        if (found.name, found.vkey) != (name, str(key)):
            raise Untrustworthy(f"{origin}: it was opened as another log, or for another key")
        self._signers(found)
        ahead = trees.checkpoint_of(anchored).size if anchored else 0
        if ahead > found.size:
            raise Untrustworthy(_rolled_back(origin, ahead, found.size))
        for name_, seen in witnesses.heads(self._policy, ever):
            if seen.size > found.size:
                raise Untrustworthy(_rolled_back(origin, seen.size, found.size, name_))
            claims.setdefault(seen.size, []).append((seen.root, f"the witness {name_}"))
        check = rereading.Rereading(self._second, found.id, claims=claims).run()
        if check.findings:
            raise Untrustworthy(f"{origin}: {'; '.join(check.findings)}")
        if published and (not anchored or trees.checkpoint_of(published).size > ahead):
            raise Untrustworthy(
                f"{origin}: the anchor is older than what was let out, or gone. Put the right one "
                "back; docs/operations.md says what to do if it is lost"
            )
        # Let out by `tick`: on a full disk a server starts that only reads.
        late = anchored not in {None, published}
        return _Open(found.id, name, origin, check.tree, ahead, anchored, late)

    @staticmethod
    def _first_key(origin: str, held: Log | None) -> Key:
        """Return the key that an origin is opened for; given up since, it may be here no more."""
        given = [] if held is None else _given(held)
        if len(given) > 1 and not keyring.has_key_file(origin):
            return given[0]
        key, said = keyring.signing_key(origin).public, keys.announced(origin)
        if said not in {None, key}:
            raise Untrustworthy(f"{origin}: it was announced under another key than the one here")
        return key

    def _signers(self, log: Log) -> list[SigningKey]:
        """Return the keys that sign a log now; read once, for a key file does not change."""
        _given(log)
        wanted = keys.signing(log, self._clock())
        self._private = {
            **self._private,
            **{key: keyring.key_of(key) for key in wanted if key not in self._private},
        }
        return [self._private[key] for key in wanted]

    @staticmethod
    def _claims(
        origin: str, ever: Sequence[Key], *notes: str | None
    ) -> dict[int, list[tuple[bytes, str]]]:
        claims: dict[int, list[tuple[bytes, str]]] = {}
        for note, who in zip(notes, ("the anchor", "the newest checkpoint"), strict=True):
            if note is None:
                continue
            try:
                Note.parse(note).signatures(ever)
            except ValueError as error:
                raise Untrustworthy(f"{origin}: {who} is not signed by its key") from error
            checkpoint = trees.checkpoint_of(note)
            if checkpoint.origin != origin:
                raise Untrustworthy(f"{origin}: {who} is of {checkpoint.origin}")
            claims.setdefault(checkpoint.size, []).append((checkpoint.root, who))
        return claims

    # ------------------------------------------------------------------ work

    def tick(self) -> int:
        """
        Do everything once; return how many events found their place.

        :raises Untrustworthy: if what is stored cannot be signed.
        """
        if self._open is None:
            self.load()
        opened = self._open
        assert opened is not None  # noqa: S101 - `load` returns only with it
        try:
            self._take_over(opened)
            taken = self._integrate(opened)
            for one in opened.values():
                self._sign(one)
        except BaseException:
            self._open = None
            raise
        return taken

    def _integrate(self, opened: dict[str, _Open]) -> int:
        if not services.anything_waits():
            return 0
        self._passing("integrate")
        grown = {one.id: one.tree for one in opened.values()}
        try:
            with self._writer():
                taken = services.integrate(trees=grown, passing=self._passing)
        except IntegrityError as error:
            raise Untrustworthy(
                "a row stands where the next entry or tile belongs, or an event waits that has an "
                "entry. `manage.py audit status` counts such rows; see docs/operations.md"
            ) from error
        self._passing("integrated")
        return taken

    def _sign(self, one: _Open) -> None:
        assert self._second is not None  # noqa: S101 - kept since `load`
        if one.late and one.anchored:
            self._passing("let out late")
            with self._writer():
                self._let_out(one.id, one.signed, one.anchored)
            one.late = False
        _, size, root = rereading.head(self._second, one.id)
        if size == one.signed:
            return
        if integrity.disputed(one.id, self._policy):
            raise Untrustworthy(
                f"{one.origin}: a witness holds a checkpoint that this log signed and does not "
                "contain. `manage.py audit disputes` prints both; docs/operations.md says what then"
            )
        check = rereading.Rereading(self._second, one.id, tree=one.tree.copy()).run()
        if check.findings:
            raise Untrustworthy(f"{one.origin}: {'; '.join(check.findings)}")
        self._passing("read again")
        signers = self._signers(Log.objects.get(id=one.id))
        checkpoint = Checkpoint(one.origin, size, root)
        note = checkpoint.signed(*signers)
        # What leaves is what was checked: a fault of memory in between would show here.
        if trees.checkpoint_of(note) != Checkpoint(one.origin, check.tree.size, check.tree.root()):
            raise Untrustworthy(f"{one.origin}: what was signed is not what was read")
        if len(Note.parse(note).signatures([key.public for key in signers])) != len(signers):
            raise Untrustworthy(f"{one.origin}: not each of its keys has signed")
        self._anchor.swap(one.origin, one.anchored, note, self._passing)
        self._passing("anchored")
        with self._writer():
            self._let_out(one.id, size, note)
        self._passing("let out")
        one.tree, one.signed, one.anchored = check.tree, size, note

    def _let_out(self, log: int, size: int, note: str) -> None:
        witnessed = self._policy is not None
        services.publish(log=log, size=size, note=note, now=self._clock(), witnessed=witnessed)

    def _take_over(self, opened: dict[str, _Open]) -> None:
        """
        Close last year's acts once they are signed to their end, and begin this year's.

        So with a log whose key is trusted no more: it signs its end, which the witnesses date.
        """
        now = self._clock()
        for name, origin in keys.origins(now.year).items():
            one = opened[name]
            if one.origin == origin or _year(one.origin) > _year(origin):
                continue  # the same, or a clock that was put back
            closed = Log.objects.get(id=one.id).closed
            if not closed and not keyring.has_signing_key(origin):
                continue
            keyring.signing_key(origin)  # to a closed log nothing is added: say so
            if not closed:
                self._passing("close")
                with self._writer():
                    services.close_log(log=one.id, tree=one.tree, now=now)
                self._passing("closed")
            self._sign(one)
            self._passing("open")
            opened[name] = self._load(name, origin)

    # ------------------------------------------------------------------ for as long as it is wanted

    def run(self, stop: threading.Event) -> None:
        """Work until `stop`, and once more then, so that nothing recorded before it waits."""
        pause, said = EVERY, ""
        while not stop.wait(pause):
            try:
                self.tick()
                pause, said = EVERY, ""
            except CANNOT_SIGN as reason:
                pause = min(LONGEST_PAUSE, max(1.0, pause * 2))
                if str(reason) != said:
                    said = str(reason)
                    log.critical("the log is not being signed: %s", said)
            except Exception:  # a lost database, say, must not end the server
                pause = min(LONGEST_PAUSE, max(1.0, pause * 2))
                log.exception("the sequencer stumbled")
                close_old_connections()
        try:
            self.tick()
        except Exception:
            log.exception("the log was not signed to its end")
        self.close()
        connections.close_all()  # this thread's own

    def close(self) -> None:
        """Let go of connections, lock and anchor."""
        self._open = None
        self._disconnect()
        self._anchor.release()


def _year(origin: str) -> str:
    """Return the year in an origin of acts; the directory has none."""
    return origin.partition("/")[2].partition("-")[0] if origin.startswith("audit.") else ""


def _given(log: Log) -> list[Key]:
    try:
        return keys.ever(log)
    except ValueError as error:
        raise Untrustworthy(f"{log.origin}: its keys are not what they were: {error}") from error


def _rolled_back(origin: str, signed: int, held: int, who: str = "") -> str:
    seen = f"{who} has cosigned {signed} entries" if who else f"{signed} entries were signed"
    return (
        f"{origin}: this database was rolled back. {seen}, it holds {held}: "
        "it may have been restored from a backup. Nothing is signed on it (docs/operations.md)"
    )
