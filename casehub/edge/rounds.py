"""
The round of the clock, in every process of the web, whether or not anybody is connected.

A thread of its own: it waits for no socket and holds up none. Of several processes on one database
one goes round a minute, by a row that says when the last did; what a round finds to do is bounded,
and the rest is the next one's. A round that fails is logged, and the next one comes all the same.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from django.db import connection

from casehub.accounts import services as accounts
from casehub.cases import sweeping as cases
from casehub.core import metrics, traces
from casehub.core.rates import refusals
from casehub.core.run import one_writer
from casehub.designations import services as designations
from casehub.designations import sweeping
from casehub.designations.queries.rounds import leapt_at
from casehub.digests import sweeping as digests
from casehub.directory import services as directory
from messaging import sweeping as attachments
from requests_mla import sweeping as requests

log = logging.getLogger("casehub.rounds")
EVERY = 60.0  # seconds
GOING_SECONDS = 5  # that a stopping process waits for a round to end


def go_round(now: datetime) -> bool:
    """
    Do what is due, unless another process has done so within the minute; say whether it was ours.

    The counts of refusals are each process's own, and are written down in any case. With a clock
    that leapt no term ends and nothing is destroyed for a day.
    """
    refusals.flush(now)
    with one_writer():
        ours = designations.take_turn(now=now)
    if not ours:
        return False
    with one_writer():
        accounts.end_expired_sessions(now=now)
        directory.lift_unconfirmed(now=now)
    if _believed(now):
        sweeping.sweep(now)
        cases.sweep(now)
        attachments.sweep(now)  # after the cases: with their files' pieces
        requests.sweep_files(now)
    requests.sweep(now)
    digests.sweep(now)  # the last: it waits for a mail server
    return True


def _believed(now: datetime) -> bool:
    """Say whether what cannot be taken back may be done by this clock, and once why not."""
    leapt = leapt_at(now)
    if leapt == now:
        log.error(
            "the clock stands more than a day from where the last round read it: no term ends and"
            " nothing is destroyed for a day. Look at this machine's clock, unless nothing ran here"
            " for so long"
        )
    return leapt is None


class Rounds:
    """The thread that goes round, from a moment after the start until it is stopped."""

    def __init__(self, clock: Callable[[], datetime], *, every: float = EVERY) -> None:
        self._clock, self._every = clock, every
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="rounds", daemon=True)

    def start(self) -> None:
        """Begin; the first round comes at once."""
        self._thread.start()

    def lives(self) -> bool:
        """Return whether it still goes round."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """End after the round that runs now, if it ends soon."""
        self._stop.set()
        self._thread.join(GOING_SECONDS)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                with traces.span("round"):
                    ours = go_round(self._clock())
                metrics.rounds.labels(metrics.DONE if ours else "another's").inc()
            except Exception:  # a lost database, a full disk: the next round may find it well
                metrics.rounds.labels(metrics.FAILED).inc()
                log.exception("a round was not finished")
            finally:
                connection.close()
            self._stop.wait(self._every)
