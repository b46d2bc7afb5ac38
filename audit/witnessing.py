"""
Asking the witnesses: what the log has signed is published once enough of them have cosigned it.

One thread beside the sequencer. Answers come when they come: a slow witness holds up nobody but
itself, and is not asked again before it has answered. Whatever a witness says against the log is
looked into: only a note that our own key has signed, and that our tree contradicts, stops signing.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

from django.db import close_old_connections, connections

from . import services, witnesses
from .models import Log, Submission
from .queries import integrity, keys, trees
from .services import Heard
from .tlog import witness
from .tlog.checkpoint import Checkpoint
from .tlog.merkle import consistency_path, root
from .tlog.policy import Policy
from .witnesses import Answer, Silent, Witness

log = logging.getLogger("casehub.audit")
EVERY = 0.1  # seconds between looks
LONGEST = timedelta(seconds=60)  # between two tries of a witness that is in trouble


@dataclass(slots=True)
class _Line:
    """One witness and one log: from which size it goes on, and when it is asked."""

    old: int = 0
    asked: Future[Answer] | None = None
    about: Submission | None = None  # what it was asked about
    tries: int = 0
    not_before: datetime = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Witnessing:
    """
    Brings notes to the witnesses of a policy and their lines back.

    `clock` reads the time; `writer` lets nobody else write on SQLite. `passing` is told the name of
    every step before it is taken.
    """

    policy: Policy
    clock: Callable[[], datetime]
    writer: Callable[[], AbstractContextManager[Any]] = nullcontext
    passing: Callable[[str], None] = lambda _: None
    _lines: dict[tuple[int, str], _Line] = field(default_factory=dict)
    _pool: ThreadPoolExecutor | None = None

    # ------------------------------------------------------------------ one round

    def round(self) -> int:
        """Ask whom there is to ask, take the answers; return how many notes were published."""
        published = 0
        policy = keys.grown(self.policy)
        for one in Log.objects.filter(origin__in=[key.name for key in policy.logs]):
            signed, done = trees.signed_size(one), trees.published_size(one)
            if not signed or (one.closed and done == one.size):
                continue
            self.passing("submit")
            with self.writer():
                submission = services.submit(log=one.id, now=self.clock())
            if submission is not None:
                self._ask(one, submission)
                published += self._publish(one, submission, policy)
        return published

    def _ask(self, one: Log, submission: Submission) -> None:
        answered = integrity.answered(submission)
        for each in witnesses.of(self.policy):
            line = self._lines.setdefault((one.id, each.name), _Line())
            if each.url is None or each.name in answered or line.asked is not None:
                continue
            # A pause that is longer was reckoned by a clock that stood ahead, and is put right now.
            paused = timedelta() < line.not_before - self.clock() <= LONGEST
            if paused or line.old > submission.size:
                continue
            path = consistency_path(line.old, submission.size, trees.node_of(one))
            body = witness.request(line.old, path, submission.note)
            self.passing("ask")
            line.about, line.asked = submission, self._workers().submit(each.add, body)

    def _workers(self) -> ThreadPoolExecutor:
        if self._pool is None:
            self._pool = ThreadPoolExecutor(
                max(2 * len(self.policy.witnesses), 2), thread_name_prefix="witness"
            )
        return self._pool

    def _publish(self, one: Log, submission: Submission, policy: Policy) -> bool:
        heard = self._heard(one, submission)
        if heard:
            self.passing("hear")
            with self.writer():
                services.hear(submission=submission, heard=heard, now=self.clock())
        asked = [self._lines[one.id, each.name] for each in witnesses.of(self.policy)]
        # A moment of grace for those who are about to answer: more lines prove more.
        if any(line.asked for line in asked) and self.clock() - submission.at < services.GRACE:
            return False
        self.passing("publish")
        with self.writer():
            done = services.publish_cosigned(submission=submission, policy=policy, now=self.clock())
        self.passing("published")
        return done

    def _heard(self, one: Log, submission: Submission) -> dict[str, Heard]:
        heard = {}
        for each in witnesses.of(self.policy):
            line = self._lines[one.id, each.name]
            if line.asked is None or line.about is None or not line.asked.done():
                continue
            asked, line.asked = line.asked, None
            try:
                said = self._judge(one, line.about, each, line, asked.result())
            except Silent:
                said = Heard(trouble="silent")
            except witness.WrongClock:
                said = Heard(trouble="clock")
            except ValueError:
                said = Heard(trouble="nonsense")
            if said is None:
                continue
            line.tries = line.tries + 1 if said.trouble else 0
            pause = timedelta(seconds=min(2 ** min(line.tries, 8) / 2, LONGEST.total_seconds()))
            line.not_before = self.clock() + (pause if said.trouble else timedelta())
            if line.about.id == submission.id or said.trouble:
                heard[each.name] = said
        return heard

    # ------------------------------------------------------------------ what an answer means

    def _judge(
        self, one: Log, about: Submission, each: Witness, line: _Line, answer: Answer
    ) -> Heard | None:
        """Say what an answer is worth; None if the witness is to be asked once more at once."""
        if answer.status == HTTPStatus.OK:
            line.old = about.size
            text = witness.text_of(about.note)
            own = witness.line_of(text, answer.body, each.key, now=self.clock())
            return Heard(line=own) if own is not None else Heard(trouble="nonsense")
        if answer.status == HTTPStatus.CONFLICT and answer.kind == witness.SIZE:
            size = witness.size_in(answer.body)
            if size <= about.size and size != line.old:
                line.old = size
                return None
        if answer.status in {HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY}:
            return Heard(trouble=self._look_into(one, about, each, line))
        unknown = answer.status in {HTTPStatus.NOT_FOUND, HTTPStatus.FORBIDDEN}
        return Heard(trouble="unknown-log" if unknown else "refused")

    def _look_into(self, one: Log, submission: Submission, each: Witness, line: _Line) -> str:
        """Ask a witness that will not follow us what it holds, and compare that with the tree."""
        found = each.head(keys.ever(one))
        if found is None:
            line.old = 0
            return "refused"
        theirs, held = found
        if not self._contradicts(one, held):
            line.old = held.size
            return "refused"
        with self.writer():
            services.dispute(
                log=one.id, witness=each.name, theirs=theirs, ours=submission.note, now=self.clock()
            )
        log.critical(
            "%s holds a checkpoint of %s that this log has signed and does not contain",
            each.name,
            one.origin,
        )
        return "disputes"

    @staticmethod
    def _contradicts(one: Log, held: Checkpoint) -> bool:
        signed = trees.signed_size(one)
        return held.size > signed or held.root != root(held.size, trees.node_of(one))

    # ------------------------------------------------------------------ for as long as it is wanted

    def run(self, stop: threading.Event) -> None:
        """Work until `stop`."""
        pause = EVERY
        while not stop.wait(pause):
            try:
                self.round()
                pause = EVERY
            except Exception:  # a lost database, say, must not end the server
                pause = min(LONGEST.total_seconds(), max(1.0, pause * 2))
                log.exception("the witnesses could not be asked")
                close_old_connections()
        self.close()

    def start(self, stop: threading.Event) -> threading.Thread:
        """Work in a thread of its own until `stop`."""
        thread = threading.Thread(target=self.run, args=[stop], name="witnessing", daemon=True)
        thread.start()
        return thread

    def close(self) -> None:
        """Wait for nobody; let go of threads and connections."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None
        connections.close_all()
