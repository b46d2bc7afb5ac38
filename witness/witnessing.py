"""
The one decision of a witness: whether to cosign, and the state that makes it hold.

Both ways of being asked, `serve` and `poll`, come through here. The order of checks is the one of
C2SP tlog-witness, and so are the numbers of its answers.
"""

from __future__ import annotations

import hashlib
import sqlite3
from http import HTTPStatus

from audit.tlog.checkpoint import Checkpoint
from audit.tlog.errors import Malformed, Unproven
from audit.tlog.merkle import EMPTY_ROOT, verify_consistency
from audit.tlog.note import CosigningKey, Note, signed_note

from .errors import Behind, Refused
from .evidence import FORK, SUSPICION, Conflict, Evidence
from .files import Logs
from .offers import Offer
from .saying import say
from .state import Seen, State

# 2025-01-01: a clock before it was never set. A cosignature with its time would mislead.
EARLIEST = 1_735_689_600
# Seconds by which a clock may be put right: the time signed stands still meanwhile.
SLACK = 60


class Witness:
    """A key, the logs it watches, and what it has seen of them."""

    def __init__(self, key: CosigningKey, logs: Logs, state: State) -> None:
        self.key = key
        self._logs = logs
        self._state = state
        self._evidence = Evidence(state.folder / "evidence")
        self._said = ""

    def last(self, origin: str) -> Seen | None:
        """Return what was cosigned last of a log."""
        return self._state.last(origin)

    def origins(self) -> list[str]:
        """Return the logs of which something was cosigned."""
        return self._state.origins()

    def monitored(self, name: str) -> str | None:
        """Return the last cosigned checkpoint of the log whose origin hashes to `name` (hex)."""
        for origin in self._state.origins():
            if hashlib.sha256(origin.encode()).hexdigest() == name:
                seen = self._state.last(origin)
                return None if seen is None else seen.whole()
        return None

    def add(self, body: str, now: int) -> str:
        """
        Answer a request to add a checkpoint: return the signature line.

        :raises Refused: as `cosign`, and for a body that is none.
        """
        try:
            offer = Offer.parse(body)
        except Malformed as error:
            raise Refused(400, f"malformed: {error}") from error
        return self.cosign(offer, now).cosignature

    def opened(self, note: Note, checkpoint: Checkpoint, now: int) -> str:
        """
        Return a checkpoint's note with its log's own signatures, all of which hold.

        :raises Refused: if its log is not watched here, or did not sign it.
        """
        keys = self._logs.keys(checkpoint.origin, now)
        if not keys:
            raise Refused(404, f"{checkpoint.origin} is not watched here")
        try:
            signers = {one.key for one in note.signatures(keys)}
        except Unproven as error:
            raise Refused(403, f"not signed by {checkpoint.origin}: {error}") from error
        known = {(key.name, key.id) for key in signers}
        lines: dict[tuple[str, bytes], str] = {}
        for line in note.lines:
            if (line.name, line.id) in known:  # the first of two is the one that was checked
                lines.setdefault((line.name, line.id), str(line))
        return signed_note(note.text, list(lines.values()))

    def cosign(self, offer: Offer, now: int) -> Seen:
        """
        Store and sign a checkpoint that extends what was signed before.

        :raises Refused: if it does not, or if nothing can be signed at present.
        """
        note = self.opened(offer.note, offer.checkpoint, now)
        before: Seen | None = None

        def step(seen: Seen | None) -> Seen:
            nonlocal before
            before = seen
            _check(offer, seen)
            time = _time(seen, now)
            line = self.key.sign(offer.note.text, time)
            return Seen(offer.checkpoint.size, offer.checkpoint.root, note, line, time)

        origin = offer.checkpoint.origin
        try:
            after = self._state.move(origin, step)
        except sqlite3.Error as error:
            self._say_once(f"the state cannot be written, nothing is signed: {error}")
            raise Refused(500, "the state cannot be written") from error
        except Refused as error:
            if error.conflict:
                self._keep(offer, note, before, error.conflict, str(error), now)
            if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:  # our trouble, not the offer's
                self._say_once(str(error))
            raise
        self._said = ""
        if before is None:
            say(f"{origin}: first seen, at size {after.size}; from here on it can only grow")
        return after

    def report_fork(self, offer: Offer, why: str, now: int) -> None:
        """
        Keep a checkpoint whose whole tree was seen not to extend what was cosigned.

        :raises Refused: if its log did not sign it.
        """
        note = self.opened(offer.note, offer.checkpoint, now)
        self._keep(offer, note, self.last(offer.checkpoint.origin), FORK, why, now)

    def _keep(
        self, offer: Offer, note: str, seen: Seen | None, kind: str, why: str, now: int
    ) -> None:
        cosigned = "" if seen is None else seen.whole()
        self._evidence.keep(Conflict(kind, why, offer.checkpoint, note, cosigned, str(offer), now))

    def _say_once(self, line: str) -> None:
        if line != self._said:
            self._said = line
            say(line)


def _check(offer: Offer, seen: Seen | None) -> None:
    """
    Check that an offer extends what was seen.

    :raises Refused: if it does not.
    """
    shown = offer.checkpoint
    size, root = (0, EMPTY_ROOT) if seen is None else (seen.size, seen.root)
    other = seen is not None and shown.size == size and shown.root != root
    if offer.old != size:
        raise Behind(size, conflict=FORK if other else "")
    if shown.size == 0 and shown.root != EMPTY_ROOT:
        raise Refused(422, "an empty tree has another root", conflict=FORK)
    if other:
        raise Refused(422, f"size {size} was cosigned with another root", conflict=FORK)
    if size in (0, shown.size):
        if offer.proof:
            raise Refused(422, f"from {size} to {shown.size} there is nothing to prove")
        return
    try:
        verify_consistency(size, shown.size, offer.proof, root, shown.root)
    except Unproven as error:
        why = f"not shown to extend size {size}: {error}"
        raise Refused(422, why, conflict=SUSPICION) from error


def _time(seen: Seen | None, now: int) -> int:
    """
    Return the time to sign: never before the one that was signed last.

    :raises Refused: if the clock is wrong.
    """
    if now < EARLIEST:
        raise Refused(503, "the clock of this witness is not set, nothing is signed")
    if seen is None or now >= seen.time:
        return now
    if seen.time - now > SLACK:
        behind = seen.time - now
        raise Refused(503, f"the clock is {behind} s behind what was signed, nothing is signed")
    return seen.time
